"""Text as it must be before anything else looks at it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from corpora.languages import LANGUAGES
from corpora.records import Flag

# what ends a line, as `str.splitlines` has it
_LINE_ENDS = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"
_LINE_END = re.compile(rf"[ {_LINE_ENDS}]*[{_LINE_ENDS}][ {_LINE_ENDS}]*")
# Embeddings, overrides and isolates (UAX #9) can make a text read as something it is not; soft hyphens and
# byte order marks split words; the other control characters mean nothing in text. ZWNJ and the marks of
# direction (U+200E, U+200F, U+061C) belong to the spelling and stay.
INVISIBLE = frozenset(
    map(
        chr,
        [
            *range(0x00, 0x09),
            *range(0x0E, 0x20),
            *range(0x7F, 0xA0),
            0xAD,
            *range(0x202A, 0x202F),
            *range(0x2066, 0x206A),
            0xFEFF,
        ],
    )
) - frozenset(_LINE_ENDS)
_INVISIBLE = re.compile(f"[{''.join(sorted(INVISIBLE))}]")


def nfc(text: str) -> str:
    """Return the text in Unicode NFC (UAX #15), the only form any record holds."""
    return unicodedata.normalize("NFC", text)


def join_sentences(sentences: Iterable[str], lang: str) -> str:
    """Return the sentences as running text: with a space between them, in Chinese with nothing."""
    known = LANGUAGES.get(lang)
    return (" " if known is None or known.spaced else "").join(sentences)


def visible(text: str) -> tuple[str, tuple[str, ...]]:
    """Return the text in NFC on one line, without what is not seen, and what fell.

    Control characters (but tabs), embeddings, overrides and isolates of direction, soft hyphens and byte
    order marks are dropped; line ends, with the spaces around them, become one space.

    Returns:
        The text, and the characters that were dropped or replaced: each once, in their order.
    """
    found = dict.fromkeys(char for char in text if char in INVISIBLE or char in _LINE_ENDS)
    if not found:
        return nfc(text), ()
    return nfc(_LINE_END.sub(" ", _INVISIBLE.sub("", text))), tuple(found)


def invisible_flag(characters: Sequence[str], where: str) -> tuple[Flag, ...]:
    """Return the warning that `visible` changed a text, none where it did not.

    Args:
        characters: what it found.
        where: which text it was, as in "the source".
    """
    if not characters:
        return ()
    codes = ", ".join(f"U+{ord(char):04X}" for char in characters)
    return (Flag("invisible", "warning", f"taken out of {where}, for nobody sees it: {codes}"),)
