"""Traditional and simplified Chinese: which of them a glossary writes, and a text in the same.

Conversion is OpenCC's, by phrases before characters. Its variants are its standard, Taiwan's and Hong
Kong's; they differ in a few dozen characters.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from opencc import OpenCC

SIMPLIFIED = "t2s"
_TRADITIONAL = ("s2tw", "s2hk", "s2t")
_LEAST = 2  # telling characters from which a glossary shows its script
_CLEAR = 4  # how many times as many characters must tell of one script as of the other


@dataclass(frozen=True, slots=True)
class Telling:
    """How many characters of some texts are written otherwise in the other script."""

    traditional: int
    simplified: int

    @property
    def script(self) -> str:
        """`Hant` or `Hans` where the texts show it clearly, else empty."""
        more, less = max(self.traditional, self.simplified), min(self.traditional, self.simplified)
        if more < _LEAST or more < _CLEAR * less:
            return ""
        return "Hant" if self.traditional > self.simplified else "Hans"


@lru_cache(maxsize=8)
def _converter(conversion: str) -> OpenCC:
    from opencc import OpenCC

    return OpenCC(conversion)


def converted(text: str, conversion: str) -> str:
    """Return a text in other characters.

    Args:
        text: Chinese text; other scripts in it stay as they are.
        conversion: an answer of `conversion_to_script_of`.
    """
    return str(_converter(conversion).convert(text))


def in_both_scripts(text: str) -> tuple[str, ...]:
    """Return a text as it is, in simplified characters, and in each standard of traditional ones."""
    plain = converted(text, SIMPLIFIED)
    return tuple(dict.fromkeys((text, plain, *(converted(plain, one) for one in _TRADITIONAL))))


def telling(texts: Iterable[str]) -> Telling:
    """Count the characters that tell the script of some texts.

    A character that both scripts write, be it only in this phrase, tells nothing.
    """
    traditional = simplified = 0
    for text in texts:
        traditional += _changed(text, converted(text, SIMPLIFIED))
        simplified += _changed(text, converted(text, "s2t"))
    return Telling(traditional, simplified)


def conversion_to_script_of(renderings: Iterable[str], texts: Iterable[str]) -> str:
    """Return the conversion that brings texts into the script of a glossary; empty where none is called for.

    None is, where either side does not show its script clearly, or both show the same. Of the traditional
    variants it is the one that gives back most of the glossary's own renderings from simplified ones.

    Args:
        renderings: what the glossary says in Chinese.
        texts: the texts that its renderings are to stand in.
    """
    lemmas = list(dict.fromkeys(renderings))
    wanted = telling(lemmas).script
    if not wanted or telling(texts).script in ("", wanted):
        return ""
    if wanted == "Hans":
        return SIMPLIFIED
    plain = [(lemma, converted(lemma, SIMPLIFIED)) for lemma in lemmas]

    def kept(conversion: str) -> int:
        return sum(converted(other, conversion) == lemma for lemma, other in plain)

    return max(_TRADITIONAL, key=kept)


def _changed(text: str, other: str) -> int:
    if len(text) != len(other):
        return sum(letter not in other for letter in text)
    return sum(one != two for one, two in zip(text, other, strict=True))
