"""align: own output by construction, human translations by the aligner."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from corpora import documents, segments
from corpora.alignment import Lock, align, read_locks
from corpora.errors import InputError
from corpora.records import Bead, Segment, to_jsonl
from pipeline.stages.base import Stage, Upstream
from pipeline.state import Stats, Unit
from pipeline.storage import sha256, write_new
from pipeline.workspace import Workspace

VERSION = 6


def plan(workspace: Workspace, upstream: Upstream, lang: str) -> Unit:
    """Plan a unit keyed by the segments, and by the human translation, its locks and the encoder if any."""
    parts = {"source": upstream.units["ingest"].key}
    reference = workspace.job.reference(upstream.document.name, lang)
    if reference is not None:
        parts["reference"] = sha256(_read(reference))
        parts["encoder"] = workspace.encoder.digest
        locked = workspace.job.locked(upstream.document.name, lang)
        if locked is not None:
            parts["locked"] = sha256(_read(locked))
    return Unit("align", upstream.document.name, lang, VERSION, parts)


def run(workspace: Workspace, upstream: Upstream, unit: Unit, folder: Path) -> Stats:
    """Write `beads.jsonl` (own output) and, with a reference, `reference.jsonl`, `reference-beads.jsonl`."""
    source = upstream.document.segments
    own = [Bead((segment.id,), (segment.id,), 1.0, 1.0) for segment in source]
    write_new(folder / "beads.jsonl", to_jsonl(own).encode())
    path = workspace.job.reference(unit.document, unit.lang)
    if path is None:
        return {"reference": False}
    data = _read(path)
    if sha256(data) != unit.parts.get("reference"):
        raise InputError("changed while the run was at work", place=str(path), fix="Run again")
    try:
        reference = segments.segment(unit.document, documents.read(data, str(path)), unit.lang)
    except InputError as error:
        # the translation does not depend on it: it is published, and the fault is told in every run
        return {
            "reference": False,
            "problem": f"the human translation cannot be read: {error.message} ({path.name})",
        }
    try:
        locks = _locks(workspace, unit)
        beads = _align(workspace, source, reference, unit.lang, locks)
    except InputError as error:
        return {"reference": False, "problem": f"the human translation cannot be aligned: {error}"}
    write_new(folder / "reference.jsonl", to_jsonl(reference).encode())
    write_new(folder / "reference-beads.jsonl", to_jsonl(beads).encode())
    return {
        "reference": True,
        "reference segments": len(reference),
        "beads": len(beads),
        "locked": len(locks),
        "without counterpart": sum(not bead.source or not bead.target for bead in beads),
    }


def _locks(workspace: Workspace, unit: Unit) -> list[Lock]:
    """Read the settled beads of a document; they are told by the file's name in the job."""
    path = workspace.job.locked(unit.document, unit.lang)
    if path is None:
        return []
    data, place = _read(path), path.relative_to(workspace.job.folder).as_posix()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError("not UTF-8", place=place, fix="Save the file as UTF-8") from None
    return read_locks(text.splitlines(), place)


def _align(
    workspace: Workspace,
    source: Sequence[Segment],
    target: Sequence[Segment],
    lang: str,
    locks: Sequence[Lock],
) -> list[Bead]:
    """Align two lists of segments and give the beads their ids."""
    beads = align(
        [segment.text for segment in source],
        [segment.text for segment in target],
        workspace.encoder,
        source_lang=workspace.job.settings.source_language,
        target_lang=lang,
        source_paragraphs=[segment.paragraph for segment in source],
        target_paragraphs=[segment.paragraph for segment in target],
        locked=locks,
    )
    named = [
        replace(
            bead,
            source=tuple(source[int(index)].id for index in bead.source),
            target=tuple(target[int(index)].id for index in bead.target),
        )
        for bead in beads
    ]
    counts = (sum(len(bead.source) for bead in named), sum(len(bead.target) for bead in named))
    if counts != (len(source), len(target)):
        raise RuntimeError(f"{len(source)}:{len(target)} segments went in, {counts[0]}:{counts[1]} came out")
    return named


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", place=str(path)) from None


STAGE = Stage("align", VERSION, True, plan, run)
