"""The termbase as a table that a person keeps in a spreadsheet: CSV or TSV, one term a row.

Columns are described in docs/glossary.md, how the file itself may be written in `sheet`. Cells that a
spreadsheet would run as a formula and characters that hide or reorder text are refused (CSV injection;
Unicode TR36, bidirectional text spoofing).
"""

from __future__ import annotations

import csv
import difflib
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from corpora.errors import UsageError
from corpora.languages import LANGUAGES, TARGETS
from corpora.text import nfc
from glossary.formats import sheet
from glossary.formats.losses import Written
from glossary.inflection import FEATURES
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
HIDDEN = re.compile(
    "[\u200b\u200e\u200f\u061c\u202a-\u202e\u2060-\u2069\ufeff\u00ad\u0000-\u0008\u000b-\u001f\u007f-\u009f]"
)
_FORMULA = re.compile("[=+\\-@\uff1d\uff0b\uff0d\uff20]")
# what people write into a cell that has nothing to say
_PLACEHOLDER = re.compile("[-\u2010-\u2015\u2212_?.\u2026/*~ ]+")
_PROSE = ("source", "note")

_SYNONYMS = {"org": "organisation", "organization": "organisation"}

Cells = dict[str, str]


def read(data: bytes, place: str) -> tuple[list[Term], list[UsageError]]:
    """Read a table of terms; return the good rows and every fault, each with file and line."""
    rows, faults = sheet.read(data, place, COLUMNS)
    if not rows:
        empty = UsageError("the glossary is empty", place=place, fix="Begin with a header row")
        return [], faults or [empty]
    header, wrong = _header(rows[0][1], f"{place}:{rows[0][0]}")
    if wrong:
        return [], wrong
    terms: list[Term] = []
    contexts: dict[str, tuple[str, ...]] = {}
    named = header.index("id") if "id" in header else None
    for line, cells in rows[1:]:
        term, wrong = _term(header, cells, f"{place}:{line}")
        faults += wrong
        if term is None:
            continue
        if not (named is not None and cells[named : named + 1] and cells[named]):
            term = _told_apart(term, contexts)
        contexts.setdefault(term.id, term.context)
        terms.append(term)
    return terms, faults


def _told_apart(term: Term, contexts: Mapping[str, tuple[str, ...]]) -> Term:
    """Give a term without an id one of its own, where its English stands in another context before it."""
    from glossary.termbase import slug

    if not term.context or contexts.get(term.id, term.context) == term.context:
        return term
    return replace(term, id=f"{term.id}-{slug(' '.join(term.context))}")


def _header(cells: list[str], place: str) -> tuple[list[str], list[UsageError]]:
    names = [cell.lower() for cell in cells]
    while names and not names[-1]:
        names.pop()
    meant = {name: _guess(name) for name in names if name not in COLUMNS}
    if not (set(names) | set(meant.values())) & {"en", *TARGETS}:
        fix = "Begin with a row such as: en,aliases,type,kk,ug,ru,zh"
        return names, [UsageError("the first row does not name the columns", place=place, fix=fix)]
    faults = [_unknown_column(name, near, place) for name, near in meant.items()]
    doubled = sorted({name for name in names if names.count(name) > 1})
    faults += [UsageError(f"the column {name!r} stands twice", place=place) for name in doubled]
    known = {*names, *meant.values()}
    if "en" not in known:
        faults.append(UsageError("no column 'en'", place=place, fix="The English lemma is required"))
    if not known & set(TARGETS):
        faults.append(UsageError("no target column", place=place, fix=f"Add one of: {', '.join(TARGETS)}"))
    return names, faults


def _guess(name: str) -> str:
    """Return the column that an unknown name may stand for: a code for `Kazakh` or `zh-CN`, or a near one."""
    for code, lang in LANGUAGES.items():
        if name == lang.name.lower() or sheet.base_code(name) == code:
            return code
    return next(iter(difflib.get_close_matches(name, COLUMNS, 1)), "")


def _unknown_column(name: str, near: str, place: str) -> UsageError:
    fix = f"Did you mean {near!r}?" if near else f"Known columns: {', '.join(COLUMNS)}"
    return UsageError(f"unknown column {name!r}", place=place, fix=fix)


def _term(header: list[str], row: list[str], place: str) -> tuple[Term | None, list[UsageError]]:
    if any(row[len(header) :]):
        what = f"{len(row)} cells under {len(header)} columns"
        return None, [UsageError(what, place=place, fix="Quote cells that hold the separator")]
    return term_from(dict(zip(header, row, strict=False)), place)


def term_from(row: Cells, place: str) -> tuple[Term | None, list[UsageError]]:
    """Make a term from the cells of a row, by column; return None and every fault where it cannot be."""
    faults: list[UsageError] = []

    def fault(message: str, fix: str = "") -> None:
        faults.append(UsageError(message, place=place, fix=fix))

    cells = {name: nfc(cell).strip() for name, cell in row.items()}
    cells |= {name: cells[name].lower() for name in _CHOICES if name in cells}
    cells["type"] = _SYNONYMS.get(cells.get("type", ""), cells.get("type", ""))
    for name, cell in cells.items():
        _check_cell(name, cell, fault)
    if not cells.get("en"):
        fault("no English lemma", "Fill in the column 'en'; a merged cell counts in its first row only")
    elif not any(cells.get(lang) or cells.get(f"forbidden_{lang}") for lang in TARGETS):
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
    hidden = HIDDEN.search(cell)
    if hidden:
        code = f"U+{ord(hidden.group()):04X}"
        fault(f"the invisible character {code} in column {name!r}", "Delete it or type the cell anew")
    if name not in _PROSE and "\n" in cell:
        fault(f"a line break in column {name!r}", "Write it on one line, a bar | between several names")
    several = name == "aliases" or name.removeprefix("forbidden_") in TARGETS
    for part in _parts(cell) if several else [cell]:
        if len(part) > 1 and _FORMULA.match(part):
            what = f"the cell in column {name!r} begins like a spreadsheet formula: {part[:20]!r}"
            fault(what, "Remove the sign")
        elif (several or name == "en") and _PLACEHOLDER.fullmatch(part):
            fault(f"{part!r} in column {name!r} is no name", "Leave the cell empty")
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
        unknown = sorted(set(match[2].split(".")) - FEATURES) if match else []
        if unknown:
            fault(
                f"the irregular form {part!r} names the unknown form {unknown[0]!r}",
                "Use nom, gen, dat, acc, loc, abl or ins, and pl. before them for the plural",
            )
        elif match:
            found.setdefault(match[1], []).append((match[2], match[3].strip()))
        else:
            fault(
                f"the irregular form {part!r} cannot be read",
                "Write language:features=form, as in ru:gen=Льва",
            )
    return found


def _parts(cell: str) -> list[str]:
    parts = [part for part in map(_spaced, cell.split("|")) if part]
    return [KEEP if part.lower() == KEEP else part for part in parts]


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
