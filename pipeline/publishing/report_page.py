"""The run report as a page."""

from __future__ import annotations

from collections import Counter
from urllib.parse import quote, urlencode

from pipeline.publishing.page import banner, page
from pipeline.publishing.report_data import DocumentOutcome, RunReport, total
from pipeline.publishing.report_details import render_terms, render_worst
from pipeline.publishing.report_doubts import doubts
from pipeline.publishing.report_history import render_history
from pipeline.publishing.tables import number_cell, table_of, text_cell
from pipeline.publishing.visible import plain, shown
from pipeline.publishing.words import (
    LOWER_IS_BETTER,
    METRICS,
    RUNGS,
    SEVERITIES,
    language_name,
    percent,
    plural,
    score_signature,
    score_text,
)

_VERDICTS = {
    "passed": "verified",
    "failed": "wrong or missing",
    "untranslated": "without a translation in the glossary",
    "waived": "waived by a person",
}


def render_report(report: RunReport) -> str:
    """Return the report, one self-contained HTML file without a script."""
    body = "\n".join(
        part
        for part in [
            _top(report),
            banner([f"{model.name}: {model.warning}" for model in report.models if model.warning]),
            _failures(report),
            _doubts(report),
            _languages(report),
            _by_model(report),
            render_history(report.history, report.langs),
            _documents(report),
            render_worst(report.worst, quote(report.review)),
            _flags(report),
            _rungs(report),
            render_terms(report.terms, report.langs),
            _waivers(report),
            _scores(report),
            _units(report),
            _stages(report),
            _versions(report),
        ]
        if part
    )
    return page(f"{report.job}: report", body, styles=("base.css", "report.css"))


def _link(report: RunReport, filters: dict[str, str], text: str) -> str:
    if not report.review or not filters:
        return shown(text)
    address = f"{quote(report.review)}#{urlencode(filters)}"
    return f'<a href="{plain(address)}">{shown(text)}</a>'


def _top(report: RunReport) -> str:
    meaning = report.meaning[0].upper() + report.meaning[1:]
    sums = total(report.documents)
    took = "" if report.seconds is None else f" · {report.seconds:.0f} s"
    review = "" if not report.review else f' · <a href="{plain(quote(report.review))}">Review page</a>'
    kind = "failed" if report.exit_code else "sound"
    code = f"(exit code {report.exit_code})"
    sources = len({document.document for document in report.documents})
    return (
        f'<header class="top"><h1>{shown(report.job)}</h1>'
        f'<p class="verdict {kind}">{shown(meaning)} <span>{code}</span></p>'
        f'<p class="meta">{shown(report.when)}{took} · {plural(sources, "document")} · '
        f"{plural(sums.segments, 'segment')} in {plural(len(report.langs), 'language')}{review}</p></header>"
    )


def _failures(report: RunReport) -> str:
    if not report.failures:
        return ""
    rows = [
        (
            text_cell(unit.stage),
            text_cell(unit.document, "path"),
            text_cell(language_name(unit.lang) if unit.lang else "all"),
            text_cell(unit.reason or "no reason given", "error"),
        )
        for unit in report.failures
    ]
    return (
        f'<section class="failures"><h2>Failed: {plural(len(rows), "unit")}</h2>'
        "<p>Everything else was done. Mend the cause and run again: only these are tried anew.</p>"
        f"{table_of('Failed units', ('Stage', 'Document', 'Language', 'Reason'), rows)}</section>"
    )


def _doubts(report: RunReport) -> str:
    if not report.documents:
        return ""
    found = doubts(report)
    if not found:
        return (
            "<section><h2>What to doubt first</h2><p>No check found anything. That does not make a "
            "translation right: a person who knows the language must read it.</p></section>"
        )
    items = "".join(f"<li>{_link(report, dict(doubt.filter), doubt.text)}</li>" for doubt in found)
    return f'<section><h2>What to doubt first</h2><ol class="doubts">{items}</ol></section>'


def _term_cell(verdicts: DocumentOutcome) -> str:
    passed, failed = verdicts.verdicts.get("passed", 0), verdicts.verdicts.get("failed", 0)
    return text_cell(percent(passed, passed + failed), "number error" if failed else "number")


def _languages(report: RunReport) -> str:
    metrics = _metrics(report)
    rows = []
    for lang in report.langs:
        sums, scores = total(report.documents, lang), report.scores.get(lang, {})
        models = ", ".join(model.name for model in report.models if lang in model.langs)
        rows.append(
            (
                f'<th scope="row">{_link(report, {"lang": lang}, language_name(lang))}</th>',
                text_cell(models or "–"),
                number_cell(sums.segments),
                text_cell(percent(sums.passed, sums.segments), "number"),
                number_cell(sums.errors, "error"),
                number_cell(sums.warnings, "warning"),
                _term_cell(sums),
                *(text_cell(score_text(scores.get(name)), "number") for name in metrics),
            )
        )
    heads = ("Language", "Model", "#Segments", "#No doubt", "#Errors", "#Warnings", "#Terms verified")
    names = tuple(f"#{_metric_name(name)}" for name in metrics)
    return (
        f"<section><h2>By language</h2>{table_of('By language', heads + names, rows)}</section>"
        if rows
        else ""
    )


def _by_model(report: RunReport) -> str:
    """Scores of each model, where the job was written by more than one."""
    if len(report.model_scores) < 2:
        return ""
    metrics = _metrics(report)
    rows = [
        (
            f'<th scope="row">{shown(model)}</th>',
            text_cell(language_name(lang)),
            *(text_cell(score_text(scores.get(name)), "number") for name in metrics),
        )
        for model, langs in report.model_scores.items()
        for lang, scores in langs.items()
    ]
    heads = ("Model", "Language", *(f"#{_metric_name(name)}" for name in metrics))
    return f"<section><h2>By model</h2>{table_of('By model', heads, rows)}</section>"


def _documents(report: RunReport) -> str:
    metrics = _metrics(report)
    rows = [
        (
            f'<th scope="row" class="path">{shown(one.document)}</th>',
            f"<td>{_link(report, {'doc': one.document, 'lang': one.lang}, language_name(one.lang))}</td>",
            number_cell(one.segments),
            text_cell(percent(one.passed, one.segments), "number"),
            number_cell(one.errors, "error"),
            number_cell(one.warnings, "warning"),
            _term_cell(one),
            *(text_cell(score_text(one.scores.get(name)), "number") for name in metrics),
        )
        for one in sorted(report.documents, key=lambda one: -one.doubt)
    ]
    heads = ("Document", "Language", "#Segments", "#No doubt", "#Errors", "#Warnings", "#Terms verified")
    names = tuple(f"#{_metric_name(name)}" for name in metrics)
    return (
        f"<section><h2>By document</h2><p>Most doubtful first.</p>"
        f"{table_of('By document', heads + names, rows)}</section>"
        if rows
        else ""
    )


def _flags(report: RunReport) -> str:
    counts: Counter[tuple[str, str, str]] = Counter()
    for document in report.documents:
        for flag in document.flags:
            counts[flag.check, flag.severity, document.lang] += flag.count
    kinds = sorted({(check, severity) for check, severity, _ in counts}, key=lambda kind: (kind[0], kind[1]))
    kinds.sort(
        key=lambda kind: (SEVERITIES.index(kind[1]), -sum(counts[*kind, lang] for lang in report.langs))
    )
    rows = [
        (
            f'<th scope="row">{_link(report, {"check": check}, check)}</th>',
            text_cell(severity, severity),
            *(number_cell(counts[check, severity, lang]) for lang in report.langs),
        )
        for check, severity in kinds
    ]
    heads = ("Check", "Severity", *(f"#{language_name(lang)}" for lang in report.langs))
    return (
        f"<section><h2>Flags by check</h2>{table_of('Flags by check', heads, rows)}</section>" if rows else ""
    )


def _rungs(report: RunReport) -> str:
    sums = total(report.documents)
    if not sums.rungs and not sums.verdicts:
        return ""
    by_lang = {lang: total(report.documents, lang) for lang in report.langs}
    most = max(sums.rungs.values(), default=1)
    rows = [
        (
            f'<th scope="row">{rung}</th>',
            text_cell(RUNGS.get(rung, "")),
            f'<td class="number">{_bar(count, most)} {count:,}</td>',
            *(number_cell(one.rungs.get(rung, 0)) for one in by_lang.values()),
        )
        for rung, count in sorted(sums.rungs.items())
    ]
    heads = (
        "Rung",
        "How the term came to stand there",
        "#All",
        *(f"#{language_name(lang)}" for lang in by_lang),
    )
    table = table_of("Terms by rung", heads, rows) if rows else ""
    verdicts = ", ".join(
        f"{sums.verdicts[verdict]:,} {name}"
        for verdict, name in _VERDICTS.items()
        if verdict in sums.verdicts
    )
    return (
        f"<section><h2>Names and terms</h2><p>{plural(sum(sums.verdicts.values()), 'occurrence')}: "
        f"{shown(verdicts)}. An independent verifier judged each; it does not know how a term came about.</p>"
        f"{table}</section>"
    )


def _waivers(report: RunReport) -> str:
    rows = [
        (
            f'<th scope="row">{_link(report, {"lang": lang, "sev": "waived"}, language_name(lang))}</th>',
            text_cell(account),
            number_cell(count),
        )
        for lang in report.langs
        for account, count in total(report.documents, lang).waivers.items()
    ]
    idle = "".join(f"<li>{shown(line)}</li>" for line in report.idle_waivers)
    if not rows and not idle:
        return ""
    count = plural(sum(total(report.documents).waivers.values()), "segment")
    table = table_of("Waivers", ("Language", "Who, and why", "#Segments"), rows) if rows else ""
    return (
        f"<section><h2>Waived by people: {count}</h2><p>Their errors are shown as remarks, and their wrong "
        f"terms as waived.</p>{table}{f'<ul>{idle}</ul>' if idle else ''}</section>"
    )


def _bar(count: int, most: int) -> str:
    width = max(1, round(60 * count / max(most, 1)))
    bar = f'<rect width="{width}" height="9"></rect>'
    return f'<svg class="bar" width="60" height="9" aria-hidden="true">{bar}</svg>'


def _metrics(report: RunReport) -> list[str]:
    """The metrics that occur anywhere, in the order they first do."""
    sources = [*report.scores.values(), *(document.scores for document in report.documents)]
    return list(dict.fromkeys(name for scores in sources for name in scores))


def _metric_name(name: str) -> str:
    return METRICS.get(name, name) + (" ↓" if name in LOWER_IS_BETTER else "")


def _scores(report: RunReport) -> str:
    signatures = dict.fromkeys(
        (name, score_signature(score))
        for scores in (*report.scores.values(), *(document.scores for document in report.documents))
        for name, score in scores.items()
        if score_signature(score)
    )
    if not signatures:
        return ""
    rows = [
        (f'<th scope="row">{shown(_metric_name(name))}</th>', text_cell(signature, "code"))
        for name, signature in signatures
    ]
    notes = "".join(f"<p>{shown(note)}.</p>" for note in report.notes)
    return (
        "<section><h2>How the scores were made</h2><p>Against the human references, with a 95 % confidence "
        "interval in brackets. ↓ means lower is better. Scores of different languages cannot be compared.</p>"
        f"{table_of('Signatures', ('Metric', 'Signature'), rows)}{notes}</section>"
    )


def _units(report: RunReport) -> str:
    if not report.units:
        return ""
    counts = Counter((unit.stage, unit.status) for unit in report.units)
    stages = dict.fromkeys(unit.stage for unit in report.units)
    seconds: Counter[str] = Counter()
    for unit in report.units:
        seconds[unit.stage] += unit.seconds or 0  # type: ignore[assignment]
    rows = [
        (
            f'<th scope="row">{shown(stage)}</th>',
            number_cell(counts[stage, "done"]),
            number_cell(counts[stage, "up to date"]),
            number_cell(counts[stage, "failed"], "error"),
            text_cell(f"{seconds[stage]:.1f} s", "number"),
        )
        for stage in stages
    ]
    heads = ("Stage", "#Done now", "#Up to date", "#Failed", "#Time")
    return f"<section><h2>Units of work</h2>{table_of('Units by stage', heads, rows)}</section>"


def _stages(report: RunReport) -> str:
    if not report.stages:
        return ""
    whole = sum(one.seconds for one in report.stages) or 1.0
    rows = [
        (
            f'<th scope="row">{shown(one.stage)}</th>',
            number_cell(one.units),
            number_cell(one.segments),
            text_cell(f"{one.seconds:.1f} s", "number"),
            f'<td class="number">{_bar(round(1000 * one.seconds / whole), 1000)} '
            f"{100 * one.seconds / whole:.0f} %</td>",
            text_cell(f"{1000 * one.seconds / one.segments:.0f} ms" if one.segments else "–", "number"),
        )
        for one in report.stages
    ]
    heads = ("Stage", "#Units", "#Segments", "#Time", "#Share", "#A segment")
    return (
        "<section><h2>Where the time went</h2><p>In the last run that did something; chains at work side by "
        f"side add up.</p>{table_of('Time by stage', heads, rows)}</section>"
    )


def _versions(report: RunReport) -> str:
    rows = [
        (
            f'<th scope="row">{shown(model.name)}</th>',
            text_cell(", ".join(map(language_name, model.langs)) or "–"),
            text_cell(model.digest or "–", "code"),
        )
        for model in report.models
    ]
    models = table_of("Models", ("Model", "Wrote", "Digest"), rows) if rows else ""
    versions = " · ".join(f"{shown(name)} {shown(version)}" for name, version in report.versions.items())
    return f'<section><h2>Made with</h2>{models}<p class="meta">{versions}</p></section>'
