"""Repetition: a decoder that has lost its way says the same words over and over."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpora.records import Flag, Severity, Span
from pipeline.quality.checks.pair import Pair

_TOKEN = re.compile(r"[\u3400-\u9fff\u3040-\u30ff]|[^\W\u3400-\u9fff\u3040-\u30ff]+")
_MOST_TOKENS = 24  # of a unit that is sought by each of its words
_SEED = 8  # words in a row by which a longer unit is sought
_SHOWN = 40
# within a word, or without one: (pattern, what it repeats, times from which no writer means it)
_STUTTERS: tuple[tuple[re.Pattern[str], str, int], ...] = (
    (re.compile(r"([^\W\d_])\1{4,}"), "one letter", 12),
    (re.compile(r"([^\W\d_]{2,6}?)\1{4,}"), "one syllable", 8),
    (re.compile(r"([^\w\s]|_)\1{19,}"), "one sign", 30),
)


@dataclass(frozen=True, slots=True)
class Loop:
    """A unit of `size` tokens that stands `times` times in a row, at `span` of the text."""

    size: int
    times: int
    span: Span
    unit: str

    @property
    def weight(self) -> tuple[int, int]:
        """How much of the text says nothing new; of equal loops the one with the smaller unit is ahead."""
        return self.size * (self.times - 1), -self.size


def loops(text: str) -> list[Loop]:
    """Return the heaviest loop of each size of unit, the heaviest first.

    Units of up to 24 tokens are found whatever they are; longer ones where 8 tokens in a row stand twice. A
    token is a word, or a Chinese or Japanese character.
    """
    matches = list(_TOKEN.finditer(text))
    tokens = [match[0].casefold() for match in matches]
    found: dict[int, Loop] = {}
    runs = [run for size in _periods(tokens) for run in _runs(tokens, size)]
    for size, start, times in (*runs, *_long_runs(tokens)):
        end = start + size * times
        span = (matches[start].start(), matches[end - 1].end())
        unit = text[matches[start].start() : matches[start + size - 1].end()]
        loop = Loop(size, times, span, unit)
        if size not in found or loop.weight > found[size].weight:
            found[size] = loop
    return sorted(found.values(), key=lambda loop: loop.weight, reverse=True)


def _runs(tokens: Sequence[str], size: int) -> Iterator[tuple[int, int, int]]:
    """Yield (size, start, times) wherever tokens repeat at a distance."""
    start = 0
    while start + 2 * size <= len(tokens):
        equal = start + size
        while equal < len(tokens) and tokens[equal] == tokens[equal - size]:
            equal += 1
        times = (equal - start) // size
        if times >= 2:
            yield size, start, times
        start = equal - size + 1


def _periods(tokens: Sequence[str]) -> list[int]:
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


def _long_runs(tokens: Sequence[str]) -> Iterator[tuple[int, int, int]]:
    """Yield (size, start, times) of units too long to be sought by each word."""
    if len(tokens) < 2 * _MOST_TOKENS:
        return
    last: dict[tuple[str, ...], int] = {}
    until = 0
    for i in range(len(tokens) - _SEED + 1):
        seed = tuple(tokens[i : i + _SEED])
        start = last.get(seed, i)
        last[seed] = i
        size = i - start
        if size <= _MOST_TOKENS or i < until:
            continue
        equal = i
        while equal < len(tokens) and tokens[equal] == tokens[equal - size]:
            equal += 1
        until = equal - _SEED + 1
        if equal - start >= 2 * size:
            yield size, start, (equal - start) // size


def repetition(pair: Pair) -> Iterator[Flag]:
    """A word, phrase or sentence again and again, where the source does not repeat itself likewise."""
    own: list[Loop] | None = None
    for loop in loops(pair.target):
        severity = _severity(loop, pair.lang)
        if not severity:
            continue
        own = loops(pair.source) if own is None else own
        if not any(_like(one, loop) for one in own):
            unit = loop.unit if len(loop.unit) <= _SHOWN else loop.unit[: _SHOWN - 1] + "…"
            yield Flag("repetition", severity, f"“{unit}” stands {loop.times} times in a row", loop.span)
            return
    yield from _stutters(pair)


def _like(own: Loop, loop: Loop) -> bool:
    """Tell whether the source repeats itself as the translation does; figures excuse no words."""
    words = any(letter.isalpha() for letter in own.unit)
    return words and own.times >= loop.times - 1 and 3 * len(own.unit) >= len(loop.unit)


def _stutters(pair: Pair) -> Iterator[Flag]:
    for pattern, what, sure in _STUTTERS:
        found = pattern.search(pair.target)
        if found and not pattern.search(pair.source):
            severity: Severity = "error" if len(found[0]) // len(found[1]) >= sure else "warning"
            yield Flag("repetition", severity, f"“{found[0][:20]}” repeats {what}", found.span())
            return


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
