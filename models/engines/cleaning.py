"""What a chat model says around a translation, or instead of it.

Nothing is guessed. What is surely scaffolding (thoughts between their marks, a code fence around the whole
answer, a known preamble on a line of its own) is taken out, and a flag shows what it was. Everything else
stays in the text and is flagged: the checks are `chatter`, `refusal` and `wrong-language`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import regex

from corpora.records import Flag
from models.engines import chatter
from models.engines.answer_language import strange_language

CHATTER, REFUSAL, LANGUAGE = "chatter", "refusal", "wrong-language"
_SHOWN = 60
_COPIED = 12  # letters that a copy of the source must have to be told

_THOUGHT = regex.compile(r"\A(?:\s*<(think|thinking|thought)>.*?</\1>)+\s*", regex.DOTALL)
_THOUGHT_END = regex.compile(r"\A.*</(?:think|thinking|thought)>\s*", regex.DOTALL)
_THOUGHT_OPEN = regex.compile(r"<(?:think|thinking|thought)>")
_ANSWER = regex.compile(r"\A\s*<answer>\s*(.*?)\s*</answer>\s*\Z", regex.DOTALL)
_FENCE = regex.compile(r"\A\s*```[^\S\n]*[\w-]*[^\S\n]*\n(.*?)\n?[^\S\n]*```\s*\Z", regex.DOTALL)
_QUOTES = {'"': '"', "“": "”", "«": "»", "„": "“", "「": "」", "『": "』", "‘": "’", "'": "'", "‹": "›"}
_ANY_QUOTE = regex.compile(r"[\"“”«»„「」『』‹›]|(?<!\w)['‘]|['’](?!\w)")


@dataclass(frozen=True, slots=True)
class Cleaned:
    """An answer without its scaffolding, and what is doubtful about it."""

    text: str
    flags: tuple[Flag, ...] = ()


def clean(answer: str, source: str, lang: str, *, forced: bool = False) -> Cleaned:
    """Return an answer of a chat model without what is surely scaffolding, flagged where anything is odd.

    Args:
        answer: as the model gave it, with its line breaks.
        source: the English text that was to be translated.
        lang: target language.
        forced: the answer begins with words that were forced on the model; then nothing is taken out.
    """
    flags: list[Flag] = []
    text = answer.strip()
    if not forced:
        for kind, take in _SCAFFOLDING:
            left = take(text, source)
            if left is not None:
                flags.append(Flag(CHATTER, "warning", f"{kind} taken out: {_shown(text, left)}"))
                text = left
    if text:
        flags += _doubts(text, source, lang)
    return Cleaned(text, tuple(flags))


def _shown(before: str, after: str) -> str:
    at = before.find(after) if after else len(before)
    fell = " ".join((before[:at] + " " + before[at + len(after) :]).split())
    return f"“{fell[:_SHOWN]}…”" if len(fell) > _SHOWN else f"“{fell}”"


def _without_thoughts(text: str, source: str) -> str | None:
    """Take out closed blocks of thoughts; one whose opening mark stands in the prompt has but its end."""
    if _THOUGHT_OPEN.search(source):
        return None
    found = _THOUGHT.match(text) or _THOUGHT_END.match(text)
    return text[found.end() :].strip() if found else None


def _without_answer_marks(text: str, source: str) -> str | None:
    found = _ANSWER.match(text)
    return found[1] if found and "<answer>" not in source else None


def _without_fence(text: str, source: str) -> str | None:
    found = _FENCE.match(text)
    return found[1].strip() if found and "```" not in source and "```" not in found[1] else None


def _without_preamble(text: str, source: str) -> str | None:
    """Take out a known preamble that has the first line to itself."""
    first, broken, rest = text.partition("\n")
    if not broken or not rest.strip() or chatter.source_has_preamble(source):
        return None
    return rest.strip() if chatter.is_preamble_line(first) else None


_SCAFFOLDING = (
    ("thoughts", _without_thoughts),
    ("answer marks", _without_answer_marks),
    ("a code fence", _without_fence),
    ("a preamble", _without_preamble),
    ("a code fence", _without_fence),  # it may stand below a preamble
)


def _doubts(text: str, source: str, lang: str) -> Iterator[Flag]:
    if _THOUGHT_OPEN.search(text) and not _THOUGHT_OPEN.search(source):
        yield Flag(CHATTER, "error", "the model's thoughts stand in the text and do not end")
    if "```" in text and "```" not in source:
        yield Flag(CHATTER, "error", "a code fence stands in the text")
    if refusal := chatter.refusal(text, source):
        yield Flag(REFUSAL, "error", f"a refusal in place of a translation: “{refusal[:_SHOWN]}”")
    if preamble := chatter.preamble(text, source):
        yield Flag(CHATTER, "error", f"the model talks about its translation: “{preamble[:_SHOWN]}”")
    if note := chatter.note(text, source):
        yield Flag(CHATTER, "error", f"a note that the source does not have: “{note[:_SHOWN]}”")
    if offer := chatter.alternatives(text, source):
        yield Flag(CHATTER, "error", f"several translations offered: “{offer[:_SHOWN]}”")
    if _copies(text, source):
        yield Flag(CHATTER, "error", "the source is repeated beside the translation")
    if len(_lines(text)) > len(_lines(source)):
        count = len(_lines(text))
        yield Flag(CHATTER, "warning", f"{count} lines in answer to {len(_lines(source))}")
    if _quoted(text) and not _ANY_QUOTE.search(source):
        yield Flag(CHATTER, "warning", "quotation marks around the translation that the source lacks")
    if reason := strange_language(text, source, lang):
        yield Flag(LANGUAGE, "error", reason)


def _lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()] or [""]


def _copies(text: str, source: str) -> bool:
    """Tell whether the source stands whole in the answer, with something else beside it."""
    own, given = " ".join(text.split()).casefold(), " ".join(source.split()).casefold()
    letters = sum(character.isalpha() for character in given)
    if letters < _COPIED or given not in own:
        return False
    return any(character.isalpha() for character in own.replace(given, "", 1))


def _quoted(text: str) -> bool:
    """Tell whether one pair of quotation marks holds the whole text."""
    if len(text) < 3 or _QUOTES.get(text[0]) != text[-1]:
        return False
    inner = text[1:-1]
    return text[0] not in inner and text[-1] not in inner
