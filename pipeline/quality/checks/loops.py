"""Repetition: a decoder that has lost its way says the same words over and over."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from corpora.records import Flag, Severity, Span
from pipeline.quality.checks.pair import Pair

_TOKEN = re.compile(r"[\u3400-\u9fff\u3040-\u30ff]|[^\W\u3400-\u9fff\u3040-\u30ff]+")
_MOST_TOKENS = 24
_LETTERS = re.compile(r"([^\W\d_])\1{4,}")


@dataclass(frozen=True, slots=True)
class Loop:
    """A unit of `size` tokens that stands `times` times in a row, at `span` of the text."""

    size: int
    times: int
    span: Span
    unit: str


def longest_loop(text: str) -> Loop | None:
    """Return the loop that covers most tokens; None where no two neighbouring runs of tokens are equal."""
    matches = list(_TOKEN.finditer(text))
    tokens = [match[0].casefold() for match in matches]
    best: Loop | None = None
    for size in _periods(tokens):
        start = 0
        while start + 2 * size <= len(tokens):
            equal = start + size
            while equal < len(tokens) and tokens[equal] == tokens[equal - size]:
                equal += 1
            times = (equal - start) // size
            if times >= 2 and (best is None or _weight(size, times) > _weight(best.size, best.times)):
                end = start + size * times
                span = (matches[start].start(), matches[end - 1].end())
                unit = text[matches[start].start() : matches[start + size - 1].end()]
                best = Loop(size, times, span, unit)
            start = equal - size + 1
    return best


def _periods(tokens: list[str]) -> list[int]:
    """Return how far apart equal tokens stand, for these are the only sizes a loop can have."""
    places: dict[str, list[int]] = {}
    found: set[int] = set()
    for i, token in enumerate(tokens):
        before = places.setdefault(token, [])
        for place in reversed(before):
            if i - place > _MOST_TOKENS:
                break
            found.add(i - place)
        before.append(i)
    return sorted(found)


def _weight(size: int, times: int) -> tuple[int, int]:
    return size * (times - 1), -size


def repetition(pair: Pair) -> Iterator[Flag]:
    """A word, phrase or sentence again and again, where the source does not repeat itself likewise."""
    loop = longest_loop(pair.target)
    severity = _severity(loop, pair.lang) if loop else None
    if loop and severity:
        own = longest_loop(pair.source)
        if own is None or own.times < loop.times - 1:
            unit = loop.unit if len(loop.unit) <= 40 else loop.unit[:39] + "…"
            yield Flag("repetition", severity, f"“{unit}” stands {loop.times} times in a row", loop.span)
            return
    stretched = _LETTERS.search(pair.target)
    if stretched and not _LETTERS.search(pair.source):
        yield Flag("repetition", "warning", f"“{stretched[0][:20]}” repeats one letter", stretched.span())


def _severity(loop: Loop, lang: str) -> Severity | None:
    """Say how sure a loop is: languages double words (қайта-қайта, 看看), none says a phrase three times."""
    if loop.unit.isdigit():
        return None
    characters = len(loop.unit)
    if lang == "zh":
        if loop.size == 1:
            return "error" if loop.times >= 5 else "warning" if loop.times == 4 else None
        if loop.times == 2:
            return "error" if loop.size >= 8 else "warning" if loop.size >= 5 else None
        return "error" if loop.times >= 4 or characters >= 4 else "warning"
    if loop.times == 2:
        return "error" if loop.size >= 5 else "warning" if loop.size >= 3 else None
    if loop.size == 1:
        return "error" if loop.times >= 4 else "warning"
    return "error"
