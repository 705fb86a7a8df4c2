"""Text as names are compared in: one kind of space, quote and hyphen, and the way back to the offsets."""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpora.records import Span

_SINGLE = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201b\u02bc\u02bb\u2032\uff07`\u00b4", "'"),
        **dict.fromkeys(
            "\u201c\u201d\u201e\u201f\u00ab\u00bb\u2039\u203a\uff02\u300c\u300d\u300e\u300f", '"'
        ),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212\uff0d\ufe63", "-"),
        **dict.fromkeys("\u2022\u2027\u30fb\uff65\u0387", "\u00b7"),
        **dict.fromkeys("\u00a0\u2007\u202f\u3000\t\n\r\v\f\u0085\u2028\u2029", " "),
    }
)
_GONE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u061c\u2060\ufeff\u202a-\u202e\u2066-\u2069"
_UNEVEN = re.compile(rf"\s\s+|(?<=\w)-[ \t]*\r?\n[ \t]*(?=[a-z])|[{_GONE}]")
# letters that look like Latin ones (Unicode TR39, confusables), and the full-width ones of Chinese keyboards
_LOOK_ALIKES = str.maketrans(
    "аеорсхуіјѕһԁԛԝАВЕЅІЈКМНОРСТУХΑΒΕΖΗΙΚΜΝΟΡΤΥΧο",
    "aeopcxyijshdqwABESIJKMHOPCTYXABEZHIKMNOPTYXo",
)
_FULL_WIDTH = str.maketrans({chr(code + 0xFEE0): chr(code) for code in range(0x21, 0x7F)})
_MIXED = re.compile(r"[^\W\d_]*(?:[A-Za-z][\u0370-\u052f]|[\u0370-\u052f][A-Za-z])[^\W\d_]*")


@dataclass(frozen=True, slots=True)
class Folded:
    """A text made even. `plain` keeps the case, `lower` does not; both have the same length.

    `offsets[i]` is where the i-th character stood, None where nothing moved.
    """

    plain: str
    lower: str
    offsets: tuple[int, ...] | None

    def span(self, start: int, end: int) -> Span:
        """Return the span in the original text of a non-empty span of the even one."""
        if self.offsets is None:
            return start, end
        return self.offsets[start], self.offsets[end - 1] + 1


def fold(text: str) -> Folded:
    """Make spaces, quotes, hyphens and dots even, join words broken at a line end, drop invisible marks."""
    offsets: tuple[int, ...] | None = None
    if _UNEVEN.search(text):
        pieces: list[str] = []
        kept: list[int] = []
        last = 0
        for match in _UNEVEN.finditer(text):
            start, end = match.span()
            pieces.append(text[last:start])
            kept.extend(range(last, start))
            if match.group()[0].isspace():
                pieces.append(" ")
                kept.append(start)
            last = end
        pieces.append(text[last:])
        kept.extend(range(last, len(text)))
        text, offsets = "".join(pieces), tuple(kept)
    plain = text if text.isascii() and text.isprintable() and "`" not in text else text.translate(_SINGLE)
    return Folded(plain, lowered(plain), offsets)


def unmasked(folded: Folded) -> Folded:
    """Return an English text with the letters that it seems to have: no Cyrillic х in a Latin word."""
    if folded.plain.isascii():
        return folded
    plain = folded.plain.translate(_FULL_WIDTH)
    plain = _MIXED.sub(lambda word: word[0].translate(_LOOK_ALIKES), plain)
    return folded if plain == folded.plain else Folded(plain, lowered(plain), folded.offsets)


def lowered(text: str) -> str:
    """Return the text in lower case, letter for letter (a letter whose lower case is longer stays)."""
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(low if len(low := letter.lower()) == 1 else letter for letter in text)


def case_agrees(name: str, found: str) -> bool:
    """Tell whether a spelling found may stand for a name: its capitals must be capitals there too."""
    return len(name) == len(found) and all(
        not letter.isupper() or other.isupper() for letter, other in zip(name, found, strict=True)
    )
