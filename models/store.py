"""The model store: models on this machine's disk, each verified by the sha256 of every file.

Layout: `HOME/models/NAME/` holds a model's files and `manifest.json`. `HOME` is the environment variable
`TERJIMAN_HOME`, or the user's data folder. Nothing here opens a network connection.

A model is put in place in one step: it is made in a temporary folder beside its place, flushed to disk, then
renamed. A process killed on the way leaves a temporary folder that the next build of that model removes.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import platformdirs

from corpora.errors import MissingError, UsageError
from models.disk import flush, locked, require_space, storage_errors

MANIFEST = "manifest.json"
SCHEMA = 1
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,99}")


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file of a model: its size in bytes and the sha256 of its content."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What the maker of a model says of it.

    Attributes:
        kind: how it runs, for the registry (`ctranslate2-generator`, or the runtime of its profile).
        licence: under which its weights may be used.
        source: where its weights come from.
        recipe: identifies everything that went into it; another value means it must be made again.
        entry: the catalog's name for it; empty where it is in no catalog.
        revision: the commit that was pulled; empty where there is none.
        made_from: digest of the model it was converted from; empty where it was not.
    """

    kind: str
    licence: str
    source: str
    recipe: str
    entry: str = ""
    revision: str = ""
    made_from: str = ""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the store knows of an installed model. `digest` depends on the files' names and contents alone."""

    name: str
    facts: Facts
    files: dict[str, StoredFile]
    digest: str
    created: str

    @property
    def size(self) -> int:
        """Return the bytes on disk of all its files."""
        return sum(file.size for file in self.files.values())


def home() -> Path:
    """Return the folder of everything terjiman keeps for its user."""
    chosen = os.environ.get("TERJIMAN_HOME")
    return Path(chosen) if chosen else platformdirs.user_data_path("terjiman")


def models_folder(root: Path | None = None) -> Path:
    """Return the folder that holds the models (it may not exist yet). `root` stands for `home()`."""
    return (home() if root is None else root) / "models"


def folder(name: str, root: Path | None = None) -> Path:
    """Return the folder of a model, installed or not; raise `UsageError` for an impossible name."""
    if not _NAME.fullmatch(name):
        raise UsageError(f"{name!r} is no model name", fix="Names hold a-z, 0-9, dot, dash and underscore")
    return models_folder(root) / name


def installed(root: Path | None = None) -> list[str]:
    """Return the names of the models that have a folder in the store, sorted."""
    try:
        names = sorted(path.parent.name for path in models_folder(root).glob(f"*/{MANIFEST}"))
    except OSError:
        return []
    return [name for name in names if _NAME.fullmatch(name)]  # not what is being made


def read_manifest(name: str, root: Path | None = None) -> Manifest:
    """Return the manifest of an installed model.

    Raises:
        MissingError: not installed, or the manifest cannot be read.
    """
    path = folder(name, root) / MANIFEST
    fix = f"Pull, add or convert it again, or: terjiman models remove {name}"
    try:
        data = json.loads(path.read_bytes())
    except FileNotFoundError:
        fix = f"Run: terjiman models pull {name}"
        raise MissingError(f"the model {name!r} is not installed", fix=fix) from None
    except (OSError, ValueError, RecursionError) as error:
        raise MissingError(f"damaged manifest ({error})", place=str(path), fix=fix) from None
    try:
        return _manifest(name, data)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise MissingError("damaged manifest", place=str(path), fix=fix) from None


def _manifest(name: str, data: dict[str, Any]) -> Manifest:
    files = {key: StoredFile(**value) for key, value in data["files"].items()}
    manifest = Manifest(name, Facts(**data["facts"]), files, data["digest"], data["created"])
    if data["schema"] != SCHEMA or data["name"] != name or digest_of(files) != manifest.digest or not files:
        raise ValueError
    return manifest


def digest_of(files: dict[str, StoredFile]) -> str:
    """Return the sha256 that stands for a set of files: their names and contents, in name order."""
    total = hashlib.sha256()
    for name in sorted(files):
        total.update(f"{name}\0{files[name].sha256}\n".encode())
    return total.hexdigest()


def sha256_file(path: Path) -> str:
    """Return the sha256 of a file's content, read in blocks."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def glance(name: str, root: Path | None = None) -> Manifest:
    """Return the manifest after a cheap check: every file exists and has its size. Contents are not read.

    Raises:
        MissingError: not installed, or a file is missing or has another size.
    """
    return _checked(name, root, contents=False)


def verify(name: str, root: Path | None = None) -> Manifest:
    """Return the manifest after reading and hashing every file (about 0.15 s for the starter's 170 MB).

    Raises:
        MissingError: not installed, or damaged; the message names the file.
    """
    return _checked(name, root, contents=True)


def _checked(name: str, root: Path | None, *, contents: bool) -> Manifest:
    manifest = read_manifest(name, root)
    for file, known in manifest.files.items():
        path = folder(name, root) / file
        fault = _fault(path, known, contents=contents)
        if fault:
            fix = remedy(name, manifest.facts)
            raise MissingError(f"the model {name!r} is damaged: {fault}", place=str(path), fix=fix)
    return manifest


def remedy(name: str, facts: Facts) -> str:
    """Return how a damaged model is put in place again: the way it came."""
    if facts.made_from:
        return f"Convert it again: terjiman models convert CHECKPOINT --name {name} --replace"
    if facts.entry or facts.recipe:  # in the catalog, or the starter
        return f"Run: terjiman models pull {facts.entry or name}"
    return f"Add it again: terjiman models add DIR --name {name} --replace"


def _fault(path: Path, known: StoredFile, *, contents: bool) -> str:
    try:
        size = path.stat().st_size
        if size != known.size:
            return f"{size} bytes instead of {known.size}"
        if contents and sha256_file(path) != known.sha256:
            return "its content has changed"
    except OSError as error:
        return error.strerror or "cannot be read"
    return ""


def install(
    name: str,
    make: Callable[[Path], Facts],
    *,
    root: Path | None = None,
    current: Callable[[], bool] = lambda: False,
    waiting: Callable[[], None] = lambda: None,
    needed: int = 0,
) -> Manifest:
    """Make a model and put it in its place in one step, replacing what stands there.

    Args:
        make: writes the model's files into the folder it is given and returns their facts.
        current: asked once the lock is held: True where another process has just made it, so nothing is done;
            it may raise where the place is taken.
        waiting: called once if another process is making the same model, before waiting for it.
        needed: bytes of free space the making takes.

    Raises:
        StorageError: the disk is full or read-only, or the store may not be written.
    """
    place = folder(name, root)
    with storage_errors(place), locked(place, waiting):
        if current():
            return read_manifest(name, root)
        _sweep(place)
        if needed:
            require_space(place.parent, needed)
        temporary = Path(tempfile.mkdtemp(prefix=f".{name}.new-", dir=place.parent))
        try:
            facts = make(temporary)
            manifest = _seal(name, temporary, facts)
            _swap(temporary, place)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)
        return manifest


def remove(name: str, root: Path | None = None) -> int:
    """Remove a model and what has arrived of it; return the bytes that are free again.

    Raises:
        MissingError: there is nothing of that name.
        StorageError: it may not be removed.
    """
    place = folder(name, root)
    if not place.exists() and not leftovers(name, root):
        raise MissingError(f"the model {name!r} is not installed", fix="See: terjiman models list")
    with storage_errors(place), locked(place, lambda: None):
        left = leftovers(name, root)
        freed = sum(_bytes_below(one) for one in (place, *left))
        for one in left:
            shutil.rmtree(one)
        if place.exists():
            # first out of sight in one step: a half removed model must not look like one. No folder is made:
            # on a full disk there would be no room for it
            old = place.with_name(f".{place.name}.old-{os.getpid()}")
            place.rename(old)
            if old.is_symlink():
                old.unlink()
            else:
                shutil.rmtree(old)
    return freed


def leftovers(name: str, root: Path | None = None) -> list[Path]:
    """Return the folders of what has arrived of a model that is being pulled, and of killed builds of it."""
    parts = parts_folder(name, root)
    return [*_killed(folder(name, root)), *([parts] if parts.is_dir() else [])]


def parts_folder(name: str, root: Path | None = None) -> Path:
    """Return the folder of what has arrived of a model that is being pulled."""
    place = folder(name, root)
    return place.with_name(f".{place.name}.part")


def _bytes_below(place: Path) -> int:
    return sum(path.stat().st_size for path in place.rglob("*") if path.is_file() and not path.is_symlink())


def _sweep(place: Path) -> None:
    """Remove what killed builds of this model left; the lock is held, so none is being written."""
    for left in _killed(place):
        shutil.rmtree(left, ignore_errors=True)


def _killed(place: Path) -> list[Path]:
    """Return the folders of builds and removals of a model that were killed, or are at work."""
    found = (place.parent.glob(f".{place.name}.{kind}-*") for kind in ("new", "old"))
    return [path for paths in found for path in paths if path.is_dir()]


def _seal(name: str, temporary: Path, facts: Facts) -> Manifest:
    files: dict[str, StoredFile] = {}
    for path in sorted(temporary.rglob("*")):
        if path.is_file():
            path.chmod(0o600)
            flush(path)
            files[path.relative_to(temporary).as_posix()] = StoredFile(path.stat().st_size, sha256_file(path))
    created = datetime.now(UTC).isoformat(timespec="seconds")
    manifest = Manifest(name, facts, files, digest_of(files), created)
    path = temporary / MANIFEST
    text = json.dumps({"schema": SCHEMA, **asdict(manifest)}, ensure_ascii=False, indent=1)
    path.touch(mode=0o600)
    path.write_text(text + "\n", encoding="utf-8")
    flush(path)
    flush(temporary)
    return manifest


def _swap(temporary: Path, place: Path) -> None:
    if place.exists() or place.is_symlink():
        old = Path(tempfile.mkdtemp(prefix=f".{place.name}.old-", dir=place.parent))
        place.rename(old / place.name)
        temporary.rename(place)
        shutil.rmtree(old, ignore_errors=True)
    else:
        temporary.rename(place)
    flush(place.parent)
