"""Runs of neighbouring sentences of one text: their vectors, lengths and looks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpora.alignment.lattice import LINKS

Floats = NDArray[np.float64]
Vectors = NDArray[np.float32]

LONGEST = max(max(link) for link in LINKS)
_POWER = 0.5  # of the length of a sentence in the vector of a run; measured: 1 and 0.75 do worse


@dataclass(frozen=True, slots=True)
class Side:
    """One text.

    Attributes:
        vectors: shape (sentences, dim), unit rows; zeros for a blank sentence.
        lengths: shape (sentences,), letters, at least 1.
        closed: shape (sentences + 1,), see `evidence.closed`.
        breaks: shape (sentences + 1,), a paragraph begins here; None where paragraphs are not known.
        weight: shape (sentences,), of the tokens shared with the other text.
    """

    vectors: Vectors
    lengths: Floats
    closed: NDArray[np.bool_]
    breaks: NDArray[np.bool_] | None
    weight: Floats

    @property
    def size(self) -> int:
        """The number of sentences."""
        return len(self.lengths)


def sums(values: Floats, n: int) -> Floats:
    """Return, for every node i, the sum of the n values before it (0 where there are fewer)."""
    total = np.concatenate([[0.0], np.cumsum(values)])
    out = np.zeros(len(total))
    out[n:] = total[n:] - total[:-n]
    return out


@dataclass(frozen=True, slots=True)
class Runs:
    """Runs of n sentences of one side, for n = 1 to LONGEST, each known by the node after its last sentence.

    The arrays have the shape (LONGEST + 1, sentences + 1).

    Attributes:
        lengths: letters. weight: of the shared tokens.
        inner: how many places inside look like the end of a sentence. crossed: how many paragraphs begin
            inside.
        whole: the run exists and has no blank sentence.
        summed: shape (sentences + 1, dim), the weighted vectors of all sentences before each node, added up.
        exact: vectors of runs that were embedded as one text, by n and node.
    """

    lengths: Floats
    weight: Floats
    inner: Floats
    crossed: Floats
    whole: NDArray[np.bool_]
    summed: Floats
    exact: Mapping[tuple[int, int], Vectors]

    def vectors(self, n: int, first: int, last: int) -> Vectors:
        """Return unit vectors, shape (last - first, dim), of the runs that end in nodes `first:last`.

        A run that was not embedded as one text has the mean of its sentences; one that does not exist, zeros.
        """
        out = np.zeros((last - first, self.summed.shape[1]), np.float32)
        begin = max(first, n)
        if begin < last:
            out[begin - first :] = self.at(n, np.arange(begin, last))
        return out

    def at(self, n: int, nodes: NDArray[np.int64]) -> Vectors:
        """Return unit vectors, shape (nodes, dim), of the runs that end in some nodes; all must exist."""
        raw = self.summed[nodes] - self.summed[nodes - n]
        lengths = np.sqrt(np.einsum("rd,rd->r", raw, raw))
        out: Vectors = (raw / np.maximum(lengths, 1e-9)[:, None]).astype(np.float32)
        for row, node in enumerate(nodes.tolist()) if n > 1 and self.exact else ():
            known = self.exact.get((n, node))
            if known is not None:
                out[row] = known
        return out


def runs(side: Side, exact: Mapping[tuple[int, int], Vectors] | None = None) -> Runs:
    """Measure the runs of a side."""
    lengths, weight, inner, crossed = (np.zeros((LONGEST + 1, side.size + 1)) for _ in range(4))
    whole = np.zeros((LONGEST + 1, side.size + 1), np.bool_)
    blank: Floats = np.asarray(~side.vectors.any(axis=1), np.float64)
    starts: Floats = np.asarray(side.closed[1:-1], np.float64)
    breaks: Floats = (
        np.zeros(side.size - 1) if side.breaks is None else np.asarray(side.breaks[1:-1], np.float64)
    )
    for n in range(1, min(LONGEST, side.size) + 1):
        lengths[n], weight[n] = sums(side.lengths, n), sums(side.weight, n)
        whole[n, n:] = sums(blank, n)[n:] == 0
        if n > 1:
            inner[n, n:] = sums(starts, n - 1)[n - 1 :]
            crossed[n, n:] = sums(breaks, n - 1)[n - 1 :]
    weighted = side.vectors * side.lengths[:, None] ** _POWER
    summed = np.vstack([np.zeros((1, weighted.shape[1])), np.cumsum(weighted, axis=0)])
    return Runs(lengths, weight, inner, crossed, whole, summed, exact or {})
