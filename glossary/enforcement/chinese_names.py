"""Where a Chinese text spells a name by sound, over the mark between given name and surname."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from glossary.chinese_script import SIMPLIFIED, converted
from glossary.chinese_sounds import MARKS, alike, is_sounding, spelling, telling
from glossary.renderings import Token

_ORDINARY_EDGE = 0.06  # what it costs to take in a character that may be a word beside the name
_LEFT_OVER = 2  # characters of a name beside those that sound like the source's
_ENDS = frozenset("特德里木夫马")  # characters that running text is full of, but seldom behind a name

Piece = tuple[int, int]


def spelt_by_sound(
    names: Sequence[str], tokens: Sequence[Token], free: Sequence[bool]
) -> Iterator[tuple[Piece, float]]:
    """Yield, of each run of characters that spell foreign names, the piece most like a name, and how like it.

    Args:
        names: what English calls it.
        tokens: the text.
        free: which of the tokens may be taken.
    """
    wanted = [spelt for name in names if (spelt := spelling(name))]
    most = max(map(len, wanted), default=0)
    for start, end in _runs(tokens, free) if wanted else ():
        text = _text(tokens[start:end])
        scores = {
            (first, last): max(alike(name, text[first:last]) for name in wanted)
            for first in range(len(text))
            for last in range(first + 2, min(len(text), first + most) + 1)
            if text[first] not in MARKS and text[last - 1] not in MARKS and telling(text[first:last])
        }
        if scores:
            first, last = max(
                scores, key=lambda one: (scores[one] - _edges(text[slice(*one)]), one[1] - one[0])
            )
            yield (start + first, start + last), scores[first, last]


def in_whole_parts(pieces: Sequence[Piece], tokens: Sequence[Token], free: Sequence[bool]) -> list[Piece]:
    """Return the pieces, those spelt by sound widened to the ends of the given name and the surname there."""
    runs = list(_runs(tokens, free))
    made = []
    for first, last in pieces:
        run = next((one for one in runs if one[0] <= first and last <= one[1]), None)
        if run is None:
            made.append((first, last))
            continue
        left, right = _whole_parts(_text(tokens[slice(*run)]), first - run[0], last - run[0])
        made.append((run[0] + left, run[0] + right))
    return made


def _runs(tokens: Sequence[Token], free: Sequence[bool]) -> Iterator[Piece]:
    """Yield the runs of two free characters or more that spell foreign names, and marks within them."""
    start = 0
    for index in range(len(tokens) + 1):
        inside = index < len(tokens) and free[index] and is_sounding(tokens[index].plain)
        if inside and index > start and tokens[index].joined:
            continue
        if index - start > 1:
            yield start, index
        start = index if inside else index + 1


def _text(tokens: Sequence[Token]) -> str:
    return converted("".join(token.plain for token in tokens), SIMPLIFIED)


def _edges(piece: str) -> float:
    """Return what the first and the last character of a piece cost that running text is full of."""
    return _ORDINARY_EDGE * ((not telling(piece[0])) + (not telling(piece[-1])))


def _whole_parts(text: str, first: int, last: int) -> Piece:
    """Widen a piece of a run to the ends of the parts of a name in which it begins and ends.

    It takes in two characters on either side at most, none of which may be a word of its own.
    """
    starts = [index + 1 for index in range(first) if text[index] in MARKS]
    before, behind = text[max(starts, default=0) : first], text[last:]
    behind = behind[: next((index for index, mark in enumerate(behind) if mark in MARKS), len(behind))]
    if len(before) <= _LEFT_OVER and all(map(telling, before)):
        first -= len(before)
    if behind and len(behind) <= _LEFT_OVER and telling(behind[0]):
        last += len(behind) if telling(behind[-1]) or behind[-1] in _ENDS else 1
    return first, last
