"""Right translations of testimony and news raise no false alarm; wrong ones of the same kind do."""

from __future__ import annotations

import pytest

from pipeline.quality.checks import check


def _found(source: str, target: str, lang: str) -> dict[str, str]:
    """Return check -> severity of the flags, the gravest kept, information left out."""
    flags = reversed(check(source, target, lang))
    return {flag.check: flag.severity for flag in flags if flag.severity != "info"}


@pytest.mark.parametrize(
    ("lang", "source", "target"),
    [
        ("zh", "The interpreter asked me: “Do you understand?”", "翻译问我：“你明白吗？”"),
        ("zh", "The translator said: “Sign here.”", "翻译说：“在这里签字。”"),
        ("zh", "This is my interpreter.", "这是我的翻译。"),
        (
            "ru",
            "The money transfer took two days: banks were closed.",
            "Перевод занял два дня: банки не работали.",
        ),
        ("ru", "Transfer: 500 yuan", "Перевод: 500 юаней"),
        ("kk", "Here comes the interpreter.", "Міне, аудармашы келді."),
        ("kk", "Warning: the road is closed.", "Ескерту: жол жабық."),
        ("ru", "Comment: the figures are from 2019.", "Примечание: данные за 2019 год."),
        ("ug", "Explanation: he was never tried.", "ئىزاھات: ئۇ سوتلانمىغان."),
    ],
)
def test_interpreters_transfers_and_remarks_are_no_chatter(lang: str, source: str, target: str) -> None:
    assert _found(source, target, lang) == {}


@pytest.mark.parametrize(
    ("lang", "source", "target"),
    [
        ("zh", "Sorry, I can't answer that question.", "对不起，我不能回答这个问题。"),
        ("ru", "Sorry, I can't answer that question.", "Извините, я не могу ответить на этот вопрос."),
        ("kk", "Sorry, I can't answer that question.", "Кешіріңіз, мен бұл сұраққа жауап бере алмаймын."),
        ("ug", "Sorry, I can't answer that question.", "كەچۈرۈڭ، مەن بۇ سوئالغا جاۋاب بېرەلمەيمەن."),
        ("kk", "Sorry, I can't come today.", "Кешіріңіз, мен бүгін келе алмаймын."),
        ("ru", "Sorry, I can't take you there.", "Извините, я не могу отвезти вас туда."),
        ("zh", "I cannot answer this question.", "我无法回答这个问题。"),
    ],
)
def test_a_witness_who_cannot_answer_is_no_refusal(lang: str, source: str, target: str) -> None:
    assert _found(source, target, lang) == {}


@pytest.mark.parametrize(
    ("lang", "target"),
    [
        ("zh", "你好，这个问题我暂时无法回答，让我们换个话题再聊聊吧。"),
        ("zh", "我无法回答这个问题。"),
        ("ru", "Я не могу выполнить этот запрос."),
        ("kk", "Өкінішке орай, мен бұл сұрауды орындай алмаймын."),
        ("ug", "كەچۈرۈڭ، مەن بۇ تېكىستنى تەرجىمە قىلالمايمەن."),
    ],
)
def test_a_refusal_is_an_error_and_a_warning_where_the_source_is_sorry(lang: str, target: str) -> None:
    assert _found("The guards beat him every day and he cried.", target, lang).get("refusal") == "error"
    assert _found("I cannot forget how they beat him.", target, lang).get("refusal") == "warning"


@pytest.mark.parametrize(
    ("lang", "target"),
    [
        ("zh", "译文：看守每天打他，他哭了。"),
        ("zh", "翻译如下：看守每天打他，他哭了。"),
        ("ru", "Перевод на русский язык: Охранники каждый день били его, и он плакал."),
        ("kk", "Қазақша аудармасы: Күзетшілер оны күн сайын ұрды, ол жылады."),
        ("ug", "تەرجىمە: قاراۋۇللار ئۇنى ھەر كۈنى ئۇردى، ئۇ يىغلىدى."),
    ],
)
def test_an_announced_translation_is_chatter(lang: str, target: str) -> None:
    assert _found("The guards beat him every day and he cried.", target, lang).get("chatter") == "error"
