"""Ctrl-C and SIGTERM while a command runs: unwound like any exit, ended all the same where that cannot be.

Python hears a signal in its main thread alone, and not before a library lets go of it: a batch of a large
model takes minutes. So another thread hears it too, and ends the process where the first does not.
"""

from __future__ import annotations

import os
import signal
import threading
from types import FrameType

from pipeline.cli import Stopped, leave

PATIENCE = 2.0  # seconds in which the main thread must hear a signal
_HEARD = (signal.SIGINT, signal.SIGTERM)


class Listener:
    """Hears both signals for the rest of the process's life."""

    def __init__(self) -> None:
        self._heard = threading.Event()
        reading, writing = os.pipe()
        os.set_blocking(writing, False)
        signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
        threading.Thread(target=self._watch, args=(reading,), name="signals", daemon=True).start()
        for number in _HEARD:
            signal.signal(number, self._stop)

    def _stop(self, signum: int, frame: FrameType | None) -> None:
        self._heard.set()
        # once is enough: a second signal must not interrupt the clean end of the first
        for number in _HEARD:
            signal.signal(number, _hear_no_more)
        raise Stopped(128 + signum)

    def _watch(self, reading: int) -> None:
        """Wait for a signal, then for the main thread to hear it.

        What is left behind is what a kill leaves: locks go with the process, and what was half made is
        removed by the next command that makes it.
        """
        while (number := os.read(reading, 1)[0]) not in _HEARD:
            continue
        if not self._heard.wait(PATIENCE):
            leave(number)


def _hear_no_more(signum: int, frame: FrameType | None) -> None:
    """Do nothing. SIG_IGN would make Python complain of a signal that is already on its way."""
