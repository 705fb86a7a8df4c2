"""Russian declension by ending, for words no dictionary knows.

Tables follow А. А. Зализняк, «Грамматический словарь русского языка» (1977; types 1–7 of nouns and 1–6 of
adjectives, stress on the stem) and the spelling rules for hushing letters, velars and ц («Правила русской
орфографии и пунктуации», 2006).
"""

from __future__ import annotations

from collections.abc import Mapping

Cases = Mapping[str, tuple[str, ...]]
"""Case name -> the forms allowed for it, the one to write first."""

CASES = ("nom", "gen", "dat", "acc", "ins", "loc")
VOWELS = "аеёиоуыэюя"
CONSONANTS = "бвгджзйклмнпрстфхцчшщ"
_HUSHING = "жшчщ"
_VELAR = "кгх"


def same(word: str) -> dict[str, tuple[str, ...]]:
    """Return the cases of a word that never changes."""
    return dict.fromkeys(CASES, (word,))


def merge(*tables: Cases) -> dict[str, tuple[str, ...]]:
    """Join tables of the same word; the forms of the first stand first."""
    return {case: tuple(dict.fromkeys(form for table in tables for form in table[case])) for case in CASES}


def _table(stem: str, endings: str) -> dict[str, tuple[str, ...]]:
    """Add endings to a stem: six groups for the six cases, variants joined by `/`, `0` for no ending."""
    return {
        case: tuple(stem + ("" if ending == "0" else ending) for ending in group.split("/"))
        for case, group in zip(CASES, endings.split(), strict=True)
    }


def masculine(word: str, *, animate: bool) -> dict[str, tuple[str, ...]]:
    """Decline a masculine noun of the second declension that ends in a consonant, -й or -ь.

    The instrumental after a hushing letter or ц is -ем: in a name the stress stays on the stem.
    """
    last = word[-1].lower()
    if last in "йь":
        loc = "и" if word[-2:].lower() == "ий" else "е"
        table = _table(word[:-1], f"{last} я ю {'я' if animate else last} ем {loc}")
    else:
        ins = "ем" if last in _HUSHING + "ц" else "ом"
        table = _table(word, f"0 а у {'а' if animate else '0'} {ins} е")
    return table


def soft_feminine(word: str) -> dict[str, tuple[str, ...]]:
    """Decline a feminine noun in -ь (third declension)."""
    return _table(word[:-1], "ь и и ь ью и")


def first(word: str, *, stressed: bool = False) -> dict[str, tuple[str, ...]]:
    """Decline a noun in -а or -я (first declension). `stressed`: the stress is on the ending."""
    stem, last = word[:-1], word[-1].lower()
    before = stem[-1:].lower()
    if last == "я":
        oblique = "и" if before == "и" else "е"
        o = "ёй/ёю" if stressed and before != "и" else "ей/ею"
        return _table(stem, f"я и {oblique} ю {o} {oblique}")
    gen = "и" if before in _HUSHING + _VELAR else "ы"
    soft = before in _HUSHING + "ц" and not stressed
    return _table(stem, f"а {gen} е у {'ей/ею' if soft else 'ой/ою'} е")


def neuter(word: str) -> dict[str, tuple[str, ...]]:
    """Decline a neuter noun in -о, -ье, -ие or -це."""
    stem, last = word[:-1], word[-1].lower()
    before = stem[-1:].lower()
    if last == "о":
        return _table(stem, "о а у о ом е")
    if before in _HUSHING + "ц":
        return _table(stem, "е а у е ем е")
    return _table(stem, f"е я ю е ем {'и' if before == 'и' else 'е'}")


def possessive_masculine(word: str) -> dict[str, tuple[str, ...]]:
    """Decline a surname in -ов, -ев, -ин, -ын of a man: instrumental -ым."""
    return _table(word, "0 а у а ым е")


def possessive_feminine(word: str) -> dict[str, tuple[str, ...]]:
    """Decline a surname in -ова, -ева, -ина, -ына of a woman: oblique -ой, accusative -у."""
    return _table(word[:-1], "а ой ой у ой/ою ой")


def adjective(word: str, gender: str, *, animate: bool) -> dict[str, tuple[str, ...]] | None:
    """Decline an adjective given in the nominative of its gender (`m`, `f`, `n`, `pl`), else None."""
    stem, ending = word[:-2], word[-2:].lower()
    velar = stem[-1:].lower() in _VELAR
    soft = ending in ("ий", "яя", "ее", "ие") and not velar
    hushing = stem[-1:].lower() in _HUSHING
    vowel, high = ("е", "и") if soft else ("о", "и" if velar or hushing else "ы")
    if hushing:
        vowel = "е"
    if gender == "m" and ending in ("ый", "ий", "ой"):
        acc = f"{vowel}го" if animate else ending
        return _table(stem, f"{ending} {vowel}го {vowel}му {acc} {high}м {vowel}м")
    if gender == "f" and ending in ("ая", "яя"):
        acc = "юю" if ending == "яя" else "ую"
        return _table(stem, f"{ending} {vowel}й {vowel}й {acc} {vowel}й/{vowel}ю {vowel}й")
    if gender == "n" and ending in ("ое", "ее"):
        return _table(stem, f"{ending} {vowel}го {vowel}му {ending} {high}м {vowel}м")
    if gender == "pl" and ending in ("ые", "ие"):
        acc = f"{high}х" if animate else ending
        return _table(stem, f"{ending} {high}х {high}м {acc} {high}ми {high}х")
    return None


def final_stress(word: str) -> bool:
    """Guess whether a name in -а is stressed there: Turkic names are, and -джа, -жа, -ча, -ша mark them."""
    return word.lower().endswith(("джа", "ча", "жа", "ша"))


def recase(pattern: str, form: str) -> str:
    """Give a lower-case form the capitals of the word it was made from (МакКейн, Нью-Йорк, КИТАЙ)."""
    if "-" in pattern and pattern.count("-") == form.count("-"):
        return "-".join(map(recase, pattern.split("-"), form.split("-")))
    letters = [letter for letter in pattern if letter.isalpha()]
    if len(letters) > 1 and all(letter.isupper() for letter in letters):
        return form.upper()
    low = form.lower()
    shared = 0
    while shared < min(len(pattern), len(low)) and _alike(pattern[shared], low[shared]):
        shared += 1
    if shared == 0 and pattern[:1].isupper():
        return low[:1].upper() + low[1:]
    kept = "".join(
        b.upper() if a.isupper() else b for a, b in zip(pattern[:shared], low[:shared], strict=True)
    )
    return kept + low[shared:]


def _alike(a: str, b: str) -> bool:
    return a.lower() == b or {a.lower(), b} == {"е", "ё"}
