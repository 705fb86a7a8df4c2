"""A name with a piece of another spelling beside it is no name: it is stopped, and mended whole."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glossary.enforcement import enforce
from glossary.matching import Matcher
from glossary.termbase import adhoc
from glossary.terms import Glossary, Target, Term
from glossary.verification import Verification, verify


def _term(en: str, kind: str, kk: str, ug: str, ru: str, zh: str, aliases: tuple[str, ...] = ()) -> Term:
    texts = {"kk": kk, "ug": ug, "ru": ru, "zh": zh}
    targets = tuple(Target(lang, (text,)) for lang, text in texts.items())
    gender = "f" if kind == "person" else ""
    return Term(en.lower(), en, aliases=aliases, type=kind, gender=gender, targets=targets)


SAYRAGUL = _term(
    "Sayragul Sauytbay",
    "person",
    "Сайрагүл Сауытбай",
    "سايراگۈل ساۋۇتباي",
    "Сайрагуль Сауытбай",
    "萨依拉古丽·沙吾提巴依",
    ("Sairagul Sauytbay",),
)
ALTAY = _term("Altay", "place", "Алтай", "ئالتاي", "Алтай", "阿勒泰")
WASHINGTON = _term("Washington", "place", "Вашингтон", "ۋاشىنگتون", "Вашингтон", "华盛顿")
KAZAKHSTAN = _term("Kazakhstan", "place", "Қазақстан", "قازاقىستان", "Казахстан", "哈萨克斯坦")
GLOSSARY = Glossary((SAYRAGUL, ALTAY, WASHINGTON, KAZAKHSTAN))
MATCHER = Matcher(GLOSSARY)
SOURCE = "Sayragul Sauytbay fled in 2018."


def _judge(target: str, lang: str, source: str = SOURCE) -> Verification:
    return verify(source, target, lang, GLOSSARY, MATCHER)


def _left(found: Verification) -> list[tuple[str, tuple[int, int] | None]]:
    return [(flag.severity, flag.span) for flag in found.flags if flag.check == "term-leftover"]


@pytest.mark.parametrize(
    ("before", "name", "behind"),
    [
        ("", "萨萨依拉古丽·沙吾提巴依乌特拜", "于2018年出逃。"),
        ("", "萨依拉古丽·沙吾提巴依特拜", "于2018年出逃。"),
        ("她叫", "赛拉萨依拉古丽·沙吾提巴依", "。"),
        ("她叫", "萨依拉古丽·沙吾提巴依萨乌特拜", "。"),
        ("她叫", "萨拉古尔·萨依拉古丽·沙吾提巴依", "。"),
        ("她叫", "薩萨依拉古丽·沙吾提巴依烏特拜", "。"),  # the old spelling was in traditional characters
    ],
)
def test_a_chinese_name_within_another_spelling_of_it_is_stopped(before: str, name: str, behind: str) -> None:
    found = _judge(before + name + behind, "zh")
    assert _left(found) == [("error", (len(before), len(before) + len(name)))]
    assert not found.ok


@pytest.mark.parametrize(
    ("source", "target"),
    [
        (SOURCE, "萨依拉古丽·沙吾提巴依于2018年出逃。"),
        (SOURCE, "哈萨克斯坦人萨依拉古丽·沙吾提巴依不得不出逃。"),
        (SOURCE, "迈克·蓬佩奥会见了萨依拉古丽·沙吾提巴依、古尔孜拉。"),
        ("She went from Altay to Kazakhstan.", "她从阿勒泰哈萨克斯坦口岸离开。"),
        ("in Altay", "在阿勒泰特克斯路"),
        ("in Washington", "在华盛顿特区"),
        ("in Washington", "在华盛顿东北部"),
    ],
)
def test_other_words_beside_a_chinese_name_are_left_alone(source: str, target: str) -> None:
    found = _judge(target, "zh", source)
    assert found.ok
    assert not _left(found)


def test_one_character_left_over_is_doubted_where_it_seldom_is_a_word() -> None:
    assert _left(_judge("她叫萨萨依拉古丽·沙吾提巴依。", "zh")) == [("warning", (2, 14))]
    assert not _left(_judge("就是说萨依拉古丽·沙吾提巴依比他早。", "zh"))


def test_a_term_of_one_line_is_a_name_where_it_has_a_capital() -> None:
    for name, ok in (("Ghulja", False), ("ghulja", True)):
        glossary = adhoc({name: "伊宁"}, "zh")
        assert verify(f"in {name}", "在古伊宁尔贾", "zh", glossary, Matcher(glossary)).ok is ok


@pytest.mark.parametrize(
    ("lang", "target", "mended"),
    [
        ("ru", "Сара-Сайрагуль Сауытбай бежала.", "Сайрагуль Сауытбай бежала."),
        ("ru", "Сайра·Сайрагуль Сауытбай бежала.", "Сайрагуль Сауытбай бежала."),
        ("ru", "Сайрагуль Сауытбай-Саутбай бежала.", "Сайрагуль Сауытбай бежала."),
        ("kk", "Сайра-Сайрагүл Сауытбай қашты.", "Сайрагүл Сауытбай қашты."),
        ("kk", "Сара Сайрагүл Сауытбай қашты.", "Сайрагүл Сауытбай қашты."),
        ("ru", "Сара Сайрагуль Сауытбай бежала.", "Сайрагуль Сауытбай бежала."),
        ("ru", "В 2018 году Сара Сайрагуль Сауытбай бежала.", "В 2018 году Сайрагуль Сауытбай бежала."),
        ("ru", "Тогда Сайрагуль Сауытбай Саутбаева бежала.", "Тогда Сайрагуль Сауытбай бежала."),
        ("ug", "سايرا-سايراگۈل ساۋۇتباي قاچتى.", "سايراگۈل ساۋۇتباي قاچتى."),
        ("zh", "萨萨依拉古丽·沙吾提巴依乌特拜逃走了。", "萨依拉古丽·沙吾提巴依逃走了。"),
    ],
)
def test_what_is_left_beside_a_name_is_cut_off(lang: str, target: str, mended: str) -> None:
    assert not _judge(target, lang).ok
    (done,) = enforce([(SOURCE, target)], lang, GLOSSARY, MATCHER)
    assert done.passed
    assert done.text == mended


@pytest.mark.parametrize(
    ("lang", "target"),
    [
        ("ru", "экс-сотрудница Сайрагуль Сауытбай-старшая бежала."),
        ("ru", "Вашингтон-Сити — не Алтай-Таван"),
        ("kk", "Вашингтон-Балтимор аймағы"),
    ],
)
def test_honest_hyphens_are_left_alone(lang: str, target: str) -> None:
    assert not _left(_judge(target, lang, "Sayragul Sauytbay left Washington for Altay."))


@pytest.mark.parametrize(
    ("source", "lang", "target"),
    [
        ("Sara Sayragul Sauytbay fled.", "ru", "Сара Сайрагуль Сауытбай бежала."),
        (SOURCE, "ru", "Казашка Сайрагуль Сауытбай бежала."),
        (SOURCE, "kk", "Сонда Сайрагүл Сауытбай қашты."),
        (SOURCE, "ru", "Сара, Сайрагуль Сауытбай, бежала."),
        ("in Altay", "ru", "Алта Алтай"),
    ],
)
def test_honest_words_beside_a_name_are_left_alone(source: str, lang: str, target: str) -> None:
    assert not _left(_judge(target, lang, source))


@pytest.mark.parametrize(
    "name",
    ["Токтар", "Сайра Даут", "Ван И"],
)
def test_a_word_that_opens_a_sentence_is_no_piece_of_a_name_by_its_capital(name: str) -> None:
    glossary = Glossary((Term("one", "Someone", type="person", targets=(Target("ru", (name,)),)),))
    for frame in ("Тогда {} ушёл.", "Ушёл. Даже {} ушёл.", "Он и {} Ишимов"):
        found = verify("Someone went away with them.", frame.format(name), "ru", glossary, Matcher(glossary))
        assert not _left(found)


@pytest.mark.parametrize(
    "spelt",
    [
        "萨拉古尔·萨乌特拜",
        "萨伊拉古尔·萨乌伊特拜",
        "赛拉古尔·索伊特贝",
        "萨依拉古尔·萨乌特巴依",
        "萨依拉古尔萨乌特拜",
    ],
)
@pytest.mark.parametrize("frame", ["{}于2018年出逃。", "她叫{}，是教师。", "人们和{}在一起。", "说{}不在。"])
def test_a_name_spelt_otherwise_is_replaced_as_a_whole(spelt: str, frame: str) -> None:
    (done,) = enforce([(SOURCE, frame.format(spelt))], "zh", GLOSSARY, MATCHER)
    assert done.passed
    assert done.text == frame.format("萨依拉古丽·沙吾提巴依")


@pytest.mark.parametrize(
    ("english", "rendering", "wrong"),
    [
        ("Tursunay Ziyawudun", "图尔逊娜依·孜尧登", "图尔逊娜依·孜尧汗"),
        ("Kairat Samarkan", "凯拉特·萨马尔罕", "沙吾拉特·沙马格特"),
        ("Aiman Umarova", "艾曼·乌玛罗娃", "艾曼·奥玛罗娃"),
    ],
)
def test_no_end_of_a_misheard_name_is_left(english: str, rendering: str, wrong: str) -> None:
    glossary = Glossary((Term("one", english, type="person", targets=(Target("zh", (rendering,)),)),))
    for frame in ("{}最早来到这里。", "您听到过{}或别人吗？", "与{}、其他人"):
        pair = f"{english} was there.", frame.format(wrong)
        (done,) = enforce([pair], "zh", glossary, Matcher(glossary))
        assert done.passed
        assert done.text == frame.format(rendering)


def test_characters_of_foreign_names_beside_a_person_are_doubted_whatever_their_sound() -> None:
    found = _judge("库姆萨依拉古丽·沙吾提巴依出逃。", "zh")
    assert found.ok
    assert _left(found) == [("warning", (0, 13))]
    assert not _left(_judge("她在华盛顿瓦西拉。", "zh", "in Washington"))


@pytest.mark.parametrize(
    ("target", "mended"),
    [
        ("世界维吾尔代表大会代表大会说", "世界维吾尔代表大会说"),
        ("世界维吾世界维吾尔代表大会说", "世界维吾尔代表大会说"),
        ("世界维吾尔代表大会（世界维吾尔代表大会）说", "世界维吾尔代表大会说"),
    ],
)
def test_a_doubled_piece_of_a_chinese_term_is_stopped_and_cut_off(target: str, mended: str) -> None:
    glossary = adhoc({"World Uyghur Congress": "世界维吾尔代表大会"}, "zh")
    source, matcher = "the World Uyghur Congress said", Matcher(glossary)
    assert not verify(source, target, "zh", glossary, matcher).ok
    (done,) = enforce([(source, target)], "zh", glossary, matcher)
    assert done.passed
    assert done.text == mended


def test_another_word_that_begins_like_the_end_of_a_chinese_term_is_left_alone() -> None:
    glossary = adhoc({"Shanghai University": "上海大学"}, "zh")
    assert verify("at Shanghai University", "上海大学大学生", "zh", glossary, Matcher(glossary)).ok


@pytest.mark.parametrize(
    ("source", "target", "terms", "mended"),
    [
        (
            "in a concentration camp",
            "был в концлагере лагере",
            {"concentration camp": "концлагерь"},
            "был в концлагере",
        ),
        (
            "in the autonomous region",
            "в автономном районе районе",
            {"autonomous region": "автономный район"},
            "в автономном районе",
        ),
        (
            "He left Ghulja.",
            "Он уехал из Кульджи, из Кульджи.",
            {"Ghulja": "Кульджа"},
            "Он уехал из Кульджи.",
        ),
    ],
)
def test_a_doubled_word_of_a_term_is_cut_off(
    source: str, target: str, terms: dict[str, str], mended: str
) -> None:
    glossary = adhoc(terms, "ru")
    (done,) = enforce([(source, target)], "ru", glossary, Matcher(glossary))
    assert done.passed
    assert done.text == mended


@given(
    st.text(alphabet="萨拉古尔乌特拜·的说在，。 Sa-", max_size=12),
    st.text(alphabet="萨乌特拜的·，。 1", max_size=8),
)
@settings(max_examples=60, deadline=None)
def test_any_neighbours_get_an_answer_whose_span_holds_the_name(before: str, behind: str) -> None:
    name = "萨依拉古丽·沙吾提巴依"
    text = before + name + behind
    for severity, span in _left(_judge(text, "zh")):
        assert severity in ("error", "warning")
        assert span is not None
        assert name in text[slice(*span)]
        assert text[slice(*span)] != name
