"""What to doubt first, in order of weight."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from pipeline.publishing.report_data import Doubt, RunReport, total
from pipeline.publishing.words import SEVERITIES, language_name, percent, plural

_SHOWN = 8


def doubts(report: RunReport) -> list[Doubt]:
    """Return at most eight doubts, the gravest first.

    Failed units are listed on their own, before these. Then: names that are wrong (one wrong name harms more
    than a clumsy sentence), the documents with most errors, the checks that speak most often, terms without a
    translation.
    """
    found = [*_wrong_terms(report), *_errors(report), *_checks(report), *_untranslated(report)]
    return found[:_SHOWN]


def _wrong_terms(report: RunReport) -> Iterator[Doubt]:
    shares = []
    for lang in report.langs:
        verdicts = total(report.documents, lang).verdicts
        failed = verdicts.get("failed", 0)
        judged = failed + verdicts.get("passed", 0)
        if failed:
            shares.append((failed / judged, failed, judged, lang))
    for _, failed, judged, lang in sorted(shares, key=lambda share: -share[0]):
        yield Doubt(
            f"{language_name(lang)}: names and terms wrong or missing: {percent(failed, judged)}",
            {"lang": lang, "term": "failed"},
        )


def _errors(report: RunReport) -> Iterator[Doubt]:
    worst = sorted(
        (document for document in report.documents if document.errors),
        key=lambda document: -document.errors / document.segments,
    )
    for document in worst[:3]:
        yield Doubt(
            f"{document.document} in {language_name(document.lang)}: segments with errors: "
            f"{percent(document.errors, document.segments)}",
            {"doc": document.document, "lang": document.lang, "sev": "error"},
        )


def _checks(report: RunReport) -> Iterator[Doubt]:
    counts: Counter[str] = Counter()
    severities: dict[str, int] = {}
    for flag in total(report.documents).flags:
        if flag.severity != "info" and not flag.check.startswith("term-"):
            counts[flag.check] += flag.count
            rank = SEVERITIES.index(flag.severity)
            severities[flag.check] = min(rank, severities.get(flag.check, rank))
    order = sorted(counts, key=lambda check: (severities[check], -counts[check], check))
    for check in order[:3]:
        yield Doubt(f"check “{check}”: {plural(counts[check], 'flag')}", {"check": check})


def _untranslated(report: RunReport) -> Iterator[Doubt]:
    for lang in report.langs:
        count = total(report.documents, lang).verdicts.get("untranslated", 0)
        if count:
            yield Doubt(
                f"{language_name(lang)}: {plural(count, 'occurrence')} of terms without a translation",
                {"lang": lang, "term": "untranslated"},
            )
