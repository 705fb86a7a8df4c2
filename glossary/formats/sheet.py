"""Rows out of a spreadsheet's text file: CSV or TSV as spreadsheet programs write it.

Commas, semicolons and tabs separate cells; the file is UTF-8, with or without a byte order mark, or UTF-16
with one (Excel's *Unicode Text*); lines end in any way; a first line `sep=;` (Excel) is believed.
"""

from __future__ import annotations

import codecs
import contextlib
import csv
import io
import re
from collections.abc import Collection, Iterator

from corpora.errors import UsageError
from corpora.text import nfc

Rows = list[tuple[int, list[str]]]

_SEPARATORS = "\t,;"
_MANY_NULS = 4  # one character in so many is U+0000 where two or three bytes of each letter are empty
_DECLARED = re.compile(r"sep=(.)[ \t]*(?:\r\n?|\n)")


def encoding(data: bytes) -> str:
    """Return the encoding of a text file: UTF-16 where its byte order mark says so, else UTF-8."""
    return "utf-16" if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"


def base_code(name: str) -> str:
    """Return the language of a code such as `zh-CN` or `ru_RU`, in lower case."""
    return re.split(r"[-_]", name.strip().lower())[0]


def read(data: bytes, place: str, known: Collection[str] = ()) -> tuple[Rows, list[UsageError]]:
    """Return the rows that are not blank with their line numbers, and the fault that ended the reading.

    Cells are stripped, in NFC, their inner line breaks `\\n`.

    Args:
        data: the file.
        place: its name, for messages.
        known: names of columns; the separator that shows most of them in the first row is taken.
    """
    try:
        text = data.decode(encoding(data))
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        fix = "Save the file as CSV UTF-8"
        return [], [UsageError("not UTF-8", place=f"{place}:{line}", fix=fix)]
    if _MANY_NULS * text.count("\0") > len(text):
        what = "not UTF-8, but UTF-16 or UTF-32 that does not say so at its beginning"
        return [], [UsageError(what, place=f"{place}:1", fix="Save the file as CSV UTF-8")]
    rows: Rows = []
    line = 1
    try:
        for line, cells in _records(text, known):
            if cells is not None and not _blank(cells):
                rows.append((line, [_clean(cell) for cell in cells]))
    except csv.Error as error:
        fix = "Close every quotation mark"
        return rows, [UsageError(f"broken quoting: {error}", place=f"{place}:{line}", fix=fix)]
    return rows, []


def first_row(data: bytes, known: Collection[str] = ()) -> list[str]:
    """Return the first row that is not blank, in lower case; empty where none can be read."""
    text = data[:65536].decode(encoding(data), errors="replace")
    try:
        row = next((cells for _, cells in _records(text, known) if cells and not _blank(cells)), [])
    except csv.Error:
        return []
    return [_clean(cell).lower() for cell in row]


def _records(text: str, known: Collection[str]) -> Iterator[tuple[int, list[str] | None]]:
    """Yield each row behind the number of its line; first the number alone, in case the row is broken."""
    declared = _DECLARED.match(text)
    body = text[declared.end() :] if declared else text
    before = 1 if declared else 0
    separator = declared[1] if declared else _separator(body, known)
    reader = csv.reader(io.StringIO(body, newline=""), delimiter=separator, strict=True)
    while True:
        line = before + reader.line_num + 1
        yield line, None
        cells = next(reader, None)
        if cells is None:
            return
        yield line, cells


def _separator(text: str, known: Collection[str]) -> str:
    """Return the separator that shows the most known columns, and of those the one that is used most."""
    head = next((line for line in io.StringIO(text) if not _blank([line])), "")

    def worth(separator: str) -> tuple[int, int]:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        row: list[str] = []
        with contextlib.suppress(csv.Error):  # told when the file is read
            row = next((cells for cells in reader if not _blank(cells)), [])
        shown = sum(cell.strip().lower() in known or base_code(cell) in known for cell in row)
        return shown, head.count(separator)

    return max(_SEPARATORS, key=worth)


def _blank(cells: list[str]) -> bool:
    return not "".join(cells).strip(f" \r\n\u00a0{_SEPARATORS}")


def _clean(cell: str) -> str:
    return nfc(cell).replace("\r\n", "\n").replace("\r", "\n").strip()
