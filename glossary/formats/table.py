"""The termbase as a table that a person keeps in a spreadsheet: CSV or TSV, one term a row.

Columns are described in docs/glossary.md. Commas, tabs and semicolons are recognised, a byte order mark is
allowed, text is brought to NFC. Cells that a spreadsheet would run as a formula and characters that hide or
reorder text are refused (CSV injection; Unicode TR36, bidirectional text spoofing).
"""

from __future__ import annotations

import csv
import difflib
import io
import re
from collections.abc import Callable, Iterator, Sequence

from corpora.errors import UsageError
from corpora.languages import TARGETS
from corpora.text import nfc
from glossary.formats.losses import Written
from glossary.terms import KEEP, TYPES, Target, Term

COLUMNS = (
    "id en aliases type gender number case "
    + " ".join(TARGETS)
    + " "
    + " ".join(f"forbidden_{lang}" for lang in TARGETS)
    + " "
    + " ".join(f"head_{lang}" for lang in TARGETS)
    + " irregular context source status note"
).split()

_CHOICES = {
    "type": ("", *TYPES),
    "gender": ("", "m", "f"),
    "number": ("", "sg", "pl"),
    "case": ("", "inflect", "invariable"),
    "status": ("", "draft", "reviewed"),
}
_HIDDEN = re.compile(
    "[\u200b\u200e\u200f\u061c\u202a-\u202e\u2060-\u2069\ufeff\u00ad\u0000-\u0008\u000b-\u001f\u007f-\u009f]"
)
_FORMULA = re.compile(r"[=+\-@\t\r]")

_SYNONYMS = {"org": "organisation", "organization": "organisation"}

Cells = dict[str, str]


def read(data: bytes, place: str) -> tuple[list[Term], list[UsageError]]:
    """Read a table of terms; return the good rows and every fault, each with file and line."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return [], [UsageError("not UTF-8", place=f"{place}:{line}", fix="Save the file as CSV UTF-8")]
    rows = _rows(text)
    faults: list[UsageError] = []
    terms: list[Term] = []
    header: list[str] | None = None
    while True:
        try:
            line, cells = next(rows)
        except StopIteration:
            break
        except csv.Error as error:
            faults.append(
                UsageError(f"broken quoting: {error}", place=place, fix="Close every quotation mark")
            )
            break
        where = f"{place}:{line}"
        if header is None:
            header, wrong = _header(cells, where)
            if wrong:
                return [], wrong
        elif any(cell.strip() for cell in cells):
            term, wrong = _term(header, cells, where)
            faults += wrong
            terms += [term] if term else []
    if header is None:
        faults.append(UsageError("the glossary is empty", place=place, fix="Begin with a header row"))
    return terms, faults


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    head = text.partition("\n")[0]
    delimiter = max("\t,;", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    for row in reader:
        yield line, row
        line = reader.line_num + 1


def _header(cells: list[str], place: str) -> tuple[list[str], list[UsageError]]:
    names = [cell.strip().lower() for cell in cells]
    while names and not names[-1]:
        names.pop()
    faults = [_unknown_column(name, place) for name in names if name not in COLUMNS]
    doubled = sorted({name for name in names if names.count(name) > 1})
    faults += [UsageError(f"the column {name!r} stands twice", place=place) for name in doubled]
    if "en" not in names:
        faults.append(UsageError("no column 'en'", place=place, fix="The English lemma is required"))
    if not set(names) & set(TARGETS):
        faults.append(UsageError("no target column", place=place, fix=f"Add one of: {', '.join(TARGETS)}"))
    return names, faults


def _unknown_column(name: str, place: str) -> UsageError:
    near = difflib.get_close_matches(name, COLUMNS, 1)
    fix = f"Did you mean {near[0]!r}?" if near else f"Known columns: {', '.join(COLUMNS)}"
    return UsageError(f"unknown column {name!r}", place=place, fix=fix)


def _term(header: list[str], row: list[str], place: str) -> tuple[Term | None, list[UsageError]]:
    if any(cell.strip() for cell in row[len(header) :]):
        what = f"{len(row)} cells under {len(header)} columns"
        return None, [UsageError(what, place=place, fix="Quote cells that hold the separator")]
    return term_from(dict(zip(header, row, strict=False)), place)


def term_from(row: Cells, place: str) -> tuple[Term | None, list[UsageError]]:
    """Make a term from the cells of a row, by column; return None and every fault where it cannot be."""
    faults: list[UsageError] = []

    def fault(message: str, fix: str = "") -> None:
        faults.append(UsageError(message, place=place, fix=fix))

    cells = {name: nfc(cell).strip() for name, cell in row.items()}
    cells["type"] = _SYNONYMS.get(cells.get("type", ""), cells.get("type", ""))
    for name, cell in cells.items():
        _check_cell(name, cell, fault)
    if not cells.get("en"):
        fault("no English lemma", "Fill in the column 'en'")
    if not any(cells.get(lang) or cells.get(f"forbidden_{lang}") for lang in TARGETS):
        fault("no rendering in any language", f"Fill in one of: {', '.join(TARGETS)}")
    irregular = _irregular(cells.get("irregular", ""), fault)
    targets = tuple(_targets(cells, irregular, fault))
    if faults:
        return None, faults
    return _assemble(cells, targets, place), []


def _assemble(cells: Cells, targets: tuple[Target, ...], place: str) -> Term:
    from glossary.termbase import slug

    en = _spaced(cells["en"])
    aliases = tuple(name for name in dict.fromkeys(_parts(cells.get("aliases", ""))) if name != en)
    return Term(
        id=cells.get("id") or slug(en),
        en=en,
        aliases=aliases,
        type=cells.get("type", ""),
        gender=cells.get("gender", ""),
        number=cells.get("number") or "sg",
        invariable=cells.get("case") == "invariable",
        targets=targets,
        context=tuple(_parts(cells.get("context", ""))),
        source=cells.get("source", ""),
        status=cells.get("status") or "draft",
        note=cells.get("note", ""),
        place=place,
    )


def _check_cell(name: str, cell: str, fault: Callable[..., None]) -> None:
    hidden = _HIDDEN.search(cell)
    if hidden:
        code = f"U+{ord(hidden.group()):04X}"
        fault(f"the invisible character {code} in column {name!r}", "Delete it or type the cell anew")
    if len(cell) > 1 and _FORMULA.match(cell):
        fault(
            f"the cell in column {name!r} begins like a spreadsheet formula: {cell[:20]!r}", "Remove the sign"
        )
    choices = _CHOICES.get(name)
    if choices and cell not in choices:
        fault(f"{name} is {cell!r}", f"Use one of: {', '.join(filter(None, choices))}, or leave it empty")


def _targets(
    cells: Cells, irregular: dict[str, list[tuple[str, str]]], fault: Callable[..., None]
) -> Iterator[Target]:
    for lang in TARGETS:
        parts = _parts(cells.get(lang, ""))
        forbidden = tuple(dict.fromkeys(_parts(cells.get(f"forbidden_{lang}", ""))))
        keep = KEEP in parts
        if keep and len(parts) > 1:
            fault(f"{KEEP} stands beside other renderings in column {lang!r}", "Write one or the other")
        both = [text for text in forbidden if text in parts]
        if both:
            fault(f"{both[0]!r} is both a rendering and forbidden in {lang!r}", "Remove it from one column")
        head = _head(cells.get(f"head_{lang}", ""), parts, lang, fault)
        forms = tuple(irregular.pop(lang, ()))
        if forms and (keep or not parts):
            fault(
                f"irregular forms for {lang!r}, which has no rendering",
                "Add the rendering or remove the forms",
            )
        if parts or forbidden:
            yield Target(lang, () if keep else tuple(dict.fromkeys(parts)), keep, forbidden, head, forms)
    for lang in irregular:
        fault(f"irregular forms for the unknown language {lang!r}", f"Use one of: {', '.join(TARGETS)}")


def _head(cell: str, parts: list[str], lang: str, fault: Callable[..., None]) -> int | None:
    if not cell:
        return None
    words = len(parts[0].split()) if parts else 0
    if not cell.isdecimal() or int(cell) >= words:
        fault(
            f"head_{lang} is {cell!r}, but the rendering has {words} words",
            "Count the words from 0, or leave it empty",
        )
        return None
    return int(cell)


def _irregular(cell: str, fault: Callable[..., None]) -> dict[str, list[tuple[str, str]]]:
    """Read `ru:gen=…|kk:dat=…`."""
    found: dict[str, list[tuple[str, str]]] = {}
    for part in _parts(cell):
        match = re.fullmatch(r"(\w+):([\w.]+)=(.+)", part)
        if match:
            found.setdefault(match[1], []).append((match[2], match[3].strip()))
        else:
            fault(
                f"the irregular form {part!r} cannot be read",
                "Write language:features=form, as in ru:gen=Льва",
            )
    return found


def _parts(cell: str) -> list[str]:
    return [part for part in map(_spaced, cell.split("|")) if part]


def _spaced(text: str) -> str:
    return " ".join(text.split())


def write(terms: Sequence[Term], lang: str = "", *, delimiter: str = ",") -> Written:
    """Write all fields of all terms as a table, CSV by default; columns that no term uses are left out."""
    rows = [_row(term) for term in terms]
    always = {"id", "en", "type"}
    columns = [name for name in COLUMNS if name in always or any(row.get(name) for row in rows)]
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([row.get(name, "") for name in columns] for row in rows)
    return Written(out.getvalue().encode())


def _row(term: Term) -> Cells:
    cells = {
        "id": term.id,
        "en": term.en,
        "aliases": "|".join(term.aliases),
        "type": term.type,
        "gender": term.gender,
        "number": "" if term.number == "sg" else term.number,
        "case": "invariable" if term.invariable else "",
        "context": "|".join(term.context),
        "source": term.source,
        "status": "" if term.status == "draft" else term.status,
        "note": term.note,
    }
    irregular = []
    for target in term.targets:
        cells[target.lang] = KEEP if target.keep else "|".join(target.renderings)
        cells[f"forbidden_{target.lang}"] = "|".join(target.forbidden)
        cells[f"head_{target.lang}"] = "" if target.head is None else str(target.head)
        irregular += [f"{target.lang}:{features}={form}" for features, form in target.irregular]
    cells["irregular"] = "|".join(irregular)
    return cells
