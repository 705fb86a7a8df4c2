"""Months, by name or by number."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

from corpora.numbers.figures import ascii_digits
from corpora.numbers.wordlists import patterns

_MONTH_MARK = {
    "kk": r"\s?-?\s?(?:ші |шы )?ай",
    "ug": r"\s?-?\s?ئاي",
    "ru": r"-?(?:й|го|м)? месяц",
    "zh": r"(?:\s?月|[·・](?=\d))",
}
# days that Chinese names by two figures: 五一劳动节, “七五”事件
_DATES_IN_SHORT = {
    3: "三八(?=妇女|国际|节)",
    5: "五一(?=劳动|国际|节)",
    6: "六[·・]?四(?=事件|[”」])",
    7: "七[·・]?五(?=事件|[”」])",
}


@lru_cache(maxsize=8)
def month_patterns(lang: str) -> tuple[re.Pattern[str], ...]:
    """Return the patterns of the twelve months, named or numbered."""
    named = patterns("months", lang)
    if lang not in _MONTH_MARK:
        return named
    numbered = (
        rf"(?<!\d)0?{number}{_MONTH_MARK[lang]}|(?<=\d[./]){number:02}(?=[./]\d)" for number in range(1, 13)
    )
    also = _DATES_IN_SHORT if lang == "zh" else {}
    return tuple(
        re.compile("|".join(filter(None, (one.pattern, number, also.get(i)))), re.IGNORECASE)
        for i, (one, number) in enumerate(zip(named, numbered, strict=True), start=1)
    )


def month_numbers(text: str, lang: str) -> frozenset[Decimal]:
    """Return the numbers of the months named or numbered in a text."""
    plain = ascii_digits(text)
    return frozenset(
        Decimal(i) for i, pattern in enumerate(month_patterns(lang), start=1) if pattern.search(plain)
    )
