"""Models from a folder or a single GGUF file."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from corpora.errors import MissingError, UsageError
from models.catalog import Format
from models.fetching import selection
from models.fetching.partial import BLOCK
from models.fetching.progress import Progress


@dataclass(frozen=True, slots=True)
class Found:
    """Files that make a model: name in the store -> where they lie, behind links."""

    form: Format
    files: dict[str, Path]

    @property
    def size(self) -> int:
        """Return the bytes of all files."""
        return sum(path.stat().st_size for path in self.files.values())


def find(path: Path, *, form: Format | None = None, quantisation: str = "") -> Found:
    """Look at a folder, or a `.gguf` file, without reading weights.

    Args:
        form: which form to take; by default whichever there is.
        quantisation: which of several GGUF files.

    Raises:
        MissingError: nothing is there, a weights file is empty, or a part of the weights is missing.
        UsageError: no model, pickles only, or links that lead out of the folder.
    """
    if not path.exists():
        raise MissingError("no such file or folder", place=str(path))
    if not path.is_dir():
        if path.suffix.lower() != ".gguf" or not path.is_file():
            raise UsageError(
                "no model: neither a folder, nor a .gguf file, nor an archive (.tar, .tar.gz, .tgz, .zip)",
                place=str(path),
            )
        found = Found("gguf", {path.name: path.resolve()})
    else:
        found = _in_folder(path, form, quantisation)
    for name, file in found.files.items():
        if selection.is_weights(name) and file.stat().st_size == 0:
            raise MissingError("the file of the weights is empty", place=str(file), fix="Copy it again")
    return found


def copy(found: Found, target: Path, progress: Progress) -> None:
    """Copy the files, small ones first; the configuration is looked at before the weights are copied.

    Raises:
        MissingError: a file cannot be read.
        UsageError: the configuration calls for code of its own, or makes no sense.
    """
    for name in selection.order(found.files):
        if selection.is_weights(name):
            selection.check_config(target)
        with (target / name).open("xb") as file:
            for piece in _pieces(found.files[name]):
                file.write(piece)
                progress.advance(len(piece))
        shutil.copystat(found.files[name], target / name)


def _pieces(path: Path) -> Iterator[bytes]:
    """Yield a file's content; a fault of the stick it lies on is no fault of the disk that is written."""
    try:
        with path.open("rb") as source:
            while piece := source.read(BLOCK):
                yield piece
    except OSError as error:
        raise MissingError(f"cannot be read ({error.strerror})", place=str(path)) from None


def _in_folder(path: Path, form: Format | None, quantisation: str) -> Found:
    names = [child.name for child in path.iterdir() if child.is_file() or child.is_symlink()]
    if len(names) > selection.MAX_FILES:
        raise UsageError(f"{len(names)} files: this is no model", place=str(path))
    chosen_form = form or selection.detect(names, place=str(path))
    chosen = selection.choose(names, chosen_form, quantisation, place=str(path))
    return Found(chosen_form, {name: _resolved(path, name) for name in chosen})


def _resolved(folder: Path, name: str) -> Path:
    """Return a file behind its link; links may lead within the folder, or from a hub cache to its blobs."""
    real, home = Path(os.path.realpath(folder / name)), folder.resolve()  # links in a circle stay as they are
    allowed = [home]
    if home.parent.name == "snapshots":
        allowed.append(home.parent.parent / "blobs")
    if not any(real.is_relative_to(one) for one in allowed):
        raise UsageError(f"{name} is a link that leads out of the folder: refused", place=str(folder))
    if not real.is_file():
        raise UsageError(f"{name} is no file, or a link to nothing", place=str(folder))
    return real
