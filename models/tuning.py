"""With how many threads, and how much at once, a model runs fastest here: measured once and kept.

`tuning.json` in the user's folder holds it, by the digest of the model's files and by the machine. Neither
changes an answer: only models are measured whose answers depend on their text alone. So a file that is lost
or broken costs time, and nothing else.
"""

from __future__ import annotations

import json
import logging
import math
import os
import platform
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from models import store
from models.disk import flush, locked, storage_errors

FILE = "tuning.json"
SCHEMA = 1
_MOST_THREADS, _LARGEST = 1024, 65_536
_PROC, _GROUPS = Path("/proc"), Path("/sys/fs/cgroup")
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Trial:
    """One setting that was tried: seconds for the same texts, and whether the answers were the same."""

    threads: int
    batch: int
    seconds: float
    same: bool = True


@dataclass(frozen=True, slots=True)
class Tuning:
    """How a model is run.

    Attributes:
        threads: batches decoded side by side (CTranslate2), or threads of the arithmetic (llama.cpp).
        batch: most hypotheses decoded together; 0 where the engine has no such thing, or keeps its own.
        by: `measured`, or `given` by a person.
        date: when, ISO.
        trials: what was measured.
    """

    threads: int
    batch: int = 0
    by: str = "measured"
    date: str = ""
    trials: tuple[Trial, ...] = ()

    def __str__(self) -> str:
        """Return it for people."""
        threads = f"{self.threads} thread{'s' if self.threads > 1 else ''}"
        return f"{threads}, batches of {self.batch}" if self.batch else threads


Book = dict[str, dict[str, Tuning]]  # digest of a model's files -> machine -> how it runs there


def cores() -> int:
    """Return how many cores this process may use: by its affinity, and by the limit put on its group."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, math.ceil(min(allowed, quota())))


def quota(proc: Path = _PROC, groups: Path = _GROUPS) -> float:
    """Return the processors that the control groups of this process leave it (containers, systemd).

    Returns:
        The least limit of its group and those above; infinite where there is none.
    """
    try:
        lines = (proc / "self" / "cgroup").read_text(encoding="utf-8").splitlines()
    except OSError:
        return math.inf
    least = math.inf
    for line in lines:
        _, _, rest = line.partition(":")
        kinds, _, path = rest.partition(":")
        if kinds == "" or "cpu" in kinds.split(","):
            top = groups / "cpu" if kinds else groups
            place = top / path.lstrip("/")
            for folder in (place, *place.parents):
                least = min(least, _limit(folder, new=not kinds))
                if folder == top:
                    break
    return least


def _limit(folder: Path, *, new: bool) -> float:
    try:
        if new:
            most, period = (folder / "cpu.max").read_text().split()
        else:
            most = (folder / "cpu.cfs_quota_us").read_text()
            period = (folder / "cpu.cfs_period_us").read_text()
        limit = int(most) / int(period)
    except (OSError, ValueError, ZeroDivisionError):  # no such file, or `max`: no limit here
        return math.inf
    return limit if limit > 0 else math.inf


def processor() -> str:
    """Return the name of the processor."""
    try:
        lines = (_PROC / "cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, "") or platform.processor() or platform.machine()


def machine() -> str:
    """Return what stands for this machine: its processor and the cores this process may use."""
    count = cores()
    return f"{processor()}, {count} core{'s' if count > 1 else ''}"


def read(home: Path | None = None) -> tuple[Book, str]:
    """Return what is kept, and why it could not be read (then nothing is); empty for no fault."""
    path = (store.home() if home is None else home) / FILE
    try:
        data = json.loads(path.read_bytes())
        if data["schema"] != SCHEMA:
            return {}, f"{path}: of another version of terjiman"
        return {
            digest: {machine: _tuning(one) for machine, one in known.items()}
            for digest, known in data["tunings"].items()
        }, ""
    except FileNotFoundError:
        return {}, ""
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        return {}, f"{path}: cannot be read ({error!r})"


def _tuning(data: Mapping[str, Any]) -> Tuning:
    trials = tuple(Trial(**one) for one in data["trials"])
    tuning = Tuning(**{**data, "trials": trials})
    check(tuning.threads, tuning.batch)
    return tuning


def check(threads: int, batch: int) -> None:
    """Raise `ValueError` for numbers that no machine can mean."""
    for name, value, least, most in (("threads", threads, 1, _MOST_THREADS), ("batch", batch, 0, _LARGEST)):
        if type(value) is not int or not least <= value <= most:
            raise ValueError(f"{name}: {value!r} is not from {least} to {most}")


def recall(digest: str, *, home: Path | None = None) -> Tuning | None:
    """Return how a model is to be run on this machine; None where that was never measured.

    A file that cannot be read is told in the log, as a warning.
    """
    book, fault = read(home)
    if fault:
        _log.warning("terjiman: %s; run: terjiman models tune NAME", fault)
    return book.get(digest, {}).get(machine())


def remember(digest: str, tuning: Tuning, *, home: Path | None = None) -> None:
    """Keep how a model is to be run on this machine; a file that is broken is begun anew.

    Raises:
        StorageError: it cannot be written.
    """
    path = (store.home() if home is None else home) / FILE
    with storage_errors(path), locked(path, lambda: None):
        book, _ = read(path.parent)
        book.setdefault(digest, {})[machine()] = tuning
        rows = {key: {place: asdict(one) for place, one in known.items()} for key, known in book.items()}
        text = json.dumps({"schema": SCHEMA, "tunings": rows}, ensure_ascii=False, indent=1, sort_keys=True)
        handle, temporary = tempfile.mkstemp(prefix=f".{FILE}.", dir=path.parent)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text + "\n")
            flush(Path(temporary))
            Path(temporary).replace(path)
        finally:
            Path(temporary).unlink(missing_ok=True)
