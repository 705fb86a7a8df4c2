"""Reference-free checks: each finds what it is for and leaves right translations alone."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from pipeline.quality.check_rules import NAMES, Limits, Rules
from pipeline.quality.checks import CHECKS, check
from pipeline.quality.checks.meaning import MEANING, meaning

SOURCE = (
    "My older brother was taken on 14 November 2017, one day before he was due to leave Ghulja for Almaty."
)
RIGHT = {
    "kk": "Ағамды 2017 жылғы 14 қарашада, Құлжадан Алматыға кетуіне бір күн қалғанда алып кетті.",
    "ug": "ئاكامنى 2017-يىلى 14-نويابىر كۈنى، غۇلجىدىن ئالمۇتاغا ماڭىدىغاندىن بىر كۈن بۇرۇن تۇتۇپ كەتتى.",
    "ru": "Моего старшего брата забрали 14 ноября 2017 года, за день до отъезда из Кульджи в Алматы.",
    "zh": "我哥哥在2017年11月14日被带走，就在他预定离开伊宁前往阿拉木图的前一天。",
}
OTHER = {
    "kk": "Содан бері одан хабар жоқ, оның әйелі мен үш баласы ауылда қалды, олар оны әлі күтіп жүр.",
    "ug": "شۇنىڭدىن بېرى ئۇنىڭدىن خەۋەر يوق، ئايالى بىلەن ئۈچ بالىسى يېزىدا قالدى، ئۇلار كۈتمەكتە.",
    "ru": "С тех пор о нём нет вестей, его жена и трое детей остались в деревне и каждый день ждут его.",
    "zh": "从那以后再也没有他的消息，他的妻子和三个孩子留在村里，至今仍在等他回家。",
}
LEFT_OUT = "Since then there has been no news of him; his wife and three children stayed in the village."
LANGS = sorted(RIGHT)


def _found(source: str, target: str, lang: str) -> dict[str, str]:
    """Return check -> severity of the flags, information left out."""
    flags = reversed(check(source, target, lang))  # the gravest last, so that it is kept
    return {flag.check: flag.severity for flag in flags if flag.severity != "info"}


@pytest.mark.parametrize("lang", LANGS)
def test_a_right_translation_has_no_flag(lang: str) -> None:
    assert _found(SOURCE, RIGHT[lang], lang) == {}


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("target", ["", "   ", "…", "«»", "。"])
def test_nothing_is_an_error(lang: str, target: str) -> None:
    assert _found(SOURCE, target, lang) == {"empty": "error"}


@pytest.mark.parametrize("lang", LANGS)
def test_the_source_again_is_an_error(lang: str) -> None:
    assert _found(SOURCE, SOURCE, lang) == {"copied-source": "error"}
    assert _found(SOURCE, f"{SOURCE[:-8]}…", lang).get("copied-source") == "error"


def test_a_name_may_stay_as_it_is() -> None:
    assert _found("BBC News", "BBC News", "ru") == {}
    assert _found("14:30", "14:30", "ug") == {}


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("other", [*LANGS, "en"])
def test_another_language_in_its_place_is_an_error(lang: str, other: str) -> None:
    if lang != other:
        target = SOURCE.replace("My", "Our") if other == "en" else RIGHT[other]
        assert "error" in _found(SOURCE, target, lang).values()


@pytest.mark.parametrize(
    ("lang", "target"),
    [
        ("ug", "أخذوا أخي الأكبر في 14 نوفمبر 2017 قبل يوم واحد من موعد سفره من غولجا إلى ألماتي."),
        ("ug", "برادر بزرگ مرا در ۱۴ نوامبر ۲۰۱۷ بردند، یک روز پیش از آن که از غولجه به آلماتی برود."),
        ("zh", "我哥哥在2017年11月14日被帶走，就在他預定離開伊寧前往阿拉木圖的前一天，我們沒有見過他。"),
        ("zh", "兄は2017年11月14日、グルジャからアルマトイへ出発する予定の前日に連れて行かれました。"),
        (
            "ru",
            "Мого старшого брата забрали 14 листопада 2017 року, за день до її виїзду до Алмати.",
        ),
        ("kk", "Моего брата забрали 14 ноября 2017 года."),
        ("ru", "Ағамды 2017 жылғы 14 қарашада алып кетті."),
    ],
)
def test_a_kindred_language_is_told_apart(lang: str, target: str) -> None:
    assert _found(SOURCE, target, lang).get("wrong-language") == "error"


def test_kazakh_in_other_scripts_is_an_error() -> None:
    assert _found("He came home.", "Ol üige keldi.", "kk").get("wrong-script") == "error"
    assert _found("He came home.", "ول ۇيگە كەلدى.", "kk").get("wrong-script") == "error"
    assert _found("He came home.", "У өйгә кәлди.", "ug").get("wrong-script") == "error"


def test_words_of_a_third_script_are_found() -> None:
    flags = check("Put the operator on the canvas.", "Поместите оператор из工具栏 на холст.", "ru")
    foreign = next(flag for flag in flags if flag.check == "foreign-letters")
    assert foreign.severity == "error"
    assert "工具栏" in foreign.message


def test_look_alike_letters_are_found_and_acronyms_are_not() -> None:
    assert "mixed-letters" in _found("Kazakhstan is here.", "Қaзақстан осында тұр.", "kk")
    assert "mixed-letters" not in _found("He told the BBC this.", "Ол мұны BBCге айтты.", "kk")
    assert "mixed-letters" in _found("He came home.", "ئۇ ئۆیىگە كەلدى.", "ug")


@pytest.mark.parametrize(
    ("lang", "unit"),
    [("kk", "лагерьге апарды, "), ("ug", "لاگېرغا ئاپاردى، "), ("ru", "в лагерь, "), ("zh", "被送进，")],
)
@pytest.mark.parametrize("times", [4, 70])
def test_a_loop_is_an_error(lang: str, unit: str, times: int) -> None:
    flags = check(SOURCE, RIGHT[lang][:40] + unit * times, lang)
    loop = next(flag for flag in flags if flag.check == "repetition")
    assert loop.severity == "error"
    assert loop.span is not None


@pytest.mark.parametrize(
    ("source", "target", "lang"),
    [
        (
            "Never, never, never again, they said.",
            "Ешқашан, ешқашан, ешқашан қайталанбасын, деді олар.",
            "kk",
        ),
        ("He read it again.", "Ол оны қайта-қайта оқыды.", "kk"),
        ("Every one of them left.", "ئۇلار بىر-بىرلەپ كەتتى، بىر بىرى.", "ug"),
        ("Look at this.", "看看这个，看看。", "zh"),
        ("They won 1-0 and 1-0 again.", "他们以1-0获胜，又以1-0获胜。", "zh"),
        ("Very, very good.", "Очень, очень хорошо.", "ru"),
    ],
)
def test_doubled_words_of_the_language_are_no_loop(source: str, target: str, lang: str) -> None:
    assert "repetition" not in _found(source, target, lang)


@pytest.mark.parametrize("lang", LANGS)
def test_half_a_translation_is_found(lang: str) -> None:
    found = _found(
        f"{SOURCE} His bags were packed, and his visa was valid for ninety days.", RIGHT[lang][:30], lang
    )
    assert "error" in found.values()


def test_a_lost_full_stop_alone_is_no_warning() -> None:
    assert _found("He came home in the evening.", "Вечером он пришёл к себе домой", "ru") == {}


def test_a_sentence_left_out_is_found() -> None:
    source = "He left for Kazakhstan on a tourist visa. He never came back to his village in the mountains."
    assert "length" in _found(source, "Он уехал в Казахстан по туристической визе.", "ru")
    merged = "Он уехал в Казахстан по обычной туристической визе на тридцать дней."
    assert "omitted" in _found(source, merged, "ru")


@pytest.mark.parametrize(
    ("lang", "target"),
    [
        ("kk", "Міне, қазақша аударма: Ағамды алып кетті."),
        ("ru", "Вот перевод: Моего брата забрали."),
        ("zh", "以下是翻译：我哥哥被带走了。"),
        ("ug", "تەرجىمىسى: ئاكامنى تۇتۇپ كەتتى."),
        ("ru", "Here is the translation: Моего брата забрали."),
        ("ru", "Моего брата забрали.</s>"),
        ("kk", "Ағамды алып кетті.<|im_end|>"),
    ],
)
def test_a_model_that_talks_is_an_error(lang: str, target: str) -> None:
    assert _found("My brother was taken.", target, lang).get("chatter") == "error"


@pytest.mark.parametrize(
    ("lang", "target"),
    [
        ("zh", "抱歉，我无法翻译这段内容。"),
        ("ru", "As an AI language model, I cannot translate this."),
        ("ru", "Извините, я не могу перевести этот текст."),
        ("kk", "Кешіріңіз, мен бұл мәтінді аудара алмаймын."),
        ("ug", "كەچۈرۈڭ، مەن بۇنى تەرجىمە قىلالمايمەن، ياردەم قىلىشقا ئالمايمەن."),
    ],
)
def test_a_refusal_is_an_error(lang: str, target: str) -> None:
    assert _found("My brother was taken.", target, lang).get("refusal") == "error"


def test_of_course_is_no_chatter() -> None:
    assert "chatter" not in _found("Of course he came home.", "Конечно, он пришёл домой.", "ru")
    assert "refusal" not in _found("I am sorry that he left.", "Мне жаль, что он ушёл.", "ru")


@pytest.mark.parametrize("lang", LANGS)
def test_english_left_in_is_found(lang: str) -> None:
    target = f"{RIGHT[lang][:25]} one day before he was due {RIGHT[lang][25:]}"
    assert _found(SOURCE, target, lang).get("untranslated") == "error"


def test_names_and_originals_in_brackets_may_stay_latin() -> None:
    target = "Организация Human Rights Watch (an independent group) сообщила об этом."
    assert "untranslated" not in _found(
        "Human Rights Watch, an independent group, reported it.", target, "ru"
    )
    flags = check("Reported by Serikzhan Bilash.", "Об этом сообщил Serikzhan Bilash.", "ru")
    assert [flag.severity for flag in flags if flag.check == "latin-name"] == ["info"]


def test_addresses_and_handles_stay() -> None:
    source = "Write to help@example.org or see https://example.org/a?b=1 and @helpers."
    assert (
        _found(source, "Пишите на help@example.org или см. https://example.org/a?b=1 и @helpers.", "ru") == {}
    )
    lost = _found(source, "Пишите на help@example.com или см. сайт и @helpers.", "ru")
    assert lost.get("verbatim") == "error"


def test_brackets_and_quotes_close() -> None:
    source = 'He (the guard) said: "Wait here."'
    assert _found(source, "Он (охранник) сказал: «Жди здесь».", "ru") == {}
    assert "brackets" in _found(source, "Он (охранник сказал: «Жди здесь».", "ru")
    assert "quotes" in _found(source, "Он (охранник) сказал: «Жди здесь.", "ru")
    assert _found(source, "他（守卫）说：“在这里等着。”", "zh") == {}
    assert "brackets" in _found("See it [here].", "请看《这里。", "zh")


@pytest.mark.parametrize(
    ("letter", "severity"),
    [("\u202e", "error"), ("\u200b", "warning"), ("\ufffd", "error"), ("\ue000", "error")],
)
def test_invisible_characters_are_found_with_their_place(letter: str, severity: str) -> None:
    flag = next(
        one for one in check("He came home.", f"Он пришёл{letter} домой.", "ru") if one.check == "invisible"
    )
    assert flag.severity == severity
    assert flag.span == (9, 10)


def test_zwnj_and_the_source_s_own_marks_are_allowed() -> None:
    assert "invisible" not in _found("He came home.", "ئۇ ئۆيىگە\u200c كەلدى.", "ug")
    assert "invisible" not in _found("He came\u200b home.", "Он пришёл\u200b домой.", "ru")


def test_percentages_and_currencies_stay() -> None:
    assert "sign" in _found("Some 40% of them left.", "Примерно 40 из них ушли.", "ru")
    assert "sign" not in _found("Some 40% of them left.", "Примерно 40 процентов ушли.", "ru")
    assert "sign" in _found("He paid $600 to the officer.", "ئۇ ئەمەلدارغا 600 بەردى.", "ug")
    assert "sign" not in _found("He paid 600 yuan to the officer.", "ئۇ ئەمەلدارغا 600 يۈەن بەردى.", "ug")


def test_negation_is_information_only() -> None:
    flags = check("He did not come home.", "Он пришёл домой.", "ru")
    assert [flag.severity for flag in flags if flag.check == "negation"] == ["info"]
    assert not check("He did not come home.", "Он не пришёл домой.", "ru")


@pytest.mark.parametrize(
    ("lang", "without", "with_"),
    [
        ("kk", "Олар 50 жүрді.", "Олар 50 шақырым жүрді."),
        ("ug", "ئۇلار 50 ماڭدى.", "ئۇلار 50 كىلومېتىر ماڭدى."),
        ("ru", "Они прошли 50.", "Они прошли 50 км."),
        ("zh", "他们走了50。", "他们走了50公里。"),
    ],
)
def test_units_stay_or_are_converted(lang: str, without: str, with_: str) -> None:
    assert _found("They walked 50 km.", without, lang).get("unit") == "warning"
    assert "unit" not in _found("They walked 50 km.", with_, lang)
    assert "unit" not in _found("They walked 31 miles.", with_, lang)
    assert "unit" not in _found("It cost £50m to build.", without, lang)


@pytest.mark.parametrize(
    ("lang", "kept", "lost"),
    [
        ("kk", "Мұны Серікжан Біләш айтты.", "Мұны ұйым жетекшісі айтты."),
        ("ug", "بۇنى سېرىكجان بىلاش ئېيتتى.", "بۇنى تەشكىلاتنىڭ باشلىقى ئېيتتى."),
        ("ru", "Об этом сказал Серикжан Билаш.", "Об этом сказал глава организации."),
        ("zh", "塞里克江·比拉什说了这句话。", "组织的领导人说了这句话。"),
    ],
)
def test_a_name_that_nothing_sounds_like_is_doubtful(lang: str, kept: str, lost: str) -> None:
    source = "This was said by Serikzhan Bilash."
    assert _found(source, lost, lang).get("name") == "warning"
    assert "name" not in _found(source, kept, lang)
    assert "name" not in _found(source, "Serikzhan Bilash", lang)


def test_names_of_common_words_are_not_sought() -> None:
    assert "name" not in _found("The White House and the Supreme Court.", "Ақ үй мен Жоғарғы сот.", "kk")


def test_a_sentence_too_many_is_found() -> None:
    source = "He left for Kazakhstan on a tourist visa in the spring."
    target = "Весной он уехал в Казахстан по туристической визе. С тех пор его там никто не видел."
    assert "added" in _found(source, target, "ru")


def test_rules_turn_off_weigh_and_move() -> None:
    source, target = "He came on 3 May 2018.", "Он пришёл 3 мая 2019 года."
    assert _found(source, target, "ru").get("number") == "error"
    off = check(source, target, "ru", rules=Rules(off=frozenset({"number"})))
    assert not [flag for flag in off if flag.check == "number"]
    milder = check(source, target, "ru", rules=Rules(severity={"number": "info"}))
    assert {flag.severity for flag in milder if flag.check == "number"} == {"info"}
    strict = Limits(short=-0.1, very_short=-0.2, long=0.1, very_long=0.2)
    assert "length" in {flag.check for flag in check(SOURCE, RIGHT["ru"], "ru", rules=Rules(limits=strict))}


def test_the_list_of_checks_is_complete() -> None:
    assert {*CHECKS, MEANING} == set(NAMES)
    assert len(NAMES) == len(set(NAMES))


class _Letters:
    """An encoder for tests: a text is the letters in it."""

    name = digest = "letters"

    def encode(self, texts: Sequence[str]) -> NDArray[np.floating[Any]]:
        counts = [[1 + text.count(letter) for letter in "abcdefghij"] for text in texts]
        rows: NDArray[np.floating[Any]] = np.array(counts, np.float64)
        rows /= np.linalg.norm(rows, axis=1, keepdims=True)
        return rows


def test_a_translation_of_another_line_strays() -> None:
    lines = [letter * 20 for letter in "abcdefghij"]
    assert not any(meaning(lines, lines, _Letters()))
    strayed = [*lines[:4], lines[7], *lines[5:]]
    flags = meaning(lines, strayed, _Letters())
    assert [i for i, one in enumerate(flags) if one] == [4]
    assert flags[4][0].check == MEANING
    assert not any(meaning(lines, strayed, _Letters(), Rules(off=frozenset({MEANING}))))
    assert not any(meaning(lines[:5], strayed[:5], _Letters())), "too few lines to tell"


def test_huge_numbers_are_read() -> None:
    assert "number" in _found(f"He owes {'9' * 40}50 coins.", "Он должен монеты.", "ru")
    assert isinstance(check("hundred " * 40, "сто " * 40, "ru"), list)


def test_checks_can_be_skipped() -> None:
    assert all(flag.check != "empty" for flag in check(SOURCE, "", "ru", skip=["empty"]))
    assert all(
        flag.check != "number" for flag in check(SOURCE, "Моего брата забрали.", "ru", skip=["number"])
    )


@settings(deadline=None, max_examples=200)
@given(st.text(max_size=60), st.text(max_size=60), st.sampled_from([*LANGS, "en", "fr"]))
def test_any_text_is_checked_and_every_span_lies_in_the_target(source: str, target: str, lang: str) -> None:
    length = len(unicodedata.normalize("NFC", target))
    for flag in check(source, target, lang):
        assert flag.check in CHECKS
        assert flag.message
        if flag.span is not None:
            assert 0 <= flag.span[0] <= flag.span[1] <= length


@pytest.mark.parametrize(
    "unit", ["two hundred and ", "1,", "A", "a@", "a.b-", "(a ", "www.", "1984 ", "«", "20 miles ", "百"]
)
def test_a_hostile_line_ends(unit: str) -> None:
    line = unit * (20_000 // len(unit))
    assert isinstance(check(line, f"я{line}", "ru"), list)


@pytest.mark.parametrize(
    ("target", "lang"),
    [
        ("Бул кат ал үчүн абдан маанилүү болуп эсептелет жана биз аны күтөбүз.", "kk"),
        ("Това писмо е много важно за нея, че ние го чакаме от много години.", "ru"),
    ],
)
def test_a_kindred_language_is_a_warning_at_least(target: str, lang: str) -> None:
    assert _found("This letter is very important for her, and we wait for it.", target, lang).get(
        "wrong-language"
    )


@pytest.mark.parametrize(
    ("target", "severity"),
    [
        ("Он шёл домой" + " аяаяаяаяаяаяаяаяаяаяая" * 1, "error"),
        ("Он шёл домойййййй", "warning"),
        ("Он шёл домой " + "ห" * 30, "error"),
        ("Он шёл домой " + "(" * 40, "error"),
        ("Он шёл домой " + "лалалалалала", "warning"),
    ],
)
def test_a_stutter_within_a_word_is_found(target: str, severity: str) -> None:
    flags = [flag for flag in check("He walked home.", target, "ru") if flag.check == "repetition"]
    assert [flag.severity for flag in flags] == [severity]
    assert flags[0].span is not None
    assert flags[0].span[0] >= 8


@pytest.mark.parametrize("lang", LANGS)
def test_a_long_paragraph_said_twice_is_a_loop(lang: str) -> None:
    unit = f"{RIGHT[lang]} {OTHER[lang]} "
    assert len(unit.split()) > 24 or lang == "zh"
    source = f"{SOURCE} {LEFT_OUT} His bags were packed, and nobody in the house had slept that night."
    flags = [flag for flag in check(source, unit * 2, lang) if flag.check == "repetition"]
    assert [flag.severity for flag in flags] == ["error"]
    assert flags[0].span == (0, len((unit * 2).rstrip(" .。")))


def test_a_row_of_figures_in_the_source_excuses_no_loop() -> None:
    source = "The figures are 1 1 1 1 1 1 1 1 for the whole of the year, and they were told to the court."
    target = "Цифры 1 1 1 1 1 1 1 1 за весь год " + "были сообщены суду за весь год " * 4
    assert _found(source, target, "ru").get("repetition") == "error"
    assert "repetition" not in _found("Never again! " * 5, "Никогда больше! " * 5, "ru")


def test_a_label_left_in_english_is_doubted_and_a_name_is_not() -> None:
    assert _found("Start Date Type", "Start Date Type", "ru") == {"copied-source": "warning"}
    assert _found("Human Resources", "Human Resources", "zh") == {"copied-source": "warning"}
    assert _found("Almaty", "Almaty", "ru") == {}
    assert _found("Deutsche Welle", "Deutsche Welle", "kk") == {}


def test_labels_of_programs_and_offices_are_no_names() -> None:
    assert "name" not in _found(
        "Click Edit Details in Manage Cash Pools.", "Нажмите «Изменить» в пулах.", "ru"
    )
    assert "name" not in _found("The Exchange Fund of Hong Kong grew.", "香港的外汇基金有所增长。", "zh")


def test_a_quotation_left_out_is_found() -> None:
    source = '"He was quiet," she said of her brother who had gone. "He was never a boastful man," she added.'
    assert "omitted" in _found(source, "“他很安静，”她这样谈到离去的哥哥。", "zh")


def test_a_year_may_be_told_as_the_last_one_or_with_gaps() -> None:
    source = "In 2017 the office opened its doors."
    assert _found(source, "办事处去年正式对外开放。", "zh").get("number") == "warning"
    assert _found(source, "Офис открылся в прошлом году.", "ru").get("number") == "warning"
    assert _found(source, "Офис открылся давным-давно.", "ru").get("number") == "error"
    assert _found(source, "办事处在2 0 1 7 年开业。", "zh").get("number") == "warning"


@pytest.mark.parametrize("text", ["يامغۇر ياغدى.", "قارغا ياغاچتا.", "ئۇ كەلدى.", "بالىلار مەكتەپتە."])
def test_a_short_uyghur_sentence_is_not_taken_for_arabic(text: str) -> None:
    assert "wrong-language" not in _found("It rained there.", text, "ug")
    assert _found("He went home from there.", "ذهب إلى البيت من هناك", "ug").get("wrong-language") == "error"


# where a flag points to, for each check that has a place: (check, lang, source, translation, words meant)
PLACES = [
    ("number", "kk", "He met 48 people.", "Ол 84 адамды кездестірді.", "84"),
    ("number", "ug", "He met 48 people.", "ئۇ ٨٤ ئادەم بىلەن كۆرۈشتى.", "٨٤"),
    ("date", "ru", "She left on Monday.", "Она уехала во вторник.", "вторник"),
    ("date", "zh", "She left on Monday.", "她星期二离开了。", "星期二"),
    ("brackets", "ug", "He (and she) left.", "ئۇ (ۋە ئايالى كەتتى.", "("),
    (
        "repetition",
        "zh",
        "They told him to go.",
        "他们叫他走叫他走叫他走叫他走。",
        "叫他走叫他走叫他走叫他走",
    ),
    (
        "untranslated",
        "kk",
        "She waited long.",
        "Ол waited long ago қатты күтті мен қайтты.",
        "waited long ago",
    ),
    ("foreign-letters", "zh", "We went to camp.", "我们夜里被带到лагерь。", "лагерь"),
    ("foreign-letters", "ru", "We went to camp.", "Нас ночью отвезли в 工具栏.", "工具栏"),
    ("mixed-letters", "kk", "We went to camp.", "Бізді лагерьгe апарды.", "лагерьгe"),
    ("mixed-letters", "ug", "He read it to her.", "ئۇ ئۇنىڭغا ئوقۇپ بەردی.", "ی"),
    ("verbatim", "ru", "See www.a.org now.", "Смотрите www.b.org сейчас.", "www.b.org"),
    ("invisible", "zh", "He left home.", "他离\u200b开了家。", "\u200b"),
    ("wrong-language", "zh", "He left home today.", "他今天離开了家。", "離"),
    ("chatter", "ru", "He left.", "Вот перевод: Он ушёл.", "Вот перевод"),
]


@pytest.mark.parametrize(("name", "lang", "source", "target", "words"), PLACES)
def test_a_flag_points_at_the_words_meant(name: str, lang: str, source: str, target: str, words: str) -> None:
    flags = [flag for flag in check(source, target, lang) if flag.check == name and flag.span]
    shown = [target[slice(*flag.span)] for flag in flags if flag.span]
    assert any(one.startswith(words) for one in shown), shown
