"""Numerals in words: enough to explain why a figure of one side is no figure on the other.

Words are recognised by their beginning, since they inflect. What is read too much does little harm, because
words only excuse a missing figure and never demand one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import lru_cache

from corpora.numbers.wordlists import numeral_stems

_WORD = re.compile(r"[^\W\d_]+|\d[\d.,]*")
_HALF = Decimal("0.5")
_MULTIPLIERS = frozenset(map(Decimal, (10, 12, 20)))  # two decades, three dozen
_JOINS = frozenset(["and", "a", "и", "да"])
_CHINESE = re.compile("[〇零一二两三四五六七八九十百千万亿廿半]+")
_CHINESE_DIGITS = {letter: value for value, letter in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_CHINESE_SCALES = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}


@lru_cache(maxsize=1 << 14)
def _value(word: str, lang: str) -> Decimal | None:
    """Return the value of a numeral word: whole in English, by its beginning elsewhere."""
    for stem, value in numeral_stems(lang):
        if word == stem or (lang != "en" and len(stem) > 2 and word.startswith(stem)):
            return value
    return None


def words(text: str, lang: str) -> frozenset[Decimal]:
    """Return every value that numerals in words may stand for: each word alone, each run together."""
    if lang == "zh":
        return frozenset(_chinese(text))
    found: set[Decimal] = set()
    run: list[Decimal] = []
    for match in _WORD.finditer(text.casefold()):
        value = None if match[0][0].isdigit() else _value(match[0], lang)
        if value is not None:
            found.add(value)
            run.append(value)
        elif match[0] not in _JOINS:
            found.update(_composed(run))
            run = []
    found.update(_composed(run))
    return frozenset(found)


def _composed(run: Iterable[Decimal]) -> Iterator[Decimal]:
    """Read a run of numerals: units add up, a hundred or more multiplies what stands before it."""
    total = current = before = Decimal(0)
    for value in run:
        if value >= 1000:
            total += (current or 1) * value
            current = Decimal(0)
        elif value == 100:
            current = (current or 1) * value
        elif current and (value == _HALF or _adds(current, value)):
            current += value
        else:
            current, total = value, total if not current else Decimal(0)
        yield total + current
        if value in _MULTIPLIERS and before:
            yield before * value
        before = value


def _adds(current: Decimal, value: Decimal) -> bool:
    """Tell whether a smaller numeral continues a larger one (forty + eight, 二百 + 五)."""
    whole = int(current)  # Decimal refuses the remainder of very large numbers
    if current != whole or whole % 10:
        return False
    return value < (100 if whole % 100 == 0 else 10)


def _chinese(text: str) -> Iterator[Decimal]:
    for match in _CHINESE.finditer(text):
        run = match[0]
        yield from (Decimal(_CHINESE_DIGITS[letter]) for letter in run if letter in _CHINESE_DIGITS)
        yield from (Decimal(_CHINESE_SCALES[letter]) for letter in run if letter in _CHINESE_SCALES)
        if all(letter in _CHINESE_DIGITS for letter in run):
            yield Decimal("".join(str(_CHINESE_DIGITS[letter]) for letter in run))
        else:
            yield chinese_value(run)
        if "半" in run:
            yield Decimal("0.5")


def chinese_value(run: str) -> Decimal:
    """Read a Chinese numeral such as 三万五千 or 二十一."""
    high = middle = section = digit = 0
    for letter in run:
        if letter in _CHINESE_DIGITS:
            digit = _CHINESE_DIGITS[letter]
        elif letter == "廿":
            section += 20
        elif letter == "亿":
            high, middle, section, digit = high + (middle + section + digit or 1) * 10**8, 0, 0, 0
        elif letter == "万":
            middle, section, digit = (section + digit or 1) * 10**4, 0, 0
        elif letter in _CHINESE_SCALES:
            section += (digit or 1) * _CHINESE_SCALES[letter]
            digit = 0
    return Decimal(high + middle + section + digit)
