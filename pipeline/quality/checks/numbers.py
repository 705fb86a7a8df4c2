"""Every number of the source must be in the translation, and no other.

Numbers are compared as values, in whatever digits, grouping or scale either side writes them (2.5 million,
250万, 2,5 млн). A number in words excuses a missing figure, as do the other ways to say the same time, year
or decade; from three on it is sought itself, where the source is English: smaller ones are often no numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import ROUND_FLOOR, Decimal
from functools import cached_property

from corpora.numbers.dates import month_numbers
from corpora.numbers.figures import Figure, ascii_digits, figures, roman
from corpora.numbers.numerals import exact_value, spelled, words
from corpora.records import Flag, Severity
from pipeline.quality.checks.measures import Units, same_measure, units
from pipeline.quality.checks.pair import Pair

_CLOCK = re.compile(
    r"\d\s?(?:[ap]\.?m\b|o['’]clock)|\d:\d\d|\b(?:evening|afternoon|night|morning|half past)\b",
    re.IGNORECASE,
)
_ONE = re.compile(r"\b(?:an?|per|each|every)\b", re.IGNORECASE)
_DAY_AND_NIGHT = re.compile(
    "сут(?:ки|ок|кам|очн)|круглосуточ|тәулік|(?:күні|күндіз)-түні|كېچە-?(?:يۇ )?كۈندۈز"
    "|昼夜|日夜|一天一夜|全天"
)
_MONTHS = re.compile(r"\bmonths?\b", re.IGNORECASE)
_WEEK = re.compile("недел|апта|ھەپتە|ھەپتى|周|星期|礼拜")
_IN_WORDS = re.compile("thir|three|four|fi[fv]|six|seven|eigh|nin|ten|eleven|twe|fort|hundred", re.IGNORECASE)
_LEAST_IN_WORDS = 3
_SCALES = frozenset(Decimal(10**power) for power in (3, 6, 9, 12))  # alone, often scales of something else
_QUARTERS = re.compile(r"\bthree[ -]quarters?\b", re.IGNORECASE)  # 45 minutes, 75 %
_BROKEN = re.compile(r"\w+ and a (?:half|quarter) (?:thousand|million|billion)", re.IGNORECASE)  # 3.5 million
_IN_TEN = re.compile(r"\b(\w+) (?:in|out of) ten\b", re.IGNORECASE)
_DAYS = re.compile(r"\bdays\b", re.IGNORECASE)
_COVID = re.compile(r"covid.?19", re.IGNORECASE)
# what stands between two ends that share a scale: 2-3 million, от 10 до 12 тысяч, 10 دىن 12 مىڭغىچە, 30至40万
_RANGE = re.compile(
    r"\s*(?:[-–—~～]\s*)?(?:to|and|or|до|и|или|мен|бен|пен|ден|дан|тен|тан|нен|нан|دىن|تىن|بىلەن|ياكى|至|到|或)?\s*"
)
_HALF = Decimal("0.5")
_CENTURY = re.compile("век|столет|ғасыр|ئەسىر|世纪|centur", re.IGNORECASE)
_NAMED_YEAR = re.compile(
    r"去年|今年|明年|当年|年内|(?:прошл|эт|будущ)\w+ год|былтыр|биыл|(?:өткен|келесі) жыл"
    r"|بۇلتۇر|(?:بۇ|ئۆتكەن|كېلەر) يىل",
    re.IGNORECASE,
)
_TOLERANCE = Decimal("0.005")
_BETWEEN_DIGITS = re.compile(r"(?<=\d)[\s\u2010-\u2015()-]+(?=\d)")


class _Side:
    """All values one side of a pair may mean; worked out when asked for, since most figures just agree."""

    def __init__(self, text: str, lang: str) -> None:
        self._text, self._lang = text, lang
        self.figures = _ranged(text, figures(text, lang))
        self.digits = {value for figure in self.figures for value in figure.values}
        self.digits |= {part for figure in self.figures if figure.splits for part in figure.parts}

    @cached_property
    def values(self) -> set[Decimal]:
        found = self.digits | words(self._text, self._lang) | roman(self._text)
        if self._lang == "en":
            found |= {Decimal(1)} if _ONE.search(self._text) else set()
            found |= {10 * tenths for _, tenths in _tenths(self._text)}
        return found

    @cached_property
    def without_figures(self) -> str:
        """The text with zeros for its figures and their scales, which are no numerals of their own."""
        rest = self._text
        for start, end in (figure.span for figure in self.figures):
            rest = rest[:start] + "0" * (end - start) + rest[end:]
        return rest

    @cached_property
    def told_in_words(self) -> frozenset[Decimal]:
        return words(self.without_figures, self._lang)

    @cached_property
    def half(self) -> bool:
        return _HALF in self.values

    @cached_property
    def day_and_night(self) -> bool:
        return bool(_DAY_AND_NIGHT.search(self._text.casefold()))

    @cached_property
    def months_told(self) -> bool:
        return bool(_MONTHS.search(self._text))

    @cached_property
    def days_told(self) -> bool:
        return bool(_DAYS.search(self._text))

    @cached_property
    def weeks_told(self) -> bool:
        return bool(_WEEK.search(self._text.casefold()))

    @cached_property
    def quarters(self) -> bool:
        return bool(_QUARTERS.search(self._text))

    @cached_property
    def covid(self) -> bool:
        return bool(_COVID.search(self._text))

    @cached_property
    def years(self) -> set[Decimal]:
        return {value for value in self.digits if 1000 <= value <= 2100}

    @cached_property
    def century(self) -> bool:
        return bool(_CENTURY.search(self._text))

    @cached_property
    def clock(self) -> bool:
        return bool(_CLOCK.search(self._text))

    @cached_property
    def names_year(self) -> bool:
        """A year may be told by its distance from now."""
        return bool(_NAMED_YEAR.search(self._text))

    @cached_property
    def spaced(self) -> str:
        return " ".join(ascii_digits(self._text).split())

    @cached_property
    def months(self) -> frozenset[Decimal]:
        return month_numbers(self._text, self._lang)

    @cached_property
    def joined(self) -> str:
        return _BETWEEN_DIGITS.sub("", ascii_digits(self._text))

    @cached_property
    def units(self) -> Units:
        return units(self._text)


def numbers(pair: Pair) -> Iterator[Flag]:
    """A number of the source is missing, or one of the translation is not in the source.

    It is an error where one number stands in the place of another, and where a year or a number of several
    digits is lost; else a warning.
    """
    source, target = _Side(pair.source, pair.source_lang), _Side(pair.target, pair.lang)
    missing = _unexplained(source, target)
    added = _unexplained(target, source)
    swapped = any(map(_weighty, missing)) and bool(added)
    for figure in missing:
        sure = (_heavy(figure) and not target.names_year) or (swapped and _weighty(figure))
        severity: Severity = "error" if sure else "warning"
        yield Flag("number", severity, f"the number {figure.text} of the source is missing")
    for figure in added:
        severity = "error" if swapped and _weighty(figure) else "warning"
        yield Flag("number", severity, f"the number {figure.text} is not in the source", figure.span)
    for value in _lost_in_words(pair, source, target):
        yield Flag("number", "warning", f"the number {value}, in words in the source, is missing")


def _tenths(text: str) -> Iterator[tuple[str, Decimal]]:
    """Yield each share of ten that English text tells (six in ten), and how many they are."""
    for found in _IN_TEN.finditer(text):
        tenths = exact_value(found[1].casefold(), "en")
        if tenths:
            yield found[0], tenths


def _lost_in_words(pair: Pair, source: _Side, target: _Side) -> Iterator[Decimal]:
    """Yield the numbers that English text spells out and that the translation has in no way."""
    if pair.source_lang != "en" or not _IN_WORDS.search(pair.source):
        return
    rest = _BROKEN.sub("", _QUARTERS.sub("", source.without_figures))
    for share, tenths in _tenths(rest):
        if 10 * tenths in target.values:  # sixty per cent
            rest = rest.replace(share, "")
    for value in dict.fromkeys(spelled(rest, pair.source_lang)):
        if value < _LEAST_IN_WORDS or value in _SCALES or value in target.values:
            continue
        year = any(
            one // 100 == value and one % 100 in source.values for one in target.years
        )  # nineteen eighty
        if not (year or _otherwise(value, source, target) or _converted(value, source, target)):
            yield value


def _ranged(text: str, found: Sequence[Figure]) -> list[Figure]:
    """Let the first end of a range have the scale of its last end too: the 2 of 2-3 million."""
    ranged = list(found)
    for i in range(len(ranged) - 2, -1, -1):
        one, other = ranged[i], ranged[i + 1]
        if one.scale == 1 < other.scale and _RANGE.fullmatch(text, one.span[1], other.span[0]):
            ranged[i] = replace(one, values=one.values | {value * other.scale for value in one.values})
    return ranged


def _heavy(figure: Figure) -> bool:
    """A year, or another number of three digits or more that is not round: nobody leaves it out by choice."""
    digits = sum(letter.isdigit() for letter in figure.text)
    return digits >= 3 and not all(int(value) % 100 == 0 and value == int(value) for value in figure.values)


def _weighty(figure: Figure) -> bool:
    """A number of two digits or more: a translator does not round or spell it lightly."""
    return sum(letter.isdigit() for letter in figure.text) >= 2


def _unexplained(one: _Side, other: _Side) -> list[Figure]:
    seen: set[frozenset[Decimal]] = set()
    found: list[Figure] = []
    for figure in one.figures:
        if figure.values not in seen and not _explained(figure, one, other):
            found.append(figure)
        seen.add(figure.values)
    return found


def _explained(figure: Figure, one: _Side, other: _Side) -> bool:
    if figure.values & other.digits or figure.values & other.values:
        return True
    if any(_near(value, other.values) for value in figure.values):
        return True
    if (
        figure.scale == 1
        and len(figure.parts) > 1
        and all(part in other.values or _otherwise(part, one, other) for part in figure.parts)
    ):
        return True
    if _telephone(figure.text) and _BETWEEN_DIGITS.sub("", figure.text) in other.joined:
        return True
    if any(_summed(value, one, other) for value in figure.values):
        return True
    if len(figure.text) >= 3 and figure.text.isdigit() and " ".join(figure.text) in other.spaced:
        return True
    if any(_converted(value, one, other) for value in figure.values):
        return True
    return any(_otherwise(value, one, other) for value in figure.values)


def _summed(value: Decimal, one: _Side, other: _Side) -> bool:
    """Tell whether a value is told in words and figures, as a whole or in part: بىر مىليون 50 مىڭ."""
    if value >= 10**6 and any(part >= 1000 and value - part in other.told_in_words for part in other.digits):
        return True
    return value >= 1000 and any(
        whole >= 10**6 and value + whole in other.digits for whole in one.told_in_words
    )


def _converted(value: Decimal, one: _Side, other: _Side) -> bool:
    return same_measure(value, other.values, one.units, other.units)


def _telephone(text: str) -> bool:
    """Digits that stand for themselves: groups may be joined or split."""
    return (text.startswith("0") and len(text) >= 3) or sum(letter.isdigit() for letter in text) >= 6


def _near(value: Decimal, values: set[Decimal]) -> bool:
    """Allow for rounding in the last decimals only."""
    return value != value.to_integral_value() and any(abs(value - one) <= _TOLERANCE for one in values)


def _otherwise(value: Decimal, one: _Side, other: _Side) -> bool:
    """Other ways to say the same: '90s for 1990s, 19:30 for 7:30 pm, a month's number for its name."""
    if value == 0:
        return True
    if 1000 <= value <= 2100 and value % 100 in (other.values if value % 10 == 0 else other.digits):
        return True
    if value < 100 and any(year % 100 == value for year in other.years):
        return True
    if 1000 <= value <= 2100 and {value // 100, value % 100} <= other.values - other.digits:
        return True  # nineteen eighty-four
    if 10 <= value <= 22 and any(year // 100 + 1 == value for year in other.years) and one.century:
        return True
    if (one.clock or other.clock) and value <= 24 and ({value + 12, value - 12} & other.values):
        return True
    if one.months_told and value % 6 == 0 and _told(value / 12, other):
        return True
    if (
        value in (7, 14, 21)
        and one.days_told
        and other.weeks_told
        and (value == 7 or value / 7 in other.values)
    ):
        return True
    if value in (45, 75) and other.quarters:
        return True
    if value == 19 and one.covid:
        return True
    if other.day_and_night and (value == 24 or (value == 7 and 24 in one.digits)):
        return True
    return _halved(value, one, other) or value in other.months or value in one.months


def _told(value: Decimal, side: _Side) -> bool:
    """Tell whether a side has a number, or the whole number below it and a half in words."""
    return value in side.values or (side.half and value - _HALF in side.values)


def _halved(value: Decimal, one: _Side, other: _Side) -> bool:
    """Tell whether a half in words makes the difference: два с половиной, 两年半, он жарым for 10:30."""
    if value - value.to_integral_value(ROUND_FLOOR) == _HALF:
        return _told(value, other)
    if one.half and value == value.to_integral_value() and value + _HALF in other.digits:
        return True
    if not (one.clock or other.clock):
        return False
    to_the_next = other.half and value + 1 in other.values and 30 in one.digits  # половина одиннадцатого
    return to_the_next or (value == 30 and other.half)
