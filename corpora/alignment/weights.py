"""The weights of the features: fitted by maximum likelihood, see `benchmarks/fit_alignment.py`."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpora.alignment.lattice import LINKS

Floats = NDArray[np.float64]

# links that share a bias: how many sentences, whichever side they are on
SHAPES = tuple(sorted({(min(link), max(link)) for link in LINKS}))
GROUPS = 3  # 1-1; three sentences; more


def shape(link: tuple[int, int]) -> int:
    """The index of a link's bias."""
    return SHAPES.index((min(link), max(link)))


def group(link: tuple[int, int]) -> int:
    """The index of the feature weights of a link."""
    return min(sum(link), 4) - 2


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights of the log-linear model.

    Attributes:
        bias: shape (len(SHAPES),). links: shape (GROUPS, len(FEATURES)). nulls: shape (len(NULLS),).
    """

    bias: Floats
    links: Floats
    nulls: Floats


WEIGHTS = Weights(
    bias=np.array([1.79, 0.20, -1.25, 0.58, -0.24, -2.20, -0.45, -0.58, 0.66, 0.83, -0.23]),
    links=np.array(
        [
            [1.38, 0.00, 0.17, -0.81, -0.32, -0.18, -1.58, 0.00, -1.05, 0.78, 0.00, -1.00],
            [1.86, 1.63, -0.16, -0.39, -0.26, -0.23, -1.79, -0.98, -2.24, 0.92, -1.00, -1.00],
            [2.18, 0.73, -0.97, -0.92, -0.08, 0.82, -1.48, -0.62, -2.41, -0.21, -1.00, -1.00],
        ]
    ),
    nulls=np.array([-0.88, -0.16, -0.50, 0.06, -0.67, 0.00]),
)
