"""Web addresses, mail addresses, handles and file names: what stands in them is no name of anything."""

from __future__ import annotations

import re
from bisect import bisect_right
from operator import itemgetter

from corpora.records import Span

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_PART = rf"[^\W{_HAN}]"  # Chinese runs on without a space
_REST = rf"[^\s{_HAN}<>\"()\[\]（），。、；：؛،]"
_ENDINGS = (
    "com|org|net|edu|gov|int|info|io|kz|ru|cn|uk|tv|me|co|de|fr|eu|tr|рф|қаз"
    "|pdf|docx?|xlsx?|csv|html?|jpe?g|png|mp[34]|txt|zip"
)
_MARK = re.compile(rf"://|www\.|@|\.(?:{_ENDINGS})(?!\w)")
_START = rf"(?<!{_PART})"
_LINK = re.compile(
    rf"{_START}{_PART}++://{_REST}+"
    rf"|{_START}www\.{_REST}+"
    rf"|{_START}(?<![.+-])(?:{_PART}|[.+-])++@{_PART}+(?:[.-]{_PART}+)+"
    r"|@[A-Za-z0-9_]+"
    rf"|{_START}(?<![.@-])(?:(?:{_PART}|-)++\.)+(?:{_ENDINGS})(?![\w-])(?:/{_REST}*)?"
)


def links(text: str) -> list[Span]:
    """Return where links stand in a text, left to right."""
    if _MARK.search(text) is None:
        return []
    return [match.span() for match in _LINK.finditer(text)]


def linked(span: Span, found: list[Span]) -> bool:
    """Tell whether a span meets a link; a name that is a link itself (Change.org) is free.

    Args:
        span: of a name.
        found: the links, left to right.
    """
    start, end = span
    for first, last in found[bisect_right(found, start, key=itemgetter(1)) :]:
        if first >= end:
            break
        if not (start <= first and last <= end):
            return True
    return False
