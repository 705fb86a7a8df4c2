"""English sentences taken apart into words, each with what its capital is worth."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpora.records import Span
from glossary.folding import fold
from glossary.suggestion.words import KEPT_POSSESSIVES, PARTICLES

_TOKEN = re.compile(
    r"(?P<link>\S*(?:://|www\.|@)\S*)"
    r"|(?P<word>(?:[^\W\d_]\.){2,}|[^\W_](?:\w|['-](?=\w)|(?<=[A-Z])[&/](?=[A-Z][A-Z]))*)"
    r"|(?P<mark>\S)"
)
_ACRONYM = re.compile(r"[A-Z][A-Z0-9&/-]*[A-Z0-9]|(?:[A-Z]\.){2,}")
_CONTRACTION = re.compile(r"'(?:d|ll|ve|re|m)$|n't$", re.IGNORECASE)
_OPENING = frozenset("\"'(:•*|>[")
_STOPS = frozenset(".!?…")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a segment.

    Attributes:
        text: as written, without possessive and contraction.
        span: of `text`, in the even text.
        possessive: it had an ending `'s` or `'`.
        first: its capital says nothing, because of where it stands.
        gap: what stands between the word before and this one.
    """

    text: str
    span: Span
    possessive: bool
    first: bool
    gap: str

    @property
    def capital(self) -> bool:
        """Tell whether it begins with a capital."""
        return self.text[0].isupper()

    @property
    def acronym(self) -> bool:
        """Tell whether it is written in capitals."""
        return len(self.text) > 1 and _ACRONYM.fullmatch(self.text) is not None


@dataclass(frozen=True, slots=True)
class Line:
    """A segment taken apart. `heading`: its capitals say nothing (Title Case, ALL CAPS, a caption's name)."""

    text: str
    words: tuple[Word, ...]
    heading: bool


def read_line(text: str) -> Line:
    """Take a segment apart."""
    even = fold(text).plain
    words = tuple(_words(even))
    return Line(even, words, _is_heading(even, words))


def _words(even: str) -> Iterator[Word]:
    last, first, before = 0, True, ""
    for match in _TOKEN.finditer(even):
        if match["mark"]:
            mark = match["mark"]
            opens = mark in _OPENING and not (mark == "'" and before.isalnum())
            first = first or mark in _STOPS or opens
            before = mark
        elif match["word"] and match["word"][0].isalpha():
            for word in _parted(match["word"], match.start("word"), even):
                yield Word(word[0], word[1], word[2], first, even[last : word[1][0]])
                last = word[1][1] + (2 if word[2] else 0)
                first, before = False, word[0][-1]
        else:
            first = first and match["word"] is not None
            before = match.group()[-1]


def _parted(token: str, start: int, even: str) -> Iterator[tuple[str, Span, bool]]:
    """Yield the words in a token, with span and possessive: anti-China has China, Russia-led has Russia."""
    body, possessive = token, False
    if token.lower() not in KEPT_POSSESSIVES:
        if body.endswith(("'s", "'S")):
            body, possessive = body[:-2], True
        elif body.endswith("s") and even[start + len(body) : start + len(body) + 2].strip() == "'":
            possessive = True
        body = _CONTRACTION.sub("", body) or body
    parts = body.split("-")
    if len(parts) > 1 and not body.isupper():
        while len(parts) > 1 and parts[-1].islower() and len(parts[-1]) > 2:
            parts.pop()
        skipped = 0
        if parts[0].islower() and parts[0] not in PARTICLES:
            while len(parts) > 1 and parts[0].islower():
                skipped += len(parts.pop(0)) + 1
        body, start = "-".join(parts), start + skipped
    yield body, (start, start + len(body)), possessive


def _is_heading(even: str, words: Sequence[Word]) -> bool:
    letters = [letter for letter in even if letter.isalpha()]
    if sum(map(str.isupper, letters)) > 0.6 * len(letters) and len(letters) > 8:
        return True
    long = [word for word in words if len(word.text) > 3 or word.capital]
    capitals = sum(word.capital for word in long)
    ended = even.rstrip("\"') ")[-1:] in (".", "…") and len(words) > 1
    return not ended and len(long) > 0 and capitals >= max(1, 0.7 * len(long))
