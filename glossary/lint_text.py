"""Faults that a single cell shows: the wrong script, look-alike letters, unbalanced brackets."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from corpora.languages import LANGUAGES

_RANGES = {
    "Latn": (("a", "z"), ("\u00df", "\u024f"), ("\u1e00", "\u1eff")),
    "Cyrl": (("\u0400", "\u052f"),),
    "Arab": (("\u0600", "\u06ff"),),
    "Hans": (("\u3400", "\u9fff"), ("\uf900", "\ufaff")),
}
_SCRIPT_NAMES = {"Latn": "Latin", "Cyrl": "Cyrillic", "Arab": "Arabic", "Hans": "Chinese", "Grek": "Greek"}
_UYGHUR = frozenset("ائەبپتجچخدرزژسشغفقكگڭلمنھوۇۆۈۋېىي")
_RUSSIAN = frozenset("абвгдеёжзийклмнопрстуфхцчшщъыьэюя")
_KAZAKH = _RUSSIAN | frozenset("әғқңөұүһі")
_ALPHABETS = {"ug": _UYGHUR, "ru": _RUSSIAN, "kk": _KAZAKH}
_MEANT = {
    "\u06a9": "ك",
    "\u06cc": "ى",
    "\u0647": "ە",
    "\u0629": "ە",
    "\u06be": "ھ",
    "\u0643": "ك",
    "\u0649": "ى",
}
SEVERAL = "several-names"
# RFE/RL is one name, Құлжа/Гулжа are two
_SEVERAL = re.compile(r"[;؛；、]|(?<=\w) ?[/／] ?(?=\w)")
_PAIRS = {")": "(", "]": "[", "}": "{", "»": "«", "”": "“", "）": "（", "》": "《", "】": "【", "」": "「"}


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a text, why it matters, how to mend it."""

    check: str
    what: str
    why: str
    fix: str


def faults(text: str, lang: str) -> Iterator[Fault]:
    """Yield the faults of one spelling or rendering."""
    yield from _scripts(text, lang)
    yield from _letters(text, lang)
    yield from _brackets(text)
    yield from _lists(text)
    if lang == "zh" and len(text) == 1:
        yield Fault(
            "short-rendering",
            f"“{text}” is one character",
            "It stands within many other words (汉 in 武汉), and each would count as the name",
            "Write the whole word, such as 汉族",
        )


@lru_cache(maxsize=4096)
def _script(letter: str) -> str:
    low = letter.lower()
    for script, ranges in _RANGES.items():
        if any(first <= low <= last for first, last in ranges):
            return script
    if "GREEK" in unicodedata.name(letter, ""):
        return "Grek"
    return ""


def _scripts(text: str, lang: str) -> Iterator[Fault]:
    expected = LANGUAGES[lang].script
    strange: list[str] = []
    for word in text.split():
        letters = [letter for letter in word if letter.isalpha()]
        scripts = dict.fromkeys(script for letter in letters if (script := _script(letter)))
        others = [script for script in scripts if script != expected]
        if others and len(scripts) > 1 and lang != "zh":
            odd = next(letter for letter in letters if _script(letter) == others[0])
            names = f"{_SCRIPT_NAMES[expected]} and {_SCRIPT_NAMES[others[0]]}"
            yield Fault(
                "look-alike",
                f"“{word}” mixes {names} letters ({odd}, U+{ord(odd):04X})",
                "It looks right but no search and no comparison will find it",
                "Type the word anew on one keyboard",
            )
        elif others and len(scripts) == 1:
            strange.append(word)
    if strange:
        yield Fault(
            "wrong-script",
            f"“{' '.join(strange)}” is not in the {_SCRIPT_NAMES[expected]} script of {LANGUAGES[lang].name}",
            "The column may hold another language's rendering",
            "Move it to its column, transliterate it, or write (keep) for what stays untranslated",
        )


def _letters(text: str, lang: str) -> Iterator[Fault]:
    """Find letters of the right script that the language does not have."""
    alphabet = _ALPHABETS.get(lang)
    if alphabet is None:
        return
    script = LANGUAGES[lang].script
    letters = dict.fromkeys(letter for letter in text if letter.isalpha() and _script(letter) == script)
    foreign = [letter for letter in letters if letter.lower() not in alphabet]
    foreign += [mark for mark in dict.fromkeys(text) if unicodedata.combining(mark)]
    for letter in foreign:
        meant = _MEANT.get(letter)
        yield Fault(
            "look-alike",
            f"“{letter}” (U+{ord(letter):04X}) in “{text}” is no letter of {LANGUAGES[lang].name}",
            "A word with it is another word to a computer",
            f"Write “{meant}” (U+{ord(meant):04X})" if meant else "Check the spelling",
        )


def _lists(text: str) -> Iterator[Fault]:
    """Doubt signs between which people list several names in one cell."""
    sign = _SEVERAL.search(text)
    if sign is None or ("/" in sign[0] and text.isupper()):
        return
    yield Fault(
        SEVERAL,
        f"“{text}” holds a “{sign[0].strip()}”",
        "It is looked for as it stands, sign and all",
        "If these are several names, put a bar | between them",
    )


def _brackets(text: str) -> Iterator[Fault]:
    waiting: list[str] = []
    for letter in text:
        if letter in _PAIRS.values():
            waiting.append(letter)
        elif letter in _PAIRS and (not waiting or waiting.pop() != _PAIRS[letter]):
            waiting.append(letter)
            break
    if waiting or text.count('"') % 2:
        yield Fault(
            "unbalanced",
            f"a bracket or quotation mark in “{text}” has no partner",
            "The other half would be missing from every translation",
            "Close it or remove it",
        )
