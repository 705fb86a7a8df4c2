"""The suffixes of Uyghur nouns as data, and the chains they form.

Written in the Latin alphabet ULY for the eye, turned into Arabic script once. Capitals vary with the stem:
`A` ا/ە and `K` ق/ك follow its harmony; `I` ى/ۇ/ۈ its harmony and rounding; `D` د/ت and `G` غ/ق/گ/ك its
last sound.

Sources: De Jong 2007, *A Grammar of Modern Uyghur*, on nouns; Hahn 1991, *Spoken Uyghur*;
Engesæth et al. 2009, *Teklimakandin Salam*, on possessives and clitics.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from glossary.inflection.turkic import Ending, Shape

# De Jong 2007, on case. `lim` is the limitative (as far as), `attr` the locative-qualitative (the one in),
# `equ` the similitude (like), `pron` the genitive pronominal (the one of), `priv` the privative (without).
_CASES = {
    "gen": "ning",
    "dat": "GA",
    "acc": "ni",
    "loc": "DA",
    "abl": "Din",
    "attr": "Diki",
    "lim": "Giche",
    "equ": "Dek",
    "pron": "ningki",
    "priv": "siz",
}
# What follows -diki is always front: شىنجاڭدىكىلەر, شىنجاڭدىكىگە.
_AFTER_ATTR = {
    "gen": "ning",
    "dat": "ge",
    "acc": "ni",
    "loc": "de",
    "abl": "din",
    "equ": "dek",
    "pl.nom": "ler",
    "pl.gen": "lerning",
    "pl.dat": "lerge",
    "pl.acc": "lerni",
    "pl.loc": "lerde",
    "pl.abl": "lerdin",
}
# De Jong 2007, on possession: after a vowel, after a consonant. The first two keep a final a/e (بالام).
_POSSESSIVE = {
    "poss1sg": ("m", "Im"),
    "poss2sg": ("ng", "Ing"),
    "poss2sgf": ("ngiz", "Ingiz"),
    "poss3": ("si", "i"),
    "poss1pl": ("miz", "imiz"),
    "poss2pl": ("nglar", "Inglar"),
}
_KEEPS_VOWEL = frozenset({"poss1sg", "poss2sg"})
# Before a clitic the final a/e of a case is weakened too: قازاقىستانغىمۇ, قازاقىستاندىلا (Hahn 1991).
_BEFORE_CLITIC = {"nom": "", "gen": "ning", "dat": "Gi", "acc": "ni", "loc": "Di", "abl": "Din", "equ": "Dek"}
_CLITICS = ("mu", "la", "chu")
_COPULA = {
    "cop1sg": "men",
    "cop2sg": "sen",
    "cop2sgf": "siz",
    "cop1pl": "miz",
    "cop2pl": "siler",
    "cop3": "DUr",
}
# Recognised, never written on our own account: they change what the name does in the sentence.
ACCEPTED = frozenset({"priv", "rel"})

_LETTERS = {
    "ng": "ڭ", "gh": "غ", "sh": "ش", "ch": "چ", "zh": "ژ", "a": "ا", "e": "ە", "é": "ې", "i": "ى",
    "o": "و", "ö": "ۆ", "u": "ۇ", "ü": "ۈ", "b": "ب", "p": "پ", "t": "ت", "j": "ج", "x": "خ", "d": "د",
    "r": "ر", "z": "ز", "s": "س", "f": "ف", "q": "ق", "k": "ك", "g": "گ", "l": "ل", "m": "م", "n": "ن",
    "h": "ھ", "w": "ۋ", "y": "ي",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sound:
    """What the suffixes need to know of a stem.

    Attributes:
        front: harmony.
        rounded: its last vowel is rounded.
        hard_g, hard_d: its end makes `G`, `D` voiceless. They differ after غ: تاغقا but تاغدا.
        vowel: it ends in a vowel.
        uvular: it ends in ق or غ; then `G` is ق even where the vowels are front: شەرققە.
    """

    front: bool
    rounded: bool
    hard_g: bool
    hard_d: bool
    vowel: bool
    uvular: bool = False

    def after_suffix(self) -> Sound:
        """Return the sound of the stem once a voiced suffix stands after it."""
        return Sound(self.front, False, False, False, False)


def arabic(latin: str) -> str:
    """Turn ULY (no capitals) into Arabic script; a vowel at the beginning gets no carrier."""
    out, index = [], 0
    while index < len(latin):
        size = 2 if latin[index : index + 2] in _LETTERS else 1
        out.append(_LETTERS[latin[index : index + size]])
        index += size
    return "".join(out)


_DATIVE = {(False, False): "gh", (False, True): "q", (True, False): "g", (True, True): "k"}


@lru_cache(maxsize=4096)
def spell(template: str, sound: Sound) -> str:
    """Return the suffix in Arabic script as it stands after that stem."""
    close = "ü" if sound.front else "u"
    values = {
        "A": "e" if sound.front else "a",
        "K": "k" if sound.front else "q",
        "I": close if sound.rounded else "i",
        "D": "t" if sound.hard_d else "d",
        "G": "q" if sound.uvular else _DATIVE[sound.front, sound.hard_g],
        "U": "u",
    }
    return arabic("".join(values.get(char, char) for char in template))


@lru_cache(maxsize=256)
def endings(sound: Sound, *, possessed: bool, plural: bool, relation: bool) -> tuple[Ending, ...]:
    """Return all endings of a stem.

    Args:
        possessed: the stem already holds a possessive; it takes no other and its plural is not made here.
        plural: whether the stem may take the plural.
        relation: whether the noun and adjective of relation (قازاقىستانلىق) counts as a form of it.
    """
    chains = [*_cases(sound), *_clitics(sound), *_copula(sound)]
    if not possessed:
        chains += _possessed(sound)
        if plural:
            chains += _plural(sound)
    if relation and not possessed:
        chains.append(Ending(spell("lIK", sound), "rel"))
    return tuple(chains)


@lru_cache(maxsize=256)
def plural_of_possessed(sound: Sound) -> tuple[Ending, ...]:
    """Return the plural endings of a possessive compound, set after its bare head: تەشكىلات-لىرىغا."""
    after, suffix = sound.after_suffix(), spell("liri", sound)
    return (Ending(suffix, "pl.nom"), *(Ending(suffix + e.text, f"pl.{e.features}") for e in _cases(after)))


def _cases(sound: Sound) -> list[Ending]:
    chains = [Ending(spell(suffix, sound), name) for name, suffix in _CASES.items()]
    attr = spell(_CASES["attr"], sound)
    chains += [Ending(attr + arabic(suffix), f"attr.{name}") for name, suffix in _AFTER_ATTR.items()]
    return chains


def _clitics(sound: Sound) -> list[Ending]:
    return [
        Ending(spell(suffix, sound) + arabic(clitic), f"{name}.{clitic}")
        for name, suffix in _BEFORE_CLITIC.items()
        for clitic in _CLITICS
    ]


def _copula(sound: Sound) -> list[Ending]:
    chains = [Ending(spell(suffix, sound), name) for name, suffix in _COPULA.items()]
    located = spell("Di", sound)
    soft = sound.after_suffix()
    chains += [Ending(located + spell(suffix, soft), f"loc.{name}") for name, suffix in _COPULA.items()]
    return chains


def _possessed(sound: Sound) -> list[Ending]:
    chains = []
    for name, (after_vowel, after_consonant) in _POSSESSIVE.items():
        suffix = spell(after_vowel if sound.vowel else after_consonant, sound)
        shape: Shape = ("full" if name in _KEEPS_VOWEL else "closed") if sound.vowel else "open"
        after = sound.after_suffix()
        if name == "poss2pl":
            after = Sound(False, False, False, False, False)
        chains.append(Ending(suffix, f"{name}.nom", shape))
        chains += [Ending(suffix + e.text, f"{name}.{e.features}", shape) for e in _cases(after) if _plain(e)]
        if name == "poss3":
            chains += [Ending(suffix + e.text, f"{name}.{e.features}", shape) for e in _clitics(after)]
    return chains


def _plain(ending: Ending) -> bool:
    return "." not in ending.features


def _plural(sound: Sound) -> list[Ending]:
    after, plural = sound.after_suffix(), spell("lAr", sound)
    chains = [Ending(plural, "pl.nom")]
    chains += [Ending(plural + e.text, f"pl.{e.features}") for e in (*_cases(after), *_clitics(after))]
    weakened = arabic("lir")
    for name, (_, suffix) in _POSSESSIVE.items():
        possessed = weakened + spell(suffix.replace("I", "i"), sound)
        chains.append(Ending(possessed, f"pl.{name}.nom"))
        chains += [Ending(possessed + e.text, f"pl.{name}.{e.features}") for e in _cases(after) if _plain(e)]
    return chains
