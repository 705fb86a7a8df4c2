"""Where a wrong rendering stands: the span of the target that should have been a form of the term.

Evidence, strongest first: a forbidden rendering of the term; the model's own alignment; words that sound
like the source name or like its lemma (a name copied or transliterated otherwise); a rendering of another
term that the source does not call for; and, for words that are no names, what a `Sense` says of their
meaning.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from corpora.languages import LANGUAGES
from corpora.records import Span, TermUse
from glossary.chinese_script import SIMPLIFIED, converted
from glossary.chinese_sounds import spelling
from glossary.enforcement.chinese_names import in_whole_parts, spelt_by_sound
from glossary.enforcement.state import Case, Sense
from glossary.inflection import Lemma, paradigm
from glossary.matching import Match
from glossary.renderings import Found, Token, is_han, renderings, tokenize
from glossary.sounds import likeness, sounds
from glossary.terms import NAMES

_WORD = re.compile(r"\w")
_INNER = frozenset("-'\"·.")
_MOST_WORDS = 6
_FORBIDDEN, _RELATED, _STRAY = 1.5, 1.0, 0.7  # what a rendering of the wrong term counts as a place
_SURE = 0.8  # how much like the source or the lemma the very name sounds
_SAME_NAME = 0.7  # how much like the lemma a misspelt name sounds
_WIDENED = 3  # how many places in a Chinese text are brought to whole words
_WIDER = 3  # characters on either side
# Chinese words of one character that stand before a name, behind it, and at the edge of wider words
_BEFORE, _BEHIND = frozenset("在到从向往被把给跟的了是"), frozenset("的了是在和与从被把")
_EDGE = tuple("与和及或对为以也都就而他她它我你这那有不将由")
_NEARER = 0.005  # how much nearer in meaning the wider words must be
_SPELT = 0.2  # what characters that sound like the name count more than some that the rendering shares
_LONG_NAME = 5  # sounds from which a likeness is no chance
_POSITION = 0.15  # what a place at the other end of the sentence loses


@dataclass(frozen=True, slots=True)
class Place:
    """A span of the target, in tokens and characters, where a term should stand.

    Attributes:
        first: index of its first token.
        last: index behind its last token.
        span: its characters.
        score: how sure it is, about 0 to 1.5.
        tail: letters at its end that are likely an ending; 0 where unknown.
        features: features of the form that stands there, several joined by `|`; empty where unknown.
        sounds_alike: what stands there is the lemma in another spelling.
        sure: it is the name itself, copied or misspelt, beyond doubt.
    """

    first: int
    last: int
    span: Span
    score: float
    tail: int = 0
    features: str = ""
    sounds_alike: bool = False
    sure: bool = False


def places(
    case: Case, text: str, match: Match, uses: Sequence[TermUse], lang: str, sense: Sense | None
) -> list[Place]:
    """Return where the wrong rendering of an unsatisfied term may stand, the likeliest first.

    Args:
        case: the segment.
        text: its translation at this moment.
        match: the term that is missing.
        uses: what the verifier says of this text; the places of other terms are left alone.
        lang: language of the text.
        sense: judge of meaning for what sound cannot find.
    """
    tokens = tokenize(text, lang)
    held = [use.span for use in uses if use.span is not None]
    free = [all(token.span[1] <= start or end <= token.span[0] for start, end in held) for token in tokens]
    lemmas = match.term.lemmas(lang, match.surface)
    found = [
        *_renderings(case, match, uses, tokens, free, lang),
        *_alike(match, lemmas, tokens, free, lang),
    ]
    if sense is not None and not found:
        found += _meant(case, match, lemmas, tokens, free, lang, sense)
    ranked = _ranked(found, case, text, match)
    if sense is None or lang != "zh" or match.term.type in ("person", "place"):
        return ranked
    most = max(len(lemma.text) for lemma in lemmas)
    whole = [_whole_words(place, match, tokens, free, sense, most) for place in ranked[:_WIDENED]]
    return [*whole, *ranked[_WIDENED:]]


def _whole_words(
    place: Place, match: Match, tokens: Sequence[Token], free: Sequence[bool], sense: Sense, most: int
) -> Place:
    """Widen a place in a Chinese text where it ends within a word: `資產質` of `資產質量`, `asset quality`.

    Half a word means less of what the English says than the whole, and more than enough means less again.
    It grows to `most` characters, the length of the term, lest it take the place of a neighbour. A name of a
    person or place has no halves: its characters or its sound tell where it ends.
    """
    if place.features or not all(is_han(token.plain) for token in tokens[place.first : place.last]):
        return place
    windows = [
        (first, last)
        for first in range(max(0, place.first - _WIDER), place.first + 1)
        for last in range(place.last, min(len(tokens), place.last + _WIDER) + 1)
        if (last - first <= most or (first, last) == (place.first, place.last))
        and _takes_no_word(tokens, place, first, last)
        and all(free[first:last])
        and all(is_han(token.plain) for token in tokens[first:last])
        and all(token.joined for token in tokens[first + 1 : last])
    ]
    phrases = ["".join(token.plain for token in tokens[first:last]) for first, last in windows]
    values = dict(zip(windows, sense.nearness(match, phrases), strict=True))
    best = max(windows, key=lambda window: (values[window], window[0] - window[1]))
    if values[best] < values[place.first, place.last] + _NEARER:
        return place
    first, last = best
    return replace(place, first=first, last=last, span=(tokens[first].span[0], tokens[last - 1].span[1]))


def _takes_no_word(tokens: Sequence[Token], place: Place, first: int, last: int) -> bool:
    """Tell whether a wider place takes in none of the small words beside it: 到 of 到哈萨克."""
    left = converted("".join(token.plain for token in tokens[first : place.first]), SIMPLIFIED)
    right = converted("".join(token.plain for token in tokens[place.last : last]), SIMPLIFIED)
    return _BEFORE.isdisjoint(left) and _BEHIND.isdisjoint(right) and left[:1] not in _EDGE


def _ranked(found: Sequence[Place], case: Case, text: str, match: Match) -> list[Place]:
    def key(place: Place) -> tuple[float, int]:
        here = (place.span[0] + place.span[1]) / (2 * max(1, len(text)))
        there = sum(match.span) / (2 * max(1, len(case.source)))
        distance = abs(here - there) if match.surface else 0.0
        return -(place.score - _POSITION * distance), place.first

    return sorted(found, key=key)


def _place(
    tokens: Sequence[Token],
    first: int,
    last: int,
    score: float,
    tail: int = 0,
    features: str = "",
) -> Place:
    span = (tokens[first].span[0], tokens[last - 1].span[1])
    return Place(first, last, span, score, tail, features)


def _renderings(
    case: Case,
    match: Match,
    uses: Sequence[TermUse],
    tokens: Sequence[Token],
    free: Sequence[bool],
    lang: str,
) -> Iterator[Place]:
    """Yield forbidden renderings, and renderings of terms that the source does not call for.

    What is forbidden for another term that is missing too is left to that term.
    """
    glossary = case.lexicon.glossary
    called = {other.term.id for other in case.matches}
    missing = {use.term for use in uses if use.verdict == "failed"} - {match.term.id}
    for one in renderings(glossary, lang).find(tokens):
        term = glossary.terms[one.term]
        if not all(free[one.first : one.last]) or (term.id in called and not one.forbidden):
            continue
        if one.forbidden and term.id == match.term.id:
            score = _FORBIDDEN
        elif one.forbidden:
            if term.id in missing or term.type != match.term.type:
                continue
            score = _STRAY
        elif _related(term.en, match):
            score = _RELATED
        elif term.type == match.term.type and term.type in NAMES:
            score = _STRAY
        else:
            continue
        yield _place(tokens, one.first, one.last, score, 0, features_of_found(one))


def features_of_found(found: Found) -> str:
    """Return all features that a form found may have, joined by `|`, its own first."""
    same = [form.features for form in paradigm(found.lemma) if form.text == found.form.text]
    return "|".join(dict.fromkeys((found.form.features, *same)))


def _related(name: str, match: Match) -> bool:
    """Tell whether another term is a longer or shorter name of the same thing."""
    one, two = set(name.lower().split()), set(match.term.en.lower().split())
    return one <= two or two <= one


def _windows(
    tokens: Sequence[Token], free: Sequence[bool], most: int, lang: str
) -> Iterator[tuple[int, int]]:
    """Yield the runs of free tokens that could be a name: words at both ends, at most `most` of them."""
    for first, token in enumerate(tokens):
        if not free[first] or not _WORD.match(token.lower):
            continue
        words = 0
        for last in range(first + 1, len(tokens) + 1):
            here = tokens[last - 1]
            if not free[last - 1]:
                break
            if _WORD.match(here.lower):
                words += 1
                if words > most:
                    break
                yield first, last
            elif here.plain not in _INNER or (here.plain == "." and not here.joined):
                break


def _alike(
    match: Match, lemmas: Sequence[Lemma], tokens: Sequence[Token], free: Sequence[bool], lang: str
) -> Iterator[Place]:
    names = [name for name in {match.surface, match.term.en} if name]
    texts = [lemma.text for lemma in lemmas]
    if lang == "zh":
        shared = list(_alike_chinese(names, texts, tokens, free))
        named = match.term.type in NAMES or (match.term.declared and match.term.en[:1].isupper())
        yield from _named_chinese(names, shared, tokens, free) if named else shared
        return
    wanted = [spelt for name in [*names, *texts] if (spelt := sounds(name))]
    most = min(_MOST_WORDS, 1 + max(len(name.split()) for name in [*names, *texts]))
    cased = _cased(match, lang)
    for first, last in _windows(tokens, free, most, lang):
        if cased and not tokens[first].plain[:1].isupper():
            continue
        words = [token.plain for token in tokens[first:last]]
        spelt = sounds(" ".join(words))
        score, tail = max((likeness(name, spelt) for name in wanted), default=(0.0, 0))
        if score >= _threshold(min(map(len, wanted))):
            ends = (sounds(" ".join(text.split()[-len(words) :])) for text in texts)  # a surname alone too
            same = max((likeness(name, spelt)[0] for name in ends), default=0.0) >= _SAME_NAME
            found = _place(tokens, first, last, score, tail)
            yield replace(found, sounds_alike=same, sure=score >= _SURE)


def _cased(match: Match, lang: str) -> bool:
    """Tell whether the term is a name in a language that writes names with capitals."""
    return LANGUAGES[lang].script == "Cyrl" and match.term.type in NAMES


def _threshold(sounds_in_name: int) -> float:
    return 0.66 if sounds_in_name >= 6 else 0.74 if sounds_in_name >= 4 else 0.88


def _alike_chinese(
    names: Sequence[str], texts: Sequence[str], tokens: Sequence[Token], free: Sequence[bool]
) -> Iterator[Place]:
    """Compare names left in Latin letters by sound, and Chinese ones by the characters they share."""
    wanted = [spelt for name in names if (spelt := sounds(name))]
    letters = {letter for text in texts for letter in text}
    most = max(len(text) for text in texts) + 2
    for first, last in _windows(tokens, free, min(most, 16), "zh"):
        words = tokens[first:last]
        if all(token.plain.isascii() for token in words):
            spelt = sounds(" ".join(token.plain for token in words))
            score = max((likeness(name, spelt)[0] for name in wanted), default=0.0)
            if score >= _SURE:
                yield replace(_place(tokens, first, last, score), sure=True)
        elif words[0].plain in letters and words[-1].plain in letters:
            here = "".join(token.plain for token in words)
            score = max(_shared(text, here) for text in texts)
            if len(here) > 1 and score >= (0.5 if len(here) > 3 else 0.6):
                yield _place(tokens, first, last, score)


def _named_chinese(
    names: Sequence[str], shared: Sequence[Place], tokens: Sequence[Token], free: Sequence[bool]
) -> Iterator[Place]:
    """Yield where a name is spelt by sound, and the places that share characters with it, in whole words."""
    lengths = [len(spelt) for name in names if (spelt := spelling(name))]
    heard = [
        replace(_place(tokens, *piece, _SPELT + score), sure=score >= _SURE and max(lengths) >= _LONG_NAME)
        for piece, score in spelt_by_sound(names, tokens, free)
        if score >= _threshold(min(lengths))
    ]
    places = [*heard, *shared]
    pieces = in_whole_parts([(place.first, place.last) for place in places], tokens, free)
    for place, (first, last) in zip(places, pieces, strict=True):
        span = tokens[first].span[0], tokens[last - 1].span[1]
        yield replace(place, first=first, last=last, span=span)


def _shared(text: str, here: str) -> float:
    return SequenceMatcher(None, text, here, autojunk=False).ratio()


def _meant(
    case: Case,
    match: Match,
    lemmas: Sequence[Lemma],
    tokens: Sequence[Token],
    free: Sequence[bool],
    lang: str,
    sense: Sense,
) -> Iterator[Place]:
    size = max(len(lemma.text if lang == "zh" else lemma.text.split()) for lemma in lemmas)
    windows = list(_windows(tokens, free, min(size + 1, 8), lang))
    if lang == "zh":
        windows = [window for window in windows if 2 * (window[1] - window[0]) >= min(size, 8)]
    joint = "" if lang == "zh" else " "
    phrases = [joint.join(token.plain for token in tokens[first:last]) for first, last in windows]
    named = _cased(match, lang)
    for (first, last), score in zip(windows, sense.scores(case, match, phrases), strict=True):
        if score > 0 and (not named or tokens[first].plain[:1].isupper()):
            whole: tuple[int, int] | None = (first, last)
            if lang == "ru" and match.term.type == "organisation":
                whole = _whole_name(first, last, tokens, free)
            if whole is not None:
                yield _place(tokens, *whole, score)


def _whole_name(
    first: int, last: int, tokens: Sequence[Token], free: Sequence[bool]
) -> tuple[int, int] | None:
    """Widen a part of an organisation's name to all words in capitals that it touches, lest some be left.

    Return None where the word before it opens a sentence: whether that belongs to the name nothing tells.
    """
    while last < len(tokens) and free[last] and _continues(tokens, last, last):
        last += 1
    while first > 0 and free[first - 1] and _continues(tokens, first - 1, first):
        first -= 1
        if first == 0 or not _WORD.match(tokens[first - 1].lower):
            return None
    return first, last


def _continues(tokens: Sequence[Token], word: int, inner: int) -> bool:
    """Tell whether a word with a capital stands beside the words of a name, with a space between."""
    return tokens[word].plain[:1].isupper() and not tokens[inner].joined
