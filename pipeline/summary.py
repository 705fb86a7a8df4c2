"""The end of a run: the report, the review page and the summary, rebuilt from all manifests each time."""

from __future__ import annotations

import importlib.metadata
import json
import platform
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from pipeline.delivery import Delivery
from pipeline.history import past_runs, remember
from pipeline.planning import STAGES
from pipeline.publishing.report import render_report, render_summary
from pipeline.publishing.report_data import ModelUse, RunReport, UnitOutcome, document_outcome, total
from pipeline.publishing.report_details import term_counts, worst_segments
from pipeline.publishing.report_history import PastRun, StageTime
from pipeline.publishing.review import render_review
from pipeline.publishing.review_data import ReviewDocument
from pipeline.quality.metrics import NO_SPM, SPBLEU, computable, score, spm_file
from pipeline.results import Results
from pipeline.runner import Outcome
from pipeline.stages.base import digest_of
from pipeline.storage import write_atomic
from pipeline.waivers import Standing, idle
from pipeline.workspace import Workspace

REPORT, REVIEW, DATA = "report.html", "review.html", "report.json"
SCHEMA = 1  # of report.json
_PAGES = "pages.json"  # in the state folder: what the pages show


@dataclass(frozen=True, slots=True)
class Summary:
    """What the command says at the end: text for a person, the same as data, and the exit code."""

    text: str
    data: Mapping[str, Any]
    exit_code: int

    def to_json(self) -> str:
        """Return the data as one JSON object."""
        return json.dumps(self.data, ensure_ascii=False)


def publish_summary(
    workspace: Workspace, outcome: Outcome, *, seconds: float | None, anew: bool = False
) -> Summary:
    """Write `out/report.html`, `report.json` and `review.html` if anything changed; return the summary.

    Args:
        seconds: how long the run took; None where there was none.
        anew: write all in any case, also a review page that the job does not ask for.
    """
    results = Results(workspace.state)
    done = list(results.done())
    documents = [
        ReviewDocument(document, lang, results.rows(document, lang), results.stats(document, lang)["scores"])
        for document, lang in done
    ]
    pooled, models = _pooled_scores(workspace, results, done), _models(results, done)
    idle_waivers = find_idle(workspace, results)
    for line in idle_waivers:
        workspace.reporter.warn(f"warning: {line}")
    report = _report(workspace, outcome, documents, pooled, models, idle_waivers, seconds)
    report = _with_history(workspace, results, outcome, report)
    state = _pages_state(results, report)
    if anew or not _pages_are(workspace, state, report):
        delivery = Delivery(workspace.job, workspace.state, workspace.reporter)
        delivery.write(REPORT, render_report(report).encode())
        delivery.write(DATA, _as_json(report))
        if anew or "review" in workspace.job.settings.publish.formats:
            notices = [
                f"{model.name} ({', '.join(model.langs)}): {model.warning}"
                for model in report.models
                if model.warning
            ]
            page = render_review(
                documents,
                title=report.job,
                notices=notices,
                generated=f"{report.when}, terjiman {_version()}",
            )
            delivery.write(REVIEW, page.encode())
        write_atomic(workspace.state.folder / _PAGES, json.dumps(state).encode())
    return Summary(render_summary(report).rstrip("\n"), _data(workspace, report, outcome), report.exit_code)


def find_idle(workspace: Workspace, results: Results) -> tuple[str, ...]:
    """Return a line for each waiver that holds for nothing any more."""
    if not workspace.waivers:
        return ()
    concerned = {one.lang for one in workspace.waivers}
    standing = {
        (document, lang): [
            Standing(row.segment.text, row.translation.text, bool(row.waiver))
            for row in results.rows(document, lang)
        ]
        for document, lang in results.done()
        if lang in concerned
    }
    names = [source.name for source in workspace.job.find_sources()]
    return tuple(idle(workspace.waivers, standing, names, workspace.targets))


@dataclass(frozen=True, slots=True)
class Pooled:
    """Scores over many documents: by language and metric; and by model, language and metric."""

    scores: dict[str, dict[str, object]]
    by_model: dict[str, dict[str, dict[str, object]]]


def _pooled_scores(workspace: Workspace, results: Results, done: Sequence[tuple[str, str]]) -> Pooled:
    """Return the scores over all documents of each target that have a human translation.

    Bootstrapping them takes seconds, so they are kept beside the state until a result changes.
    """
    cache = workspace.state.folder / "pooled-scores.json"
    key = results.digest()
    try:
        kept = json.loads(cache.read_bytes())
        if kept["key"] == key:
            return Pooled(dict(kept["scores"]), dict(kept["models"]))
    except (OSError, ValueError, KeyError, TypeError):
        kept = None
    pairs: dict[str, dict[str, list[Mapping[str, str]]]] = defaultdict(lambda: defaultdict(list))
    for document, lang in done:
        if found := results.pairs(document, lang):
            pairs[lang][results.model(document, lang)["name"]] += found
    metrics = workspace.job.settings.score.metrics
    pooled = Pooled({}, {})
    for lang, models in pairs.items():
        whole = _scores([pair for found in models.values() for pair in found], lang, metrics)
        pooled.scores[lang] = whole
        for model, found in models.items():
            mine = whole if len(models) == 1 else _scores(found, lang, metrics)
            pooled.by_model.setdefault(model, {})[lang] = mine
    body = {"key": key, "scores": pooled.scores, "models": pooled.by_model}
    write_atomic(cache, json.dumps(body, ensure_ascii=False).encode())
    return pooled


def _scores(pairs: Sequence[Mapping[str, str]], lang: str, metrics: Sequence[str]) -> dict[str, object]:
    ours, theirs = [pair["hypothesis"] for pair in pairs], [pair["reference"] for pair in pairs]
    found = score(ours, theirs, lang, computable(metrics, ours, theirs))
    return {name: asdict(value) for name, value in found.items()}


def _report(
    workspace: Workspace,
    outcome: Outcome,
    documents: Sequence[ReviewDocument],
    pooled: Pooled,
    models: tuple[ModelUse, ...],
    idle_waivers: tuple[str, ...],
    seconds: float | None,
) -> RunReport:
    failures = tuple(
        UnitOutcome(item.stage, item.document, item.lang, "failed", item.message) for item in outcome.failures
    )
    outcomes = tuple(
        document_outcome(document.path, document.lang, document.rows, document.scores)
        for document in documents
    )
    errors = sum(item.errors for item in outcomes)
    fails = bool(outcome.failures or outcome.waiting)
    if workspace.job.settings.run.fail_on == "error-flag" and errors:
        fails = True
    return RunReport(
        job=workspace.job.folder.name,
        when=datetime.now().astimezone().strftime("%Y-%m-%d %H:%M %Z"),
        versions={
            "terjiman": _version(),
            "ctranslate2": importlib.metadata.version("ctranslate2"),
            "sacrebleu": importlib.metadata.version("sacrebleu"),
            "python": platform.python_version(),
        },
        models=models,
        units=failures,
        documents=outcomes,
        scores=pooled.scores,
        model_scores=pooled.by_model,
        worst=worst_segments(documents),
        terms=term_counts(documents),
        notes=_notes(workspace, pooled),
        exit_code=1 if fails else 0,
        seconds=seconds,
        idle_waivers=idle_waivers,
        review=REVIEW if "review" in workspace.job.settings.publish.formats else "",
    )


def _notes(workspace: Workspace, pooled: Pooled) -> tuple[str, ...]:
    """Return what to say of scores that are not there."""
    wanted = workspace.job.settings.score.metrics
    return (NO_SPM,) if pooled.scores and SPBLEU not in wanted and spm_file() is None else ()


def _with_history(workspace: Workspace, results: Results, outcome: Outcome, report: RunReport) -> RunReport:
    """Return the report with what past runs reached, this run recorded if it changed a result."""
    sums = {lang: total(report.documents, lang) for lang in report.langs}
    judged = {
        lang: (one.verdicts.get("passed", 0), one.verdicts.get("failed", 0)) for lang, one in sums.items()
    }
    run = PastRun(
        when=report.when,
        digest=results.digest(),
        models={
            lang: ", ".join(model.name for model in report.models if lang in model.langs)
            for lang in report.langs
        },
        scores=report.scores,
        errors={lang: (one.errors, one.segments) for lang, one in sums.items()},
        terms={lang: (passed, passed + failed) for lang, (passed, failed) in judged.items()},
        seconds=report.seconds,
        stages=_stage_times(outcome),
    )
    if not report.documents:
        return replace(report, history=past_runs(workspace.state))
    history = remember(workspace.state, run)
    stages = run.stages or next((past.stages for past in reversed(history) if past.stages), ())
    return replace(report, history=history, stages=stages)


def _stage_times(outcome: Outcome) -> tuple[StageTime, ...]:
    """Return where the time of a run went, stage by stage in their order."""
    found: dict[str, StageTime] = {}
    for stage, segments, seconds in outcome.times:
        one = found.get(stage, StageTime(stage, 0, 0, 0.0))
        found[stage] = StageTime(stage, one.units + 1, one.segments + segments, one.seconds + seconds)
    order = [stage.name for stage in STAGES]
    return tuple(sorted(found.values(), key=lambda one: order.index(one.stage)))


def _as_json(report: RunReport) -> bytes:
    """Return the whole report as one JSON object."""
    documents = [
        {**asdict(one), "doubt": round(one.doubt, 4)}
        for one in sorted(report.documents, key=lambda one: -one.doubt)
    ]
    data = {"schema": SCHEMA, **asdict(report), "meaning": report.meaning, "documents": documents}
    return json.dumps(data, ensure_ascii=False, indent=1).encode() + b"\n"


def _models(results: Results, done: Sequence[tuple[str, str]]) -> tuple[ModelUse, ...]:
    """Return the models that wrote what the report shows, also in earlier runs."""
    langs: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for document, lang in done:
        used = results.model(document, lang)
        targets = langs[used["name"], used["digest"], used["warning"]]
        if lang not in targets:
            targets.append(lang)
    return tuple(
        ModelUse(name, tuple(targets), digest, warning) for (name, digest, warning), targets in langs.items()
    )


def _pages_state(results: Results, report: RunReport) -> str:
    """Return the digest of all that the pages show, but for the time."""
    return digest_of(
        [
            results.digest(),
            [asdict(item) for item in report.units],
            report.idle_waivers,
            report.exit_code,
            _version(),
        ]
    )


def _pages_are(workspace: Workspace, state: str, report: RunReport) -> bool:
    """Tell whether the pages are there and show this state."""
    pages = [workspace.job.out / REPORT, workspace.job.out / DATA] + (
        [workspace.job.out / REVIEW] if report.review else []
    )
    try:
        shown = json.loads((workspace.state.folder / _PAGES).read_bytes())
    except (OSError, ValueError):
        return False
    return bool(shown == state) and all(page.is_file() for page in pages)


def _data(workspace: Workspace, report: RunReport, outcome: Outcome) -> dict[str, Any]:
    """Return the summary as JSON-able data (`run --json`)."""
    sums = {lang: total(report.documents, lang) for lang in report.langs}
    return {
        "job": str(workspace.job.folder),
        "exit code": report.exit_code,
        "units done": outcome.done,
        "segments translated": outcome.translated,
        "failures": [asdict(item) for item in outcome.failures],
        "waiting": outcome.waiting,
        "models": [asdict(model) for model in report.models],
        "segments": {lang: item.segments for lang, item in sums.items()},
        "segments with errors": {lang: item.errors for lang, item in sums.items()},
        "segments waived": {lang: sum(item.waivers.values()) for lang, item in sums.items()},
        "idle waivers": list(report.idle_waivers),
        "flags": {
            lang: {f"{flag.severity} {flag.check}": flag.count for flag in item.flags}
            for lang, item in sums.items()
        },
        "terms": {lang: dict(item.verdicts) for lang, item in sums.items()},
        "rungs": {lang: {str(k): v for k, v in item.rungs.items()} for lang, item in sums.items()},
        "scores": {lang: dict(values) for lang, values in report.scores.items()},
        "seconds": report.seconds,
    }


def _version() -> str:
    return importlib.metadata.version("terjiman")
