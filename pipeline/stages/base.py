"""What a stage is."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpora import documents, segments
from corpora.errors import InputError
from corpora.records import Block, Segment
from pipeline.job import Source
from pipeline.state import Stats, Unit
from pipeline.storage import sha256
from pipeline.workspace import Workspace


@dataclass(frozen=True)
class Document:
    """A source document as it is now: its digest, its blocks and its segments."""

    source: Source
    digest: str
    blocks: tuple[Block, ...]
    segments: tuple[Segment, ...]

    @property
    def name(self) -> str:
        """The document's path below its root."""
        return self.source.name

    def data(self) -> bytes:
        """Return the document's bytes.

        Raises:
            InputError: they are not those that were planned for.
        """
        data = read_source(self.source)
        if sha256(data) != self.digest:
            raise InputError("changed while the run was at work", place=self.name, fix="Run again")
        return data


def read_source(source: Source) -> bytes:
    """Return the bytes of a source document; raise `InputError` where it cannot be read."""
    if source.path.is_dir():
        raise InputError(
            "is a link to a folder, which is not followed", place=source.name, fix="Copy it here"
        )
    if source.path.exists() and not source.path.is_file():
        raise InputError("is not a regular file", place=source.name, fix="Take it out of the sources")
    try:
        return source.path.read_bytes()
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", place=source.name) from None


def open_document(source: Source, language: str) -> Document:
    """Read a document and split it into segments.

    Raises:
        InputError: it cannot be read, or there is nothing to translate in it.
    """
    data = read_source(source)
    blocks = documents.read(data, source.name)
    return Document(
        source, sha256(data), tuple(blocks), tuple(segments.segment(source.name, blocks, language))
    )


@dataclass(frozen=True)
class Upstream:
    """What a unit builds on: the document and the units before it in the chain, by stage name."""

    document: Document
    units: dict[str, Unit]


@dataclass(frozen=True)
class Stage:
    """A step of the job.

    Attributes:
        name: of the stage.
        version: bumped by hand when results change; code is not hashed.
        per_target: one unit for each target, else one a document.
        plan: returns the unit; pure, it powers `terjiman plan`.
        run: does the unit's work, writes only below the given temporary folder, returns statistics.
    """

    name: str
    version: int
    per_target: bool
    plan: Callable[[Workspace, Upstream, str], Unit]
    run: Callable[[Workspace, Upstream, Unit, Path], Stats]


def digest_of(value: Any) -> str:
    """Return the sha256 of a JSON-able value, keys sorted."""
    return sha256(json.dumps(value, sort_keys=True, ensure_ascii=False).encode())


@functools.lru_cache(maxsize=4)
def read_records(path: Path, digest: str) -> tuple[dict[str, Any], ...]:
    """Return the JSON Lines of a committed file; `digest` (from its manifest) is part of the cache's key."""
    return tuple(json.loads(line) for line in path.read_bytes().splitlines())


def has_file(workspace: Workspace, unit: Unit, name: str) -> bool:
    """Tell whether a unit that is done has written a file."""
    manifest = workspace.state.manifest(unit.stage, unit.document, unit.lang)
    return manifest is not None and manifest.key == unit.key and name in manifest.files


def committed(workspace: Workspace, unit: Unit, name: str) -> tuple[dict[str, Any], ...]:
    """Return the records in a file of a unit that is done."""
    manifest = workspace.state.manifest(unit.stage, unit.document, unit.lang)
    if manifest is None or manifest.key != unit.key:
        raise RuntimeError(f"{unit.title} is not done")
    return read_records(workspace.state.unit_folder(unit) / name, manifest.files[name])
