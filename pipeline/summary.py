"""The end of a run: the report, the review page and the summary, rebuilt from all manifests each time."""

from __future__ import annotations

import importlib.metadata
import json
import platform
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from pipeline.delivery import Delivery
from pipeline.publishing.report import render_report, render_summary
from pipeline.publishing.report_data import ModelUse, RunReport, UnitOutcome, document_outcome, total
from pipeline.publishing.review import render_review
from pipeline.publishing.review_data import ReviewDocument
from pipeline.quality.metrics import score
from pipeline.results import Results
from pipeline.runner import Outcome
from pipeline.stages.base import digest_of
from pipeline.storage import write_atomic
from pipeline.waivers import Standing, idle
from pipeline.workspace import Workspace

REPORT, REVIEW = "report.html", "review.html"
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
    """Write `out/report.html` and `out/review.html` if anything changed; return the summary.

    Args:
        seconds: how long the run took; None where there was none.
        anew: write both pages in any case, also a review page that the job does not ask for.
    """
    results = Results(workspace.state)
    done = list(results.done())
    documents = [
        ReviewDocument(document, lang, results.rows(document, lang), results.stats(document, lang)["scores"])
        for document, lang in done
    ]
    scores, models = _pooled_scores(workspace, results, done), _models(results, done)
    idle_waivers = find_idle(workspace, results)
    for line in idle_waivers:
        workspace.reporter.warn(f"warning: {line}")
    report = _report(workspace, outcome, documents, scores, models, idle_waivers, seconds)
    state = _pages_state(results, report)
    if anew or not _pages_are(workspace, state, report):
        delivery = Delivery(workspace.job, workspace.state, workspace.reporter)
        delivery.write(REPORT, render_report(report).encode())
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


def _pooled_scores(
    workspace: Workspace, results: Results, done: Sequence[tuple[str, str]]
) -> dict[str, dict[str, object]]:
    """Return the scores over all documents of each target that have a human translation.

    Bootstrapping them takes seconds, so they are kept beside the state until a result changes.
    """
    cache = workspace.state.folder / "pooled-scores.json"
    key = results.digest()
    try:
        kept = json.loads(cache.read_bytes())
        if kept["key"] == key:
            return dict(kept["scores"])
    except (OSError, ValueError, KeyError, TypeError):
        kept = None
    pooled: dict[str, list[Mapping[str, str]]] = defaultdict(list)
    for document, lang in done:
        pooled[lang] += results.pairs(document, lang)
    scores: dict[str, dict[str, object]] = {}
    for lang, pairs in pooled.items():
        if pairs:
            found = score(
                [pair["hypothesis"] for pair in pairs],
                [pair["reference"] for pair in pairs],
                lang,
                workspace.job.settings.score.metrics,
            )
            scores[lang] = {name: asdict(value) for name, value in found.items()}
    write_atomic(cache, json.dumps({"key": key, "scores": scores}, ensure_ascii=False).encode())
    return scores


def _report(
    workspace: Workspace,
    outcome: Outcome,
    documents: Sequence[ReviewDocument],
    scores: Mapping[str, Mapping[str, object]],
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
        scores=scores,
        exit_code=1 if fails else 0,
        seconds=seconds,
        idle_waivers=idle_waivers,
        review=REVIEW if "review" in workspace.job.settings.publish.formats else "",
    )


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
    pages = [workspace.job.out / REPORT] + ([workspace.job.out / REVIEW] if report.review else [])
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
