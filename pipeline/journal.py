"""The journal of a unit that takes long: what it set out to do, and each finished batch.

One JSON object a line, each flushed to disk. After a kill the last line may be torn; it is dropped, and what
it told of is done again. The first line names what the unit built on; a journal that built on something else
is begun anew.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from pipeline.storage import make_folder, storage_errors


class Journal:
    """Append-only record of batches; opened again after a kill, it knows what was done."""

    def __init__(self, path: Path, base: str) -> None:
        self._path, self._base = path, base
        self._plan: list[list[int]] | None = None
        self._results: dict[int, list[Any]] = {}
        self._file: IO[bytes] | None = None

    def __enter__(self) -> Self:
        make_folder(self._path.parent)
        with storage_errors(self._path):
            whole = self._read()
            handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
            os.truncate(handle, whole)
            self._file = os.fdopen(handle, "r+b")
            self._file.seek(whole)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()

    def plan(self, make: Callable[[], list[list[int]]]) -> list[list[int]]:
        """Return the recorded plan, or make one and record it before anything is done."""
        if self._plan is None:
            self._plan = make()
            self._append({"base": self._base, "plan": self._plan})
        return self._plan

    def result(self, batch: int) -> Sequence[Any] | None:
        """Return the recorded result of a batch, None if it was not finished."""
        return self._results.get(batch)

    def append(self, batch: int, result: Sequence[Any]) -> None:
        """Record the result of a batch."""
        self._append({"batch": batch, "result": list(result)})

    def _append(self, record: dict[str, Any]) -> None:
        if self._file is None:
            raise RuntimeError("the journal is not open")
        with storage_errors(self._path):
            self._file.write(json.dumps(record, ensure_ascii=False).encode() + b"\n")
            self._file.flush()
            os.fsync(self._file.fileno())

    def _read(self) -> int:
        """Read what is whole; return its length in bytes."""
        try:
            data = self._path.read_bytes()
        except FileNotFoundError:
            return 0
        whole = 0
        for line in data.splitlines(keepends=True):
            try:
                record = json.loads(line) if line.endswith(b"\n") else None
            except ValueError:
                record = None
            if not isinstance(record, dict):
                break
            if "plan" in record:
                if record["base"] != self._base:
                    return 0
                self._plan = record["plan"]
            else:
                self._results[record["batch"]] = record["result"]
            whole += len(line)
        return whole
