"""From two lists of sentences to beads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import regex
from numpy.typing import NDArray

from corpora.alignment import lattice
from corpora.alignment.evidence import Shared, closed, shared
from corpora.alignment.features import Pair, Side, Vectors, blocks, chunks, link_features, null_features
from corpora.alignment.lattice import LINKS, NEVER, Band, Scores
from corpora.alignment.weights import WEIGHTS, Weights, group, shape
from corpora.errors import UsageError
from corpora.protocols import Encoder
from corpora.records import Bead

Floats = NDArray[np.float64]

# What a bead must bring to be worth stating: half the F1 we expect (a bead more in the answer costs that
# much)
BEAD_COST = 0.45

_HAN = regex.compile(r"\p{Han}+")
_SYLLABLES = regex.compile(r"[\p{Hiragana}\p{Katakana}\p{Hangul}]+")
_SAMPLE = 300
_PRIOR_COUNT, _PRIOR_SPREAD = 5, 0.03
_PRIOR_LENGTH = 500.0
_RATIO_TOLERANCE = 0.03


def score(pair: Pair, area: Band, weights: Weights) -> Scores:
    """Return the log-potential of every bead inside the band."""
    links = np.full((len(LINKS), area.size), NEVER)
    nulls = np.zeros((2, area.size))
    for place in chunks(area):
        for k, features, possible in link_features(pair, place):
            link = LINKS[k]
            values = features @ weights.links[group(link)] + weights.bias[shape(link)]
            _scatter(area, place, np.where(possible, values, NEVER), links[k])
        for side, features in enumerate(null_features(pair, place)):
            _scatter(area, place, features @ weights.nulls, nulls[side])
    return Scores(links, nulls[0], nulls[1])


def _scatter(area: Band, place: tuple[int, int, int, int], values: Floats, out: Floats) -> None:
    first, last, low, _ = place
    for i in range(first, last):
        out[area.row(i)] = values[i - first, area.low[i] - low : area.high[i] - low + 1]


def _measure(text: str) -> float:
    """The length of a sentence in letters of an alphabet: a Han character says as much as about three."""
    wide = sum(map(len, _HAN.findall(text)))
    middling = sum(map(len, _SYLLABLES.findall(text)))
    return float(max(1, len(text) + 2 * wide + middling))


def _vectors(encoder: Encoder, source: Sequence[str], target: Sequence[str]) -> tuple[Vectors, Vectors]:
    """Embed both texts, every different sentence once; blank ones get a vector of zeros."""
    texts = sorted({text for text in (*source, *target) if text.strip()})
    place = {text: k for k, text in enumerate(texts)}
    known = np.asarray(encoder.encode(texts), np.float32)
    if known.ndim != 2 or len(known) != len(texts):
        raise ValueError(
            f"the encoder {encoder.name} gave an array of shape {known.shape} for {len(texts)} texts"
        )
    table = np.vstack([known, np.zeros((1, known.shape[1]), np.float32)])
    blank = len(texts)
    return (
        table[[place.get(text, blank) for text in source]],
        table[[place.get(text, blank) for text in target]],
    )


def _breaks(paragraphs: Sequence[int] | None, size: int, option: str) -> NDArray[np.bool_] | None:
    if paragraphs is None:
        return None
    if len(paragraphs) != size:
        raise UsageError(f"{option} has {len(paragraphs)} entries for {size} sentences")
    flags = np.ones(size + 1, np.bool_)
    flags[1:-1] = np.diff(np.asarray(paragraphs)) != 0
    return flags


def _spread(source: Vectors, target: Vectors) -> float:
    """The standard deviation of the similarity of sentences paired by chance."""
    left = source[np.linspace(0, len(source) - 1, min(len(source), _SAMPLE)).astype(int)]
    right = target[np.linspace(0, len(target) - 1, min(len(target), _SAMPLE)).astype(int)]
    seen, counted = float((left @ right.T).var()), min(len(left), len(right))
    return float(np.sqrt((counted * seen + _PRIOR_COUNT * _PRIOR_SPREAD**2) / (counted + _PRIOR_COUNT)))


def _ratio(source: Floats, target: Floats) -> float:
    """The first guess at how long a translation is, drawn towards 1 where there is little text."""
    return float((target.sum() + _PRIOR_LENGTH) / (source.sum() + _PRIOR_LENGTH))


def _refined(pair: Pair, area: Band, likely: Scores) -> float:
    """The ratio of lengths as the beads 1-1 have it, each counted by its probability."""
    rows = np.repeat(np.arange(area.rows), area.high - area.low + 1)
    columns = np.arange(area.size) - area.start[rows] + area.low[rows]
    trust = likely.links[LINKS.index((1, 1))]
    source = float(trust @ pair.left.lengths[1, rows])
    target = float(trust @ pair.right.lengths[1, columns])
    return (target + _PRIOR_LENGTH) / (source + _PRIOR_LENGTH)


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
) -> list[Bead]:
    """Align two texts sentence by sentence.

    Args:
        source, target: the sentences, in order. Blank ones are left unaligned.
        encoder: embeds the sentences; anything multilingual will do.
        source_lang, target_lang: BCP-47 tags.
        source_paragraphs, target_paragraphs: the number of the paragraph each sentence stands in, as soft
            evidence.
        anchors: pairs of a source and a target term that translate each other, as evidence where both occur.

    Returns:
        Beads in order; every sentence of either side is in exactly one. Ids are indexes as strings. `score`
        is the cosine of both sides (0 for a bead with one side empty), `confidence` the probability of the
        bead.

    Raises:
        UsageError: paragraphs that do not match their sentences.
    """
    breaks = (
        _breaks(source_paragraphs, len(source), "source_paragraphs"),
        _breaks(target_paragraphs, len(target), "target_paragraphs"),
    )
    if not any(map(str.strip, source)) or not any(map(str.strip, target)):
        return _unaligned(len(source), len(target))
    vectors = _vectors(encoder, source, target)
    pair = _pair((source, target), vectors, breaks, shared(source, target, anchors))
    area = lattice.full(len(source), len(target))
    likely = lattice.posteriors(area, score(pair, area, WEIGHTS))
    ratio = _refined(pair, area, likely)
    if abs(np.log(ratio / pair.ratio)) > _RATIO_TOLERANCE:
        pair = replace(pair, ratio=ratio)
        likely = lattice.posteriors(area, score(pair, area, WEIGHTS))
    return _beads(pair, area, likely)


def _pair(
    texts: tuple[Sequence[str], Sequence[str]],
    vectors: tuple[Vectors, Vectors],
    breaks: tuple[NDArray[np.bool_] | None, NDArray[np.bool_] | None],
    common: Shared,
) -> Pair:
    source, target = (
        Side(own, np.array([_measure(text) for text in side]), closed(side), edges)
        for side, own, edges in zip(texts, vectors, breaks, strict=True)
    )
    return Pair(
        source,
        target,
        common,
        blocks(source, target.vectors.mean(axis=0, dtype=np.float64), common.source),
        blocks(target, source.vectors.mean(axis=0, dtype=np.float64), common.target),
        _ratio(source.lengths, target.lengths),
        _spread(*vectors),
    )


def _unaligned(source: int, target: int) -> list[Bead]:
    return [Bead((str(i),), (), 0.0, 1.0) for i in range(source)] + [
        Bead((), (str(j),), 0.0, 1.0) for j in range(target)
    ]


def _beads(pair: Pair, area: Band, likely: Scores) -> list[Bead]:
    """Turn the path of the most expected right beads into records."""
    gains = Scores(likely.links - BEAD_COST, likely.source_null - BEAD_COST, likely.target_null - BEAD_COST)
    beads = []
    for i, j, n, m in lattice.best_path(area, gains):
        node = int(area.start[i]) + j - int(area.low[i])
        if n and m:
            sure = likely.links[LINKS.index((n, m)), node]
        else:
            sure = (likely.source_null if n else likely.target_null)[node]
        beads.append(
            Bead(
                tuple(map(str, range(i - n, i))),
                tuple(map(str, range(j - m, j))),
                round(_similarity(pair, i, j, n, m), 4),
                round(float(sure), 4),
            )
        )
    return beads


def _similarity(pair: Pair, i: int, j: int, n: int, m: int) -> float:
    """The cosine of the two sides of a bead, each the mean of its sentences weighted by their length."""
    if not n or not m:
        return 0.0
    left = pair.source.lengths[i - n : i] @ pair.source.vectors[i - n : i]
    right = pair.target.lengths[j - m : j] @ pair.target.vectors[j - m : j]
    return float(left @ right / (np.linalg.norm(left) * np.linalg.norm(right)))
