"""Where names stand in English text: runs of capitalised words, and what makes a capital count.

A capital counts in the middle of a sentence. At its beginning, after an opening quotation mark and in a
heading every word may have one; there a word counts only if the text shows elsewhere that it is a name.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from corpora.records import Span
from glossary.suggestion.lines import Line, Word
from glossary.suggestion.words import (
    CALENDAR,
    DOMAINS,
    FUNCTION,
    HEADS,
    NO_ACRONYMS,
    OPENERS,
    PARTICLES,
    TITLES,
    is_ordinary,
    is_people,
)

_ROMAN = re.compile(r"[IVXLC]+")


@dataclass
class Evidence:
    """How words are written where it says something: in lower case, with a capital; and whole runs."""

    lower: Counter[str] = field(default_factory=Counter)
    capital: Counter[str] = field(default_factory=Counter)
    runs: Counter[str] = field(default_factory=Counter)

    def is_name(self, word: str) -> bool:
        """Tell whether a word is mostly written with a capital where a capital says something."""
        low = word.lower()
        return self.capital[low] > 2 * self.lower[low]


@dataclass(frozen=True, slots=True)
class Run:
    """A name found: words `first` to `last` (exclusive) of a line; `sure` where its capitals count."""

    line: int
    first: int
    last: int
    sure: bool


def gather(lines: Sequence[Line]) -> Evidence:
    """Count how words are written in running text."""
    evidence = Evidence()
    for line in lines:
        for word in () if line.heading else line.words:
            if not word.capital and not _starts(word):
                evidence.lower[word.text.lower()] += 1
            elif not word.first and not (word.acronym and word.text.lower() in FUNCTION):
                evidence.capital[word.text.lower()] += 1
    for line in lines:
        if not line.heading:
            for first, last in _raw_runs(line):
                if not line.words[first].first:
                    evidence.runs[_key(line, first, last)] += 1
    return evidence


def _key(line: Line, first: int, last: int) -> str:
    return " ".join(word.text for word in line.words[first:last]).lower()


def find_runs(index: int, line: Line, evidence: Evidence) -> Iterator[Run]:
    """Yield the names in a line, left to right."""
    for first, last in _raw_runs(line):
        if line.heading:
            yield from _known_parts(index, line, first, last, evidence)
            continue
        sure = not line.words[first].first
        if not sure and not _keeps_first(line, first, last, evidence):
            first, sure = first + 1, True
        first, last = _trimmed(line, first, last, evidence)
        for start, end in _peoples_apart(line, first, last):
            if _is_name(line, start, end, evidence, sure or start > first):
                yield Run(index, start, end, sure or start > first)


def _raw_runs(line: Line) -> Iterator[Span]:
    """Yield maximal runs of capitalised words, with the small words that may stand inside a name."""
    words, at = line.words, 0
    while at < len(words):
        if not _starts(words[at]):
            at += 1
            continue
        last = at + 1
        while (step := _step(words, at, last)) and not words[last - 1].possessive:
            last += step
        yield at, last
        at = last


def _starts(word: Word) -> bool:
    """Tell whether a name may begin with the word: it has a capital, or a particle as in al-Farabi."""
    head, _, rest = word.text.partition("-")
    inner = bool(rest) and head in PARTICLES and rest[0].isupper()
    return (word.capital or inner) and word.text.lower() not in CALENDAR - {"may", "march", "august"}


def _step(words: Sequence[Word], first: int, last: int) -> int:
    """Return how many words more belong to the run `first` to `last`, 0 for none."""
    for count in (1, 2, 3):
        if last + count > len(words):
            return 0
        word = words[last + count - 1]
        if not _joined(words[last + count - 2], word):
            return 0
        if _starts(word):
            small = [other.text.lower() for other in words[last : last + count - 1]]
            return count if _links(words[first:last], small, word) else 0
        if word.text.lower() not in PARTICLES | {"of", "the", "and", "for", "in", "on", "to"}:
            return 0
    return 0


def _joined(before: Word, word: Word) -> bool:
    """Tell whether only a space, or the full stop of an initial or a title, stands between two words."""
    if word.gap == ". ":
        return len(before.text) == 1 or before.text.lower() in TITLES | {"st", "mt", "ft"}
    return word.gap == " "


def _links(before: Sequence[Word], small: Sequence[str], after: Word) -> bool:
    """Tell whether the small words tie two capitalised parts into one name."""
    if not small:
        return True
    if set(small) <= PARTICLES:
        return len(small) < 3
    headed = any(word.text.lower() in HEADS | TITLES for word in before)
    if small[0] == "of":
        return before[-1].text.lower() in HEADS | TITLES and not is_people(after.text)
    if small == ["in"]:
        return headed and after.text == "Exile"
    if small in (["for"], ["on"], ["for", "the"], ["on", "the"], ["to", "the"]):
        return before[-1].text.lower() in HEADS | TITLES
    # and: only inside an organisation's name that has begun with of or for
    inside = any(word.text.lower() in ("of", "for") for word in before)
    return small == ["and"] and inside and after.text.lower() in DOMAINS


def _keeps_first(line: Line, first: int, last: int, evidence: Evidence) -> bool:
    """Tell whether the word at the beginning of a sentence belongs to the name."""
    word, rest = line.words[first], line.words[first + 1 : last]
    low = word.text.lower()
    if evidence.runs[_key(line, first, last)]:
        return True
    if low in OPENERS and len(rest) > 0 and low != "the":
        return any(other.text.lower() in HEADS for other in rest) or not evidence.lower[low]
    if low in TITLES and len(rest) > 0:
        return True
    if is_ordinary(word.text) or evidence.lower[low] * 2 > evidence.capital[low] > 0:
        return word.acronym and low not in FUNCTION
    return not evidence.lower[low]


def _trimmed(line: Line, first: int, last: int, evidence: Evidence) -> Span:
    """Take calendar words, articles and a month's day off the ends of a run."""
    words = line.words
    while first < last and (
        words[first].text.lower() in CALENDAR
        or words[first].text in ("I", "A", "An")
        or not _starts(words[first])
        or (
            words[first].text == "The"
            and (words[first].first or (last - first > 1 and _headed(words[first + 1 : last])))
        )
    ):
        first += 1
    while last > first and (words[last - 1].text.lower() in CALENDAR or words[last - 1].text in ("I", "A")):
        last -= 1
    return first, last


def _headed(words: Sequence[Word]) -> bool:
    return any(word.text.lower() in HEADS for word in words)


def _peoples_apart(line: Line, first: int, last: int) -> Iterator[Span]:
    """Part the names of peoples from what follows: Kazakh Chinese, Chinese President Xi Jinping."""
    words = line.words
    if last - first > 1 and _headed(words[first:last]):
        yield first, last
        return
    for people, group in groupby(range(first, last), key=lambda at: is_people(words[at].text)):
        places = list(group)
        if people:
            yield from ((at, at + 1) for at in places)
        else:
            yield places[0], places[-1] + 1


def _is_name(line: Line, first: int, last: int, evidence: Evidence, sure: bool) -> bool:
    words = line.words[first:last]
    if not words or not words[0].text:
        return False
    lows = [word.text.lower() for word in words]
    if len(words) == 1:
        return _single(words[0], evidence, sure)
    if all(low in TITLES and low not in HEADS for low in lows):
        return False
    return not all(is_ordinary(word.text) and not evidence.is_name(word.text) for word in words) or sure


def _single(word: Word, evidence: Evidence, sure: bool) -> bool:
    low = word.text.lower()
    if len(low) < 2 or low in TITLES or _ROMAN.fullmatch(word.text):
        return False
    if word.acronym:
        plain = word.text.replace(".", "")
        shouted = evidence.lower[low] or (low in FUNCTION and len(low) > 2)
        return not shouted and plain not in NO_ACRONYMS
    if low in CALENDAR or low in FUNCTION:
        return False
    if sure:
        return evidence.capital[low] > evidence.lower[low]
    if evidence.capital[low] or evidence.lower[low]:
        return evidence.is_name(low)
    return word.possessive or not _looks_english(low)


def _looks_english(low: str) -> bool:
    """Tell whether a word has the look of an English adverb, plural, participle or abstract noun."""
    return low.endswith(
        (
            "ly",
            "ing",
            "ed",
            "es",
            "ies",
            "ts",
            "ds",
            "ns",
            "rs",
            "tion",
            "sion",
            "ness",
            "ment",
            "ity",
            "ous",
            "ful",
        )
    )


def _known_parts(index: int, line: Line, first: int, last: int, evidence: Evidence) -> Iterator[Run]:
    """Yield the parts of a heading's run that are names in running text, the longest first."""
    at = first
    while at < last:
        for end in range(last, at, -1):
            whole = _key(line, at, end) in evidence.runs
            single = end == at + 1 and evidence.is_name(line.words[at].text)
            if (whole or single) and _is_name(line, at, end, evidence, True):
                yield Run(index, at, end, False)
                at = end
                break
        else:
            at += 1
