"""Which case a name needs where its place shows none, told by the English around the term.

English says with prepositions and the possessive what these languages say with cases. The cue is dropped
where the word behind the place already carries a case that the name would share (`Xinjiang өлкесінде`), and
in Russian where a preposition before it asks for one, but for that of *into* (в Кульджу, not в Кульдже).
"""

from __future__ import annotations

import re

from corpora.records import Span

_BEFORE = re.compile(r"\b(in|inside|within|from|with|to|into|of|by)\s+(?:the\s+)?$", re.IGNORECASE)
_POSSESSIVE = re.compile(r"['’]s?\s", re.IGNORECASE)
_CASES = {
    "kk": {"in": "loc", "inside": "loc", "within": "loc", "from": "abl", "with": "ins", "to": "dat"},
    "ug": {"in": "loc", "inside": "loc", "within": "loc", "from": "abl", "to": "dat"},
    "ru": {"of": "gen", "by": "ins", "to": "dat"},
}
_MARKED = {
    "kk": re.compile(r"(?:[дт][ае]|[дт][ае]ғы|[дт]егі|[дт]ан|[дт]ен|нан|нен|ға|ге|қа|ке|на|не|мен|бен|пен)$"),
    "ug": re.compile(r"(?:[دت][اە]|[دت]ىكى|[دت]ىن|غا|قا|گە|كە|بىلەن)$"),
}


def cued(source: str, span: Span, after: str, lang: str) -> tuple[str, ...]:
    """Return the case that the English asks for, or nothing where it does not tell.

    Args:
        source: the English segment.
        span: where the term stands in it.
        after: the word behind the place in the target, empty for none.
    """
    if lang not in _CASES or span == (0, 0):
        return ()
    if _POSSESSIVE.match(source[span[1] :]):
        return ("gen",)
    found = _BEFORE.search(source[: span[0]])
    if found is None or (lang in _MARKED and _MARKED[lang].search(after.lower())):
        return ()
    case = _CASES[lang].get(found[1].lower())
    return (case,) if case else ()


def heads_for(source: str, span: Span) -> bool:
    """Tell whether the English says that someone or something goes to where the term stands."""
    found = _BEFORE.search(source[: span[0]]) if span != (0, 0) else None
    return found is not None and found[1].lower() in ("to", "into")
