"""score: reference-free checks on every segment, metrics against a human translation where there is one."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from corpora.records import Flag, Translation, bead_from, segment_from, translation_from
from corpora.text import join_sentences
from pipeline.quality.checks import check
from pipeline.quality.metrics import score
from pipeline.stages.base import Stage, Upstream, committed
from pipeline.state import Stats, Unit
from pipeline.storage import write_new
from pipeline.workspace import Workspace

VERSION = 1


def plan(workspace: Workspace, upstream: Upstream, lang: str) -> Unit:
    """Plan a unit keyed by the translations, the alignment and the metrics."""
    parts = {
        "translation": upstream.units["translate"].key,
        "alignment": upstream.units["align"].key,
        "metrics": ",".join(workspace.job.settings.score.metrics),
    }
    return Unit("score", upstream.document.name, lang, VERSION, parts)


def run(workspace: Workspace, upstream: Upstream, unit: Unit, folder: Path) -> Stats:
    """Write `flags.jsonl` (one record a segment), `pairs.jsonl` and `scores.json`."""
    source = upstream.document.segments
    translations = [
        translation_from(data)
        for data in committed(workspace, upstream.units["translate"], "translations.jsonl")
    ]
    if len(translations) != len(source):
        raise RuntimeError(f"{len(source)} segments, but {len(translations)} translations")
    flags = [
        (*translation.flags, *check(segment.text, translation.text, unit.lang))
        for segment, translation in zip(source, translations, strict=True)
    ]
    records = [
        {"segment": segment.id, "flags": [asdict(flag) for flag in doubts]}
        for segment, doubts in zip(source, flags, strict=True)
    ]
    _write_lines(folder / "flags.jsonl", records)
    pairs = _pairs(workspace, upstream, translations, unit.lang)
    _write_lines(folder / "pairs.jsonl", pairs)
    scores = {}
    if pairs:
        results = score(
            [pair["hypothesis"] for pair in pairs],
            [pair["reference"] for pair in pairs],
            unit.lang,
            workspace.job.settings.score.metrics,
        )
        scores = {name: asdict(result) for name, result in results.items()}
    write_new(folder / "scores.json", json.dumps(scores, ensure_ascii=False, indent=1).encode() + b"\n")
    return _stats(translations, flags, scores, len(pairs))


def _pairs(
    workspace: Workspace, upstream: Upstream, translations: Sequence[Translation], lang: str
) -> list[dict[str, str]]:
    """Return hypothesis and reference for each bead that has both sides."""
    align = upstream.units["align"]
    if "reference" not in align.parts:
        return []
    hypotheses = {item.segment: item.text for item in translations}
    references = {
        segment.id: segment.text
        for segment in (segment_from(data) for data in committed(workspace, align, "reference.jsonl"))
    }
    pairs = []
    for bead in (bead_from(data) for data in committed(workspace, align, "reference-beads.jsonl")):
        if bead.source and bead.target:
            hypothesis = join_sentences([hypotheses[name] for name in bead.source], lang)
            reference = join_sentences([references[name] for name in bead.target], lang)
            pairs.append({"hypothesis": hypothesis, "reference": reference})
    return pairs


def is_passed(translation: Translation, flags: Sequence[Flag]) -> bool:
    """Tell whether a segment leaves as passed: every term true and no flag of severity error."""
    return all(use.verdict in ("passed", "waived") for use in translation.terms) and not any(
        flag.severity == "error" for flag in flags
    )


def _stats(
    translations: Sequence[Translation],
    flags: Sequence[Sequence[Flag]],
    scores: Mapping[str, object],
    pairs: int,
) -> Stats:
    uses = [use for item in translations for use in item.terms]
    counts = Counter(f"{flag.severity} {flag.check}" for doubts in flags for flag in doubts)
    return {
        "segments": len(translations),
        "passed": sum(is_passed(item, doubts) for item, doubts in zip(translations, flags, strict=True)),
        "flagged": sum(any(flag.severity in ("error", "warning") for flag in doubts) for doubts in flags),
        "flagged as error": sum(any(flag.severity == "error" for flag in doubts) for doubts in flags),
        "flags": dict(sorted(counts.items())),
        "terms": len(uses),
        "terms passed": sum(use.verdict in ("passed", "waived") for use in uses),
        "rungs": dict(sorted(Counter(str(use.rung) for use in uses).items())),
        "scores": dict(scores),
        "scored pairs": pairs,
    }


def _write_lines(path: Path, records: Sequence[object]) -> None:
    lines = [json.dumps(record, ensure_ascii=False, separators=(",", ":")) for record in records]
    write_new(path, "".join(line + "\n" for line in lines).encode())


STAGE = Stage("score", VERSION, True, plan, run)
