"""What a glossary made elsewhere holds and we do not read: other languages, definitions, parts of speech."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from xml.etree.ElementTree import Element

from corpora.errors import UsageError
from corpora.languages import SOURCE, TARGETS
from glossary.formats import sheet, tbx, tmx, xml
from glossary.formats.rows import EXTRA

_OURS = (SOURCE, *TARGETS)


def passed_over(data: bytes, place: str, name: str) -> list[str]:
    """Return a line for each kind of thing that the reader of a format passes over; none where it takes all.

    Args:
        data: a file that the reader can read; any other gives no lines, for its faults are told already.
        place: its name.
        name: of the format.
    """
    if name in ("google", "amazon"):
        return _lines(list(_rows(data, place)), ())
    if name not in ("tbx", "tmx"):
        return []
    try:
        root = xml.parse(data, place)
    except UsageError:
        return []
    if name == "tmx":
        return _lines([set(map(tmx.language, unit.iter("tuv"))) for unit in root.iter("tu")], ())
    entries = list(tbx.entries(root))
    return _lines([set(tbx.languages(entry)) for entry in entries], _unread(entries))


def _lines(units: list[set[str]], kinds: Iterable[str]) -> list[str]:
    others = sorted({code or "?" for codes in units for code in codes} - {*_OURS})
    lines = [f"texts in {', '.join(others)}"] if others else []
    without = sum(not codes & set(TARGETS) and bool(codes - {SOURCE}) for codes in units)
    if without:
        many = "entries have" if without > 1 else "entry has"
        lines.append(f"{without} {many} no text in {', '.join(TARGETS)}")
    return [*lines, *kinds]


def _rows(data: bytes, place: str) -> Iterator[set[str]]:
    """Yield the languages of each row under a header of language codes."""
    rows, _ = sheet.read(data, place, _OURS)
    header = [sheet.base_code(cell) for cell in rows[0][1]] if rows else []
    for _, cells in rows[1:]:
        filled = {code for code, cell in zip(header, cells, strict=False) if cell}
        yield filled - {*EXTRA}


def _unread(entries: Iterable[Element]) -> list[str]:
    """Name the kinds of data of TBX entries that no field of ours holds, such as definitions."""
    counts: dict[str, int] = {}
    for entry in entries:
        for kind in dict.fromkeys(tbx.unread(entry)):
            counts[kind] = counts.get(kind, 0) + 1
    return [f"{kind} of {count} {'entries' if count > 1 else 'entry'}" for kind, count in counts.items()]
