"""Dynamic programming over the lattice of beads, inside a band.

A node `(i, j)` says that the first `i` source and the first `j` target sentences are dealt with; a bead
`n-m` leads from `(i - n, j - m)` to `(i, j)`. Scores are log-potentials, so that the sum over all paths
gives the posterior probability of each bead (a conditional random field over alignments), and the path that
collects the most posterior probability is the one with the most beads expected to be right.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LINKS: tuple[tuple[int, int], ...] = (
    (1, 1), (1, 2), (2, 1), (1, 3), (3, 1), (2, 2), (1, 4), (4, 1), (2, 3), (3, 2),
)  # fmt: skip
NEVER = -1e30


@dataclass(frozen=True, slots=True)
class Band:
    """The nodes that may be visited: in row `i` the columns `low[i]` to `high[i]`, both inclusive.

    Nodes are kept in one flat array, row after row; `start[i]` is where row `i` begins. Both corners of the
    lattice are always inside.
    """

    low: Ints
    high: Ints
    start: Ints

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
        return slice(int(self.start[i]), int(self.start[i + 1]))


def band(low: NDArray[Any], high: NDArray[Any]) -> Band:
    """Make a band from its two edges (both are made monotone, so that a path exists)."""
    lows = np.minimum.accumulate(low[::-1])[::-1].astype(np.int64)
    highs = np.maximum.accumulate(high).astype(np.int64)
    lows[0] = 0
    start = np.concatenate([[0], np.cumsum(highs - lows + 1)]).astype(np.int64)
    return Band(lows, highs, start)


def full(rows: int, columns: int) -> Band:
    """The band that holds every node of `rows` source and `columns` target sentences."""
    return band(np.zeros(rows + 1, np.int64), np.full(rows + 1, columns, np.int64))


@dataclass(frozen=True, slots=True)
class Scores:
    """Log-potentials of every bead that ends in a node of the band.

    Attributes:
        links: shape (len(LINKS), nodes); `NEVER` where the bead would begin outside the lattice.
        source_null: shape (nodes,), the 1-0 bead that ends there.
        target_null: shape (nodes,), the 0-1 bead that ends there.
    """

    links: Floats
    source_null: Floats
    target_null: Floats


Step = tuple[int, int, Floats]  # n, m, potentials of the beads n-m that end in each node


def _steps(scores: Scores) -> list[Step]:
    down: list[Step] = [(1, 0, scores.source_null)]
    return down + [(n, m, scores.links[k]) for k, (n, m) in enumerate(LINKS)]


def _overlap(area: Band, i: int, n: int, m: int) -> tuple[slice, slice] | None:
    """The nodes of row `i` that a bead n-m can reach from inside the band, and the nodes where it begins."""
    if i < n:
        return None
    first = max(int(area.low[i]), int(area.low[i - n]) + m)
    last = min(int(area.high[i]), int(area.high[i - n]) + m)
    if first > last:
        return None
    end = int(area.start[i]) - int(area.low[i])
    begin = int(area.start[i - n]) - int(area.low[i - n]) - m
    return slice(end + first, end + last + 1), slice(begin + first, begin + last + 1)


def forward(area: Band, scores: Scores) -> Floats:
    """Return, for every node, the log of the summed weight of all paths that lead to it."""
    total = np.full(area.size, NEVER)
    steps = _steps(scores)
    for i in range(area.rows):
        if i == 0:
            total[0] = 0.0
        for n, m, potential in steps:
            cells = _overlap(area, i, n, m)
            if cells is not None:
                here, there = cells
                total[here] = np.logaddexp(total[here], total[there] + potential[here])
        row = area.row(i)
        total[row] = _sweep(total[row], scores.target_null[row], np.logaddexp)
    return total


def _sweep(values: Floats, along: Floats, combine: np.ufunc) -> Floats:
    """Let paths run along a row: `out[j] = combine(values[j], out[j - 1] + along[j])`, without a loop."""
    run = np.cumsum(along)
    run -= run[0]
    swept: Floats = run + combine.accumulate(values - run)
    return swept


def backward(area: Band, scores: Scores) -> Floats:
    """Return, for every node, the log of the summed weight of all paths from it to the end."""
    total = np.full(area.size, NEVER)
    total[-1] = 0.0
    steps = _steps(scores)
    for i in range(area.rows - 1, -1, -1):
        row = area.row(i)
        along = np.concatenate([scores.target_null[row][1:], [0.0]])[::-1]
        total[row] = _sweep(total[row][::-1], along, np.logaddexp)[::-1]
        for n, m, potential in steps:
            cells = _overlap(area, i, n, m)
            if cells is not None:
                here, there = cells
                total[there] = np.logaddexp(total[there], total[here] + potential[here])
    return total


def posteriors(area: Band, scores: Scores) -> Scores:
    """Return the probability of every bead under all paths, in the shape of the scores."""
    ahead, behind = forward(area, scores), backward(area, scores)
    whole = ahead[-1]
    links = np.zeros_like(scores.links)
    down = np.zeros(area.size)
    along = np.zeros(area.size)
    for i in range(area.rows):
        for k, (n, m) in enumerate(LINKS):
            _fill(links[k], scores.links[k], _overlap(area, i, n, m), ahead, behind, whole)
        _fill(down, scores.source_null, _overlap(area, i, 1, 0), ahead, behind, whole)
        _fill(along, scores.target_null, _overlap(area, i, 0, 1), ahead, behind, whole)
    return Scores(links, down, along)


def _fill(
    out: Floats,
    potential: Floats,
    cells: tuple[slice, slice] | None,
    ahead: Floats,
    behind: Floats,
    whole: float,
) -> None:
    if cells is not None:
        here, there = cells
        out[here] = np.exp(np.minimum(ahead[there] + potential[here] + behind[here] - whole, 0.0))


def best_path(area: Band, gains: Scores) -> list[tuple[int, int, int, int]]:
    """Return the beads of the path with the greatest sum of gains, as (i, j, n, m), the ends first to last.

    Ties are broken by the order of the steps (0-1 last), so that the same gains always give the same path.
    """
    total = np.full(area.size, NEVER)
    came = np.full(area.size, -1, np.int8)
    steps = _steps(gains)
    for i in range(area.rows):
        if i == 0:
            total[0] = 0.0
        for k, (n, m, gain) in enumerate(steps):
            cells = _overlap(area, i, n, m)
            if cells is not None:
                here, there = cells
                value = total[there] + gain[here]
                better = value > total[here]
                total[here] = np.where(better, value, total[here])
                came[here] = np.where(better, k, came[here])
        row = area.row(i)
        run = np.cumsum(gains.target_null[row])
        entered = total[row] - run
        best = np.maximum.accumulate(entered)
        came[row] = np.where(best > entered, len(steps), came[row])
        total[row] = best + run
    return _trace(area, came, [(n, m) for n, m, _ in steps] + [(0, 1)])


def _trace(
    area: Band, came: NDArray[np.int8], steps: list[tuple[int, int]]
) -> list[tuple[int, int, int, int]]:
    i, j = area.rows - 1, int(area.high[-1])
    path: list[tuple[int, int, int, int]] = []
    while i or j:
        n, m = steps[came[int(area.start[i]) + j - int(area.low[i])]]
        path.append((i, j, n, m))
        i, j = i - n, j - m
    return path[::-1]
