"""The dynamic programming of the aligner: probabilities add up, and a narrower band loses nothing."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpora.alignment import lattice
from corpora.alignment.lattice import NEVER, STEPS, Band, Potentials
from tests.corpora.test_alignment import aligned, sentence

sizes = st.integers(0, 14)


def scored(area: Band, seed: int, spread: float) -> Potentials:
    """Random log-potentials of all steps; those that lead out of the band are impossible."""
    scores = np.random.default_rng(seed).normal(0, spread, (len(STEPS), area.size))
    scores[: lattice.ALONG][area.before[: lattice.ALONG] == area.size] = NEVER
    return scores.astype(np.float32)


@settings(deadline=None, max_examples=40)
@given(sizes, sizes, st.integers(0, 99), st.sampled_from([0.1, 2.0, 20.0]))
def test_every_sentence_is_in_a_bead_with_certainty(
    rows: int, columns: int, seed: int, spread: float
) -> None:
    area = lattice.full(rows, columns)
    likely, _ = lattice.posteriors(area, scored(area, seed, spread))
    at, _ = area.nodes()
    counted = np.zeros(rows + 2)
    for k, (n, _) in enumerate(STEPS):
        for back in range(n):
            counted += np.bincount(np.maximum(at - back, 0), likely[k], rows + 2)
    assert counted[1 : rows + 1] == pytest.approx(np.ones(rows), abs=1e-3)


@settings(deadline=None, max_examples=60)
@given(sizes, sizes, st.integers(0, 99), st.sampled_from([0.1, 2.0, 20.0]))
def test_a_narrowed_band_keeps_every_likely_bead(rows: int, columns: int, seed: int, spread: float) -> None:
    area = lattice.full(rows, columns)
    scores = scored(area, seed, spread)
    likely, _ = lattice.posteriors(area, scores)
    near = lattice.narrowed(area, likely)
    within = [area.node(i, j) for i in range(near.rows) for j in range(near.low[i], near.high[i] + 1)]
    again, _ = lattice.posteriors(near, scores[:, within])
    assert again == pytest.approx(likely[:, within], abs=1e-3)
    outside = np.ones(area.size, np.bool_)
    outside[within] = False
    assert not likely[:, outside].any() or likely[:, outside].max() <= 1e-6
    paths = lattice.best_path(near, again, 0.5), lattice.best_path(area, likely, 0.5)
    found, best = (sum(float(likely[k, area.node(i, j)]) - 0.5 for i, j, k in path) for path in paths)
    assert found == pytest.approx(best, abs=1e-2)


def _changed(seed: int) -> tuple[list[str], list[str]]:
    """Two texts of some 60 sentences: some left out, some joined, some new, at random."""
    rng = np.random.default_rng(seed)
    source: list[str] = []
    target: list[str] = []
    for k in range(60):
        what = rng.choice(["same", "drop", "add", "join", "new"], p=[0.7, 0.1, 0.08, 0.07, 0.05])
        text = sentence(1000 * seed + k)
        if what != "add":
            source.append(text)
        if what == "join" and target:
            target[-1] += f" {text}"
        elif what != "drop":
            target.append(text if what != "new" else sentence(1000 * seed + k + 500))
    return source, target


@pytest.mark.parametrize("seed", range(6))
def test_the_narrower_second_look_gives_the_same_beads(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    source, target = _changed(seed)
    found = aligned(source, target)
    monkeypatch.setattr(lattice, "narrowed", lambda area, _: area)
    other = aligned(source, target)
    assert [(bead.source, bead.target) for bead in found] == [(bead.source, bead.target) for bead in other]
    for one, two in zip(found, other, strict=True):
        assert one.confidence == pytest.approx(two.confidence, abs=1e-3)


@pytest.mark.parametrize(("rows", "columns"), [(0, 0), (0, 5), (5, 0), (1, 12), (12, 1)])
def test_lopsided_lattices_are_narrowed(rows: int, columns: int) -> None:
    area = lattice.full(rows, columns)
    likely, _ = lattice.posteriors(area, scored(area, 1, 1.0))
    near = lattice.narrowed(area, likely)
    assert (near.low[0], near.high[-1]) == (0, columns)
    assert (near.low <= near.high).all()
