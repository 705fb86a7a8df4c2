"""Models by name: which to take, what they say of themselves, loading them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Literal

from corpora.errors import MissingError, UsageError
from corpora.languages import language
from corpora.protocols import Engine, EngineInfo
from models import catalog, store

State = Literal["installed", "outdated", "damaged", "absent"]

STARTER = "starter"
RECORDED = "recorded:"


def resolve(name: str, lang: str) -> str:
    """Return the model that a job's `model` names for a target language: `auto` is the best one installed.

    Where none is installed, the answer is the starter, which can be made from what is on the machine.

    Raises:
        UsageError: unknown language.
    """
    language(lang)
    if name != "auto":
        return name
    usable = (entry.name for entry in catalog.ranked(lang) if state(entry.name) == "installed")
    return next(usable, STARTER)


def describe(name: str, *, root: Path | None = None) -> EngineInfo:
    """Return what a model says of itself, without loading weights; builds nothing.

    Args:
        root: folder of the store instead of the user's.

    Raises:
        MissingError: not installed, damaged at a glance, or made by another version.
        UsageError: no such model.
    """
    if name.startswith(RECORDED):
        from models.engines.recorded import RecordedEngine

        return RecordedEngine(name.removeprefix(RECORDED)).info
    _known(name)
    from models.starter import engine

    return engine.info(_usable(store.glance(name, root)))


def state(name: str) -> State:
    """Return how a model of the catalog stands in the store, at a glance (sizes, not contents)."""
    try:
        store.read_manifest(name)
    except MissingError:
        return "damaged" if name in store.installed() else "absent"
    try:
        manifest = store.glance(name)
    except MissingError:
        return "damaged"
    return "installed" if _is_ours(manifest) else "outdated"


def load_engine(name: str, *, threads: int | None = None) -> Engine:
    """Load a model; every byte of its files is verified first.

    Args:
        name: `starter`, or `recorded:FILE`.
        threads: for the arithmetic; the number of usable cores by default. Does not change results.

    Raises:
        MissingError: not installed, damaged, or made by another version.
        UsageError: no such model.
    """
    if name.startswith(RECORDED):
        from models.engines.recorded import RecordedEngine

        return RecordedEngine(name.removeprefix(RECORDED))
    _known(name)
    from models.engines.ctranslate2_engine import default_threads
    from models.starter import engine

    manifest = _usable(store.verify(name))
    return engine.load(store.folder(name), manifest, threads=threads or default_threads())


def ensure(name: str, *, progress: Callable[[str], None]) -> None:
    """See to it that a model is there and undamaged (every byte is read); make the starter where it is not.

    Raises:
        MissingError: another model is absent or damaged; or the starter's parts are missing.
        UsageError: no such model.
        StorageError: the store may not be written, or is full.
    """
    if name.startswith(RECORDED):
        describe(name)
        return
    _known(name)
    from models.starter import build

    build.build(progress=progress)


def _known(name: str) -> None:
    entry = catalog.entries().get(name)
    if entry is not None and entry.supported:
        return
    if entry is not None:
        raise UsageError(f"the model {name!r} is not yet in this version of terjiman", fix=_offer())
    raise UsageError(f"unknown model {name!r}", fix=_offer())


def _offer() -> str:
    names = [entry.name for entry in catalog.entries().values() if entry.supported]
    return f"Use one of: auto, {', '.join(names)}, recorded:FILE"


def _is_ours(manifest: store.Manifest) -> bool:
    from models.starter.recipe_id import RECIPE

    return manifest.facts.recipe == RECIPE


def _usable(manifest: store.Manifest) -> store.Manifest:
    if not _is_ours(manifest):
        raise MissingError(
            f"the model {manifest.name!r} was made by another version of terjiman",
            fix=f"Run: terjiman models pull {manifest.name}",
        )
    return manifest
