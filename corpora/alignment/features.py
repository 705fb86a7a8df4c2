"""What speaks for and against a bead, as numbers that `weights.py` turns into a log-potential."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpora.alignment.evidence import Shared
from corpora.alignment.lattice import LINKS, Band

Floats = NDArray[np.float64]
Vectors = NDArray[np.float32]
Indices = NDArray[np.int64]
Place = tuple[int, int, int, int]  # rows first to last and columns low to high, the ends exclusive

LONGEST = max(max(link) for link in LINKS)
FEATURES = (
    "margin", "gain", "length1", "length4", "length16", "match", "unmatched", "inner", "uneven", "open",
    "crossed", "broken",
)  # fmt: skip
NULLS = ("bias", "length", "unmatched", "uneven", "open", "broken")
SPREAD = 10.0  # variance of the length of a translation per character; 7 in Gale & Church (1993)
_CHUNK = 64


@dataclass(frozen=True, slots=True)
class Side:
    """One text.

    Attributes:
        vectors: shape (sentences, dim), unit rows.
        lengths: characters of each sentence, at least 1.
        closed: shape (sentences + 1,), see `evidence.closed`.
        breaks: shape (sentences + 1,), a paragraph begins here; None where paragraphs are not known.
    """

    vectors: Vectors
    lengths: Floats
    closed: NDArray[np.bool_]
    breaks: NDArray[np.bool_] | None

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
class Blocks:
    """Runs of n sentences of one side, for n = 1 … LONGEST, each indexed by the node after its last sentence.

    Attributes:
        norms: lengths of the summed vectors, 0 where a sentence is blank: such a run is in no bead.
            background: mean cosine with the sentences of the other side.
        lengths: characters. inner: number of places inside that look like the end of a sentence.
        crossed: number of paragraph breaks inside. weight: of the shared tokens.
    """

    norms: Floats
    background: Floats
    lengths: Floats
    inner: Floats
    crossed: Floats
    weight: Floats


def blocks(side: Side, mean: Floats, weight: Floats) -> Blocks:
    """Measure the runs of a side; `mean` is the mean vector of the other side."""
    shape = (LONGEST + 1, side.size + 1)
    out = Blocks(*(np.zeros(shape) for _ in range(6)))
    weighted = side.vectors.astype(np.float64) * side.lengths[:, None]
    run = np.vstack([np.zeros((1, weighted.shape[1])), np.cumsum(weighted, axis=0)])
    blank: Floats = np.asarray(~side.vectors.any(axis=1), np.float64)
    towards: Floats = np.asarray(side.vectors @ mean * side.lengths, np.float64)
    for n in range(1, min(LONGEST, side.size) + 1):
        norms = np.linalg.norm(run[n:] - run[:-n], axis=1)
        out.norms[n, n:] = np.where(sums(blank, n)[n:] > 0, 0.0, norms)
        out.background[n, n:] = sums(towards, n)[n:] / np.maximum(norms, 1e-9)
        out.lengths[n] = sums(side.lengths, n)
        out.weight[n] = sums(weight, n)
        if n > 1:
            out.inner[n, n:] = sums(side.closed[1:-1].astype(np.float64), n - 1)[n - 1 :]
            if side.breaks is not None:
                out.crossed[n, n:] = sums(side.breaks[1:-1].astype(np.float64), n - 1)[n - 1 :]
    return out


@dataclass(frozen=True, slots=True)
class Pair:
    """Both texts, ready to be scored.

    Attributes:
        ratio: characters of the target for one of the source. spread: standard deviation of chance
            similarities.
    """

    source: Side
    target: Side
    shared: Shared
    left: Blocks
    right: Blocks
    ratio: float
    spread: float


def chunks(area: Band) -> Iterator[Place]:
    """Cut the band into rectangles: rows first to last (exclusive), columns low to high (exclusive)."""
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


def link_features(pair: Pair, place: Place) -> Iterator[tuple[int, Floats, NDArray[np.bool_]]]:
    """Yield, for every kind of link, its index, its features and where it is possible.

    Shapes: (rows, columns, len(FEATURES)) and (rows, columns), for the beads that end in the nodes of the
    rectangle.
    """
    first, last, low, high = place
    top, edge = max(0, first - 1), max(0, low - 1)  # one row and column more, for `_gain` looks back
    i, j = np.arange(top, last), np.arange(edge, high)
    dots, matches = _cells(pair, (top, last, edge, high))
    cosines: dict[tuple[int, int], Floats] = {}
    for k, (n, m) in enumerate(LINKS):
        norms = pair.left.norms[n, i][:, None] * pair.right.norms[m, j][None, :]
        possible = norms > 0
        cosines[n, m] = _boxes(dots, n, m, len(i), len(j)) / np.where(possible, norms, 1.0)
        features = _link(pair, (n, m), (i, j), cosines, _boxes(matches, n, m, len(i), len(j)))
        yield k, features[first - top :, low - edge :], possible[first - top :, low - edge :]


def _cells(pair: Pair, place: Place) -> tuple[Floats, Floats]:
    """Dot products of weighted vectors, and shared tokens, of the sentences before each node."""
    first, last, low, high = place
    rows, columns = slice(max(0, first - LONGEST), last - 1), slice(max(0, low - LONGEST), high - 1)
    left = pair.source.vectors[rows] * pair.source.lengths[rows, None].astype(np.float32)
    right = pair.target.vectors[columns] * pair.target.lengths[columns, None].astype(np.float32)
    above, before = max(0, LONGEST - first), max(0, LONGEST - low)
    pad = ((above, 0), (before, 0))
    dots = np.pad((left @ right.T).astype(np.float64), pad)
    return dots, np.pad(pair.shared.block(rows.start, rows.stop, columns.start, columns.stop), pad)


def _link(
    pair: Pair,
    link: tuple[int, int],
    nodes: tuple[Indices, Indices],
    cosines: dict[tuple[int, int], Floats],
    match: Floats,
) -> Floats:
    (n, m), (i, j), left, right = link, nodes, pair.left, pair.right
    out = np.zeros((len(i), len(j), len(FEATURES)))
    background = 0.5 * (left.background[n, i][:, None] + right.background[m, j][None, :])
    out[..., 0] = (cosines[n, m] - background) / pair.spread
    out[..., 1] = _gain(n, m, cosines) / pair.spread
    doubt = _length_doubt(left.lengths[n, i][:, None] * pair.ratio, right.lengths[m, j][None, :], pair.ratio)
    for place, most in ((2, 1), (3, 4), (4, 16)):
        out[..., place] = np.minimum(doubt, most)
    both = left.weight[n, i][:, None] + right.weight[m, j][None, :]
    met = np.minimum(match, 0.5 * both)
    out[..., 5], out[..., 6] = np.minimum(met, 2), np.minimum(both - 2 * met, 2)
    out[..., 7] = left.inner[n, i][:, None] + right.inner[m, j][None, :]
    out[..., 8:10] = _ends(pair, i, j)
    out[..., 10] = left.crossed[n, i][:, None] + right.crossed[m, j][None, :]
    out[..., 11] = _broken(pair, i, j)
    return out


def _gain(n: int, m: int, cosines: dict[tuple[int, int], Floats]) -> Floats:
    """How much the bead gains over the best bead with one sentence less at an edge; 0 for a 1-1 bead."""
    cosine = cosines[n, m]
    best = np.full(cosine.shape, -np.inf)
    if n > 1:
        smaller = cosines[n - 1, m]
        best = np.maximum(best, smaller)
        best[1:] = np.maximum(best[1:], smaller[:-1])
    if m > 1:
        smaller = cosines[n, m - 1]
        best = np.maximum(best, smaller)
        best[:, 1:] = np.maximum(best[:, 1:], smaller[:, :-1])
    return np.zeros(cosine.shape) if n == m == 1 else cosine - best


def _length_doubt(expected: Floats, length: Floats, ratio: float) -> Floats:
    """The squared deviation of the length from the expected one, in variances (Gale & Church 1993)."""
    scale = np.sqrt(ratio)
    expected, length = expected / scale, length / scale
    return np.asarray((expected - length) ** 2 / (SPREAD * 0.5 * (expected + length) + 1e-9))


def _ends(pair: Pair, i: Indices, j: Indices) -> Floats:
    left, right = pair.source.closed[i][:, None], pair.target.closed[j][None, :]
    return np.stack([left != right, ~(left | right)], axis=-1).astype(np.float64)


def _broken(pair: Pair, i: Indices, j: Indices) -> Floats:
    """1 where a paragraph ends on one side alone; 0 everywhere where paragraphs are not known."""
    if pair.source.breaks is None or pair.target.breaks is None:
        return np.zeros((len(i), len(j)))
    uneven: NDArray[np.bool_] = pair.source.breaks[i][:, None] != pair.target.breaks[j][None, :]
    return uneven.astype(np.float64)


def null_features(pair: Pair, place: Place) -> tuple[Floats, Floats]:
    """Return the features of the 1-0 and of the 0-1 beads that end in each node of the rectangle.

    Shapes: (rows, columns, len(NULLS)) each.
    """
    first, last, low, high = place
    i, j = np.arange(first, last), np.arange(low, high)
    out = np.zeros((2, len(i), len(j), len(NULLS)))
    out[..., 0] = 1.0
    left, right = pair.left, pair.right
    usual = np.log(np.mean(pair.source.lengths) + 1), np.log(np.mean(pair.target.lengths) + 1)
    out[0, ..., 1] = (np.log(left.lengths[1, i] + 1) - usual[0])[:, None]
    out[1, ..., 1] = (np.log(right.lengths[1, j] + 1) - usual[1])[None, :]
    out[0, ..., 2] = np.minimum(left.weight[1, i], 2)[:, None]
    out[1, ..., 2] = np.minimum(right.weight[1, j], 2)[None, :]
    out[..., 3:5] = _ends(pair, i, j)
    out[..., 5] = _broken(pair, i, j)
    return out[0], out[1]
