"""A model in a folder of the user's own, used where it lies.

The files that make the model are linked into a folder of ours (`views/DIGEST`), with a profile where they
bring none; so nothing is written into the user's folder, and no engine ever sees what else lies there. The
digest covers every file; the sha256 of a file is remembered under its place, size, time and inode.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from models import disk, places, profile, store, weights
from models.fetching import folder, selection

HASHES = "hashes.json"
_REMEMBERED = 500


@dataclass(frozen=True, slots=True)
class View:
    """A model that lies elsewhere: how it is called, where engines find it, what it is."""

    name: str
    folder: Path
    digest: str


def is_path(name: str) -> bool:
    """Return whether a model is named by its place: a path with a separator, `.`, `~`, or a `.gguf` file.

    What begins with a word and a colon (`recorded:FILE`) is of another kind.
    """
    if re.match(r"[a-z]+:", name):
        return False
    return os.sep in name or name.startswith((".", "~")) or name.lower().endswith(".gguf")


def view(name: str, *, root: Path | None = None) -> View:
    """Look at a model where it lies and make its view.

    Raises:
        MissingError: nothing is there.
        UsageError: no model, or one that is refused.
        StorageError: the view cannot be written.
    """
    path = Path(name).expanduser()
    found = folder.find(path)
    home = store.home() if root is None else root
    with disk.storage_errors(home):
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        hashes = hashes_of(found.files, home / HASHES)
        files = {file: store.StoredFile(found.files[file].stat().st_size, hashes[file]) for file in hashes}
        digest = store.digest_of(files)
        target = home / "views" / digest[:32]
        if not (target / profile.FILE).is_file():
            _link(found.files, target)
    profile_hash = store.sha256_file(target / profile.FILE)
    files[profile.FILE] = store.StoredFile((target / profile.FILE).stat().st_size, profile_hash)
    return View(path.resolve().name, target, store.digest_of(files))


def _link(files: dict[str, Path], target: Path) -> None:
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(prefix=".new-", dir=target.parent))
    try:
        for name, path in files.items():
            (temporary / name).symlink_to(path)
        home = next(iter(files.values())).parent
        with places.named(temporary, lambda name: str(files.get(name, home / name))):
            selection.check_config(temporary)
            weights.check(temporary)
            if profile.FILE not in files:
                from models.inspection import inspect

                profile.write(inspect(temporary), temporary)
            profile.read(temporary)
        with contextlib.suppress(OSError):  # another process was first: its view is the same
            temporary.rename(target)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def hashes_of(files: dict[str, Path], memory: Path) -> dict[str, str]:
    """Return the sha256 of each file, from memory where the file has not changed since."""
    try:
        known = json.loads(memory.read_bytes())
    except (OSError, ValueError):
        known = {}
    if not isinstance(known, dict):
        known = {}
    hashes: dict[str, str] = {}
    fresh: dict[str, list[object]] = {}
    for name, path in sorted(files.items()):
        status = path.stat()
        marks: list[object] = [status.st_size, status.st_mtime_ns, status.st_ino]
        old = known.get(str(path))
        if isinstance(old, list) and len(old) == 4 and old[:3] == marks:
            hashes[name] = str(old[3])
        else:
            hashes[name] = store.sha256_file(path)
        fresh[str(path)] = [*marks, hashes[name]]
    if any(known.get(path) != row for path, row in fresh.items()):
        kept = dict(list({**known, **fresh}.items())[-_REMEMBERED:])
        handle, temporary = tempfile.mkstemp(prefix=f".{HASHES}.", dir=memory.parent)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(kept, file)
        Path(temporary).replace(memory)
    return hashes
