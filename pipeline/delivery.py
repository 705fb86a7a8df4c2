"""Putting results into `out/`, where people find them, without ever overwriting what a person wrote there.

A record of every digest that was ever delivered tells our own files from edited ones. A file that a person
has changed is left alone while our version of it stays the same; when ours changes, theirs is moved aside
first, to `name.edited-N.suffix`, and said.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path

from pipeline.job import Job
from pipeline.progress import Reporter
from pipeline.state import Manifest, State
from pipeline.storage import make_folder, sha256, storage_errors, sweep, write_atomic

_GIVEN_UP = "given up"  # in the record: this file is not ours any more


class Delivery:
    """The out folder of a job and the record of what was put there."""

    def __init__(self, job: Job, state: State, reporter: Reporter) -> None:
        self._out, self._state, self._reporter = job.out, state, reporter
        self._record = state.folder / "delivered.jsonl"
        self._known: dict[str, list[str]] = {}
        self._torn = False
        self._load()

    def deliver(self, manifests: Sequence[Manifest]) -> None:
        """Bring `out/` up to date with all publish units: place what they name, withdraw what none names."""
        with storage_errors(self._out):
            sweep(self._out)
            for manifest in manifests:
                folder = self._state.unit_folder(manifest)
                for name, digest in manifest.files.items():
                    if self._must_place(name, digest) and self._state.is_whole(manifest):
                        self._place(name, folder / name, digest)
            for name in self._unnamed(manifests):
                self._withdraw(name)

    def to_do(self, manifests: Sequence[Manifest]) -> list[str]:
        """Say what `deliver` would change."""
        put = [
            f"put back {self._out.name}/{name}"
            for manifest in manifests
            for name, digest in manifest.files.items()
            if self._must_place(name, digest)
        ]
        return put + [f"remove {self._out.name}/{name}" for name in self._unnamed(manifests)]

    def _unnamed(self, manifests: Sequence[Manifest]) -> list[str]:
        """Return what was delivered once and belongs to no unit any more."""
        named = {name for manifest in manifests for name in manifest.files}
        return sorted(name for name in self._known.keys() - named if self._known[name][-1] != _GIVEN_UP)

    def _withdraw(self, name: str) -> None:
        """Remove a file that nothing makes any more, but not one that a person has edited."""
        path = self._out / name
        digest = self._digest(path)
        if digest in self._known[name]:
            path.unlink()
            self._remove_empty(path.parent)
        elif digest:
            self._reporter.warn(f"{path}: is not made any more, but was edited by hand, so it is kept")
        self._remember(name, _GIVEN_UP)

    def write(self, name: str, data: bytes) -> None:
        """Write a page of the run itself (report, review): ours alone, always replaced."""
        write_atomic(self._out / name, data)

    def _must_place(self, name: str, digest: str) -> bool:
        """Tell whether our version of a file must be put in place: it is new, changed, or gone."""
        present = self._digest(self._out / name)
        known = self._known.get(name, [])
        edited = bool(present) and present not in known
        return present != digest and not (edited and known and known[-1] == digest)

    def _place(self, name: str, source: Path, digest: str) -> None:
        path = self._out / name
        present = self._digest(path)
        if present and present not in self._known.get(name, []):
            self._set_aside(path)
        self._remember(name, digest)
        write_atomic(path, source.read_bytes())

    @staticmethod
    def _digest(path: Path) -> str:
        """Return the digest of a file, empty where there is none."""
        with storage_errors(path):
            try:
                return sha256(path.read_bytes())
            except (FileNotFoundError, NotADirectoryError):
                return ""

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
        with storage_errors(self._record):
            try:
                data = self._record.read_bytes()
            except FileNotFoundError:
                return
        self._torn = not data.endswith(b"\n")
        for line in data.splitlines():
            try:
                record = json.loads(line)
                self._known.setdefault(record["name"], []).append(record["sha256"])
            except (ValueError, KeyError, TypeError):
                continue  # a line torn by a kill: its file was not yet in place

    def _remove_empty(self, folder: Path) -> None:
        while folder != self._out and not any(folder.iterdir()):
            folder.rmdir()
            folder = folder.parent
