"""The catalog of models: `catalog.toml`, read once, typed."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from corpora.languages import TARGETS

_PATH = Path(__file__).with_name("catalog.toml")


@dataclass(frozen=True, slots=True)
class Entry:
    """A model that exists.

    Attributes:
        name: what a job calls it.
        supported: this version of terjiman can install and run it.
        title: its name in the world.
        hub: where its weights are published; empty for the starter.
        kind: its architecture and the way it is asked.
        licence: of its weights.
        commercial: whether the licence permits commercial use.
        codes: target language -> the model's own code or name for it.
        megabytes: on disk as this project runs it; 0 where not known.
        ranks: target language -> place among the models of the catalog, 1 is best.
        note: what one should know before choosing it.
    """

    name: str
    supported: bool
    title: str
    hub: str
    kind: str
    licence: str
    commercial: bool
    codes: Mapping[str, str]
    megabytes: int
    ranks: Mapping[str, int]
    note: str


@functools.cache
def entries() -> Mapping[str, Entry]:
    """Return the catalog by name, in the order of the file.

    Raises:
        ValueError: the file that ships is not well-formed (a fault of this project).
    """
    data = tomllib.loads(_PATH.read_text(encoding="utf-8"))
    return MappingProxyType({name: Entry(name=name, **facts) for name, facts in data.items()})


def ranked(lang: str) -> list[Entry]:
    """Return the supported models that write a language, best first."""
    if lang not in TARGETS:
        return []
    able = [entry for entry in entries().values() if entry.supported and lang in entry.ranks]
    return sorted(able, key=lambda entry: entry.ranks[lang])
