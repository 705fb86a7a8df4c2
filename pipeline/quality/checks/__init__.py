"""Doubts about a translation that need no reference: what is wrong, where, and how sure.

Each check is a small function over a `Pair` that yields flags; `CHECKS` names them all. Severity: `error`
where the text cannot be right, `warning` where a person should look, `info` where only a reader of the
language can tell. `benchmarks/checks.py` measures false alarms on human translations and how much planted
damage is found.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from corpora.records import Flag, TermUse
from corpora.text import nfc
from pipeline.quality.check_rules import DEFAULT, Rules
from pipeline.quality.checks import (
    chatter,
    dates,
    fragments,
    letters,
    loops,
    marks,
    names,
    negation,
    numbers,
    signs,
    verbatim,
    whole,
)
from pipeline.quality.checks.pair import Check, Pair

CHECKS: dict[str, Check] = {
    "empty": whole.empty,
    "copied-source": whole.copied,
    "repetition": loops.repetition,
    "wrong-script": letters.wrong_script,
    "foreign-letters": letters.foreign_letters,
    "mixed-letters": letters.mixed_letters,
    "wrong-language": letters.wrong_language,
    "untranslated": fragments.untranslated,
    "latin-name": fragments.latin_names,
    "length": whole.length,
    "truncated": whole.truncated,
    "omitted": whole.omitted,
    "added": whole.added,
    "number": numbers.numbers,
    "date": dates.months,
    "sign": signs.signs,
    "unit": signs.units,
    "name": names.names,
    "verbatim": verbatim.verbatim,
    "brackets": marks.brackets,
    "quotes": marks.quotes,
    "invisible": marks.invisible,
    "chatter": chatter.chatter,
    "refusal": chatter.refusal,
    "negation": negation.negation,
}
_ORDER = {"error": 0, "warning": 1, "info": 2}
_ALONE = ("empty", "copied-source")


def check(
    source: str,
    target: str,
    lang: str,
    source_lang: str = "en",
    *,
    skip: Collection[str] = (),
    rules: Rules = DEFAULT,
    terms: Sequence[TermUse] = (),
) -> list[Flag]:
    """Return the doubts about one translated segment, gravest first.

    Args:
        source: the source segment.
        target: its translation; spans of the flags index its NFC form.
        lang: language of the target.
        source_lang: language of the source.
        skip: names of checks to leave out, besides those that the rules leave out.
        rules: what the job says of the checks.
        terms: what the verifier says of the terms of the glossary: these names are not doubted a second time.

    An empty or a copied target gets that one flag: all others would follow from it.
    """
    judged = tuple(sorted(use.source_span for use in terms if use.verdict != "untranslated"))
    pair = Pair(nfc(source), nfc(target), lang, source_lang, rules.limits, judged)
    left_out = rules.off.union(skip)
    for name in _ALONE:
        if name not in left_out and (flags := list(CHECKS[name](pair))):
            return rules.applied(flags)
    found = [
        flag
        for name, one in CHECKS.items()
        if name not in _ALONE and name not in left_out
        for flag in one(pair)
    ]
    return sorted(rules.applied(found), key=lambda flag: _ORDER[flag.severity])
