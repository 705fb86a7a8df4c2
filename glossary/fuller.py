"""When a fuller name may stand for the one in the source: `Дональд Трамп` for *Trump*.

A rendering inside a longer one is another name as a rule (*Xinjiang* is not the *Xinjiang Production and
Construction Corps*), and only two things make it the same one. A person's surname means the one person of
the glossary who bears it, or one whom the source names in full. A place is named in full where the source
has the rest of the fuller name apart from it (*the prefecture of Altay*: `Алтай аймағы`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from glossary.english import spoken_of
from glossary.matching import Match
from glossary.terms import Glossary, Term

# what tells a son from his father: the fuller name is another person's
_GENERATIONS = frozenset(("jr", "sr", "junior", "senior", "ii", "iii", "iv", "père", "fils"))
Words = tuple[str, ...]


class Fuller:
    """Tells of one source text which terms may stand for which, by their indices in the glossary."""

    def __init__(self, glossary: Glossary, source: str, matches: Sequence[Match]) -> None:
        self._glossary = glossary
        self._named = {match.term.id for match in matches}
        self._outside = _blanked(source, matches)

    def stands_for(self, longer: int, term: int) -> bool:
        """Tell whether the rendering of the longer term may stand for the other term."""
        other, bare = self._glossary.terms[longer], self._glossary.terms[term]
        if bare.type == "person" and other.type == "person":
            return self._same_person(other, bare)
        return bare.type == "place" and other.type == "place" and self._same_place(other, bare)

    def _same_person(self, longer: Term, bare: Term) -> bool:
        if longer.gender and bare.gender and longer.gender != bare.gender:
            return False
        if longer.id in self._named:
            return any(
                name[: len(part)] == part or name[-len(part) :] == part
                for name, part in _pairs(longer, bare)
                if _GENERATIONS.isdisjoint(name)
            )
        bearers = _bearers(self._glossary)
        ids = {one for name in bare.names for one in bearers.get(_words(name), frozenset())} - {bare.id}
        return ids == {longer.id}

    def _same_place(self, longer: Term, bare: Term) -> bool:
        rests = (
            " ".join(word for word in name if word not in part)
            for name, part in _pairs(longer, bare)
            if set(part) < set(name)
        )
        return spoken_of((rest for rest in rests if rest), self._outside)


def _pairs(longer: Term, bare: Term) -> list[tuple[Words, Words]]:
    pairs = ((_words(name), _words(part)) for name in longer.names for part in bare.names)
    return [(name, part) for name, part in pairs if part and len(part) < len(name)]


def _words(name: str) -> Words:
    return tuple(re.findall(r"[\w'’-]+", name.lower()))


def _blanked(source: str, matches: Sequence[Match]) -> str:
    """Return the source without the terms found in it."""
    letters = list(source)
    for match in matches:
        start, end = match.span
        letters[start:end] = " " * (end - start)
    return "".join(letters)


@lru_cache(maxsize=64)
def _bearers(glossary: Glossary) -> dict[Words, frozenset[str]]:
    """Return the ids of the people of each surname: every proper ending of their names."""
    found: dict[Words, set[str]] = {}
    for term in glossary.terms:
        if term.type == "person":
            for words in map(_words, term.names):
                for start in range(1, len(words)):
                    found.setdefault(words[start:], set()).add(term.id)
    return {words: frozenset(ids) for words, ids in found.items()}
