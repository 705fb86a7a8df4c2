"""publish: translated documents and bitext, made below the unit's folder; see also `pipeline.delivery`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from corpora import documents, segments
from corpora.bitext import Pair, jsonl, tmx, tsv, xliff
from corpora.records import Segment, Translation
from pipeline.stages.base import Stage, Upstream, committed
from pipeline.stages.score import Scored, scored
from pipeline.state import Stats, Unit
from pipeline.storage import make_folder, write_new
from pipeline.workspace import Workspace

VERSION = 2

BITEXT = {"tsv": tsv.write, "jsonl": jsonl.write, "tmx": tmx.write, "xliff": xliff.write}


def plan(workspace: Workspace, upstream: Upstream, lang: str) -> Unit:
    """Plan a unit keyed by the document's bytes, its translations and flags, and the formats."""
    formats = [name for name in workspace.job.settings.publish.formats if name != "review"]
    parts = {
        "source": upstream.units["ingest"].key,
        "scores": upstream.units["score"].key,
        "formats": ",".join(formats),
    }
    return Unit("publish", upstream.document.name, lang, VERSION, parts)


def run(workspace: Workspace, upstream: Upstream, unit: Unit, folder: Path) -> Stats:
    """Write the files below the folder, at the paths that they have below `out/`."""
    document, lang = upstream.document, unit.lang
    results = scored(
        committed(workspace, upstream.units["translate"], "translations.jsonl"),
        committed(workspace, upstream.units["score"], "flags.jsonl"),
    )
    formats = [name for name in workspace.job.settings.publish.formats if name != "review"]
    pairs = bitext_pairs(document.segments, results, lang, unit.document)
    translations = [result.translation for result in results]
    notice = workspace.engine_info(lang).warning
    files: dict[str, bytes] = {}
    for name in formats:
        if name == "document":
            files[f"{lang}/{unit.document}"] = _document(upstream, translations, lang)
        else:
            source_lang = workspace.job.settings.source_language
            data = BITEXT[name](pairs, source_lang=source_lang, lang=lang, notice=notice)
            files[f"bitext/{unit.document}.{lang}.{name}"] = data
    for path, data in files.items():
        make_folder((folder / path).parent)
        write_new(folder / path, data)
    return {"files": sorted(files)}


def _document(upstream: Upstream, translations: Sequence[Translation], lang: str) -> bytes:
    document = upstream.document
    translated = {item.segment: (item.text, item.markup) for item in translations}
    blocks = segments.assemble(document.blocks, document.segments, translated, lang)
    return documents.render(document.data(), document.name, blocks, lang)


def bitext_pairs(
    source: Sequence[Segment], results: Sequence[Scored], lang: str, document: str
) -> list[Pair]:
    """Return one pair a segment, with its audit records and all its flags."""
    return [
        Pair(
            id=segment.id,
            source=segment.text,
            target=result.translation.text,
            lang=lang,
            document=document,
            model=result.translation.model,
            origin=result.translation.origin,
            flags=result.flags,
            terms=result.translation.terms,
        )
        for segment, result in zip(source, results, strict=True)
    ]


STAGE = Stage("publish", VERSION, True, plan, run)
