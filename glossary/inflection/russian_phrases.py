"""Declension of Russian places, organisations, titles and concepts: one word or a phrase with one head.

The head is the last noun in the nominative that all words before it can agree with; what follows stays as
it is (Коммунистическая партия Китая → Коммунистической партии Китая). Sources: «Русская грамматика» (1980),
vol. 1 (declension) and vol. 2 (agreement); Д. Э. Розенталь, «Справочник по правописанию и литературной
правке», § 197 (appositives); the dictionary of variants named in `russian_words`.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice, product

from glossary.inflection import russian_dictionary as dictionary
from glossary.inflection.russian_endings import CASES, Cases, merge, recase, same
from glossary.inflection.russian_nouns import Reading, read_noun
from glossary.inflection.russian_words import APPOSITIVE_PLACES, PREPOSITIONS

_MOST_VARIANTS = 16
_ADJECTIVAL = ("ый", "ий", "ой", "ая", "яя", "ое", "ее", "ые", "ие")


@dataclass(frozen=True, slots=True)
class Phrase:
    """The cases of a phrase in its own number, and in the plural where it has one."""

    cases: Cases
    plural: Cases


def phrase(text: str, kind: str, number: str, head: int | None) -> Phrase:
    """Decline a phrase that is no person's name.

    Args:
        text: words in the nominative.
        kind: of the lemma; places and organisations have no plural.
        number: `pl` where the text is known to be plural.
        head: 0-based index of the head word, None to look for it.
    """
    if "/" in text and " " in text:
        return _parallel(text, kind, number)
    words = text.split(" ")
    if head is None and (quantity := _quantity(words)) is not None:
        return Phrase(quantity, {})
    found = _find_head(words, kind, number, head)
    heads = [found] if found else _adjective_heads(words, kind)
    if not heads:
        return Phrase(same(text), {})
    singulars = [_join(_tables(words, index, reading, plural=False)) for index, reading in heads]
    plurals = [
        _join(_tables(words, index, reading, plural=True))
        for index, reading in heads
        if reading.plural and _has_plural(kind, text)
    ]
    return Phrase(merge(*singulars), merge(*plurals) if plurals else {})


def _quantity(words: list[str]) -> Cases | None:
    """Decline a numeral and the noun it counts (Две сессии → Двух сессий); what follows stays."""
    if len(words) < 2:
        return None
    number = dictionary.numeral(words[0])
    noun = dictionary.counted(words[1]) if number else None
    if number is None or noun is None:
        return None
    table, animate = noun
    if animate:
        number = {**number, "acc": number["gen"]}
    tables: list[Cases] = [
        {case: tuple(recase(words[0], form) for form in number[case]) for case in CASES},
        {case: tuple(recase(words[1], form) for form in table[case]) for case in CASES},
        *map(same, words[2:]),
    ]
    return _join(tables)


def _has_plural(kind: str, text: str) -> bool:
    return kind in ("concept", "title") or (not kind and not text[:1].isupper())


def _parallel(text: str, kind: str, number: str) -> Phrase:
    """Decline both names of a pair written with a stroke."""
    parts = [phrase(part, kind, number, None).cases for part in text.split("/")]
    cases = {case: tuple("/".join(texts) for texts in zip(*_padded([p[case] for p in parts]), strict=True))
             for case in CASES}  # fmt: skip
    return Phrase(cases, {})


def _padded(groups: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    longest = max(map(len, groups))
    return [group + (group[-1],) * (longest - len(group)) for group in groups]


def _find_head(words: list[str], kind: str, number: str, head: int | None) -> tuple[int, Reading] | None:
    """Return the index of the head and its reading: the last noun that all words before it can agree with."""
    if head is not None:
        if not 0 <= head < len(words):
            return None
        readings = read_noun(words[head], kind, number, alone=len(words) == 1)
        return (head, readings[0]) if readings else None
    agrees: set[str] | None = None
    best: tuple[int, Reading] | None = None
    for i, word in enumerate(words):
        if i and word in PREPOSITIONS:
            break
        readings = read_noun(word, kind, number, alone=len(words) == 1)
        fitting = [
            r for r in readings if agrees is None or (r.gender if r.number == "sg" else "pl") in agrees
        ]
        if fitting:
            best = (i, fitting[0])
        found = _agreement(word)
        if not found:
            if best is not None or not word.islower():
                break
            continue
        agrees = found if agrees is None else agrees & found
    return best


def _adjective_heads(words: list[str], kind: str) -> list[tuple[int, Reading]]:
    """Take the last of a run of adjectives for the noun (политический заключённый): a being, or a thing."""
    agrees: set[str] = set()
    last = -1
    for i, word in enumerate(words):
        found = _agreement(word)
        if not found or (agrees and found != agrees):
            break
        agrees, last = found, i
    if last < 0 or not agrees:
        return []
    key = agrees.pop()
    number = "pl" if key == "pl" else "sg"
    heads = []
    for living in (False,) if kind in ("place", "organisation") else (True, False):
        mark = ".anim" if living else ""
        plural = _agreeing(words[last], f"pl{mark}") if number == "sg" else {}
        cases = _agreeing(words[last], key + mark)
        heads.append((last, Reading("" if number == "pl" else key, number, living, cases, plural)))
    return heads


def _agreement(word: str) -> set[str]:
    reading = _adjective(word)
    return {reading.agrees} if reading else set()


def _adjective(word: str) -> dictionary.Adjective | None:
    """Read a word as an adjective; in a hyphenated one the last part counts (Синьцзян-Уйгурский)."""
    last = word.rpartition("-")[2]
    if len(last) < 4 and last.lower() not in ("оба", "сам"):
        return None
    plausible = word.lower().endswith(_ADJECTIVAL) or dictionary.is_known(word)
    reading = dictionary.adjective(word) if plausible else None
    if reading is not None and (reading.known or word.lower().endswith(_ADJECTIVAL)):
        return reading
    return dictionary.adjective(last) if "-" in word else None


def _tables(words: list[str], index: int, reading: Reading, *, plural: bool) -> list[Cases]:
    """Return the cases of each word, given the head."""
    number = "pl" if plural else reading.number
    key = ("pl" if number == "pl" else reading.gender) + (".anim" if reading.animate else "")
    tables: list[Cases] = []
    for i, word in enumerate(words):
        if i < index:
            tables.append(_agreeing(word, key))
        elif i == index:
            tables.append(reading.plural if plural else reading.cases)
        else:
            tables.append(same(word))
    after = None if plural else _after_head(words, index)
    if after:
        position, table = after
        tables[position] = table
    return tables


def _agreeing(word: str, key: str) -> Cases:
    reading = _adjective(word)
    if reading is None:
        return same(word)
    table = reading.table.get(key) or reading.table.get(key.removesuffix(".anim"))
    if table is None:
        return same(word)
    head, hyphen, last = word.rpartition("-")
    whole = table["nom"][0].count("-") == word.count("-")
    pattern = word if whole else last
    prefix = "" if whole else head + hyphen
    return {case: tuple(prefix + recase(pattern, form) for form in table[case]) for case in CASES}


def _after_head(words: list[str], index: int) -> tuple[int, Cases] | None:
    """What changes after the head: a second head after и (Босния и Герцеговина), a place name after город."""
    rest = words[index + 1 :]
    if len(rest) == 2 and rest[0] == "и" and words[index][:1].isupper() == rest[1][:1].isupper():
        readings = read_noun(rest[1], "place", "sg", alone=False)
        return (index + 2, readings[0].cases) if readings else None
    if len(rest) == 1 and words[index].lower() in APPOSITIVE_PLACES and rest[0][:1].isupper():
        readings = read_noun(rest[0], "place", "sg", alone=True)
        return (index + 1, merge(readings[0].cases, same(rest[0]))) if readings else None
    return None


def _join(tables: list[Cases]) -> Cases:
    """Put the words together again, every variant of one word with every variant of the others."""
    joined: dict[str, tuple[str, ...]] = {}
    for case in CASES:
        texts = (" ".join(texts) for texts in product(*(table[case] for table in tables)))
        joined[case] = tuple(dict.fromkeys(islice(texts, _MOST_VARIANTS)))
    return joined
