"""Months and weekdays of the source must be those of the translation."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import lru_cache

from corpora.records import Flag
from pipeline.quality.checks.pair import Pair, ascii_digits
from pipeline.quality.checks.wordlists import patterns

_MONTH_MARK = {
    "kk": r"\s?-?\s?(?:ші |шы )?ай",
    "ug": r"\s?-?\s?ئاي",
    "ru": r"-?(?:й|го|м)? месяц",
    "zh": r"\s?月",
}


@lru_cache(maxsize=8)
def _months(lang: str) -> tuple[re.Pattern[str], ...]:
    """Return the patterns of the twelve months, named or numbered."""
    named = patterns("months", lang)
    if lang not in _MONTH_MARK:
        return named
    numbered = (
        rf"(?<!\d)0?{number}{_MONTH_MARK[lang]}|(?<=\d[./]){number:02}(?=[./]\d)" for number in range(1, 13)
    )
    return tuple(
        re.compile(f"{one.pattern}|{number}", re.IGNORECASE)
        for one, number in zip(named, numbered, strict=True)
    )


@lru_cache(maxsize=4)
def _any(patterns: tuple[re.Pattern[str], ...]) -> re.Pattern[str]:
    """Return a pattern that finds any of several, so that most texts take one search."""
    return re.compile("|".join(f"(?:{one.pattern})" for one in patterns), patterns[0].flags)


def month_numbers(text: str, lang: str) -> frozenset[Decimal]:
    """Return the numbers of the months named or numbered in a text."""
    plain = ascii_digits(text)
    return frozenset(Decimal(i) for i, pattern in enumerate(_months(lang), start=1) if pattern.search(plain))


def months(pair: Pair) -> Iterator[Flag]:
    """A month or weekday of the source is missing; an error where another stands in its place."""
    if pair.source_lang != "en" or pair.lang not in _MONTH_MARK:
        return
    target = ascii_digits(pair.target)
    yield from _compare("month", pair.source, target, _months("en"), _months(pair.lang))
    week = patterns("weekdays", pair.lang)
    yield from _compare("weekday", pair.source, target, patterns("weekdays", "en"), week)


def _compare(
    what: str,
    source: str,
    target: str,
    english: Sequence[re.Pattern[str]],
    own: Sequence[re.Pattern[str]],
) -> Iterator[Flag]:
    if not _any(tuple(english)).search(source):
        return
    wanted = {i: match[0] for i, pattern in enumerate(english) if (match := pattern.search(source))}
    found = {i: match for i, pattern in enumerate(own) if (match := pattern.search(target))}
    added = [found[i] for i in found if i not in wanted]
    for i in (i for i in wanted if i not in found):
        if added and len(wanted) == len(found):
            message = f"the {what} {wanted[i]} of the source became “{added[0][0]}”"
            yield Flag("date", "error", message, added[0].span())
        else:
            yield Flag("date", "warning", f"the {what} {wanted[i]} of the source is missing")
