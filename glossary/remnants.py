"""What is left of another spelling of a name beside the name itself: 萨萨依拉古丽·沙吾提巴依乌特拜.

Such a name holds its right rendering and yet is no name. A piece is told by its sound: in Chinese by the
characters that spell foreign names and touch the name, elsewhere by a word that a hyphen or a middle dot
joins to it. Before the name it sounds like the name's beginning, behind it like its end. A space is enough
beside a person's name in Kazakh and Russian, where capitals tell names: Сара Сайрагуль Сауытбай.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass

from corpora.records import Flag
from glossary.chinese_script import SIMPLIFIED, converted
from glossary.chinese_sounds import MARKS, alike_in_part, is_sounding, spelling, spellings, telling
from glossary.renderings import Token
from glossary.sounds import closeness, likeness, sounds

_LONGEST = 8  # characters of a piece
_LIKE = 0.7  # how much like the beginning or the end of the name a piece sounds
_LIKE_ORDINARY = 0.95  # the same where running text is full of all its characters
_LIKE_APART, _LEAST_APART = 0.8, 3  # the same and how many characters, where a mark parts it from the name
_JOINTS = frozenset("-" + MARKS)
_LEAST_SOUNDS = 3  # of a word joined to a name
_LIKE_WORD = 0.75
_CASED = ("kk", "ru")
_LEAST_SPACED = 4  # of a word that a space parts from the name
_LIKE_OPENING = 0.85  # of one that opens a sentence: there its capital tells nothing
_STOPS = frozenset('.!?…:;"«“—-')
_LIKE_SOURCE = 0.5  # how much like a word of the source it may sound and yet be its translation


@dataclass(frozen=True, slots=True)
class Named:
    """A name in the target: its tokens (`first` to `last`), what the English calls it, whether a person's."""

    first: int
    last: int
    names: tuple[str, ...]
    person: bool = False


def remnants(
    named: Sequence[Named], held: Set[int], tokens: Sequence[Token], lang: str, elsewhere: Sequence[str]
) -> Iterator[Flag]:
    """Flag every name that a piece of another spelling of it touches.

    Args:
        named: the people and places of the source, each at its place in the target.
        held: tokens that belong to a rendering of any term: they are left over from none.
        tokens: the target.
        lang: its language.
        elsewhere: the words of the source outside its terms; what sounds like one of them translates it.
    """
    for one in named:
        left, right = (_chinese if lang == "zh" else _joined_words)(one, held, tokens)
        sure = left + right > 1
        if lang in _CASED and one.person and not sure:
            left, right = _spaced_words(one, held, tokens, elsewhere)
            sure = True
        if lang == "zh" and one.person and not left + right:
            left, right = _foreign_before(one, held, tokens), _foreign_behind(one, held, tokens)
        if left or right:
            span = tokens[one.first - left].span[0], tokens[one.last - 1 + right].span[1]
            message = "a piece of another spelling of the name is left beside it"
            yield Flag("term-leftover", "error" if sure else "warning", message, span)


def _chinese(one: Named, held: Set[int], tokens: Sequence[Token]) -> tuple[int, int]:
    """Return how many tokens before and behind a Chinese name are left over.

    One alone may be a word, unless it seldom stands in anything but foreign names; sure it is not even then.
    """
    before, behind = _run_before(one.first, held, tokens), _run_behind(one.last, held, tokens)
    if not before and not behind:
        return 0, 0
    names = tuple(dict.fromkeys((*map(spelling, one.names), *_own(one, tokens))))
    left = _longest([before[-size:] for size in range(1, len(before) + 1)], names, end=False)
    right = _longest([behind[:size] for size in range(1, len(behind) + 1)], names, end=True)
    if left + right == 1 and not telling(before[-1] if left else behind[0]):
        return 0, 0
    return left, right


def _foreign_before(one: Named, held: Set[int], tokens: Sequence[Token]) -> int:
    return _foreign(_run_before(one.first, held, tokens)[::-1])


def _foreign_behind(one: Named, held: Set[int], tokens: Sequence[Token]) -> int:
    return _foreign(_run_behind(one.last, held, tokens))


def _foreign(run: str) -> int:
    """Return how many characters next to a person's name are of a foreign name too, if they are two or more.

    Whose it is their sound does not tell: a given name without its mark, or what is left of a misheard one.
    """
    size = next((index for index, one in enumerate(run) if one in MARKS or not telling(one)), len(run))
    return size if size > 1 else 0


def _own(one: Named, tokens: Sequence[Token]) -> tuple[str, ...]:
    """Return how the Chinese name itself may sound; nothing where it is not spelt by sound."""
    text = _even("".join(token.plain for token in tokens[one.first : one.last]))
    return spellings(text) if all(map(is_sounding, text)) else ()


def _run_before(first: int, held: Set[int], tokens: Sequence[Token]) -> str:
    start = first
    while first - start < _LONGEST and start > 0 and tokens[start].joined and start - 1 not in held:
        if not is_sounding(tokens[start - 1].plain):
            break
        start -= 1
    return _even("".join(token.plain for token in tokens[start:first]))


def _run_behind(last: int, held: Set[int], tokens: Sequence[Token]) -> str:
    end = last
    while end - last < _LONGEST and end < len(tokens) and tokens[end].joined and end not in held:
        if not is_sounding(tokens[end].plain):
            break
        end += 1
    return _even("".join(token.plain for token in tokens[last:end]))


def _even(text: str) -> str:
    return converted(text, SIMPLIFIED) if text else ""


def _longest(pieces: Sequence[str], names: Sequence[str], *, end: bool) -> int:
    """Return how many characters of a run sound most like a part of one of the names; 0 for none.

    Behind a mark that touches the name stands a part of its own, given name or surname: it counts as a whole.
    """
    apart = bool(pieces) and pieces[0] in MARKS
    best, size = 0.0, 0
    for piece in pieces[-1:] if apart else pieces:
        bare = piece.translate(dict.fromkeys(map(ord, MARKS)))
        outer = piece[-1] if end else piece[0]
        if outer in MARKS or len(bare) < (_LEAST_APART if apart else 1):
            continue
        score = alike_in_part(names, bare, end=end)
        least = _LIKE_APART if apart else _LIKE if telling(bare) else _LIKE_ORDINARY
        if score >= least and score >= best:
            best, size = score, len(piece)
    return size


def _joined_words(one: Named, held: Set[int], tokens: Sequence[Token]) -> tuple[int, int]:
    """Return how many tokens before and behind a name are a word joined to it and its joint."""
    names = tuple(spelt for name in one.names if (spelt := sounds(name)))
    left = one.first - 2
    right = one.last + 1
    before = (
        left >= 0
        and left not in held
        and tokens[one.first].joined
        and tokens[one.first - 1].joined
        and tokens[one.first - 1].plain in _JOINTS
        and _like_part(sounds(tokens[left].plain), names, end=False)
    )
    behind = (
        right < len(tokens)
        and right not in held
        and tokens[right].joined
        and tokens[one.last].joined
        and tokens[one.last].plain in _JOINTS
        and _like_part(sounds(tokens[right].plain), names, end=True)
    )
    return 2 * before, 2 * behind


def _spaced_words(
    one: Named, held: Set[int], tokens: Sequence[Token], elsewhere: Sequence[str]
) -> tuple[int, int]:
    """Return how many tokens before and behind a person's name are a piece of it, with a space between."""
    own = [spelt for token in tokens[one.first : one.last] if (spelt := sounds(token.plain))]
    whole = "".join(own)

    def is_piece(index: int, outer: int, *, end: bool) -> bool:
        if not 0 <= index < len(tokens) or index in held or tokens[outer].joined:
            return False
        word, spelt = tokens[index].plain, sounds(tokens[index].plain)
        opening = index == 0 or tokens[index - 1].plain in _STOPS
        if not own or not word[:1].isupper() or len(spelt) < _LEAST_SPACED:
            return False
        if end:
            like = likeness(own[-1], spelt)[0] if len(own[-1]) >= _LEAST_SOUNDS else 0.0
        else:
            like = max(closeness(whole[:size], spelt) for size in range(1, len(whole) + 1))
        return like >= (_LIKE_OPENING if opening else _LIKE_WORD) and not any(
            closeness(sounds(other), spelt) >= _LIKE_SOURCE for other in elsewhere
        )

    before = is_piece(one.first - 1, one.first, end=False)
    behind = is_piece(one.last, one.last, end=True)
    return int(before), int(behind)


def _like_part(word: str, names: Sequence[str], *, end: bool) -> bool:
    """Tell whether a word sounds like the beginning or the end of one of the names."""
    if len(word) < _LEAST_SOUNDS:
        return False
    parts = {name[-size:] if end else name[:size] for name in names for size in range(1, len(name) + 1)}
    return any(closeness(part, word) >= _LIKE_WORD for part in parts)
