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
_BUDGET = 8_000  # tokens: tasks x longest source x beam
BATCH = 256  # hypotheses: tasks x beam
# sources are decoded together whose lengths, rounded up to a multiple of it, are the same; on 100 sentences
# of news 8 takes 8.0 s, 16 7.2 s, 32 6.9 s, 64 9.1 s
_STEP = 32
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
    limit = min(_LENGTH[0] + _LENGTH[1] * _rounded(len(source)), _LONGEST)
    return Task(max(beam, n_best), n_best, limit, marks, forced, source)


def _rounded(length: int) -> int:
    return -(-length // _STEP) * _STEP


def filler(batch: Sequence[Task]) -> Task | None:
    """Return a task that makes a batch as wide as its lengths allow; None where its longest source is.

    Sums over more padding round differently, so that the answer to a text would depend on the longest source
    beside it (1 of 100 sentences, 7 scores). Beside the filler all batches of a text are of one width.
    """
    longest = max(batch, key=lambda one: len(one.source))
    missing = _rounded(len(longest.source)) - len(longest.source)
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
    for _, group in groupby(sorted(set(tasks), key=_order), key=lambda one: _order(one)[:-3]):
        batch: list[Task] = []
        for one in group:
            width = (len(batch) + 1) * one.beam
            if batch and (width > most or width * len(one.source) > _BUDGET):
                batches.append(batch)
                batch = []
            batch.append(one)
        batches.append(batch)
    return batches[::-1]


def _order(one: Task) -> tuple[int, int, int, int, int, int, int, Tokens, Tokens]:
    # the longest limit last, so that reversed no thread ends alone with the longest batch
    return (
        one.limit,
        one.beam,
        one.n_best,
        one.marks,
        len(one.forced),
        _rounded(len(one.source)),
        len(one.source),
        one.source,
        one.forced,
    )
