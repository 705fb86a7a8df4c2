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
from corpora.text import nfc
from glossary.formats.build import drafted, families
from glossary.formats.losses import Written, losses
from glossary.terms import Term

_HELD = ("aliases", "(keep)")

Rows = list[tuple[int, list[str]]]


def write_pairs(terms: Sequence[Term], lang: str, *, delimiter: str = ",") -> Written:
    """Write one language as pairs; a term to be kept is paired with itself."""
    rows = [[name, text] for term in terms for name, text in _named(term, lang)]
    return Written(_csv(rows, delimiter), losses(terms, _HELD, lang))


def write_grid(terms: Sequence[Term], lang: str = "", *, delimiter: str = ",") -> Written:
    """Write all languages, or one, under a header of language codes."""
    langs = [
        code
        for code in TARGETS
        if (not lang or code == lang) and any(term.translated(code) for term in terms)
    ]
    rows = [[SOURCE, *langs]]
    for term in terms:
        for name in term.names:
            cells = [_rendering(term, code, name) for code in langs]
            rows += [[name, *cells]] if any(cells) else []
    return Written(_csv(rows, delimiter), losses(terms, _HELD, lang))


def _named(term: Term, lang: str) -> list[tuple[str, str]]:
    return [(name, text) for name in term.names if (text := _rendering(term, lang, name))]


def _rendering(term: Term, lang: str, name: str) -> str:
    target = term.target(lang)
    if target is None:
        return ""
    return name if target.keep else next(iter(target.renderings), "")


def _csv(rows: Sequence[Sequence[str]], delimiter: str) -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return out.getvalue().encode()


def read_rows(data: bytes, place: str) -> tuple[Rows, list[UsageError]]:
    """Return the rows of a CSV or TSV file with their line numbers, cells in NFC."""
    try:
        text = nfc(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return [], [UsageError("not UTF-8", place=f"{place}:{line}", fix="Save the file as UTF-8")]
    head = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max("\t,;", key=head.count), strict=True)
    rows: Rows = []
    line = 1
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                rows.append((line, [" ".join(cell.split()) for cell in row]))
            line = reader.line_num + 1
    except csv.Error as error:
        return [], [
            UsageError(f"broken quoting: {error}", place=f"{place}:{line}", fix="Close every quotation mark")
        ]
    return rows, []


def read_pairs(data: bytes, place: str, lang: str = "") -> tuple[list[Term], list[UsageError]]:
    """Read pairs; the language comes from the third and fourth column, else from `lang`."""
    rows, faults = read_rows(data, place)
    found = []
    for line, cells in rows:
        where = f"{place}:{line}"
        code = cells[3].lower().split("-")[0] if len(cells) > 3 else lang
        if len(cells) < 2:
            faults.append(UsageError("a row with one column", place=where, fix="Write source and target"))
        elif code not in TARGETS:
            fix = f"Say which with --lang ({', '.join(TARGETS)})"
            faults.append(UsageError("no target language", place=where, fix=fix))
        else:
            found.append((where, cells[0], {code: _kept(cells[0], cells[1])}))
    terms, wrong = drafted(families(found))
    return terms, [*faults, *wrong]


def read_grid(data: bytes, place: str, lang: str = "") -> tuple[list[Term], list[UsageError]]:
    """Read rows under a header of language codes; columns of other languages are passed over."""
    rows, faults = read_rows(data, place)
    if not rows:
        return [], faults or [UsageError("the glossary is empty", place=place)]
    header = [cell.lower().split("-")[0] for cell in rows[0][1]]
    if SOURCE not in header or not set(header) & set(TARGETS):
        fix = f"The header must name {SOURCE} and one of {', '.join(TARGETS)}"
        return [], [UsageError("no header of language codes", place=f"{place}:1", fix=fix)]
    found = []
    for line, cells in rows[1:]:
        row = dict(zip(header, cells, strict=False))
        english = row.get(SOURCE, "")
        kept = {code: _kept(english, row[code]) for code in TARGETS if row.get(code) and lang in ("", code)}
        found.append((f"{place}:{line}", english, kept))
    terms, wrong = drafted(families(found))
    return terms, [*faults, *wrong]


def _kept(source: str, target: str) -> str:
    return "(keep)" if source == target else target
