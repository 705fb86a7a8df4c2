"""The word lists of `words.toml`, read once."""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from importlib import resources
from typing import Any


@lru_cache(maxsize=1)
def _lists() -> dict[str, Any]:
    text = resources.files("pipeline.quality.checks").joinpath("words.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@lru_cache(maxsize=8)
def chatter(kind: str) -> re.Pattern[str]:
    """Return the pattern of a kind of chatter: of the target (`note`) or of the source (`own_note`)."""
    listed: str | list[str] = _lists()["chatter"][kind]
    joined = listed if isinstance(listed, str) else "|".join(f"(?:{one})" for one in listed)
    return re.compile(rf"^\W*(?:{joined})" if kind == "preamble" else joined, re.IGNORECASE)


@lru_cache(maxsize=8)
def negation(lang: str) -> re.Pattern[str] | None:
    """Return the pattern of negation in a language, None where there is none."""
    pattern = _lists()["negation"].get(lang)
    return re.compile(pattern, re.IGNORECASE) if pattern else None


@lru_cache(maxsize=8)
def any_sign(table: str) -> re.Pattern[str]:
    """Return a pattern that finds any of the `signs` or `units` in English."""
    return re.compile("|".join(f"(?:{one['source']})" for one in _lists()[table].values()))


@lru_cache(maxsize=16)
def signs(lang: str, table: str = "signs") -> tuple[tuple[str, re.Pattern[str], re.Pattern[str]], ...]:
    """Return (name, pattern in English, pattern in the language) of the `signs` or `units`."""
    return tuple(
        (name, re.compile(one["source"]), re.compile(f"{one['sign']}|{one[lang]}", re.IGNORECASE))
        for name, one in _lists()[table].items()
        if lang in one
    )


@lru_cache(maxsize=16)
def language_words(lang: str) -> frozenset[str]:
    """Return words that give a language away; empty where none are listed."""
    return frozenset(_lists()["languages"].get(lang, "").split())


@lru_cache(maxsize=1)
def russian_words() -> frozenset[str]:
    """Return the words that give Russian away among Cyrillic text."""
    return frozenset(_lists()["russian"]["words"].split())
