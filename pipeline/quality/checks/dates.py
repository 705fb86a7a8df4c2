"""Months and weekdays of the source must be those of the translation."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from corpora.languages import TARGETS
from corpora.numbers.dates import month_patterns
from corpora.numbers.figures import ascii_digits
from corpora.numbers.wordlists import patterns
from corpora.records import Flag
from pipeline.quality.checks.pair import Pair


@lru_cache(maxsize=4)
def _any(patterns: tuple[re.Pattern[str], ...]) -> re.Pattern[str]:
    """Return a pattern that finds any of several, so that most texts take one search."""
    return re.compile("|".join(f"(?:{one.pattern})" for one in patterns), patterns[0].flags)


def months(pair: Pair) -> Iterator[Flag]:
    """A month or weekday of the source is missing; an error where another stands in its place."""
    if pair.source_lang != "en" or pair.lang not in TARGETS:
        return
    target = ascii_digits(pair.target)
    yield from _compare("month", pair.source, target, month_patterns("en"), month_patterns(pair.lang))
    week = patterns("weekdays", pair.lang)
    yield from _compare("weekday", pair.source, target, patterns("weekdays", "en"), week)


def _name(found: str) -> str:
    """Return the name itself of what was found with the words that make it a month: since May."""
    return [word for word in found.replace("-", " ").split() if word[:1].isupper()][-1]


def _compare(
    what: str,
    source: str,
    target: str,
    english: Sequence[re.Pattern[str]],
    own: Sequence[re.Pattern[str]],
) -> Iterator[Flag]:
    if not _any(tuple(english)).search(source):
        return
    wanted = {i: _name(match[0]) for i, pattern in enumerate(english) if (match := pattern.search(source))}
    found = {i: match for i, pattern in enumerate(own) if (match := pattern.search(target))}
    added = [found[i] for i in found if i not in wanted]
    for i in (i for i in wanted if i not in found and wanted[i] not in target):
        if added and len(wanted) == len(found):
            message = f"the {what} {wanted[i]} of the source became “{added[0][0]}”"
            yield Flag("date", "error", message, added[0].span())
        else:
            yield Flag("date", "warning", f"the {what} {wanted[i]} of the source is missing")
