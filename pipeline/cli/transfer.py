"""How far a transfer has come, on stderr: a bar on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from models.fetching.progress import Progress
from models.machine import gigabytes

if TYPE_CHECKING:
    from rich import progress as rich

_SECONDS = 30.0


@contextlib.contextmanager
def shown_progress() -> Iterator[Progress]:
    """Yield what shows progress; the bar goes at the end."""
    if not sys.stderr.isatty():
        yield _Lines()
        return
    from rich import progress as rich
    from rich.console import Console

    columns = (
        rich.TextColumn("{task.description}"),
        rich.BarColumn(),
        rich.DownloadColumn(),
        rich.TransferSpeedColumn(),
        rich.TimeRemainingColumn(),
    )
    with rich.Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        yield _Bar(bars)


class _Bar:
    """A bar on a terminal."""

    def __init__(self, bars: rich.Progress) -> None:
        self._bars = bars
        self._task = bars.add_task("", total=None, visible=False)

    def start(self, title: str, total: int) -> None:
        """Show a bar of `total` bytes."""
        self._bars.update(self._task, description=title, total=total, completed=0, visible=True)

    def advance(self, size: int) -> None:
        """Move the bar."""
        self._bars.advance(self._task, size)

    def say(self, message: str) -> None:
        """Print a line above the bar."""
        self._bars.console.print(f"terjiman: {message}", markup=False, highlight=False)


class _Lines:
    """A line when a tenth more has arrived, at most every half minute, and one at the end."""

    def __init__(self) -> None:
        self._title, self._total, self._here = "", 0, 0
        self._told, self._when = 0, 0.0

    def start(self, title: str, total: int) -> None:
        """Say what begins."""
        self._title, self._total, self._here, self._told = title, total, 0, 0
        self._when = time.monotonic()
        self.say(f"{title}: {gigabytes(total)}")

    def advance(self, size: int) -> None:
        """Say how far it has come, now and then."""
        self._here += size
        tenth = self._here * 10 // max(self._total, 1)
        if tenth > self._told and time.monotonic() - self._when >= _SECONDS:
            self._told, self._when = tenth, time.monotonic()
            self.say(f"{self._title}: {gigabytes(self._here)} of {gigabytes(self._total)}")

    def say(self, message: str) -> None:
        """Print a line."""
        print(f"terjiman: {message}", file=sys.stderr, flush=True)
