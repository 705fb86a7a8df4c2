"""The weights of the features: fitted by maximum likelihood, see `benchmarks/alignment.py --fit`."""

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
    bias=np.array([0.94, 0.28, -1.02, 0.23, -0.14, -2.03, -0.26, -0.47, 0.57, 0.58, -0.28]),
    links=np.array(
        [
            [1.62, 0.00, 0.18, -1.43, 0.07, -0.19, -1.40, 0.00, -0.94, 0.57, 0.00, -1.00],
            [1.92, 1.60, -0.26, -0.12, -0.44, -0.11, -1.64, -0.84, -2.31, 0.92, -1.00, -1.00],
            [2.10, 0.61, -0.86, -0.79, -0.05, 0.78, -1.17, -0.25, -1.99, -0.11, -1.00, -1.00],
        ]
    ),
    nulls=np.array([-0.63, -0.06, -0.32, -0.11, -0.68, -0.50]),
)
