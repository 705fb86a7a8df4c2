"""The independent judge: does a translation hold every term of its source, each in an allowed form?

It knows nothing of how a translation came about. Matching is exclusive (n occurrences need n disjoint
places), maximal (a rendering inside a longer rendering of any term does not count, but for the fuller names
of the same person or place: `glossary.fuller`) and anchored to tokens.
A declared forbidden rendering is a fault in any of its forms, unless the source calls for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass

from corpora.records import Flag, Span, TermUse
from corpora.text import nfc
from glossary.allotment import allot, disjoint
from glossary.attributive import is_attributive
from glossary.chinese_script import in_both_scripts
from glossary.english import partly_spoken_of, spoken_of
from glossary.fuller import Fuller
from glossary.inflection import Form
from glossary.landforms import before_landform
from glossary.links import linked, links
from glossary.matching import Match, Matcher
from glossary.misspelt import misspelt
from glossary.neighbourhood import Slot, surroundings
from glossary.remnants import Named, remnants
from glossary.renderings import Found, Token, preferred, renderings, tokenize
from glossary.terms import NAMES, Glossary, Term

CHECKS = "term-"
"""What the names of all checks of the verifier begin with, and of no others."""
VERSION = 7
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
    seen = _read(nfc(source), nfc(target), lang, glossary, matcher)
    uses = tuple(_use(match, claim, seen) for match, claim in seen.claims)
    left = list(_remnants(seen))
    around = surroundings(
        seen.source, seen.target, seen.matches, seen.slots, set(seen.needs), seen.given, seen.tokens, lang
    )
    flags = [
        *_missing(uses, glossary, lang),
        *_untranslated(seen.matches, lang, strict),
        *_forbidden(seen),
        *_stray(seen),
        *_misspelt(seen),
        *left,
        *(flag for flag in around if not (left and flag.check == left[0].check and _overlaps(flag, left))),
    ]
    return Verification(uses, tuple(flags))


def _overlaps(flag: Flag, others: Sequence[Flag]) -> bool:
    """Tell whether a flag points where one of some others does."""
    spans = [other.span for other in others]
    return flag.span is not None and any(
        span is not None and span[0] < flag.span[1] and flag.span[0] < span[1] for span in spans
    )


@dataclass(frozen=True, slots=True)
class _Seen:
    """A segment as the judge sees it.

    Attributes:
        matches: the terms in the source.
        tokens: the target, cut into tokens.
        found: every rendering in the target, nested and forbidden ones included.
        slots: the places of allowed renderings, disjoint, left to right.
        wanted: the matches that the language has a rendering for.
        needs: their indices in the glossary.
        given: the slot of each of them, None where it has none.
    """

    source: str
    target: str
    lang: str
    glossary: Glossary
    matches: tuple[Match, ...]
    tokens: tuple[Token, ...]
    found: tuple[Found, ...]
    slots: tuple[Slot, ...]
    wanted: tuple[Match, ...]
    needs: tuple[int, ...]
    given: tuple[int | None, ...]

    @property
    def claims(self) -> Iterator[tuple[Match, tuple[int, int] | None]]:
        """Each match with its term's index and the slot that it has, None where it has none."""
        held = {
            id(match): (need, index)
            for match, need, index in zip(self.wanted, self.needs, self.given, strict=True)
            if index is not None
        }
        return ((match, held.get(id(match))) for match in self.matches)

    def text(self, span: Span) -> str:
        """Return the words of the target in a span."""
        return self.target[slice(*span)]


def _read(source: str, target: str, lang: str, glossary: Glossary, matcher: Matcher) -> _Seen:
    """Find the terms in the source, the renderings in the target, and what belongs together."""
    matches = matcher.find(source)
    tokens = tokenize(target, lang)
    orders = {id(term): order for order, term in enumerate(glossary.terms)}
    describing = {id(match) for match in matches if lang == "ru" and is_attributive(match, source)}
    attributive = {orders[id(match.term)] for match in matches if id(match) in describing}
    found = _outside_links(renderings(glossary, lang).find(tokens, attributive), tokens, target)
    wanted = [match for match in matches if match.term.translated(lang)]
    needs = [orders[id(match.term)] for match in wanted]
    allowed = [one for one in found if not one.forbidden]
    slots = disjoint(allowed, set(needs), Fuller(glossary, source, matches))
    nouns = {need for need, match in enumerate(wanted) if id(match) not in describing}
    given = allot(needs, slots, nouns)
    return _Seen(
        source,
        target,
        lang,
        glossary,
        matches,
        tokens,
        tuple(found),
        tuple(slots),
        tuple(wanted),
        tuple(needs),
        tuple(given),
    )


def _outside_links(found: list[Found], tokens: Sequence[Token], target: str) -> list[Found]:
    """Leave out what stands in an address: it names nothing, right or wrong."""
    barred = links(target)
    if not barred:
        return found
    spans = ((tokens[one.first].span[0], tokens[one.last - 1].span[1]) for one in found)
    return [one for one, span in zip(found, spans, strict=True) if not linked(span, barred)]


def _use(match: Match, claim: tuple[int, int] | None, seen: _Seen) -> TermUse:
    """Return the record of an occurrence; `claim` is its term's index and its slot."""
    form, span = None, None
    features = ""
    if claim is not None:
        order, index = claim
        slot = seen.slots[index]
        if order not in slot.found:  # a fuller name: the form is the part of it that is the term's
            slot = Slot(slot.bare[order].first, slot.bare[order].last, {order: slot.bare[order]})
        span = slot.span(seen.tokens)
        form, features = seen.text(span), _features(match.term, order, slot, seen.lang)
    verdict = "passed" if span else "failed"
    return TermUse(
        term=match.term.id,
        surface=match.surface,
        source_span=match.span,
        form=form,
        span=span,
        case=features,
        rung=None,
        verdict=verdict if match.term.translated(seen.lang) else "untranslated",  # type: ignore[arg-type]
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


def _stray(seen: _Seen) -> Iterator[Flag]:
    """Warn of names that the source does not speak of: a model may have made them up."""
    for index, slot in enumerate(seen.slots):
        if index in seen.given:
            continue
        terms = [seen.glossary.terms[order] for order in slot.found]
        known = any(order in seen.needs for order in slot.found) or any(
            term.type not in NAMES or spoken_of(term.names, seen.source) for term in terms
        )
        if not known:
            span = slot.span(seen.tokens)
            message = f"“{seen.text(span)}” renders “{terms[0].en}”, which the source does not name"
            yield Flag("term-stray", "warning", message, span)


def _misspelt(seen: _Seen) -> Iterator[Flag]:
    barred = links(seen.target)
    held = {index for one in seen.found for index in range(one.first, one.last)}
    held |= {index for index, token in enumerate(seen.tokens) if linked(token.span, barred)}
    names = [match.term for match in seen.wanted if match.term.type in NAMES or match.term.declared]
    lemmas = [lemma for term in dict.fromkeys(names) for lemma in term.lemmas(seen.lang)]
    for one in misspelt(seen.tokens, held, lemmas, seen.lang):
        message = f"“{seen.text(one.span)}” is no form of “{one.lemma.text}”"
        yield Flag("term-misspelt", "error", message, one.span)


def _remnants(seen: _Seen) -> Iterator[Flag]:
    """Flag people and places with a piece of another spelling of their name beside them."""
    held = {index for one in seen.found if not one.forbidden for index in range(one.first, one.last)}
    named: dict[int, Named] = {}
    for match, index in zip(seen.wanted, seen.given, strict=True):
        if index is None or not _may_be_name(match):
            continue
        slot = seen.slots[index]
        fuller = [name for order in slot.found for name in seen.glossary.terms[order].names]
        names = dict.fromkeys((match.surface, *match.term.names, *fuller))
        person = match.term.type == "person"
        named.setdefault(index, Named(slot.first, slot.last, tuple(name for name in names if name), person))
    spans = [match.span for match in seen.matches]
    elsewhere = [
        word[0]
        for word in re.finditer(r"\w+", seen.source)
        if not any(start <= word.start() < end for start, end in spans)
    ]
    return remnants(list(named.values()), held, seen.tokens, seen.lang, elsewhere)


def _may_be_name(match: Match) -> bool:
    """Tell a person or a place; a term of one line has no type, and its capital must tell."""
    if match.term.declared:
        return match.term.en[:1].isupper()
    return match.term.type in ("person", "place")


def _forbidden(seen: _Seen) -> list[Flag]:
    """Flag each forbidden rendering that the source does not call for.

    A common word is forbidden only where its term stands in the source: it may be right elsewhere. A name,
    and a word that renders another term, is forbidden everywhere.
    """
    claimed = [seen.slots[index] for index in seen.given if index is not None]
    flags: dict[Span, Flag] = {}
    for one in seen.found:
        if not one.forbidden or any(slot.covers(one) for slot in claimed):
            continue
        term = seen.glossary.terms[one.term]
        others = {
            other.term
            for other in seen.found
            if not other.forbidden and (other.first, other.last) == (one.first, one.last)
        } | _in_other_script(one, seen)
        if _called_for(one, others, seen):
            continue
        if not others and term.type not in NAMES and one.term not in seen.needs:
            continue
        span = seen.tokens[one.first].span[0], seen.tokens[one.last - 1].span[1]
        message = f"“{seen.text(span)}” is forbidden for “{term.en}”"
        flags.setdefault(span, Flag("term-forbidden", "error", message, span))
    return list(flags.values())


def _in_other_script(one: Found, seen: _Seen) -> set[int]:
    """Return the terms of the source whose Chinese rendering stands there, be it in the other script."""
    if seen.lang != "zh":
        return set()
    texts = in_both_scripts(one.lemma.text)
    return {
        order
        for order in seen.needs
        if any(lemma.text in texts for lemma in seen.glossary.terms[order].lemmas("zh"))
    }


def _called_for(one: Found, others: Set[int], seen: _Seen) -> bool:
    """Tell whether the source calls for a rendering that is forbidden for another term.

    It does where that is also a rendering of a term (`others`) that the source names, be it by an adjective,
    and the term that forbids it has all its own places; before a word for a landform a part of the name is
    enough (朝鲜半岛, *the Korean peninsula*, is not North Korea).
    """
    if any(index is None and need == one.term for need, index in zip(seen.needs, seen.given, strict=True)):
        return False
    return any(
        order in seen.needs
        or spoken_of(seen.glossary.terms[order].names, seen.source)
        or (
            before_landform(seen.tokens, one.last)
            and partly_spoken_of(seen.glossary.terms[order].names, seen.source)
        )
        for order in others
    )
