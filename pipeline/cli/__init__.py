"""The command line: one file per command, each thin over one function. See `terjiman --help`.

Importing this package imports next to nothing, so that a signal is heard from the first moment on.
"""

from __future__ import annotations

import contextlib
import os
import signal
from types import FrameType


class Stopped(SystemExit):
    """A signal arrived: unwind like any exit, so that locks and temporary folders go; 130 or 143."""

    @property
    def signum(self) -> int:
        """Return the signal's number."""
        return int(self.code or 0) - 128

    @property
    def word(self) -> str:
        """Return what happened, for people."""
        return "interrupted" if self.signum == signal.SIGINT else "terminated"


def main() -> None:
    """Run the command line; every error a person can mend becomes its line on stderr and its exit code."""
    signal.signal(signal.SIGTERM, _leave_now)
    signal.signal(signal.SIGINT, _leave_now)
    from pipeline.cli import entry  # takes a tenth of a second and more, in which Ctrl-C may come

    entry.main()


def leave(signum: int) -> None:
    """Say what happened and end the process at once."""
    with contextlib.suppress(OSError):
        os.write(2, f"terjiman: {Stopped(128 + signum).word}\n".encode())
    os._exit(128 + signum)


def _leave_now(signum: int, frame: FrameType | None) -> None:
    """End: nothing is begun, so there is nothing to unwind, and imports may not be broken off."""
    leave(signum)
