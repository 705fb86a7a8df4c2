"""Percentages and currencies: the sign or a word for it must survive."""

from __future__ import annotations

from collections.abc import Iterator

from corpora.records import Flag
from pipeline.quality.checks import wordlists
from pipeline.quality.checks.pair import Pair


def signs(pair: Pair) -> Iterator[Flag]:
    """The source counts in per cent or in a currency, the translation in nothing recognisable as such."""
    if pair.source_lang != "en":
        return
    for name, source, target in wordlists.signs(pair.lang):
        if source.search(pair.source) and not target.search(pair.target):
            yield Flag("sign", "warning", f"the source has {name}, the translation does not")
