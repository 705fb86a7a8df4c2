"""The history of a job: a line of numbers for each run that changed a result, in the state folder."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from pipeline.publishing.report_history import PastRun, StageTime
from pipeline.state import State
from pipeline.storage import write_atomic

_FILE = "history.jsonl"
_KEPT = 500  # runs


def past_runs(state: State) -> tuple[PastRun, ...]:
    """Return the runs recorded, oldest first; a line that cannot be read is passed over."""
    try:
        lines = (state.folder / _FILE).read_bytes().splitlines()
    except OSError:
        return ()
    return tuple(run for run in map(_run, lines) if run is not None)


def remember(state: State, run: PastRun) -> tuple[PastRun, ...]:
    """Record a run unless its results are those of the last one; return all runs."""
    runs = past_runs(state)
    if runs and runs[-1].digest == run.digest:
        return runs
    runs = (*runs, run)[-_KEPT:]
    lines = "".join(json.dumps(asdict(one), ensure_ascii=False) + "\n" for one in runs)
    write_atomic(state.folder / _FILE, lines.encode())
    return runs


def _run(line: bytes) -> PastRun | None:
    try:
        data = json.loads(line)
        return PastRun(
            when=str(data["when"]),
            digest=str(data["digest"]),
            models={str(lang): str(name) for lang, name in data["models"].items()},
            scores=data["scores"],
            errors=_pairs(data["errors"]),
            terms=_pairs(data["terms"]),
            seconds=data["seconds"],
            stages=tuple(StageTime(**one) for one in data["stages"]),
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _pairs(data: Mapping[str, Any]) -> dict[str, tuple[int, int]]:
    return {str(lang): (int(part), int(whole)) for lang, (part, whole) in data.items()}
