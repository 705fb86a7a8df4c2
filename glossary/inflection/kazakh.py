"""Kazakh nouns in Cyrillic script: every form of a name or noun.

Beside the common cases the features are `attr` (-дағы, with its own cases), `equ` (-дай), `pron` (-нікі),
`priv` (-сыз), `rel` (the adjective of relation: Қазақстандық, қазақстандық), `emph` (-ақ),
`cop1sg` … `cop2plf`.
A possessive compound (Республикасы) already holds its possessive: its dative Республикасына is `dat`.

Sources: Muhamedowa 2016, *Kazakh: A Comprehensive Grammar*; Қазақ тілінің негізгі емле ережелері, 1983.
"""

from __future__ import annotations

from collections.abc import Iterator

from glossary.inflection import Form, Lemma
from glossary.inflection.kazakh_suffixes import ACCEPTED, endings, plural_of_possessed
from glossary.inflection.kazakh_words import (
    ACRONYMS,
    ADJECTIVAL,
    AGENTIVE,
    ELISION,
    ELISION_OPTIONAL,
    HARMONY,
    HEADS,
    INHERENT,
    LETTERS,
    NOUN_ENDINGS,
    NUMERALS,
    PATRONYMICS,
    UNVOICED,
)
from glossary.inflection.turkic import Ending, Parts, Stem, assemble, cut, is_latin, spoken_number

_BACK, _FRONT = "аоұыя", "әөүіеэё"
_VOWELS = _BACK + _FRONT + "иую"
_COLUMN = {
    **dict.fromkeys("аәеоөұүыіэёя", "V"),
    **dict.fromkeys("рйуию", "R"),
    "л": "L",
    **dict.fromkeys("мнң", "N"),
    **dict.fromkeys("зж", "Z"),
}
_VOICING = {"п": "б", "қ": "ғ", "к": "г"}
_DEVOICING = {voiced: voiceless for voiceless, voiced in _VOICING.items()}
_NATIVE_BACK = "қғұы"
_JOINTS = "-"


def forms(lemma: Lemma) -> tuple[Form, ...]:
    """Return every form of the lemma, itself first. A lemma that ends in no word has one form."""
    parts = cut(lemma)
    return assemble(parts, _stems(parts, lemma), ACCEPTED, joints=_JOINTS)


def plain_forms(lemma: Lemma) -> tuple[Form, ...]:
    """Return the forms with plain features only (see `is_plain`)."""
    parts = cut(lemma)
    return assemble(parts, _stems(parts, lemma), ACCEPTED, joints=_JOINTS, plain=True)


def harmonies(word: str) -> tuple[bool, ...]:
    """Return whether suffixes are front, the preferred answer first; two answers where usage wavers."""
    word = word.lower()
    for length in range(min(len(word), 8), 1, -1):
        order = HARMONY.get(word[-length:])
        if order:
            return _order(order)
    if word.endswith("ов"):
        return _order(_surname(word[:-2]))
    return _order(_by_last_vowel(word.rstrip("ъ")))


def column(word: str) -> str:
    """Return the column of the suffix tables that the end of the word selects."""
    return _COLUMN.get(word.lower().rstrip("ьъ")[-1:], "T")


def _surname(root: str) -> str:
    """-ов follows the root in Kazakh names (Әуезовтің, Ахметовке); Russian names waver (Петров)."""
    if any(char in "әөүі" for char in root):
        return "fb"
    return "b" if "f" not in _by_last_vowel(root) else "bf" if root.endswith("тр") else "fb"


def _order(order: str) -> tuple[bool, ...]:
    return tuple(letter == "f" for letter in order)


def _is_vowel(word: str, index: int) -> bool:
    """Tell vowels from the glide у, which follows a vowel (тау, Сауытбай)."""
    if word[index] == "у" and index and word[index - 1] in _VOWELS:
        return False
    return word[index] in _VOWELS


def _by_last_vowel(word: str) -> str:
    vowels = [char for index, char in enumerate(word) if _is_vowel(word, index)]
    if not vowels:
        return "bf"
    last, before = vowels[-1], vowels[-2] if len(vowels) > 1 else ""
    if last == "и":
        native = any(char in _NATIVE_BACK for char in word)
        return ("bf" if word.endswith("и") else "fb") if native else "f"
    if last in _FRONT:
        return "f"
    if "ь" in word[word.rindex(last) :]:
        return "bf" if word.endswith("нь") else "fb"
    if last in "ую":
        return _by_rounded(word, before)
    if word[: word.rindex(last) + 1].endswith("ьо"):
        return "fb"
    return "bf" if word.endswith(("ок", "ог")) else "b"


def _by_rounded(word: str, before: str) -> str:
    """у and ю have no harmony of their own: they follow the vowel before (кездесуге)."""
    if before and before in "әөүіеэ":
        return "f" if word[-1] in "ую" else "fb"
    return "bf" if "ю" in word and not before else "b"


def _stems(parts: Parts, lemma: Lemma) -> Iterator[Stem]:
    word = parts.word
    if not word or not word[-1].isalnum():
        return
    relation = lemma.kind in ("", "place", "organisation")
    plural = lemma.number != "pl" and (lemma.kind in ("person", "place") or not _is_plural(word))
    if word[-1].isdecimal():
        yield from _numeral(word, plural)
    elif is_latin(word[-1]):
        yield from _latin(word, plural)
    elif _is_acronym(word):
        yield from _acronym(word, plural)
    elif word[-1].lower() in _VOWELS or "а" <= word[-1].lower() <= "ӿ":
        yield from _word(parts, lemma, plural, relation)


def _word(parts: Parts, lemma: Lemma, plural: bool, relation: bool) -> Iterator[Stem]:
    word, possessed = parts.word, _possessed_head(parts, lemma)
    bare = list(_noun(word, lemma.kind, plural, relation)) if possessed is not True else []
    if bare and relation and not parts.before.strip() and word[0].isupper():
        bare += _relation(word)
    compound = list(_compound(word, plural)) if possessed is not False else []
    yield from bare + compound if lemma.kind == "place" else compound + bare


def _noun(word: str, kind: str, plural: bool, relation: bool) -> Iterator[Stem]:
    """Yield the stems of an ordinary noun, the clusters of loans included (spelling rules 1983 §35)."""
    lowered = word.lower()
    linked = kind != "person" and lowered.endswith(("ск", "кт", "пт", "фт"))
    for front in harmonies(word):
        everything = endings(column(word), front, plural=plural, relation=relation)
        ordinary = [Stem(word, opened, word, everything) for opened in _opened(word)]
        if len(word) > 3 and lowered[-1] == lowered[-2] and lowered[-1] not in _VOWELS:
            single = Stem(word[:-1], word[:-1], word, everything)
            ordinary = [single, *ordinary] if lowered.endswith("тт") else [*ordinary, single]
        if lowered.endswith("зд"):  # съезге, съезі: д drops
            voiced = endings("Z", front, plural=plural, relation=relation)
            ordinary = [Stem(word[:-1], word[:-1], word[:-1], voiced), *ordinary]
        if linked and front:
            with_vowel = tuple(
                e for e in endings("V", True, plural=plural, relation=False) if e.shape == "closed"
            )
            link = Stem(word + "і", word, word, with_vowel)
            yield from (link, *ordinary) if lowered.endswith("ск") else (*ordinary, link)
        else:
            yield from ordinary
        yield from _shortened(word, kind, everything)


def _shortened(word: str, kind: str, everything: tuple[Ending, ...]) -> Iterator[Stem]:
    """Yield the stem without the т of ст, сть (журналисі, повесте); names drop it before т only."""
    lowered = word.lower()
    if lowered.endswith("ст") and kind in ("person", "place"):
        yield Stem(word[:-1], word, word, tuple(e for e in everything if e.text.startswith("т")))
    elif lowered.endswith(("ст", "сть")):
        short = word[: lowered.rindex("т")]
        yield Stem(short, short, short, everything)


def _is_plural(word: str) -> bool:
    """Tell whether the word already ends in a plural suffix that fits what stands before it."""
    stem, suffix = word[:-3], word[-3:].lower()
    return len(stem) > 2 and any(
        ending.features == "pl.nom" and ending.text == suffix
        for ending in endings(column(stem), harmonies(stem)[0])
    )


def _opened(word: str) -> list[str]:
    """Return the shapes before a vowel: soft sign dropped, last vowel dropped, п қ к voiced after a vowel."""
    lowered = word.lower()
    if lowered.endswith("ь"):
        return [word[:-1]]
    for full, short in ELISION.items():
        if lowered.endswith(full):
            dropped = word[: len(word) - len(full)] + _like(word[-len(full) :], short)
            return [word, dropped] if full in ELISION_OPTIONAL else [dropped]
    if len(word) > 1 and lowered[-1] in _VOICING and lowered[-2] in _VOWELS + "й":
        return [word] if lowered.endswith(UNVOICED) else [word[:-1] + _VOICING[lowered[-1]]]
    return [word]


def _like(model: str, text: str) -> str:
    return text.capitalize() if model[:1].isupper() else text


def _relation(word: str) -> Iterator[Stem]:
    """Yield the adjective of relation in lower case, as running text has it: қазақстандық, алматылық."""
    lowered = word[0].lower() + word[1:]
    for front in harmonies(word):
        only = tuple(e for e in endings(column(word), front) if e.features == "rel")
        yield Stem(lowered, lowered, lowered, only)


def _possessed_head(parts: Parts, lemma: Lemma) -> bool | None:
    """Tell whether the word ends in a possessive: True, None where both readings stand, False."""
    word = parts.word.lower()
    if not word.endswith(("ы", "і")):
        return False
    if word.endswith(PATRONYMICS) and (len(word) > 5 or parts.before):
        return True
    if lemma.kind == "person":
        return False
    if _bare(word) in HEADS:
        return True
    if not parts.before.strip() or word.split("-")[-1] in INHERENT or word.endswith(AGENTIVE):
        return False
    return None if word.endswith(ADJECTIVAL) and not word.endswith(NOUN_ENDINGS) else True


def _bare(word: str) -> str:
    """Return the noun a possessive was made from; empty where that cannot be told."""
    lowered, stem = word.lower(), word[:-1]
    if lowered.endswith(("сы", "сі")) and (lowered[:-2] in HEADS or lowered[-3:-2] in ("я", "о")):
        return word[:-2]
    for full, short in ELISION.items():
        if lowered[:-1] == short and full in HEADS:
            return _like(word, full)
    if lowered[:-1] + "ь" in HEADS:
        return stem + "ь"
    if lowered[-2:-1] in _DEVOICING:
        stem = stem[:-1] + _DEVOICING[lowered[-2]]
    elif lowered[-2:-1] == "с" and lowered[:-1] not in HEADS and lowered[-3:-2] in _VOWELS:
        return ""
    return stem


def _compound(word: str, plural: bool) -> Iterator[Stem]:
    """Yield the stems of a possessive compound: cases with -н-, plural put before the possessive."""
    front = word.lower()[-1] == "і"
    yield Stem(word, word, word, endings("P", front))
    bare = _bare(word)
    if plural and bare and not word.lower().endswith(("лары", "лері", "дары", "дері", "тары", "тері")):
        yield Stem(bare, bare, bare, plural_of_possessed(column(bare), front))


def _hyphenated(word: str, column_: str, front: bool, plural: bool) -> Stem:
    return Stem(word + "-", word + "-", word + "-", endings(column_, front, plural=plural))


def _numeral(word: str, plural: bool) -> Iterator[Stem]:
    """Digits take the suffix of the number read aloud, after a hyphen: 2019-дың, 20-ға."""
    digits = word[len(word.rstrip("0123456789")) :]
    spoken = spoken_number(digits, NUMERALS) if digits else ""
    if spoken:
        yield from (_hyphenated(word, column(spoken), front, plural) for front in harmonies(spoken))


def _is_acronym(word: str) -> bool:
    letters = word.replace("-", "")
    return (
        2 <= len(letters) <= 8
        and letters.isalpha()
        and sum(map(str.isupper, letters)) * 2 > len(letters)
        and letters[-1].isupper()
    )


def _acronym(word: str, plural: bool) -> Iterator[Stem]:
    for column_, order in _readings(word):
        yield from (_hyphenated(word, column_, front, plural) for front in _order(order))


def _readings(word: str) -> tuple[tuple[str, str], ...]:
    """Return how the end of an acronym may be read, as (column, harmony)."""
    if word in ACRONYMS:
        return ACRONYMS[word]
    lowered, last = word.lower(), word[-1]
    own = "".join("f" if char in _FRONT else "b" for char in lowered if char in _BACK + _FRONT + "қғ")
    if lowered[-1] in _BACK + _FRONT:
        return (("V", own[-1]),)
    if lowered[-2] in _BACK + _FRONT + "и":
        return ((column(word), "f" if lowered[-2] == "и" else own[-1]),)
    default = own[-1:] + ("f" if own[-1:] == "b" else "b") if own else "bf"
    readings = LETTERS.get(last, (("V", ""), ("T", "")))
    return tuple((column_, order or default) for column_, order in readings)


def _latin(word: str, plural: bool) -> Iterator[Stem]:
    """Latin words keep their spelling; the suffix follows the reading, which the letters only suggest."""
    lowered = word.lower()
    vowels = [char for char in lowered if char in "aeiouy"]
    preferred = word[-1] in "BCDEGPTVFLMNSXZ" if word.isupper() else vowels[-1:] in (["e"], ["i"], ["y"])
    for column_ in _latin_columns(lowered, word.isupper()):
        for front in (preferred, not preferred):
            yield _hyphenated(word, column_, front, plural)


def _latin_columns(lowered: str, spelt: bool) -> tuple[str, ...]:
    last = lowered[-1]
    if spelt:
        return _LATIN_LETTERS.get(last, ("V", "T"))
    if last in "aou":
        return ("V", "R") if last == "u" else ("V",)
    if last in "iy":
        return ("R", "V")
    if last == "e" and len(lowered) > 1:
        return (_LATIN_COLUMN.get(lowered[-2], "T"), "V")
    return ("N", "T") if lowered.endswith("ng") else (_LATIN_COLUMN.get(last, "T"),)


_LATIN_COLUMN = {
    "l": "L",
    **dict.fromkeys("mn", "N"),
    **dict.fromkeys("rwyiu", "R"),
    **dict.fromkeys("zj", "Z"),
}
_LATIN_LETTERS = {
    **dict.fromkeys("bcdgptv", ("R", "V", "T")),
    "l": ("L",), "m": ("N",), "n": ("N",), "r": ("R",), "s": ("T",), "f": ("T",), "x": ("T",), "h": ("T",),
    "i": ("R", "V"), "y": ("R",), "u": ("R",), "q": ("R", "T"), "w": ("R",), "a": ("V", "R"), "o": ("V", "R"),
    "j": ("R", "Z"), "k": ("R", "V", "T"), "z": ("V", "T", "Z"),
}  # fmt: skip
