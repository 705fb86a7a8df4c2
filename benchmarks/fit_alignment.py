"""Fit the weights of the aligner to gold alignments by maximum likelihood.

    TERJIMAN_EVAL=… python -m benchmarks.fit_alignment [--sets NAME]… [--halves] [--cache vectors.db]

prints them as Python for `corpora/alignment/weights.py`. `--halves` fits on one half of every set and says
how well the answer does on the other, both ways. The model is a conditional random field over alignments, so
the likelihood is concave and the gradient is the difference between the features of the gold and those
expected; L-BFGS climbs it. A gold bead that the aligner cannot state, or that is not contiguous, leaves its
region free.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.alignment_data import Counts, Document, Link, Remembering, counts, data_sets
from benchmarks.reliability import reliability
from corpora.alignment import lattice
from corpora.alignment.aligner import embedded, most_right, prepare, refined, score
from corpora.alignment.evidence import shared
from corpora.alignment.features import FEATURES, NULLS, Pair, chunks, link_features, null_features
from corpora.alignment.lattice import ALONG, DOWN, LINKS, NEVER, STEPS, Band, Potentials
from corpora.alignment.runs import Floats
from corpora.alignment.weights import GROUPS, SHAPES, WEIGHTS, Weights, group, shape
from models.encoders import load_encoder

RADIUS = 15  # of the band around the gold path
PENALTY = 1.0  # half the inverse variance of the prior on the weights
FORBIDDEN = -2000.0  # for steps along a row, which are summed up and so must not be as low as NEVER
# paragraphs are not marked in the data; these are set by hand
BY_HAND = {"crossed": -1.0, "broken": -1.0}


@dataclass(frozen=True, slots=True)
class Example:
    """A document with its features inside a band around the gold path.

    Attributes:
        links: shape (len(LINKS), nodes, len(FEATURES)). possible: (len(LINKS), nodes).
        nulls: shape (2, nodes, len(NULLS)). allowed: (len(STEPS), nodes), the steps that agree with the gold.
    """

    document: Document
    area: Band
    links: NDArray[np.float32]
    possible: NDArray[np.bool_]
    nulls: NDArray[np.float32]
    allowed: NDArray[np.bool_]

    def scores(self, weights: Weights) -> Floats:
        """The log-potentials of all steps."""
        out = np.empty((len(STEPS), self.area.size))
        for k, link in enumerate(LINKS):
            value = self.links[k] @ weights.links[group(link)] + weights.bias[shape(link)]
            out[k] = np.where(self.possible[k], value, NEVER)
        out[DOWN:] = self.nulls @ weights.nulls
        return out

    def expected(self, likely: Potentials) -> Weights:
        """The features summed over all steps, each by its probability."""
        bias, links = np.zeros(len(SHAPES)), np.zeros((GROUPS, len(FEATURES)))
        for k, link in enumerate(LINKS):
            bias[shape(link)] += likely[k].sum()
            links[group(link)] += likely[k] @ self.links[k]
        return Weights(bias, links, likely[DOWN] @ self.nulls[0] + likely[ALONG] @ self.nulls[1])

    def likelihood(self, weights: Weights) -> tuple[float, Floats]:
        """The log-likelihood of the gold and its gradient."""
        scores = self.scores(weights)
        agreeing = np.where(self.allowed, scores, NEVER)
        agreeing[ALONG] = np.where(self.allowed[ALONG], scores[ALONG], FORBIDDEN)
        gold, among = lattice.posteriors(self.area, agreeing)
        all_, whole = lattice.posteriors(self.area, scores)
        return among - whole, flat(self.expected(gold)) - flat(self.expected(all_))

    def answer(self, weights: Weights) -> list[tuple[Link, float]]:
        """The beads of the best path, and the confidence of each."""
        likely, _ = lattice.posteriors(self.area, self.scores(weights))
        lattice.pooled(self.area, likely)
        return [
            (
                (tuple(range(i - STEPS[k][0], i)), tuple(range(j - STEPS[k][1], j))),
                float(likely[k, self.area.node(i, j)]),
            )
            for i, j, k in most_right(self.area, likely)
        ]


def flat(weights: Weights) -> Floats:
    """The weights as one vector."""
    return np.concatenate([weights.bias, weights.links.ravel(), weights.nulls])


def shaped(vector: Floats) -> Weights:
    """The weights of a vector."""
    bias, rest = vector[: len(SHAPES)], vector[len(SHAPES) :]
    cut = GROUPS * len(FEATURES)
    return Weights(bias, rest[:cut].reshape(GROUPS, -1), rest[cut:])


def regions(document: Document) -> list[tuple[range, range, bool]]:
    """Cut a document into contiguous regions: gold beads, unlinked sentences, and tangles (marked True)."""
    boxes: list[list[int]] = []
    known = set(document.gold)
    linked = (link for link in document.gold if all(link))
    for box in sorted([min(s), max(s) + 1, min(t), max(t) + 1] for s, t in linked):
        while boxes and (boxes[-1][1] > box[0] or boxes[-1][3] > box[2]):
            last = boxes.pop()
            box = [min(last[0], box[0]), max(last[1], box[1]), min(last[2], box[2]), max(last[3], box[3])]
        boxes.append(box)
    out: list[tuple[range, range, bool]] = []
    i = j = 0
    for a, b, c, d in [*boxes, [len(document.source)] * 2 + [len(document.target)] * 2]:
        out += [(range(k, k + 1), range(0), False) for k in range(i, a)]
        out += [(range(0), range(k, k + 1), False) for k in range(j, c)]
        if b > a:
            plain = (tuple(range(a, b)), tuple(range(c, d))) in known and (b - a, d - c) in LINKS
            out.append((range(a, b), range(c, d), not plain))
        i, j = b, d
    return out


def _band(parts: Sequence[tuple[range, range, bool]], rows: int, columns: int) -> Band:
    low, high = np.full(rows + 1, columns), np.zeros(rows + 1, np.int64)
    i = j = 0
    for source, target, _ in parts:
        k, m = i + len(source), j + len(target)
        low[i : k + 1] = np.minimum(low[i : k + 1], j)
        high[i : k + 1] = np.maximum(high[i : k + 1], m)
        i, j = k, m
    nodes = np.arange(rows + 1)
    low, high = low[np.maximum(nodes - RADIUS, 0)] - RADIUS, high[np.minimum(nodes + RADIUS, rows)] + RADIUS
    return lattice.band(np.maximum(low, 0), np.minimum(high, columns))


def _allowed(parts: Sequence[tuple[range, range, bool]], area: Band) -> NDArray[np.bool_]:
    rows, columns = area.nodes()
    out = np.zeros((len(STEPS), area.size), np.bool_)
    for source, target, tangled in parts:
        if tangled:
            for k, (n, m) in enumerate(STEPS):
                inside = (rows <= source.stop) & (columns <= target.stop)
                out[k] |= inside & (rows - n >= source.start) & (columns - m >= target.start)
        elif source and target:
            out[LINKS.index((len(source), len(target))), area.node(source.stop, target.stop)] = True
        elif source:
            out[DOWN] |= rows == source.stop
        else:
            out[ALONG] |= columns == target.stop
    return out


def example(document: Document, pair: Pair) -> Example:
    """Compute the features of a document."""
    parts = regions(document)
    area = _band(parts, len(document.source), len(document.target))
    links = np.zeros((len(LINKS), area.size, len(FEATURES)), np.float32)
    possible = np.zeros((len(LINKS), area.size), np.bool_)
    nulls = np.zeros((2, area.size, len(NULLS)), np.float32)
    for place in chunks(area):
        first, last, low, high = place
        size = (last - first, high - low)
        cells = np.concatenate(
            [
                (i - first) * size[1] + np.arange(area.low[i], area.high[i] + 1) - low
                for i in range(first, last)
            ]
        )
        nodes = slice(int(area.start[first]), int(area.start[last]))
        planes, ok = link_features(pair, place)
        for f, plane in enumerate(planes):
            links[:, nodes, f] = np.broadcast_to(plane, ok.shape).reshape(len(LINKS), -1)[:, cells]
        possible[:, nodes] = ok.reshape(len(LINKS), -1)[:, cells]
        for side, planes in enumerate(null_features(pair, place)):
            for f, plane in enumerate(planes):
                nulls[side, nodes, f] = np.broadcast_to(plane, size).ravel()[cells]
    return Example(document, area, links, possible, nulls, _allowed(parts, area))


def climb(slope: Callable[[Floats], tuple[float, Floats]], start: Floats, steps: int = 80) -> Floats:
    """Minimise a smooth function by L-BFGS with backtracking (Nocedal 1980)."""
    point, (value, gradient) = start, slope(start)
    moves: list[tuple[Floats, Floats]] = []
    for _ in range(steps):
        direction = _direction(gradient, moves)
        length = 1.0
        while True:
            there = point - length * direction
            height, other = slope(there)
            if height <= value - 1e-4 * length * float(gradient @ direction) or length < 1e-3:
                break
            length *= 0.4
        if float((there - point) @ (other - gradient)) > 1e-10:
            moves = [*moves[-11:], (there - point, other - gradient)]
        done = abs(value - height) < 2e-5
        point, value, gradient = there, height, other
        if done:
            break
    return point


def _direction(gradient: Floats, moves: Sequence[tuple[Floats, Floats]]) -> Floats:
    if not moves:
        return np.asarray(0.3 * gradient / np.abs(gradient).max())
    vector = gradient.copy()
    factors = []
    for step, change in reversed(moves):
        factors.append(float(step @ vector) / float(change @ step))
        vector -= factors[-1] * change
    vector *= float(moves[-1][0] @ moves[-1][1]) / float(moves[-1][1] @ moves[-1][1])
    for (step, change), factor in zip(moves, reversed(factors), strict=True):
        vector += step * (factor - float(change @ vector) / float(change @ step))
    return vector


def fit(examples: Sequence[tuple[Example, float]], start: Weights) -> Weights:
    """Return the most likely weights, every example counted as often as its number says."""
    whole = sum(len(one.document.gold) * times for one, times in examples)

    def slope(vector: Floats) -> tuple[float, Floats]:
        value, gradient = -PENALTY * float(vector @ vector) / 2, -PENALTY * vector
        for one, times in examples:
            gain, change = one.likelihood(shaped(vector))
            value, gradient = value + times * gain, gradient + times * change
        return -value / whole, -gradient / whole

    return shaped(climb(slope, flat(start)))


def halves(document: Document) -> tuple[Document, Document]:
    """Cut a document in two between its regions."""
    parts = regions(document)
    cut = parts[: len(parts) // 2]
    i, j = sum(len(source) for source, _, _ in cut), sum(len(target) for _, target, _ in cut)

    def half(source: slice, target: slice, di: int, dj: int) -> Document:
        inside = [
            (tuple(k - di for k in s), tuple(k - dj for k in t))
            for s, t in document.gold
            if all(source.start <= k < source.stop for k in s)
            and all(target.start <= k < target.stop for k in t)
        ]
        return replace(document, source=document.source[source], target=document.target[target], gold=inside)

    rows, columns = len(document.source), len(document.target)
    return half(slice(0, i), slice(0, j), 0, 0), half(slice(i, rows), slice(j, columns), i, j)


def _example(document: Document, encoder: Remembering) -> Example:
    """Do what `align` does, up to the features, inside the band around the gold."""
    texts = (document.source, document.target)
    pair = prepare(texts, embedded(encoder, *texts), (None, None), shared(*texts, langs=document.langs))
    area = _band(regions(document), len(document.source), len(document.target))
    likely, _ = lattice.posteriors(area, score(pair, area, WEIGHTS))
    return example(document, refined(pair, area, likely, texts, document.langs, encoder))


def _report(title: str, examples: Sequence[Example], weights: Weights) -> list[tuple[float, bool]]:
    """Print the figures of every example; return the confidence of every bead and whether it is right."""
    judged = []
    for one in examples:
        beads, gold = one.answer(weights), set(one.document.gold)
        found = counts(one.document.gold, [link for link, _ in beads])
        judged += [(sure, link in gold) for link, sure in beads]
        strict, lax = Counts.rates(found.strict)[2], Counts.rates(found.lax)[2]
        print(f"{title} {one.document.name:10} strict {strict:.3f} lax {lax:.3f}", flush=True)
    return judged


def _python(weights: Weights) -> str:
    links = weights.links.copy()
    for name, value in BY_HAND.items():
        links[1 if name == "crossed" else 0 :, FEATURES.index(name)] = value

    nulls = weights.nulls.copy()
    nulls[NULLS.index("broken")] = 0.0

    def row(values: Floats) -> str:
        return "[" + ", ".join(f"{value:.2f}" for value in values) + "]"

    rows = ",\n            ".join(map(row, links))
    return (
        f"WEIGHTS = Weights(\n    bias=np.array({row(weights.bias)}),\n    links=np.array(\n        [\n"
        f"            {rows},\n        ]\n    ),\n    nulls=np.array({row(nulls)}),\n)\n"
    )


def main() -> None:
    """Fit, report, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--sets", nargs="*", default=["ntrex", "text+berg"], help="beginnings of names")
    parser.add_argument("--times", type=float, default=2.0, help="how often text+berg counts")
    parser.add_argument("--halves", action="store_true", help="fit on one half, test on the other, both ways")
    parser.add_argument("--cache", type=Path, default=Path("vectors.db"), help="file for vectors")
    options = parser.parse_args()
    encoder = Remembering(load_encoder(), options.cache)
    documents = [
        document for name, group in data_sets() if name.startswith(tuple(options.sets)) for document in group
    ]
    cut = [halves(document) for document in documents]
    if options.halves:
        parts = [[_example(half[k], encoder) for half in cut] for k in (0, 1)]
        judged = []
        for train, test in (parts, parts[::-1]):
            weights = _fitted(train, options.times)
            judged += _report("held out ", test, weights)
        print(reliability("of held-out halves", judged))
        return
    train = [_example(document, encoder) for document in documents]
    weights = _fitted(train, options.times)
    _report("fitted on", train, weights)
    print(_python(weights))


def _fitted(train: Sequence[Example], berg: float) -> Weights:
    times = [berg if one.document.name == "text+berg" else 1.0 for one in train]
    return fit(list(zip(train, times, strict=True)), WEIGHTS)


if __name__ == "__main__":
    main()
