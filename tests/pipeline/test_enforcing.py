"""Lines of several sentences, and Chinese in the characters of its glossary, through `terjiman enforce`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from glossary.chinese_script import SIMPLIFIED, conversion_to_script_of, telling
from glossary.enforcement import Lexicon
from glossary.matching import Matcher
from glossary.termbase import adhoc
from glossary.verification import verify
from models.encoders import LateEncoder
from pipeline.cli.enforce import app
from pipeline.enforcing import enforce_lines

SOURCE = (
    "The Exchange Fund grew last year. It rained all day in the hills. The Audit Commission wrote a report."
)


def _lexicon(terms: dict[str, str], lang: str) -> Lexicon:
    glossary = adhoc(dict(terms), lang)
    return Lexicon(glossary, Matcher(glossary))


@pytest.mark.parametrize(
    ("renderings", "texts", "conversion"),
    [
        (["外匯基金", "審計署"], ["外汇基金去年增长。"], "s2tw"),
        (["外汇基金", "审计署"], ["外匯基金去年增長。"], SIMPLIFIED),
        (["外匯基金"], ["外匯基金去年增長。"], ""),
        (["北京", "上海"], ["外汇基金去年增长。"], ""),
        (["乾隆"], ["乾隆是清朝的皇帝,统治了很长时间。"], ""),
        (["外匯基金"], [""], ""),
    ],
)
def test_text_takes_the_script_of_a_glossary_that_shows_it(
    renderings: list[str], texts: list[str], conversion: str
) -> None:
    assert conversion_to_script_of(renderings, texts) == conversion


@settings(deadline=None, max_examples=50)
@given(st.text(max_size=40))
def test_any_text_has_a_script_or_none(text: str) -> None:
    assert telling([text]).script in ("", "Hans", "Hant")


def test_traditional_glossary_through_the_command(tmp_path: Path) -> None:
    (tmp_path / "en").write_text("The Exchange Fund grew.\nNothing happened to this country.\n")
    (tmp_path / "zh").write_text("外汇基金增长了。\n这个国家没有发生什么。\n")
    rows = [{"terms": {"Exchange Fund": "外匯基金"}}, {"terms": {"country": "國家"}}]
    (tmp_path / "terms").write_text("".join(json.dumps(row) + "\n" for row in rows))
    out = tmp_path / "out"
    told = CliRunner().invoke(
        app,
        [
            *(str(tmp_path / "en"), str(tmp_path / "zh"), "--to", "zh", "--no-meaning", "-o", str(out)),
            *("--terms-per-line", str(tmp_path / "terms")),
        ],
    )
    assert told.exit_code == 0, told.output
    assert out.read_text() == "外匯基金增長了。\n這個國家沒有發生什麼。\n"
    assert "traditional characters" in told.stderr


def test_terms_are_mended_in_their_own_sentences() -> None:
    text = "外汇资金去年增长了。山里下了一整天的雨。审计委员会写了一份报告。"
    lexicon = _lexicon({"Exchange Fund": "外汇基金", "Audit Commission": "审计署"}, "zh")
    (one,) = enforce_lines([(SOURCE, text)], "zh", [lexicon], None, LateEncoder())
    first, second, third = one.text.rstrip("。").split("。")
    assert "外汇基金" in first
    assert "审计署" in third
    assert second == "山里下了一整天的雨"
    assert one.passed
    assert {use.rung for use in one.terms} == {4}
    for use in one.terms:
        assert use.span is not None
        assert one.text[slice(*use.span)] == use.form


def test_a_sentence_left_out_is_flagged_and_nothing_else_is_touched() -> None:
    text = "外汇基金去年增长了。山里下了一整天的雨。"
    lexicon = _lexicon({"Exchange Fund": "外汇基金", "Audit Commission": "审计署"}, "zh")
    (one,) = enforce_lines([(SOURCE, text)], "zh", [lexicon], None, LateEncoder())
    assert one.text == text
    assert not one.passed
    assert [use.verdict for use in one.terms] == ["passed", "failed"]


@pytest.mark.parametrize(
    ("source", "terms", "text", "expected"),
    [
        (
            "The asset quality of retail banks deteriorates.",
            {"asset quality": "资产质素"},
            "零售银行的资产质量有所下降。",
            "零售银行的资产质素有所下降。",
        ),
        (
            "Volatility in global financial markets grew.",
            {"global financial markets": "环球金融市场"},
            "全球金融市场波动加剧。",
            "环球金融市场波动加剧。",
        ),
        (
            "It reflects weak domestic demand.",
            {"domestic demand": "本地需求"},
            "反映了国内需求疲软。",
            "反映了本地需求疲软。",
        ),
    ],
)
def test_no_half_of_a_chinese_word_is_left_beside_a_term(
    source: str, terms: dict[str, str], text: str, expected: str
) -> None:
    (one,) = enforce_lines([(source, text)], "zh", [_lexicon(terms, "zh")], None, LateEncoder())
    assert (one.text, one.passed) == (expected, True)


@pytest.mark.parametrize("lang", ["kk", "ug", "ru", "zh"])
def test_the_verifier_agrees_and_true_lines_stay(lang: str) -> None:
    name = {"kk": "Құлжа", "ug": "غۇلجا", "ru": "Кульджа", "zh": "伊宁"}[lang]
    lexicon = _lexicon({"Ghulja": name}, lang)
    source = "She lives in Ghulja. It is cold there."
    for text in (f"{name}. 1 2 3.", "x. y.", ""):
        (one,) = enforce_lines([(source, text)], lang, [lexicon], None, LateEncoder())
        assert one.passed == verify(source, one.text, lang, lexicon.glossary, lexicon.matcher).ok
        if verify(source, text, lang, lexicon.glossary, lexicon.matcher).ok:
            assert one.text == text
            assert one.rung == 0
