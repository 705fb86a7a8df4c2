"""Where a place stands before the noun it describes: *Beijing police*, *the Almaty city court*."""

from __future__ import annotations

import re

from glossary.matching import Match


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# nouns that take the name of a city before them and are no verbs (*Beijing protests* may be a sentence)
_HEADS = _words(
    """police policeman policemen officer officers official officials authorities government administration
    mayor court prosecutor prosecutors lawyer lawyers resident residents citizen citizens university college
    hospital clinic airport metro subway suburb suburbs street streets district region office bureau
    conference summit declaration agreement treaty memorandum olympics marathon exhibition museum theatre
    theater library newspaper newspapers correspondent reporter journalist journalists dialect prison jail
    massacre bombing bombings hotel restaurant regime elite intellectual intellectuals"""
)
_BETWEEN = frozenset(("city", "municipal", "district", "state", "public", "international", "regional"))
_FOLLOWING = re.compile(r"[ \u00a0]([a-z]+)(?:[ \u00a0]([a-z]+))?", re.IGNORECASE)
_PLACES_IN = re.compile(r"\b(?:in|at|near|inside|outside|around|across)\s+$", re.IGNORECASE)


def is_attributive(match: Match, source: str) -> bool:
    """Tell whether a noun that the place describes follows it; *in Beijing police said* is none."""
    start, end = match.span
    if match.term.type != "place" or end == start or _PLACES_IN.search(source[:start]):
        return False
    following = _FOLLOWING.match(source, end)
    if following is None:
        return False
    first, second = (word.lower() if word else "" for word in following.groups())
    return first in _HEADS or (first in _BETWEEN and second in _HEADS)
