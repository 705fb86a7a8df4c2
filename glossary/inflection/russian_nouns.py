"""One Russian noun in the nominative, read as the head of a phrase: gender, number and all its forms.

Words the dictionary knows follow it; names it lacks decline by their last letters, as «Русская грамматика»
(1980) and the dictionary of variants (see `russian_words`) have it for foreign place names: consonants and
-а decline, other vowels do not, -ово and -ино do or do not.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import product

from glossary.inflection import russian_dictionary as dictionary
from glossary.inflection.russian_endings import (
    CASES,
    CONSONANTS,
    Cases,
    adjective,
    final_stress,
    first,
    masculine,
    merge,
    neuter,
    recase,
    same,
    soft_feminine,
)
from glossary.inflection.russian_words import DECLINED_ABBREVIATIONS, EITHER_GENDER, LINKS, PARTICLES

_QUOTES = "«»„“”\"'‘’"


@dataclass(frozen=True, slots=True)
class Reading:
    """A word read as the head: its gender, number, whether it is animate, and its forms."""

    gender: str
    number: str
    animate: bool
    cases: Cases
    plural: Cases

    @property
    def agreement(self) -> str:
        """What an adjective must agree with: the gender, or `pl`."""
        return "pl" if self.number == "pl" else self.gender


def read_noun(word: str, kind: str, number: str, *, alone: bool) -> list[Reading]:
    """Return the readings of a word as a noun in the nominative, likeliest first; empty if it is none."""
    bare = word.strip(_QUOTES)
    if bare != word and bare:
        left, right = word[: word.index(bare)], word[word.index(bare) + len(bare) :]
        return [_wrapped(reading, left, right) for reading in read_noun(bare, kind, number, alone=alone)]
    if not re.search("[А-Яа-яЁё]", word) or word.lower() in PARTICLES | LINKS:
        return []
    if _is_abbreviation(word):
        return [_abbreviation(word)]
    if word.lower() in EITHER_GENDER:
        return [Reading("f", "sg", False, merge(soft_feminine(word), masculine(word, animate=False)), {})]
    known = _from_dictionary(word, kind, number)
    if known:
        return known
    if "-" in word:
        return _hyphenated(word, kind, number)
    if word[:1].isupper() and (alone or kind == "place"):
        return [_by_ending(word, number)]
    return _guessed(word, number) if word.islower() else []


def _wrapped(reading: Reading, left: str, right: str) -> Reading:
    def wrap(cases: Cases) -> Cases:
        return {case: tuple(left + form + right for form in forms) for case, forms in cases.items()}

    return Reading(reading.gender, reading.number, reading.animate, wrap(reading.cases), wrap(reading.plural))


def _is_abbreviation(word: str) -> bool:
    """Tell an abbreviation from a word in capitals: short, and no long word of the dictionary."""
    if word in DECLINED_ABBREVIATIONS:
        return True
    if not (1 < len(word) < 7 and word.isupper() and word.isalpha()):
        return False
    return len(word) < 5 or not any("Abbr" not in noun.marks for noun in dictionary.known_nouns(word))


def _abbreviation(word: str) -> Reading:
    """An abbreviation never changes; a few read as a word may also take endings (МИДа)."""
    if word not in DECLINED_ABBREVIATIONS:
        return Reading("", "sg", False, same(word), {})
    cases = {case: tuple(word + form[len(word) :].lower() for form in forms)
             for case, forms in masculine(word, animate=False).items()}  # fmt: skip
    cases["acc"] = (word,)
    return Reading("m", "sg", False, merge(cases, same(word)), {})


def _from_dictionary(word: str, kind: str, number: str) -> list[Reading]:
    wanted = _wanted(kind, word)
    nouns = [noun for noun in dictionary.known_nouns(word) if wanted(noun)]
    nouns.sort(key=lambda noun: (noun.number != number, -_fit(noun, kind, word), -noun.score))
    return [_reading(word, noun, kind) for noun in nouns]


def _wanted(kind: str, word: str) -> Callable[[dictionary.Noun], bool]:
    """Which readings count: a place is no person, a lower-case word no name."""
    unwanted = {"Surn", "Patr"} | (set() if kind == "organisation" else {"Name"})
    if word.islower():
        unwanted |= {"Name", "Geox"}
    return lambda noun: not (noun.marks & unwanted)


def _fit(noun: dictionary.Noun, kind: str, word: str) -> int:
    return 2 * ("Geox" in noun.marks) if kind == "place" else int("Geox" not in noun.marks and word.islower())


def _reading(word: str, noun: dictionary.Noun, kind: str) -> Reading:
    cases = {case: tuple(recase(word, form) for form in noun.cases[case]) for case in CASES}
    if kind == "place" and "Geox" in noun.marks and len(cases["loc"]) > 1:
        cases["loc"] = tuple(reversed(cases["loc"]))
    if kind == "place" and "Geox" not in noun.marks and word[:1].isupper() and final_stress(word):
        cases["ins"] = tuple(dict.fromkeys((*first(word, stressed=True)["ins"], *cases["ins"])))
    if re.search("(ов|ев|ёв|ин|ын)о$", word) and "Geox" in noun.marks:
        cases = merge(cases, same(word))
    plural = {case: tuple(recase(word, form) for form in forms) for case, forms in noun.plural.items()}
    return Reading(noun.gender[:1], noun.number, noun.animate, cases, plural)


def _hyphenated(word: str, kind: str, number: str) -> list[Reading]:
    """Ростов-на-Дону: the first part changes. Нур-Султан, Усть-Каменогорск: the last part."""
    parts = word.split("-")
    if any(part in LINKS for part in parts[1:-1]):
        readings = read_noun(parts[0], kind, number, alone=True)
        return [_wrapped(reading, "", "-" + "-".join(parts[1:])) for reading in readings]
    head, _, last = word.rpartition("-")
    if not last:
        return []
    if word.islower():
        return _compound(head, last, kind, number)
    readings = read_noun(last, kind, number, alone=True)
    return [_wrapped(reading, head + "-", "") for reading in readings]


def _compound(head: str, last: str, kind: str, number: str) -> list[Reading]:
    """город-герой: both nouns change; вице-премьер: only the last."""
    readings = read_noun(last, kind, number, alone=False)
    first_part = _from_dictionary(head, kind, number) if "-" not in head else []
    if not readings or not first_part:
        return [_wrapped(reading, head + "-", "") for reading in readings]
    a, b = first_part[0], readings[0]

    def pair(left: Cases, right: Cases) -> Cases:
        return {
            case: tuple(f"{x}-{y}" for x, y in product(left[case], right[case]))
            for case in left
            if case in right
        }

    return [Reading(a.gender, a.number, a.animate, pair(a.cases, b.cases), pair(a.plural, b.plural))]


def _guessed(word: str, number: str) -> list[Reading]:
    """A common noun the dictionary lacks: declined like the words with its suffix.

    These may be names, if it can be nothing else (ахун, ойрат); what can only be a plural (ханьцы) is one.
    """
    unwanted = frozenset(("Fixd",)) if dictionary.is_name(word) else dictionary.NAMES
    nouns = [noun for noun in dictionary.nouns(word) if not noun.marks & unwanted]
    nouns.sort(key=lambda noun: noun.number != number)
    return [_reading(word, noun, "") for noun in nouns[:1]]


def _by_ending(word: str, number: str) -> Reading:
    """A name of a place or an organisation the dictionary lacks, by its last letters."""
    lower = word.lower()
    if number == "pl":
        return Reading("", "pl", False, _plural_name(word, lower), {})
    gender, cases = _singular_name(word, lower)
    return Reading(gender, "sg", False, cases, {})


def _plural_name(word: str, lower: str) -> Cases:
    if lower.endswith("цы"):
        stem = word[:-1]
        forms = (word, stem + "ев", stem + "ам", stem + "ев", stem + "ами", stem + "ах")
        return {case: (form,) for case, form in zip(CASES, forms, strict=True)}
    return same(word)


def _singular_name(word: str, lower: str) -> tuple[str, Cases]:
    if len(lower) < 2:
        return "n", same(word)
    adjectives = {"ский": "m", "цкий": "m", "ный": "m", "ская": "f", "цкая": "f", "ное": "n", "ское": "n"}
    for ending, gender in adjectives.items():
        if lower.endswith(ending) and len(lower) > len(ending) + 1:
            return gender, adjective(word, gender, animate=False) or same(word)
    last = lower[-1]
    if last == "ь":
        return _soft_name(word, lower)
    if last in CONSONANTS:
        return "m", masculine(word, animate=False)
    if last in "ая" and lower[-2:] not in ("аа", "оа", "уа", "эа"):
        return "f", _feminine_name(word, lower)
    if re.search("(ов|ев|ёв|ин|ын)о$", lower) and len(lower) > 5:
        return "n", merge(neuter(word), same(word))
    return "n", same(word)


def _soft_name(word: str, lower: str) -> tuple[str, Cases]:
    """-сть is feminine, the rest masculine, but for the places that the dictionary knows."""
    if lower.endswith("сть"):
        return "f", soft_feminine(word)
    return "m", masculine(word, animate=False)


def _feminine_name(word: str, lower: str) -> Cases:
    table = first(word, stressed=final_stress(word))
    if lower[-2] in "жшчщц":
        return merge(table, first(word, stressed=not final_stress(word)))
    return table
