"""Places the inline markup of a source sentence on its translation, and says what could not be placed.

Evidence, the strongest first: a tag around the whole sentence; a label before a colon; the tagged words
standing in the translation as they are; anchors (pairs of spans known to correspond: glossary terms, word
alignment), to which numbers and Latin words found on both sides are added. What has no evidence is not
guessed: emphasis is left out and flagged. A link is never lost, an object (image, code, note) neither: they
go to the likeliest place and are flagged.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from corpora.languages import LANGUAGES
from corpora.records import Flag, Segment, Severity, Span, Tag
from corpora.tags import is_object, ordered

Anchor = tuple[Span, Span]

LINKS = frozenset({"a", "link"})
# the share of a tag's letters and digits that anchors must cover for the tag to follow them
ENOUGH = 0.5
LONGEST_LABEL = 60

_NAMES = {"a": "a link", "link": "a link", "img": "an image", "image": "an image"}
_INSIDE_WORD = re.compile(r"[\w-][\w-]")
_INK = re.compile(r"[^\W_]")
_WORD = re.compile(r"[^\W_]+(?:[’'.-][^\W_]+)*")
_TOKEN = re.compile(r"https?://[^\s<>\"]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|\d+(?:[.,:]\d+)*|[A-Za-z][A-Za-z0-9]+")
_COLON = re.compile(r"[:：]")
_ENDING = re.compile(r"[\s.!?…؟۔。！？:：;؛,،，\"'”’»)\]）」』]*\Z")
_BEGINNING = re.compile(r"[\s\"'“‘«(\[（「『¿¡–—-]*")


@dataclass(frozen=True, slots=True)
class _Placed:
    """A tag with its place in the target, None without one. `sure` where no flag is needed."""

    tag: Tag
    span: Span | None
    sure: bool = True


def project(
    segment: Segment, target: str, lang: str, anchors: Sequence[Anchor]
) -> tuple[tuple[Tag, ...], tuple[Flag, ...]]:
    """Return the source's tags on the translation, well nested, and flags for what is lost or uncertain.

    Args:
        segment: the source sentence with its markup.
        target: its translation.
        lang: the target language.
        anchors: pairs (source span, target span) that correspond.

    Returns:
        Tags with spans of `target`, in the order of `corpora.tags.ordered`; flags `markup-lost` and
        `markup-moved`.
    """
    if not segment.markup or target == segment.text:
        return ordered(segment.markup), ()
    known = [*_within(anchors, segment.text, target), *_verbatim(segment.text, target)]
    around = [tag for tag in ordered(segment.markup) if not is_object(tag)]
    placed = [_Placed(tag, _place(tag, segment.text, target, known)) for tag in around]
    placed = _rescue_links(_nested(placed), segment.text, target)
    tags = [replace(item.tag, span=item.span) for item in placed if item.span]
    flags = [flag for item in placed for flag in _flags(item, segment.text)]
    for tag in segment.markup:
        if is_object(tag):
            moved, sure = _put_object(tag, segment.text, target, lang, known)
            tags.append(moved)
            if not sure:
                flags.append(Flag("markup-moved", "info", f"check the place of {_name(tag)}", moved.span))
    return ordered(tags), tuple(flags)


def _name(tag: Tag) -> str:
    """Return what to call a tag in a message."""
    return _NAMES.get(tag.kind, repr(tag.kind))


def _flags(item: _Placed, source: str) -> Iterator[Flag]:
    """Yield the flag of a tag that was lost or moved."""
    what = f"{_name(item.tag)} around {source[item.tag.span[0] : item.tag.span[1]]!r}"
    if item.span is None:
        severity: Severity = "error" if item.tag.kind in LINKS else "warning"
        yield Flag("markup-lost", severity, f"{what} has no place in the translation")
    elif not item.sure:
        yield Flag("markup-moved", "warning", f"check the place of {what}", item.span)


def _within(anchors: Iterable[Anchor], source: str, target: str) -> Iterator[Anchor]:
    """Yield the anchors that are not empty and lie inside both texts."""
    for (a, b), (c, d) in anchors:
        if 0 <= a < b <= len(source) and 0 <= c < d <= len(target):
            yield (a, b), (c, d)


def _verbatim(source: str, target: str) -> Iterator[Anchor]:
    """Yield anchors for numbers, addresses and Latin words that stand exactly once on either side."""
    here, there = _unique(source), _unique(target)
    yield from ((here[token], there[token]) for token in here.keys() & there.keys())


def _unique(text: str) -> dict[str, Span]:
    """Return the spans of the tokens that occur once."""
    found: dict[str, list[Span]] = {}
    for match in _TOKEN.finditer(text):
        found.setdefault(match[0].rstrip(".,:;"), []).append(
            (match.start(), match.start() + len(match[0].rstrip(".,:;")))
        )
    return {token: spans[0] for token, spans in found.items() if len(spans) == 1 and token}


def _place(tag: Tag, source: str, target: str, anchors: Sequence[Anchor]) -> Span | None:
    """Return where a tag goes, by the first evidence that speaks."""
    start, end = tag.span
    if not _INK.search(source, 0, start) and not _INK.search(source, end):
        return _whole(source[end:], target)
    if not _INK.search(source, 0, start) and (label := _label(source, end, target)):
        return label
    return _as_it_is(source[start:end], source, target) or _by_anchors(tag.span, source, anchors)


def _whole(rest: str, target: str) -> Span | None:
    """Return the whole target; without its final punctuation if the source's was outside of the tag."""
    start = len(target) - len(target.lstrip())
    end = len(target.rstrip())
    if rest.strip() and (match := _ENDING.search(target)):
        end = match.start()
    return (start, end) if start < end else None


def _label(source: str, end: int, target: str) -> Span | None:
    """Return the target's words before its first colon, if the tag holds those before the source's."""
    here, there = _COLON.search(source), _COLON.search(target)
    if not here or not there or not 0 < there.start() <= LONGEST_LABEL:
        return None
    if here.end() == end:
        return 0, there.end()
    return (0, there.start()) if here.start() == end else None


def _as_it_is(words: str, source: str, target: str) -> Span | None:
    """Return where the tagged words stand in the target as they are, once on either side."""
    if source.count(words) != 1 or target.count(words) != 1:
        return None
    at = target.index(words)
    before, after = target[at - 1 : at], target[at + len(words) : at + len(words) + 1]
    inside = (before.isalnum() and words[0].isalnum()) or (after.isalnum() and words[-1].isalnum())
    wide = any("\u2e80" <= char <= "\u9fff" for char in before + after)
    return None if inside and not wide else (at, at + len(words))


def _by_anchors(span: Span, source: str, anchors: Sequence[Anchor]) -> Span | None:
    """Return the hull of the tag's anchors, if they cover enough of it and no other lies within."""
    start, end = span
    around = [there for (a, b), there in anchors if a <= start and end <= b]
    if around:
        return min(around, key=lambda there: there[1] - there[0])
    inside = [(here, there) for here, there in anchors if start <= here[0] and here[1] <= end]
    if not inside or _covered(span, source, [here for here, _ in inside]) < ENOUGH:
        return None
    low = min(there[0] for _, there in inside)
    high = max(there[1] for _, there in inside)
    strangers = [there for here, there in anchors if here[1] <= start or end <= here[0]]
    return None if any(low < d and c < high for c, d in strangers) else (low, high)


def _covered(span: Span, source: str, spans: Sequence[Span]) -> float:
    """Return the share of the letters and digits of a span that lie in others."""
    ink = [at for at in range(*span) if source[at].isalnum()]
    return sum(any(a <= at < b for a, b in spans) for at in ink) / max(len(ink), 1)


def _nested(placed: Sequence[_Placed]) -> list[_Placed]:
    """Return the tags such that they nest as in the source; one that does not fit loses its place.

    Tags come in source order, the outer before the inner.
    """
    kept: list[_Placed] = []
    for item in placed:
        span = item.span
        for other in kept:
            if span is None or other.span is None:
                continue
            outer = other.tag.span[0] <= item.tag.span[0] and item.tag.span[1] <= other.tag.span[1]
            if outer:
                span = _clip(span, other.span)
            elif span[0] < other.span[1] and other.span[0] < span[1]:
                span = None
        kept.append(replace(item, span=span))
    return kept


def _clip(span: Span, outer: Span) -> Span | None:
    """Return the part of a span inside another."""
    start, end = max(span[0], outer[0]), min(span[1], outer[1])
    return (start, end) if start < end else None


def _rescue_links(placed: Sequence[_Placed], source: str, target: str) -> list[_Placed]:
    """Give a place to links without one: the sentence for an only link, else a word near by."""
    items = list(placed)
    links = [item for item in items if item.tag.kind in LINKS]
    for index, item in enumerate(items):
        if item.span is not None or item.tag.kind not in LINKS:
            continue
        span = _whole("", target) if len(links) == 1 else _free_words(item.tag, items, source, target)
        items[index] = replace(item, span=span, sure=False)
    return items


def _free_words(tag: Tag, items: Sequence[_Placed], source: str, target: str) -> Span | None:
    """Return the word nearest to the proportional place of a tag that no other tag lies on."""
    taken = [item.span for item in items if item.span]
    middle = (tag.span[0] + tag.span[1]) / 2 / max(len(source), 1) * len(target)
    words = [match.span() for match in _WORD.finditer(target)]
    free = [word for word in words if not any(word[0] < end and start < word[1] for start, end in taken)]
    return min(free, key=lambda word: abs((word[0] + word[1]) / 2 - middle), default=None)


def _put_object(tag: Tag, source: str, target: str, lang: str, anchors: Sequence[Anchor]) -> tuple[Tag, bool]:
    """Return an object at its place in the target, with the spaces it needs; say whether that is sure."""
    at = tag.span[0]
    left = tag.open.startswith(" ") or source[at - 1 : at] in ("", " ")
    right = tag.open.endswith(" ") or source[at : at + 1] in ("", " ")
    place, sure = _object_place(at, source, target, anchors)
    raw = tag.open.strip(" ")
    if lang in LANGUAGES and not LANGUAGES[lang].spaced:
        return replace(tag, open=raw, span=(place, place)), sure
    if not sure or _INSIDE_WORD.fullmatch(target[max(place - 1, 0) : place + 1]):
        place = _word_border(target, place, after=not left)
    before, after = target[max(place - 1, 0) : place], target[place : place + 1]
    if left and before and not before.isspace():
        raw = " " + raw
    if right and after and not after.isspace() and not _ENDING.fullmatch(after):
        raw += " "
    return replace(tag, open=raw, span=(place, place)), sure


def _object_place(at: int, source: str, target: str, anchors: Sequence[Anchor]) -> tuple[int, bool]:
    """Return where an object goes (an edge, an anchor, else in proportion), and whether that is sure."""
    if not _INK.search(source, 0, at):
        match = _BEGINNING.match(target)
        return (0 if at == 0 or not match else match.end()), True
    if not _INK.search(source, at):
        match = _ENDING.search(target)
        return (len(target) if at == len(source) or not match else match.start()), True
    for (a, b), (c, d) in anchors:
        if b <= at and not source[b:at].strip():
            return d, True
        if at <= a and not source[at:a].strip():
            return c, True
    return round(at / max(len(source), 1) * len(target)), False


def _word_border(target: str, near: int, *, after: bool) -> int:
    """Return the border of a word nearest to a place: its end, or its beginning."""
    borders = [match.end() if after else match.start() for match in _WORD.finditer(target)]
    return min(borders, key=lambda border: abs(border - near), default=len(target))
