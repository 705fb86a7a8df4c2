"""What must stand in the translation as it is: addresses and handles."""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpora.records import Flag
from pipeline.quality.checks.pair import Pair

_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]++@[\w-]+(?:\.[\w-]+)+", re.ASCII)
_URL = re.compile(
    r"(?:https?://|www\.)[^\s<>\"'“”«»()（），。、؛،]+"
    r"|(?<![\w.@-])[a-z0-9-]++(?:\.[a-z0-9-]++)*?\.(?:com|org|net|edu|gov|info|io|kz|ru|cn|uk|tv|me|co)"
    r"(?![\w.-])(?:/[^\s<>\"'“”«»()（），。]*)?",
    re.IGNORECASE | re.ASCII,
)
_HANDLE = re.compile(r"(?<![\w@/.])@[A-Za-z0-9_]{2,30}")
_HASHTAG = re.compile(r"(?<![\w&/])#\w{2,60}")
_TRAILING = ".,;:!?…"


def _found(pattern: re.Pattern[str], text: str) -> list[str]:
    return [match[0].rstrip(_TRAILING) for match in pattern.finditer(text)]


def verbatim(pair: Pair) -> Iterator[Flag]:
    """An address or a handle of the source is not in the translation, or one there is not in the source."""
    target = pair.target.casefold()
    seen: set[str] = set()
    for pattern, what in ((_EMAIL, "e-mail address"), (_URL, "web address")):
        for found in _found(pattern, pair.source):
            if found.casefold() not in target and found not in seen:
                yield Flag("verbatim", "error", f"the {what} {found} of the source is missing or changed")
            seen.add(found)
        for match in pattern.finditer(pair.target):
            if match[0].rstrip(_TRAILING).casefold() not in pair.source.casefold():
                yield Flag("verbatim", "warning", f"the {what} {match[0]} is not in the source", match.span())
    for found in _found(_HANDLE, pair.source):
        if found.casefold() not in target:
            yield Flag("verbatim", "warning", f"the handle {found} of the source is missing or changed")
    for found in _found(_HASHTAG, pair.source):
        if "#" not in pair.target and "＃" not in pair.target:
            yield Flag("verbatim", "info", f"the hashtag {found} of the source is missing")
