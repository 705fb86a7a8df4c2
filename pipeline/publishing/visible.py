"""Text of documents made safe to show: nothing in it is markup, and nothing in it hides.

Directional controls (UAX #9) can make a text read otherwise than it is stored, and other controls cannot be
seen at all. Each becomes a small label with its short name; overrides, embeddings and isolates lose their
effect.
"""

from __future__ import annotations

import re
import unicodedata
from html import escape

_NAMES = {
    "\u061c": "ALM", "\u200e": "LRM", "\u200f": "RLM",
    "\u202a": "LRE", "\u202b": "RLE", "\u202c": "PDF", "\u202d": "LRO", "\u202e": "RLO",
    "\u2066": "LRI", "\u2067": "RLI", "\u2068": "FSI", "\u2069": "PDI",
    "\u00ad": "SHY", "\u200b": "ZWSP", "\u2028": "LS", "\u2029": "PS", "\u2060": "WJ", "\ufeff": "BOM",
}  # fmt: skip
# harmless and meant: they stay in force beside their label
_KEPT = "\u061c\u200e\u200f"
# ZWNJ and ZWJ (U+200C, U+200D) belong to Uyghur spelling and are left alone
_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff0-\uffff"
    "\ud800-\udfff\U000e0000-\U000e0fff]"
)


def label(character: str) -> str:
    """Return the short name of a character that cannot be seen (`RLO`, `U+0007`)."""
    return _NAMES.get(character) or f"U+{ord(character):04X}"


def shown(text: str) -> str:
    """Return the text as HTML content."""
    return _HIDDEN.sub(_chip, escape(text))


def spelt(text: str) -> str:
    """Return the text for a terminal, hidden characters and escape sequences as `[RLO]`, `[U+001B]`."""
    return _HIDDEN.sub(lambda match: f"[{label(match[0])}]", text)


def plain(text: str) -> str:
    """Return the text for a quoted attribute or a title, hidden characters as `[RLO]`."""
    return escape(spelt(text))


def _chip(match: re.Match[str]) -> str:
    character = match[0]
    name = unicodedata.name(character, "control character")
    kept = character if character in _KEPT else ""
    return f'{kept}<span class="hidden-character" dir="ltr" title="{name}">{label(character)}</span>'
