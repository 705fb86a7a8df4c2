"""The ladder: make a translation true to its glossary, cheapest step first, or stop it.

Each rung works on all segments that the rungs below it left unsettled, in one batch; the verifier decides.
The result depends on the inputs and the engine alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from corpora.protocols import Encoder, Engine
from corpora.records import Request
from corpora.text import nfc
from glossary.enforcement.forcing import force
from glossary.enforcement.hypotheses import ask_for_several, name_terms
from glossary.enforcement.replacement import replace_in_place, respell
from glossary.enforcement.sense import Meaning, WordTable
from glossary.enforcement.state import (
    Candidate,
    Case,
    Enforced,
    Lexicon,
    Tools,
    improved,
    proposals,
    settled,
)
from glossary.enforcement.substitution import substitute
from glossary.matching import Matcher
from glossary.terms import Glossary

Rung = Callable[[Sequence[Case], Tools], list[list[Candidate]]]

# a misspelt name is respelt at no cost; else the model builds the sentence around the terms, cheapest rung
# first
_TRANSLATING: tuple[Rung, ...] = (
    respell,
    name_terms,
    ask_for_several,
    force,
    substitute,
    replace_in_place,
)
# the text at hand first, since it is someone's; only then a new one
_MENDING: tuple[Rung, ...] = (replace_in_place, name_terms, ask_for_several, force, substitute)


def translate(
    segments: Sequence[str],
    lang: str,
    engine: Engine,
    glossary: Glossary,
    matcher: Matcher,
    encoder: Encoder | None = None,
) -> list[Enforced]:
    """Translate segments with every term true.

    The first rung is a plain translation of all segments in one batch, so that a segment without terms
    comes out as the engine alone would translate it.

    Args:
        segments: English text, one segment each.
        lang: target language.
        engine: the model.
        glossary: the terms.
        matcher: the matcher of the same glossary.
        encoder: finds wrong renderings by their meaning; without it by sound alone.

    Returns:
        One `Enforced` per segment, in order.
    """
    tools = Tools(lang, engine, Meaning(lang, encoder, None) if encoder else None)
    lexicon = Lexicon(glossary, matcher)
    sources = [nfc(segment) for segment in segments]
    answers = engine.translate([Request(source, lang) for source in sources])
    cases = [
        tools.start(source, lexicon, proposals(answer, 0)[0])
        for source, answer in zip(sources, answers, strict=True)
    ]
    return _climb(cases, tools, _TRANSLATING)


def enforce(
    pairs: Sequence[tuple[str, str]],
    lang: str,
    glossary: Glossary,
    matcher: Matcher,
    engine: Engine | None = None,
    encoder: Encoder | None = None,
) -> list[Enforced]:
    """Make translations made elsewhere true, changing as little of them as possible.

    Args:
        pairs: source and translation of each segment. What goes together in all of them helps to find what a
            word was translated as, so the result of one segment may depend on the others.
        lang: language of the translations.
        glossary: the terms.
        matcher: the matcher of the same glossary.
        engine: a model for the segments that cannot be mended in place; without one they are stopped.
        encoder: finds wrong renderings by their meaning.
    """
    return enforce_each(pairs, lang, [Lexicon(glossary, matcher)] * len(pairs), engine, encoder)


def enforce_each(
    pairs: Sequence[tuple[str, str]],
    lang: str,
    lexicons: Sequence[Lexicon],
    engine: Engine | None = None,
    encoder: Encoder | None = None,
) -> list[Enforced]:
    """Do what `enforce` does, with a glossary of its own for each pair."""
    even = [(nfc(source), nfc(text)) for source, text in pairs]
    tools = Tools(lang, engine, Meaning(lang, encoder, WordTable(even, lang)))
    cases = [
        tools.start(source, lexicon, Candidate(text, 0.0, (), 0))
        for (source, text), lexicon in zip(even, lexicons, strict=True)
    ]
    return _climb(cases, tools, _MENDING)


def _climb(cases: list[Case], tools: Tools, rungs: Sequence[Rung]) -> list[Enforced]:
    for rung in rungs:
        waiting = [index for index, case in enumerate(cases) if case.best.faults]
        if not waiting:
            break
        found = rung([cases[index] for index in waiting], tools)
        for index, candidates in zip(waiting, found, strict=True):
            cases[index] = improved(cases[index], candidates, tools)
    return [settled(case) for case in cases]
