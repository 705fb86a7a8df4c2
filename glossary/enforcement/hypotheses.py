"""Rung 1: ask again, naming the terms, and take the best of several answers that holds them all."""

from __future__ import annotations

from collections.abc import Sequence

from corpora.records import Request
from glossary.enforcement.state import Candidate, Case, Tools, proposals

RUNG = 1
N_BEST = 4


def retry(cases: Sequence[Case], tools: Tools) -> list[list[Candidate]]:
    """Translate the cases anew, with hints where the engine takes them, n-best where it offers that."""
    if tools.engine is None or not (tools.can("terms") or tools.can("n-best")):
        return [[] for _ in cases]
    n_best = N_BEST if tools.can("n-best") else 1
    batch = [
        Request(
            case.source, tools.lang, n_best=n_best, terms=hints(case, tools) if tools.can("terms") else ()
        )
        for case in cases
    ]
    return [proposals(answer, RUNG) for answer in tools.engine.translate(batch)]


def hints(case: Case, tools: Tools) -> tuple[tuple[str, str], ...]:
    """Return the pairs (source words, target lemma) of the terms of a case, each once."""
    pairs = (
        (
            " ".join(match.surface.split()) or match.term.en,
            match.term.lemmas(tools.lang, match.surface)[0].text,
        )
        for match in case.matches
    )
    return tuple(dict.fromkeys(pairs))
