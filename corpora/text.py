"""Text as it must be before anything else looks at it."""

from __future__ import annotations

import unicodedata


def nfc(text: str) -> str:
    """Return the text in Unicode NFC (UAX #15), the only form any record holds."""
    return unicodedata.normalize("NFC", text)
