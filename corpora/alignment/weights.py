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
    bias=np.array([1.16, 0.78, -1.62, 0.61, -0.33, -1.82, -0.38, -0.62, 0.57, 1.01, -0.19]),
    links=np.array(
        [
            [1.57, 0.00, -0.19, -0.66, -0.32, -0.06, -1.48, 0.00, -0.93, 0.81, 0.00, -1.00],
            [1.89, 1.11, -0.11, -0.02, -0.50, -0.34, -1.66, -0.65, -2.22, 0.96, -1.00, -1.00],
            [2.23, 0.41, -1.02, -0.78, -0.10, 0.85, -1.31, -0.51, -2.62, -0.22, -1.00, -1.00],
        ]
    ),
    nulls=np.array([-0.84, -0.21, -0.37, -0.19, -0.58, 0.00]),
)
