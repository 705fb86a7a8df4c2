"""Brackets and quotes that do not close; characters nobody sees."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from corpora.records import Flag, Severity
from pipeline.quality.checks.pair import Pair

_BRACKETS = {
    ")": "(",
    "]": "[",
    "}": "{",
    "）": "（",
    "】": "【",
    "］": "［",
    "》": "《",
    "〉": "〈",
    "」": "「",
    "』": "『",
}
_OPENING = frozenset(_BRACKETS.values())
_ANY_BRACKET = re.compile(f"[{re.escape(''.join([*_BRACKETS, *_OPENING]))}]")
_WIDE = str.maketrans("（）［］", "()[]")
_ITEM = re.compile(r"\s*\w{1,4}[)）]")  # the mark of a list item: 1) а) iv)
# single quotation marks of English, as far as they are no apostrophes
_SINGLE_OPENS = re.compile(r"(?<!\w)['‘](?=\w)")
_SINGLE_CLOSES = re.compile(r"(?<=[\w.,!?…])['’](?!\w)")
_SINGLE_ENDS = re.compile(r"[.,!?…]['’]\W*\Z")
_INVISIBLE: dict[str, tuple[Severity, str]] = {
    "\u202d": ("error", "a bidi override"),
    "\u202e": ("error", "a bidi override"),
    "\u202a": ("warning", "a bidi embedding"),
    "\u202b": ("warning", "a bidi embedding"),
    "\u202c": ("warning", "a bidi control"),
    "\u2066": ("warning", "a bidi isolate"),
    "\u2067": ("warning", "a bidi isolate"),
    "\u2068": ("warning", "a bidi isolate"),
    "\u2069": ("warning", "a bidi control"),
    "\u200b": ("warning", "a zero-width space"),
    "\u2060": ("warning", "a word joiner"),
    "\u00ad": ("warning", "a soft hyphen"),
    "\ufeff": ("warning", "a byte order mark"),
    "\ufffd": ("error", "a replacement character: text was lost in some conversion"),
    "\u200d": ("warning", "a zero-width joiner"),
}


def _unmatched(text: str) -> int | None:
    """Return where the first bracket without its partner stands, None where all close."""
    stack: list[tuple[str, int]] = []
    item = _ITEM.match(text)
    for match in _ANY_BRACKET.finditer(text, item.end() if item else 0):
        letter, i = match[0].translate(_WIDE), match.start()
        if letter in _OPENING:
            stack.append((letter, i))
        else:
            if not stack or stack[-1][0] != _BRACKETS[letter]:
                return i
            stack.pop()
    return stack[0][1] if stack else None


def brackets(pair: Pair) -> Iterator[Flag]:
    """A bracket opens or closes alone, and the source's brackets all close."""
    place = _unmatched(pair.target)
    if place is not None and _unmatched(pair.source) is None:
        message = f"the bracket {pair.target[place]} has no partner"
        yield Flag("brackets", "warning", message, (place, place + 1))


def _quotes_close(text: str) -> bool:
    """Tell whether double quotation marks come in pairs, of whatever shape: shapes are often mixed."""
    return sum(text.count(mark) for mark in '"“”„‟«»') % 2 == 0


def _single_quotes_close(text: str) -> bool:
    """Tell whether English text neither begins nor ends a quotation over several segments in single marks."""
    opens, closes = len(_SINGLE_OPENS.findall(text)), len(_SINGLE_CLOSES.findall(text))
    return opens <= closes and not (opens < closes and _SINGLE_ENDS.search(text))


def _one_closes_two(text: str) -> bool:
    """Tell whether a quotation within another ends with it, where Russian and Kazakh write one » for both."""
    depth = deepest = 0
    for mark in text:
        if mark in "«»":
            depth += 1 if mark == "«" else -1
            deepest = max(deepest, depth)
    return deepest > 1 == depth


def quotes(pair: Pair) -> Iterator[Flag]:
    """A quotation opens or closes alone, and the source's quotations all close."""
    if _quotes_close(pair.target) or not _quotes_close(pair.source):
        return
    merged = pair.lang in ("ru", "kk") and _one_closes_two(pair.target)
    if not merged and (pair.source_lang != "en" or _single_quotes_close(pair.source)):
        yield Flag("quotes", "warning", "a quotation mark has no partner")


def invisible(pair: Pair) -> Iterator[Flag]:
    """Characters that nobody sees: bidi controls, zero-width marks, private and control characters."""
    new = [letter for letter in set(pair.target).difference(pair.source) if _unseen(letter)]
    for letter in sorted(new, key=pair.target.index):
        i = pair.target.index(letter)
        severity, name = _INVISIBLE.get(letter, ("error", "a control or unassigned character"))
        if letter == "\u200d" and pair.lang == "ug":
            severity = "info"  # some keyboards write it after ئ
        yield Flag("invisible", severity, f"{name} (U+{ord(letter):04X}) stands in the text", (i, i + 1))


@lru_cache(maxsize=1 << 14)
def _unseen(letter: str) -> bool:
    if letter in _INVISIBLE:
        return True
    return letter != "\t" and unicodedata.category(letter) in ("Cc", "Co", "Cn")
