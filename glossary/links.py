"""Web addresses, mail addresses, handles and file names: what stands in them is no name of anything."""

from __future__ import annotations

import re

from corpora.records import Span

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_PART = rf"[^\W{_HAN}]"  # Chinese runs on without a space
_REST = rf"[^\s{_HAN}<>\"()\[\]（），。、；：؛،]"
_ENDINGS = (
    "com|org|net|edu|gov|int|info|io|kz|ru|cn|uk|tv|me|co|de|fr|eu|tr|рф|қаз"
    "|pdf|docx?|xlsx?|csv|html?|jpe?g|png|mp[34]|txt|zip"
)
_MARK = re.compile(rf"://|www\.|@|\.(?:{_ENDINGS})(?!\w)")
_LINK = re.compile(
    rf"{_PART}++://{_REST}+"
    rf"|(?<!\w)www\.{_REST}+"
    rf"|(?:{_PART}|[.+-])++@{_PART}+(?:[.-]{_PART}+)+"
    r"|@[A-Za-z0-9_]+"
    rf"|(?<![\w.@-])(?:(?:{_PART}|-)++\.)+(?:{_ENDINGS})(?![\w-])(?:/{_REST}*)?"
)


def links(text: str) -> list[Span]:
    """Return where links stand in a text, left to right."""
    if _MARK.search(text) is None:
        return []
    return [match.span() for match in _LINK.finditer(text)]


def linked(span: Span, found: list[Span]) -> bool:
    """Tell whether a span meets a link; a name that is a link itself (Change.org) is free."""
    start, end = span
    return any(first < end and start < last and not (start <= first and last <= end) for first, last in found)
