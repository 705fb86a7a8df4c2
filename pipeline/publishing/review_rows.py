"""One row of the review page: a segment, its translation, and everything known about them."""

from __future__ import annotations

from collections.abc import Sequence

from corpora.languages import SOURCE
from corpora.records import Flag, Segment, Tag, TermUse
from pipeline.publishing.marks import Mark, attributes, render
from pipeline.publishing.review_data import ReviewRow
from pipeline.publishing.visible import plain, shown
from pipeline.publishing.words import SEVERITIES, language_name, plural, rung_account, term_account

_BADGES = {"error": "Error", "warning": "Warning", "info": "Remark"}
_Numbered = Sequence[tuple[str, TermUse]]
_VERDICT_ORDER = ("failed", "untranslated", "waived", "passed")


def render_row(row: ReviewRow, path: str, severity: str, order: int) -> str:
    """Return the row as HTML.

    Args:
        row: what to show.
        path: of the document.
        severity: the worst of its flags, `clean` for none.
        order: its place in reading order, 0-based, over the whole page; makes its address `#r1`.
    """
    translation, lang = row.translation, row.translation.lang
    terms = [(str(number), term) for number, term in enumerate(translation.terms, 1)]
    checks = " ".join(dict.fromkeys(flag.check for flag in row.flags))
    verdicts = " ".join(dict.fromkeys(term.verdict for term in translation.terms))
    source = render(row.segment.text, _source_marks(row.segment, terms), SOURCE)
    target = render(translation.text, _target_marks(row, terms), lang)
    if not translation.text:
        target = '<span class="missing">no translation</span>'
    return (
        f'<article class="row {severity}" id="r{order + 1}" tabindex="-1" data-order="{order}" '
        f'data-lang="{plain(lang)}" data-doc="{plain(path)}" data-sev="{severity}" '
        f'data-checks="{plain(checks)}" data-term="{verdicts}"{" data-waived" if row.waiver else ""}>'
        f"{_head(row, path, severity, order)}"
        f'<div class="pair"><p class="source" {attributes(SOURCE)}>{source}</p>'
        f'<p class="target" {attributes(lang)}>{target}</p></div>'
        f"{_waiver(row.waiver)}{_flags(row.flags)}{_terms(terms, lang)}{_reference(row)}</article>"
    )


def _head(row: ReviewRow, path: str, severity: str, order: int) -> str:
    translation = row.translation
    _, paragraph, sentence = row.segment.id.rsplit(":", 2)
    badge = f'<span class="badge {severity}">{_BADGES[severity]}</span>' if severity in _BADGES else ""
    certainty = "" if row.confidence is None else f"<span>confidence {row.confidence:.2f}</span>"
    writer = {"human": "by a person", "memory": f"from memory ({translation.model})"}
    return (
        f'<header>{badge}<a href="#r{order + 1}"><span class="path">{shown(path)}</span>, '
        f"paragraph {int(paragraph) + 1}, sentence {int(sentence) + 1}</a>"
        f'<span class="language">{shown(language_name(translation.lang))}</span>'
        f"<span>{shown(writer.get(translation.origin, translation.model))}</span>{certainty}</header>"
    )


def _source_marks(segment: Segment, numbered: _Numbered) -> list[Mark]:
    terms = [
        Mark(term.source_span, f"term {term.verdict}", _term_title(term), number) for number, term in numbered
    ]
    return [*terms, *map(_tag_mark, segment.markup)]


def _term_title(term: TermUse) -> str:
    accounts = [term_account(term), rung_account(term)]
    return f"{term.term}: {'; '.join(account for account in accounts if account)}"


def _target_marks(row: ReviewRow, numbered: _Numbered) -> list[Mark]:
    terms = [
        Mark(term.span, f"term {term.verdict}", _term_title(term), number)
        for number, term in numbered
        if term.span
    ]
    flags = [
        Mark(flag.span, f"flagged {flag.severity}", f"{flag.check}: {flag.message}")
        for flag in row.flags
        if flag.span
    ]
    return [*terms, *flags, *map(_tag_mark, row.translation.markup)]


def _tag_mark(tag: Tag) -> Mark:
    """Markup of the document itself: emphasis and links look like what they are, the rest is left plain."""
    looks = {"em": "emphasis", "i": "emphasis", "emphasis": "emphasis", "strong": "strong", "b": "strong"}
    look = looks.get(tag.kind) or {"a": "link", "link": "link", "code": "code"}.get(tag.kind, "inline")
    return Mark(tag.span, f"markup {look}")


def _waiver(account: str) -> str:
    return f'<p class="waiver">Waived by {shown(account)}</p>' if account else ""


def _flags(flags: tuple[Flag, ...]) -> str:
    if not flags:
        return ""
    worst_first = sorted(flags, key=lambda flag: SEVERITIES.index(flag.severity))
    items = "".join(
        f'<li class="{flag.severity}"><span class="check">{shown(flag.check)}</span> '
        f"{shown(flag.message)}</li>"
        for flag in worst_first
    )
    return f'<ul class="flags" aria-label="Flags">{items}</ul>'


def _terms(numbered: _Numbered, lang: str) -> str:
    """The audit records, wrong ones first; open where one is wrong."""
    if not numbered:
        return ""
    order = sorted(numbered, key=lambda one: _VERDICT_ORDER.index(one[1].verdict))
    failed = sum(term.verdict == "failed" for _, term in numbered)
    summary = plural(len(numbered), "term") + (f", {failed} wrong" if failed else "")
    items = "".join(_term(term, number, lang) for number, term in order)
    state = " open" if failed else ""
    return f'<details class="terms"{state}><summary>{summary}</summary><ol>{items}</ol></details>'


def _term(term: TermUse, number: str, lang: str) -> str:
    lacking = "no translation" if term.verdict == "untranslated" else "not found"
    form = (
        f'<span class="missing">{lacking}</span>'
        if term.form is None
        else f'<bdi class="form" {attributes(lang)}>{shown(term.form)}</bdi>'
    )
    rung = f' <span class="rung">{rung_account(term)}</span>' if term.rung is not None else ""
    return (
        f'<li class="{term.verdict}"><span class="n">{number}</span> '
        f'<span class="surface" {attributes(SOURCE)}>{shown(term.surface)}</span> → {form} '
        f'<span class="account">{shown(term_account(term))}</span>{rung} '
        f'<span class="term-id">{shown(term.term)}</span></li>'
    )


def _reference(row: ReviewRow) -> str:
    if not row.reference:
        return ""
    lang = row.translation.lang
    text = f"<p {attributes(lang)}>{render(row.reference, (), lang)}</p>"
    return f'<details class="reference"><summary>Human reference</summary>{text}</details>'
