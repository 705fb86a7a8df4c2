"""Text as it must be before anything else looks at it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from corpora.languages import LANGUAGES


def nfc(text: str) -> str:
    """Return the text in Unicode NFC (UAX #15), the only form any record holds."""
    return unicodedata.normalize("NFC", text)


def join_sentences(sentences: Iterable[str], lang: str) -> str:
    """Return the sentences as running text: with a space between them, in Chinese with nothing."""
    known = LANGUAGES.get(lang)
    return (" " if known is None or known.spaced else "").join(sentences)
