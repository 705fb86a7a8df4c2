"""How often beads of each confidence are right: a reliability plot in text."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

BINS = (0.0, 0.3, 0.5, 0.7, 0.8, 0.9, 0.97, 0.99, 1.0001)
_WIDE = 50


def reliability(title: str, judged: Sequence[tuple[float, bool]]) -> str:
    """Return the plot of beads, each with its confidence and whether it is right.

    In each line `#` stands for the share that is right and `|` marks the mean confidence: the bar of a
    calibrated aligner ends at the mark. The expected calibration error is that of Naeini et al. (2015).
    """
    if not judged:
        return f"\nconfidence {title}: no beads"
    lines = [f"\nconfidence {title}", "              beads   mean   right"]
    sure, right = np.array([one for one, _ in judged]), np.array([one for _, one in judged])
    error = 0.0
    for low, high in pairwise(BINS):
        inside = (sure >= low) & (sure < high)
        if not inside.any():
            continue
        mean, share = float(sure[inside].mean()), float(right[inside].mean())
        error += float(inside.mean()) * abs(mean - share)
        bar = list(("#" * round(_WIDE * share)).ljust(_WIDE + 1))
        bar[round(_WIDE * mean)] = "|"
        lines.append(
            f"{low:.2f}-{min(high, 1):.2f} {inside.sum():9} {mean:6.3f} {share:7.3f}  {''.join(bar)}"
        )
    first = np.argsort(sure, kind="stable")[: len(sure) // 10]
    caught = float((~right[first]).sum() / max((~right).sum(), 1))
    lines.append(
        f"expected calibration error {error:.3f}; the least sure tenth holds {caught:.0%} of the errors"
    )
    return "\n".join(lines)
