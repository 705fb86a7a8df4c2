"""English left in the translation: fragments nobody translated, names nobody transcribed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpora.languages import LANGUAGES
from corpora.records import Flag, Severity
from pipeline.quality.checks.pair import Pair, without_addresses

_LATIN = "A-Za-z\u00c0-\u024f"
_RUN = re.compile(rf"[{_LATIN}][{_LATIN}'’-]*(?:[ \u00a0][{_LATIN}][{_LATIN}'’-]*)*")
_SHORT = 3
_ASIDE = 120  # characters an aside may be long
_LITTLE = frozenset(
    ["in", "of", "to", "as", "at", "by", "on", "is", "it", "he", "we", "or", "an", "be", "a", "so"]
)


def _runs(pair: Pair) -> Iterator[re.Match[str]]:
    """Yield the runs of Latin words of the target, outside addresses."""
    yield from _RUN.finditer(without_addresses(pair.target))


def _aside(text: str, start: int, end: int) -> bool:
    """Tell whether a run stands in brackets or quotes: an original name or title beside its translation."""
    before, after = text[:start].rstrip()[-1:], text[end:].lstrip()[:1]
    opened = max(text.rfind(mark, max(0, start - _ASIDE), start) for mark in "(（")
    inside = opened >= 0 and not any(mark in text[opened:start] for mark in ")）")
    return inside or (before in "“«\"'‘《„" and before != "" and after in "”»\"'’》“")


def untranslated(pair: Pair) -> Iterator[Flag]:
    """Lower-case English words, or a long piece of the source, stand in a text of another script."""
    language = LANGUAGES.get(pair.lang)
    if language is None or language.script == "Latn":
        return
    source = pair.source.casefold()
    for match in _runs(pair):
        words = match[0].split()
        small = [word for word in words if word.islower() and (len(word) >= _SHORT or word in _LITTLE)]
        copied = match[0].casefold() in source
        telling = len(small) >= 2 or any(len(word) >= _SHORT for word in small)
        if not (telling or (copied and len(words) >= 4)) or _aside(pair.target, *match.span()):
            continue
        severity: Severity = "error" if len(small) >= 2 and len(words) >= 3 else "warning"
        what = "left untranslated" if copied else "in English, and not in the source"
        yield Flag("untranslated", severity, f"“{match[0][:60]}” is {what}", match.span())


def latin_names(pair: Pair) -> Iterator[Flag]:
    """Names in Latin letters, where a reader may expect them transcribed; acronyms are left alone."""
    language = LANGUAGES.get(pair.lang)
    if language is None or language.script == "Latn":
        return
    for match in _runs(pair):
        words = match[0].split()
        named = [word for word in words if word[:1].isupper() and not word.isupper() and len(word) >= _SHORT]
        if named and not _aside(pair.target, *match.span()):
            yield Flag("latin-name", "info", f"“{match[0][:60]}” stands in Latin letters", match.span())
