"""What a busy server asks for: how long to wait, and whether that is worth it."""

from __future__ import annotations

import email.utils
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import TypeVar

T = TypeVar("T")

BUSY = frozenset({429, 502, 503, 504})
TRIES = 4
LONGEST = 60.0  # seconds; who asks for more is told to the user instead
_SHORT = (0.5, 2.0, 4.0)  # where the server does not say


def patiently(ask: Callable[[], T], say: Callable[[str], None]) -> T:
    """Return what is asked for; a server that is busy is asked again when it wants to be.

    Args:
        ask: raises an `OSError` with the server's `response` where it refuses.
        say: hears why nothing happens for a while.

    Raises:
        OSError: it refuses, is still busy after several tries, or asks for a longer wait than `LONGEST`.
    """
    tries = 0
    while True:
        try:
            return ask()
        except OSError as error:
            seconds = pause(error, tries)
            if seconds is None:
                raise
            say(f"the server is busy: asking again in {seconds:.0f} s")
            time.sleep(seconds)
            tries += 1


def pause(error: OSError, tries: int) -> float | None:
    """Return how long to wait after a refusal, in seconds; None where waiting is no use."""
    response = getattr(error, "response", None)
    if getattr(response, "status_code", None) not in BUSY or tries >= TRIES - 1:
        return None
    wished = wish(getattr(response, "headers", {}))
    seconds = _SHORT[min(tries, len(_SHORT) - 1)] if wished is None else wished
    return seconds if seconds <= LONGEST else None


def wish(headers: Mapping[str, str]) -> float | None:
    """Return the seconds that `Retry-After` asks for (RFC 9110, 10.2.3); None where it says nothing sound."""
    text = headers.get("Retry-After", "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        moment = email.utils.parsedate_to_datetime(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())
