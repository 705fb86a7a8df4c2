"""Uyghur nouns in Arabic script: every form of a name or noun.

Beside the common cases the features are `attr` (-دىكى, with its own cases), `lim` (-غىچە), `equ` (-دەك),
`pron` (-نىڭكى), `priv` (-سىز), `rel` (-لىق), `cop1sg` … `cop3`, and a case with a clitic: `nom.mu`, `dat.la`.
A possessive compound (جۇمھۇرىيىتى) already holds its possessive: its dative جۇمھۇرىيىتىگە is `dat`.

Sources: De Jong 2007, *A Grammar of Modern Uyghur*; Hahn 1991, *Spoken Uyghur*; Engesæth et al. 2009,
*Teklimakandin Salam*.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType

from glossary.inflection import Form, Lemma
from glossary.inflection.turkic import Parts, Stem, assemble, cut, is_latin, spoken_number
from glossary.inflection.uyghur_suffixes import ACCEPTED, Sound, endings, plural_of_possessed
from glossary.inflection.uyghur_words import (
    AGENTIVE,
    ELISION,
    HARMONY,
    HEADS,
    KEEPING,
    KEEPING_CLOSED,
    KEEPING_FIRST,
    KEEPING_SHORT,
    NUMERALS,
    OPEN,
    RAISING,
    RAISING_CLOSED,
)

_BACK, _FRONT, _NEUTRAL = "اوۇ", "ەۆۈ", "ىې"
_VOWELS = _BACK + _FRONT + _NEUTRAL
_VELAR, _UVULAR = "كگ", "قغ"
_ROUNDED = "وۇۆۈ"
_VOICELESS = "پتچخسشفقكھ"
# Look-alikes and joiners, mended before a word is read (never in what is written).
_READ = str.maketrans({"ی": "ى", "ک": "ك", "ه": "ە", "\u200c": None, "\u0640": None, "ۅ": "و"})
_NAMES = ("", "person", "place", "organisation")
_JOINTS = " -"


def forms(lemma: Lemma) -> tuple[Form, ...]:
    """Return every form of the lemma, itself first. A lemma that ends in no word has one form."""
    parts = cut(lemma)
    return assemble(parts, _stems(parts, lemma), ACCEPTED, joints=_JOINTS)


def plain_forms(lemma: Lemma) -> tuple[Form, ...]:
    """Return the forms with plain features only (see `is_plain`)."""
    parts = cut(lemma)
    return assemble(parts, _stems(parts, lemma), ACCEPTED, joints=_JOINTS, plain=True)


def harmonies(word: str, *, name: bool = True) -> tuple[bool, ...]:
    """Return whether suffixes are front, the preferred answer first; two where usage wavers.

    ى and ې are neutral: the last other vowel decides. Without one, names and loans are back (بېيجىڭغا)
    unless a velar makes them waver, and native words are of either kind. De Jong 2007; Hahn 1991.
    """
    return tuple(letter == "f" for letter in _harmony(word.translate(_READ), name))


def _harmony(word: str, name: bool) -> str:
    if word in HARMONY:
        return HARMONY[word]
    if word.endswith(("لىك", "لۈك", "لىق", "لۇق")) and len(word) > 4:
        return "f" if word[-1] == "ك" else "b"
    last = max((index for index, char in enumerate(word) if char in _BACK + _FRONT), default=-1)
    if last < 0:
        if word[-1:] in tuple(_VELAR):
            return "fb"
        native = not name and not any(char in _UVULAR for char in word)
        return "bf" if native or any(char in _VELAR for char in word) else "b"
    order = "f" if word[last] in _FRONT else "b"
    if word[-2:-1] in tuple(_NEUTRAL):
        if word[-1] in _VELAR and order == "b":
            return "fb"
        if word[-1] in _UVULAR and order == "f":
            return "bf"
    return order


def _sounds(word: str, *, name: bool = True) -> Iterator[Sound]:
    """Yield the sounds of a word's end, the preferred one first."""
    read = word.translate(_READ)
    vowels = [char for char in read if char in _VOWELS]
    rounded = bool(vowels) and vowels[-1] in _ROUNDED
    for front in harmonies(read, name=name):
        for hard_g, hard_d in _hardness(read[-1]):
            yield Sound(front, rounded, hard_g, hard_d, read[-1] in _VOWELS, read[-1] in _UVULAR)


def _hardness(last: str) -> tuple[tuple[bool, bool], ...]:
    """Return whether `G` and `D` are voiceless. Final voiced stops of loans waver: مادرىدقا, مادرىدغا."""
    if last in _VOICELESS + "ب":
        return ((True, True),)
    if last == "غ":
        return ((True, False),)
    if last in "دگ":
        return (True, True), (False, False)
    if last in "ۋج":
        return (False, False), (True, True)
    return ((False, False),)


def _stems(parts: Parts, lemma: Lemma) -> Iterator[Stem]:
    word = parts.word
    if not word or not word[-1].isalnum():
        return
    plural = lemma.number != "pl" and (lemma.kind in ("person", "place") or not _is_plural(word))
    if word[-1].isdecimal():
        yield from _numeral(word, plural)
    elif is_latin(word[-1]):
        yield from _latin(word, plural)
    elif len(word) == 1 and parts.before:
        yield from _letter(word, plural)
    elif "\u0600" <= word[-1] <= "ۿ":
        bare = _bare(parts, lemma)
        if bare is not None:
            yield from _compound(word, bare, plural)
        else:
            yield from _noun(word, lemma, plural)


def _is_plural(word: str) -> bool:
    stem = word[:-3]
    return len(stem) > 2 and word[-3:] == ("لەر" if harmonies(stem)[0] else "لار")


def _noun(word: str, lemma: Lemma, plural: bool) -> Iterator[Stem]:
    relation = lemma.kind in ("", "place", "organisation")
    irregular = OPEN.get(word.translate(_READ), "")
    for sound in _sounds(word, name=lemma.kind in _NAMES):
        suffixes = endings(sound, possessed=False, plural=plural, relation=relation)
        if irregular:
            yield Stem(word, word, word, tuple(e for e in suffixes if not e.features.startswith("poss")))
            continue
        for closed in _closed(word, lemma.kind):
            for opened in _opened(word, lemma.kind):
                yield Stem(closed, opened, word, suffixes)
    if irregular:
        suffixes = endings(next(_sounds(irregular)), possessed=False, plural=False, relation=False)
        only = tuple(e for e in suffixes if e.features.startswith("poss"))
        yield Stem(irregular, irregular, irregular, only)


def _closed(word: str, kind: str) -> list[str]:
    """Return the shapes before a consonant: a final a/e is weakened to ى in words, names waver.

    De Jong 2007 and Hahn 1991 on weakening. Names of people and countries in -ىيە, -ە tend to keep it.
    """
    read = word.translate(_READ)
    if read[-1] not in "اە" or read in KEEPING or sum(char in _VOWELS for char in read) < 2:
        return [word]
    weak = word[:-1] + "ى"
    if read.endswith("ىيە"):
        return [word, weak]
    if read in RAISING:
        return [weak]
    keeps = kind == "person" or read in KEEPING_FIRST or (read[-1] == "ە" and kind in _NAMES)
    return [word, weak] if keeps else [weak, word]


def _opened(word: str, kind: str) -> list[str]:
    """Return the shapes before a vowel: a/e of an open last syllable weakened, a vowel dropped."""
    read, name = word.translate(_READ), kind in _NAMES and kind != ""
    if read in ELISION:
        return [ELISION[read]]
    if len(read) < 3 or read[-1] in _VOWELS or read[-2] not in "اە":
        return [word]
    if sum(char in _VOWELS for char in read) == 1:
        weak = word[:-2] + "ې" + word[-1]
        return [word] if read in KEEPING_SHORT else [weak, word] if name else [weak]
    weak = word[:-2] + "ى" + word[-1]
    if read.endswith(KEEPING_CLOSED):
        return [word]
    if read in RAISING_CLOSED or (read[-2] == "ە" and not name):
        return [weak]
    return [weak, word] if read[-2] == "ە" else [word, weak]


@lru_cache(maxsize=1)
def _possessed_heads() -> Mapping[str, str]:
    """Return each head in the possessive with its bare form."""
    found: dict[str, str] = {}
    for head in sorted(HEADS):
        if head[-1] in _VOWELS:
            found |= {closed + "سى": head for closed in _closed(head, "")}
        else:
            found |= {opened + "ى": head for opened in _opened(head, "")}
    return MappingProxyType(found)


def _bare(parts: Parts, lemma: Lemma) -> str | None:
    """Return the bare head of a possessive compound, empty where unknown; None where it is no compound."""
    read = parts.word.translate(_READ)
    if lemma.kind == "person" or not read.endswith("ى"):
        return None
    if read in _possessed_heads():
        return _possessed_heads()[read]
    if read.endswith("لىرى"):
        return read.removesuffix("لىرى")
    return "" if parts.before.strip() and not read.endswith(AGENTIVE) else None


def _compound(word: str, bare: str, plural: bool) -> Iterator[Stem]:
    """Yield the stems of a possessive compound. Its weakened vowels hide the harmony; the bare head tells."""
    read = word.translate(_READ)
    fronts = harmonies(bare) if bare else _hidden_harmony(read)
    for front in fronts:
        sound = Sound(front, False, False, False, True)
        yield Stem(word, word, word, endings(sound, possessed=True, plural=False, relation=False))
        if plural and bare and not read.endswith("لىرى"):
            yield Stem(bare, bare, bare, plural_of_possessed(sound))


def _hidden_harmony(read: str) -> tuple[bool, ...]:
    """Guess the harmony of an unknown possessive: -يىسى, -يىتى hide an ە; ق and ك tell; else both."""
    if read.endswith(("يىسى", "يىتى")):
        return (True,)
    if read.endswith(("قى", "كى")):
        return (read.endswith("كى"),)
    seen = harmonies(read)
    last = [char for char in read.removesuffix("ى").removesuffix("س") if char in _VOWELS][-1:]
    return (*seen, not seen[0]) if last == ["ى"] and len(seen) == 1 else seen


def _joined(word: str, sound: Sound, joints: tuple[str, ...], plural: bool) -> Iterator[Stem]:
    for joint in joints:
        closed = word + joint
        yield Stem(closed, closed, closed, endings(sound, possessed=False, plural=plural, relation=True))


def _numeral(word: str, plural: bool) -> Iterator[Stem]:
    """Digits take the suffix of the number read aloud, after a hyphen: 2019-نىڭ, 20-گە."""
    digits = word[len(word.rstrip("0123456789")) :]
    if digits:
        spoken = spoken_number(digits, NUMERALS)
        for sound in _sounds(spoken):
            yield from _joined(word, sound, ("-", ""), plural)


def _letter(word: str, plural: bool) -> Iterator[Stem]:
    """An acronym of single letters (ب د ت): letter names end in ې, the suffix stands apart or hyphened."""
    sound = Sound(front=False, rounded=False, hard_g=False, hard_d=False, vowel=True)
    yield from _joined(word, sound, (" ", "-", ""), plural)


def _latin(word: str, plural: bool) -> Iterator[Stem]:
    """Latin words keep their spelling; the suffix follows the reading, which the letters only suggest."""
    lowered = word.lower()
    vowels = [char for char in lowered if char in "aeiouäöü"]
    vowel = word.isupper() or lowered[-1] in "aeiouyäöü"
    hard = lowered[-1] in "bcdfghkpqstxv" and not word.isupper()
    back = vowels[-1:] in (["a"], ["o"], ["u"]) or not vowels
    for front in (not back, back):
        for voiceless in dict.fromkeys((hard, lowered[-1] in "bcdefghkpqstvx", False)):
            sound = Sound(front, False, voiceless, voiceless, vowel and not voiceless)
            yield from _joined(word, sound, ("-", ""), plural)
