"""Coarse to fine: where in a long pair of texts the alignment runs, so that only a band is searched closely.

Neighbouring sentences are joined two by two, and these again, until little is left; the best path of the
coarse texts, doubled, is the middle of the band in the finer ones (Thompson & Koehn 2019). Time and memory
grow with the length of the texts, not with its square.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from corpora.alignment.lattice import Band, band
from corpora.alignment.runs import Floats, Side, Vectors

SMALL = 250_000  # nodes up to which the whole lattice is searched
RADIUS = 12  # how far the path may stray from the coarser one, in sentences
_COARSEST = 200
_LEVEL_RADIUS = 10
_NOISE = 1.5  # standard deviations of chance similarity below which a pair of blocks proves nothing
_STEADY = 0.05  # what any pair of blocks earns, so that a path without evidence stays near the diagonal
_SURE = 2.0  # what a pair of sentences earns that is taken for a translation
_SAMPLE = 300
_CHUNK = 64

Path = list[tuple[int, int]]
Box = tuple[int, int, int, int]
Edges = tuple[NDArray[np.int64], NDArray[np.int64]]


def search_band(source: Side, target: Side, boxes: Sequence[Box] = ()) -> tuple[Band, Path]:
    """Return the band in which two texts are to be aligned, and pairs of sentences that surely go together.

    Where the lattice is small, the band is all of it and no pairs are looked for.

    Args:
        source: one text.
        target: the other.
        boxes: where the path must lead through, as rows and columns from and to, in order: what lies between
            them is searched piece by piece.
    """
    left, right = _weighted(source), _weighted(target)
    low, high = np.full(len(left) + 1, len(right)), np.zeros(len(left) + 1, np.int64)
    sure: Path = []
    i = j = 0
    for top, bottom, first, last in [*boxes, (len(left), len(left), len(right), len(right))]:
        own_low, own_high, own_sure = _search(left[i:top], right[j:first])
        low[i : top + 1] = np.minimum(low[i : top + 1], own_low + j)
        high[i : top + 1] = np.maximum(high[i : top + 1], own_high + j)
        low[top + 1 : bottom], high[top + 1 : bottom] = first, last
        if bottom > top:
            low[bottom] = high[bottom] = last
        sure += [(i + a, j + b) for a, b in own_sure]
        i, j = bottom, last
    return band(low, high), sure


def _search(left: Vectors, right: Vectors) -> tuple[NDArray[np.int64], NDArray[np.int64], Path]:
    """Return the edges of the band of a piece, and its sure pairs."""
    if not len(left) or not len(right) or (len(left) + 1) * (len(right) + 1) <= SMALL:
        return np.zeros(len(left) + 1, np.int64), np.full(len(left) + 1, len(right), np.int64), []
    levels = [(left, right)]
    while min(len(levels[-1][0]), len(levels[-1][1])) > 1 and max(map(len, levels[-1])) > _COARSEST:
        levels.append((_halved(levels[-1][0]), _halved(levels[-1][1])))
    low = np.zeros(len(levels[-1][0]) + 1, np.int64)
    high = np.full(len(levels[-1][0]) + 1, len(levels[-1][1]), np.int64)
    path: Path = []
    sure: Path = []
    for depth, (left, right) in reversed(list(enumerate(levels))):
        if path:
            low, high = _edges([(2 * i, 2 * j) for i, j in path], len(left), len(right), _LEVEL_RADIUS)
        path, sure = _path(_unit(left), _unit(right), low, high)
        if depth == 0:
            low, high = _edges(path, len(left), len(right), RADIUS)
    return low, high, sure


def _weighted(side: Side) -> Vectors:
    return np.asarray(side.vectors * np.sqrt(side.lengths)[:, None], np.float32)


def _halved(vectors: Vectors) -> Vectors:
    """Add the vectors up two by two; an odd one at the end stays alone."""
    return np.add.reduceat(vectors, np.arange(0, len(vectors), 2), axis=0)


def _unit(vectors: Vectors) -> Vectors:
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9), np.float32)


def _edges(path: Path, rows: int, columns: int, radius: int) -> Edges:
    """Return the edges of a band of a radius around a path that leads through the given nodes."""
    low, high = np.full(rows + 1, columns), np.zeros(rows + 1, np.int64)
    for (i, j), (k, m) in zip([(0, 0), *path], [*path, (rows, columns)], strict=True):
        first, last = min(i, rows), min(k, rows)
        low[first : last + 1] = np.minimum(low[first : last + 1], min(j, columns))
        high[first : last + 1] = np.maximum(high[first : last + 1], min(m, columns))
    nodes = np.arange(rows + 1)
    low = low[np.maximum(nodes - radius, 0)] - radius
    high = high[np.minimum(nodes + radius, rows)] + radius
    return np.maximum(low, 0), np.minimum(high, columns)


def _path(
    left: Vectors, right: Vectors, low: NDArray[np.int64], high: NDArray[np.int64]
) -> tuple[Path, Path]:
    """Return the nodes of the monotone path that pairs the most similar blocks; any may stay alone.

    Also return the pairs that are far more similar than chance has it.
    """
    gains = _gains(left, right, low, high)
    totals: list[Floats] = []
    for i in range(len(left) + 1):
        wide = int(high[i] - low[i]) + 1
        row = np.full(wide, -np.inf)
        if i == 0:
            row[0] = 0.0
        else:
            _enter(row, int(low[i]), totals[-1], int(low[i - 1]), 0, None)
            _enter(row, int(low[i]), totals[-1], int(low[i - 1]), 1, gains[i])
        totals.append(np.maximum.accumulate(row))
    return _walk(totals, gains, low)


def _enter(row: Floats, low: int, above: Floats, other: int, shift: int, gain: Floats | None) -> None:
    """Let paths come down from the row above, straight (shift 0) or by a pair (shift 1)."""
    first, last = max(low, other + shift), min(low + len(row), other + shift + len(above))
    if first >= last:
        return
    values = above[first - shift - other : last - shift - other]
    if gain is not None:
        values = values + gain[first - low : last - low]
    row[first - low : last - low] = np.maximum(row[first - low : last - low], values)


def _walk(totals: list[Floats], gains: list[Floats], low: NDArray[np.int64]) -> tuple[Path, Path]:
    i, j = len(totals) - 1, int(low[-1]) + len(totals[-1]) - 1
    path: Path = []
    sure: Path = []
    while i > 0:
        path.append((i, j))
        here, at = totals[i][j - int(low[i])], j - int(low[i - 1])
        above = totals[i - 1]
        if 0 < at <= len(above) and j > low[i] - 1 and above[at - 1] + gains[i][j - int(low[i])] == here:
            i, j = i - 1, j - 1
            if gains[i + 1][j + 1 - int(low[i + 1])] > _SURE:
                sure.append((i, j))
        elif 0 <= at < len(above) and above[at] == here:
            i -= 1
        else:
            j -= 1
    return path[::-1], sure[::-1]


def _gains(left: Vectors, right: Vectors, low: NDArray[np.int64], high: NDArray[np.int64]) -> list[Floats]:
    """What the pair of blocks that ends in each node of the band earns, row by row (row 0 has none)."""
    chance = 0.5 * (left @ right.mean(axis=0)), 0.5 * (right @ left.mean(axis=0))
    sample = [
        side[np.linspace(0, len(side) - 1, min(len(side), _SAMPLE)).astype(int)] for side in (left, right)
    ]
    spread = max(float((sample[0] @ sample[1].T).std()), 1e-6)
    rows: list[Floats] = [np.zeros(int(high[0] - low[0]) + 1)]
    for first in range(1, len(left) + 1, _CHUNK):
        last = min(first + _CHUNK, len(left) + 1)
        begin, end = max(int(low[first]), 1), int(high[last - 1])
        cosines = left[first - 1 : last - 1] @ right[begin - 1 : end].T
        margin = (cosines - chance[0][first - 1 : last - 1, None] - chance[1][None, begin - 1 : end]) / spread
        earned = np.maximum(margin - _NOISE, 0.0) + _STEADY
        for i in range(first, last):
            row = np.zeros(int(high[i] - low[i]) + 1)
            start = max(int(low[i]), 1)
            row[start - int(low[i]) :] = earned[i - first, start - begin : int(high[i]) - begin + 1]
            rows.append(row)
    return rows
