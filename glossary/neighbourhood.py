"""What must be right around a term: nothing doubled, nothing tacked on, and a sentence there to hold it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from corpora.records import Flag, Span
from glossary.chinese_script import SIMPLIFIED, converted
from glossary.matching import Match
from glossary.renderings import Found, Token, is_han

_STOPS = frozenset(".!?؟。！？…۔")
_WORD = re.compile(r"\w+")
_SENTENCE_BREAK = re.compile(r"[.!?…:;][\"'”’)\]]*\s")
_LEAST_SOURCE = 30  # letters outside the terms from which a translation must have something outside them too
_LEAST_SHARE = {"zh": 0.04}
_USUAL_SHARE = 0.15
_INVISIBLE = re.compile("[\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_JOINERS = {"ug": "\u200c\u200d"}  # keyboards of the Arabic script set them within words
_LEAST_TAIL = 5  # letters
_LONGEST_SHORT = 2  # letters of a word that a full stop may shorten: г., р., қ., им.
_ABBREVIATIONS = frozenset(("обл", "пос", "респ", "гор", "дер", "проф", "акад", "ген", "ауд"))
_LEAST_ECHO = 3  # Chinese characters of a term that stand again beside it by no chance
_LONGEST_PIECE = 3  # Chinese characters that another wording of a term may leave beside it


@dataclass(frozen=True, slots=True)
class Slot:
    """A place in the target where a rendering of one or more terms stands (tokens `first` to `last`).

    `bare` holds the shorter renderings in it for whose terms it may stand as well, being a fuller name.
    """

    first: int
    last: int
    found: Mapping[int, Found]
    bare: Mapping[int, Found] = field(default_factory=dict)

    def span(self, tokens: Sequence[Token]) -> Span:
        """Return its span in the target text."""
        return tokens[self.first].span[0], tokens[self.last - 1].span[1]

    def covers(self, other: Found) -> bool:
        """Tell whether the other lies within it."""
        return self.first <= other.first and other.last <= self.last


def surroundings(
    source: str,
    target: str,
    matches: Sequence[Match],
    slots: Sequence[Slot],
    needs: set[int],
    given: Sequence[int | None],
    tokens: Sequence[Token],
    lang: str,
) -> list[Flag]:
    """Return the faults around the terms of one segment.

    Args:
        matches: the terms in the source.
        slots: the places of all renderings in the target, disjoint, left to right.
        needs: indices of the terms that the source calls for.
        given: for each occurrence in the source its slot, None where it has none.
    """
    claimed = [index for index in dict.fromkeys(given) if index is not None]
    flags = [
        *_doubled(slots, needs, set(claimed), tokens),
        *_echoed([slots[index] for index in claimed], tokens, lang),
        *_tacked_on(source, [slots[index] for index in claimed], tokens),
        *_invisible(target, [slots[index] for index in claimed], tokens, lang),
        *(_left_over([slots[index] for index in claimed], tokens) if lang == "zh" else ()),
    ]
    alone = _alone(source, target, matches, [slots[index] for index in claimed], tokens, lang)
    return [*flags, alone] if alone else flags


def _doubled(
    slots: Sequence[Slot], needs: set[int], claimed: set[int], tokens: Sequence[Token]
) -> Iterator[Flag]:
    """Flag a rendering that stands again beside itself though the source has it once."""
    spare = len(slots) > len(claimed)
    for index in range(1, len(slots)):
        left, right = slots[index - 1], slots[index]
        here = claimed & {index - 1, index}
        if not here or (len(here) == 2 and not (spare and _has_spare(left, slots, claimed))):
            continue
        between = [token for token in tokens[left.last : right.first] if _WORD.match(token.lower)]
        if len(between) <= 1 and _same(left, right, tokens, needs):
            span = left.span(tokens)[0], right.span(tokens)[1]
            yield Flag("term-repeated", "error", "a term stands twice in a row", span)


def _has_spare(slot: Slot, slots: Sequence[Slot], claimed: set[int]) -> bool:
    """Tell whether the same term also stands where the source does not call for it."""
    return any(
        slot.found.keys() & other.found.keys() for index, other in enumerate(slots) if index not in claimed
    )


def _same(left: Slot, right: Slot, tokens: Sequence[Token], needs: set[int]) -> bool:
    if set(left.found) & set(right.found) & needs:
        return True
    one, two = (
        {token.lower for token in tokens[slot.first : slot.last] if _WORD.match(token.lower)}
        for slot in (left, right)
    )
    return right.first == left.last and (one <= two or two <= one)


def _echoed(claimed: Sequence[Slot], tokens: Sequence[Token], lang: str) -> Iterator[Flag]:
    """Flag a piece of a term that stands again right beside it: `автономном районе районе`."""
    if lang == "zh":
        yield from _echoed_chinese(claimed, tokens)
        return
    for slot in claimed:
        pairs = ((slot.last, slot.last - 1), (slot.first - 1, slot.first))
        for outer, inner in pairs:
            if 0 <= outer < len(tokens) and (
                _echo(tokens[outer].lower, tokens[inner].lower)
                or _tail(tokens[outer].lower, tokens[inner].lower)
            ):
                spans = sorted((tokens[outer].span, tokens[inner].span))
                yield Flag(
                    "term-repeated", "error", "a word of a term is doubled", (spans[0][0], spans[1][1])
                )


def _echoed_chinese(claimed: Sequence[Slot], tokens: Sequence[Token]) -> Iterator[Flag]:
    """Flag the end of a Chinese term behind it, or its beginning before it: `代表大会代表大会`.

    Two characters may be another word (上海大学大学生).
    """
    for slot in claimed:
        inside = tokens[slot.first : slot.last]
        for size in range(len(inside) - 1, _LEAST_ECHO - 1, -1):
            left, right = tokens[max(0, slot.first - size) : slot.first], tokens[slot.last : slot.last + size]
            before = [one.plain for one in left] == [one.plain for one in inside[:size]]
            behind = [one.plain for one in right] == [one.plain for one in inside[-size:]]
            if before or behind:
                span = (left if before else inside)[0].span[0], (right if behind else inside)[-1].span[1]
                yield Flag("term-repeated", "error", "a piece of a term is doubled", span)
                break


def _echo(one: str, two: str) -> bool:
    shared = 0
    for left, right in zip(one, two, strict=False):
        if left != right:
            break
        shared += 1
    return shared >= 4 and shared >= min(len(one), len(two)) - 1 and abs(len(one) - len(two)) <= 4


def _tail(word: str, name: str) -> bool:
    """Tell whether a word is the end of a compound that it stands beside: `концлагере лагере`."""
    return len(word) >= _LEAST_TAIL and len(word) < len(name) and name.endswith(word)


def _invisible(target: str, claimed: Sequence[Slot], tokens: Sequence[Token], lang: str) -> Iterator[Flag]:
    """Flag invisible characters within a word of a term: it looks right, and no search finds it.

    A Chinese name is one word; elsewhere marks between words may be meant.
    """
    for slot in claimed:
        words = [token.span for token in tokens[slot.first : slot.last]]
        for span in [slot.span(tokens)] if lang == "zh" else words:
            text = target[slice(*span)]
            odd = next((mark for mark in _INVISIBLE.findall(text) if mark not in _JOINERS.get(lang, "")), "")
            if odd:
                message = f"an invisible character (U+{ord(odd):04X}) stands in “{_INVISIBLE.sub('', text)}”"
                yield Flag("term-misspelt", "error", message, span)


def _left_over(claimed: Sequence[Slot], tokens: Sequence[Token]) -> Iterator[Flag]:
    """Doubt a Chinese term beside a piece of another wording of it: 反週 before 逆周期, 質量 behind 資產質素.

    The piece has two or three characters, and the one that touches the term is the term's own at that place,
    in either script. One character alone is too often another word (美国国防部).
    """
    for slot in claimed:
        inside = tokens[slot.first : slot.last]
        for size in range(2, min(_LONGEST_PIECE, len(inside) - 1) + 1):
            left, right = tokens[max(0, slot.first - size) : slot.first], tokens[slot.last : slot.last + size]
            before = _joined(left, size) and inside[0].joined and _alike(left[-1], inside[size - 1])
            behind = _joined(right, size) and right[0].joined and _alike(right[0], inside[-size])
            if before or behind:
                span = (left if before else inside)[0].span[0], (inside if before else right)[-1].span[1]
                message = "a piece of another wording seems to be left beside a term"
                yield Flag("term-leftover", "warning", message, span)
                break


def _joined(piece: Sequence[Token], size: int) -> bool:
    """Tell whether it is a run of so many Chinese characters."""
    return (
        len(piece) == size
        and all(token.joined for token in piece[1:])
        and all(is_han(token.plain) for token in piece)
    )


def _alike(one: Token, other: Token) -> bool:
    return one.plain == other.plain or converted(one.plain, SIMPLIFIED) == converted(other.plain, SIMPLIFIED)


def _tacked_on(source: str, claimed: Sequence[Slot], tokens: Sequence[Token]) -> Iterator[Flag]:
    """Flag terms listed behind the end of a sentence whose source is one sentence."""
    if not claimed or _SENTENCE_BREAK.search(source.strip()):
        return
    held = {index for slot in claimed for index in range(slot.first, slot.last)}
    words = [index for index, token in enumerate(tokens) if _WORD.match(token.lower)]
    behind = next((index for index in reversed(words) if index not in held), -1)
    for end, token in enumerate(tokens[behind + 1 :], start=behind + 1):
        stops = token.plain in _STOPS and not (token.plain == "." and _is_abbreviated(tokens, end))
        tail = [index for index in words if index > end] if stops else []
        if tail and words[0] < end:
            span = tokens[tail[0]].span[0], tokens[tail[-1]].span[1]
            yield Flag("term-tacked-on", "error", "a term is tacked on behind the sentence", span)
            return


def _is_abbreviated(tokens: Sequence[Token], stop: int) -> bool:
    """Tell whether a full stop ends an abbreviation before a name (в г. Урумчи), not a sentence."""
    word = tokens[stop - 1].lower if stop and tokens[stop].joined else ""
    return word.isalpha() and (len(word) <= _LONGEST_SHORT or word in _ABBREVIATIONS)


def _alone(
    source: str,
    target: str,
    matches: Sequence[Match],
    claimed: Sequence[Slot],
    tokens: Sequence[Token],
    lang: str,
) -> Flag | None:
    """Return a flag where a long source has become little more than its terms."""
    if not claimed:
        return None
    spans = Counter(match.span for match in matches)
    outside = _letters(source) - sum(_letters(source[slice(*span)]) for span in spans)
    left = _letters(target) - sum(_letters(target[slice(*slot.span(tokens))]) for slot in claimed)
    if outside >= _LEAST_SOURCE and left < outside * _LEAST_SHARE.get(lang, _USUAL_SHARE):
        return Flag("term-alone", "error", "little more than the terms is left of the sentence")
    return None


def _letters(text: str) -> int:
    return sum(map(str.isalpha, text))
