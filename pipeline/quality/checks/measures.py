"""Measures that a translator may convert: miles into kilometres, pounds into kilograms, kilograms into 斤."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
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
        (r"cm|см|сантиметр\w*", (0.01,)),
        (r"سانتىمېتىر\w*", (0.01,)),
    )
) + tuple(
    (re.compile(rf"(?<=[\d一二两三四五六七八九十百千万])\s?(?:{words})"), factors)
    for words, factors in (("厘米|公分", (0.01,)), ("斤|里", (0.5,)), ("亩", (0.0667,)))
)
_DEGREES = re.compile(r"°|\bdegrees?\b", re.IGNORECASE)
_ROUNDING, _DEGREES_ROUNDED = 0.12, 1.5
_MOST_VALUES = 200  # beyond, a list of figures: everything would match something


@dataclass(frozen=True, slots=True)
class Units:
    """Units that a text names, each by its size in metric ones, and whether it speaks of degrees."""

    factors: tuple[float, ...]
    degrees: bool


def units(text: str) -> Units:
    """Return the units a text names."""
    factors = tuple(one for pattern, factors in _UNITS if pattern.search(text) for one in factors)
    return Units(factors, bool(_DEGREES.search(text)))


def same_measure(value: Decimal, others: Collection[Decimal], named: Units, named_there: Units) -> bool:
    """Tell whether another value is this one converted, where either text names a unit not metric, or cm.

    Translators round: a difference of 12 % (of 1.5 degrees) is allowed.
    """
    if len(others) > _MOST_VALUES:
        return False
    number = float(value)
    wanted = [number * factor for factor in named.factors]
    wanted += [number / factor for factor in named_there.factors]
    if any(abs(float(other) - one) <= _ROUNDING * one for other in others for one in wanted):
        return True
    if named.degrees and any(abs(float(other) - (number - 32) / 1.8) <= _DEGREES_ROUNDED for other in others):
        return True
    return named_there.degrees and any(
        abs(number - (float(other) - 32) / 1.8) <= _DEGREES_ROUNDED for other in others
    )
