"""The run report: what happened, and what to doubt first; as a page and as a few lines for the terminal."""

from __future__ import annotations

from pipeline.publishing.report_data import (
    DocumentOutcome,
    FlagCount,
    ModelUse,
    RunReport,
    UnitOutcome,
    document_outcome,
    total,
)
from pipeline.publishing.report_doubts import doubts
from pipeline.publishing.report_page import render_report
from pipeline.publishing.visible import spelt
from pipeline.publishing.words import METRICS, language_name, percent, plural, score_text

__all__ = [
    "DocumentOutcome",
    "FlagCount",
    "ModelUse",
    "RunReport",
    "UnitOutcome",
    "document_outcome",
    "render_report",
    "render_summary",
    "total",
]

_LINES, _WIDTH = 25, 240


def render_summary(report: RunReport) -> str:
    """Return the run in at most 25 lines of plain text, failures first, with a final newline."""
    head = [f"{report.job}: {report.meaning}{_took(report)}"]
    body = [*_failures(report), *_languages(report)]
    body += [f"Look first: {doubt.text}" for doubt in doubts(report)[:3] if doubt.filter]
    tail = _warnings(report)
    room = _LINES - len(head) - len(tail)
    if len(body) > room:
        left = len(body) - room + 1
        body = [*body[: room - 1], f"… and {plural(left, 'more line')} in the report"]
    return "".join(f"{_one_line(line)}\n" for line in [*head, *body, *tail])


def _took(report: RunReport) -> str:
    return "" if report.seconds is None else f", {report.seconds:.0f} s"


def _failures(report: RunReport) -> list[str]:
    """At most eight, so that the languages keep their lines."""
    failures = report.failures
    lines = [f"Failed: {unit.title}: {unit.reason}" for unit in failures[:8]]
    if len(failures) > 8:
        lines.append(f"Failed: {plural(len(failures) - 8, 'more unit')}, see the report")
    return lines


def _languages(report: RunReport) -> list[str]:
    lines = []
    for lang in report.langs:
        sums = total(report.documents, lang)
        judged = sums.verdicts.get("passed", 0) + sums.verdicts.get("failed", 0)
        parts = [
            plural(sums.segments, "segment"),
            f"{sums.errors} with errors",
            f"{sums.warnings} with warnings",
        ]
        if sums.waivers:
            parts.append(f"{sum(sums.waivers.values())} waived")
        if judged:
            parts.append(f"terms {percent(sums.verdicts.get('passed', 0), judged)}")
        chrf = report.scores.get(lang, {}).get("chrf")
        if chrf is not None:
            parts.append(f"{METRICS['chrf']} {score_text(chrf)}")
        lines.append(f"{language_name(lang)}: {', '.join(parts)}")
    return lines


def _warnings(report: RunReport) -> list[str]:
    """At most five, so that failures keep their lines."""
    lines = [
        f"{model.name} ({', '.join(model.langs)}): {model.warning}"
        for model in report.models
        if model.warning
    ]
    return (
        lines
        if len(lines) <= 5
        else [*lines[:4], f"and {plural(len(lines) - 4, 'more warning')}, see the report"]
    )


def _one_line(text: str) -> str:
    line = " ".join(spelt(" ".join(text.split())).split())
    return line if len(line) <= _WIDTH else f"{line[: _WIDTH - 1]}…"
