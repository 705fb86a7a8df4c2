"""What is decoded together: exact duplicates once, prompts of like length side by side, by token budget.

A plan depends on the content of what it is given alone, never on its order or on the time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

Tokens = tuple[str, ...]


@dataclass(frozen=True, slots=True, order=True)
class Prompt:
    """One input of a model and how to decode it; equal prompts have equal outputs.

    Attributes:
        floor: rounded-down length of `tokens`; only prompts of the same floor share a batch.
        beam: width of the beam search, 1 for greedy.
        n_best: how many hypotheses to return.
        limit: most tokens of an answer.
        latin: whether words in Latin letters may stand in the answer.
        tokens: the input.
    """

    floor: int
    beam: int
    n_best: int
    limit: int
    latin: bool
    tokens: Tokens


def prompt(
    tokens: Tokens,
    *,
    beam: int,
    n_best: int,
    length: tuple[int, int],
    step: int,
    latin: bool = True,
    limit: int | None = None,
    floor: int | None = None,
) -> Prompt:
    """Return a prompt whose floor is its length rounded down to a multiple of `step` (at least 2), or given.

    Args:
        length: longest answer: a fixed number of tokens, and so many more for each token of the prompt.
        limit: longest answer, where that does not follow from the length of the prompt.
    """
    # beside a prompt of one token, CTranslate2 gives the whole prompt back as part of the answer
    if floor is None:
        floor = max(2, len(tokens) // step * step)
    if limit is None:
        limit = length[0] + length[1] * (floor + step)
    return Prompt(floor, max(beam, n_best), n_best, limit, latin, tokens)


def plan(prompts: Sequence[Prompt], *, budget: int, most: int) -> list[list[Prompt]]:
    """Return batches that hold every distinct prompt once.

    Args:
        budget: most tokens of a batch: prompts x longest prompt x beam.
        most: most hypotheses grown side by side: prompts x beam. A prompt above either gets its own batch.
    """
    batches: list[list[Prompt]] = []
    for (_, beam, *_), group in groupby(sorted(set(prompts), key=_order), key=lambda one: _order(one)[0]):
        batch: list[Prompt] = []
        for one in group:
            width = (len(batch) + 1) * beam
            if batch and (width > most or width * len(one.tokens) > budget):
                batches.append(batch)
                batch = []
            batch.append(one)
        batches.append(batch)
    return batches


def _order(one: Prompt) -> tuple[tuple[int, int, int, int, bool], int, Tokens]:
    return (one.floor, one.beam, one.n_best, one.limit, one.latin), len(one.tokens), one.tokens
