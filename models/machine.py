"""What a model needs, and what this machine has.

Needs are computed, not measured: weights are parameters times the bytes a parameter takes; in memory they
take the same, and a tenth more and 300 MB for the program, the search and its cache.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from models.catalog import Entry, Variant

# bytes a parameter takes; llama.cpp's mixtures as its own tables state them (bits a weight / 8)
BYTES = {
    "float32": 4.0,
    "float16": 2.0,
    "bfloat16": 2.0,
    "int16": 2.0,
    "int8": 1.03,
    "int8_float32": 1.03,
    "int8_float16": 1.03,
    "int8_bfloat16": 1.03,
    "Q8_0": 1.0625,
    "Q6_K": 0.82,
    "Q5_K_M": 0.711,
    "Q4_K_M": 0.613,
}
_FIXED = 300_000_000
_EXTRAS = {
    "safetensors": ("checkpoints", ("torch", "transformers")),
    "gguf": ("llama", ("xllamacpp",)),
    "ctranslate2": ("", ()),
}
_CGROUP = Path("/sys/fs/cgroup/memory.max")


@dataclass(frozen=True, slots=True)
class Need:
    """What one form of a model takes, in bytes, computed."""

    quantisation: str
    disk: int
    memory: int


@dataclass(frozen=True, slots=True)
class Machine:
    """What this machine has, in bytes: memory in all, free disk where models are kept."""

    memory: int
    disk: int


def here(folder: Path) -> Machine:
    """Return this machine's memory, or the limit put on this process, and the free disk of a folder."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    with contextlib.suppress(OSError, ValueError):  # no limit: the file says `max`, or there is none
        memory = min(memory, int(_CGROUP.read_text()))
    place = folder
    while not place.exists() and place != place.parent:
        place = place.parent
    return Machine(memory, shutil.disk_usage(place).free)


def need(entry: Entry, quantisation: str) -> Need:
    """Return what a model takes in a quantisation; one that is not known counts like float32."""
    disk = int(entry.parameters * 1e9 * BYTES.get(quantisation, 4.0))
    return Need(quantisation, disk, memory_of(disk))


def memory_of(disk: int) -> int:
    """Return the memory that weights of a size on disk take when they run."""
    return int(disk * 1.1) + _FIXED


def needs(entry: Entry) -> list[Need]:
    """Return what a model takes in each form in which it is published or can be made here."""
    kinds: dict[str, None] = {}
    for variant in entry.variants:
        kinds.update(dict.fromkeys((variant.quantisation, *variant.others)))
    if convertible(entry):
        kinds.update(dict.fromkeys(("int8", "bfloat16")))
    return [need(entry, kind) for kind in kinds]


def convertible(entry: Entry) -> bool:
    """Return whether `convert` makes a CTranslate2 model of it."""
    return entry.family in {"marian", "nllb", "m2m100", "small100", "t5"}


def missing_extra(form: str) -> str:
    """Return the extra of terjiman that must be installed to run a form; empty where it is there."""
    extra, modules = _EXTRAS[form]
    return "" if all(importlib.util.find_spec(module) for module in modules) else extra


def misfit(entry: Entry, variant: Variant, machine: Machine) -> str:
    """Return why a model, pulled in a form and run in the smallest way, does not fit; empty where it does."""
    pulled = need(entry, variant.quantisation)
    if pulled.disk > machine.disk:
        return f"needs {gigabytes(pulled.disk)} of disk, {gigabytes(machine.disk)} are free"
    converts = variant.format == "safetensors" and convertible(entry)
    runs = need(entry, "int8") if converts else pulled
    if runs.memory > machine.memory:
        return f"needs {gigabytes(runs.memory)} of memory, this machine has {gigabytes(machine.memory)}"
    return ""


def gigabytes(size: int) -> str:
    """Return a size in bytes for people."""
    return f"{size / 1e6:.0f} MB" if size < 1e9 else f"{size / 1e9:.1f} GB"
