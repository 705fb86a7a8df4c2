"""What a chat model says around its translation is shown; a translation is left alone."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.engines.cleaning import clean

SOURCE = "The camp was closed in the summer."
CLEAN = {
    "kk": "Лагерь жазда жабылды, ал қызметкерлер үйлеріне қайтты.",
    "ug": "لاگېر يازدا تاقالدى، خىزمەتچىلەر ئۆيلىرىگە قايتتى.",
    "ru": "Лагерь закрыли летом, и сотрудники вернулись домой.",
    "zh": "该营地于夏天关闭，工作人员回家了。",
}
PREAMBLES = [
    "Here is the translation:",
    "Sure! Here's the Kazakh translation:",
    "Sure!",
    "**Translation:**",
    "译文：",
    "好的，以下是翻译：",
    "Перевод на русский язык:",
    "Конечно! Вот перевод:",
    "Аударма:",
    "Міне, аударма:",
    "تەرجىمىسى:",
    "ئەلۋەتتە، تۆۋەندە تەرجىمىسى:",
]
REFUSALS = [
    "I'm sorry, but I can't assist with that.",
    "I cannot translate this text.",
    "As an AI language model, I do not discuss politics.",
    "抱歉，我无法翻译这段内容。",
    "我无法提供相关内容的翻译。",
    "作为一个人工智能语言模型，我不能谈论这个话题。",
    "Извините, но я не могу перевести этот текст.",
    "Кешіріңіз, бірақ мен бұл мәтінді аудара алмаймын.",
    "كەچۈرۈڭ، مەن بۇ تېكىستنى تەرجىمە قىلىپ بېرەلمەيمەن، ياردەم قىلىشقا بولمايدۇ.",
]


def _checks(answer: str, source: str = SOURCE, lang: str = "kk", *, forced: bool = False) -> set[str]:
    return {flag.check for flag in clean(answer, source, lang, forced=forced).flags}


@pytest.mark.parametrize(("lang", "text"), CLEAN.items())
def test_a_clean_translation_is_left_alone(lang: str, text: str) -> None:
    cleaned = clean(text, SOURCE, lang)
    assert (cleaned.text, cleaned.flags) == (text, ())


@pytest.mark.parametrize("preamble", PREAMBLES)
@pytest.mark.parametrize("lang", CLEAN)
def test_a_preamble_on_a_line_of_its_own_is_taken_out_and_shown(preamble: str, lang: str) -> None:
    cleaned = clean(f"{preamble}\n\n{CLEAN[lang]}", SOURCE, lang)
    assert cleaned.text == CLEAN[lang]
    [flag] = cleaned.flags
    assert (flag.check, flag.severity) == ("chatter", "warning")
    assert preamble[:20] in flag.message


@pytest.mark.parametrize(
    "preamble", ["Here is the translation:", "译文：", "Перевод:", "Аударма:", "تەرجىمىسى:"]
)
def test_a_preamble_on_the_same_line_stays_and_is_an_error(preamble: str) -> None:
    answer = f"{preamble} {CLEAN['kk']}"
    cleaned = clean(answer, SOURCE, "kk")
    assert cleaned.text == answer
    assert ("chatter", "error") in [(flag.check, flag.severity) for flag in cleaned.flags]


@pytest.mark.parametrize(
    ("source", "answer", "lang"),
    [
        ("The translation: a short history.\nIt was long.", "Перевод:\nон был долгим.", "ru"),
        ("Sure!\nShe came.", "Конечно!\nОна пришла.", "ru"),
        ("Of course, he said.", "当然，他说。", "zh"),
        ("I cannot help them, she said.", "Я не могу помочь им, сказала она.", "ru"),
        ("Sorry, I can't answer that.", "抱歉，我无法回答。", "zh"),
        ("Note: the camp was closed.", "Ескерту: лагерь жабылды.", "kk"),
        ("“The camp was closed.”", "«Лагерь жабылды»", "kk"),
        ("Option 1 was refused.", "Вариант 1 отклонили.", "ru"),
        ("Use <think>this</think> tag.", "<think>это</think> — метка.", "ru"),
        ("Interpreter: Do you understand?", "翻译：你明白吗？", "zh"),
        ("Transfer: 500 yuan", "Перевод: 500 юаней", "ru"),
    ],
)
def test_what_the_source_says_itself_is_left_alone(source: str, answer: str, lang: str) -> None:
    cleaned = clean(answer, source, lang)
    assert (cleaned.text, cleaned.flags) == (answer, ())


@pytest.mark.parametrize(
    ("answer", "shown"),
    [
        ("<think>Kazakh… the camp.</think>\n\n{}", "thoughts"),
        ("the camp, so…</think>{}", "thoughts"),
        ("<think>\n\n</think>\n\n<answer>{}</answer>", "thoughts"),
        ("```\n{}\n```", "code fence"),
        ("```text\n{}\n```", "code fence"),
        ("Here is the translation:\n```\n{}\n```", "preamble"),
    ],
)
def test_scaffolding_is_taken_out_and_shown(answer: str, shown: str) -> None:
    cleaned = clean(answer.format(CLEAN["kk"]), SOURCE, "kk")
    assert cleaned.text == CLEAN["kk"]
    assert any(shown in flag.message for flag in cleaned.flags)
    assert all(flag.severity == "warning" for flag in cleaned.flags)


@pytest.mark.parametrize("refusal", REFUSALS)
def test_refusals_are_errors_in_five_languages(refusal: str) -> None:
    assert "refusal" in _checks(refusal)
    assert clean(refusal, SOURCE, "kk").text == refusal


@pytest.mark.parametrize(
    "tail",
    [
        "\n\nNote: “camp” may also mean a school.",
        "\n\n(Note: the tense is past.)",
        "\nПримечание: слово имеет два значения.",
        "\n注：这里指营地。",
        "\n\n**Explanation:** the verb is passive.",
        "\n\nЕскерту: бұл сөз көп мағыналы.",
        "\n\nئىزاھات: بۇ سۆز.",
    ],
)
def test_notes_stay_and_are_errors(tail: str) -> None:
    cleaned = clean(CLEAN["ru"] + tail, SOURCE, "ru")
    assert cleaned.text == CLEAN["ru"] + tail
    assert any(flag.check == "chatter" and flag.severity == "error" for flag in cleaned.flags)


@pytest.mark.parametrize(
    "answer",
    [
        f"1. {CLEAN['ru']}\n2. Лагерь был закрыт летом.",
        f"Вариант 1: {CLEAN['ru']}\nВариант 2: Лагерь был закрыт летом.",
        f"{SOURCE}\n{CLEAN['ru']}",
        f"{SOURCE} — {CLEAN['ru']}",
        f"«{CLEAN['ru']}»",
        f"{CLEAN['ru']}\nЛагерь был закрыт.",
        "<think>Лагерь… лето…",
        f"{CLEAN['ru']} ```",
    ],
)
def test_anything_unsure_stays_and_is_flagged(answer: str) -> None:
    cleaned = clean(answer, SOURCE, "ru")
    assert cleaned.text == answer
    assert "chatter" in {flag.check for flag in cleaned.flags}


@pytest.mark.parametrize("lang", CLEAN)
@pytest.mark.parametrize("written", [*CLEAN, "en"])
def test_the_wrong_language_is_an_error(lang: str, written: str) -> None:
    texts = CLEAN | {"en": SOURCE, "ru": CLEAN["ru"] + " Никто не пришёл за ними утром."}
    assert ("wrong-language" in _checks(texts[written], lang=lang)) == (lang != written)


def test_chinese_words_in_an_answer_in_kazakh_are_an_error() -> None:
    assert "wrong-language" in _checks("Лагерь жазда жабылды, қызметкерлер 回家了.")
    assert _checks("Лагерь 北京 жазда жабылды, солай.", "The camp (北京) was closed.") == set()
    assert _checks("NATO", "NATO") == set()
    assert "wrong-language" in _checks("夏にキャンプは閉鎖されました。", lang="zh")
    assert "wrong-language" in _checks("المخيم اغلق في الصيف والموظفون عادوا الى منازلهم بسرعة", lang="ug")


def test_nothing_is_taken_out_behind_a_forced_beginning() -> None:
    answer = f"Аударма:\n{CLEAN['kk']}"
    assert clean(answer, SOURCE, "kk", forced=True).text == answer
    assert "chatter" in _checks(answer, forced=True)
    assert clean("", SOURCE, "kk").flags == ()


_WORDS = {
    "kk": st.sampled_from(
        ["ол", "үйге", "кешке", "қайтты", "және", "хат", "жазды", "балалар", "ұзақ", "күтті"]
    ),
    "ug": st.sampled_from(
        ["ئۇ", "ئۆيگە", "كەچتە", "قايتتى", "ۋە", "خەت", "يازدى", "بالىلار", "ئۇزۇن", "كۈتتى"]
    ),
    "ru": st.sampled_from(
        ["она", "вернулась", "вечером", "домой", "и", "написала", "письмо", "дети", "долго", "ждали"]
    ),
    "zh": st.sampled_from(["她", "晚上", "回", "家", "写", "了", "信", "孩子", "们", "等", "很", "久"]),
}


@settings(deadline=None, max_examples=120)
@given(lang=st.sampled_from(sorted(_WORDS)), data=st.data())
def test_translations_pass_untouched_and_their_wrappings_come_off(lang: str, data: st.DataObject) -> None:
    words = data.draw(st.lists(_WORDS[lang], min_size=3, max_size=30))
    end = data.draw(st.sampled_from([".", "!", "?", "…", ""]))
    text = ("" if lang == "zh" else " ").join(words) + end
    text = text if lang != "kk" else text + " ғой"
    cleaned = clean(text, "She came home in the evening and the children waited.", lang)
    assert (cleaned.text, cleaned.flags) == (text, ())
    wrapped = data.draw(
        st.sampled_from(["<think>a\nb</think>\n{}", "```\n{}\n```", *(f"{p}\n{{}}" for p in PREAMBLES)])
    )
    again = clean(wrapped.format(text), "She came home in the evening and the children waited.", lang)
    assert again.text == text
    assert [flag.check for flag in again.flags] == ["chatter"]


@settings(deadline=None, max_examples=200)
@given(answer=st.text(max_size=200), source=st.text(max_size=60), lang=st.sampled_from(sorted(CLEAN)))
def test_whatever_is_said_nothing_vanishes_without_a_flag(answer: str, source: str, lang: str) -> None:
    cleaned = clean(answer, source, lang)
    assert cleaned.text in answer
    assert cleaned.text == answer.strip() or cleaned.flags
