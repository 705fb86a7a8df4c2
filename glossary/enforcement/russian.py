"""What the ladder must know of Russian: the features of a word that stands, and what its neighbours ask for.

Readings come from pymorphy3 (Korobov 2015); features are named as in `glossary.inflection`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

_CASES = {
    **{"nomn": "nom", "gent": "gen", "gen2": "gen", "datv": "dat", "accs": "acc", "acc2": "acc"},
    **{"ablt": "ins", "loct": "loc", "loc2": "loc", "voct": "nom"},
}
_GENDERS = {"masc": "m", "femn": "f", "neut": "n"}
_TENSES = {"past": "past", "pres": "pres", "futr": "fut"}
# the cases a preposition asks for, the usual one first (Russkaya grammatika 1980, §§ 1720 ff.)
_GOVERNED: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("в", "во", "на"), ("loc", "acc")),
    **dict.fromkeys(
        ("из", "изо", "от", "ото", "до", "для", "без", "у", "около", "после", "против"), ("gen",)
    ),
    **dict.fromkeys(
        ("вокруг", "среди", "вместо", "кроме", "ради", "внутри", "вне", "из-за", "из-под"), ("gen",)
    ),
    **dict.fromkeys(("к", "ко", "благодаря", "согласно", "вопреки"), ("dat",)),
    **dict.fromkeys(("по",), ("dat",)),
    **dict.fromkeys(("с", "со"), ("ins", "gen")),
    **dict.fromkeys(("над", "под", "перед", "между", "за"), ("ins", "acc")),
    **dict.fromkeys(("о", "об", "обо", "при"), ("loc",)),
    **dict.fromkeys(("через", "про", "сквозь"), ("acc",)),
}


@lru_cache(maxsize=1)
def _analyzer() -> Any:
    import pymorphy3

    return pymorphy3.MorphAnalyzer(lang="ru")


@lru_cache(maxsize=1 << 14)
def readings(word: str) -> tuple[Any, ...]:
    """Return pymorphy3's readings of a word, the likeliest first."""
    return tuple(_analyzer().parse(word))


@lru_cache(maxsize=1 << 14)
def tags(word: str) -> tuple[str, ...]:
    """Return the features a Russian word may have, the likeliest first; `nom` last."""
    return (
        *dict.fromkeys(features for reading in readings(word) for features in _features(reading.tag)),
        "nom",
    )


def _features(tag: Any) -> Iterator[str]:
    pos = tag.POS
    if pos in ("NOUN", "NPRO", "NUMR") and tag.case in _CASES:
        yield ("pl." if tag.number == "plur" else "") + _CASES[tag.case]
    elif pos in ("ADJF", "PRTF") and tag.case in _CASES:
        gender = "pl" if tag.number == "plur" else _GENDERS.get(tag.gender, "m")
        case = _CASES[tag.case]
        if pos == "PRTF":
            voice = "pass" if tag.voice == "pssv" else "act"
            yield f"part.{voice}.{_TENSES.get(tag.tense, 'past')}.{gender}.{case}"
        yield ("pl." if gender == "pl" else "") + case
    elif pos == "INFN":
        yield "inf"
    elif pos == "GRND":
        yield f"ger.{_TENSES.get(tag.tense, 'past')}"
    elif pos == "VERB":
        yield _verb(tag)


def _verb(tag: Any) -> str:
    number = "pl" if tag.number == "plur" else "sg"
    if tag.mood == "impr":
        return f"imp.{number}"
    if tag.tense == "past":
        return "past.pl" if number == "pl" else f"past.{_GENDERS.get(tag.gender, 'm')}"
    person = (tag.person or "3per")[0]
    return f"{_TENSES.get(tag.tense, 'pres')}.{person}{number}"


def governed(word: str) -> tuple[str, ...]:
    """Return the cases a preposition asks for; empty for other words."""
    return _GOVERNED.get(word.lower(), ())


def asked(before: Sequence[str], noun: str, possible: Sequence[str]) -> list[str]:
    """Return those of a noun's possible features that the words before it ask for.

    An adjective asks for its own case, a preposition for those it governs, a transitive verb for the
    accusative. A preposition before a word without any case (Latin letters) decides alone.
    """
    index = len(before) - 1
    agreed: list[str] = []
    while index >= 0 and (cases := _shared_cases(before[index], noun)):
        agreed = [features for features in possible if features in cases and features in (agreed or cases)]
        index -= 1
    ruled = governed(before[index]) if index >= 0 else ()
    fitting = [features for features in possible if features.split(".")[-1] in ruled]
    if index >= 0 and not ruled and _is_transitive(before[index]):
        fitting = [features for features in possible if features.split(".")[-1] == "acc"]
    if ruled and not fitting and tuple(possible) == ("nom",):
        fitting = [ruled[0]]
    both = [features for features in fitting if features in agreed]
    return both or agreed or fitting


def _shared_cases(adjective: str, noun: str) -> set[str]:
    """Return the features in which an adjective agrees with a noun; empty where it is none."""
    found: set[str] = set()
    for left in readings(adjective):
        if left.tag.POS not in ("ADJF", "PRTF"):
            continue
        for right in readings(noun):
            same = left.tag.case == right.tag.case and left.tag.number == right.tag.number
            gendered = left.tag.number == "plur" or left.tag.gender == right.tag.gender
            if right.tag.POS == "NOUN" and same and gendered:
                found.update(_features(right.tag))
    return found


def _is_transitive(word: str) -> bool:
    found = readings(word)
    return bool(found) and found[0].tag.POS in ("VERB", "INFN", "GRND") and "tran" in found[0].tag


def is_noun(word: str) -> bool:
    """Tell whether the likeliest reading of a word is a noun."""
    return bool(readings(word)) and readings(word)[0].tag.POS == "NOUN"


def is_verb(word: str) -> bool:
    """Tell whether the likeliest reading of a word is a verb form."""
    return bool(readings(word)) and readings(word)[0].tag.POS in ("VERB", "INFN", "GRND", "PRTS")


def agreeing(word: str, old: str, features: str, gender: str) -> str | None:
    """Return an adjective in agreement with a new noun, None where the word did not agree with the old one.

    Args:
        word: the word before the noun.
        old: the noun that stood behind it.
        features: features of the new noun.
        gender: `masc`, `femn` or `neut`, the gender of the new noun.
    """
    cases = {reading.tag.case for reading in readings(old) if reading.tag.POS == "NOUN"}
    for reading in readings(word):
        if reading.tag.POS not in ("ADJF", "PRTF") or reading.tag.case not in cases:
            continue
        case = next((name for name, short in _CASES.items() if short == features.split(".")[-1]), "nomn")
        wanted = {case, "plur"} if features.startswith("pl.") else {case, "sing", gender}
        made = reading.inflect(wanted)
        if made is None:
            return None
        return str(made.word).capitalize() if word[:1].isupper() else str(made.word)
    return None


def gender_of(noun: str) -> str:
    """Return the gender of a noun in the nominative singular as pymorphy3 names it, `masc` where unknown."""
    for reading in readings(noun):
        if reading.tag.POS == "NOUN" and reading.tag.gender:
            return str(reading.tag.gender)
    return "masc"
