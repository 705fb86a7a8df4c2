"""What would run, and why. Pure: reads documents and state, writes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from corpora.errors import InputError, MissingError
from pipeline.job import Source
from pipeline.stages import align, ingest, publish, score, translate
from pipeline.stages.base import Document, Stage, Upstream, open_document
from pipeline.state import Manifest, Unit
from pipeline.workspace import Workspace

STAGES: tuple[Stage, ...] = (
    ingest.STAGE,
    translate.STAGE,
    align.STAGE,
    score.STAGE,
    publish.STAGE,
)

# what a changed part of a key is called in a plan; parts that follow from an earlier stage come last
_REASONS = {
    "source": "source changed",
    "model": "model changed",
    "terms": "term changed",
    "forbidden terms": "forbidden renderings changed",
    "other terms": "doubts about terms changed",
    "reference": "reference changed",
    "encoder": "encoder changed",
    "metrics": "metrics changed",
    "waivers": "waivers changed",
    "checks": "checks changed",
    "formats": "formats changed",
    "language": "source language changed",
    "translation": "translation changed",
    "alignment": "alignment changed",
    "scores": "scores or flags changed",
}


@dataclass(frozen=True, slots=True)
class PlannedUnit:
    """A unit, and why it would run; an empty reason means that it is done.

    `segments` holds, for a translation, the ids of the segments to translate, each with its reason.
    """

    unit: Unit
    reason: str
    segments: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DocumentPlan:
    """The units of one document: ingest, then a chain for each target. `error` if it cannot be read."""

    source: Source
    document: Document | None
    ingest: PlannedUnit | None
    chains: dict[str, tuple[PlannedUnit, ...]]
    error: InputError | None = None

    def upstream(self, lang: str = "") -> Upstream:
        """Return what the units of a target build on."""
        if self.document is None or self.ingest is None:
            raise RuntimeError(f"{self.source.name} cannot be read")
        units = {planned.unit.stage: planned.unit for planned in self.chains.get(lang, ())}
        return Upstream(self.document, {"ingest": self.ingest.unit, **units})

    def units(self) -> Iterator[PlannedUnit]:
        """Iterate over all planned units."""
        if self.ingest is not None:
            yield self.ingest
        for chain in self.chains.values():
            yield from chain


@dataclass(frozen=True, slots=True)
class JobPlan:
    """The plan of a job: its documents, and what is left of documents and targets that are gone."""

    documents: tuple[DocumentPlan, ...]
    removed: tuple[Manifest, ...]

    def gone(self) -> list[str]:
        """Say what is removed, and why."""
        names = {item.source.name for item in self.documents}
        lines = {
            f"the outputs of {item.document}: its source is gone"
            if item.document not in names
            else f"{item.document} → {item.lang}: the job has this target no more"
            for item in self.removed
        }
        return sorted(lines)

    def to_do(self) -> list[PlannedUnit]:
        """Return the units that would run."""
        return [unit for document in self.documents for unit in document.units() if unit.reason]


def plan_job(workspace: Workspace) -> JobPlan:
    """Plan every document of the job.

    Raises:
        MissingError: no document matches, or a model is not installed.
    """
    job = workspace.job
    sources = job.find_sources()
    names, targets = {source.name for source in sources}, ("", *job.all_targets)
    manifests = list(workspace.state.manifests())
    if not sources and not manifests:
        raise MissingError(
            f"no document matches sources = {list(job.settings.sources)}",
            place=str(job.folder),
            fix="Put the documents there, or correct the pattern",
        )
    removed = tuple(item for item in manifests if item.document not in names or item.lang not in targets)
    return JobPlan(tuple(plan_document(workspace, source) for source in sources), removed)


def plan_document(workspace: Workspace, source: Source) -> DocumentPlan:
    """Plan one document; one that cannot be read has an error instead of units."""
    try:
        document = open_document(source, workspace.job.settings.source_language)
    except InputError as error:
        return DocumentPlan(source, None, None, {}, error)
    upstream = Upstream(document, {})
    first = _planned(workspace, upstream, ingest.STAGE.plan(workspace, upstream, ""), "")
    chains = {lang: _chain(workspace, document, first.unit, lang) for lang in workspace.targets}
    return DocumentPlan(source, document, first, chains)


def _chain(workspace: Workspace, document: Document, first: Unit, lang: str) -> tuple[PlannedUnit, ...]:
    units = {"ingest": first}
    planned = []
    for stage in STAGES:
        if stage.per_target:
            upstream = Upstream(document, dict(units))
            units[stage.name] = stage.plan(workspace, upstream, lang)
            planned.append(_planned(workspace, upstream, units[stage.name], lang))
    return tuple(planned)


def _planned(workspace: Workspace, upstream: Upstream, unit: Unit, lang: str) -> PlannedUnit:
    manifest = workspace.state.manifest(unit.stage, unit.document, unit.lang)
    reason = _reason(workspace, unit, manifest)
    if not reason or unit.stage != "translate":
        return PlannedUnit(unit, reason)
    stale = translate.stale_segments(workspace, upstream, lang)
    segments = upstream.document.segments
    told = {segments[index].id: why for index, why in stale.items()}
    if manifest is not None and unit.parts["source"] != manifest.parts.get("source"):
        # another text has other terms in it; only segments whose own terms changed are worth telling
        changes = [why for why in reason.split(", ") if why != "term changed" or why in told.values()]
        reason = ", ".join(changes)
    return PlannedUnit(unit, reason, told)


def _reason(workspace: Workspace, unit: Unit, manifest: Manifest | None) -> str:
    """Say why a unit must run; empty if it is done."""
    if manifest is None:
        damaged = workspace.state.has_manifest(unit)
        return "its manifest is damaged" if damaged else "new"
    if manifest.key == unit.key:
        return "" if workspace.state.is_whole(manifest) else "its results are damaged or gone"
    if manifest.version != unit.version:
        return "made by another version"
    changed = {part for part in _REASONS if manifest.parts.get(part) != unit.parts.get(part)}
    if changed != {"other terms"}:  # it follows from any other change of the glossary
        changed -= {"other terms"}
    return ", ".join(text for part, text in _REASONS.items() if part in changed) or "settings changed"


def describe_plan(plan: JobPlan) -> list[str]:
    """Return the plan as lines for a person."""
    lines = [f"cannot be read: {item.error}" for item in plan.documents if item.error]
    for planned in plan.to_do():
        line = f"{planned.unit.title}: {planned.reason}"
        if planned.segments:
            shown = list(planned.segments.items())
            names = "; ".join(
                f"{name.rsplit(':', 2)[1]}:{name.rsplit(':', 1)[1]} {why}" for name, why in shown[:8]
            )
            more = f"; and {len(shown) - 8} more" if len(shown) > 8 else ""
            line += f" ({len(shown)} segments: {names}{more})"
        lines.append(line)
    return lines + [f"remove {line}" for line in plan.gone()]
