"""The numbers and dates that a text tells, in a form that its translation shares.

Unlike the checks, which excuse whatever may be meant, this reads only what is plain: 3.5万, 35,000 and
thirty-five thousand are `#35000`; June and 6月 are `month 6`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import lru_cache
from itertools import repeat

from corpora.languages import LANGUAGES
from corpora.numbers.figures import Figure, ascii_digits, digits, figures, multiplied
from corpora.numbers.numerals import exact_value, spelled
from corpora.numbers.wordlists import month_words, patterns

READ = frozenset(LANGUAGES)

# Smaller numbers in words are often no numbers (one of them, a second chance), or figures on the other side.
_LEAST_IN_WORDS = 11
_LEAST_TO_ADD = 10  # no number of two digits or more is told without a word of this value at least
_NUMERAL, _MONTH = 1, 2  # what a word may belong to
_DIGIT = re.compile(r"\d")
_WORD = re.compile(r"[^\W\d_]+")
_DAY_FIRST = re.compile(
    r"(?<![\d./])(?P<day>\d{1,2})(?P<mark>[./])(?P<month>\d{1,2})(?P=mark)(?P<year>\d{4})(?!\d)"
)
_YEAR_FIRST = re.compile(r"(?<![\d-])(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)(?![\d-])")
_NUMBERED_MONTH = {
    "zh": re.compile(r"(?<!\d)(\d{1,2})\s?月"),
    "ug": re.compile(r"(?<!\d)(\d{1,2})(?:\s?-\s?)?ئاي"),
}
_MONTH_IN_WORDS = re.compile("[一二三四五六七八九十]{1,2}月")
_ENGLISH_MONTHS = re.compile("Jan|Feb|Mar|Apr|May|Ju[nl]|Aug|Sep|Oct|Nov|Dec")


def told(text: str, lang: str) -> Counter[str]:
    """Return the numbers and months of a text, a number as often as it stands there.

    Args:
        text: NFC.
        lang: one of `READ`.

    Returns:
        `#` and the digits of a value without its decimal point, since separators are ambiguous (1.234);
        `month` and 1 to 12.
    """
    figured = _DIGIT.search(text) is not None
    kinds = {_NUMERAL, _MONTH} if lang == "zh" else set(map(_kind, _WORD.findall(text), repeat(lang)))
    if not figured and not any(kinds):
        return Counter()
    plain = ascii_digits(text) if figured else text
    found = Counter(_named_months(plain, lang) if _MONTH in kinds else ())
    if figured:
        plain = _dates(plain, lang, found)
        if multiplied(plain, lang):
            read = figures(plain, lang)
            found.update(_token(_value(figure)) for figure in read)
            plain = _without(plain, read)
        else:
            found.update("#" + (one.lstrip("0") or "0") for one in digits(plain))
    if lang == "zh":
        plain = _MONTH_IN_WORDS.sub("0", plain)
    if _NUMERAL in kinds:
        found.update(_token(value) for value in spelled(plain, lang) if value >= _LEAST_IN_WORDS)
    return found


@lru_cache(maxsize=1 << 15)
def _kind(word: str, lang: str) -> int:
    """Tell what a word may belong to; texts in which no word belongs to anything are read no further."""
    value = exact_value(word.casefold(), lang)
    if value is not None and value >= _LEAST_TO_ADD:
        return _NUMERAL
    return _MONTH if (_ENGLISH_MONTHS if lang == "en" else month_words(lang)).match(word) else 0


def _named_months(text: str, lang: str) -> Iterator[str]:
    if lang != "zh" or "月" in text:
        for number, pattern in enumerate(patterns("months", lang), start=1):
            if pattern.search(text):
                yield f"month {number}"


def _dates(text: str, lang: str, found: Counter[str]) -> str:
    """Count dates in figures, and return the text without them."""

    def read(match: re.Match[str]) -> str:
        day, month, year = (int(match[name]) for name in ("day", "month", "year"))
        if lang == "en" and month > 12:
            day, month = month, day
        if not (1 <= month <= 12 and 1 <= day <= 31):
            return match[0]
        if lang == "en" and match.re is _DAY_FIRST and day <= 12:
            return match[0]  # American or not, nobody knows
        found.update((f"#{day}", f"#{year}", f"month {month}"))
        return " "

    text = _YEAR_FIRST.sub(read, _DAY_FIRST.sub(read, text))
    numbered = _NUMBERED_MONTH.get(lang)
    if numbered is None:
        return text

    def month(match: re.Match[str]) -> str:
        found[f"month {int(match[1])}"] = 1
        return " "

    return numbered.sub(lambda match: month(match) if 1 <= int(match[1]) <= 12 else match[0], text)


def _value(figure: Figure) -> Decimal:
    """Return the likeliest value; of a number that may be 1234 or 1.234 the digits tell enough."""
    if figure.scale > 1:
        return min(figure.values)  # few write 1234 million where they can write 1.234 billion
    joined = Decimal("".join(letter for letter in figure.text if letter.isdigit()))
    return max(joined, *figure.values)


def _token(value: Decimal) -> str:
    return "#" + (format(value.normalize(), "f").replace(".", "").lstrip("0") or "0")


def _without(text: str, read: Iterable[Figure]) -> str:
    """Replace figures and their scales by zeros, so that scales are not read twice as numerals."""
    for figure in read:
        first, last = figure.span
        text = text[:first] + "0" * (last - first) + text[last:]
    return text
