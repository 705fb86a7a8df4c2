"""ingest: a document becomes segments."""

from __future__ import annotations

from pathlib import Path

from corpora.records import to_jsonl
from pipeline.stages.base import Stage, Upstream
from pipeline.state import Stats, Unit
from pipeline.storage import write_new
from pipeline.workspace import Workspace

VERSION = 2


def plan(workspace: Workspace, upstream: Upstream, lang: str) -> Unit:
    """Plan a unit keyed by the document's bytes and the source language."""
    parts = {"source": upstream.document.digest, "language": workspace.job.settings.source_language}
    return Unit("ingest", upstream.document.name, "", VERSION, parts)


def run(workspace: Workspace, upstream: Upstream, unit: Unit, folder: Path) -> Stats:
    """Write `segments.jsonl`."""
    segments = upstream.document.segments
    write_new(folder / "segments.jsonl", to_jsonl(segments).encode())
    words = sum(len(segment.text.split()) for segment in segments)
    return {"blocks": len(upstream.document.blocks), "segments": len(segments), "words": words}


STAGE = Stage("ingest", VERSION, False, plan, run)
