"""The review page: source and target side by side, what to doubt first. See docs/review-page.md.

Every row is plain HTML, so that the page is whole without its script, which only filters, sorts and jumps.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import urlencode

from pipeline.publishing.page import banner, page
from pipeline.publishing.review_data import ReviewDocument, ReviewRow
from pipeline.publishing.review_rows import render_row
from pipeline.publishing.visible import plain, shown
from pipeline.publishing.words import (
    METRICS,
    RUNGS,
    language_name,
    percent,
    plural,
    score_signature,
    score_text,
)

__all__ = ["ReviewDocument", "ReviewRow", "render_review"]

_TERMS = (("failed", "A term is wrong"), ("untranslated", "A term has no translation"), ("any", "Has a term"))
GROUPS = {"error": "Errors", "warning": "Warnings", "info": "Remarks", "clean": "Without a flag"}


@dataclass(frozen=True, slots=True)
class _Placed:
    """A row with its document and its place in reading order."""

    row: ReviewRow
    document: ReviewDocument
    order: int


def render_review(
    documents: Sequence[ReviewDocument], *, title: str, notices: Sequence[str], generated: str
) -> str:
    """Return the review page, one self-contained HTML file.

    Args:
        documents: one per source document and target, in reading order.
        title: of the page, the job's name.
        notices: warnings of the engines, shown above everything.
        generated: when and by which version, as it is to be shown.
    """
    placed = list(_in_order(documents))
    body = "\n".join(
        [
            '<a class="skip" href="#segments">Skip to the segments</a>',
            '<header class="top">',
            f"<h1>{shown(title)}</h1>",
            f'<p class="meta">{_facts(documents, placed)} · {shown(generated)}</p>',
            "</header>",
            banner(notices),
            _overview(documents),
            _LEGEND,
            _controls(documents, placed),
            f'<main id="segments" data-total="{len(placed)}">',
            '<p id="filtered" hidden></p>',
            *_groups(placed),
            '<p id="none" class="empty" hidden>No segment matches. '
            '<button type="button" id="reset-none">Show all</button></p>',
            "</main>",
        ]
    )
    return page(title, body, styles=("base.css", "review.css"), script="review.js")


def _in_order(documents: Sequence[ReviewDocument]) -> Iterator[_Placed]:
    order = 0
    for document in documents:
        for row in document.rows:
            yield _Placed(row, document, order)
            order += 1


def _facts(documents: Sequence[ReviewDocument], placed: Sequence[_Placed]) -> str:
    sources = len({document.path for document in documents})
    languages = ", ".join(dict.fromkeys(language_name(document.lang) for document in documents))
    waived = sum(bool(one.row.waiver) for one in placed)
    return (
        f"{plural(sources, 'document')} into {languages or 'no language'} · {plural(len(placed), 'segment')}"
        + (f", {waived} waived" if waived else "")
    )


def _overview(documents: Sequence[ReviewDocument]) -> str:
    metrics = list(dict.fromkeys(metric for document in documents for metric in document.scores))
    heads = "".join(
        f'<th scope="col" class="number">{shown(METRICS.get(name, name))}</th>' for name in metrics
    )
    lines = []
    for path, versions in groupby(documents, key=lambda document: document.path):
        rows = [_overview_cells(document, metrics) for document in versions]
        first = f'<th scope="rowgroup" rowspan="{len(rows)}" class="path">{shown(path)}</th>'
        lines.append(
            "<tbody>" + "".join(f"<tr>{first if not n else ''}{row}</tr>" for n, row in enumerate(rows))
        )
    return (
        '<section class="overview"><h2>Overview</h2><div class="wide" tabindex="0" role="region" '
        'aria-label="Counts by document and language"><table><thead><tr><th scope="col">Document</th>'
        '<th scope="col">Language</th><th scope="col" class="number">Errors</th>'
        '<th scope="col" class="number">Warnings</th><th scope="col" class="number">Segments</th>'
        '<th scope="col" class="number">Terms verified</th>'
        f"{heads}</tr></thead>{'</tbody>'.join(lines)}</tbody></table></div></section>"
    )


def _overview_cells(document: ReviewDocument, metrics: Sequence[str]) -> str:
    counts = Counter(row.severity for row in document.rows)
    verdicts = Counter(term.verdict for row in document.rows for term in row.translation.terms)
    judged = verdicts["passed"] + verdicts["failed"]
    link = urlencode({"doc": document.path, "lang": document.lang})
    scores = "".join(
        f'<td class="number" title="{plain(score_signature(document.scores.get(name)))}">'
        f"{shown(score_text(document.scores.get(name)))}</td>"
        for name in metrics
    )
    return (
        f'<td><a href="#{plain(link)}">{shown(language_name(document.lang))}</a></td>'
        f'<td class="number{" error" if counts["error"] else ""}">{counts["error"]}</td>'
        f'<td class="number{" warning" if counts["warning"] else ""}">{counts["warning"]}</td>'
        f'<td class="number">{len(document.rows)}</td>'
        f'<td class="number">{percent(verdicts["passed"], judged)}</td>{scores}'
    )


def _controls(documents: Sequence[ReviewDocument], placed: Sequence[_Placed]) -> str:
    checks = Counter(check for one in placed for check in {flag.check for flag in one.row.flags})
    severities = Counter(one.row.severity for one in placed)
    langs = dict.fromkeys(document.lang for document in documents)
    paths = dict.fromkeys(document.path for document in documents)
    doubts = [("any", "Errors and warnings")]
    doubts += [(key, f"{name} ({severities[key]})") for key, name in GROUPS.items()]
    waived = sum(bool(one.row.waiver) for one in placed)
    doubts += [("waived", f"Waived ({waived})")] if waived else []
    selects = [
        _select("lang", "Language", "All languages", [(code, language_name(code)) for code in langs]),
        _select("doc", "Document", "All documents", [(path, path) for path in paths]),
        _select("sev", "Doubt", "All segments", doubts),
        _select(
            "check", "Check", "All checks", [(name, f"{name} ({checks[name]})") for name in sorted(checks)]
        ),
        _select("term", "Terms", "With or without", _TERMS),
    ]
    order = _select("order", "Order", "Doubts first", [("document", "As in the document")])
    return (
        '<section class="controls" id="controls" role="search" aria-label="Filter the segments" hidden>'
        '<label class="search"><span>Search</span><input type="search" id="q" autocomplete="off" '
        'spellcheck="false" placeholder="words in any language"></label>'
        f"{''.join(selects)}"
        f'<div class="result">{order}<output id="count" aria-live="polite"></output> '
        '<button type="button" id="reset">Show all</button></div></section>'
    )


def _select(name: str, label: str, every: str, options: Sequence[tuple[str, str]]) -> str:
    lines = "".join(f'<option value="{plain(value)}">{plain(text)}</option>' for value, text in options)
    return (
        f'<label><span>{label}</span><select id="{name}" autocomplete="off">'
        f'<option value="">{every}</option>{lines}</select></label>'
    )


def _groups(placed: Sequence[_Placed]) -> Iterator[str]:
    for severity, name in GROUPS.items():
        group = [one for one in placed if one.row.severity == severity]
        if group:
            size = f'<span class="size">{len(group)}</span>'
            yield f'<h2 class="group" data-group="{severity}">{name} {size}</h2>'
            yield from (render_row(one.row, one.document.path, severity, one.order) for one in group)


_LEGEND = (
    '<details class="legend"><summary>How to read this page</summary>'
    "<p>Segments with errors come first, then those with warnings. Every name or term of the glossary is "
    "underlined on both sides and bears the same small number; the list below a segment says what the "
    "glossary asked for and what became of it.</p>"
    "<ul>"
    '<li><mark class="term passed">solid line</mark> verified: the form stands in the translation.</li>'
    '<li><mark class="term failed">wavy line</mark> wrong or missing: look at this first.</li>'
    '<li><mark class="term untranslated">dotted line</mark> the glossary has no translation.</li>'
    '<li><mark class="term waived">dashed line</mark> waived: a person decided that it may stand.</li>'
    '<li><mark class="flagged error">shaded</mark> the words that a check doubts.</li>'
    '<li><span class="hidden-character">RLO</span> a character that cannot be seen, by its short name.</li>'
    "</ul>"
    "<p>How a term came to stand there, from the gentlest to the last resort: "
    + "; ".join(f"({number}) {text}" for number, text in RUNGS.items())
    + ".</p>"
    '<p class="keys">Keys: <kbd>j</kbd> and <kbd>k</kbd> go to the next and the previous segment, '
    "<kbd>o</kbd> opens its details, <kbd>/</kbd> goes to the search, <kbd>Esc</kbd> leaves it. The "
    "address of the page keeps the filters, so a view can be shared as a link.</p></details>"
)
