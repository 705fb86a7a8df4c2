"""Dynamic programming over the lattice of beads, inside a band.

A node `(i, j)` says that the first `i` source and the first `j` target sentences are dealt with; a bead n-m
leads from `(i - n, j - m)` to `(i, j)`. Scores are log-potentials, so that the sum over all paths gives the
posterior probability of each bead (a conditional random field over alignments, Lafferty et al. 2001), and the
path that collects the most posterior probability is the one with the most beads expected to be right.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Potentials = NDArray[np.floating[Any]]  # float32 halves the memory of long texts; sums are float64

LINKS: tuple[tuple[int, int], ...] = (
    (1, 1), (1, 2), (2, 1), (1, 3), (3, 1), (2, 2), (1, 4), (4, 1), (2, 3), (3, 2),
    (1, 5), (5, 1), (2, 4), (4, 2), (3, 3), (3, 4), (4, 3), (4, 4),
)  # fmt: skip
STEPS = (*LINKS, (1, 0), (0, 1))
DOWN, ALONG = len(LINKS), len(LINKS) + 1
NEVER = -1e30
_UNLIKELY = 1e-6  # nodes less probable than this need no second look
_NEAR = 4  # how far beside the probable nodes a second look goes, in sentences


@dataclass(frozen=True, slots=True)
class Band:
    """The nodes that may be visited: in row `i` the columns `low[i]` to `high[i]`, both inclusive.

    Nodes are kept in one flat array, row after row. Both corners of the lattice are always inside.

    Attributes:
        start: shape (rows + 1,), where each row begins in the flat array.
        before: shape (len(STEPS), nodes), the node where a step that ends here begins; `size` if outside.
    """

    low: Ints
    high: Ints
    start: Ints
    before: NDArray[np.int32]

    @property
    def rows(self) -> int:
        """The number of source sentences plus one."""
        return len(self.low)

    @property
    def size(self) -> int:
        """The number of nodes."""
        return int(self.start[-1])

    def row(self, i: int) -> slice:
        """Where row `i` lies in the flat array."""
        return slice(self.start[i], self.start[i + 1])

    def node(self, i: int, j: int) -> int:
        """Where node `(i, j)` lies in the flat array."""
        return int(self.start[i]) + j - int(self.low[i])

    def nodes(self) -> tuple[Ints, Ints]:
        """The row and the column of every node."""
        rows = np.repeat(np.arange(self.rows), self.high - self.low + 1)
        return rows, np.arange(self.size) - self.start[rows] + self.low[rows]


def band(low: NDArray[Any], high: NDArray[Any]) -> Band:
    """Make a band from its two edges (both are made monotone, so that a path exists)."""
    lows = np.minimum.accumulate(low[::-1])[::-1].astype(np.int64)
    highs = np.maximum.accumulate(high).astype(np.int64)
    lows[0] = 0
    start = np.concatenate([[0], np.cumsum(highs - lows + 1)]).astype(np.int64)
    shape = Band(lows, highs, start, np.zeros((0, 0), np.int32))
    rows, columns = shape.nodes()
    before = np.full((len(STEPS), shape.size), shape.size, np.int32)
    for k, (n, m) in enumerate(STEPS):
        i, j = rows - n, columns - m
        safe = np.maximum(i, 0)
        inside = (i >= 0) & (j >= lows[safe]) & (j <= highs[safe])
        before[k, inside] = (start[safe] + j - lows[safe])[inside]
    return Band(lows, highs, start, before)


def full(rows: int, columns: int) -> Band:
    """The band that holds every node of `rows` source and `columns` target sentences."""
    return band(np.zeros(rows + 1, np.int64), np.full(rows + 1, columns, np.int64))


def _sweep(values: Floats, along: Potentials, combine: np.ufunc) -> Floats:
    """Let paths run along a row: `out[j] = combine(values[j], out[j - 1] + along[j])`, without a loop."""
    run = np.cumsum(along, dtype=np.float64)
    run -= run[0]
    swept: Floats = run + combine.accumulate(values - run)
    return swept


def _logsum(values: Floats) -> Floats:
    """The logarithm of the sum of exponentials of each column."""
    most = values.max(axis=0)
    summed: Floats = np.maximum(most + np.log(np.exp(values - most).sum(axis=0)), NEVER)
    return summed


def forward(area: Band, scores: Potentials) -> Floats:
    """Return, for every node, the log of the summed weight of all paths that lead to it.

    `scores` has shape (len(STEPS), nodes): the log-potential of the step of each kind that ends in each node.
    The answer has one entry more, `NEVER`, for all that lies outside.
    """
    total = np.full(area.size + 1, NEVER)
    for i in range(area.rows):
        row = area.row(i)
        entered = _logsum(total[area.before[:ALONG, row]] + scores[:ALONG, row])
        if i == 0:
            entered[0] = 0.0
        total[row] = _sweep(entered, scores[ALONG, row], np.logaddexp)
    return total


def _after(area: Band) -> NDArray[np.int32]:
    """For every step and node, the node where a step that begins here ends; `size` if outside."""
    after = np.full((len(STEPS), area.size + 1), area.size, np.int32)
    nodes = np.arange(area.size, dtype=np.int32)
    for k in range(len(STEPS)):
        after[k, area.before[k]] = nodes
        after[k, area.size] = area.size
    return after


def backward(area: Band, scores: Potentials) -> Floats:
    """Return, for every node, the log of the summed weight of all paths from it to the end (as `forward`)."""
    total = np.full(area.size + 1, NEVER)
    after = _after(area)[:ALONG]
    steps = np.arange(ALONG)[:, None]
    last = area.size - 1
    for i in range(area.rows - 1, -1, -1):
        row = area.row(i)
        there = after[:, row]
        left = _logsum(total[there] + scores[steps, np.minimum(there, last)])
        if i == area.rows - 1:
            left[-1] = 0.0
        along = np.concatenate([scores[ALONG, row][1:], [0.0]])[::-1]
        total[row] = _sweep(left[::-1], along, np.logaddexp)[::-1]
    return total


def posteriors(area: Band, scores: Potentials) -> tuple[Potentials, float]:
    """Return the probability of every step, in the shape of the scores, and the log weight of all paths."""
    ahead, behind = forward(area, scores), backward(area, scores)
    whole = float(ahead[area.size - 1])
    likely = np.empty(scores.shape, np.float32)
    for k in range(len(STEPS)):
        through = ahead[area.before[k]] + scores[k] + behind[:-1] - whole
        likely[k] = np.exp(np.minimum(through, 0.0))
    return likely, whole


def pooled(area: Band, likely: Potentials) -> None:
    """Give every step that leaves a sentence alone, in place, the probability that it is left alone at all.

    Where in the other text that happens makes no difference to the bead; a path must still pass the sentence.
    """
    for step, nodes in zip((DOWN, ALONG), area.nodes(), strict=True):
        whole = np.minimum(np.bincount(nodes, likely[step]), 1.0)
        likely[step] = whole[nodes]


def narrowed(area: Band, likely: Potentials) -> Band:
    """Return the band around the nodes that any likely path leads through, given the posteriors."""
    mass = likely.sum(axis=0, dtype=np.float64)
    mass[0] = 1.0
    rows, columns = area.nodes()
    kept = mass > _UNLIKELY
    rows, columns = rows[kept], columns[kept]
    last = int(area.high[-1])
    low, high = np.full(area.rows, last), np.zeros(area.rows, np.int64)
    np.minimum.at(low, rows, columns)
    np.maximum.at(high, rows, columns)
    # a row that all likely beads leap over takes part in the band from where they begin to where they end
    empty = np.ones(area.rows, np.bool_)
    empty[rows] = False
    at = np.arange(area.rows)
    low = low[np.maximum.accumulate(np.where(empty, 0, at))]
    high = high[np.minimum.accumulate(np.where(empty, area.rows - 1, at)[::-1])[::-1]]
    near = (np.maximum(at - _NEAR, 0), np.minimum(at + _NEAR, area.rows - 1))
    low, high = low[near[0]] - _NEAR, high[near[1]] + _NEAR
    return band(np.maximum(low, area.low), np.minimum(high, area.high))


def best_path(area: Band, gains: Potentials, cost: float = 0.0) -> list[tuple[int, int, int]]:
    """Return the path with the greatest sum of gains, as (i, j, step), where each step ends, first to last.

    `cost` is taken off every gain.

    Ties are broken by the order of STEPS, so that the same gains always give the same path.
    """
    total = np.full(area.size + 1, NEVER)
    came = np.zeros(area.size, np.int8)
    for i in range(area.rows):
        row = area.row(i)
        values = total[area.before[:ALONG, row]] + gains[:ALONG, row] - cost
        came[row] = values.argmax(axis=0)
        entered = values.max(axis=0)
        if i == 0:
            entered[0] = 0.0
        run = np.cumsum(gains[ALONG, row] - cost, dtype=np.float64)
        apart = entered - run
        best = np.maximum.accumulate(apart)
        came[row][best > apart] = ALONG
        total[row] = best + run
    return _trace(area, came)


def _trace(area: Band, came: NDArray[np.int8]) -> list[tuple[int, int, int]]:
    i, j = area.rows - 1, int(area.high[-1])
    path: list[tuple[int, int, int]] = []
    while i or j:
        step = int(came[area.node(i, j)])
        path.append((i, j, step))
        i, j = i - STEPS[step][0], j - STEPS[step][1]
    return path[::-1]
