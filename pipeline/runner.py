"""plan -> execute -> commit: the coordinator of a run. It alone writes."""

from __future__ import annotations

import json
import time
import traceback
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import asdict, dataclass, field

from corpora.errors import StorageError, TerjimanError
from pipeline.delivery import Delivery
from pipeline.planning import STAGES, DocumentPlan, JobPlan, PlannedUnit, plan_job
from pipeline.stages.base import Upstream
from pipeline.state import Unit
from pipeline.storage import write_atomic
from pipeline.workspace import StopRun, Workspace

_STAGES = {stage.name: stage for stage in STAGES}
_ORDER = [stage.name for stage in STAGES]


@dataclass(frozen=True, slots=True)
class Failure:
    """A unit, or a whole document, that could not be done in this run."""

    stage: str
    document: str
    lang: str
    message: str


@dataclass
class Outcome:
    """What a run did. `times` has stage, segments and seconds of each unit done."""

    done: int = 0
    translated: int = 0
    failures: list[Failure] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    times: list[tuple[str, int, float]] = field(default_factory=list)


def run_job(workspace: Workspace, *, only: str = "", workers: int = 1) -> Outcome:
    """Run all that is to do, document by document; a unit that fails stops its own chain only.

    Args:
        only: run this stage alone; units whose earlier stages are not done wait.
        workers: chains (document and target) at work at the same time.

    Raises:
        StopRun: the run was asked to stop.
        StorageError: the disk is full or read-only; nothing half-written is left.
    """
    plan = plan_job(workspace)
    outcome = Outcome()
    for line in plan.gone():
        workspace.reporter.say(f"removed {line}")
    for manifest in plan.removed:
        workspace.state.forget(manifest)
    workspace.reporter.start(sum(len(unit.segments) for unit in plan.to_do()))
    ready = [document for document in plan.documents if _ingest(workspace, document, only, outcome)]
    chains = [(document, lang) for document in ready for lang in document.chains]
    if workers <= 1:
        for document, lang in chains:
            _run_chain(workspace, document, lang, only, outcome)
    else:
        with ThreadPoolExecutor(workers, thread_name_prefix="chain") as pool:
            jobs = [pool.submit(_run_chain, workspace, *chain, only, outcome) for chain in chains]
            for job in as_completed(jobs):
                job.result()
    workspace.reporter.finish()
    published = [item for item in workspace.state.manifests() if item.stage == "publish"]
    Delivery(workspace.job, workspace.state, workspace.reporter).deliver(published)
    _report_problems(workspace, plan, outcome)
    for title in outcome.waiting:
        workspace.reporter.warn(f"{only} waits for: {title}")
    _record_failures(workspace, outcome.failures)
    return outcome


def _report_problems(workspace: Workspace, plan: JobPlan, outcome: Outcome) -> None:
    """Report what a unit could not do though it went on, in every run until it is mended."""
    for document in plan.documents:
        for chain in document.chains.values():
            for unit in (planned.unit for planned in chain):
                manifest = workspace.state.manifest(unit.stage, unit.document, unit.lang)
                problem = manifest.stats.get("problem") if manifest and manifest.key == unit.key else None
                if problem:
                    outcome.failures.append(Failure(unit.stage, unit.document, unit.lang, str(problem)))
                    workspace.reporter.error(f"failed  {unit.title}: {problem}")


def _ingest(workspace: Workspace, document: DocumentPlan, only: str, outcome: Outcome) -> bool:
    """Ingest a document; tell whether its chains can run."""
    if document.error is not None or document.ingest is None:
        _fail(workspace, outcome, Unit("ingest", document.source.name, "", 0, {}), document.error)
        return False
    return _run_unit(workspace, document.upstream(), document.ingest, only, outcome)


def _run_chain(workspace: Workspace, document: DocumentPlan, lang: str, only: str, outcome: Outcome) -> None:
    upstream = document.upstream(lang)
    for planned in document.chains[lang]:
        if not _run_unit(workspace, upstream, planned, only, outcome):
            return


def _run_unit(
    workspace: Workspace, upstream: Upstream, planned: PlannedUnit, only: str, outcome: Outcome
) -> bool:
    """Run one unit if it must; tell whether the next may follow."""
    unit = planned.unit
    if not planned.reason:
        return True
    if only and unit.stage != only:
        if _ORDER.index(unit.stage) < _ORDER.index(only):
            outcome.waiting.append(unit.title)
        return False
    workspace.check_stop()
    started = time.monotonic()
    try:
        folder = workspace.state.temporary(unit)
        stats = _STAGES[unit.stage].run(workspace, upstream, unit, folder)
        workspace.state.commit(unit, folder, stats)
    except (StopRun, StorageError):
        raise
    except Exception as error:
        _fail(workspace, outcome, unit, error)
        return False
    outcome.done += 1
    outcome.translated += int(stats.get("translated", 0))
    took = time.monotonic() - started
    outcome.times.append((unit.stage, len(upstream.document.segments), took))
    detail = _detail(unit.stage, stats)
    workspace.reporter.say(f"done    {unit.title}: {planned.reason}{detail} ({took:.1f} s)")
    return True


def _detail(stage: str, stats: dict[str, object]) -> str:
    if stage == "translate":
        return f"; {stats['translated']} of {stats['segments']} segments translated"
    if stage == "score":
        return f"; {stats['flagged']} of {stats['segments']} segments flagged"
    return ""


def _fail(workspace: Workspace, outcome: Outcome, unit: Unit, error: BaseException | None) -> None:
    """Record a failure; a fault of our own gets its trace into the log."""
    message = str(error)
    if not isinstance(error, TerjimanError):
        message = f"unexpected {type(error).__name__}: {error}; please report this"
        workspace.reporter.trace("".join(traceback.format_exception(error)))
    outcome.failures.append(Failure(unit.stage, unit.document, unit.lang, message))
    workspace.reporter.error(f"failed  {unit.title}: {message}")


def _record_failures(workspace: Workspace, failures: Iterable[Failure]) -> None:
    data = json.dumps([asdict(failure) for failure in failures], ensure_ascii=False, indent=1)
    write_atomic(workspace.state.folder / "failures.json", data.encode() + b"\n")


def last_failures(workspace: Workspace) -> list[Failure]:
    """Return the failures of the last run."""
    try:
        data = json.loads((workspace.state.folder / "failures.json").read_bytes())
        return [Failure(**item) for item in data]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, TypeError):
        workspace.reporter.warn("the record of the last run's failures is damaged; run again")
        return []
