"""Bilingual text in and out: pairs of source and target as TSV, JSON Lines, TMX 1.4b and XLIFF 1.2.

Each format is a module with `write(pairs, source_lang=, lang=, notice=) -> bytes` and `read(data, place)`.
What `write` puts into a file `read` takes out again, and the same pairs always give the same bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from corpora.errors import UsageError
from corpora.records import Flag, TermUse

LIMIT = 256 * 2**20
"""The largest file `read` takes, in bytes: a book is three, a shelf of them fits."""

ORIGINS = ("mt", "memory", "human")


@dataclass(frozen=True, slots=True)
class Pair:
    """A source text and its translation; the sentences of a bead of several are already joined.

    Attributes:
        id: of the segment, or of the first segment of the bead.
        lang: language code of the target (a full BCP-47 tag for one that is not ours).
        document: path of the source below its root.
        model: the engine that wrote the target, empty for a person.
        origin: `mt`, `memory` or `human`.
        flags: spans index `target` as it was written.
        terms: audit records, likewise.
        note: a remark for the reader.
        notice: the warning of the engine, carried along with what it wrote.
    """

    id: str
    source: str
    target: str
    lang: str
    document: str = ""
    model: str = ""
    origin: str = "mt"
    flags: tuple[Flag, ...] = ()
    terms: tuple[TermUse, ...] = ()
    note: str = ""
    notice: str = ""


def noticed(pairs: Sequence[Pair], notice: str) -> list[Pair]:
    """Return the pairs, each carrying the notice unless it has its own or a person wrote it."""
    return [
        pair if not notice or pair.notice or pair.origin == "human" else replace(pair, notice=notice)
        for pair in pairs
    ]


def decode(data: bytes, place: str) -> str:
    """Return the text of a UTF-8 file, or of UTF-16 with its mark (spreadsheets save that).

    Not in NFC yet: that must wait until escapes are undone (`\\n` before a combining mark is no `ń`).

    Raises:
        UsageError: too big, or in another encoding, with the line.
    """
    check_size(data, place)
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UsageError("not UTF-8", place=f"{place}, line {line}", fix="Save the file as UTF-8") from None


def encode(text: str) -> bytes:
    """Return the text as UTF-8 without a mark.

    Raises:
        UsageError: it holds half a surrogate pair, which no file can hold.
    """
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        line = text.count("\n", 0, error.start) + 1
        raise UsageError(
            f"half a surrogate pair would stand in line {line} of the file", fix="Mend the source text"
        ) from None


def check_size(data: bytes, place: str) -> None:
    """Raise `UsageError` for a file above the limit."""
    if len(data) > LIMIT:
        raise UsageError(
            f"{len(data) // 2**20} MB is more than the {LIMIT // 2**20} MB this reader takes",
            place=place,
            fix="Split the file",
        )


def check_origin(origin: str, place: str) -> str:
    """Return the origin, `mt` for none; raise `UsageError` for one that is not known."""
    if origin and origin not in ORIGINS:
        raise UsageError(f"unknown origin {origin!r}", place=place, fix=f"Use one of: {', '.join(ORIGINS)}")
    return origin or "mt"
