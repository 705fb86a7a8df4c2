"""Figures in a text: digits of every script, separators, scales (million, 万, млрд), Roman numerals."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from corpora.numbers.wordlists import scales
from corpora.records import Span

_NATIVE_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹０１２３４５６７８９", "012345678901234567890123456789")
_SPACES = " \u00a0\u202f\u2009"
_NUMBER = re.compile(
    rf"\d{{1,3}}(?:[{_SPACES},.'’٬،]\d{{3}}){{1,5}}(?!\d)(?:[.,٫]\d+)?|\d+(?:[.,٫]\d+){{0,3}}"
)
_SEPARATOR = re.compile(rf"[{_SPACES},.'’٬،٫]")
_FRACTIONS = {"½": "0.5", "¼": "0.25", "¾": "0.75", "⅓": "0.3333", "⅔": "0.6667", "⅕": "0.2", "⅛": "0.125"}
_ROMAN = re.compile(r"(?<![\w.])[IVXІХ]{1,6}(?![\w])")
_ROMAN_DIGITS = {"I": 1, "І": 1, "V": 5, "X": 10, "Х": 10}

_CLOCK = re.compile(r"\s?[ap]\.?m\b", re.IGNORECASE)
_AFTER_CURRENCY = re.compile(r"[$£€¥]\s?$")
_LETTER_SCALES = {"m": 10**6, "b": 10**9, "t": 10**12}


def ascii_digits(text: str) -> str:
    """Write Arabic-Indic, Persian and full-width digits as 0 to 9; the length stays."""
    return text.translate(_NATIVE_DIGITS)


@dataclass(frozen=True, slots=True)
class Figure:
    """A number in digits.

    Attributes:
        text: as it stands there, its scale word included.
        span: where.
        values: what it may mean, separators being ambiguous (1.234).
        parts: its groups of digits, for a date, a time or a wrong guess of a separator.
        scale: the factor of its scale word, 1 without.
        clock: am or pm follows.
    """

    text: str
    span: Span
    values: frozenset[Decimal]
    parts: tuple[Decimal, ...]
    scale: int = 1
    clock: bool = False

    @property
    def splits(self) -> bool:
        """Its groups may be numbers of their own: a date (14.05.2021), a time (5.30 pm), 15 200."""
        return (
            self.clock
            or len(self.parts) > 2
            or (len(self.parts) == 2 and any(mark in self.text for mark in f"{_SPACES}،"))
        )


def figures(text: str, lang: str) -> list[Figure]:
    """Return the numbers written in digits, in order; 2 million 800 thousand is one."""
    plain = ascii_digits(text)
    joined: list[Figure] = []
    for figure in _figures(plain, lang):
        last = joined[-1] if joined else None
        if last is not None and _continues(plain, last, figure):
            joined[-1] = _sum(plain, last, figure)
        else:
            joined.append(figure)
    return joined


def multiplied(text: str, lang: str) -> bool:
    """Tell whether a figure of the text may have a scale or a fraction; else its digits alone tell its value.

    The text has ASCII digits.
    """
    return _multipliers(lang).search(text) is not None


@lru_cache(maxsize=8)
def _multipliers(lang: str) -> re.Pattern[str]:
    after = "|".join(f"(?:{pattern.pattern})" for pattern, _ in scales(lang))
    return re.compile(rf"\d(?:[{''.join(_FRACTIONS)}]|{after})|[$£€¥]\s?\d")


def digits(text: str) -> list[str]:
    """Return the digits of every figure of a text with ASCII digits, without what groups them."""
    return [_SEPARATOR.sub("", found) for found in _NUMBER.findall(text)]


def _continues(text: str, one: Figure, other: Figure) -> bool:
    """Tell whether a figure adds a smaller scale to the one before it (2 مىليارد 800 مىليون, 3亿5000万)."""
    between = text[one.span[1] : other.span[0]]
    return not between.strip() and one.scale > other.scale > 1


def _sum(text: str, one: Figure, other: Figure) -> Figure:
    values = frozenset(a + b for a in one.values for b in other.values)
    span = (one.span[0], other.span[1])
    return Figure(text[span[0] : span[1]], span, values, one.parts + other.parts, other.scale)


def _figures(text: str, lang: str) -> Iterator[Figure]:
    for match in _NUMBER.finditer(text):
        scale, end = _scale(text, match.start(), match.end(), lang)
        half = Decimal(_FRACTIONS.get(text[match.end() : match.end() + 1], "0"))
        values = {(value + half) * scale for value in _readings(match[0], lang)}
        if scale == 1 and (lettered := _letter_scale(text, match.start(), match.end())):
            values |= {value * lettered for value in values}
        clock = _CLOCK.match(text, match.end()) is not None
        parts = tuple(Decimal(part) for part in _SEPARATOR.split(match[0]))
        yield Figure(text[match.start() : end], (match.start(), end), frozenset(values), parts, scale, clock)


def _scale(text: str, start: int, end: int, lang: str) -> tuple[int, int]:
    """Return the scale word after a number and where it ends."""
    for pattern, scale in scales(lang):
        found = pattern.match(text, end)
        if found:
            return scale, found.end()
    return 1, end


def _letter_scale(text: str, start: int, end: int) -> int:
    """Read the m of $5m as million, where a currency sign says so."""
    letter = text[end : end + 1].lower()
    bare = not text[end + 1 : end + 2].isalpha()
    return (
        _LETTER_SCALES.get(letter, 0)
        if bare and _AFTER_CURRENCY.search(text[max(0, start - 2) : start])
        else 0
    )


def _readings(digits: str, lang: str) -> Iterator[Decimal]:
    """Yield what a string of digits and separators may mean.

    English writes 1,234.5 and nothing else; in the other languages 1,234 is 1234 or 1.234.
    """
    groups = _SEPARATOR.split(digits)
    marks = _SEPARATOR.findall(digits)
    if not marks:
        yield Decimal(digits)
        return
    grouped = all(len(group) == 3 for group in groups[1:]) and len(groups[0]) <= 3
    english = lang == "en"
    if grouped and not (english and marks[-1] == "."):
        yield Decimal("".join(groups))
    if len(marks) == 1 and marks[0] in ".,٫" and not (english and grouped and marks[0] == ","):
        yield Decimal(f"{groups[0]}.{groups[1]}")
    elif len(marks) > 1 and marks[-1] in ".,٫" and marks[-1] != marks[0]:
        yield Decimal("".join(groups[:-1]) + "." + groups[-1])
    elif len(marks) > 1 and not grouped:
        yield from map(Decimal, groups)


def roman(text: str) -> frozenset[Decimal]:
    """Return the values of the Roman numerals in a text."""
    return frozenset(Decimal(_roman_value(match[0])) for match in _ROMAN.finditer(text))


def _roman_value(letters: str) -> int:
    values = [_ROMAN_DIGITS[letter] for letter in letters]
    return sum(-a if a < b else a for a, b in zip(values, [*values[1:], 0], strict=True))
