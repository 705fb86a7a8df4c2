"""Putting models into the store: pulled from the hub, a folder or an archive, added, converted.

Every way ends alike: files in a temporary folder, looked at (`inspection`), a `profile.json` written beside
them, hashed, renamed into place. Only `pull` without a path opens a network connection.
"""

from __future__ import annotations

import functools
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import get_args

from corpora.errors import MissingError, UsageError
from models import disk, machine, places, profile, store, taken, weights
from models.catalog import Decoding, Entry, Variant
from models.fetching import archive, folder, selection
from models.fetching.hub import Listing
from models.fetching.partial import Parts
from models.fetching.progress import Progress
from models.profile import Profile


@dataclass(frozen=True, slots=True)
class Settings:
    """What a user says of a model that is in no catalog.

    Attributes:
        codes: target language of ours -> the model's own code or name for it.
        template: name of the prompt.
        licence: of its weights.
        quantisation: which of several GGUF files.
    """

    codes: Mapping[str, str] = field(default_factory=dict)
    template: str = ""
    licence: str = "not stated"
    quantisation: str = ""


def variant_of(entry: Entry, *, form: str = "", quantisation: str = "") -> Variant:
    """Return the published form of a model to pull: the first, unless another is asked for.

    Raises:
        UsageError: it is not published so.
    """
    for variant in entry.variants:
        known = {name.lower() for name in (variant.quantisation, *variant.others)}
        # a GGUF repository may hold more than the catalog knows of: the listing decides
        fits = not quantisation or quantisation.lower() in known or (variant.format == form == "gguf")
        if fits and form in ("", variant.format):
            return variant
    offered = "; ".join(
        f"{one.format}: {', '.join((one.quantisation, *one.others))}" for one in entry.variants
    )
    raise UsageError(f"{entry.name} is not published in that form", fix=f"There is: {offered or 'none'}")


def stored_name(entry: Entry, variant: Variant, quantisation: str = "") -> str:
    """Return a pulled model's name in the store: checkpoints bear the catalog's, others say what they are."""
    if variant.format == "safetensors":
        return entry.name
    return f"{entry.name}-{(quantisation or variant.quantisation).lower()}"


def name_of(path: Path, entry: Entry, quantisation: str = "") -> str:
    """Return the name in the store of a model of the catalog that comes from a path.

    Raises:
        MissingError: nothing is there.
        UsageError: no model, or one that is refused.
    """
    if archive.is_archive(path):
        contents = archive.look(path, quantisation=quantisation)
        form, names = contents.form, list(contents.files)
    else:
        found = folder.find(path, quantisation=quantisation)
        form, names = found.form, list(found.files)
    if form == "safetensors":
        return entry.name
    if form == "ctranslate2":
        return f"{entry.name}-ctranslate2"
    known = [one.quantisation for one in entry.variants if one.format == "gguf"]
    known += [name for one in entry.variants for name in one.others]
    weights = " ".join(names).lower()
    fitting = quantisation or next((one for one in known if one.lower() in weights), "gguf")
    return f"{entry.name}-{fitting.lower()}"


def pull(entry: Entry, asked: Listing, name: str, *, progress: Progress) -> store.Manifest:
    """Fetch a model from the hub into the store, going on where an earlier attempt stopped.

    Raises:
        MissingError: the network fails, or a file is not what was announced.
        StorageError: the disk is full or read-only; what has arrived is kept.
        UsageError: the model is one that terjiman does not run, or a model of the user's has its name.
    """
    from models.fetching import hub

    parts = Parts(store.parts_folder(name))

    def make(target: Path) -> store.Facts:
        with places.named(parts.folder, asked.place), places.named(target, asked.place):
            return fetch(target)

    def current() -> bool:
        taken.refuse_stranger(name, entry)
        return _is_at(name, asked.commit)

    def fetch(target: Path) -> store.Facts:
        parts.open(asked.origin)
        lacking = parts.lacking(asked.files)
        disk.require_space(target, lacking)
        progress.start(name, asked.size)
        progress.advance(asked.size - lacking)
        looked = False
        for file in asked.files:
            if selection.is_weights(file.name) and not looked:
                _look_first(parts.folder, asked, entry)
                looked = True
            parts.receive(
                file, functools.partial(hub.pieces, asked, file.name, progress.say), progress.advance
            )
        parts.hand_over(asked.files, target)
        kind = _profiled(target, entry)
        source = f"hub:{asked.hub}@{asked.commit}"
        return store.Facts(kind, entry.licence.title, source, "", entry.name, asked.commit)

    return store.install(
        name,
        make,
        current=current,
        waiting=lambda: progress.say("another process is pulling this model: waiting for it"),
    )


def bring(
    path: Path,
    name: str,
    entry: Entry | None,
    *,
    progress: Progress,
    settings: Settings | None = None,
    replace: bool = False,
) -> store.Manifest:
    """Copy a model from a folder, a `.gguf` file or an archive into the store.

    Args:
        entry: what the catalog says of it, where it is in the catalog.
        settings: what the user says of a model that is in no catalog.
        replace: it may take the place of a model that is in no catalog.

    Raises:
        MissingError: nothing is there, or a file is missing or damaged.
        UsageError: no model, one that is refused, or the name is taken.
        StorageError: the disk is full or read-only.
    """
    settings = settings or Settings()
    if archive.is_archive(path):
        contents = archive.look(path, quantisation=settings.quantisation)
        form, size = contents.form, contents.size
        write: Callable[[Path], None] = lambda target: archive.unpack(contents, target, progress)  # noqa: E731
    else:
        found = folder.find(path, quantisation=settings.quantisation)
        form, size = found.form, found.size
        write = lambda target: folder.copy(found, target, progress)  # noqa: E731
    if settings.quantisation and form != "gguf":
        raise UsageError(
            "it chooses among GGUF files, and these are none",
            place="--quantisation",
            fix="Leave it out; a checkpoint is quantised by: terjiman models convert",
        )

    def place(file: str) -> str:
        if path.is_dir():
            return str(path / file)
        return f"{path}, {file}" if file not in ("", path.name) else str(path)

    def make(target: Path) -> store.Facts:
        progress.start(name, size)
        with places.named(target, place):
            write(target)
            kind = _profiled(target, entry, settings)
            weights.check(target)
        licence = entry.licence.title if entry else settings.licence
        return store.Facts(kind, licence, f"path:{path.name}", "", entry.name if entry else "")

    def current() -> bool:
        if entry:
            taken.refuse_stranger(name, entry)
        else:
            taken.refuse(name, replace=replace)
        return False

    return store.install(name, make, current=current, needed=size)


def convert(
    name: str, quantisation: str, target_name: str, *, progress: Progress, replace_any: bool = False
) -> store.Manifest:
    """Make a CTranslate2 model of a checkpoint in the store.

    Args:
        name: of the checkpoint in the store.
        quantisation: as CTranslate2 names it.
        target_name: of the model that is made.
        replace_any: it may take the place of a model that was not converted from this one.

    Raises:
        MissingError: the checkpoint is not there, or the extra that converts.
        UsageError: it is no checkpoint, of a family that CTranslate2 does not run, or the name is taken.
        StorageError: the disk is full or read-only.
    """
    from models import conversion

    source = store.folder(name)
    kind = store.glance(name).facts.kind
    if kind not in get_args(profile.Runtime):
        raise UsageError(f"{name!r} is no checkpoint of a translator: it runs as it is ({kind})")
    known = profile.read(source)
    if known.runtime != "transformers":
        raise UsageError(f"{name!r} is no checkpoint: it runs as it is, on {known.runtime}")
    conversion.refuse(known, quantisation)
    manifest = store.verify(name)

    def make(target: Path) -> store.Facts:
        progress.say(f"converting {name} to {quantisation}")
        made = conversion.convert(source, known, target, quantisation=quantisation)
        profile.write(made, target)
        return replace(manifest.facts, kind=made.runtime, made_from=manifest.digest)

    def current() -> bool:
        if not replace_any:
            taken.refuse_other(target_name, manifest.facts)
        return _is_made_from(target_name, manifest.digest)

    return store.install(
        target_name,
        make,
        current=current,
        waiting=lambda: progress.say("another process is converting this model: waiting for it"),
        needed=_size_as(quantisation, known, manifest),
    )


def _size_as(quantisation: str, known: Profile, manifest: store.Manifest) -> int:
    """Return about how many bytes a checkpoint takes in another quantisation."""
    before, after = (machine.BYTES.get(kind, 4.0) for kind in (known.quantisation, quantisation))
    weights = sum(file.size for name, file in manifest.files.items() if selection.is_weights(name))
    beside = 2 * (manifest.size - weights)  # the tokenizer, and a list of its tokens
    return int(weights * after / before * 1.05) + beside


def suited() -> str:
    """Return the quantisation that suits this machine: 8 bits on a CPU, bfloat16 or float16 on a GPU."""
    import ctranslate2

    if ctranslate2.get_cuda_device_count():
        able = ctranslate2.get_supported_compute_types("cuda")
        return next(kind for kind in ("bfloat16", "float16", "float32") if kind in able)
    able = ctranslate2.get_supported_compute_types("cpu")
    return next(kind for kind in ("int8", "float32") if kind in able)


def _look_first(folder: Path, asked: Listing, entry: Entry) -> None:
    """Have a model looked at before its weights come: small files, and empty ones in place of the weights.

    Raises:
        UsageError: it would be refused, so nothing more is fetched.
    """
    selection.check_config(folder)
    names = [file.name for file in asked.files]
    if any(name.lower().endswith(".gguf") for name in names):
        return  # what it is stands in the file itself
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        for name in names:
            if selection.is_weights(name):
                (Path(scratch) / name).touch()
            else:
                shutil.copyfile(folder / name, Path(scratch) / name)
        _profiled(Path(scratch), entry)


def _profiled(target: Path, entry: Entry | None, settings: Settings | None = None) -> str:
    """Look at a model's files, write its profile beside them, return what runs it."""
    from models import inspection

    settings = settings or Settings()
    codes = entry.codes if entry else settings.codes
    template = entry.template if entry else settings.template
    (target / profile.FILE).unlink(missing_ok=True)  # whoever wrote it, what counts is what is found here
    try:
        made = inspection.inspect(target, codes=codes, template=template)
    except UsageError as error:
        if entry and "token" in error.message:
            error.fix = error.fix or f"Are these the files of {entry.name}?"
        raise
    if entry:
        made = _advised(made, entry)
    profile.write(made, target)
    return made.runtime


def _advised(made: Profile, entry: Entry) -> Profile:
    """Return a profile with what the catalog recommends."""
    if entry.family != made.family:
        raise UsageError(
            f"these files are of another family ({made.family}) than {entry.name} ({entry.family})",
            fix="Give the right folder, or add it under a name of its own: terjiman models add",
        )
    advice = entry.decoding
    return replace(
        made,
        warning=entry.warning or made.warning,
        beam=made.beam if advice == Decoding() else advice.beam,
        max_input=made.max_input if advice == Decoding() else advice.max_input,
    )


def _is_at(name: str, commit: str) -> bool:
    try:
        return store.verify(name).facts.revision == commit
    except MissingError:
        return False


def _is_made_from(name: str, digest: str) -> bool:
    try:
        return store.verify(name).facts.made_from == digest
    except MissingError:
        return False


def memory_warning(manifest: store.Manifest) -> str:
    """Return what to say where a model's size on disk will not fit in memory; empty where it will."""
    needed = machine.memory_of(manifest.size)
    have = machine.here(store.models_folder()).memory
    if needed <= have:
        return ""
    return f"needs about {machine.gigabytes(needed)} of memory, this machine has {machine.gigabytes(have)}"
