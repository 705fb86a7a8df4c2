"""Numerals in words: enough to explain why a figure of one side is no figure on the other.

Words are recognised by their beginning, since they inflect. What is read too much does little harm, because
words only excuse a missing figure and never demand one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from functools import lru_cache

from corpora.numbers.wordlists import exact_numerals, numeral_stems

_WORD = re.compile(r"[^\W\d_]+|\d[\d.,]*")
_SHORTEST_STEM, _LONGEST_ENDING = 3, 4  # letters of what counts as a numeral for sure
_HALF = Decimal("0.5")
_MULTIPLIERS = frozenset(map(Decimal, (10, 12, 20)))  # two decades, three dozen
_HUNDRED = Decimal(100)
_JOINS = frozenset(["and", "a", "и", "да"])
_CHINESE = re.compile("[〇零一二两三四五六七八九十百千万亿廿半]+")
# A year digit by digit; or a first digit with its scale, or ten with what follows, and no two digits
# side by side.
_CHINESE_YEAR = re.compile("[一二][〇零一二三四五六七八九]{3}")
_PLAIN_CHINESE = re.compile(
    "(?:[一二两三四五六七八九][十百千万亿]|十[一二三四五六七八九万亿])"
    "(?:[十百千万亿零〇]|[一二两三四五六七八九](?![一二两三四五六七八九]))*"
)
_SOME = re.compile("(?P<one>[一二两三四五六七八九])(?P<other>[二三四五六七八九])(?=[十百千万亿])")
_CHINESE_DIGITS = {letter: value for value, letter in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_CHINESE_SCALES = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}


@lru_cache(maxsize=1 << 14)
def _value(word: str, lang: str) -> Decimal | None:
    """Return the value of a numeral word: whole in English, by its beginning elsewhere."""
    for stem, value in numeral_stems(lang):
        if word == stem or (lang != "en" and len(stem) > 2 and word.startswith(stem)):
            return value
    return None


def exact_value(word: str, lang: str) -> Decimal | None:
    """Return the value of a word, in lower case, that is nothing but a numeral: neither `pair` nor `century`.

    A stem has an ending of at most four letters. One of three letters or less is a whole word, but for the
    Kazakh and the Uyghur thousand, which begin no other word; in English all are whole words.
    """
    stems = exact_numerals(lang)
    if lang == "en":
        return stems.get(word)
    for length in range(len(word), max(_SHORTEST_STEM, len(word) - _LONGEST_ENDING) - 1, -1):
        value = stems.get(word[:length])
        if value is not None and (length > _SHORTEST_STEM or length == len(word) or value >= 1000):
            return value
    return stems.get(word)


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


def spelled(text: str, lang: str) -> Iterator[Decimal]:
    """Yield the numbers plainly written in words, each once complete, in order.

    Only words that are nothing but numerals are read (`exact_value`), and no lone hundred, often a turn of
    speech; in Chinese no scale without a digit before it (千万, by all means) and no two digits side by side
    but in a year (七八百, some seven or eight hundred).
    """
    if lang == "zh":
        yield from _spelled_chinese(text)
        return
    run: list[Decimal] = []
    for match in _WORD.finditer(text.casefold()):
        value = None if match[0][0].isdigit() else exact_value(match[0], lang)
        if value is not None:
            run.append(value)
        elif match[0] not in _JOINS:
            yield from _complete(run)
            run = []
    yield from _complete(run)


def _spelled_chinese(text: str) -> Iterator[Decimal]:
    for run in _CHINESE.findall(text):
        if _CHINESE_YEAR.fullmatch(run):
            yield Decimal("".join(str(_CHINESE_DIGITS[letter]) for letter in run))
        elif _PLAIN_CHINESE.fullmatch(run):
            yield chinese_value(run)


def _complete(run: Sequence[Decimal]) -> Iterator[Decimal]:
    last = Decimal(0)
    for number, fresh in _sums(run):
        if fresh:
            yield last
        last = number
    if run and set(run) != {_HUNDRED}:
        yield last


def _composed(run: Sequence[Decimal]) -> Iterator[Decimal]:
    before = Decimal(0)
    for value, (sum_so_far, _) in zip(run, _sums(run), strict=True):
        yield sum_so_far
        if value in _MULTIPLIERS and before:
            yield before * value
        before = value


def _sums(run: Iterable[Decimal]) -> Iterator[tuple[Decimal, bool]]:
    """Read a run of numerals: units add up, a hundred or more multiplies what stands before it.

    Yields the number read so far at each numeral, and whether another number begins with it.
    """
    total = current = Decimal(0)
    for value in run:
        fresh = False
        if value >= 1000:
            total += (current or 1) * value
            current = Decimal(0)
        elif value == 100 and current < 100:
            current = (current or 1) * value
        elif current and (value == _HALF or _adds(current, value)):
            current += value
        else:
            fresh = current > 0
            current, total = value, total if not current else Decimal(0)
        yield total + current, fresh


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
        if some := _SOME.search(run):  # 三四万: thirty or forty thousand
            for name in ("one", "other"):
                yield chinese_value(run[: some.start()] + some[name] + run[some.end() :])
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
