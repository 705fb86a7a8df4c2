"""The English endings that matching needs: regular nouns and verbs (Quirk et al. 1985, chapters 3 and 5)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

_VOWELS = frozenset("aeiou")
_STEM = 4  # letters that an adjective shares with its name


def plural_end(name: str) -> Iterator[str]:
    """Yield the plurals that change the name itself: countries of country."""
    if len(name) > 2 and name[-1] in "yY" and name[-2].lower() not in _VOWELS and not name.isupper():
        yield name[:-1] + "ies"


def inflections(name: str) -> Iterator[str]:
    """Yield the regular inflected forms of a word or of the first and last words of a phrase."""
    words = name.split(" ")
    places = dict.fromkeys((0, len(words) - 1))
    for place in places:
        word = words[place]
        if not word.isalpha() or not word.isascii() or len(word) < 3:
            continue
        for form in dict.fromkeys(_forms(word)):
            yield " ".join([*words[:place], form, *words[place + 1 :]])


def _forms(word: str) -> Iterator[str]:
    low = word.lower()
    if low.endswith(("s", "x", "z", "ch", "sh", "o")):
        yield word + "es"
    if low[-1] == "y" and low[-2] not in _VOWELS:
        yield word[:-1] + "ies"
        yield word[:-1] + "ied"
    else:
        yield word + "s"
        yield word + "ed"
    yield word + "ing"
    if low[-1] == "e":
        yield word + "d"
        yield word[:-1] + "ing"
    if (
        low[-1] not in _VOWELS | set("wxys")
        and low[-2] in _VOWELS
        and (len(low) < 3 or low[-3] not in _VOWELS)
    ):
        yield word + word[-1] + "ed"
        yield word + word[-1] + "ing"


def spoken_of(names: Iterable[str], text: str) -> bool:
    """Tell whether a text holds all words of one of the names, or words made from them (China, Chinese)."""
    words = re.findall(r"\w+", text.lower())
    return any(
        all(any(_akin(part, word) for word in words) for part in re.findall(r"\w+", name.lower()))
        for name in names
    )


def partly_spoken_of(names: Iterable[str], text: str) -> bool:
    """Tell whether a text holds a word of one of the names, or one made from it (North Korea, Korean)."""
    return spoken_of((word for name in names for word in re.findall(r"\w{4,}", name)), text)


def _akin(part: str, word: str) -> bool:
    return part == word or (len(part) >= _STEM and word[:_STEM] == part[:_STEM])
