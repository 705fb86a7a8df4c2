"""Writing files so that a crash leaves either the old or the new, and only the owner can read them."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from corpora.errors import StorageError, UsageError

_TEMPORARY = ".terjiman-tmp"
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_READ_ONLY = (errno.EROFS, errno.EACCES, errno.EPERM)
_IN_THE_WAY = (errno.EISDIR, errno.ENOTDIR, errno.EEXIST)


@contextlib.contextmanager
def storage_errors(place: Path) -> Iterator[None]:
    """Turn the errors of a full or read-only disk into `StorageError`; others pass through.

    A file where a folder should be, or the other way round, is a `UsageError`: only a person knows why.
    """
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise StorageError(
                "the disk is full", place=str(error.filename or place), fix="Free some space and run again"
            ) from error
        if error.errno in _READ_ONLY:
            raise StorageError(
                f"cannot be written: {error.strerror}",
                place=str(error.filename or place),
                fix="Choose a folder that you may write",
            ) from error
        if error.errno in _IN_THE_WAY:
            raise UsageError(
                f"is in the way: {error.strerror}",
                place=str(error.filename or place),
                fix="Move it somewhere else and run again",
            ) from error
        raise


def sha256(data: bytes) -> str:
    """Return the hexadecimal SHA-256 of the bytes."""
    return hashlib.sha256(data).hexdigest()


def make_folder(path: Path) -> Path:
    """Create a folder and its missing parents for the owner alone (0700)."""
    with storage_errors(path):
        if not path.is_dir():
            make_folder(path.parent)
            path.mkdir(mode=0o700, exist_ok=True)
    return path


def fsync_folder(path: Path) -> None:
    """Make the names in a folder durable."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_new(path: Path, data: bytes) -> None:
    """Write a file for the owner alone (0600), durably.

    Not atomic: for temporary folders.
    """
    with storage_errors(path):
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())


def write_atomic(path: Path, data: bytes) -> None:
    """Replace a file by new content at once: temporary file beside it, fsync, rename, fsync of the folder.

    One process at a time writes to a place (the job's lock sees to that); `sweep` removes what a kill left.
    """
    make_folder(path.parent)
    temporary = path.with_name(f".{path.name[:100]}{_TEMPORARY}")
    with storage_errors(path):
        try:
            write_new(temporary, data)
            temporary.replace(path)
        except BaseException:
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)
            raise
        fsync_folder(path.parent)


def sweep(folder: Path) -> None:
    """Remove the temporary files that a killed process left below a folder."""
    with storage_errors(folder):
        for path in folder.rglob(f".*{_TEMPORARY}"):
            path.unlink(missing_ok=True)


def remove_tree(path: Path) -> None:
    """Remove a folder and all below it, if it is there."""
    with storage_errors(path):
        if path.exists():
            shutil.rmtree(path)
