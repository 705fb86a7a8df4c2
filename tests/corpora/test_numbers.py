"""The numbers and months that a text tells, in the digits, scales and words of the five languages."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpora.alignment.evidence import shared
from corpora.numbers.numerals import exact_value, spelled
from corpora.numbers.told import READ, told

THIRTY_FIVE_THOUSAND = [
    ("en", "Some 35,000 came."),
    ("en", "Some thirty-five thousand came."),
    ("en", "Some 35 thousand came."),
    ("en", "Some 35k came."),
    ("kk", "35 мыңға жуық адам келді."),
    ("kk", "Отыз бес мың адам келді."),
    ("kk", "35\u00a0000 адам келді."),
    ("ug", "٣٥ مىڭ ئادەم كەلدى."),
    ("ug", "ئوتتۇز بەش مىڭ ئادەم كەلدى."),
    ("ru", "Пришли 35 тыс. человек."),
    ("ru", "Пришли тридцать пять тысяч человек."),
    ("ru", "Пришли 35 000 человек."),
    ("zh", "来了3.5万人。"),
    ("zh", "来了３５０００人。"),
    ("zh", "来了三万五千人。"),
]
TWO_MILLION = [
    ("en", "It cost two million."),
    ("en", "It cost $2m."),
    ("kk", "Ол 2 млн тұрды."),
    ("kk", "Ол екі миллионға тұрды."),
    ("ug", "ئۇ 2 مىليون تۇردى."),
    ("ug", "ئۇ ئىككى مىليون تۇردى."),
    ("ru", "Это стоило 2 млн."),
    ("ru", "Это стоило двух миллионов."),
    ("zh", "花了两百万。"),
    ("zh", "花了200万。"),
]
JUNE = [
    ("en", "He left in June."),
    ("kk", "Ол маусымда кетті."),
    ("ug", "ئۇ ئىيۇندا كەتتى."),
    ("ug", "ئۇ 6-ئايدا كەتتى."),
    ("ug", "ئۇ ٦ئايدا كەتتى."),
    ("ru", "Он уехал в июне."),
    ("zh", "他6月离开。"),
    ("zh", "他六月离开。"),
]


@pytest.mark.parametrize(
    ("lang", "text", "token"),
    [
        *((*one, "#35000") for one in THIRTY_FIVE_THOUSAND),
        *((*one, "#2000000") for one in TWO_MILLION),
        *((*one, "month 6") for one in JUNE),
    ],
)
def test_the_same_value_is_told_in_every_dress(lang: str, text: str, token: str) -> None:
    assert told(text, lang) == {token: 1}


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "On 14 May 2021 he left."),
        ("en", "He left on 05/14/2021."),
        ("en", "He left on 2021-05-14."),
        ("kk", "Ол 2021 жылғы 14 мамырда кетті."),
        ("ug", "ئۇ 2021-يىلى 5-ئاينىڭ 14-كۈنى كەتتى."),
        ("ug", "ئۇ 2021-يىلى 14-ماي كەتتى."),
        ("ru", "Он уехал 14 мая 2021 года."),
        ("ru", "Он уехал 14.05.2021."),
        ("zh", "他于2021年5月14日离开。"),
    ],
)
def test_dates_tell_day_month_and_year(lang: str, text: str) -> None:
    assert told(text, lang) == {"#14": 1, "#2021": 1, "month 5": 1}


def test_a_date_that_may_be_american_tells_no_month() -> None:
    assert "month 5" not in told("He left on 05/06/2021.", "en")
    assert "month 6" not in told("He left on 05/06/2021.", "en")


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "One of them may march a second time; a century, a pair, noon."),
        ("kk", "Біз тамаша қарым-қатынастамыз; алтын жүзік, қақпаның алды, ғасыр."),
        ("ug", "مارتېن چېركاۋىنىڭ يۈزى بىر قېتىم ئېچىلدى."),
        ("ru", "Доктор Мартин стоит у стола; полиция Деклана, столетие, пара."),
        ("zh", "万一十分千万一定七八百五一十三三两两。"),
    ],
)
def test_what_only_looks_like_a_number_or_a_month_tells_nothing(lang: str, text: str) -> None:
    assert not told(text, lang)


@pytest.mark.parametrize(
    ("lang", "text", "values"),
    [
        ("en", "forty-eight men and nineteen hundred more", [48, 1900]),
        ("en", "two thousand and one, twenty, thirty", [2001, 20, 30]),
        ("kk", "он бір кісі, екі мың жиырма екі", [11, 2022]),
        ("ug", "ئون بىر كىشى ۋە ئىككى مىڭ يىگىرمە ئىككى", [11, 2022]),
        ("ru", "сорок восемь и две тысячи девятнадцатый", [48, 2019]),
        ("zh", "二十一人，两千零一年，十五万，二〇二一年", [21, 2001, 150_000, 2021]),
    ],
)
def test_numbers_in_words_are_read_once_complete(lang: str, text: str, values: list[int]) -> None:
    assert list(spelled(text, lang)) == [Decimal(value) for value in values]


def test_scales_add_up_and_separators_may_mean_either() -> None:
    assert told("2 млн 800 тыс.", "ru") == told("280万", "zh") == told("2.8 million", "en")
    assert told("3亿5000万", "zh") == told("350 миллион", "kk") == {"#350000000": 1}
    assert told("1.234", "ru") == told("1,234", "en") == {"#1234": 1}
    assert told("2½ years", "en") == told("2,5 года", "ru")


def test_words_inside_longer_words_are_no_numerals() -> None:
    assert exact_value("сто", "ru") == 100
    assert exact_value("сторона", "ru") is None
    assert exact_value("миллионнан", "kk") == 10**6
    assert exact_value("мыңнан", "kk") == exact_value("مىڭدىن", "ug") == 1000
    assert exact_value("жүзік", "kk") is None
    assert exact_value("century", "en") is None


@settings(deadline=None, max_examples=200)
@given(st.text(max_size=60), st.sampled_from(sorted(READ)))
def test_any_text_can_be_read(text: str, lang: str) -> None:
    assert all(count > 0 for count in told(text, lang).values())


@settings(deadline=None, max_examples=50)
@given(st.integers(0, 10**12), st.sampled_from(sorted(READ)))
def test_digits_of_every_script_tell_their_value(number: int, lang: str) -> None:
    arabic = str(number).translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    wide = str(number).translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    for written in (str(number), arabic, wide):
        assert told(f"— {written} —", lang) == {f"#{number}": 1}


@pytest.mark.parametrize("tag", ["kk", "ug", "ru", "zh", "zh-Hans"])
def test_values_are_evidence_between_two_languages_that_can_be_read(tag: str) -> None:
    english = ["Thirty-five thousand came.", "It cost two million.", "He left in June."]
    lang = tag.split("-")[0]
    other = [
        next(text for own, text in group if own == lang)
        for group in (THIRTY_FIVE_THOUSAND, TWO_MILLION, JUNE)
    ]
    found = shared(english, other, langs=("en", tag))
    assert list(zip(found.rows.tolist(), found.columns.tolist(), strict=True)) == [(0, 0), (1, 1), (2, 2)]


def test_beside_a_language_that_cannot_be_read_only_digits_count() -> None:
    found = shared(["It cost 3.5 million."], ["Es kostete 3,5 Millionen."], langs=("en", "de"))
    assert found.block(0, 1, 0, 1)[0, 0] > 0
    assert not shared(["Forty-eight."], ["48."], langs=("en", "de")).rows.size
