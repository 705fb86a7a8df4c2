"""From what a model said of the pieces of a text to its hypotheses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from corpora.languages import joiner
from corpora.records import Flag, Hypothesis, Request
from corpora.text import invisible_flag, visible
from models.engines.answers import answer_flags, untranslated
from models.engines.chat import defused
from models.engines.cleaning import clean


@dataclass(frozen=True, slots=True)
class Said:
    """One answer to one piece of a text.

    Attributes:
        text: the answer, with what was forced; NFC.
        score: mean log-probability a token, 0.0 where the runtime tells none.
        tokens: how many the model made.
        complete: the model ended it itself.
        flags: what is doubtful about it.
    """

    text: str
    score: float
    tokens: int
    complete: bool
    flags: tuple[Flag, ...] = ()


def assemble(request: Request, pieces: Sequence[Sequence[Said]], max_input: int) -> list[Hypothesis]:
    """Return the hypotheses of a text, best first, from the answers to each of its pieces.

    Args:
        pieces: of each piece its answers, best first, at least one; no piece for a text without letters.
        max_input: longest piece in tokens.
    """
    if not pieces:
        return [untranslated(request)]
    found: dict[str, Hypothesis] = {}
    for rank in zip_longest(*pieces):
        chosen = [answer or piece[-1] for piece, answer in zip(pieces, rank, strict=True)]
        hypothesis = _hypothesis(request, chosen, max_input)
        found.setdefault(hypothesis.text, hypothesis)
    best = list(found.values())
    return sorted(best, key=lambda one: -one.score) if request.prefix else best


def _hypothesis(request: Request, chosen: Sequence[Said], max_input: int) -> Hypothesis:
    weights = [answer.tokens + 1 for answer in chosen]
    score = sum(one.score * weight for one, weight in zip(chosen, weights, strict=True)) / sum(weights)
    text, fell = visible(joiner(request.lang).join(one.text for one in chosen if one.text))
    text = text.strip()
    flags = answer_flags(
        text,
        complete=[answer.complete for answer in chosen],
        empty=[not answer.tokens or not answer.text for answer in chosen],
        max_input=max_input,
    )
    own = tuple(dict.fromkeys(flag for answer in chosen for flag in answer.flags))
    return Hypothesis(text=text, score=score, flags=flags + own + invisible_flag(fell, "the model's answer"))


def cleaned(said: Said, source: str, lang: str, *, forced: bool) -> Said:
    """Return a chat model's answer to a piece without its scaffolding, flagged; see `cleaning.clean`."""
    result = clean(said.text, source, lang, forced=forced)
    flags = said.flags + result.flags
    if defused(source) != source:
        message = "marks of chat formats in the source were broken up, so that they command nothing"
        flags += (Flag("chatter", "info", message),)
    return replace(said, text=result.text, flags=flags)
