"""Rung 2: keep the translation up to the wrong rendering, force the term there, let the model finish."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from corpora.records import Request
from glossary.enforcement.hypotheses import hints
from glossary.enforcement.loops import loops
from glossary.enforcement.places import Place, places
from glossary.enforcement.replacement import capitalised, form_for, unsatisfied
from glossary.enforcement.state import Candidate, Case, Tools, improved, proposals
from glossary.inflection import realise
from glossary.matching import Match
from glossary.renderings import tokenize

RUNG = 2
_ROUNDS = 3  # terms forced one after the other in one segment
_FORMS = 3  # forms tried for one term
_CASES = ("nom", "gen", "acc", "dat", "loc")


def force(cases: Sequence[Case], tools: Tools) -> list[list[Candidate]]:
    """Decode each case again behind a forced prefix, for the likeliest forms of its first missing term.

    A second missing term is forced in the best text of the round before. Each round is one batch.
    """
    found: list[list[Candidate]] = [[] for _ in cases]
    if tools.engine is None or not tools.can("prefix"):
        return found
    state = list(cases)
    # a text that goes in circles has no place where a name belongs
    waiting = [index for index, case in enumerate(cases) if not loops(case.best.candidate.text)]
    for _ in range(_ROUNDS):
        asked = [(index, prefix) for index in waiting for prefix in prefixes(state[index], tools)]
        if not asked:
            break
        answers = tools.engine.translate([_request(state[index], prefix, tools) for index, prefix in asked])
        fresh: dict[int, list[Candidate]] = {}
        for (index, _), answer in zip(asked, answers, strict=True):
            fresh.setdefault(index, []).extend(proposals(answer, RUNG))
        waiting = []
        for index, candidates in fresh.items():
            found[index] += candidates
            better = improved(state[index], candidates, tools)
            if better is not state[index] and better.best.faults:
                waiting.append(index)
            state[index] = better
    return found


def _request(case: Case, prefix: str, tools: Tools) -> Request:
    return Request(case.source, tools.lang, prefix=prefix, terms=hints(case, tools), former=case.former)


def prefixes(case: Case, tools: Tools) -> list[str]:
    """Return the texts to force: what stands before the wrong rendering, and a form of the term."""
    text, uses = case.best.candidate.text, case.best.verification.terms
    for match in unsatisfied(case, uses):
        found = places(case, text, match, uses, tools.lang, tools.sense)
        if found:
            before = text[: found[0].span[0]]
            return [before + form for form in dict.fromkeys(_forms(case, text, found[0], match, tools.lang))][
                :_FORMS
            ]
    return []


def _forms(case: Case, text: str, place: Place, match: Match, lang: str) -> Iterator[str]:
    tokens = tokenize(text, lang)
    lemma = match.term.lemmas(lang, match.surface)[0]
    yield capitalised(form_for(tokens, text, place, match, lang, case.source).text, tokens, place, match)
    for features in _CASES:
        form = realise(lemma, features)
        if form is not None:
            yield capitalised(form.text, tokens, place, match)
