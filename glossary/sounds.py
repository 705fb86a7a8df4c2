"""How alike two names sound across scripts: rough phonetic spellings and a distance between them.

Good enough to see that Саутбаева stands for Sauytbay; never used to decide whether a name is right.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_CYRILLIC = {
    **{"а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "o", "ж": "J", "з": "z", "и": "i"},
    **{"й": "i", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t"},
    **{"у": "u", "ф": "f", "х": "h", "ц": "s", "ч": "C", "ш": "X", "щ": "X", "ы": "i", "э": "e", "ю": "u"},
    **{"я": "a", "ә": "a", "ғ": "g", "қ": "k", "ң": "n", "ө": "o", "ұ": "u", "ү": "u", "һ": "h", "і": "i"},
}
_UYGHUR = {
    **{"ا": "a", "ە": "e", "ب": "b", "پ": "p", "ت": "t", "ج": "J", "چ": "C", "خ": "h", "د": "d", "ر": "r"},
    **{"ز": "z", "ژ": "J", "س": "s", "ش": "X", "غ": "g", "ف": "f", "ق": "k", "ك": "k", "گ": "g", "ڭ": "n"},
    **{"ل": "l", "م": "m", "ن": "n", "ھ": "h", "و": "o", "ۇ": "u", "ۆ": "o", "ۈ": "u", "ۋ": "v", "ې": "e"},
    **{"ى": "i", "ي": "i", "ئ": ""},
}
_LATIN = [
    *[
        ("tsch", "C"),
        ("sch", "X"),
        ("sh", "X"),
        ("ch", "C"),
        ("zh", "J"),
        ("kh", "h"),
        ("gh", "g"),
        ("ph", "f"),
    ],
    *[("th", "t"), ("ts", "s"), ("tz", "s"), ("ck", "k"), ("qu", "k"), ("ng", "n"), ("ee", "i"), ("oo", "u")],
    *[("ce", "se"), ("ci", "si"), ("x", "X"), ("c", "k"), ("q", "k"), ("w", "v"), ("y", "i"), ("j", "J")],
]
_RUNS = re.compile("[\u0400-\u04ff]+|[\u0600-\u06ff]+|[a-z\u00df-\u024f\u1e00-\u1eff]+")
_VOWELS = frozenset("aeiou")
_KIN = {
    frozenset(pair) for pair in ("bp", "dt", "gk", "gh", "kh", "vf", "zs", "JC", "CX", "sX", "zJ", "vu", "nm")
}
_MAX_ENDING = 6


@lru_cache(maxsize=1 << 14)
def sounds(text: str) -> str:
    """Return a rough phonetic spelling of a name in Latin, Cyrillic or Uyghur letters; empty for others."""
    spelt = "".join(map(_spelt, _RUNS.findall(unicodedata.normalize("NFC", text.lower()))))
    return "".join(letter for index, letter in enumerate(spelt) if not index or letter != spelt[index - 1])


def _spelt(run: str) -> str:
    """Spell a run of letters of one script."""
    if "\u0400" <= run[0] <= "\u04ff":
        return "".join(_CYRILLIC.get(letter, "") for letter in run.replace("дж", "ж").replace("нг", "н"))
    if run[0] in _UYGHUR:
        return "".join(_UYGHUR.get(letter, "") for letter in run)
    bare = "".join(letter for letter in unicodedata.normalize("NFKD", run) if "a" <= letter <= "z")
    for written, sound in _LATIN:
        bare = bare.replace(written, sound)
    return bare


@lru_cache(maxsize=1 << 15)
def likeness(name: str, found: str) -> tuple[float, int]:
    """Return how alike a name and a word found sound, 0 to 1, and how many sounds the ending behind it has.

    Both are phonetic spellings. The word found may carry an ending of its language, which costs little.
    """
    if not name or not found:
        return 0.0, 0
    rows = _distances(name, found)
    scale = sum(_weight(letter) for letter in name)
    best, ending = 0.0, 0
    for length in range(max(1, len(found) - _MAX_ENDING), len(found) + 1):
        rest = len(found) - length
        size = max(scale, sum(_weight(letter) for letter in found[:length]))
        score = 1.0 - (rows[length] + 0.06 * rest * scale / max(3.0, scale)) / size
        if score > best:
            best, ending = score, rest
    return best, ending


@lru_cache(maxsize=1 << 15)
def closeness(one: str, other: str) -> float:
    """Return how alike two phonetic spellings are as wholes, endings included, 0 to 1."""
    if not one or not other:
        return 0.0
    size = max(sum(map(_weight, one)), sum(map(_weight, other)))
    return 1.0 - _distances(one, other)[-1] / size


def _distances(name: str, found: str) -> list[float]:
    """Return the distance of the name to each prefix of the word found (Levenshtein, weighted)."""
    row = [0.0]
    for letter in found:
        row.append(row[-1] + _weight(letter))
    for letter in name:
        fresh = [row[0] + _weight(letter)]
        for index, other in enumerate(found, start=1):
            fresh.append(
                min(
                    row[index] + _weight(letter),
                    fresh[index - 1] + _weight(other),
                    row[index - 1] + _exchange(letter, other),
                )
            )
        row = fresh
    return row


def _weight(letter: str) -> float:
    return 0.4 if letter in _VOWELS else 1.0


def _exchange(one: str, other: str) -> float:
    if one == other:
        return 0.0
    if one in _VOWELS and other in _VOWELS:
        return 0.25
    return 0.45 if frozenset((one, other)) in _KIN else 1.0
