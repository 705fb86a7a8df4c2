"""Scores: known answers, agreement with sacreBLEU, intervals, and tests between systems."""

from __future__ import annotations

import pytest
from sacrebleu.metrics.bleu import BLEU
from sacrebleu.metrics.chrf import CHRF
from sacrebleu.metrics.ter import TER

from corpora.errors import UsageError
from pipeline.quality.comparison import compare
from pipeline.quality.metrics import METRICS, interval, score, segment_scores

REFERENCES = {
    "kk": [
        "Мұғалім таңертең мектепке келді.",
        "Ол бізге екі кітап берді.",
        "Кеше қатты жаңбыр жауды.",
        "Балалар аулада ойнап жүр.",
    ],
    "ug": [
        "مۇئەللىم ئەتىگەندە مەكتەپكە كەلدى.",
        "ئۇ بىزگە ئىككى كىتاب بەردى.",
        "تۈنۈگۈن قاتتىق يامغۇر ياغدى.",
        "بالىلار ھويلىدا ئويناۋاتىدۇ؟",
    ],
    "ru": [
        "Учитель пришёл в школу утром.",
        "Он дал нам две книги.",
        "Вчера шёл сильный дождь.",
        "Дети играют во дворе.",
    ],
    "zh": ["老师早上来到学校。", "他给了我们两本书。", "昨天下了大雨。", "孩子们在院子里玩耍。"],
}


def spoilt(lang: str) -> list[str]:
    """The references, each without its second word (in Chinese: its second character), the last one empty."""
    texts = REFERENCES[lang]
    if lang == "zh":
        shorter = [text[:1] + text[2:] for text in texts]
    else:
        shorter = [" ".join([*text.split()[:1], *text.split()[2:]]) for text in texts]
    return [*shorter[:-1], ""]


@pytest.mark.parametrize("lang", sorted(REFERENCES))
def test_a_perfect_translation_scores_full_marks(lang: str) -> None:
    found = score(REFERENCES[lang], REFERENCES[lang], lang)
    assert list(found) == list(METRICS)
    assert found["chrf"].score == pytest.approx(100)
    assert found["bleu"].score == pytest.approx(100)
    assert found["ter"].score == 0
    assert found["chrf"].ci == pytest.approx((100, 100))


@pytest.mark.parametrize("lang", sorted(REFERENCES))
def test_scores_and_signatures_are_those_of_sacrebleu(lang: str) -> None:
    asian = lang == "zh"
    peers = {
        "chrf": CHRF(word_order=2),
        "bleu": BLEU(tokenize="zh" if asian else "13a", force=True),
        "ter": TER(asian_support=asian, normalized=asian),
    }
    hypotheses, references = [*spoilt(lang)[:-1], REFERENCES[lang][-1]], REFERENCES[lang]
    for name, ours in score(hypotheses, references, lang).items():
        theirs = peers[name].corpus_score(hypotheses, [references], n_bootstrap=1000)
        assert ours.score == pytest.approx(theirs.score)
        assert ours.signature == str(peers[name].get_signature())
        assert ours.ci is not None
        low, high = ours.ci
        assert (high - low) / 2 == pytest.approx(theirs._ci, abs=1e-3)
        assert low <= ours.score <= high


def test_chinese_is_cut_into_characters_and_nothing_else_is() -> None:
    assert "tok:zh" in score(["好"], ["好"], "zh-Hans")["bleu"].signature
    assert "tok:13a" in score(["да"], ["да"], "ru")["bleu"].signature
    assert "nw:2" in score(["好"], ["好"], "zh")["chrf"].signature


def test_a_single_segment_has_no_interval() -> None:
    assert all(
        found.ci is None for found in score(["Он дал нам книгу."], ["Он дал нам две книги."], "ru").values()
    )


def test_spelling_of_unicode_does_not_matter() -> None:
    composed, apart = "\u0439" * 8, "\u0438\u0306" * 8
    assert score([apart], [composed], "ru")["chrf"].score == pytest.approx(100)


def test_empty_lines_are_scored_not_skipped() -> None:
    found = score(["", "Он дал нам две книги."], ["Вчера шёл дождь.", "Он дал нам две книги."], "ru")
    assert 0 < found["chrf"].score < 100
    assert score([""], ["текст"], "ru")["ter"].score == 100
    assert score(["", ""], ["", ""], "zh")["ter"].score == 0


def test_files_that_do_not_line_up_are_refused() -> None:
    with pytest.raises(UsageError, match="2 hypotheses but 1 references"):
        score(["а", "б"], ["а"], "ru")
    with pytest.raises(UsageError, match="nothing to score"):
        score([], [], "ru")
    with pytest.raises(UsageError, match=r"unknown metric 'meteor'\. Use one of: chrf, bleu, ter"):
        score(["а"], ["а"], "ru", ["meteor"])


def test_each_segment_has_its_own_score() -> None:
    found = segment_scores(spoilt("ru"), REFERENCES["ru"], "ru")
    assert len(found) == 4
    assert found[-1] == 0 < min(found[:-1])


def test_the_interval_holds_the_middle_of_the_values() -> None:
    assert interval([float(value) for value in range(1000)]) == (25.0, 974.0)


def test_a_system_is_not_better_than_itself() -> None:
    for found in compare(spoilt("kk"), spoilt("kk"), REFERENCES["kk"], "kk", trials=200).values():
        assert found.difference == 0
        assert found.p_value == 1
        assert not found.significant


def test_a_clear_difference_is_significant_and_chance_is_not() -> None:
    references = [f"{text} {k}" for k in range(8) for text in REFERENCES["ru"]]
    bad = [" ".join(text.split()[::-1][:3]) for text in references]
    clear = compare(bad, references, references, "ru", trials=500)
    assert clear["chrf"].significant
    assert clear["chrf"].difference > 0 > clear["ter"].difference
    assert clear["chrf"].ci is not None
    assert clear["chrf"].ci[0] > 0
    # the same faults, on other segments
    first = [bad[k] if k % 2 else text for k, text in enumerate(references)]
    second = [text if k % 2 else bad[k] for k, text in enumerate(references)]
    assert not compare(first, second, references, "ru", ["chrf"], trials=500)["chrf"].significant


def test_the_comparison_is_the_same_every_time_and_needs_the_same_segments() -> None:
    again = [compare(spoilt("zh"), REFERENCES["zh"], REFERENCES["zh"], "zh", trials=100) for _ in range(2)]
    assert again[0] == again[1]
    with pytest.raises(UsageError, match="1 and 2 segments"):
        compare(["а"], ["а", "б"], ["а"], "ru")
    assert compare(["а"], ["б"], ["а"], "ru", ["bleu"])["bleu"].p_value is None
