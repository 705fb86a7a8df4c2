"""See whether a text goes round in circles, as weak models do."""

from __future__ import annotations

import re
from itertools import pairwise

_TOKEN = re.compile(r"[\u3400-\u9fff]|[^\W\u3400-\u9fff]+")
_LEAST_TOKENS = 12
_LEAST_NEW = 0.6  # share of different pairs below which a text repeats itself


def loops(text: str) -> bool:
    """Tell whether most pairs of neighbouring words of a text come again and again."""
    tokens = _TOKEN.findall(text.lower())
    if len(tokens) < _LEAST_TOKENS:
        return False
    pairs = list(pairwise(tokens))
    return len(set(pairs)) < _LEAST_NEW * len(pairs)
