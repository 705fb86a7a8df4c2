"""score: checks on every segment, waivers, metrics against a human translation where there is one."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, astuple, dataclass, replace
from pathlib import Path
from typing import Any

from corpora.records import (
    Flag,
    Segment,
    Translation,
    as_data,
    bead_from,
    flag_from,
    segment_from,
    term_use_from,
    translation_from,
)
from corpora.text import join_sentences
from pipeline.quality.check_rules import Rules
from pipeline.quality.checks import check
from pipeline.quality.checks.meaning import MEANING, meaning
from pipeline.quality.metrics import computable, score
from pipeline.stages.base import Stage, Upstream, committed, digest_of, has_file
from pipeline.state import Stats, Unit
from pipeline.storage import write_new
from pipeline.waivers import Waiver, concerning, find, waive
from pipeline.workspace import Workspace

VERSION = 12


@dataclass(frozen=True, slots=True)
class Scored:
    """A segment's translation with the final verdict on its terms, and all its flags.

    Attributes:
        translation: its terms judged, waivers applied.
        flags: those of the translation and those of the checks, waivers applied.
        waiver: who let it pass and why, empty where nobody did or had to.
    """

    translation: Translation
    flags: tuple[Flag, ...]
    waiver: str = ""

    @property
    def is_passed(self) -> bool:
        """Tell whether it leaves as passed: every term true or waived, and no flag of severity error."""
        sound = all(use.verdict in ("passed", "waived") for use in self.translation.terms)
        return sound and not self.has("error")

    def has(self, *severities: str) -> bool:
        """Tell whether it has a flag of one of the severities."""
        return any(flag.severity in severities for flag in self.flags)


def plan(workspace: Workspace, upstream: Upstream, lang: str) -> Unit:
    """Plan a unit keyed by the translations, the alignment, the metrics and the waivers for its texts."""
    parts = {
        "translation": upstream.units["translate"].key,
        "alignment": upstream.units["align"].key,
        "metrics": ",".join(workspace.job.settings.score.metrics),
        "checks": digest_of([workspace.job.settings.checks.rules.as_data(), _encoder_digest(workspace)]),
        "waivers": digest_of(
            [astuple(replace(one, place="")) for one in _waivers(workspace, upstream, lang)]
        ),
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
    waivers = _waivers(workspace, upstream, unit.lang)
    rules = workspace.job.settings.checks.rules
    strays = _strays(workspace, source, translations, rules)
    results = [
        _judge(segment, translation, stray, waivers, rules)
        for segment, translation, stray in zip(source, translations, strays, strict=True)
    ]
    _write_lines(folder / "flags.jsonl", [_record(result) for result in results])
    pairs = _pairs(workspace, upstream, translations, unit.lang)
    _write_lines(folder / "pairs.jsonl", pairs)
    scores = {}
    if pairs:
        ours, theirs = [pair["hypothesis"] for pair in pairs], [pair["reference"] for pair in pairs]
        metrics = computable(workspace.job.settings.score.metrics, ours, theirs)
        found = score(ours, theirs, unit.lang, metrics)
        scores = {name: asdict(result) for name, result in found.items()}
    write_new(folder / "scores.json", json.dumps(scores, ensure_ascii=False, indent=1).encode() + b"\n")
    return _stats(results, scores, len(pairs))


def _waivers(workspace: Workspace, upstream: Upstream, lang: str) -> tuple[Waiver, ...]:
    """Return the waivers that can hold in this document and language."""
    document = upstream.document
    return concerning(workspace.waivers, document.name, lang, (item.text for item in document.segments))


def _encoder_digest(workspace: Workspace) -> str:
    """Return what identifies the encoder that compares meanings, empty where none does."""
    settings = workspace.job.settings.checks
    return workspace.checks_encoder.digest if settings.encoder and MEANING not in settings.off else ""


def _strays(
    workspace: Workspace, source: Sequence[Segment], translations: Sequence[Translation], rules: Rules
) -> list[tuple[Flag, ...]]:
    """Return the flag of each translation that does not mean what its source means."""
    if not _encoder_digest(workspace):
        return [()] * len(source)
    texts = [segment.text for segment in source]
    return meaning(texts, [item.text for item in translations], workspace.checks_encoder, rules)


def _judge(
    segment: Segment,
    translation: Translation,
    stray: Sequence[Flag],
    waivers: Sequence[Waiver],
    rules: Rules,
) -> Scored:
    """Check a segment, then let a waiver that holds for it lower what was found.

    The rules hold for what the engine said of its answer too: it names the same checks.
    """
    found = check(segment.text, translation.text, translation.lang, rules=rules, terms=translation.terms)
    flags = (*rules.applied(translation.flags), *found, *stray)
    waiver = find(waivers, segment.text, translation.text)
    if waiver is None:
        return Scored(translation, flags)
    terms, lowered = waive(waiver, translation.terms, flags)
    needed = (terms, lowered) != (translation.terms, flags)
    return Scored(replace(translation, terms=terms), lowered, waiver.account if needed else "")


def _record(result: Scored) -> dict[str, object]:
    """Return the line of `flags.jsonl` for a segment."""
    return {
        "segment": result.translation.segment,
        "flags": [as_data(flag) for flag in result.flags],
        "terms": [as_data(use) for use in result.translation.terms],
        "waiver": result.waiver,
    }


def _pairs(
    workspace: Workspace, upstream: Upstream, translations: Sequence[Translation], lang: str
) -> list[dict[str, str]]:
    """Return hypothesis and reference for each bead that has both sides."""
    align = upstream.units["align"]
    if not has_file(workspace, align, "reference.jsonl"):
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


def scored(translations: Sequence[Mapping[str, Any]], records: Sequence[Mapping[str, Any]]) -> list[Scored]:
    """Rebuild the segments of a document from `translations.jsonl` and this stage's `flags.jsonl`."""
    return [
        Scored(
            replace(translation_from(data), terms=tuple(map(term_use_from, record["terms"]))),
            tuple(map(flag_from, record["flags"])),
            record["waiver"],
        )
        for data, record in zip(translations, records, strict=True)
    ]


def _stats(results: Sequence[Scored], scores: Mapping[str, object], pairs: int) -> Stats:
    uses = [use for result in results for use in result.translation.terms]
    counts = Counter(f"{flag.severity} {flag.check}" for result in results for flag in result.flags)
    return {
        "segments": len(results),
        "passed": sum(result.is_passed for result in results),
        "flagged": sum(result.has("error", "warning") for result in results),
        "flagged as error": sum(result.has("error") for result in results),
        "waived": sum(bool(result.waiver) for result in results),
        "flags": dict(sorted(counts.items())),
        "terms": len(uses),
        "terms passed": sum(use.verdict == "passed" for use in uses),
        "terms waived": sum(use.verdict == "waived" for use in uses),
        "rungs": dict(sorted(Counter(str(use.rung) for use in uses).items())),
        "scores": dict(scores),
        "scored pairs": pairs,
    }


def _write_lines(path: Path, records: Sequence[object]) -> None:
    lines = [json.dumps(record, ensure_ascii=False, separators=(",", ":")) for record in records]
    write_new(path, "".join(line + "\n" for line in lines).encode())


STAGE = Stage("score", VERSION, True, plan, run)
