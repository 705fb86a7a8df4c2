"""Numbers, months and weekdays across digits, scales and words of the five languages."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpora.numbers.figures import figures
from corpora.numbers.numerals import chinese_value, words
from pipeline.quality.checks import check

NUMERIC = ("number", "date")


def _found(source: str, target: str, lang: str) -> dict[str, str]:
    flags = reversed(check(source, target, lang))  # the gravest last, so that it is kept
    return {flag.check: flag.severity for flag in flags if flag.check in NUMERIC and flag.severity != "info"}


@pytest.mark.parametrize(
    ("source", "target", "lang"),
    [
        ("It cost 2.5 million yuan.", "Это стоило 2,5 млн юаней.", "ru"),
        ("It cost 2.5 million yuan.", "这花费了250万元。", "zh"),
        ("It cost 2.5 million yuan.", "Бұл 2,5 миллион юань тұрды.", "kk"),
        ("It cost 2.5 million yuan.", "ئۇ 2 مىليون 500 مىڭ يۈەنگە توختىدى.", "ug"),
        ("It cost 2.5 million yuan.", "这花费了二百五十万元。", "zh"),
        ("Some 1,300,000,000 people live there.", "那里有13亿人。", "zh"),
        ("There were 12,345 prisoners.", "Было 12 345 заключённых.", "ru"),
        ("There were 12,345 prisoners.", "12\u00a0345 тұтқын болды.", "kk"),
        ("There were 12,345 prisoners.", "١٢٣٤٥ مەھبۇس بار ئىدى.", "ug"),
        ("There were 12,345 prisoners.", "有１２３４５名囚犯。", "zh"),
        ("He is 48 years old.", "Ему сорок восемь лет.", "ru"),
        ("He is 48 years old.", "Ол қырық сегіз жаста.", "kk"),
        ("He is 48 years old.", "ئۇ قىرىق سەككىز ياشتا.", "ug"),
        ("He is 48 years old.", "他四十八岁。", "zh"),
        ("He came with forty-eight men.", "Он пришёл с 48 людьми.", "ru"),
        ("The 1990s were hard.", "90-е были тяжёлыми.", "ru"),
        ("The 1930s were hard.", "20 世纪 30 年代很艰难。", "zh"),
        ("At 7:30 pm they left.", "В 19:30 они ушли.", "ru"),
        ("At 5.30pm they left.", "В 17:30 они ушли.", "ru"),
        ("On 14 May 2021 he left.", "他于2021年5月14日离开。", "zh"),
        ("On 14 May 2021 he left.", "14.05.2021 он уехал.", "ru"),
        ("On May 14, 2021 he left.", "2021-يىلى 5-ئاينىڭ 14-كۈنى كەتتى.", "ug"),
        ("On May 14, 2021 he left.", "Ол 2021 жылғы 14 мамырда кетті.", "kk"),
        ("It is 200 miles away.", "Это в 320 км отсюда.", "ru"),
        ("It was 80 degrees outside.", "На улице было 27 градусов.", "ru"),
        ("Call 0800 555 111 now.", "Звоните 0800555111 сейчас.", "ru"),
        ("The 21st century began.", "Начался XXI век.", "ru"),
        ("World War II ended.", "第二次世界大战结束了。", "zh"),
        ("They won 3-1 on Sunday.", "Они победили 3:1 в воскресенье.", "ru"),
        ("Half a litre for 2½ days.", "Пол-литра на 2,5 дня.", "ru"),
        ("He paid $5m.", "Он заплатил 5 млн долларов.", "ru"),
        ("In September 2019 he resigned.", "2019 жылғы қыркүйегінде ол қызметінен кетті.", "kk"),
        ("In March 2019 he resigned.", "2019 жылғы наурызда ол қызметінен кетті.", "kk"),
    ],
)
def test_the_same_number_in_another_dress_is_right(source: str, target: str, lang: str) -> None:
    assert _found(source, target, lang) == {}


@pytest.mark.parametrize(
    ("source", "target", "lang", "severity"),
    [
        ("He was arrested in 2017.", "Его арестовали в 2071 году.", "ru", "error"),
        ("He was arrested in 2017.", "Его арестовали.", "ru", "error"),
        ("He was arrested in 2017.", "ئۇ قولغا ئېلىندى.", "ug", "error"),
        ("He has 31 letters.", "У него 13 писем.", "ru", "error"),
        ("He has 31 letters.", "他有很多信。", "zh", "warning"),
        ("He has 3 letters.", "У него 7 писем.", "ru", "warning"),
        ("It cost 2.5 million yuan.", "Это стоило 2,5 тысячи юаней.", "ru", "error"),
        ("It cost 2.5 million yuan.", "这花费了25万元。", "zh", "error"),
        ("He has many letters.", "Оның 31 хаты бар.", "kk", "warning"),
    ],
)
def test_a_lost_or_changed_number_is_found(source: str, target: str, lang: str, severity: str) -> None:
    assert _found(source, target, lang).get("number") == severity


@pytest.mark.parametrize(
    ("source", "target", "lang", "severity"),
    [
        ("He left on Friday.", "Он уехал во вторник.", "ru", "error"),
        ("He left on Friday.", "Он уехал.", "ru", "warning"),
        ("He left in June.", "Ол шілдеде кетті.", "kk", "error"),
        ("He left in June.", "他七月离开了。", "zh", "error"),
        ("He left on Friday.", "ئۇ دۈشەنبە كۈنى كەتتى.", "ug", "error"),
        ("The doctor left in October.", "Доктор ушёл.", "ru", "warning"),
        ("Martin left in March.", "Мартин ушёл.", "ru", "warning"),
        ("Martin left in March.", "مارتېن كەتتى.", "ug", "warning"),
    ],
)
def test_a_lost_or_changed_date_is_found(source: str, target: str, lang: str, severity: str) -> None:
    assert _found(source, target, lang).get("date") == severity


@pytest.mark.parametrize(
    ("source", "target", "lang"),
    [
        ("He may march to August Street.", "Он может пойти на улицу Августа.", "ru"),
        ("They may come.", "Они могут прийти.", "ru"),
        ("Mike spoke.", "مايك سۆزلىدى.", "ug"),
        ("He left in December.", "他十二月离开了。", "zh"),
        ("He left in November.", "他11月离开了。", "zh"),
    ],
)
def test_words_that_look_like_months_are_none(source: str, target: str, lang: str) -> None:
    assert _found(source, target, lang) == {}


@pytest.mark.parametrize(
    ("run", "value"),
    [
        ("二十一", 21),
        ("三万五千", 35000),
        ("一百零八", 108),
        ("十", 10),
        ("两亿三千万", 230000000),
        ("一万亿", 10**12),
    ],
)
def test_chinese_numerals_are_read(run: str, value: int) -> None:
    assert chinese_value(run) == value


@pytest.mark.parametrize(
    ("text", "lang", "value"),
    [
        ("two hundred and five", "en", 205),
        ("forty-eight thousand", "en", 48000),
        ("двести сорок восемь", "ru", 248),
        ("үш жүз жиырма бес", "kk", 325),
        ("ئۈچ يۈز يىگىرمە بەش", "ug", 325),
        ("five million", "en", 5000000),
    ],
)
def test_numerals_in_words_are_read(text: str, lang: str, value: int) -> None:
    assert Decimal(value) in words(text, lang)


def test_ambiguous_separators_have_both_readings() -> None:
    assert figures("1,234", "kk")[0].values == {Decimal(1234), Decimal("1.234")}
    assert figures("1,234", "en")[0].values == {Decimal(1234)}
    assert figures("1.234,5", "ru")[0].values == {Decimal("1234.5")}
    assert figures("3亿5000万", "zh")[0].values == {Decimal(350000000)}


@settings(deadline=None, max_examples=100)
@given(st.integers(min_value=0, max_value=10**9), st.sampled_from(["kk", "ug", "ru", "zh"]))
def test_every_number_is_found_in_itself_however_grouped(number: int, lang: str) -> None:
    grouped = f"{number:,}"
    for written in (str(number), grouped, grouped.replace(",", " "), grouped.replace(",", "\u00a0")):
        assert _found(f"There are {grouped} of them.", f"{written}", lang) == {}


@settings(deadline=None, max_examples=100)
@given(st.integers(min_value=100, max_value=10**6), st.integers(min_value=100, max_value=10**6))
def test_another_number_is_never_taken_for_it(number: int, other: int) -> None:
    years = range(1000, 2101)
    if number != other and number not in years and other not in years:
        assert "number" in _found(f"There are {number} of them.", f"Их там {other}.", "ru")


@settings(deadline=None, max_examples=150)
@given(
    st.text(st.sampled_from("0123456789٣۴５.,:/-½ 万亿XIV百mк"), max_size=20),
    st.sampled_from(["en", "ru", "zh", "ug"]),
)
def test_any_figures_are_read(text: str, lang: str) -> None:
    for figure in figures(text, lang):
        assert text[figure.span[0] : figure.span[1]]
        assert figure.values
