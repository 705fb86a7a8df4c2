"""Measures that a translator may convert: miles into kilometres, pounds into kilograms, °F into °C."""

from __future__ import annotations

import re
from collections.abc import Collection
from decimal import Decimal

_UNITS: tuple[tuple[re.Pattern[str], tuple[float, ...]], ...] = tuple(
    (re.compile(rf"\b(?:{words})\b", re.IGNORECASE), factors)
    for words, factors in (
        ("miles?|mph", (1.609, 1609.0)),
        ("pounds?|lbs?", (0.4536,)),
        ("yards?|yds?", (0.9144,)),
        ("feet|foot|ft", (0.3048, 30.48)),
        ("inch|inches", (2.54, 25.4)),
        ("stone", (6.35,)),
        ("ounces?|oz", (28.35,)),
        ("acres?", (0.4047, 4047.0)),
        ("gallons?", (3.785, 4.546)),
    )
)
_DEGREES = re.compile(r"°|\bdegrees?\b", re.IGNORECASE)
_ROUNDING, _DEGREE_ROUNDING = 0.12, 1.5


def same_measure(value: Decimal, others: Collection[Decimal], text: str, other_text: str) -> bool:
    """Tell whether another value is this one converted, where either text names a unit of the English system.

    Translators round: a difference of 12 % (of 1.5 degrees) is allowed.
    """
    number = float(value)
    for pattern, factors in _UNITS:
        forward, backward = pattern.search(text), pattern.search(other_text)
        for factor in factors:
            wanted = [number * factor] if forward else []
            wanted += [number / factor] if backward else []
            if any(abs(float(other) - one) <= _ROUNDING * one for other in others for one in wanted):
                return True
    if _DEGREES.search(text):
        celsius = (number - 32) / 1.8
        return any(abs(float(other) - celsius) <= _DEGREE_ROUNDING for other in others)
    if _DEGREES.search(other_text):
        return any(abs(number * 1.8 + 32 - float(other)) <= _DEGREE_ROUNDING * 2 for other in others)
    return False
