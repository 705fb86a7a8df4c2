"""A sentence as HTML: spans marked, foreign words kept in their own direction."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from corpora.languages import LANGUAGES
from corpora.records import Span
from pipeline.publishing.visible import plain, shown


@dataclass(frozen=True, slots=True)
class Mark:
    """A span to be marked.

    Attributes:
        kind: the class names it gets.
        title: shown when pointed at.
        number: small figure after it, the same on both sides; empty for none.
    """

    span: Span
    kind: str
    title: str = ""
    number: str = ""


# A run that reads left to right inside Uyghur. Without isolation its neighbours (brackets, full stops, a
# hyphen before a suffix) would join it and jump to its far end.
_LATIN = r"[A-Za-z\u00c0-\u024f\u0400-\u052f][\w@&.:/?=#%+’'-]*"
# Dates, times, phone and decimal numbers. A plain range (2017-2019) is left alone: in Uyghur it runs right to
# left, and the bidirectional algorithm does just that.
_NUMBER = r"\+?\d+(?:[.:/,]\d+)+|\+?\d+(?:-\d+){2,}|\+\d+"
_RUN = re.compile(rf"{_LATIN}(?:[ \u00a0](?:{_LATIN}|\d+))*|{_NUMBER}")
_TRAILING = re.compile(r"[.:/?,'’-]+$")
_ARABIC = re.compile("[\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefc]")


def attributes(lang: str) -> str:
    """Return the `lang` and `dir` attributes for text in a language."""
    known = LANGUAGES.get(lang)
    tag = known.tag if known else lang
    return f'lang="{plain(tag)}" dir="{"auto" if known is None else "rtl" if known.rtl else "ltr"}"'


def render(text: str, marks: Sequence[Mark], lang: str) -> str:
    """Return the text as HTML content with its marks; spans that do not lie within the text are left out.

    Overlapping marks are cut where they meet, and each piece bears all its kinds. A mark that crosses an
    isolated run is cut there too, since the run itself must stay whole.
    """
    fitting = [mark for mark in marks if 0 <= mark.span[0] < mark.span[1] <= len(text)]
    parts = []
    for start, end, isolated in _runs(text, rtl=lang in LANGUAGES and LANGUAGES[lang].rtl):
        inner = "".join(_pieces(text, start, end, fitting))
        parts.append(f'<bdi dir="ltr">{inner}</bdi>' if isolated else inner)
        # after the run, not in it: the figure belongs to the line, and stands where the line goes on
        parts.append(_numbers(fitting, end) if start < end else "")
    return "".join(parts)


def _runs(text: str, *, rtl: bool) -> Iterator[tuple[int, int, bool]]:
    """Cut the text into (start, end, isolated)."""
    last = 0
    for match in _RUN.finditer(text) if rtl else ():
        # \w also takes the Arabic suffix of a Latin word: BBCنىڭ
        arabic = _ARABIC.search(match[0])
        run = match[0][: arabic.start()] if arabic else match[0]
        end = match.start() + len(_TRAILING.sub("", run))
        if end - match.start() < 2:
            continue
        yield last, match.start(), False
        yield match.start(), end, True
        last = end
    yield last, len(text), False


def _pieces(text: str, start: int, end: int, marks: Sequence[Mark]) -> Iterator[str]:
    """Render text[start:end], cut at every edge of a mark."""
    edges = {start, end}
    for mark in marks:
        edges.update(edge for edge in mark.span if start < edge < end)
    cuts = sorted(edges)
    for left, right in pairwise(cuts):
        over = [mark for mark in marks if mark.span[0] <= left and right <= mark.span[1]]
        content = shown(text[left:right])
        yield _wrapped(content, over) if over else content
        if right < end:
            yield _numbers(marks, right)


def _wrapped(content: str, marks: Sequence[Mark]) -> str:
    kinds = " ".join(dict.fromkeys(kind for mark in marks for kind in mark.kind.split()))
    titles = " · ".join(dict.fromkeys(mark.title for mark in marks if mark.title))
    title = f' title="{plain(titles)}"' if titles else ""
    return f'<mark class="{plain(kinds)}"{title}>{content}</mark>'


def _numbers(marks: Sequence[Mark], end: int) -> str:
    """The figures of the marks that end here; shown by the style sheet, so that no one copies them."""
    numbers = " ".join(mark.number for mark in marks if mark.number and mark.span[1] == end)
    return f'<span class="figure" data-n="{plain(numbers)}"></span>' if numbers else ""
