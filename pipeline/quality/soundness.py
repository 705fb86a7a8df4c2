"""What makes a model's answer worth asking again: it cannot be a translation, whatever the language."""

from __future__ import annotations

from corpora.records import Hypothesis, Request
from pipeline.quality.checks import check

# what the engine says of its answer, and what the checks find in it; only errors count
_ENGINE = frozenset({"length-limit", "empty-output", "not-recorded", "refusal", "chatter", "wrong-language"})
_CHECKS = frozenset(
    {"empty", "copied-source", "repetition", "wrong-script", "wrong-language", "chatter", "refusal"}
)


def doubt(request: Request, answer: Hypothesis) -> str:
    """Return why an answer is unsound: loops, refusals, nothing, another language, cut; else nothing."""
    for flag in answer.flags:
        if flag.severity == "error" and flag.check in _ENGINE:
            return flag.message
    if not any(character.isalpha() for character in request.text):
        return ""
    for flag in check(request.text, answer.text, request.lang):
        if flag.severity == "error" and flag.check in _CHECKS:
            return flag.message
    return ""
