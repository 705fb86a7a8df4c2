"""What every format shares: safe decoding, slots, and writing back by substitution.

A reader finds *slots*: stretches of the source that hold translatable text. Writing back replaces the slots
whose block changed and leaves every other byte of the source as it was.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from corpora.errors import InputError
from corpora.records import Block

MAX_BYTES = 20_000_000
BOM = b"\xef\xbb\xbf"
_WIDE_BOMS = {
    b"\xff\xfe\x00\x00": "UTF-32",
    b"\x00\x00\xfe\xff": "UTF-32",
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
}
_BINARY_HEADS = (
    b"%PDF-",
    b"PK\x03\x04",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\x1f\x8b",
    b"\xd0\xcf\x11\xe0",
    b"{\\rtf",
)

_LETTER = re.compile(r"[^\W\d_]")
# a whole block that is an address is copied, never translated
_ADDRESS = re.compile(r"(?:[a-z][a-z0-9+.-]*://|www\.)\S+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Slot:
    """A stretch `[start, end)` of the decoded source that stands for one block.

    `encode` turns a translated block into source text of the format (escaped, markup written out).
    """

    start: int
    end: int
    block: Block
    encode: Callable[[Block], str]


@dataclass(frozen=True, slots=True)
class Edit:
    """A replacement of `[start, end)` of the decoded source."""

    start: int
    end: int
    text: str


def decode(data: bytes, place: str) -> str:
    """Return the text of a UTF-8 document, without its byte order mark.

    Raises:
        InputError: too big, another encoding, binary, or nothing in it.
    """
    if len(data) > MAX_BYTES:
        size, limit = len(data) // 1_000_000, MAX_BYTES // 1_000_000
        raise InputError(
            f"the file is too big: {size} MB, the limit is {limit} MB", place=place, fix="Split it into parts"
        )
    for bom, name in _WIDE_BOMS.items():
        if data.startswith(bom):
            raise InputError(f"the file is {name}, not UTF-8", place=place, fix="Save it as UTF-8")
    if data.startswith(_BINARY_HEADS) or b"\0" in data:
        raise InputError(
            "the file is binary, not text",
            place=place,
            fix="Save the document as text, Markdown or HTML in UTF-8",
        )
    body = data.removeprefix(BOM)
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        line = body.count(b"\n", 0, error.start) + 1
        raise InputError(
            "the text is not UTF-8", place=f"{place}, line {line}", fix="Save the file as UTF-8"
        ) from None
    if not text.strip():
        raise InputError(
            "the file is empty", place=place, fix="Put text into it or take it out of the sources"
        )
    return text


def encode(text: str, data: bytes) -> bytes:
    """Return the text as UTF-8, with a byte order mark where the source `data` had one."""
    return (BOM if data.startswith(BOM) else b"") + text.encode("utf-8")


def translatable(text: str) -> bool:
    """Say whether there is anything to translate: at least one letter, and more than one bare address."""
    return bool(_LETTER.search(text)) and not _ADDRESS.fullmatch(text.strip())


def changed(slots: Sequence[Slot], blocks: Sequence[Block]) -> list[tuple[Slot, Block]]:
    """Return the slots whose text or markup changed, each with its new block.

    Raises:
        ValueError: the number of blocks is not that of the source.
    """
    if len(slots) != len(blocks):
        raise ValueError(f"the document has {len(slots)} blocks, but {len(blocks)} were given")
    return [
        (slot, block)
        for slot, block in zip(slots, blocks, strict=True)
        if (block.text, block.markup) != (slot.block.text, slot.block.markup)
    ]


def substitute(text: str, edits: Iterable[Edit]) -> str:
    """Return the text with the edits made; everything outside of them is untouched.

    Raises:
        ValueError: two edits overlap.
    """
    parts: list[str] = []
    done = 0
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
        if edit.start < done:
            raise ValueError(f"overlapping edits at {edit.start}")
        parts += (text[done : edit.start], edit.text)
        done = edit.end
    parts.append(text[done:])
    return "".join(parts)


def rewrite(slots: Sequence[Slot], blocks: Sequence[Block]) -> list[Edit]:
    """Return the edits that put the changed blocks into the source.

    Raises:
        ValueError: the number of blocks is not that of the source.
    """
    return [Edit(slot.start, slot.end, slot.encode(block)) for slot, block in changed(slots, blocks)]
