"""The glossaries of translation services: plain rows of terms.

- pairs: `source,target` without a header, one target language (DeepL; Google's unidirectional glossaries).
DeepL also
  takes four columns: source, target, source language, target language.
- grid: a header of language codes, one column each (Google's equivalent term sets, Amazon Translate).

Neither knows aliases: each spelling has its own row, and rows alike in all renderings are read as one term.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from corpora.errors import UsageError
from corpora.languages import SOURCE, TARGETS
from glossary.formats import sheet
from glossary.formats.build import drafted, families, none_of_ours
from glossary.formats.losses import Written, losses
from glossary.terms import KEEP, Term

_HELD = ("aliases", "(keep)")
# columns that Google's glossaries may have beside the languages; the first is read
EXTRA = ("description", "pos", "")


def write_pairs(terms: Sequence[Term], lang: str, *, delimiter: str = ",") -> Written:
    """Write one language as pairs; a term to be kept is paired with itself."""
    named, shared = _named(terms)
    rows = [[name, text] for term, name in named if (text := _rendering(term, lang, name))]
    return Written(_csv(rows, delimiter), (*losses(terms, _HELD, lang), *shared))


def write_grid(terms: Sequence[Term], lang: str = "", *, delimiter: str = ",") -> Written:
    """Write all languages, or one, under a header of language codes."""
    langs = [
        code
        for code in TARGETS
        if (not lang or code == lang) and any(term.translated(code) for term in terms)
    ]
    named, shared = _named(terms)
    rows = [[name, *(_rendering(term, code, name) for code in langs)] for term, name in named]
    filled = [[SOURCE, *langs], *(row for row in rows if any(row[1:]))]
    return Written(_csv(filled, delimiter), (*losses(terms, _HELD, lang), *shared))


def _named(terms: Sequence[Term]) -> tuple[list[tuple[Term, str]], list[str]]:
    """Return each spelling with the first term that has it, and what is lost by that.

    The services take a spelling once, whatever stands around it.
    """
    owners: dict[str, Term] = {}
    lost: list[str] = []
    for term in terms:
        for name in term.names:
            if owners.setdefault(name, term) is not term:
                lost.append(f"“{name}” of “{term.id}”, which “{owners[name].id}” has too")
    return [(term, name) for name, term in owners.items()], lost


def _rendering(term: Term, lang: str, name: str) -> str:
    target = term.target(lang)
    if target is None:
        return ""
    return name if target.keep else next(iter(target.renderings), "")


def _csv(rows: Sequence[Sequence[str]], delimiter: str) -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return out.getvalue().encode()


def read_pairs(data: bytes, place: str, lang: str = "") -> tuple[list[Term], list[UsageError]]:
    """Read pairs; the language comes from the third and fourth column, else from `lang`."""
    rows, faults = sheet.read(data, place)
    found = []
    for line, cells in rows:
        where = f"{place}:{line}"
        source, code = map(sheet.base_code, cells[2:4]) if len(cells) > 3 else (SOURCE, lang)
        if len(cells) < 2:
            faults.append(UsageError("a row with one column", place=where, fix="Write source and target"))
        elif source != SOURCE:
            what = f"a row that translates from {source!r}"
            faults.append(UsageError(what, place=where, fix="Only English is translated: delete it"))
        elif code not in TARGETS:
            what = f"no target language {code!r}" if len(cells) > 3 else "no target language"
            fix = f"Say which with --lang ({', '.join(TARGETS)})" if len(cells) < 4 else "Delete the row"
            faults.append(UsageError(what, place=where, fix=fix))
        else:
            found.append((where, cells[0], {code: _kept(cells[0], cells[1])}))
    terms, wrong = drafted(families(found))
    return terms, [*faults, *wrong]


def read_grid(data: bytes, place: str, lang: str = "") -> tuple[list[Term], list[UsageError]]:
    """Read rows under a header of language codes; columns of other languages are passed over.

    A column `description` (Google) becomes the note.
    """
    rows, faults = sheet.read(data, place, (SOURCE, *TARGETS))
    if not rows:
        return [], faults or [UsageError("the glossary is empty", place=place)]
    header = [sheet.base_code(cell) for cell in rows[0][1]]
    where = f"{place}:{rows[0][0]}"
    if SOURCE not in header or not set(header) & set(TARGETS):
        fix = f"The header must name {SOURCE} and one of {', '.join(TARGETS)}"
        return [], [UsageError("no header of language codes", place=where, fix=fix)]
    doubled = [code for code in (SOURCE, *TARGETS) if header.count(code) > 1]
    if doubled:
        names = ", ".join(cell for cell in rows[0][1] if sheet.base_code(cell) == doubled[0])
        return [], [UsageError(f"two columns of one language: {names}", place=where, fix="Delete one")]
    found = []
    foreign = set(header) - {SOURCE, *TARGETS, *EXTRA}
    for line, cells in rows[1:]:
        row = dict(zip(header, cells, strict=False))
        english = row.get(SOURCE, "")
        if not any(row.get(code) for code in TARGETS) and any(map(row.get, foreign)):
            continue  # told by `others.passed_over`
        kept = {code: _kept(english, row[code]) for code in TARGETS if row.get(code) and lang in ("", code)}
        if row.get("description"):
            kept["note"] = row["description"]
        found.append((f"{place}:{line}", english, kept))
    terms, wrong = drafted(families(found))
    if not found and len(rows) > 1:
        faults.append(none_of_ours(place))
    return terms, [*faults, *wrong]


def _kept(source: str, target: str) -> str:
    return KEEP if source == target else target
