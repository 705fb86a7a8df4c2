"""Is one system better than another, or was it luck? Paired tests over the same segments.

The p-value is that of approximate randomisation (Riezler & Maxwell 2005): how often does a difference as
great arise when each segment's two translations are swapped at random? The interval of the difference comes
from the paired bootstrap (Koehn 2004).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from corpora.errors import UsageError
from pipeline.quality.metrics import (
    METRICS,
    RESAMPLES,
    SEED,
    Counted,
    Floats,
    count,
    interval,
    resamples,
)

TRIALS = 10_000
SIGNIFICANT = 0.05
_AT_ONCE = 500  # trials held in memory together


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two systems by one metric.

    Attributes:
        first, second: their scores. difference: second minus first.
        ci: 95 % interval of the difference (low, high); None for a single segment.
        p_value: two-sided; None for a single segment.
        signature: sacreBLEU's, with the number of trials and samples.
    """

    first: float
    second: float
    difference: float
    ci: tuple[float, float] | None
    p_value: float | None
    signature: str

    @property
    def significant(self) -> bool:
        """Luck is an unlikely explanation (p < .05)."""
        return self.p_value is not None and self.p_value < SIGNIFICANT


def compare(
    first: Sequence[str],
    second: Sequence[str],
    references: Sequence[str],
    lang: str,
    metrics: Sequence[str] = METRICS,
    *,
    trials: int = TRIALS,
) -> dict[str, Comparison]:
    """Compare two systems that translated the same segments.

    Args:
        first, second: translations of the same segments by two systems or runs.
        references: the human translations.
        lang: BCP-47 tag of their language.
        metrics: of METRICS.
        trials: random swaps of the test.

    Raises:
        UsageError: an unknown metric, no segments, or counts that differ.
    """
    if len(first) != len(second):
        raise UsageError(f"the systems do not line up: {len(first)} and {len(second)} segments")
    return {
        name: _compare(count(first, references, lang, name), count(second, references, lang, name), trials)
        for name in metrics
    }


def _compare(first: Counted, second: Counted, trials: int) -> Comparison:
    before, after = (system.total(system.counts.sum(axis=0)) for system in (first, second))
    difference = after - before
    size = len(first.counts)
    if size == 1:
        return Comparison(before, after, difference, None, None, first.signature(0))
    samples = [
        second.total(second.counts[chosen].sum(axis=0)) - first.total(first.counts[chosen].sum(axis=0))
        for chosen in resamples(size)
    ]
    swapped = _swapped(first, second, trials)
    as_great = int(np.sum(swapped >= abs(difference) - 1e-9))
    signature = f"{first.signature(RESAMPLES)}|ar:{trials}"
    return Comparison(before, after, difference, interval(samples), (as_great + 1) / (trials + 1), signature)


def _swapped(first: Counted, second: Counted, trials: int) -> Floats:
    """Return the absolute difference in each trial."""
    rng = np.random.default_rng(SEED)
    apart = second.counts - first.counts
    whole = first.counts.sum(axis=0), second.counts.sum(axis=0)
    found = []
    for start in range(0, trials, _AT_ONCE):
        swap = rng.integers(2, size=(min(_AT_ONCE, trials - start), len(apart)), dtype=np.int8)
        moved = swap.astype(np.float64) @ apart
        found += [abs(second.total(whole[1] - row) - first.total(whole[0] + row)) for row in moved]
    return np.array(found)
