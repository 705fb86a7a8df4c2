"""From two lists of sentences to beads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import regex
from numpy.typing import NDArray

from corpora.alignment import lattice
from corpora.alignment.coarse import search_band
from corpora.alignment.evidence import Shared, closed, shared
from corpora.alignment.features import (
    Pair,
    Place,
    Planes,
    chunks,
    link_features,
    null_features,
)
from corpora.alignment.lattice import ALONG, DOWN, LINKS, NEVER, STEPS, Band, Potentials
from corpora.alignment.locks import Lock, keep, settled
from corpora.alignment.runs import LONGEST, Floats, Side, Vectors, runs
from corpora.alignment.weights import WEIGHTS, Weights, group, shape
from corpora.errors import UsageError
from corpora.languages import joiner
from corpora.protocols import Encoder
from corpora.records import Bead

# What a bead must bring to be worth stating. F1 is 2 right / (stated + true): near its best, one more bead
# in the answer pays if the chance that it is right exceeds half of F1.
BEAD_COST = 0.5
# What a right bead with an empty side is worth beside a right link: precision counts it, recall does not.
ALONE_WORTH = 0.5

_HAN = regex.compile(r"\p{Han}+")
_SYLLABLES = regex.compile(r"[\p{Hiragana}\p{Katakana}\p{Hangul}]+")
_SAMPLE = 300
_PRIOR_COUNT, _PRIOR_SPREAD = 5, 0.03
_PRIOR_LENGTH = 500.0
_DOUBT = 0.05  # runs likelier than this, and less likely than certain, are worth embedding
_FEW = 20  # of them are always affordable
_PART = 4096  # vectors to have in memory at once
_ENOUGH = 50  # pairs of sentences to tell the ratio of lengths from


def align(
    source: Sequence[str],
    target: Sequence[str],
    encoder: Encoder,
    *,
    source_lang: str,
    target_lang: str,
    source_paragraphs: Sequence[int] | None = None,
    target_paragraphs: Sequence[int] | None = None,
    anchors: Sequence[tuple[str, str]] = (),
    locked: Sequence[Lock] = (),
) -> list[Bead]:
    """Align two texts sentence by sentence.

    Args:
        source: the sentences of one text, in order. Blank ones are left unaligned.
        target: those of the other.
        encoder: embeds the sentences; anything multilingual will do.
        source_lang: BCP-47 tag.
        target_lang: likewise.
        source_paragraphs: the number of the paragraph each sentence stands in, as soft evidence.
        target_paragraphs: likewise; of use only if both are given.
        anchors: pairs of a source and a target term that translate each other, as evidence where both occur.
        locked: beads that are settled; they are in the answer as they stand, with the confidence 1.

    Returns:
        Beads in order; every sentence of either side is in exactly one. Ids are indexes as strings. `score`
        is the cosine of both sides (0 for a bead with one side empty), `confidence` the probability of the
        bead.

    Raises:
        UsageError: paragraphs that do not match their sentences.
        InputError: a locked bead that is not in the texts, or in the way of another.
    """
    locks = settled(locked, source, target)
    breaks = (
        _breaks(source_paragraphs, len(source), "source_paragraphs"),
        _breaks(target_paragraphs, len(target), "target_paragraphs"),
    )
    if not any(map(str.strip, source)) or not any(map(str.strip, target)):
        return _unaligned(len(source), len(target))
    common = shared(source, target, anchors, (source_lang, target_lang))
    pair = prepare((source, target), embedded(encoder, source, target), breaks, common)
    boxes = [lock.box for lock in locks if lock.source and lock.target]
    area, sure = search_band(pair.source, pair.target, boxes)
    if len(sure) >= _ENOUGH:
        pair = replace(pair, ratio=_ratio_of(pair, sure))
    likely = _likely(pair, area, locks)
    pair = refined(pair, area, likely, (source, target), (source_lang, target_lang), encoder)
    area = lattice.narrowed(area, likely)
    del likely  # it is as big as all the rest
    likely = _likely(pair, area, locks)
    lattice.pooled(area, likely)
    return _beads(pair, area, likely, most_right(area, likely, locks))


def most_right(area: Band, likely: Potentials, locks: Sequence[Lock] = ()) -> list[tuple[int, int, int]]:
    """Return the path of the greatest expected F1, given the probability of every bead (`lattice.pooled`)."""
    gains = likely.copy()
    gains[DOWN:] *= ALONE_WORTH
    keep(area, gains, locks)
    return lattice.best_path(area, gains, BEAD_COST)


def _likely(pair: Pair, area: Band, locks: Sequence[Lock]) -> Potentials:
    """The probability of every step that agrees with the locks."""
    scores = score(pair, area, WEIGHTS)
    keep(area, scores, locks)
    return lattice.posteriors(area, scores)[0]


def prepare(
    texts: tuple[Sequence[str], Sequence[str]],
    vectors: tuple[Vectors, Vectors],
    breaks: tuple[NDArray[np.bool_] | None, NDArray[np.bool_] | None],
    common: Shared,
) -> Pair:
    """Measure two texts; both must hold something to read."""
    source, target = (
        Side(own, np.array([_measure(text) for text in side]), closed(side), edges, weight)
        for side, own, edges, weight in zip(
            texts, vectors, breaks, (common.source, common.target), strict=True
        )
    )
    centres = (_centre(source.vectors), _centre(target.vectors))
    ratio = _ratio(float(source.lengths.sum()), float(target.lengths.sum()))
    return Pair(source, target, common, runs(source), runs(target), centres, ratio, _spread(*vectors))


def score(pair: Pair, area: Band, weights: Weights) -> Potentials:
    """Return the log-potential of every bead inside the band, shape (len(STEPS), nodes)."""
    scores = np.full((len(STEPS), area.size), NEVER, np.float32)
    bias = np.array([weights.bias[shape(link)] for link in LINKS])[:, None, None]
    links = weights.links[[group(link) for link in LINKS]].T[:, :, None, None]
    for place in chunks(area):
        planes, possible = link_features(pair, place)
        values = np.where(possible, bias + _weighted(planes, links), NEVER)
        _scatter(area, place, values, scores[: len(LINKS)])
        for k, own in zip((DOWN, ALONG), null_features(pair, place), strict=True):
            _scatter(area, place, _weighted(own, weights.nulls), scores[k])
    return scores


def _weighted(planes: Planes, weights: Floats) -> Floats:
    total: Floats = np.zeros(np.broadcast_shapes(*(plane.shape for plane in planes), weights.shape[1:]))
    for plane, weight in zip(planes, weights, strict=True):
        if weight.any():
            total += weight * plane
    return total


def _scatter(area: Band, place: Place, values: Floats, out: Potentials) -> None:
    first, last, low, high = place
    columns = np.arange(low, high)
    inside = (columns >= area.low[first:last, None]) & (columns <= area.high[first:last, None])
    out[..., area.start[first] : area.start[last]] = values[..., inside]


def _measure(text: str) -> float:
    """The length of a sentence in letters of an alphabet: a Han character says as much as about three."""
    if text.isascii():
        return float(max(1, len(text)))
    wide = sum(map(len, _HAN.findall(text)))
    middling = sum(map(len, _SYLLABLES.findall(text)))
    return float(max(1, len(text) + 2 * wide + middling))


def embedded(encoder: Encoder, source: Sequence[str], target: Sequence[str]) -> tuple[Vectors, Vectors]:
    """Embed both texts; blank sentences get a vector of zeros."""
    table = _encoded(encoder, [text for text in (*source, *target) if text.strip()])
    blank = np.zeros_like(next(iter(table.values())))
    return (
        np.stack([table.get(text, blank) for text in source]),
        np.stack([table.get(text, blank) for text in target]),
    )


def _encoded(encoder: Encoder, texts: Sequence[str]) -> dict[str, Vectors]:
    """Return the vector of every text, each different one embedded once."""
    different = sorted(set(texts))
    vectors = np.asarray(encoder.encode(different), np.float32) if different else np.zeros((0, 0), np.float32)
    if vectors.ndim != 2 or len(vectors) != len(different):
        raise ValueError(f"{encoder.name} gave an array of shape {vectors.shape} for {len(different)} texts")
    return dict(zip(different, vectors, strict=True))


def _breaks(paragraphs: Sequence[int] | None, size: int, option: str) -> NDArray[np.bool_] | None:
    if paragraphs is None:
        return None
    if len(paragraphs) != size:
        raise UsageError(f"{option} has {len(paragraphs)} entries for {size} sentences")
    flags = np.ones(size + 1, np.bool_)
    flags[1:-1] = np.diff(np.asarray(paragraphs)) != 0
    return flags


def _centre(vectors: Vectors) -> Floats:
    return np.asarray(vectors.mean(axis=0, dtype=np.float64))


def _spread(source: Vectors, target: Vectors) -> float:
    """The standard deviation of the similarity of sentences paired by chance."""
    left = source[np.linspace(0, len(source) - 1, min(len(source), _SAMPLE)).astype(int)]
    right = target[np.linspace(0, len(target) - 1, min(len(target), _SAMPLE)).astype(int)]
    seen, counted = float((left @ right.T).var()), min(len(left), len(right))
    return float(np.sqrt((counted * seen + _PRIOR_COUNT * _PRIOR_SPREAD**2) / (counted + _PRIOR_COUNT)))


def _ratio(source: float, target: float) -> float:
    """How long a translation is for one letter of the source, drawn towards 1 where there is little text."""
    return (target + _PRIOR_LENGTH) / (source + _PRIOR_LENGTH)


def _ratio_of(pair: Pair, sure: Sequence[tuple[int, int]]) -> float:
    """The ratio of lengths of pairs of sentences."""
    rows, columns = np.array(sure).T
    return _ratio(float(pair.source.lengths[rows].sum()), float(pair.target.lengths[columns].sum()))


def refined(
    pair: Pair,
    area: Band,
    likely: Potentials,
    texts: tuple[Sequence[str], Sequence[str]],
    langs: tuple[str, str],
    encoder: Encoder,
) -> Pair:
    """Look closer where a first search left doubts.

    The ratio of lengths is read off the beads 1-1, each counted by its probability. Runs of sentences that
    may or may not be a side of a bead are embedded as one text; so far they had the mean of their sentences.
    """
    nodes = area.nodes()
    trust = likely[LINKS.index((1, 1))]
    lengths = [
        float(trust @ side.lengths[1, at]) for side, at in zip((pair.left, pair.right), nodes, strict=True)
    ]
    doubtful = [
        {run: joiner(langs[axis]).join(texts[axis][run[1] - run[0] : run[1]]) for run in found}
        for axis, found in enumerate(
            _doubtful(likely, at, axis, len(texts[axis])) for axis, at in enumerate(nodes)
        )
    ]
    vectors = _encoded(encoder, [text for found in doubtful for text in found.values()])
    left, right = ({run: vectors[text] for run, text in found.items()} for found in doubtful)
    return replace(
        pair,
        ratio=_ratio(*lengths),
        left=replace(pair.left, exact=left),
        right=replace(pair.right, exact=right),
    )


def _doubtful(likely: Potentials, nodes: NDArray[np.int64], axis: int, size: int) -> list[tuple[int, int]]:
    """Return the runs of several sentences of one side, as length and node, that may be a side of a bead.

    At most half as many as there are sentences, the most doubtful ones.
    """
    found: list[tuple[float, int, int]] = []
    for n in range(2, min(LONGEST, size) + 1):
        mass = np.zeros(size + 1)
        for k, link in enumerate(LINKS):
            if link[axis] == n:
                mass += np.bincount(nodes, likely[k], size + 1)
        for node in np.flatnonzero((mass > _DOUBT) & (mass < 1 - _DOUBT)):
            found.append((round(abs(float(mass[node]) - 0.5), 6), n, int(node)))
    return [(n, node) for _, n, node in sorted(found)[: max(size // 2, _FEW)]]


def _unaligned(source: int, target: int) -> list[Bead]:
    return [Bead((str(i),), (), 0.0, 1.0) for i in range(source)] + [
        Bead((), (str(j),), 0.0, 1.0) for j in range(target)
    ]


def _beads(pair: Pair, area: Band, likely: Potentials, path: Sequence[tuple[int, int, int]]) -> list[Bead]:
    """Turn a path into records."""
    cosines = _cosines(pair, path)
    beads = []
    for (i, j, step), cosine in zip(path, cosines, strict=True):
        n, m = STEPS[step]
        sure = float(likely[step, area.node(i, j)])
        source, target = range(i - n, i), range(j - m, j)
        beads.append(Bead(tuple(map(str, source)), tuple(map(str, target)), round(cosine, 4), round(sure, 4)))
    return beads


def _cosines(pair: Pair, path: Sequence[tuple[int, int, int]]) -> list[float]:
    """The similarity of both sides of every bead; 0 where one is empty."""
    out = np.zeros(len(path))
    rows, columns, steps = np.array(path).T
    for k, (n, m) in enumerate(LINKS):
        for part in _parts(np.flatnonzero(steps == k)):
            left, right = pair.left.at(n, rows[part]), pair.right.at(m, columns[part])
            out[part] = np.einsum("bd,bd->b", left, right)
    return [float(cosine) for cosine in out]


def _parts(places: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    return np.split(places, range(_PART, len(places), _PART))
