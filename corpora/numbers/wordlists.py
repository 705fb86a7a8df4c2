"""The word lists of `words.toml`, read once."""

from __future__ import annotations

import re
import tomllib
from decimal import Decimal
from functools import lru_cache
from importlib import resources
from typing import Any


@lru_cache(maxsize=1)
def _lists() -> dict[str, Any]:
    text = resources.files("corpora.numbers").joinpath("words.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@lru_cache(maxsize=8)
def numeral_stems(lang: str) -> tuple[tuple[str, Decimal], ...]:
    """Return (beginning of a word, value) pairs of a language, the longest first; empty for others."""
    table: dict[str, str] = _lists()["numerals"].get(lang, {})
    pairs = [(stem, Decimal(value)) for value, stems in table.items() for stem in stems.split()]
    return tuple(sorted(pairs, key=lambda pair: -len(pair[0])))


@lru_cache(maxsize=8)
def exact_numerals(lang: str) -> dict[str, Decimal]:
    """Return the values of the stems that are numerals, without those like `pair` and `century`."""
    loose = frozenset(_lists()["loose"].get(lang, "").split())
    return {stem: value for stem, value in numeral_stems(lang) if stem not in loose}


@lru_cache(maxsize=16)
def patterns(kind: str, lang: str) -> tuple[re.Pattern[str], ...]:
    """Return the patterns of the `months` or `weekdays` of a language, in order; empty for others.

    English months count only with a capital: may and march are verbs.
    """
    case = re.NOFLAG if lang == "en" else re.IGNORECASE
    return tuple(re.compile(one, case) for one in _lists()[kind].get(lang, ()))


@lru_cache(maxsize=8)
def scales(lang: str) -> tuple[tuple[re.Pattern[str], int], ...]:
    """Return (pattern after a number, factor) pairs of a language, in the order to try them."""
    return tuple((re.compile(one), 10**power) for one, power in _lists()["scales"].get(lang, ()))


@lru_cache(maxsize=8)
def month_words(lang: str) -> re.Pattern[str]:
    """Return a pattern that finds any of the `months` of a language."""
    named = patterns("months", lang)
    return re.compile("|".join(f"(?:{one.pattern})" for one in named), named[0].flags)
