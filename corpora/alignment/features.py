"""What speaks for and against a bead, as numbers that `weights.py` turns into a log-potential."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpora.alignment.evidence import Shared
from corpora.alignment.lattice import LINKS, Band
from corpora.alignment.runs import LONGEST, Floats, Runs, Side

Indices = NDArray[np.int64]
Place = tuple[int, int, int, int]  # rows first to last and columns low to high, the ends exclusive
Planes = list[Floats]  # one array a feature, each of shape (rows, columns) or one that spreads to it

FEATURES = (
    "margin",  # similarity above what chance gives, in standard deviations
    "gain",  # of similarity over the best bead with one sentence less
    "length1", "length4", "length16",  # squared deviation of the length, cut off at 1, 4 and 16 variances
    "match", "unmatched",  # weight of the tokens that both sides share, and of those that only one has
    "inner",  # places inside that look like the end of a sentence
    "uneven", "open",  # where the bead ends, one side, or both, look unfinished
    "crossed", "broken",  # paragraphs that begin inside; a paragraph ends here on one side alone
)  # fmt: skip
NULLS = ("bias", "length", "unmatched", "uneven", "open", "broken")
SPREAD = 10.0  # variance of the length of a translation per letter; 7 in Gale & Church (1993)
_CHUNK = 32


@dataclass(frozen=True, slots=True)
class Pair:
    """Both texts, ready to be scored.

    Attributes:
        left, right: the runs of either side.
        centres: mean vectors of the source and of the target; the similarity that chance gives comes from
            them.
        ratio: letters of the target for one of the source. spread: standard deviation of chance similarities.
    """

    source: Side
    target: Side
    shared: Shared
    left: Runs
    right: Runs
    centres: tuple[Floats, Floats]
    ratio: float
    spread: float


def chunks(area: Band) -> Iterator[Place]:
    """Cut the band into rectangles."""
    first = 0
    while first < area.rows:
        last = min(first + _CHUNK, area.rows)
        # a wide row is scored alone, lest a rectangle around it grow out of bounds
        while (
            last - first > 1
            and (last - first) * int(area.high[last - 1] - area.low[first] + 1)
            > 4 * (area.start[last] - area.start[first]) + 4096
        ):
            last = first + (last - first) // 2
        yield first, last, int(area.low[first]), int(area.high[last - 1]) + 1
        first = last


def _boxes(cells: Floats, n: int, m: int, rows: int, columns: int) -> Floats:
    """Sum the cells of every n x m box that ends in the last `rows` x `columns` cells."""
    high, wide = cells.shape
    total: Floats = np.zeros((rows, columns))
    for a in range(n):
        for b in range(m):
            total += cells[high - rows - a : high - a, wide - columns - b : wide - b]
    return total


def link_features(pair: Pair, place: Place) -> Iterator[tuple[int, Planes, NDArray[np.bool_]]]:
    """Yield, for every kind of link, its index, its features and where it is possible.

    They are those of the beads that end in the nodes of the rectangle.
    """
    first, last, low, high = place
    top, edge = max(0, first - 1), max(0, low - 1)  # one row and column more, for `_gain` looks back
    i, j = np.arange(first, last), np.arange(low, high)
    matches = _matches(pair, place)
    ends = _ends(pair, i, j)
    broken = _broken(pair, i, j)
    left = [_block(pair.left, n, top, last, pair.centres[1]) for n in range(1, LONGEST + 1)]
    right = [_block(pair.right, m, edge, high, pair.centres[0]) for m in range(1, LONGEST + 1)]
    cosines: dict[tuple[int, int], Floats] = {}
    for k, (n, m) in enumerate(LINKS):
        (ours, chance), (theirs, other) = left[n - 1], right[m - 1]
        cosines[n, m] = (ours @ theirs.T).astype(np.float64)
        margin = cosines[n, m] - 0.5 * (chance[:, None] + other[None, :])
        inner = pair.left.inner[n, i][:, None] + pair.right.inner[m, j][None, :]
        crossed = pair.left.crossed[n, i][:, None] + pair.right.crossed[m, j][None, :]
        met = _boxes(matches, n, m, len(i), len(j))
        planes = [
            margin[first - top :, low - edge :] / pair.spread,
            _gain(n, m, cosines)[first - top :, low - edge :] / pair.spread,
            *_length_doubts(pair.left.lengths[n, i][:, None], pair.right.lengths[m, j][None, :], pair.ratio),
            *_tokens(pair.left.weight[n, i][:, None] + pair.right.weight[m, j][None, :], met),
            inner,
            *ends,
            crossed,
            broken,
        ]
        yield k, planes, pair.left.whole[n, i][:, None] & pair.right.whole[m, j][None, :]


def _block(runs: Runs, n: int, first: int, last: int, centre: Floats) -> tuple[NDArray[np.float32], Floats]:
    vectors = runs.vectors(n, first, last)
    return vectors, np.asarray(vectors @ centre, np.float64)


def _matches(pair: Pair, place: Place) -> Floats:
    """The tokens shared by the sentences before each node, with some rows and columns before the first."""
    first, last, low, high = place
    rows, columns = (max(0, first - LONGEST), last - 1), (max(0, low - LONGEST), high - 1)
    pad = ((max(0, LONGEST - first), 0), (max(0, LONGEST - low), 0))
    return np.pad(pair.shared.block(*rows, *columns), pad)


def _gain(n: int, m: int, cosines: dict[tuple[int, int], Floats]) -> Floats:
    """How much the bead gains over the best bead with one sentence less at an edge; 0 for a 1-1 bead."""
    cosine = cosines[n, m]
    best = np.full(cosine.shape, -np.inf)
    if (n - 1, m) in cosines:
        smaller = cosines[n - 1, m]
        best = np.maximum(best, smaller)
        best[1:] = np.maximum(best[1:], smaller[:-1])
    if (n, m - 1) in cosines:
        smaller = cosines[n, m - 1]
        best = np.maximum(best, smaller)
        best[:, 1:] = np.maximum(best[:, 1:], smaller[:, :-1])
    return np.zeros(cosine.shape) if n == m == 1 else cosine - best


def _length_doubts(source: Floats, target: Floats, ratio: float) -> Planes:
    """The squared deviation of the length from the expected one, in variances (Gale & Church 1993)."""
    scale = np.sqrt(ratio)
    expected, length = source * scale, target / scale
    doubt = (expected - length) ** 2 / (SPREAD * 0.5 * (expected + length) + 1e-9)
    return [np.minimum(doubt, most) for most in (1.0, 4.0, 16.0)]


def _tokens(both: Floats, met: Floats) -> Planes:
    met = np.minimum(met, 0.5 * both)
    return [np.minimum(met, 2.0), np.minimum(both - 2 * met, 2.0)]


def _ends(pair: Pair, i: Indices, j: Indices) -> Planes:
    left, right = pair.source.closed[i][:, None], pair.target.closed[j][None, :]
    return [(left != right).astype(np.float64), (~(left | right)).astype(np.float64)]


def _broken(pair: Pair, i: Indices, j: Indices) -> Floats:
    """1 where a paragraph ends on one side alone; 0 everywhere where paragraphs are not known."""
    if pair.source.breaks is None or pair.target.breaks is None:
        return np.zeros((len(i), len(j)))
    uneven: NDArray[np.bool_] = pair.source.breaks[i][:, None] != pair.target.breaks[j][None, :]
    return uneven.astype(np.float64)


def null_features(pair: Pair, place: Place) -> tuple[Planes, Planes]:
    """Return the features of the 1-0 and of the 0-1 beads that end in each node of the rectangle."""
    first, last, low, high = place
    i, j = np.arange(first, last), np.arange(low, high)
    ends = [*_ends(pair, i, j), _broken(pair, i, j)]
    one = np.ones((len(i), len(j)))

    def planes(runs: Runs, nodes: Indices, side: Side) -> Planes:
        usual = np.log(np.mean(side.lengths) + 1)
        length = np.log(runs.lengths[1, nodes] + 1) - usual
        return [length, np.minimum(runs.weight[1, nodes], 2.0)]

    down = [plane[:, None] for plane in planes(pair.left, i, pair.source)]
    along = [plane[None, :] for plane in planes(pair.right, j, pair.target)]
    return [one, *down, *ends], [one, *along, *ends]
