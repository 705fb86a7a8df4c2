"""Bitext as tab-separated values: one pair a line, for spreadsheets and for line tools alike.

- UTF-8 without a mark: a mark would become part of the first column's name in most programs that read lines.
- `\\t`, `\\n`, `\\r` and `\\\\` stand for a tab, line ends and a backslash in the text: one line is one pair.
- A spreadsheet takes a cell that begins with `=`, `+`, `-` or `@` for a formula and runs it. Such a cell gets
  an apostrophe in front, and `read` takes it off again; a cell that begins with apostrophes before such a
  sign gets one more, so that nothing is lost. Other leading apostrophes are left alone both ways.
- A cell that begins with a quotation mark is quoted as in RFC 4180; otherwise a spreadsheet would take a
  quotation that goes on over several sentences for one cell and swallow the lines after it.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence

from corpora.bitext import Pair, check_origin, decode, encode, noticed
from corpora.bitext.cells import format_flags, format_terms, parse_flags, parse_terms
from corpora.errors import UsageError
from corpora.text import nfc

COLUMNS = (
    "id", "source", "target", "model", "origin", "flags", "terms", "lang", "document", "note", "notice",
)  # fmt: skip

# Excel also takes the full-width signs, and skips leading white space
_FORMULA = re.compile(r"'*\s*[=+\-@＝＋－＠]")
_ESCAPES = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}
_UNESCAPES = {written: plain for plain, written in _ESCAPES.items()}


def write(pairs: Sequence[Pair], *, source_lang: str, lang: str, notice: str = "") -> bytes:
    """Return the pairs as TSV with a header row; the notice stands in each row a machine wrote.

    A notice per row, not a comment above the header, survives sorting, cutting and pasting. `source_lang` is
    not written: the column `source` has the language of the job.
    """
    del source_lang, lang  # each pair knows its own target language
    lines = ["\t".join(COLUMNS)]
    for pair in noticed(pairs, notice):
        cells = {
            **{name: getattr(pair, name) for name in COLUMNS},
            "flags": format_flags(pair.flags),
            "terms": format_terms(pair.terms),
        }
        lines.append("\t".join(_cell(cells[name]) for name in COLUMNS))
    return encode("\n".join(lines) + "\n")


def read(data: bytes, place: str) -> list[Pair]:
    """Read pairs from TSV with a header row that names at least `source` and `target`, in any order.

    Columns of other names are left out. Rows a spreadsheet has quoted are understood.

    Raises:
        UsageError: with the line, for anything that is not such a file.
    """
    rows = _rows(decode(data, place), place)
    _, header = next(rows, (1, []))
    names = [name.strip().lower() for name in header]
    if "source" not in names or "target" not in names:
        fix = f"The first line names the columns: {', '.join(COLUMNS)} (source and target are needed)"
        raise UsageError("no column named source and target", place=f"{place}, line 1", fix=fix)
    repeated = {name for name in names if name and names.count(name) > 1}
    if repeated:
        raise UsageError(f"two columns are named {sorted(repeated)[0]!r}", place=f"{place}, line 1")
    pairs: list[Pair] = []
    for line, row in rows:
        if not any(row):
            continue
        if len(row) != len(names):
            message = f"{len(row)} columns, but the header has {len(names)}"
            raise UsageError(message, place=f"{place}, line {line}")
        pairs.append(
            _pair(dict(zip(names, map(_text, row), strict=True)), len(pairs), f"{place}, line {line}")
        )
    return pairs


def _pair(cells: dict[str, str], index: int, place: str) -> Pair:
    def get(name: str) -> str:
        return nfc(cells.get(name, ""))

    return Pair(
        id=get("id") or str(index),
        source=get("source"),
        target=get("target"),
        lang=get("lang"),
        document=get("document"),
        model=get("model"),
        origin=check_origin(get("origin"), place),
        flags=parse_flags(cells.get("flags", ""), place),
        terms=parse_terms(cells.get("terms", ""), place),
        note=get("note"),
        notice=get("notice"),
    )


def _rows(text: str, place: str) -> Iterator[tuple[int, list[str]]]:
    """Yield (first line, cells). `csv` bounds a cell at 128 Ki characters."""
    reader = csv.reader(io.StringIO(text, newline=""), "excel-tab", strict=True)
    line = 1
    while True:
        try:
            row = next(reader, None)
        except csv.Error as error:
            raise UsageError(
                f"not readable as tab-separated values ({error})", place=f"{place}, line {line}"
            ) from None
        if row is None:
            return
        yield line, row
        line = reader.line_num + 1


def _cell(text: str) -> str:
    guarded = f"'{text}" if _FORMULA.match(text) else text
    escaped = "".join(_ESCAPES.get(character, character) for character in guarded)
    return '"' + escaped.replace('"', '""') + '"' if escaped.startswith('"') else escaped


def _text(cell: str) -> str:
    text = re.sub(r"\\[\\tnr]", lambda match: _UNESCAPES[match[0]], cell)
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text
