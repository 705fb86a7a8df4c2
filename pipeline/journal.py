"""The journal of a unit that takes long: each finished batch, so that a kill costs one batch at most.

One JSON object a line, each flushed to disk. After a kill the last line may be torn; it is dropped, and what
it told of is done again. The first line is the digest of the batches that the unit set out to do; a journal
of other batches is begun anew.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from pipeline.storage import make_folder, storage_errors


class Journal:
    """Append-only record of batches; opened again after a kill, it knows what was done.

    Args:
        path: of the file; made where it is not.
        batches: digest of what will be done, in its order.
    """

    def __init__(self, path: Path, batches: str) -> None:
        self._path, self._batches = path, batches
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
        if not whole:
            self._append({"batches": self._batches})
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()

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
        """Read what is whole; return its length in bytes, 0 for a journal of other batches."""
        try:
            lines = self._path.read_bytes().splitlines(keepends=True)
        except FileNotFoundError:
            return 0
        whole = 0
        for number, line in enumerate(lines):
            record = _record(line)
            if record is None or (not number and record.get("batches") != self._batches):
                break
            if number:
                self._results[record["batch"]] = record["result"]
            whole += len(line)
        return whole


def _record(line: bytes) -> dict[str, Any] | None:
    """Return the record of a whole line, None for a torn or damaged one."""
    try:
        record = json.loads(line) if line.endswith(b"\n") else None
    except ValueError:
        return None
    if not isinstance(record, dict) or not ("batches" in record or {"batch", "result"} <= record.keys()):
        return None
    return record
