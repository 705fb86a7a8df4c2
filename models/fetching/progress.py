"""How far a long work has come: the fetching tells it, the command line shows it."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Hears how bytes arrive."""

    def start(self, title: str, total: int) -> None:
        """Begin: `total` bytes are to come in all."""
        ...

    def advance(self, size: int) -> None:
        """`size` more bytes are here."""
        ...

    def say(self, message: str) -> None:
        """Tell the user something."""
        ...


class Silence:
    """Shows nothing."""

    def start(self, title: str, total: int) -> None:
        """Begin nothing."""

    def advance(self, size: int) -> None:
        """Count nothing."""

    def say(self, message: str) -> None:
        """Say nothing."""
