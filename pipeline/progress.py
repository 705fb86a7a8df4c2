"""What a run tells people: a bar on a terminal, plain lines elsewhere, a log file that rotates."""

from __future__ import annotations

import logging
import logging.handlers
import sys
import threading
from pathlib import Path
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from corpora.errors import UsageError
from pipeline.storage import make_folder, storage_errors

LOG_BYTES = 2_000_000
LOG_FILES = 5


class Reporter:
    """Tells of a run on stderr and in a log file. No document text ever goes through here.

    Args:
        quiet: say only warnings and failures.
        log_file: where every line goes too, with its time; rotated at 2 MB, five old files kept.
    """

    def __init__(self, *, quiet: bool = False, log_file: Path | None = None) -> None:
        self._quiet = quiet
        self._console = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)
        self._progress: Progress | None = None
        self._task: int | None = None
        self._lock = threading.Lock()
        self._log = _open_log(log_file) if log_file else None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.finish()
        if self._log:
            self._log.close()

    def start(self, segments: int) -> None:
        """Show a bar for that many segments to translate, on a terminal."""
        if segments and not self._quiet and sys.stderr.isatty():
            self._progress = Progress(
                TextColumn("{task.description}"),
                BarColumn(),
                MofNCompleteColumn(),
                TimeRemainingColumn(),
                console=self._console,
                transient=True,
            )
            self._task = self._progress.add_task("segments", total=segments)
            self._progress.start()

    def advance(self, segments: int) -> None:
        """Move the bar on."""
        if self._progress is not None and self._task is not None:
            self._progress.advance(self._progress.task_ids[0], segments)

    def finish(self) -> None:
        """Take the bar away."""
        if self._progress is not None:
            self._progress.stop()
            self._progress = None

    def say(self, text: str) -> None:
        """Say something that is good to know."""
        self._emit(logging.INFO, text, show=not self._quiet)

    def warn(self, text: str, *, log: str = "") -> None:
        """Say something that a person must know, also when quiet; the log gets `log` where that is given."""
        self._emit(logging.WARNING, text, show=True, log=log)

    def error(self, text: str) -> None:
        """Say what failed, also when quiet."""
        self._emit(logging.ERROR, text, show=True)

    def log_error(self, text: str) -> None:
        """Write an error to the log file only; the terminal gets it elsewhere."""
        self._emit(logging.ERROR, text, show=False)

    def trace(self, text: str) -> None:
        """Write the trace of a fault of our own to the log file only."""
        if self._log:
            self._emit(logging.ERROR, text, show=False)

    def _emit(self, level: int, text: str, *, show: bool, log: str = "") -> None:
        with self._lock:
            if show:
                self._console.print(text)
            if self._log:
                self._log.handle(logging.LogRecord("terjiman", level, "", 0, log or text, None, None))


def _open_log(path: Path) -> logging.Handler:
    try:
        make_folder(path.parent)
        with storage_errors(path):
            path.touch(mode=0o600, exist_ok=True)
            handler = logging.handlers.RotatingFileHandler(
                path, maxBytes=LOG_BYTES, backupCount=LOG_FILES, encoding="utf-8"
            )
    except OSError as error:
        raise UsageError(f"the log cannot be written: {error.strerror}", place=str(path)) from None
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)-7s %(message)s", "%Y-%m-%d %H:%M:%S"))
    return handler
