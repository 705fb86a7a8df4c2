"""Rung 4: put the term in the place of the wrong rendering, in the case of what stood there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from corpora.records import Span, TermUse
from glossary.enforcement.cues import cued, heads_for
from glossary.enforcement.endings import closest, features_of, most_alike
from glossary.enforcement.places import Place, places
from glossary.enforcement.russian import agreeing, asked, gender_of, is_noun, tags
from glossary.enforcement.state import Candidate, Case, Judged, Tools
from glossary.inflection import Form, Lemma
from glossary.matching import Match
from glossary.renderings import Token, tokenize
from glossary.sounds import likeness, sounds

RUNG = 4
_PLACES = 3  # how many places are tried for one term
_BRACKETS = {"(": ")", "（": "）", "[": "]", "«": "»", "“": "”"}
_TO_CUT = ("term-leftover", "term-repeated")
_STOPS = frozenset('.!?؟。！？…:«"“')


def respell(cases: Sequence[Case], tools: Tools) -> list[list[Candidate]]:
    """Mend names that are merely copied or misspelt; this costs nothing and keeps the sentence."""
    return [_mended(case, tools, sure_only=True) for case in cases]


def replace_in_place(cases: Sequence[Case], tools: Tools) -> list[list[Candidate]]:
    """Mend each case by replacing the spans of its unsatisfied terms, left to right."""
    return [_mended(case, tools, sure_only=False) for case in cases]


def _mended(case: Case, tools: Tools, *, sure_only: bool) -> list[Candidate]:
    judged = case.best
    while (fresh := _next_step(case, judged, tools, sure_only)) is not None:
        judged = fresh
    return [] if judged is case.best else [judged.candidate]


def _next_step(case: Case, judged: Judged, tools: Tools, sure_only: bool) -> Judged | None:
    """Return the text with one more fault mended; None where no place is found for any."""
    for step in _steps(case, judged, tools, sure_only):
        candidate = replace(judged.candidate, text=step, rung=RUNG, edited=True)
        fresh = tools.judge(case.source, case.lexicon, candidate)
        if fresh.faults < judged.faults:
            return fresh
    return None


def _steps(case: Case, judged: Judged, tools: Tools, sure_only: bool) -> Iterator[str]:
    """Yield texts with one fault mended: a misspelt name, what is left beside a term, a wrong rendering."""
    text, uses = judged.candidate.text, judged.verification.terms
    for flag in judged.verification.flags:
        if flag.check == "term-misspelt" and flag.span is not None:
            yield _respelt(case, text, flag.span, tools.lang)
        elif flag.check in _TO_CUT and flag.severity == "error" and flag.span is not None:
            yield _cut(text, flag.span, [use.span for use in uses if use.span is not None])
    sense = None if sure_only else tools.sense
    for match in unsatisfied(case, uses):
        for place in places(case, text, match, uses, tools.lang, sense)[:_PLACES]:
            if place.sure or not sure_only:
                yield put(text, place, match, tools.lang, case.source)


def _respelt(case: Case, text: str, span: Span, lang: str) -> str:
    """Return the text with the name that sounds most like a misspelt one in its place."""
    stood = sounds(text[slice(*span)])

    def alike(match: Match) -> float:
        return max(likeness(sounds(lemma.text), stood)[0] for lemma in match.term.lemmas(lang, match.surface))

    tokens = tokenize(text, lang)
    here = [index for index, token in enumerate(tokens) if span[0] <= token.span[0] < span[1]]
    place = Place(here[0], here[-1] + 1, span, 1.0, sounds_alike=True)
    return put(text, place, max(case.matches, key=alike), lang, case.source)


def _cut(text: str, span: Span, terms: Sequence[Span]) -> str:
    """Return the text without what a span holds beside its terms: `концлагере лагере` loses its last word."""
    here = [term for term in terms if term[0] < span[1] and span[0] < term[1]]
    if not here:
        return text
    start, end = max(span[0], min(here)[0]), min(span[1], max(stop for _, stop in here))
    first, last = span
    if text[end : end + 1] in _BRACKETS and text[last : last + 1] == _BRACKETS[text[end]]:
        last += 1  # the name once more in brackets
    if text[first - 1 : first] in _BRACKETS and text[start - 1] == _BRACKETS[text[first - 1]]:
        first -= 1
    return text[:first] + text[start:end] + text[last:]


def unsatisfied(case: Case, uses: Sequence[TermUse]) -> list[Match]:
    """Return the occurrences that the verifier did not find, left to right."""
    failed = {(use.term, use.source_span) for use in uses if use.verdict == "failed"}
    return [match for match in case.matches if (match.term.id, match.span) in failed]


def put(text: str, place: Place, match: Match, lang: str, source: str) -> str:
    """Return the text with the term at a place, in the features of what stood there, neighbours agreeing.

    Where nothing there shows a case, the English `source` around the term may tell it.
    """
    tokens = tokenize(text, lang)
    lemma = match.term.lemmas(lang, match.surface)[0]
    form = form_for(tokens, text, place, match, lang, source)
    start, end = place.span
    before = text[:start]
    if lang == "ru" and place.first:
        before = _agreed(before, tokens, place, lemma, form)
    return before + capitalised(form.text, tokens, place, match) + text[end:]


def form_for(tokens: Sequence[Token], text: str, place: Place, match: Match, lang: str, source: str) -> Form:
    """Return the form of a term that a place asks for."""
    lemma = match.term.lemmas(lang, match.surface)[0]
    features = wanted(tokens, text, place, lemma.lang)
    stood = text[slice(*place.span)]
    if stood.isascii() or (lang == "ru" and stood.isupper()):  # КПК shows no case either
        if features[0] == "nom":
            after = tokens[place.last].plain if place.last < len(tokens) else ""
            features = (*cued(source, match.span, after, lang), *features)
        elif lang == "ru" and features[0] == "loc" and heads_for(source, match.span):
            features = ("acc", *features)
    if place.sounds_alike and not stood.isascii():
        return most_alike(lemma, stood, features)
    return closest(lemma, features)


def capitalised(form: str, tokens: Sequence[Token], place: Place, match: Match) -> str:
    """Return the form with a capital where what stood there had one for its place or its source."""
    deserved = _opens_sentence(tokens, place.first) or match.surface[:1].isupper()
    if deserved and tokens[place.first].plain[:1].isupper():
        return form[:1].upper() + form[1:]
    return form


def wanted(tokens: Sequence[Token], text: str, place: Place, lang: str) -> tuple[str, ...]:
    """Return the features the form at a place should have, the likeliest first."""
    stood = text[slice(*place.span)]
    if place.features:
        found = (*place.features.split("|"), "nom")
    elif lang == "ru":
        found = tags(_head(stood))
    else:
        found = features_of(stood.split()[-1], lang, place.tail)
    if lang != "ru":
        return tuple(dict.fromkeys(found))
    before = [token.plain for token in tokens[: place.first]]
    return tuple(dict.fromkeys((*asked(before, _head(stood), found), *found)))


def _head(words: str) -> str:
    """Return the word of a Russian phrase that carries its case: the first noun."""
    parts = words.split()
    return next(filter(is_noun, parts), parts[-1])


def _opens_sentence(tokens: Sequence[Token], index: int) -> bool:
    return index == 0 or tokens[index - 1].plain in _STOPS


def _agreed(before: str, tokens: Sequence[Token], place: Place, lemma: Lemma, form: Form) -> str:
    """Bring the adjectives that stand before the place into agreement with the noun that goes there."""
    if " " in lemma.text:
        return before
    gender = gender_of(lemma.text)
    old = _head(" ".join(token.plain for token in tokens[place.first : place.last]))
    index = place.first - 1
    while index >= 0:
        token = tokens[index]
        made = agreeing(token.plain, old, form.features, gender)
        if made is None:
            break
        start, end = token.span
        before = before[:start] + made + before[end:]
        index -= 1
    return before
