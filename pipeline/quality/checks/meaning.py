"""Does a translation mean what its source means? Sentence embeddings, against the neighbours.

The likeness of source and translation is divided by how like each is to the lines around the other (the
margin of Artetxe & Schwenk 2019): a sentence that was mistaken for another, or wholly invented, is no more
like its source than the lines around it. A wrong word is not seen.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from corpora.protocols import Encoder
from corpora.records import Flag
from pipeline.quality.check_rules import DEFAULT, Rules

MEANING = "meaning"
_WINDOW = 32  # lines compared with, either way
_NEAREST = 4
_LEAST_LINES = 6
_LEAST_LETTERS = 12  # shorter lines say too little
_LONGEST = 1000  # characters: an encoder reads no more of a line anyhow

Floats = NDArray[np.float64]


def margins(sources: Floats, targets: Floats) -> Floats:
    """Return the margin of each pair, about 1 for strangers and more for translations.

    Args:
        sources, targets: embeddings of the lines, shape (lines, dimensions), rows of unit length.

    Time grows with the number of lines, not with its square.
    """
    count = len(sources)
    found = np.ones(count)
    for i in range(count):
        low, high = max(0, i - _WINDOW), min(count, i + _WINDOW + 1)
        others = np.r_[low:i, i + 1 : high]
        around = _nearest(targets[others] @ sources[i]) + _nearest(sources[others] @ targets[i])
        found[i] = 2 * float(sources[i] @ targets[i]) / max(around, 1e-6)
    return found


def _nearest(likenesses: Floats) -> float:
    return float(np.sort(likenesses)[-_NEAREST:].mean())


def meaning(
    sources: Sequence[str], targets: Sequence[str], encoder: Encoder, rules: Rules = DEFAULT
) -> list[tuple[Flag, ...]]:
    """Return, for each pair of lines of one text in its order, the flag of a translation that strays.

    Lines of a few letters, and texts of a few lines, are not judged.
    """
    flags: list[tuple[Flag, ...]] = [()] * len(sources)
    judged = [
        i
        for i, (source, target) in enumerate(zip(sources, targets, strict=True))
        if min(len(source), 3 * len(target)) >= _LEAST_LETTERS
    ]
    if MEANING in rules.off or len(judged) < _LEAST_LINES:
        return flags
    rows = encoder.encode([text[i][:_LONGEST] for text in (sources, targets) for i in judged])
    vectors = np.asarray(rows, np.float64)
    for i, margin in zip(judged, margins(vectors[: len(judged)], vectors[len(judged) :]), strict=True):
        if margin < rules.limits.meaning:
            message = f"no more like its source than the lines around it are ({margin:.2f})"
            flags[i] = tuple(rules.applied([Flag(MEANING, "warning", message)]))
    return flags
