"""Finds sentence boundaries in a line of text, in linear time: each decision looks at a bounded stretch."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from corpora.records import Span
from corpora.segmentation.tables import ENGLISH, TABLES, Rules

# a run of final punctuation, what closes behind it (quotes, brackets, note marks), white space
_CANDIDATE = re.compile(
    r"(?P<mark>[.!?…؟۔。！？｡‼⁇⁈⁉]++)"
    r"(?P<close>(?:[\"'”’“»›)\]}」』】〉》）］]|\[\d{1,3}\]|[ ][»”](?=\s))*+)"
    r"(?P<space>\s*+)"
)
_OPENERS = re.compile(r"[\"'“‘«‹„(\[{「『《（【]*+(?:[”’](?=\w))?")
_DOUBLE = re.compile(r"[\"“”]")
_DASH = re.compile(r"[-–—―]+\s*")
_QUOTE = re.compile(r"[\"'”’“»›」』]")
_WORD = re.compile(r"[^\W_]+(?:[.’'-][^\W_]+)*")
_LEFT = re.compile(r"(?:№+|[^\W_](?:[\w.’'/-]*[^\W_])?)\Z")
_LATIN_END = re.compile(r"[A-Za-z0-9.'’/-]+\Z")
_INITIALS = re.compile(r"(?:[^\W\d_]\.)*[^\W\d_]|\u0626(?!\u06c7)[^\W\d_]")
_ITEM = re.compile(
    "[A-ZА-ЯЁӘҒҚҢӨҰҮҺІ]|[IVXLC]{2,7}"
)  # marks a heading, a list item, a question and its answer
_ROMAN = re.compile(r"[IVXLC]{2,7}\b")
_BRAND = re.compile(r"[a-z]{1,2}[A-Z]")
_DIGIT_BEFORE = re.compile(r"\d[\s\u00a0]*\Z")
_LEFT_WINDOW, _RIGHT_WINDOW = 32, 80


@dataclass(frozen=True, slots=True)
class _Place:
    """What stands around a candidate: the word before, its own marks, the text after."""

    before: str
    mark: str
    close: str
    spaced: bool
    after: str
    first: bool

    @property
    def left(self) -> str:
        """The word or abbreviation before the mark, as written."""
        match = _LEFT.search(self.before)
        word = match[0] if match else ""
        if word[-1:].isascii() and not word.isascii() and (latin := _LATIN_END.search(word)):
            return latin[0]
        return word

    @property
    def right(self) -> str:
        """The text after the mark from its first letter or digit on."""
        match = _OPENERS.match(self.after)
        return self.after[match.end() :] if match else self.after


def boundaries(text: str, lang: str) -> Iterator[Span]:
    """Yield, for each boundary inside the line, where the sentence ends and where the next one begins.

    Args:
        text: one line, without line ends.
        lang: code of its language; one without tables is treated by the general rules.
    """
    rules = TABLES.get(lang, Rules())
    sentence = 0
    quotes = _Quotes(text)
    for match in _CANDIDATE.finditer(text):
        end, start = _edges(text, match, quotes)
        if start == len(text):
            return
        before = text[max(sentence, match.start() - _LEFT_WINDOW) : match.start()]
        place = _Place(
            before,
            match["mark"],
            text[match.end("mark") : end],
            bool(match["space"]),
            text[start : start + _RIGHT_WINDOW],
            match.start() - sentence <= len(before),
        )
        if _ends(place, rules):
            yield end, start
            sentence = start


class _Quotes:
    """Follows double quotes along a line, to tell opening from closing ones that are typed alike."""

    def __init__(self, text: str) -> None:
        self._text, self._at, self._open = text, 0, False

    def open_at(self, position: int) -> bool:
        """Say whether a quotation is open before the position; positions must not go back."""
        for match in _DOUBLE.finditer(self._text, self._at, position):
            self._open = match[0] != "”" and not self._open
        self._at = max(self._at, position)
        return self._open


def _edges(text: str, match: re.Match[str], quotes: _Quotes) -> Span:
    """Return where the sentence would end and the next begin; a quote that opens belongs to the next one."""
    close, end = match["close"], match.end("close")
    if match["space"] or end == len(text) or not close.endswith(("“", '"')):
        return end, match.end()
    return (end, end) if quotes.open_at(end - 1) else (end - 1, end - 1)


def _ends(place: _Place, rules: Rules) -> bool:
    """Decide whether a sentence ends at this place."""
    if not place.spaced and not _needs_no_space(place):
        return False
    right = place.right
    if not right or _goes_on(place, right):
        return False
    if place.close and _QUOTE.search(place.close) and _is_reported(place, rules):
        return False
    return place.mark != "." or _full_stop_ends(place, right, rules)


def _wide(char: str) -> bool:
    """Say whether the character is of the Chinese script or its punctuation."""
    return (
        "\u2e80" <= char <= "\u9fff"
        or "\uf900" <= char <= "\ufaff"
        or "\uff00" <= char <= "\uff60"
        or char > "\U00020000"
    )


def _needs_no_space(place: _Place) -> bool:
    """Say whether no white space is needed: after Chinese marks, between Chinese characters."""
    if any(_wide(char) for char in place.mark):
        return True
    before = place.before[-1:]
    if before in ("”", "’", "》", "）", "」"):
        before = place.before[-2:-1]
    after = place.right[:1]
    return bool(before and after) and _wide(before) and _wide(after)


def _goes_on(place: _Place, right: str) -> bool:
    """Say whether the sentence goes on: with punctuation or a small letter, also after a dash."""
    first = right[0]
    if first in ",;:،؛，、；：)]}»”!?.…。！？" and not (place.spaced and first in ".…"):
        return True
    if dash := _DASH.match(right):
        word = right[dash.end() : dash.end() + 1]
        return word.islower()
    return first.islower() and not _BRAND.match(right) and not _caseless(place.before[-1:])


def _caseless(char: str) -> bool:
    """Say whether the character is a letter of a script without capitals."""
    return char.isalpha() and char.lower() == char.upper()


def _is_reported(place: _Place, rules: Rules) -> bool:
    """Say whether words of speech follow a quotation that is a part of their sentence."""
    speech = rules.speech_after_stop if place.mark[-1] in ".。" else rules.speech
    return bool(speech and speech.match(place.right))


def _full_stop_ends(place: _Place, right: str, rules: Rules) -> bool:
    """Decide for a single full stop, which also marks abbreviations, initials and list numbers."""
    left = place.left
    if not left or place.before[-1:] in ")]»”\"'":
        return True
    alone = place.first and place.before.strip() == left
    if alone and _ITEM.fullmatch(left):
        return False
    if left.isdigit():
        return not (alone and len(left) <= 3)
    key = left.lower().replace("’", "'")
    if key in rules.counted:
        return bool(_DIGIT_BEFORE.search(place.before[: -len(left)])) and not right[0].isdigit()
    if key in _merged(left, rules.leading, ENGLISH.leading):
        return False
    if (right[0].isdigit() or _ROMAN.match(right)) and key in _merged(
        left, rules.numbering | rules.closing, ENGLISH.numbering
    ):
        return False
    if key in _merged(left, rules.trailing, ENGLISH.trailing) or _is_initials(left):
        return _opens(place, right, rules)
    return True


def _is_initials(left: str) -> bool:
    """Say whether the word is an initial or several: `J`, `А.С`, one Arabic letter."""
    letter = left[-1]
    return bool(_INITIALS.fullmatch(left)) and (letter.isupper() or (_caseless(letter) and not _wide(letter)))


def _opens(place: _Place, right: str, rules: Rules) -> bool:
    """Say whether a quotation or a word that begins sentences follows."""
    if place.after[0] in '“«"':
        return True
    word = _WORD.match(right)
    if word is None or not word[0][0].isupper() or right[1:2] == ".":
        return False
    return word[0].lower().replace("’", "'") in _merged(word[0], rules.openers, ENGLISH.openers)


def _merged(left: str, own: frozenset[str], english: frozenset[str]) -> frozenset[str]:
    """Return the table for a word: Latin words follow the English one in every language."""
    return own | english if left[0].isascii() else own
