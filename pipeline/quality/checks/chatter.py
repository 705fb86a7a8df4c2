"""What a chat model says around a translation, or instead of it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpora.records import Flag, Severity
from pipeline.quality.checks import wordlists
from pipeline.quality.checks.pair import Pair

_MESSAGES = {
    "preamble": "the model talks about its translation",
    "machinery": "marks of the model's machinery were left in the text",
}


def refusal(pair: Pair) -> Iterator[Flag]:
    """A refusal in place of the translation, where the source says nothing like it."""
    yield from _said("refusal", pair, "refusal", "a refusal stands in place of the translation")


def chatter(pair: Pair) -> Iterator[Flag]:
    """A preamble, a note of the model's own, or marks of its machinery, absent from the source."""
    for kind, message in _MESSAGES.items():
        yield from _said("chatter", pair, kind, message)
    note = wordlists.chatter("note").search(pair.target)
    if note and not wordlists.chatter("own_note").search(pair.source):
        message = f"a note that the source does not have: “{note[0].strip()}”"
        yield Flag("chatter", "warning", message, note.span())


def _said(check: str, pair: Pair, kind: str, message: str) -> Iterator[Flag]:
    found = wordlists.chatter(kind).search(pair.target)
    if found and not _has_own(kind, pair.source):
        sorry = kind == "refusal" and wordlists.chatter("own_regret").search(pair.source)
        severity: Severity = "warning" if sorry else "error"
        yield Flag(check, severity, f"{message}: “{found[0].strip()[:50]}”", found.span())


def _has_own(kind: str, source: str) -> bool:
    """Tell whether the source itself says such a thing, so that its translation must."""
    if kind == "preamble" and re.match(
        r"\W*(?:of course|sure|certainly|ok(?:ay)?|yes|well|good|fine|right)\b", source, re.IGNORECASE
    ):
        return True
    if kind != "machinery" and wordlists.chatter(f"own_{kind}").search(source):
        return True
    return wordlists.chatter(kind).search(source) is not None
