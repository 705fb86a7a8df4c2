"""Negation that may be lost. Only a reader of the language can be sure, so this is information."""

from __future__ import annotations

from collections.abc import Iterator

from corpora.records import Flag
from pipeline.quality.checks import wordlists
from pipeline.quality.checks.pair import Pair


def negation(pair: Pair) -> Iterator[Flag]:
    """The source negates, and nothing in the translation looks like a negation."""
    own, theirs = wordlists.negation(pair.source_lang), wordlists.negation(pair.lang)
    if own is None or theirs is None or pair.source_lang != "en":
        return
    found = own.search(pair.source)
    if found and not theirs.search(pair.target):
        yield Flag("negation", "info", f"the source says “{found[0]}”; no negation seen in the translation")
