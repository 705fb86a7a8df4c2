"""What a sequence-to-sequence model is asked, and what of it is decoded together.

A plan depends on the content of what it is given alone, never on its order or on the time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Protocol

from models.engines.batching import Tokens

# what is decoded together: bounds memory
_BUDGET = 16_000  # tokens: tasks x longest source x beam
BATCH = 256  # hypotheses: tasks x beam
# sources are decoded together whose lengths, rounded up to a multiple of it, are the same: these share a
# limit. Each step of a batch reads all of the weights, so that few large batches cost least
_STEP = 64
# a batch is as wide as a multiple of it: as many numbers as the widest processors take in one step
_WIDTH = 16
# tokens of an answer: so many, and so many for each of the source; by the starter's tokenizer, 99 % of
# NTREX-128 have at most 3.5 (kk), 5.7 (ug), 2.6 (ru), 2.0 (zh) for one of English
_LENGTH = (48, 4)
_LONGEST = 500  # Marian has 512 positions


@dataclass(frozen=True, slots=True, order=True)
class Task:
    """One input of a model and how to decode it; equal tasks have equal outputs.

    Attributes:
        beam: width of the beam search, 1 for greedy.
        n_best: how many hypotheses to return.
        limit: most tokens of an answer.
        marks: how many tokens at the head of `forced` are marks of the language.
        forced: tokens the answer begins with.
        source: the input.
    """

    beam: int
    n_best: int
    limit: int
    marks: int
    forced: Tokens
    source: Tokens


@dataclass(frozen=True, slots=True)
class Decoded:
    """A raw answer.

    Attributes:
        tokens: after the forced ones, without the end mark.
        score: mean log-probability a token: of forced words, answer and end mark, but not of the language.
        length: number of tokens the score is the mean of.
        complete: the model ended the answer itself.
        links: for each token, the position in the source it looked at most; empty where not known.
    """

    tokens: Tokens
    score: float
    length: int
    complete: bool
    links: tuple[int, ...] = ()


class Decoder(Protocol):
    """Runs a model."""

    def decode(self, batches: Sequence[Sequence[Task]]) -> list[list[list[Decoded]]]:
        """Return the answers, best first, to each task of each batch."""
        ...


def task(source: Tokens, forced: Tokens, *, beam: int, n_best: int, marks: int) -> Task:
    """Return a task whose limit follows from the rounded length of its source, so that batches share it."""
    limit = min(_LENGTH[0] + _LENGTH[1] * _rounded(len(source), _STEP), _LONGEST)
    return Task(max(beam, n_best), n_best, limit, marks, forced, source)


def _rounded(length: int, step: int) -> int:
    return -(-length // step) * step


def filler(batch: Sequence[Task]) -> Task | None:
    """Return a task that makes a batch as wide as a multiple of 16; None where its longest source is.

    A processor sums 8 or 16 numbers at once and those left over one by one, which rounds differently. So the
    answer to a text would depend on the longest source beside it (1 of 100 sentences, 7 scores). What fills
    whole steps with padding adds zeros: beyond the next multiple of 8 from its own length, the width changes
    neither a word nor a bit of a score (379 sentences of 5 to 82 tokens, at widths to 112, AVX-512).
    """
    longest = max(batch, key=lambda one: len(one.source))
    missing = _rounded(len(longest.source), _WIDTH) - len(longest.source)
    if not missing:
        return None
    *words, end = longest.source
    again = [(words or [end])[number % max(len(words), 1)] for number in range(missing)]
    return replace(longest, source=(*words, *again, end))


def plan(tasks: Sequence[Task], *, most: int = BATCH) -> list[list[Task]]:
    """Return batches that hold every distinct task once, the costliest first.

    The tasks of a batch differ in their source and in which tokens are forced, not in how many.

    Args:
        most: hypotheses of a batch; a task with more gets its own.
    """
    batches: list[list[Task]] = []
    for _, group in groupby(sorted(set(tasks), key=_order, reverse=True), key=lambda one: _order(one)[:-3]):
        rest = list(group)
        while rest:
            count = _fitting(rest, most)
            batches.append(rest[:count])
            rest = rest[count:]
    return batches


def _fitting(rest: Sequence[Task], most: int) -> int:
    """Return how many of these, longest first, make a batch.

    Some fewer than fit, if then the longest of those left is as wide as a batch must be: it needs no filler.
    """
    beam, wide = rest[0].beam, _rounded(len(rest[0].source), _WIDTH)
    fit = max(1, min(most // beam, _BUDGET // (wide * beam)))
    if fit >= len(rest):
        return len(rest)
    fewer = range(fit, fit * 3 // 4, -1)
    return next((count for count in fewer if len(rest[count].source) % _WIDTH == 0), fit)


def _order(one: Task) -> tuple[int, int, int, int, int, int, Tokens, Tokens]:
    # the longest limit comes first, so that no thread ends alone with the longest batch
    return (
        one.limit,
        one.beam,
        one.n_best,
        one.marks,
        len(one.forced),
        len(one.source),
        one.source,
        one.forced,
    )
