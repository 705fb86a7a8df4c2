"""The worst segments and the terms one by one, as the report lists them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from corpora.languages import LANGUAGES
from corpora.records import Flag
from pipeline.publishing.review_data import ReviewDocument, ReviewRow
from pipeline.publishing.tables import table_of, text_cell
from pipeline.publishing.visible import plain, shown
from pipeline.publishing.words import language_name, percent

WORST, TERMS = 25, 60
_WEIGHTS = {"error": 10, "warning": 3, "info": 0}
_LONGEST = 400  # characters of a segment shown


@dataclass(frozen=True, slots=True)
class WorstSegment:
    """A segment that deserves doubt: its place, its texts, and why. `doubt` adds up its flags by weight."""

    document: str
    lang: str
    segment: str
    source: str
    target: str
    flags: tuple[Flag, ...]
    doubt: int


@dataclass(frozen=True, slots=True)
class TermCount:
    """How a term fared in a language: occurrences by verdict, and the words it stands as in the sources."""

    term: str
    lang: str
    surface: str
    passed: int
    failed: int
    untranslated: int
    waived: int

    @property
    def judged(self) -> int:
        """Occurrences that could be right or wrong."""
        return self.passed + self.failed


def doubt(row: ReviewRow) -> int:
    """Return how much doubt a segment deserves: ten for each check with an error, three for a warning."""
    return sum(_WEIGHTS[severity] for _, severity in {(flag.check, flag.severity) for flag in row.flags})


def worst_segments(documents: Iterable[ReviewDocument], limit: int = WORST) -> tuple[WorstSegment, ...]:
    """Return the segments that deserve most doubt, the worst first; none without a flag that counts."""
    found = [
        (weight, document, row) for document in documents for row in document.rows if (weight := doubt(row))
    ]
    found.sort(key=lambda item: (-item[0], item[1].path, item[1].lang))
    return tuple(
        WorstSegment(
            document.path,
            document.lang,
            row.segment.id,
            row.segment.text,
            row.translation.text,
            tuple(flag for flag in row.flags if flag.severity != "info"),
            weight,
        )
        for weight, document, row in found[:limit]
    )


def term_counts(documents: Iterable[ReviewDocument]) -> tuple[TermCount, ...]:
    """Return every term by language, those that fail most often first."""
    verdicts: dict[tuple[str, str], Counter[str]] = {}
    surfaces: dict[tuple[str, str], Counter[str]] = {}
    for document in documents:
        for row in document.rows:
            for use in row.translation.terms:
                key = (use.term, document.lang)
                verdicts.setdefault(key, Counter())[use.verdict] += 1
                surfaces.setdefault(key, Counter())[use.surface] += 1
    counts = [
        TermCount(
            term,
            lang,
            surfaces[term, lang].most_common(1)[0][0],
            found["passed"],
            found["failed"],
            found["untranslated"],
            found["waived"],
        )
        for (term, lang), found in verdicts.items()
    ]
    return tuple(
        sorted(counts, key=lambda one: (-one.failed, -one.untranslated, -one.judged, one.term, one.lang))
    )


def render_worst(segments: Sequence[WorstSegment], review: str) -> str:
    """Return the worst segments as a section; empty for none."""
    if not segments:
        return ""
    items = "".join(_worst(one) for one in segments)
    more = f' The <a href="{plain(review)}">review page</a> has all.' if review else ""
    return (
        "<section><h2>Worst segments first</h2><p>By their flags: an error weighs ten, a warning three."
        f'{more}</p><ol class="worst">{items}</ol></section>'
    )


def _worst(one: WorstSegment) -> str:
    language = LANGUAGES.get(one.lang)
    direction = "rtl" if language and language.rtl else "ltr"
    tag = language.tag if language else one.lang
    flags = "".join(
        f'<li class="{flag.severity}">{shown(flag.message)} '
        f'<span class="check">{shown(flag.check)}</span></li>'
        for flag in one.flags
    )
    return (
        f'<li><p class="meta">{shown(one.document)} → {shown(language_name(one.lang))}, doubt {one.doubt}</p>'
        f'<p lang="en" dir="ltr">{shown(_cut(one.source))}</p>'
        f'<p lang="{plain(tag)}" dir="{direction}">{shown(_cut(one.target)) or "(empty)"}</p>'
        f'<ul class="why">{flags}</ul></li>'
    )


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def render_terms(counts: Sequence[TermCount], langs: Sequence[str]) -> str:
    """Return the accuracy of each term by language as a section, the worst first; empty for none."""
    terms = list(dict.fromkeys(one.term for one in counts))
    if not terms:
        return ""
    by_place = {(one.term, one.lang): one for one in counts}
    surfaces = {one.term: one.surface for one in reversed(counts)}
    rows = [
        (
            f'<th scope="row">{shown(surfaces[term])}</th>',
            *(_fared(by_place.get((term, lang))) for lang in langs),
        )
        for term in terms[:TERMS]
    ]
    left = len(terms) - len(rows)
    more = f"<p>{left:,} more terms are in report.json.</p>" if left else ""
    heads = ("Term", *(f"#{language_name(lang)}" for lang in langs))
    return (
        "<section><h2>Term by term</h2><p>Occurrences that are right, of those that could be; the terms that "
        f"fail most often first.</p>{table_of('Term by term', heads, rows)}{more}</section>"
    )


def _fared(one: TermCount | None) -> str:
    if one is None:
        return text_cell("–", "number")
    if not one.judged:
        return text_cell("no translation" if one.untranslated else "waived", "number warning")
    return text_cell(percent(one.passed, one.judged), "number error" if one.failed else "number")
