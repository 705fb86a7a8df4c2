"""Names lost: those of the tables, those that are heard, and what is no name."""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from importlib import resources

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpora.records import TermUse
from pipeline.quality.checks import check
from pipeline.quality.checks.known_names import english_words, known_names
from pipeline.quality.checks.names import names
from pipeline.quality.checks.pair import Pair

LANGS = ("kk", "ug", "ru", "zh")


def _severities(source: str, target: str, lang: str) -> list[str]:
    return [flag.severity for flag in names(Pair(source, target, lang))]


@pytest.mark.parametrize(
    ("lang", "kept", "lost"),
    [
        ("kk", "Ол Германиядан Қытайға қайтып келді.", "Ол Германиядан үйіне қайтып келді."),
        ("ug", "ئۇ گېرمانىيەدىن خىتايغا قايتىپ كەلدى.", "ئۇ گېرمانىيەدىن ئۆيىگە قايتىپ كەلدى."),
        ("ru", "Он вернулся из Германии в Китай.", "Он вернулся из Германии домой."),
        ("zh", "他从德国回到了中国。", "他从德国回到了家里。"),
    ],
)
def test_a_country_is_sought_by_what_it_is_called(lang: str, kept: str, lost: str) -> None:
    source = "He came back from Germany to China."
    assert _severities(source, kept, lang) == []
    flags = list(names(Pair(source, lost, lang)))
    assert [(flag.severity, "stands for China" in flag.message) for flag in flags] == [("warning", True)]


@pytest.mark.parametrize(
    ("lang", "kept", "lost"),
    [
        ("kk", "Кеше Бердібековты көршілері көрді.", "Кеше оны көршілері көрді."),
        ("ug", "تۈنۈگۈن بېردىبېكوۋنى قوشنىلىرى كۆردى.", "تۈنۈگۈن ئۇنى قوشنىلىرى كۆردى."),
        ("ru", "Вчера Бердибекова видели соседи.", "Вчера его видели соседи."),
        ("zh", "昨天邻居们看见了别尔迪别科夫。", "昨天邻居们看见了他。"),
    ],
)
def test_a_name_of_one_word_is_sought_by_its_sound(lang: str, kept: str, lost: str) -> None:
    source = "The neighbours saw Berdibekov yesterday."
    assert _severities(source, kept, lang) == []
    assert _severities(source, lost, lang) == ["warning"]
    assert _severities(source, f"{lost} (Berdibekov)", lang) == []


@pytest.mark.parametrize("lang", LANGS)
def test_what_the_verifier_judges_is_not_doubted_again(lang: str) -> None:
    source = "The neighbours saw Berdibekov of Germany and Karimbayev."
    lost = {"kk": "Оны көрді.", "ug": "ئۇنى كۆردى.", "ru": "Его видели.", "zh": "邻居们看见了他。"}[lang]
    missing = [
        TermUse(name, name, (start, start + len(name)), None, None, "", None, "failed")
        for name in ("Germany", "Berdibekov")
        for start in (source.index(name),)
    ]
    doubts = check(source, lost, lang, terms=missing)
    assert [
        flag.message.rsplit(" of the source")[0].split()[-1] for flag in doubts if flag.check == "name"
    ] == ["Karimbayev"]
    without_rendering = [replace(use, verdict="untranslated") for use in missing]
    doubts = check(source, lost, lang, terms=without_rendering)
    assert sum(flag.check == "name" for flag in doubts) == 3


def test_what_stands_for_a_name_will_do() -> None:
    assert _severities("Washington said it would not comment.", "美国表示不予置评。", "zh") == []
    assert _severities("The US and the UN agreed.", "США и ООН договорились.", "ru") == []
    assert _severities("The US and the UN agreed.", "Они договорились.", "ru") == ["warning", "warning"]


def test_one_part_of_a_name_may_do() -> None:
    assert _severities("He met President Donald Trump.", "Ол президент Трамппен кездесті.", "kk") == []
    assert _severities("They flew to San Diego.", "ئۇلار سانتىياگوغا ئۇچتى.", "ug") == []


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize(
    "source",
    [
        "They're here. Bungalows, Plaintiffs and Homework.",
        "The Supreme Court and the White House.",
        "CHINA AND RUSSIA",  # all in capitals: nothing tells a name
        "us and it",
    ],
)
def test_words_that_english_also_writes_small_are_no_names(lang: str, source: str) -> None:
    assert (
        _severities(source, {"zh": "他们在这里。", "ug": "ئۇلار بۇ يەردە."}.get(lang, "Осында."), lang) == []
    )


def test_a_word_that_the_segment_also_writes_small_is_no_name() -> None:
    assert _severities("Brexiteering is what brexiteering does.", "Так всегда.", "ru") == []


def test_a_name_is_told_once() -> None:
    assert len(_severities("China and China, Berdibekov and Berdibekov.", "Вот так.", "ru")) == 2


def test_longer_names_of_the_table_come_first() -> None:
    found = [
        name.english for *_, name in known_names("New York, North Korea's U.S. and USB, York-based", "zh")
    ]
    assert found == ["New York", "North Korea", "U.S."]
    assert list(known_names("China", "en")) == []


def test_the_tables_are_sound() -> None:
    text = resources.files("pipeline.quality.checks").joinpath("exonyms.toml").read_text(encoding="utf-8")
    tables = tomllib.loads(text)
    rows = [(row, 5) for row in tables["names"]] + [(row, 2) for row in tables["chinese"]]
    for row, columns in rows:
        assert len(row) == columns, row
        assert all(re.match(r"[A-Z\u00dc]", spelling) for spelling in row[0].split()), row
        for pattern in row[1:]:
            assert not re.search(pattern, ""), row
            assert pattern == pattern.casefold(), f"sought in text without capitals: {row}"
    spellings = [spelling for row, _ in rows for spelling in row[0].split()]
    assert len(spellings) == len(set(spellings)), "a name in two rows"
    for lang, column in zip(LANGS, range(1, 5), strict=True):
        strange = {"kk": r"[a-z\u0600-\u06ff]", "ru": r"[a-z\u0600-\u06ff]", "ug": r"[a-z\u0400-\u04ff]"}
        for row in tables["names"]:
            bare = row[column].replace("\\b", "")
            assert not re.search(strange.get(lang, r"[a-z\u0400-\u06ff]"), bare), (lang, row)
    assert {"bungalow", "plaintiff"} <= english_words()
    assert all(word.isalpha() and word.islower() for word in english_words())


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=80), st.text(max_size=80), st.sampled_from(LANGS))
def test_any_text_can_be_judged(source: str, target: str, lang: str) -> None:
    assert all(flag.severity in ("warning", "info") for flag in names(Pair(source, target, lang)))


@pytest.mark.parametrize("name", ["Gulnar", "Ismail", "Hamit", "Michael", "Askar"])
def test_names_that_only_end_like_common_words_are_sought(name: str) -> None:
    """With a y behind them they end in -ly, -ary, -ity: so do other names than those of words in -ies."""
    flags = list(names(Pair(f"They took {name} at night.", "Ночью её забрали из дома.", "ru")))
    assert [flag.severity for flag in flags] == ["warning"]
    assert not list(names(Pair("The Authorities and the Agencies came.", "Пришли власти и службы.", "ru")))


@pytest.mark.parametrize(
    "heading",
    ["Pillars, Goals and Habits", "Labour, Armour and Tyres", "Detainees Appeal", "The Diaspora’s Symbols"],
)
def test_common_words_in_headings_are_no_names(heading: str) -> None:
    assert not list(names(Pair(heading, "Заголовок о чём-то ином", "ru")))


@pytest.mark.parametrize(
    ("lang", "target"),
    [("kk", "Мұны Майкл жазды."), ("ru", "Это написал Майкл."), ("zh", "这是迈克尔写的。")],
)
def test_michael_is_not_spelt_as_he_sounds(lang: str, target: str) -> None:
    assert not list(names(Pair("Michael wrote it.", target, lang)))
