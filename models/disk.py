"""The disk that models are kept on: room, locks, what is said when it is full or may not be written."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from corpora.errors import StorageError

_STORAGE_ERRNOS = frozenset(
    {
        errno.ENOSPC,
        errno.EDQUOT,
        errno.EFBIG,
        errno.EROFS,
        errno.EACCES,
        errno.EPERM,
        errno.ENOTDIR,
        errno.EIO,
    }
)


def require_space(path: Path, needed: int) -> None:
    """Raise `StorageError` unless the filesystem that holds `path` has `needed` free bytes."""
    free = shutil.disk_usage(path).free
    if free < needed:
        raise StorageError(
            f"{needed / 1e6:.0f} MB are needed, {free / 1e6:.0f} MB are free",
            place=str(path),
            fix="Free some space, or set TERJIMAN_HOME to a folder on another disk",
        )


@contextlib.contextmanager
def storage_errors(place: Path) -> Iterator[None]:
    """Turn a full or read-only disk into a `StorageError`."""
    try:
        yield
    except OSError as error:
        if error.errno not in _STORAGE_ERRNOS:
            raise
        raise StorageError(
            f"the model store cannot be written: {error.strerror}",
            place=str(error.filename or place),
            fix="Free some space or make it writable, or set TERJIMAN_HOME to another folder",
        ) from None


@contextlib.contextmanager
def locked(place: Path, waiting: Callable[[], None]) -> Iterator[None]:
    """Hold the lock of one model; the kernel lets go of it when the process ends, however it ends.

    Args:
        place: the model's folder, which need not exist.
        waiting: called once where another process holds the lock, before waiting for it.
    """
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(place.parent / f".{place.name}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            waiting()
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def flush(path: Path) -> None:
    """See a file or folder to the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
