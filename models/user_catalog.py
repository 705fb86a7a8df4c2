"""A user's own `models.toml`: the form of the catalog, every fault named at once."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from corpora.errors import TerjimanError, UsageError, UsageErrorGroup
from models import catalog
from models.engines.prompts import NAMES as PROMPTS

Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]{0,99}$")]
Text = Annotated[str, StringConstraints(min_length=1, max_length=2000)]
Hub = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*$")]
Target = Literal["kk", "ug", "ru", "zh"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class LicenceRow(_Strict):
    """A licence as it is written."""

    title: Text
    terms: Text
    commercial: bool
    redistribution: bool
    url: str = ""
    gated: bool = False


class VariantRow(_Strict):
    """A published form as it is written."""

    format: Literal["safetensors", "gguf", "ctranslate2"]
    hub: Hub
    quantisation: Text
    others: list[Text] = []
    revision: Annotated[str, StringConstraints(pattern=r"^[\w./-]*$")] = ""


class DecodingRow(_Strict):
    """Recommended decoding as it is written."""

    beam: int = Field(default=4, ge=1, le=32)
    max_input: int = Field(default=256, ge=16, le=8192)


class EntryRow(_Strict):
    """An entry as it is written; the fields are those of `models.catalog.Entry`."""

    title: Text
    family: Literal["starter", "marian", "nllb", "m2m100", "small100", "t5", "hunyuan", "gemma", "causal"]
    parameters: float = Field(gt=0, lt=2000)
    licence: Text
    codes: dict[Target, str] = Field(min_length=1)
    ranks: dict[Target, int] = Field(min_length=1)
    ranked_by: Text = "its user"
    note: str = ""
    variants: list[VariantRow] = []
    source: str = ""
    template: str = ""
    decoding: DecodingRow = DecodingRow()
    scores: dict[Target, float] = {}
    warning: str = ""


class File(_Strict):
    """The whole file."""

    licences: dict[Name, LicenceRow] = {}
    models: dict[Name, EntryRow] = {}


def parse(text: str, path: Path) -> dict[str, catalog.Entry]:
    """Return the entries of a user's file.

    Args:
        path: names the file in messages.

    Raises:
        UsageError: it is no TOML.
        UsageErrorGroup: faults, all of them, each with its place.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"no TOML: {error}", place=str(path)) from None
    faults: list[TerjimanError] = [*_form_faults(data, path), *_sense_faults(data, path)]
    if faults:
        raise UsageErrorGroup(faults)
    for facts in data.get("models", {}).values():
        facts.setdefault("ranked_by", "its user")
        facts.setdefault("note", "")
    return catalog.entries_of(data, catalog.shipped_licences(), own=True)


def _form_faults(data: Mapping[str, Any], path: Path) -> list[UsageError]:
    try:
        File.model_validate(data)
    except ValidationError as error:
        return [_fault(path, fault["loc"], fault["msg"]) for fault in error.errors()]
    return []


def _sense_faults(data: Mapping[str, Any], path: Path) -> list[UsageError]:
    """Return what the form alone does not show; whatever has no sound form is passed over here."""
    licences = {**catalog.shipped_licences(), **_table(data.get("licences"))}
    faults = [
        _fault(path, ("licences", name), "a licence of this name ships with terjiman: choose another name")
        for name in _table(data.get("licences"))
        if name in catalog.shipped_licences()
    ]
    for name, facts in _table(data.get("models")).items():
        place = ("models", name)
        if name in catalog.shipped() or name in catalog.RESERVED:
            faults.append(_fault(path, place, "this name is taken by terjiman: choose another name"))
        row = _table(facts)
        if isinstance(row.get("licence"), str) and row["licence"] not in licences:
            known = ", ".join(licences)
            faults.append(_fault(path, (*place, "licence"), f"no such licence; known: {known}"))
        if row.get("family") == "starter":
            faults.append(_fault(path, (*place, "family"), "there is one starter only"))
        if row.get("template") and row["template"] not in PROMPTS:
            known = ", ".join(PROMPTS)
            faults.append(_fault(path, (*place, "template"), f"no such prompt; known: {known}"))
        codes, ranks = _table(row.get("codes")), _table(row.get("ranks"))
        faults += [
            _fault(path, (*place, "ranks", lang), "ranked, but `codes` does not have it")
            for lang in ranks
            if lang not in codes
        ]
    return faults


def _table(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _fault(path: Path, loc: tuple[int | str, ...], message: str) -> UsageError:
    return UsageError(message, place=f"{path}, {'.'.join(str(part) for part in loc)}")
