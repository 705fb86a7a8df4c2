"""One reader-writer per format: documents in, blocks of text, documents out with everything else as it was.

A format is two functions: `read(data, place)` returns the blocks, `render(data, place, blocks, lang)` returns
the same document with the blocks' new text. Rendering the blocks as they were read gives back the very same
bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from corpora.documents import html, markdown, plain
from corpora.errors import InputError
from corpora.records import Block


@dataclass(frozen=True, slots=True)
class DocumentFormat:
    """A format of documents.

    Attributes:
        name: for display.
        suffixes: lower case, with the dot.
        read: bytes and place (the path shown in errors) to blocks.
        render: the same bytes and place, the new blocks in order, target language: the new document.
    """

    name: str
    suffixes: tuple[str, ...]
    read: Callable[[bytes, str], list[Block]]
    render: Callable[[bytes, str, Sequence[Block], str], bytes]


FORMATS: tuple[DocumentFormat, ...] = (
    DocumentFormat("text", (".txt", ".text"), plain.read, plain.render),
    DocumentFormat("markdown", (".md", ".markdown"), markdown.read, markdown.render),
    DocumentFormat("html", (".html", ".htm"), html.read, html.render),
)


def format_for(path: PurePath) -> DocumentFormat:
    """Return the format of a file by its suffix (upper or lower case).

    Raises:
        InputError: no format has this suffix.
    """
    suffix = path.suffix.lower()
    for known in FORMATS:
        if suffix in known.suffixes:
            return known
    suffixes = ", ".join(suffix for known in FORMATS for suffix in known.suffixes)
    what = (
        f"the format {suffix!r} is not supported" if suffix else "the file has no suffix to tell its format"
    )
    raise InputError(what, place=str(path), fix=f"Use one of: {suffixes}")


def read(data: bytes, place: str) -> list[Block]:
    """Return the blocks of a document, in the order of reading.

    Args:
        data: the file.
        place: its path, shown in errors; the suffix decides the format.

    Raises:
        InputError: unsupported, unreadable, empty, too big or hostile.
    """
    return format_for(PurePath(place)).read(data, place)


def render(data: bytes, place: str, blocks: Sequence[Block], lang: str) -> bytes:
    """Return the document with the text of its blocks replaced.

    Args:
        data: the same source file that was read.
        place: its path; the suffix decides the format.
        blocks: as many as were read, in order; a block that is equal to what was read keeps its bytes.
        lang: code of the language that the blocks are in now.

    Raises:
        InputError: the source cannot be read.
        ValueError: the number of blocks is not that of the source.
    """
    return format_for(PurePath(place)).render(data, place, blocks, lang)
