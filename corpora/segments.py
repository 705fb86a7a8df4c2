"""Sentences: split text, cut blocks into segments, join translated segments into blocks again."""

from __future__ import annotations

import bisect
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from corpora.languages import LANGUAGES
from corpora.records import Block, Segment, Span, Tag
from corpora.segmentation.boundaries import boundaries
from corpora.tags import is_object, ordered, shifted

_LINE = re.compile(r"[^\r\n]+")
_INK = re.compile(r"[^\W_]")


def split(text: str, lang: str) -> list[Span]:
    """Return the spans of the sentences of a text, in order, without the white space around them.

    Every character that is not white space lies in exactly one span. A line end is always a boundary.

    Args:
        text: any text.
        lang: its language; a language without tables is split by the general rules.
    """
    return [span for line in _LINE.finditer(text) for span in _split_line(text, line.span(), lang)]


def _split_line(text: str, line: Span, lang: str) -> list[Span]:
    """Return the spans of one line. What has neither letter nor digit is never a sentence of its own."""
    start, end = line
    cuts = [(start + left, start + right) for left, right in boundaries(text[start:end], lang)]
    begins = [start, *(right for _, right in cuts)]
    finishes = [*(left for left, _ in cuts), end]
    spans: list[Span] = []
    for raw in zip(begins, finishes, strict=True):
        span = _trim(text, *raw)
        if span is None:
            continue
        bare = not _INK.search(text, *span)
        if spans and (bare or not _INK.search(text, *spans[-1])):
            spans[-1] = (spans[-1][0], span[1])
        else:
            spans.append(span)
    return spans


def _trim(text: str, start: int, end: int) -> Span | None:
    """Return the span without white space at its ends, None if nothing is left."""
    body = text[start:end]
    left = start + len(body) - len(body.lstrip())
    right = start + len(body.rstrip())
    return (left, right) if left < right else None


def segment(document: str, blocks: Sequence[Block], lang: str) -> list[Segment]:
    """Return the segments of a document's blocks, each with its part of the markup.

    Args:
        document: name of the document, the first part of every id.
        blocks: in order; the position of a block is the second part of the id.
        lang: the language they are in.
    """
    return [
        Segment(f"{document}:{index}:{number}", block.text[span[0] : span[1]], markup)
        for index, block in enumerate(blocks)
        for number, (span, markup) in enumerate(_cut(block, split(block.text, lang)))
    ]


def _cut(block: Block, spans: Sequence[Span]) -> list[tuple[Span, tuple[Tag, ...]]]:
    """Return each sentence span with the tags on it, in the sentence's own offsets.

    A tag over several sentences is on each of them. An object between two sentences goes with the earlier
    one, unless the later begins right there.
    """
    parts: list[list[Tag]] = [[] for _ in spans]
    lefts = [left for left, _ in spans]
    for tag in block.markup if spans else ():
        start, end = tag.span
        number = max(bisect.bisect_right(lefts, start) - 1, 0)
        if is_object(tag):
            left, right = spans[number]
            at = min(max(start, left), right) - left
            parts[number].append(replace(tag, span=(at, at)))
            continue
        while number < len(spans) and lefts[number] < end:
            left, right = spans[number]
            if start < right:
                parts[number].append(replace(tag, span=(max(start, left) - left, min(end, right) - left)))
            number += 1
    return [(span, tuple(tags)) for span, tags in zip(spans, parts, strict=True)]


def assemble(
    blocks: Sequence[Block],
    segments: Sequence[Segment],
    translated: Mapping[str, tuple[str, tuple[Tag, ...]]],
    lang: str,
) -> list[Block]:
    """Return the blocks with their segments replaced by translations; the inverse of `segment`.

    Sentences are joined as the target language does, a space or nothing; line breaks stay. A tag that lay on
    several sentences becomes one again where its parts meet.

    Args:
        blocks: the source blocks.
        segments: what `segment` made of them, all, in order.
        translated: text and markup for each segment id; ids of other documents are ignored.
        lang: the target language.

    Raises:
        ValueError: a segment has no translation, or the segments are not those of the blocks.
    """
    missing = [part.id for part in segments if part.id not in translated]
    if missing:
        raise ValueError(
            f"{len(missing)} of {len(segments)} segments have no translation, the first is {missing[0]}"
        )
    groups: dict[int, list[Segment]] = {}
    for part in segments:
        groups.setdefault(part.paragraph, []).append(part)
    if any(index >= len(blocks) for index in groups):
        raise ValueError(f"the segments belong to more than the {len(blocks)} blocks given")
    return [_join(block, groups.get(index, []), translated, lang) for index, block in enumerate(blocks)]


def _join(
    block: Block, parts: Sequence[Segment], translated: Mapping[str, tuple[str, tuple[Tag, ...]]], lang: str
) -> Block:
    """Return one block of translated sentences."""
    spans = _locate(block, parts)
    if not spans:
        return block
    text = ""
    tags: list[Tag] = []
    for number, part in enumerate(parts):
        words, markup = translated[part.id]
        added = list(markup)
        if number:
            left, right = spans[number - 1][1], spans[number][0]
            before, text = len(text), text + _separator(block.text[left:right], lang)
            if bridging := _bridging(block, left, right):
                _merge(tags, added, bridging, before, len(text))
        tags += [shifted(tag, len(text)) for tag in added]
        text += words
    return replace(block, text=text, markup=ordered(tags))


def _merge(tags: list[Tag], added: list[Tag], bridging: list[Tag], end: int, start: int) -> None:
    """Join tags that end with a sentence, at `end`, to their continuations in the next one, from `start` on.

    Only tags that were one in the source are joined: those of `bridging`.
    """
    ending = [index for index, tag in enumerate(tags) if tag.span[1] == end and not is_object(tag)]
    for source in bridging:
        first = next((index for index in ending if _same(tags[index], source)), None)
        second = next((tag for tag in added if tag.span[0] == 0 < tag.span[1] and _same(tag, source)), None)
        if first is not None and second is not None:
            tags[first] = replace(tags[first], span=(tags[first].span[0], start + second.span[1]))
            ending.remove(first)
            added.remove(second)


def _same(one: Tag, other: Tag) -> bool:
    return (one.kind, one.open, one.close) == (other.kind, other.open, other.close)


def _locate(block: Block, parts: Sequence[Segment]) -> list[Span]:
    """Return where the segments stand in the block.

    Raises:
        ValueError: they do not make up the block.
    """
    spans, done = [], 0
    for part in parts:
        at = block.text.find(part.text, done)
        if at < 0 or block.text[done:at].strip():
            raise ValueError(f"segment {part.id} does not belong to its block")
        done = at + len(part.text)
        spans.append((at, done))
    if block.text[done:].strip():
        raise ValueError("the segments of a block do not cover it")
    return spans


def _separator(source: str, lang: str) -> str:
    """Return what stands between two sentences: line breaks as in the source, else as the target does."""
    if "\n" in source:
        return source
    if lang in LANGUAGES and not LANGUAGES[lang].spaced:
        return ""
    return source or " "


def _bridging(block: Block, left: int, right: int) -> list[Tag]:
    """Return the tags that lie on both sides of a gap between sentences."""
    return [tag for tag in block.markup if tag.span[0] < left and right < tag.span[1]]
