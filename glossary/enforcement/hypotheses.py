"""Rung 1: name the terms to the model, then ask for several answers and take the best that holds them all."""

from __future__ import annotations

from collections.abc import Sequence

from corpora.records import Request
from glossary.enforcement.state import Candidate, Case, Tools, proposals

RUNG = 1
N_BEST = 4


def name_terms(cases: Sequence[Case], tools: Tools) -> list[list[Candidate]]:
    """Translate the cases anew with their terms named, where the engine takes hints.

    All answers are taken that cost no more than one.
    """
    if not tools.can("terms"):
        return [[] for _ in cases]
    return _asked(cases, tools, n_best=min(N_BEST, tools.width()))


def ask_for_several(cases: Sequence[Case], tools: Tools) -> list[list[Candidate]]:
    """Translate the cases anew for several answers, where the engine offers that; with hints if it can.

    Where several were given when the terms were named, more of them seldom help and cost as much again:
    of 34 segments that the starter failed so far, 7 came right, in half the time of a plain translation of
    all. They are left to the next rung.
    """
    if not tools.can("n-best") or (tools.can("terms") and tools.width() > 1):
        return [[] for _ in cases]
    return _asked(cases, tools, n_best=N_BEST)


def _asked(cases: Sequence[Case], tools: Tools, n_best: int) -> list[list[Candidate]]:
    if tools.engine is None:
        return [[] for _ in cases]
    batch = [
        Request(case.source, tools.lang, n_best=n_best, terms=hints(case, tools), former=case.former)
        for case in cases
    ]
    return [proposals(answer, RUNG) for answer in tools.engine.translate(batch)]


def hints(case: Case, tools: Tools) -> tuple[tuple[str, str], ...]:
    """Return the pairs (source words, target lemma) of the terms of a case, each once.

    Nothing for an engine that takes no hints.
    """
    if not tools.can("terms"):
        return ()
    pairs = (
        (
            " ".join(match.surface.split()) or match.term.en,
            match.term.lemmas(tools.lang, match.surface)[0].text,
        )
        for match in case.matches
    )
    return tuple(dict.fromkeys(pairs))
