"""What names of countries, peoples and places are called, where they do not sound as in English.

The tables are `exonyms.toml`, made by hand, and `english_words.txt`, derived from SCOWL (see its head).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

_LANGS = ("kk", "ug", "ru", "zh")
_WORD = re.compile(r"(?<![\w-])[A-ZÜ]\w*")
_NO_MORE = re.compile(r"(?![\w-]|\.\w)")


@dataclass(frozen=True, slots=True)
class KnownName:
    """A name of the tables.

    Attributes:
        english: how English writes it, capitals as they are.
        pattern: what finds it in text of the other language that has no capitals.
    """

    english: str
    pattern: re.Pattern[str]


def known_names(source: str, lang: str) -> Iterator[tuple[int, int, KnownName]]:
    """Yield (start, end, name) for each name in English text that the tables have in a language, in order."""
    index = _index(lang)
    end = 0
    for match in _WORD.finditer(source):
        start = match.start()
        if start < end:
            continue
        for name in index.get(match[0], ()):
            stop = start + len(name.english)
            if source.startswith(name.english, start) and _NO_MORE.match(source, stop):
                end = stop
                yield start, stop, name
                break


@lru_cache(maxsize=8)
def _index(lang: str) -> dict[str, tuple[KnownName, ...]]:
    """Return the names by their first word, the longest of each first."""
    tables = tomllib.loads(_text("exonyms.toml"))
    column = _LANGS.index(lang) + 1 if lang in _LANGS else 0
    rows: list[tuple[str, str]] = [(row[0], row[column]) for row in tables["names"]] if column else []
    rows += [(english, pattern) for english, pattern in tables["chinese"]] if lang == "zh" else []
    found: dict[str, list[KnownName]] = {}
    for spellings, pattern in rows:
        compiled = re.compile(pattern)
        for spelling in spellings.split():
            english = spelling.replace("_", " ")
            first = _WORD.match(english)
            if first is None:
                raise ValueError(f"exonyms.toml: {english!r} does not begin with a capital")
            found.setdefault(first[0], []).append(KnownName(english, compiled))
    return {first: tuple(sorted(names, key=lambda one: -len(one.english))) for first, names in found.items()}


@lru_cache(maxsize=1)
def english_words() -> frozenset[str]:
    """Return English words that are written small, without the commonest."""
    lines = _text("english_words.txt").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


def _text(name: str) -> str:
    return resources.files("pipeline.quality.checks").joinpath(name).read_text(encoding="utf-8")
