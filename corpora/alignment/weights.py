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
    bias=np.array([1.47, -0.06, -1.29, 0.78, -1.84, 0.56]),
    links=np.array(
        [
            [1.80, 0.00, 0.34, -1.16, -0.19, 0.21, -1.76, 0.00, -1.22, 1.29, 0.00, -1.00],
            [2.24, 2.38, -0.50, -0.19, -0.32, 0.13, -2.02, -0.88, -2.65, 1.57, -1.00, -1.00],
            [2.52, 1.16, -0.98, -0.97, -0.06, 1.23, -1.62, -0.81, -2.90, -0.24, -1.00, -1.00],
        ]
    ),
    nulls=np.array([-0.38, -0.10, -0.71, -0.28, -0.59, 0.00]),
)
