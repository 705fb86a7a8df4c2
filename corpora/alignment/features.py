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
_NS, _MS = (np.array(sizes)[:, None] for sizes in zip(*LINKS, strict=True))


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


def link_features(pair: Pair, place: Place) -> tuple[Planes, NDArray[np.bool_]]:
    """Return the features of all links that end in the nodes of the rectangle, and which are possible.

    Every plane, and the flags, have the shape (len(LINKS), rows, columns) or one that spreads to it.
    """
    first, last, low, high = place
    i, j = np.arange(first, last), np.arange(low, high)
    margin, gain = _similarities(pair, place)
    inner = pair.left.inner[_NS, i][:, :, None] + pair.right.inner[_MS, j][:, None, :]
    crossed = pair.left.crossed[_NS, i][:, :, None] + pair.right.crossed[_MS, j][:, None, :]
    lengths = pair.left.lengths[_NS, i][:, :, None], pair.right.lengths[_MS, j][:, None, :]
    both = pair.left.weight[_NS, i][:, :, None] + pair.right.weight[_MS, j][:, None, :]
    planes = [
        margin,
        gain,
        *_length_doubts(*lengths, pair.ratio),
        *_tokens(both, _boxes(_matches(pair, place), len(i), len(j))),
        inner,
        *_ends(pair, i, j),
        crossed,
        _broken(pair, i, j),
    ]
    return planes, pair.left.whole[_NS, i][:, :, None] & pair.right.whole[_MS, j][:, None, :]


def _similarities(pair: Pair, place: Place) -> tuple[Floats, Floats]:
    """Return the margin of every link, and what it gains over the best one with a sentence less at an edge.

    Both in standard deviations of chance; a 1-1 bead gains 0.
    """
    first, last, low, high = place
    top, edge = max(0, first - 1), max(0, low - 1)  # one row and column more, for a link looks back
    ours, chance = _block(pair.left, top, last, pair.centres[1])
    theirs, other = _block(pair.right, edge, high, pair.centres[0])
    size = (LONGEST, last - top, LONGEST, high - edge)
    cosines = (ours @ theirs.T).reshape(size).astype(np.float64)
    best = np.full(size, -np.inf)
    best[1:] = cosines[:-1]
    np.maximum(best[1:, 1:], cosines[:-1, :-1], out=best[1:, 1:])
    np.maximum(best[:, :, 1:], cosines[:, :, :-1], out=best[:, :, 1:])
    np.maximum(best[:, :, 1:, 1:], cosines[:, :, :-1, :-1], out=best[:, :, 1:, 1:])
    best[0, :, 0] = cosines[0, :, 0]
    cosines, best = (values[:, first - top :, :, low - edge :] for values in (cosines, best))
    n, m = _NS[:, 0] - 1, _MS[:, 0] - 1
    whole, part = cosines[n, :, m], best[n, :, m]
    usual = chance.reshape(LONGEST, -1)[n, first - top :], other.reshape(LONGEST, -1)[m, low - edge :]
    margin = whole - 0.5 * (usual[0][:, :, None] + usual[1][:, None, :])
    return margin / pair.spread, (whole - part) / pair.spread


def _block(runs: Runs, first: int, last: int, centre: Floats) -> tuple[NDArray[np.float32], Floats]:
    """The vectors of all runs that end in some nodes, the shortest first, and the similarity by chance."""
    vectors = np.concatenate([runs.vectors(n, first, last) for n in range(1, LONGEST + 1)])
    return vectors, np.asarray(vectors @ centre, np.float64)


def _matches(pair: Pair, place: Place) -> Floats:
    """The tokens shared by the sentences before each node, with some rows and columns before the first."""
    first, last, low, high = place
    rows, columns = (max(0, first - LONGEST), last - 1), (max(0, low - LONGEST), high - 1)
    pad = ((max(0, LONGEST - first), 0), (max(0, LONGEST - low), 0))
    return np.pad(pair.shared.block(*rows, *columns), pad)


def _boxes(cells: Floats, rows: int, columns: int) -> Floats:
    """Sum, for every link, the cells of the boxes that end in the last `rows` x `columns` cells."""
    total: Floats = np.zeros((len(LINKS), rows, columns))
    high, wide = cells.shape
    if not cells.any():
        return total
    for k, (n, m) in enumerate(LINKS):
        for a in range(n):
            for b in range(m):
                total[k] += cells[high - rows - a : high - a, wide - columns - b : wide - b]
    return total


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
