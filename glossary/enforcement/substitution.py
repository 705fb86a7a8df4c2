"""Rung 3: translate with a well-known name in place of the term, and give the term the case that it got.

Models that stumble over a rare name seldom do over Moscow; its form in the output says which case the
sentence needs there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from corpora.records import Request
from glossary.enforcement.hypotheses import N_BEST, hints
from glossary.enforcement.loops import loops
from glossary.enforcement.places import Place, features_of_found
from glossary.enforcement.replacement import put, unsatisfied
from glossary.enforcement.state import Candidate, Case, Tools, proposals
from glossary.matching import Match
from glossary.renderings import Found, renderings, tokenize
from glossary.terms import Glossary, Target, Term

RUNG = 3


def _stand_in(en: str, kind: str, gender: str, kk: str, ug: str, ru: str, zh: str) -> Term:
    texts = {"kk": kk, "ug": ug, "ru": ru, "zh": zh}
    targets = tuple(Target(lang, (text,)) for lang, text in texts.items())
    return Term(en.lower(), en, type=kind, gender=gender, targets=targets)


@lru_cache(maxsize=1)
def _stand_ins() -> Glossary:
    """Return names that models know, with forms that tell the cases apart as well as may be."""
    return Glossary(
        (
            _stand_in("Moscow", "place", "", "Мәскеу", "موسكۋا", "Москва", "莫斯科"),
            _stand_in("Ankara", "place", "", "Анкара", "ئەنقەرە", "Анкара", "安卡拉"),
            _stand_in("Putin", "person", "m", "Путин", "پۇتىن", "Путин", "普京"),
            _stand_in("Trump", "person", "m", "Трамп", "ترامپ", "Трамп", "特朗普"),
            _stand_in("Maria", "person", "f", "Мария", "مارىيە", "Мария", "玛丽亚"),
            _stand_in("Anna", "person", "f", "Анна", "ئاننا", "Анна", "安娜"),
            _stand_in("Parliament", "organisation", "", "Парламент", "پارلامېنت", "Парламент", "议会"),
            _stand_in("Ministry", "organisation", "", "Министрлік", "مىنىستىرلىك", "Министерство", "部"),
        )
    )


def substitute(cases: Sequence[Case], tools: Tools) -> list[list[Candidate]]:
    """Translate each case once more with stand-ins for its missing names, and put the names back."""
    found: list[list[Candidate]] = [[] for _ in cases]
    if tools.engine is None:
        return found
    # a model that went in circles does so with another name too, to the very end
    sound = [index for index, case in enumerate(cases) if not loops(case.best.candidate.text)]
    plans = [(index, swapped) for index in sound if (swapped := _swapped(cases[index]))]
    if not plans:
        return found
    answers = tools.engine.translate([_request(cases[index], *plan, tools) for index, plan in plans])
    for (index, (_, pairs)), answer in zip(plans, answers, strict=True):
        for candidate in proposals(answer, RUNG):
            text = _restored(candidate.text, pairs, tools.lang)
            if text is not None:
                found[index].append(Candidate(text, candidate.score, candidate.flags, RUNG))
    return found


Pairs = list[tuple[Match, Term]]


def _swapped(case: Case) -> tuple[str, Pairs] | None:
    """Return the source with stand-ins, and which term each stands for; None where there is none to give."""
    pairs: Pairs = []
    chosen: dict[str, Term] = {}
    present = {match.term.en.lower() for match in case.matches}
    for match in unsatisfied(case, case.best.verification.terms):
        taken = {term.en for term in chosen.values()}
        stand_in = chosen.get(match.term.id) or _choose(match.term, taken, present)
        if stand_in is not None and match.surface:
            chosen[match.term.id] = stand_in
            pairs.append((match, stand_in))
    source = case.source
    for match, stand_in in sorted(pairs, key=lambda pair: -pair[0].span[0]):
        start, end = match.span
        source = source[:start] + stand_in.en + source[end:]
    return (source, pairs) if pairs else None


def _choose(term: Term, taken: set[str], present: set[str]) -> Term | None:
    for stand_in in _stand_ins().terms:
        fits = stand_in.type == term.type and (not term.gender or stand_in.gender in ("", term.gender))
        if fits and stand_in.en not in taken and stand_in.en.lower() not in present:
            return stand_in
    return None


def _request(case: Case, source: str, pairs: Pairs, tools: Tools) -> Request:
    n_best = min(N_BEST, tools.width())
    if not tools.can("terms"):
        return Request(source, tools.lang, n_best=n_best, former=case.former)
    swapped = {match.term.id for match, _ in pairs}
    others = [match for match in case.matches if match.term.id not in swapped]
    kept = hints(replace(case, matches=tuple(others)), tools)
    named = [(term.en, term.lemmas(tools.lang)[0].text) for _, term in pairs]
    terms = tuple(dict.fromkeys((*kept, *named)))
    return Request(source, tools.lang, n_best=n_best, terms=terms, former=case.former)


def _restored(text: str, pairs: Pairs, lang: str) -> str | None:
    """Return the text with terms for stand-ins, in the same case; None where a stand-in is missing."""
    for match, stand_in in pairs:
        tokens = tokenize(text, lang)
        found = _first(stand_in, renderings(_stand_ins(), lang).find(tokens))
        if found is None:
            return None
        span = tokens[found.first].span[0], tokens[found.last - 1].span[1]
        place = Place(found.first, found.last, span, 1.0, 0, features_of_found(found))
        text = put(text, place, match, lang, "")
    return text


def _first(stand_in: Term, found: Sequence[Found]) -> Found | None:
    order = _stand_ins().terms.index(stand_in)
    return next((one for one in found if one.term == order), None)
