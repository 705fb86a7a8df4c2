"""The independent judge: does a translation hold every term of its source, each in an allowed form?

It knows nothing of how a translation came about. Matching is exclusive (n occurrences need n disjoint
places), maximal (a rendering inside a longer rendering of any term does not count, but for the fuller names
of the same person or place: `glossary.fuller`) and anchored to tokens.
A declared forbidden rendering is a fault in any of its forms, unless the source calls for it.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass, replace

from corpora.records import Flag, Span, TermUse
from corpora.text import nfc
from glossary.attributive import is_attributive
from glossary.english import partly_spoken_of, spoken_of
from glossary.fuller import Fuller
from glossary.inflection import Form
from glossary.inflection.russian_relational import KIND
from glossary.landforms import before_landform
from glossary.links import linked, links
from glossary.matching import Match, Matcher
from glossary.misspelt import misspelt
from glossary.neighbourhood import Slot, surroundings
from glossary.renderings import Found, Token, preferred, renderings, tokenize
from glossary.terms import NAMES, Glossary, Term

CHECKS = "term-"
"""What the names of all checks of the verifier begin with, and of no others."""
VERSION = 3
"""Raised when the verifier says something else of the same texts."""


@dataclass(frozen=True, slots=True)
class Verification:
    """What the judge says of one segment: a record per occurrence in the source, and every doubt."""

    terms: tuple[TermUse, ...]
    flags: tuple[Flag, ...]

    @property
    def ok(self) -> bool:
        """No error was found."""
        return not any(flag.severity == "error" for flag in self.flags)


def verify(
    source: str, target: str, lang: str, glossary: Glossary, matcher: Matcher, *, strict: bool = False
) -> Verification:
    """Judge one segment.

    Args:
        source: the English segment; spans of it index its NFC text.
        target: its translation, likewise.
        lang: language of the translation.
        glossary: the terms; those without a rendering in this language are reported, not required.
        matcher: the matcher of the same glossary.
        strict: a term without a rendering is an error, not a warning.
    """
    source, target = nfc(source), nfc(target)
    matches = matcher.find(source)
    tokens = tokenize(target, lang)
    orders = {id(term): order for order, term in enumerate(glossary.terms)}
    describing = {id(match) for match in matches if lang == "ru" and is_attributive(match, source)}
    attributive = {orders[id(match.term)] for match in matches if id(match) in describing}
    found = _outside_links(renderings(glossary, lang).find(tokens, attributive), tokens, target)
    wanted = [match for match in matches if match.term.translated(lang)]
    needs = [orders[id(match.term)] for match in wanted]
    allowed = [one for one in found if not one.forbidden]
    slots = _with_bare(_slots(allowed, set(needs)), allowed, set(needs), Fuller(glossary, source, matches))
    nouns = {need for need, match in enumerate(wanted) if id(match) not in describing}
    given = _in_order(needs, _assign(needs, slots, nouns), slots, nouns)
    claims = dict(zip(map(id, wanted), given, strict=True))
    uses = tuple(
        _use(match, orders[id(match.term)], claims.get(id(match)), slots, tokens, target, lang)
        for match in matches
    )
    names = [match.term for match in wanted if match.term.type in NAMES or match.term.declared]
    flags = [
        *_missing(uses, glossary, lang),
        *_untranslated(matches, lang, strict),
        *_forbidden(found, slots, needs, given, glossary, tokens, target, source),
        *_stray(slots, needs, given, glossary, tokens, source, target),
        *_misspelt(names, found, tokens, target, lang),
        *surroundings(source, target, matches, slots, set(needs), given, tokens, lang),
    ]
    return Verification(uses, tuple(flags))


def _outside_links(found: list[Found], tokens: Sequence[Token], target: str) -> list[Found]:
    """Leave out what stands in an address: it names nothing, right or wrong."""
    barred = links(target)
    if not barred:
        return found
    spans = ((tokens[one.first].span[0], tokens[one.last - 1].span[1]) for one in found)
    return [one for one, span in zip(found, spans, strict=True) if not linked(span, barred)]


def _slots(found: Sequence[Found], needs: set[int]) -> list[Slot]:
    """Resolve the places where renderings stand into disjoint ones, the longest first, left to right."""
    ranges: dict[tuple[int, int], dict[int, Found]] = {}
    for one in found:
        ranges.setdefault((one.first, one.last), {}).setdefault(one.term, one)
    maximal = [
        place
        for place in ranges
        if not any(other != place and other[0] <= place[0] and place[1] <= other[1] for other in ranges)
    ]
    maximal.sort(key=lambda place: (needs.isdisjoint(ranges[place]), place[0] - place[1], place))
    taken: list[tuple[int, int]] = []
    for place in maximal:
        if all(place[1] <= other[0] or other[1] <= place[0] for other in taken):
            taken.append(place)
    return [Slot(first, last, ranges[first, last]) for first, last in sorted(taken)]


def _with_bare(slots: Sequence[Slot], found: Sequence[Found], needs: set[int], fuller: Fuller) -> list[Slot]:
    """Note in each slot the terms of the source for which its fuller name may stand."""
    noted = []
    for slot in slots:
        bare = {
            one.term: one
            for one in found
            if one.term in needs - slot.found.keys()
            and slot.covers(one)
            and any(fuller.stands_for(longer, one.term) for longer in slot.found)
        }
        noted.append(replace(slot, bare=bare))
    return noted


def _assign(needs: Sequence[int], slots: Sequence[Slot], nouns: Set[int]) -> list[int | None]:
    """Give as many occurrences as possible a slot of their own (augmenting paths, Kuhn 1955).

    Fuller names are given only to occurrences that are left without a place; relational adjectives to none
    that is a noun in the source.
    """
    owner: dict[int, int] = {}

    def seek(need: int, tried: set[int], *, bare: bool) -> bool:
        for index, slot in enumerate(slots):
            one = slot.found.get(needs[need]) or (slot.bare.get(needs[need]) if bare else None)
            fits = one is not None and not (need in nouns and one.lemma.kind == KIND)
            if fits and index not in tried:
                tried.add(index)
                if index not in owner or seek(owner[index], tried, bare=bare):
                    owner[index] = need
                    return True
        return False

    for need in range(len(needs)):
        seek(need, set(), bare=False)
    for need in sorted(set(range(len(needs))) - set(owner.values())):
        seek(need, set(), bare=True)
    given: list[int | None] = [None] * len(needs)
    for index, need in owner.items():
        given[need] = index
    return given


def _in_order(
    needs: Sequence[int], given: Sequence[int | None], slots: Sequence[Slot], nouns: Set[int]
) -> list[int | None]:
    """Among the occurrences of one term, nouns and others apart, let the first have the first place."""
    ordered = list(given)
    for kind in {(term, need in nouns) for need, term in enumerate(needs)}:
        mine = [
            need
            for need, term in enumerate(needs)
            if (term, need in nouns) == kind and given[need] is not None
        ]
        places = sorted(place for need in mine if (place := given[need]) is not None)
        for need, place in zip(mine, places, strict=True):
            ordered[need] = place
    return ordered


def _use(
    match: Match,
    order: int,
    claim: int | None,
    slots: Sequence[Slot],
    tokens: Sequence[Token],
    target: str,
    lang: str,
) -> TermUse:
    form, span = None, None
    features = ""
    if claim is not None:
        slot = slots[claim]
        if order not in slot.found:  # a fuller name: the form is the part of it that is the term's
            slot = Slot(slot.bare[order].first, slot.bare[order].last, {order: slot.bare[order]})
        span = slot.span(tokens)
        form, features = target[slice(*span)], _features(match.term, order, slot, lang)
    verdict = "passed" if span else "failed"
    return TermUse(
        term=match.term.id,
        surface=match.surface,
        source_span=match.span,
        form=form,
        span=span,
        case=features,
        rung=None,
        verdict=verdict if match.term.translated(lang) else "untranslated",  # type: ignore[arg-type]
    )


def _features(term: Term, order: int, slot: Slot, lang: str) -> str:
    forms: list[Form] = [one.form for one in slot.found.values() if one.lemma in term.lemmas(lang)]
    return (forms[0] if forms else slot.found[order].form).features


def _missing(uses: Sequence[TermUse], glossary: Glossary, lang: str) -> list[Flag]:
    flags: list[Flag] = []
    for term in glossary.terms if uses else ():
        mine = [use for use in uses if use.term == term.id and use.verdict != "untranslated"]
        passed = sum(use.verdict == "passed" for use in mine)
        if passed < len(mine):
            count = "" if len(mine) == 1 else f" ({passed} of {len(mine)} found)"
            message = f"“{term.en}” must be rendered as “{preferred(term, lang)}” in one of its forms{count}"
            flags.append(Flag("term-missing", "error", message))
    return flags


def _untranslated(matches: Sequence[Match], lang: str, strict: bool) -> list[Flag]:
    terms = dict.fromkeys(match.term for match in matches if not match.term.translated(lang))
    severity = "error" if strict else "warning"
    return [
        Flag("term-untranslated", severity, f"the glossary has no {lang} rendering of “{term.en}”")  # type: ignore[arg-type]
        for term in terms
    ]


def _stray(
    slots: Sequence[Slot],
    needs: Sequence[int],
    given: Sequence[int | None],
    glossary: Glossary,
    tokens: Sequence[Token],
    source: str,
    target: str,
) -> list[Flag]:
    """Warn of names that the source does not speak of: a model may have made them up."""
    flags = []
    for index, slot in enumerate(slots):
        if index in given:
            continue
        terms = [glossary.terms[order] for order in slot.found]
        known = any(order in needs for order in slot.found) or any(
            term.type not in NAMES or spoken_of(term.names, source) for term in terms
        )
        if not known:
            span = slot.span(tokens)
            message = f"“{target[slice(*span)]}” renders “{terms[0].en}”, which the source does not name"
            flags.append(Flag("term-stray", "warning", message, span))
    return flags


def _misspelt(
    names: Sequence[Term], found: Sequence[Found], tokens: Sequence[Token], target: str, lang: str
) -> list[Flag]:
    barred = links(target)
    held = {index for one in found for index in range(one.first, one.last)}
    held |= {index for index, token in enumerate(tokens) if linked(token.span, barred)}
    lemmas = [lemma for term in dict.fromkeys(names) for lemma in term.lemmas(lang)]
    return [
        Flag(
            "term-misspelt",
            "error",
            f"“{target[slice(*one.span)]}” is no form of “{one.lemma.text}”",
            one.span,
        )
        for one in misspelt(tokens, held, lemmas, lang)
    ]


def _forbidden(
    found: Sequence[Found],
    slots: Sequence[Slot],
    needs: Sequence[int],
    given: Sequence[int | None],
    glossary: Glossary,
    tokens: Sequence[Token],
    target: str,
    source: str,
) -> list[Flag]:
    """Flag each forbidden rendering that the source does not call for.

    It is called for where it is the place of an occurrence, or where it renders a term that the source
    names, be it by an adjective, and the term that forbids it has all its own places; before a word for a
    landform a part of the name is enough (朝鲜半岛, *the Korean peninsula*, is not North Korea). A common
    word is forbidden only where its term stands in the source: it may be right elsewhere. A name, and a word
    that renders another term, is forbidden everywhere.
    """
    claimed = [slots[index] for index in given if index is not None]
    failed = {need for need, index in zip(needs, given, strict=True) if index is None}
    flags: dict[Span, Flag] = {}
    for one in found:
        if not one.forbidden or any(slot.covers(one) for slot in claimed):
            continue
        term = glossary.terms[one.term]
        others = {
            other.term
            for other in found
            if not other.forbidden and (other.first, other.last) == (one.first, one.last)
        }
        called = {
            order
            for order in others
            if order in needs
            or spoken_of(glossary.terms[order].names, source)
            or (before_landform(tokens, one.last) and partly_spoken_of(glossary.terms[order].names, source))
        }
        if called and one.term not in failed:
            continue
        if not others and term.type not in NAMES and one.term not in needs:
            continue
        span = tokens[one.first].span[0], tokens[one.last - 1].span[1]
        message = f"“{target[slice(*span)]}” is forbidden for “{term.en}”"
        flags.setdefault(span, Flag("term-forbidden", "error", message, span))
    return list(flags.values())
