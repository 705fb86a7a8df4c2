"""Declension of people's names in Russian, by gender.

Sources: Л. П. Калакуцкая, «Склонение фамилий и личных имён в русском литературном языке» (М., 1984);
Д. Э. Розенталь, «Справочник по правописанию и литературной правке», § 149; «Русская грамматика» (М., 1980),
§§ 1185–1190. Kazakh, Uyghur and Chinese names follow the rules of foreign names: a man's name in a consonant
declines, a woman's does not; names in -и, -е, -о, -у, -ы never change.
"""

from __future__ import annotations

import re
from itertools import product

from glossary.inflection import russian_dictionary as dictionary
from glossary.inflection.russian_endings import (
    CASES,
    CONSONANTS,
    VOWELS,
    Cases,
    adjective,
    final_stress,
    first,
    masculine,
    merge,
    possessive_feminine,
    possessive_masculine,
    recase,
    same,
    soft_feminine,
)
from glossary.inflection.russian_words import (
    FAMILY_FIRST,
    FLEETING,
    FOREIGN_IKH,
    FOREIGN_IN,
    FRENCH_FINAL_A,
    MEN_IN_A,
    PARTICLES,
    STRESSED_ICH,
)

_SYLLABLE = (
    r"(?:чж|цз|[бпмфдтнлгкхчшжцсрйв])?"
    r"(?:[яеию]?[аоуэыеёюяий]|[аоуэиыя]й|[аоуэяюеиы]о|юэ|юа|уа|уэ)(?:нь|н(?!ь)|й)?ъ?|эр"
)
_PALLADIUS = re.compile(rf"(?:{_SYLLABLE}){{1,4}}")
_INITIAL = re.compile(r"[А-ЯЁA-Z]\.(?:-?[А-ЯЁA-Z]\.)*|[IVXLC]+|[^А-Яа-яЁё]+")
_ARABIC_DIN = re.compile("(ддин|[аеиоуыэюя]удин|текин)$")
_FEMALE_GIVEN = ("гуль", "гюль", "бану", "нур", "гүль", "бахар", "ай", "жан")
_SURNAME_M = ("ов", "ев", "ёв", "ин", "ын", "ский", "цкий", "ской", "цкой")
_SURNAMES = (*_SURNAME_M, "ова", "ева", "ёва", "ина", "ына", "ская", "цкая")


def guess_gender(words: tuple[str, ...]) -> tuple[str, bool]:
    """Guess the gender of a person from the name: (`m` or `f`, whether its grammar leaves no doubt)."""
    lower = [word.lower() for word in words]
    if any(word.endswith(("ович", "евич")) for word in lower[1:]):
        return "m", True
    if any(word.endswith(("овна", "евна", "ична")) for word in lower[1:]):
        return "f", True
    if lower[-1].endswith(("ова", "ева", "ёва", "ская", "цкая")) and len(lower[-1]) > 4:
        return "f", True
    if lower[-1].endswith(("ов", "ев", "ёв", "ский", "цкий")) and len(lower[-1]) > 4:
        return "m", True
    known = [noun for noun in dictionary.known_nouns(words[0]) if "Name" in noun.marks]
    genders = {noun.gender for noun in known}
    if len(genders) == 1 and genders <= {"m", "f"}:
        return genders.pop(), False
    if lower[0] in MEN_IN_A or not lower[0].endswith(("а", "я", *_FEMALE_GIVEN)):
        return "m", False
    return "f", False


def decline(words: tuple[str, ...], gender: str) -> tuple[Cases, ...]:
    """Return the cases of each word of a name whose gender is `m` or `f`."""
    if _family_first(words):
        *fixed, last = words
        unchanged = gender == "f" and last[-1:].lower() not in VOWELS  # Пэн Лиюань
        return (*map(same, fixed), same(last) if unchanged else given(last, gender))
    roles = _roles(words)
    return tuple(_word(word, role, gender) for word, role in zip(words, roles, strict=True))


def _roles(words: tuple[str, ...]) -> list[str]:
    """Say of each word whether it is a given name, a patronymic, a surname, or fixed."""
    lower = [word.lower() for word in words]
    movable = [i for i, word in enumerate(words) if not _fixed(word)]
    roles = ["fixed"] * len(words)
    for i in movable:
        roles[i] = "given"
    patronymics = [
        i for i in movable[1:] if lower[i].endswith(("ович", "евич", "овна", "евна", "ична", "ич"))
    ]
    if len(movable) > 2 and patronymics:
        roles[patronymics[0]] = "patronymic"
        surname = movable[0] if patronymics[0] == movable[-1] else movable[-1]
        roles[surname] = "surname"
    elif len(words) > 1 and movable and movable[-1] == len(words) - 1:
        is_patronymic = len(movable) == 2 and bool(patronymics) and len(lower[movable[-1]]) > 6
        roles[movable[-1]] = "patronymic" if is_patronymic else "surname"
    elif len(movable) == 1:
        roles[movable[0]] = "alone"
    return roles


def _fixed(word: str) -> bool:
    return word in PARTICLES or _INITIAL.fullmatch(word) is not None


def _word(word: str, role: str, gender: str) -> Cases:
    if role == "fixed":
        return same(word)
    if role == "given":
        return given(word, gender)
    if role == "patronymic":
        return _patronymic(word, gender)
    if role == "surname":
        return surname(word, gender)
    return given(word, gender) if _is_given(word, gender) else surname(word, gender)


def _is_given(word: str, gender: str) -> bool:
    """Tell whether a name that stands alone is a given name."""
    lower = word.lower()
    readings = [noun for noun in dictionary.known_nouns(word) if noun.gender in (gender, "mf")]
    marks = {mark for noun in readings for mark in noun.marks & {"Name", "Surn"}}
    if marks:
        return "Name" in marks and not ("Surn" in marks and lower.endswith(_SURNAMES))
    if gender == "f" and lower.endswith("ь"):
        return lower.endswith(("гуль", "гюль"))
    return not lower.endswith((*_SURNAMES, "их", "ых", "ый", "ая"))


def _family_first(words: tuple[str, ...]) -> bool:
    """Recognise a Chinese, Korean or Vietnamese name: family name first, then syllables of theirs."""
    lower = [word.lower() for word in words]
    if len(words) < 2 or lower[0] not in FAMILY_FIRST:
        return False
    return all(_PALLADIUS.fullmatch(word) or word == "ятсен" for word in lower[1:]) or (
        len(words) > 2 and all(len(re.findall(f"[{VOWELS}]", word)) == 1 for word in lower)
    )


def given(word: str, gender: str) -> Cases:
    """Decline a given name. In a hyphenated one only the last part changes (Жан-Жака)."""
    head, hyphen, last = word.rpartition("-")
    if hyphen:
        table = given(last, gender)
        return {case: tuple(head + hyphen + form for form in table[case]) for case in CASES}
    lower = word.lower()
    ending = lower[-1:]
    if gender == "m" and lower in FLEETING:
        return _fleeting(word)
    if ending in ("а", "я"):
        return _first(word)
    if gender == "f":
        return _soft_woman(word, lower) if ending == "ь" else same(word)
    return masculine(word, animate=True) if ending and ending in CONSONANTS + "ь" else same(word)


def _soft_woman(word: str, lower: str) -> Cases:
    """Decline a woman's given name in -ь; what the dictionary keeps unchanged mostly stays so (Мишель)."""
    if lower == "любовь":
        return soft_feminine(word)
    women = [noun for noun in dictionary.known_nouns(word) if noun.gender == "f" and "Name" in noun.marks]
    foreign = any("Fixd" in noun.marks for noun in women) and not lower.endswith(("гуль", "гюль"))
    return merge(same(word), soft_feminine(word)) if foreign else merge(soft_feminine(word), same(word))


def _fleeting(word: str) -> Cases:
    stem = FLEETING[word.lower()]
    stem = word[0] + stem[1:]
    return {**masculine(stem, animate=True), "nom": (word,)}


def _first(word: str) -> Cases:
    """Decline a name in -а or -я, unless a foreign final vowel keeps it unchanged."""
    lower = word.lower()
    if lower in FRENCH_FINAL_A or lower.endswith(("уа", "оа", "эа", "юа", "иа", "еа", "аа")):
        return same(word)
    stressed = (final_stress(word) or lower == "илья") and not _russian_diminutive(word)
    table = first(word, stressed=stressed)
    if lower[-2:-1] in ("ж", "ш", "ч", "щ", "ц"):
        return merge(table, first(word, stressed=not stressed))
    return table


def _russian_diminutive(word: str) -> bool:
    """Tell a given name that the dictionary stresses before its end (Сашей) from Turkic ones in -ша."""
    return any(
        "Name" in noun.marks and noun.cases["ins"][0].endswith("ей") for noun in dictionary.known_nouns(word)
    )


def _patronymic(word: str, gender: str) -> Cases:
    if gender == "f":
        return first(word) if word.lower().endswith("а") else same(word)
    table = masculine(word, animate=True)
    if word.lower() in STRESSED_ICH:
        return {**table, "ins": (word + "ом",)}
    return table


def surname(word: str, gender: str) -> Cases:
    """Decline a surname. Both parts of a double one change where each is a surname by its ending."""
    parts = word.split("-")
    if len(parts) > 1 and parts[-1]:
        return _double(parts, gender)
    lower = word.lower()
    if lower.endswith(("их", "ых")) and lower not in FOREIGN_IKH and len(lower) > 4:
        return same(word)
    if gender == "f":
        return _woman(word, lower)
    return _man(word, lower)


def _double(parts: list[str], gender: str) -> Cases:
    tables = [
        surname(part, gender) if i == len(parts) - 1 or part.lower().endswith(_SURNAMES) else same(part)
        for i, part in enumerate(parts)
    ]
    return {
        case: tuple("-".join(row) for row in product(*(table[case] for table in tables))) for case in CASES
    }


def _woman(word: str, lower: str) -> Cases:
    if lower.endswith(("ова", "ева", "ёва", "ина", "ына")) and len(lower) > 4:
        return possessive_feminine(word)
    if lower.endswith(("ая", "яя")) and len(lower) > 4:
        return adjective(word, "f", animate=True) or first(word)
    return _first(word) if lower.endswith(("а", "я")) else same(word)


def _man(word: str, lower: str) -> Cases:
    if lower.endswith(("ов", "ев", "ёв", "ин", "ын")) and len(lower) > 3:
        foreign, russian = masculine(word, animate=True), possessive_masculine(word)
        if _ARABIC_DIN.search(lower):
            return merge(foreign, russian)
        if lower in FOREIGN_IN:
            return foreign
        return russian if lower.endswith(("ов", "ев", "ёв")) or _is_surname(word) else merge(russian, foreign)
    if _adjectival(word, lower):
        return adjective(word, "m", animate=True) or same(word)
    if lower.endswith(("а", "я")):
        return _first(word)
    if lower[-1:] in CONSONANTS + "ь":
        return _consonant(word, lower)
    return same(word)


def _consonant(word: str, lower: str) -> Cases:
    """A man's surname in a consonant; the dictionary knows the fleeting vowels (Заяц, Кравец)."""
    if lower.endswith("ец") and len(lower) > 4:
        return _fleeting_ets(word)
    for noun in dictionary.known_nouns(word):
        if "Surn" in noun.marks and noun.gender == "m" and "Fixd" not in noun.marks:
            return {case: tuple(recase(word, form) for form in noun.cases[case]) for case in CASES}
    return masculine(word, animate=True)


def _fleeting_ets(word: str) -> Cases:
    """A surname in -ец without its vowel: Кравца, Коломойца; the stress decides between -ом and -ем."""
    stem = word[:-2] + ("йц" if word[-3].lower() in VOWELS else "ц")
    table = masculine(stem, animate=True)
    return {**table, "nom": (word,), "ins": (stem + "ом", stem + "ем")}


def _is_surname(word: str) -> bool:
    """Tell a surname the dictionary knows; another in -ин may be foreign and have -ом (Алптекином)."""
    return any("Surn" in noun.marks for noun in dictionary.known_nouns(word))


def _adjectival(word: str, lower: str) -> bool:
    vowels = sum(letter in VOWELS for letter in lower)
    if vowels < 2:
        return False
    if lower.endswith(("ский", "цкий", "ской", "цкой", "ый", "ной", "той", "лой")):
        return True
    reading = dictionary.adjective(word) if lower.endswith(("ий", "ой")) else None
    return reading is not None and reading.known and reading.agrees == "m"
