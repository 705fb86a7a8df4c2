"""Find the terms of a glossary in English text.

All spellings of all terms are looked for in one pass (Aho and Corasick 1975). A spelling counts only as
whole words, with its capitals; of those that overlap, the leftmost wins, and of those that begin together the
longest.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import ahocorasick

from corpora.records import Span
from corpora.text import nfc
from glossary.english import inflections, plural_end
from glossary.folding import Folded, case_agrees, fold, unmasked
from glossary.links import linked, links
from glossary.terms import Glossary, Term

_FEW = 3  # declared terms of a line that are required though nothing of them can be seen
_CONTRACTED = re.compile(r"'(?!(?:s|d|ll|re|ve)\b)\w", re.IGNORECASE)
# acronyms that are words once a headline is set in capitals
_WORDS_IN_CAPITALS = frozenset(
    {"us", "it", "who", "aids", "am", "as", "at", "be", "by", "do", "go", "he"}
) | {
    *(
        "if",
        "in",
        "is",
        "me",
        "my",
        "no",
        "of",
        "on",
        "or",
        "so",
        "to",
        "up",
        "we",
        "all",
        "can",
        "may",
        "was",
    )
}


@dataclass(frozen=True, slots=True)
class Match:
    """A term found in a source text.

    Attributes:
        term: the term.
        span: where; `(0, 0)` for a declared term that cannot be seen.
        surface: the words that stand there, without a possessive ending.
        over: ids of terms that lie inside it or overlap it and were passed over.
    """

    term: Term
    span: Span
    surface: str
    over: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Entry:
    order: int
    name: str  # the spelling, even, with its capitals
    exact: bool  # the spelling is complete: no plural may follow
    loose: bool  # capitals do not matter


@dataclass(frozen=True, slots=True)
class _Hit:
    start: int
    end: int
    order: int


class Matcher:
    """Finds the terms of one glossary: built in one pass over the spellings, finding in one over the text."""

    def __init__(self, glossary: Glossary) -> None:
        self.glossary = glossary
        self._terms = glossary.terms
        self._declared = tuple(term for term in self._terms if term.declared)
        self._automaton = _automaton(_entries(self._terms))

    def find(self, text: str) -> tuple[Match, ...]:
        """Return the terms in a text, left to right; spans index the NFC text and never overlap."""
        text = nfc(text)
        folded = unmasked(fold(text))
        hits = sorted(self._hits(folded), key=lambda hit: (hit.start, -hit.end))
        matches: list[Match] = []
        for hit, over in _leftmost_longest(hits):
            span = folded.span(hit.start, hit.end)
            ids = tuple(dict.fromkeys(self._terms[order].id for order in over if order != hit.order))
            matches.append(Match(self._terms[hit.order], span, text[slice(*span)], ids))
        return tuple(matches) + tuple(self._unseen(text, matches))

    def _unseen(self, text: str, matches: list[Match]) -> list[Match]:
        """Return the declared terms that the text shows only at the beginning of a longer or glued word.

        Whoever declares a term for a line knows that it is there (`openEdit`, `settings` for *set*). A few
        terms are believed even if the text shows nothing of them; a long list may be one for many lines.
        """
        if not self._declared:
            return []
        seen = {match.term.id for match in matches} | {other for match in matches for other in match.over}
        bare = f" {_bare(text)}"
        few = len(self._declared) <= _FEW
        return [
            Match(term, (0, 0), "")
            for term in self._declared
            if term.id not in seen and (few or _begins(term.en, bare))
        ]

    def _hits(self, folded: Folded) -> Iterator[_Hit]:
        if self._automaton is None:
            return
        plain = folded.plain
        barred = links(plain)
        for last, entries in self._automaton.iter(folded.lower):
            end = last + 1
            start = end - len(entries[0].name)
            # most hits lie inside words: tell them apart before anything costly
            if start and plain[start - 1].isalnum() and plain[start].isalnum():
                continue
            best = self._best(entries, folded, start, end)
            if best is not None and not (barred and linked((best.start, best.end), barred)):
                yield best

    def _best(self, entries: list[_Entry], folded: Folded, start: int, end: int) -> _Hit | None:
        """Return the hit of the first entry, most particular first, that may stand here."""
        plain = folded.plain
        if not _opens(plain, start):
            return None
        for entry in entries:
            term = self._terms[entry.order]
            close = _close(entry, term, plain, end)
            if close is None or not (entry.loose or case_agrees(entry.name, plain[start:end])):
                continue
            if _is_acronym(entry.name) and _shouted(entry.name, plain):
                continue
            if term.context and not _context_holds(term.context, folded.lower):
                continue
            return _Hit(start, close, entry.order)
        return None


def _begins(name: str, bare: str) -> bool:
    return any(f" {_bare(form)}" in bare for form in (name, *inflections(name)))


def _bare(text: str) -> str:
    """Return the words of a text in lower case, with openEdit parted into open edit."""
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", fold(text).plain)
    return " ".join(re.findall(r"\w+", parted.lower()))


def _entries(terms: tuple[Term, ...]) -> Iterator[_Entry]:
    for order, term in enumerate(terms):
        for name in term.names:
            even = fold(nfc(name)).plain.strip()
            if not even:
                continue
            loose = term.declared and not _is_acronym(even)
            for spelling in _joined(even):
                yield _Entry(order, spelling, exact=False, loose=loose)
                for variant in inflections(spelling) if term.declared else plural_end(spelling):
                    yield _Entry(order, variant, exact=True, loose=loose)


def _joined(name: str) -> Iterator[str]:
    """Yield the name, with its spaces as hyphens (concentration-camp guards) and its hyphens as spaces."""
    yield name
    if " " in name:
        yield name.replace(" ", "-")
    if re.search(r"\w-\w", name):
        yield re.sub(r"(?<=\w)-(?=\w)", " ", name)


def _automaton(entries: Iterable[_Entry]) -> ahocorasick.Automaton | None:
    by_spelling: dict[str, list[_Entry]] = {}
    for entry in entries:
        by_spelling.setdefault(fold(entry.name).lower, []).append(entry)
    if not by_spelling:
        return None
    automaton = ahocorasick.Automaton()
    for spelling, group in by_spelling.items():
        # a spelling with more capitals is more particular; a plain one comes before an inflected one
        group.sort(key=lambda entry: (entry.exact, -sum(map(str.isupper, entry.name)), entry.order))
        automaton.add_word(spelling, group)
    automaton.make_automaton()
    return automaton


def _leftmost_longest(hits: list[_Hit]) -> Iterator[tuple[_Hit, list[int]]]:
    index = 0
    while index < len(hits):
        chosen = hits[index]
        over: list[int] = []
        index += 1
        while index < len(hits) and hits[index].start < chosen.end:
            over.append(hits[index].order)
            index += 1
        yield chosen, over


def _opens(plain: str, start: int) -> bool:
    """Tell whether a word may begin here: not inside a word or file_name, nor behind the O' of O'Brien."""
    if not _is_word(plain[start]) or start == 0:
        return True
    before = plain[start - 1]
    if before == "'":
        return start < 2 or not plain[start - 2].isalpha()
    return not (before.isalnum() or (before == "_" and plain[start - 2 : start - 1].isalnum()))


def _close(entry: _Entry, term: Term, plain: str, end: int) -> int | None:
    """Return where the name ends, its plural ending included; None where the word goes on."""
    if not _is_word(plain[end - 1]) or _ends(plain, end):
        return end
    if entry.exact or not _takes_plural(entry.name, term):
        return None
    for ending in ("s", "es"):
        stop = end + len(ending)
        if plain[end:stop].lower() == ending and _ends(plain, stop) and _plural_fits(entry.name, ending):
            return stop
    return None


def _ends(plain: str, end: int) -> bool:
    if end >= len(plain):
        return True
    if plain[end] == "'":
        return _CONTRACTED.match(plain, end) is None
    after = plain[end]
    return not (after.isalnum() or (after == "_" and plain[end + 1 : end + 2].isalnum()))


def _takes_plural(name: str, term: Term) -> bool:
    """Short one-word names have no plural, for it would be another name (Han, Hans)."""
    if name[-1].isdigit():
        return False
    return " " in name or len(name) > 4 or term.type not in ("person", "place")


def _plural_fits(name: str, ending: str) -> bool:
    sibilant = name.lower().endswith(("s", "x", "z", "ch", "sh", "o"))
    return ending == "s" or sibilant


def _is_word(letter: str) -> bool:
    return letter.isalnum() or letter == "_"


def _is_acronym(name: str) -> bool:
    return sum(map(str.isupper, name)) > 1 and not any(map(str.islower, name))


def _shouted(name: str, plain: str) -> bool:
    """Tell whether the acronym may be a plain word in a text set in capitals."""
    if name.lower() not in _WORDS_IN_CAPITALS:
        return False
    others = re.sub(rf"\b{re.escape(name)}\b", "", plain)
    letters = [letter for letter in others if letter.isalpha()]
    return bool(letters) and not any(map(str.islower, letters))


def _context_holds(context: tuple[str, ...], lower: str) -> bool:
    wanted = [word for word in context if not word.startswith("!")]
    barred = [word[1:].strip() for word in context if word.startswith("!")]
    if any(_stands(word, lower) for word in barred):
        return False
    return not wanted or any(_stands(word, lower) for word in wanted)


def _stands(word: str, lower: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(fold(nfc(word)).lower)}(?!\w)", lower) is not None
