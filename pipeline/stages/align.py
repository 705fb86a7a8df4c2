"""align: own output by construction, human translations by the aligner."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from corpora import documents, segments
from corpora.alignment import align
from corpora.errors import InputError
from corpora.records import Bead, Segment, to_jsonl
from pipeline.stages.base import Stage, Upstream
from pipeline.state import Stats, Unit
from pipeline.storage import sha256, write_new
from pipeline.workspace import Workspace

VERSION = 1


def plan(workspace: Workspace, upstream: Upstream, lang: str) -> Unit:
    """Plan a unit keyed by the segments, the human translation if there is one, and the encoder."""
    parts = {"source": upstream.units["ingest"].key}
    reference = workspace.job.reference(upstream.document.name, lang)
    if reference is not None:
        parts["reference"] = sha256(_read(reference))
        parts["encoder"] = workspace.encoder.digest
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
    beads = _align(workspace, source, reference, unit.lang)
    write_new(folder / "reference.jsonl", to_jsonl(reference).encode())
    write_new(folder / "reference-beads.jsonl", to_jsonl(beads).encode())
    return {
        "reference": True,
        "reference segments": len(reference),
        "beads": len(beads),
        "without counterpart": sum(not bead.source or not bead.target for bead in beads),
    }


def _align(
    workspace: Workspace, source: Sequence[Segment], target: Sequence[Segment], lang: str
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
