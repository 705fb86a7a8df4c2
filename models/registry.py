"""Models by name: which to take, what they say of themselves, loading them.

A name is `auto`, a name of the catalog (then the best form of it that is installed), a model in the store,
the path of a folder or `.gguf` file, `recorded:FILE`, or `endpoint:URL[#MODEL]`.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from corpora.errors import MissingError, UsageError
from corpora.languages import language
from corpora.protocols import Engine, EngineInfo
from models import catalog, local, machine, profile, store, tuning

State = Literal["installed", "outdated", "damaged", "absent"]

STARTER = "starter"
RECORDED = "recorded:"
ENDPOINT, REMOTE_ENDPOINT = "endpoint:", "remote-endpoint:"  # the second is made by `resolve` alone
# what runs a model -> the form whose extra it needs; the first is taken where a model is there in several
_RUNTIMES = {"ctranslate2": "ctranslate2", "llama.cpp": "gguf", "transformers": "safetensors"}


@dataclass(frozen=True, slots=True)
class Verified:
    """A model whose files were verified.

    Attributes:
        digest: of its files.
        batch: most hypotheses that its engine decodes together by default; 0 where there is no choice.
        invariant: its answers depend on the text alone, so threads and batch may be chosen.
        open: loads it with so many threads, and batches of so many (0: the default).
    """

    digest: str
    batch: int
    invariant: bool
    open: Callable[[int, int], Engine]


def resolve(name: str, lang: str, *, let_text_leave: bool = False) -> str:
    """Return the model that a job's `model` names for a target language, as the store names it.

    `auto` is the best one installed that this machine can run; a name of the catalog is the best form of it
    that is installed. Where none is, the answer is the starter, or the name as it is.

    Args:
        let_text_leave: a server that is asked may lie beyond this machine; whoever says so knows the risk.

    Raises:
        MissingError: the model that `auto` would take is damaged: a worse one would go unnoticed.
        UsageError: unknown language, or a server beyond this machine without leave.
    """
    language(lang)
    if name == "auto":
        for entry in catalog.ranked(lang):
            found = _best(entry.name, runnable=True)
            if found:
                return found
            if entry.name != STARTER:
                _refuse_damaged(entry.name)
        return STARTER
    if is_endpoint(name):
        from models.engines import endpoint

        return endpoint.permitted(name, let_text_leave=let_text_leave)
    if is_special(name):
        return name
    return _best(name) or name


def is_special(name: str) -> bool:
    """Return whether a name says where a model's answers are found, rather than being in the store."""
    return name.startswith(RECORDED) or is_endpoint(name) or local.is_path(name)


def is_endpoint(name: str) -> bool:
    """Return whether a name is that of a model on a server."""
    return name.startswith((ENDPOINT, REMOTE_ENDPOINT))


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
    if is_endpoint(name):
        from models.engines import endpoint

        return endpoint.describe(name)
    if local.is_path(name):
        view = local.view(name, root=root)
        from models.engines import loading

        return loading.info(view.name, view.digest, view.folder)
    stored = _known(name, root)
    manifest = store.glance(stored, root)
    if stored == STARTER:
        from models.starter import engine

        return engine.info(_usable(manifest))
    from models.engines import loading

    return loading.info(stored, manifest.digest, store.folder(stored, root))


def state(name: str) -> State:
    """Return how a model stands in the store, at a glance (sizes, not contents)."""
    try:
        store.read_manifest(name)
    except MissingError:
        return "damaged" if name in store.installed() else "absent"
    try:
        manifest = store.glance(name)
    except MissingError:
        return "damaged"
    return "outdated" if name == STARTER and not _is_ours(manifest) else "installed"


def forms(name: str) -> list[str]:
    """Return the names in the store of all forms of a model of the catalog, best first, sound or not."""
    found: list[tuple[tuple[int, str], str]] = []
    for stored in store.installed():
        try:
            entry = store.read_manifest(stored).facts.entry
        except MissingError:
            entry = ""
        if name in (stored, entry):
            found.append((_order(stored), stored))
    return [stored for _, stored in sorted(found)]


def load_engine(name: str, *, threads: int | None = None) -> Engine:
    """Load a model; every byte of its files is verified first.

    Args:
        name: as `resolve` returns it.
        threads: by default what was measured on this machine, else the cores it may use. How many hypotheses
            are decoded together is as measured, too. Neither changes results.

    Raises:
        MissingError: not installed, damaged, made by another version, or an extra is missing.
        UsageError: no such model.
    """
    if name.startswith(RECORDED):
        from models.engines.recorded import RecordedEngine

        return RecordedEngine(name.removeprefix(RECORDED))
    if is_endpoint(name):
        from models.engines import endpoint

        return endpoint.load(name)
    ready = verified(name)
    known = tuning.recall(ready.digest) or tuning.Tuning(tuning.cores())
    return ready.open(threads or known.threads, known.batch)


def verified(name: str) -> Verified:
    """Verify every byte of a model's files; return what loads it.

    Raises:
        MissingError: not installed, damaged, made by another version, or an extra is missing.
        UsageError: no such model, or one that has no files.
    """
    if name.startswith(RECORDED) or is_endpoint(name):
        raise UsageError(f"{name!r} is no model with files on this machine", fix="See: terjiman models list")
    if local.is_path(name):
        view = local.view(name)
        return _ready(view.name, view.digest, view.folder)
    stored = _known(name)
    manifest = store.verify(stored)
    if stored != STARTER:
        return _ready(stored, manifest.digest, store.folder(stored))
    from models.engines.ctranslate2_engine import BATCH
    from models.starter import engine

    _usable(manifest)

    def open_(threads: int, batch: int) -> Engine:
        return engine.load(store.folder(stored), manifest, threads=threads, batch=batch)

    return Verified(manifest.digest, BATCH, True, open_)


def _ready(name: str, digest: str, folder: Path) -> Verified:
    from models.engines import loading

    stay_offline()
    invariant = loading.info(name, digest, folder).batch_invariant

    def open_(threads: int, batch: int) -> Engine:
        return loading.load(name, digest, folder, threads=threads, batch=batch if invariant else 0)

    return Verified(digest, loading.batch_of(folder), invariant, open_)


def ensure(name: str, *, progress: Callable[[str], None]) -> None:
    """See to it that a model is there; make the starter where it is not, or where it is damaged.

    Raises:
        MissingError: another model is absent or damaged at a glance; or the starter's parts are missing.
        UsageError: no such model.
        StorageError: the store may not be written, or is full.
    """
    if is_special(name) or _known(name) != STARTER:
        describe(name)
        return
    from models.starter import build

    build.build(progress=progress)


def stay_offline() -> None:
    """Tell the libraries that load checkpoints to open no connection; they read it when first imported."""
    for variable in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "HF_HUB_DISABLE_TELEMETRY"):
        os.environ[variable] = "1"


def _known(name: str, root: Path | None = None) -> str:
    """Return the name in the store of what a name means.

    Raises:
        MissingError: it is in the catalog, and not installed.
        UsageError: it is nowhere.
    """
    if name == STARTER or name in store.installed(root):
        return name
    found = _best(name) if root is None else ""
    if found:
        return found
    if name in catalog.entries():
        raise MissingError(f"the model {name!r} is not installed", fix=f"Run: terjiman models pull {name}")
    raise UsageError(f"unknown model {name!r}", fix=_offer())


def _offer() -> str:
    others = [name for name in store.installed() if name not in catalog.entries()]
    names = ", ".join([*catalog.entries(), *others])
    return f"Use one of: auto, {names}, recorded:FILE, endpoint:URL, or a folder by its path (./NAME)"


def _best(name: str, *, runnable: bool = False) -> str:
    """Return the best sound form of a model in the store; empty where there is none."""
    return next(
        (one for one in forms(name) if state(one) == "installed" and (not runnable or _runs(one))), ""
    )


def _refuse_damaged(name: str) -> None:
    """Raise `MissingError` where a form of a model is damaged."""
    for stored in forms(name):
        if state(stored) == "damaged":
            store.glance(stored)


def _order(stored: str) -> tuple[int, str]:
    """Return what sorts the forms of a model: by what runs them, as far as that is there; then by name."""
    runtime = _runtime(stored)
    if runtime not in _RUNTIMES:
        return len(_RUNTIMES), stored
    able = not machine.missing_extra(_RUNTIMES[runtime])
    return list(_RUNTIMES).index(runtime) if able else len(_RUNTIMES), stored


def _runtime(stored: str) -> str:
    if stored == STARTER:
        return "ctranslate2"
    try:
        return profile.read(store.folder(stored)).runtime
    except MissingError:
        return ""


def _runs(stored: str) -> bool:
    """Return whether this machine can run an installed model: the extra is there, and the memory."""
    runtime = _runtime(stored)
    if runtime not in _RUNTIMES or machine.missing_extra(_RUNTIMES[runtime]):
        return False
    size = store.read_manifest(stored).size
    return machine.memory_of(size) <= machine.here(store.models_folder()).memory


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
