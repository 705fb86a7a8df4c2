"""Putting results into `out/`, where people find them, without ever overwriting what a person wrote there.

A record of every digest that was ever delivered tells our own files from edited ones. A file that a person
has changed is left alone while our version of it stays the same; when ours changes, theirs is moved aside
first, to `name.edited-N.suffix`, and said.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path

from pipeline.job import Job
from pipeline.progress import Reporter
from pipeline.state import Manifest, State
from pipeline.storage import make_folder, sha256, storage_errors, sweep, write_atomic


class Delivery:
    """The out folder of a job and the record of what was put there."""

    def __init__(self, job: Job, state: State, reporter: Reporter) -> None:
        self._out, self._state, self._reporter = job.out, state, reporter
        self._record = state.folder / "delivered.jsonl"
        self._known: dict[str, list[str]] = {}
        self._torn = False
        self._load()

    def deliver(self, manifests: Iterable[Manifest]) -> int:
        """Bring `out/` up to date with publish units; return how many files changed."""
        changed = 0
        sweep(self._out)
        for manifest in manifests:
            folder = self._state.unit_folder(manifest)
            for name, digest in manifest.files.items():
                changed += self._place(name, folder / name, digest)
        return changed

    def withdraw(self, manifest: Manifest) -> None:
        """Remove the files of a publish unit whose source is gone, but not those that a person has edited."""
        for name in manifest.files:
            path = self._out / name
            if not path.is_file():
                continue
            if sha256(path.read_bytes()) in self._known.get(name, []):
                with storage_errors(path):
                    path.unlink()
                self._remove_empty(path.parent)
            else:
                self._reporter.warn(f"{path}: its source is gone, but it was edited by hand, so it is kept")

    def write(self, name: str, data: bytes) -> None:
        """Write a page of the run itself (report, review): ours alone, always replaced."""
        write_atomic(self._out / name, data)

    def _place(self, name: str, source: Path, digest: str) -> bool:
        """Put one file in place, unless it is there; return whether anything changed."""
        path = self._out / name
        try:
            present = sha256(path.read_bytes())
        except FileNotFoundError:
            present = ""
        if present == digest:
            return False
        known = self._known.get(name, [])
        if present and present not in known:
            if known and known[-1] == digest:
                return False
            self._set_aside(path)
        self._remember(name, digest)
        write_atomic(path, source.read_bytes())
        return True

    def _set_aside(self, path: Path) -> None:
        number = 1
        while (kept := path.with_name(f"{path.stem}.edited-{number}{path.suffix}")).exists():
            number += 1
        with storage_errors(path):
            path.rename(kept)
        self._reporter.warn(f"{path}: was edited by hand; the edited file is kept as {kept.name}")

    def _remember(self, name: str, digest: str) -> None:
        """Record a digest durably before the file is put in place."""
        self._known.setdefault(name, []).append(digest)
        line = json.dumps({"name": name, "sha256": digest}, ensure_ascii=False) + "\n"
        line, self._torn = ("\n" + line if self._torn else line), False
        make_folder(self._record.parent)
        with storage_errors(self._record):
            handle = os.open(self._record, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            with os.fdopen(handle, "ab") as file:
                file.write(line.encode())
                file.flush()
                os.fsync(file.fileno())

    def _load(self) -> None:
        try:
            text = self._record.read_text(encoding="utf-8", errors="replace")
        except FileNotFoundError:
            return
        self._torn = not text.endswith("\n")
        for line in text.splitlines():
            try:
                record = json.loads(line)
                self._known.setdefault(record["name"], []).append(record["sha256"])
            except (ValueError, KeyError, TypeError):
                continue  # a line torn by a kill: its file was not yet in place

    def _remove_empty(self, folder: Path) -> None:
        while folder != self._out and not any(folder.iterdir()):
            folder.rmdir()
            folder = folder.parent
