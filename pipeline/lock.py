"""One run at a time in a job folder."""

from __future__ import annotations

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator
from pathlib import Path

from corpora.errors import LockedError
from pipeline.storage import make_folder, storage_errors


@contextlib.contextmanager
def exclusive(path: Path, *, wait: float = 0.0) -> Iterator[None]:
    """Hold the lock file for the time of the block; the system lets go of it when the process dies.

    Args:
        wait: seconds to wait for another run to end.

    Raises:
        LockedError: another process still holds it after that time.
    """
    make_folder(path.parent)
    with storage_errors(path):
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        _acquire(handle, path, time.monotonic() + wait)
        os.truncate(handle, 0)
        os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(handle)


def _acquire(handle: int, path: Path, deadline: float) -> None:
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                holder = os.pread(handle, 32, 0).decode("ascii", "replace").strip() or "unknown"
                raise LockedError(
                    f"another run (process {holder}) is at work in this job folder",
                    place=str(path.parent.parent),
                    fix="Try again later, or wait for it with --wait SECONDS",
                ) from None
            time.sleep(0.1)
        else:
            return
