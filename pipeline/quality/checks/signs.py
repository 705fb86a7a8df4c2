"""Percentages, currencies and units: the sign or a word for it must survive."""

from __future__ import annotations

from collections.abc import Iterator

from corpora.records import Flag
from pipeline.quality.checks import wordlists
from pipeline.quality.checks.pair import Pair


def signs(pair: Pair) -> Iterator[Flag]:
    """The source counts in per cent or in a currency, the translation in nothing recognisable as such."""
    for name in _lost(pair, "signs"):
        yield Flag("sign", "warning", f"the source has {name}, the translation does not")


def units(pair: Pair) -> Iterator[Flag]:
    """A number of the source has a unit, and the translation neither names it nor what it converts to."""
    for name in _lost(pair, "units"):
        yield Flag("unit", "warning", f"the source counts in {name}, the translation does not")


def _lost(pair: Pair, table: str) -> Iterator[str]:
    if pair.source_lang != "en" or not wordlists.any_sign(table).search(pair.source):
        return
    for name, source, target in wordlists.signs(pair.lang, table):
        if source.search(pair.source) and not target.search(pair.target):
            yield name
