"""Inline text with tags: built while a format is read, written out when it is rendered.

Text in a block is clean: NFC, white space collapsed, a hard line break as `\\n`, no control or bidirectional
override characters. Tags are well nested and in one order: by start; at the same start objects first, then
the outer before the inner. An object at the edge of a tag stands outside of it.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from corpora.records import Block, Tag
from corpora.tags import is_object, ordered
from corpora.text import INVISIBLE, nfc

_SPACES = [
    0x09,
    0x0A,
    0x0B,
    0x0C,
    0x0D,
    0x85,
    0xA0,
    0x202F,
    0x2028,
    0x2029,
    0x2007,
    0x3000,
    0x1680,
    *range(0x2000, 0x2007),
    0x2008,
    0x2009,
    0x200A,
]
_REMOVED = (frozenset(map(ord, INVISIBLE)) | {0x1C, 0x1D, 0x1E}) - frozenset(_SPACES)
_SPACING = dict.fromkeys(_SPACES, " ") | {0x0A: "\n"}
_CLEAN: dict[int, str | None] = dict.fromkeys(_REMOVED, None) | dict.fromkeys(_SPACES, " ")


_CLOSING = re.compile(r"[.,;:!?…،؛؟。，、；：！？]+(?=[\s\"'”’»)\]」』]|$)")


def clean(text: str) -> str:
    """Return NFC text without control and override characters; every kind of space becomes a plain one."""
    return nfc(text.translate(_CLEAN))


@dataclass(slots=True)
class _Open:
    """A tag that waits for its end: where it began, in the text and among the tags."""

    name: str
    kind: str
    raw: str
    start: int
    order: int


class Builder:
    """Collects the text and tags of one block; `build` makes the block.

    Text is cleaned as it comes; white space is collapsed at the end, across tags but not across objects,
    which is what a reader of the document sees.
    """

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._tags: list[Tag] = []
        self._stack: list[_Open] = []

    @property
    def depth(self) -> int:
        """How many tags are open."""
        return len(self._stack)

    def text(self, text: str) -> None:
        """Add text; every line end in it is white space."""
        cleaned = clean(text)
        self._parts.append(cleaned)
        self._length += len(cleaned)

    def line_break(self) -> None:
        """Add a hard line break."""
        self._parts.append("\n")
        self._length += 1

    def object(self, kind: str, raw: str) -> None:
        """Add something that stands in the text and is copied as it is."""
        self._tags.append(Tag((self._length, self._length), kind, raw))

    def open(self, name: str, kind: str, raw: str) -> None:
        """Begin a tag; `name` is what its end is matched by."""
        self._stack.append(_Open(name, kind, raw, self._length, len(self._tags)))

    def close(self, name: str, raw: str, firm: Collection[str] = ()) -> None:
        """End the innermost open tag of that name; what has no partner becomes an object.

        An end never closes over open tags with one of the `firm` names.
        """
        above = itertools.takewhile(lambda entry: entry.name != name, reversed(self._stack))
        unknown = all(entry.name != name for entry in self._stack)
        if unknown or any(entry.name in firm for entry in above):
            self.object("stray", raw)
            return
        while (entry := self._stack.pop()).name != name:
            self._tags.insert(entry.order, Tag((entry.start, entry.start), "stray", entry.raw))
        if "".join(self._tail(entry.start)).strip():
            self._tags.insert(entry.order, Tag((entry.start, self._length), entry.kind, entry.raw, raw))
        else:
            inner = "".join(tag.open + tag.close for tag in self._tags[entry.order :])
            self._tags[entry.order :] = [Tag((entry.start, entry.start), entry.kind, entry.raw + inner + raw)]

    def _tail(self, start: int) -> list[str]:
        """Return the parts that hold the text from `start` on (tags begin at part borders)."""
        length, index = self._length, len(self._parts)
        while index and length > start:
            index -= 1
            length -= len(self._parts[index])
        return self._parts[index:]

    def build(self, kind: str) -> Block:
        """Return the block."""
        while self._stack:
            entry = self._stack.pop()
            self._tags.insert(entry.order, Tag((entry.start, entry.start), "stray", entry.raw))
        text, tags = _collapse("".join(self._parts), self._tags)
        return Block(text, kind, ordered(_tighten(text, tags)))


def _joins_backwards(char: str) -> bool:
    """Say whether NFC may merge the character with the one before it (marks, Hangul vowels and finals)."""
    return unicodedata.category(char)[0] == "M" or "\u1160" <= char <= "\u11ff"


def tidy(block: Block) -> Block:
    """Return a block as reading makes it, whatever a translation put into it: clean text, tags in order.

    Tags that enclose nothing are left out.
    """
    kept = [at for at, char in enumerate(block.text) if ord(char) not in _REMOVED]
    text = "".join(block.text[at] for at in kept).translate(_SPACING)
    tags = [
        replace(tag, span=(bisect_left(kept, tag.span[0]), bisect_left(kept, tag.span[1])))
        for tag in block.markup
    ]
    text, tags = _collapse(text, [tag for tag in tags if not is_object(tag) or not tag.close])
    tags = [tag for tag in _tighten(text, tags) if not is_object(tag) or not tag.close]
    return replace(block, text=text, markup=ordered(tags))


class _Collapser:
    """Collapses white space piece by piece; see `_collapse`."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.last = "\n"

    def add(self, piece: str) -> bool:
        """Add a piece of text; say whether its first character was a space that fell away."""
        fell = bool(piece) and piece[0] == " " and self.last in (" ", "\n")
        for char in piece:
            if char == " " and self.last in (" ", "\n"):
                continue
            if char == "\n" and self.last == " ":
                self.parts[-1] = ""
            self.parts.append(char)
            self.last = char
        return fell


def _collapse(text: str, tags: Sequence[Tag]) -> tuple[str, list[Tag]]:
    """Collapse white space and normalise across the borders of tags; return text and tags with spans moved
    along.

    Where an object has a space on either side, one stays in the text and the object takes the other along;
    where a closing mark follows it, it takes the space before it.
    """
    moved = {at: _safe(text, at) for tag in tags for at in tag.span}
    objects = {moved[tag.span[0]]: order for order, tag in enumerate(tags) if is_object(tag)}
    borders = sorted({0, len(text), *moved.values()})
    tags, out, index = list(tags), _Collapser(), {}
    for start, end in itertools.pairwise([*borders, len(text)]):
        index[start] = len(out.parts)
        if out.add(nfc(text[start:end])) and start in objects:
            tag = tags[objects[start]]
            tags[objects[start]] = replace(tag, open=tag.open + " ")
    index[len(text)] = len(out.parts)
    place = [0, *itertools.accumulate(map(len, out.parts))]
    spans = [(place[index[moved[tag.span[0]]]], place[index[moved[tag.span[1]]]]) for tag in tags]
    placed = [replace(tag, span=span) for tag, span in zip(tags, spans, strict=True)]
    return _strip(*_close_up("".join(out.parts), placed))


def _close_up(text: str, tags: Sequence[Tag]) -> tuple[str, list[Tag]]:
    """Give the space before an object to the object where a closing mark follows: it would dangle there."""
    gone: set[int] = set()
    tags = list(tags)
    for order, tag in enumerate(tags):
        at = tag.span[0]
        if not is_object(tag) or text[at - 1 : at] != " " or tag.open.endswith(" ") or at - 1 in gone:
            continue
        if at > 1 and _CLOSING.match(text, at):
            gone.add(at - 1)
            tags[order] = replace(tag, open=" " + tag.open.lstrip(" "))
    if not gone:
        return text, tags
    cuts = sorted(gone)
    kept = "".join(char for at, char in enumerate(text) if at not in gone)

    def moved(at: int) -> int:
        return at - bisect_left(cuts, at)

    return kept, [replace(tag, span=(moved(tag.span[0]), moved(tag.span[1]))) for tag in tags]


def _safe(text: str, at: int) -> int:
    """Return the next position at which NFC does not merge characters across it."""
    while at < len(text) and _joins_backwards(text[at]):
        at += 1
    return at


def _strip(text: str, tags: Sequence[Tag]) -> tuple[str, list[Tag]]:
    """Cut white space off both ends; an object after the last space of the text takes that space along."""
    body = text.strip()
    lead = len(text) - len(text.lstrip())
    if text.endswith(" "):
        for order, tag in enumerate(tags):
            if is_object(tag) and tag.span[0] == len(text):
                tags = [*tags[:order], replace(tag, open=" " + tag.open), *tags[order + 1 :]]
                break
    limit = len(body)
    return body, [
        replace(tag, span=(min(max(tag.span[0] - lead, 0), limit), min(max(tag.span[1] - lead, 0), limit)))
        for tag in tags
    ]


def _tighten(text: str, tags: Iterable[Tag]) -> Iterator[Tag]:
    """Move white space out of the edges of tags; one around only stray combining marks is left out."""
    for tag in tags:
        start, end = tag.span
        if is_object(tag):
            yield tag
            continue
        while start < end and (text[start].isspace() or _joins_backwards(text[start])):
            start += 1
        while end > start and text[end - 1].isspace():
            end -= 1
        if start < end:
            yield replace(tag, span=(start, end))


def serialise(block: Block, escape: Callable[[str], str], breaks: Callable[[], str]) -> str:
    """Return the source text of a block: text through `escape`, line breaks from `breaks`, tags around.

    Tags that cross are made to nest by cutting the inner one short.
    """
    out: list[str] = []
    stack: list[tuple[int, str]] = []
    done = 0

    def text_until(end: int) -> None:
        nonlocal done
        for number, line in enumerate(block.text[done:end].split("\n")):
            if number:
                out.append(breaks())
            out.append(escape(line))
        done = max(done, end)

    def close_until(limit: int) -> None:
        while stack and stack[-1][0] <= limit:
            end, raw = stack.pop()
            text_until(end)
            out.append(raw)

    for tag in ordered(block.markup):
        start, end = tag.span
        close_until(start)
        text_until(start)
        out.append(tag.open)
        if not is_object(tag):
            stack.append((min(end, stack[-1][0]) if stack else end, tag.close))
    close_until(len(block.text))
    text_until(len(block.text))
    return "".join(out)
