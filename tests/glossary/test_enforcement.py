"""The ladder, rung by rung, with an engine that answers by script; the verifier has the last word."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from corpora.protocols import EngineInfo
from corpora.records import Flag, Hypothesis, Request
from glossary.enforcement import Lexicon, enforce, enforce_each, translate
from glossary.matching import Matcher
from glossary.termbase import Glossary, adhoc
from glossary.terms import Target, Term
from glossary.verification import verify

LANGS = ("kk", "ug", "ru", "zh")
Answer = str | list[tuple[str, float]]


@dataclass
class Scripted:
    """An engine that answers by a function of the request and keeps the batches it was asked."""

    answer: Callable[[Request], Answer]
    abilities: frozenset[str] = frozenset()
    batches: list[list[Request]] = field(default_factory=list)

    @property
    def info(self) -> EngineInfo:
        return EngineInfo("scripted", "0", (), 512, self.abilities)

    def translate(self, batch: Sequence[Request]) -> list[list[Hypothesis]]:
        self.batches.append(list(batch))
        return [self._hypotheses(self.answer(request)) for request in batch]

    @staticmethod
    def _hypotheses(answer: Answer) -> list[Hypothesis]:
        pairs = [(answer, 0.0)] if isinstance(answer, str) else answer
        return [Hypothesis(text, score) for text, score in pairs]


def _term(en: str, kind: str, *texts: str, gender: str = "", forbidden: str = "") -> Term:
    targets = tuple(
        Target(lang, (text,), forbidden=(forbidden,) if forbidden and lang == "ru" else ())
        for lang, text in zip(LANGS, texts, strict=True)
    )
    return Term(en.lower(), en, type=kind, gender=gender, targets=targets)


GLOSSARY = Glossary(
    (
        _term("Ghulja", "place", "Құлжа", "غۇلجا", "Кульджа", "伊宁"),
        _term("Kashgar", "place", "Қашқар", "قەشقەر", "Кашгар", "喀什"),
        _term("Bilash", "person", "Білаш", "بىلاش", "Билаш", "比拉什", gender="m"),
        _term("Sauytbay", "person", "Сауытбай", "ساۋۇتباي", "Сауытбай", "沙吾提拜", gender="f"),
        _term("Xinjiang", "place", "Шыңжаң", "شىنجاڭ", "Синьцзян", "新疆"),
        _term(
            "East Turkestan",
            "place",
            "Шығыс Түркістан",
            "شەرقىي تۈركىستان",
            "Восточный Туркестан",
            "东突厥斯坦",
            forbidden="Синьцзян",
        ),
    )
)
MATCHER = Matcher(GLOSSARY)


def _mend(source: str, target: str, lang: str) -> tuple[str, bool, int]:
    (done,) = enforce([(source, target)], lang, GLOSSARY, MATCHER)
    return done.text, done.passed, done.rung


def test_a_true_translation_is_left_alone() -> None:
    engine = Scripted(lambda request: "Құлжаға барды", frozenset({"terms", "n-best", "prefix"}))
    (done,) = translate(["went to Ghulja"], "kk", engine, GLOSSARY, MATCHER)
    assert (done.text, done.rung, done.passed) == ("Құлжаға барды", 0, True)
    assert [(use.form, use.rung, use.verdict) for use in done.terms] == [("Құлжаға", 0, "passed")]
    assert len(engine.batches) == 1


def test_the_first_batch_is_plain_and_whole() -> None:
    engine = Scripted(lambda request: "бос", frozenset({"terms", "n-best", "prefix"}))
    segments = ["to Ghulja", "no name here", "to Kashgar"]
    done = translate(segments, "kk", engine, GLOSSARY, MATCHER)
    assert engine.batches[0] == [Request(segment, "kk") for segment in segments]
    assert [one.passed for one in done] == [False, True, False]
    assert done[1].text == "бос"
    assert all(request.text != "no name here" for batch in engine.batches[1:] for request in batch)


def test_rung_1_takes_the_most_probable_true_answer() -> None:
    def answer(request: Request) -> Answer:
        if request.terms:
            answers: Answer = [("Қытайға", -0.1), ("Құлжаға барған", -0.3), ("Құлжаға", -0.9)]
            return answers[: request.n_best]
        return "бос"

    engine = Scripted(answer, frozenset({"terms", "n-best"}))
    (done,) = translate(["to Ghulja"], "kk", engine, GLOSSARY, MATCHER)
    assert (done.text, done.rung) == ("Құлжаға барған", 1)
    named, several = (batch[0] for batch in engine.batches[1:])
    assert named.terms == several.terms == (("Ghulja", "Құлжа"),)
    assert named.n_best == 1 < several.n_best


def test_rung_2_forces_a_form_and_lets_the_model_finish() -> None:
    def answer(request: Request) -> Answer:
        if request.prefix.endswith("Құлжаға"):
            return [(f"{request.prefix} кешке жетті", -0.2)]
        return [(f"{request.prefix} бір сөз" if request.prefix else "Кеше Қашқарға жетті", -1.0)]

    engine = Scripted(answer, frozenset({"prefix"}))
    (done,) = translate(["They reached Ghulja yesterday"], "kk", engine, GLOSSARY, MATCHER)
    assert (done.text, done.rung, done.passed) == ("Кеше Құлжаға кешке жетті", 2, True)
    assert all(request.prefix.startswith("Кеше Құлжа") for request in engine.batches[1])


@pytest.mark.parametrize(
    ("lang", "known", "text", "expected"),
    [
        ("kk", "Мәскеуге", "Ол Мәскеуге барды", "Ол Құлжаға барды"),
        ("ug", "موسكۋاغا", "ئۇ موسكۋاغا باردى", "ئۇ غۇلجىغا باردى"),
        ("ru", "Москву", "Она поехала в Москву", "Она поехала в Кульджу"),
        ("ru", "Москве", "Она живёт в Москве", "Она живёт в Кульдже"),
        ("zh", "莫斯科", "她去了莫斯科", "她去了伊宁"),
    ],
)
def test_rung_3_reads_the_case_off_a_known_name(lang: str, known: str, text: str, expected: str) -> None:
    engine = Scripted(lambda request: text if "Moscow" in request.text else "…", frozenset({"n-best"}))
    (done,) = translate(["She went to Ghulja"], lang, engine, GLOSSARY, MATCHER)
    assert (done.text, done.rung, done.passed) == (expected, 3, True)


@pytest.mark.parametrize(
    ("lang", "source", "target", "expected"),
    [
        ("kk", "She went to Ghulja.", "Ол Гулжаға барды.", "Ол Құлжаға барды."),
        ("kk", "She lives in Ghulja.", "Ол Ghulja-да тұрады.", "Ол Құлжада тұрады."),
        ("kk", "They live in Ghulja.", "Олар Ghulja тұрады.", "Олар Құлжада тұрады."),
        ("kk", "Ghulja's mosque", "Ghulja мешіті", "Құлжаның мешіті"),
        ("kk", "in Ghulja city", "Ghulja қаласында", "Құлжа қаласында"),
        ("kk", "Bilash spoke with Sauytbay.", "Билаш Саутбаймен сөйлесті.", "Білаш Сауытбаймен сөйлесті."),
        ("kk", "from East Turkestan", "Шығыс Туркестаннан", "Шығыс Түркістаннан"),
        ("ru", "She went to Ghulja.", "Она поехала в Гульджу.", "Она поехала в Кульджу."),
        ("ru", "He saw Bilash.", "Он видел Биляша.", "Он видел Билаша."),
        ("ru", "He saw Sauytbay.", "Он видел Саутбая.", "Он видел Сауытбай."),
        ("ru", "He lives in East Turkestan.", "Он живёт в Синьцзяне.", "Он живёт в Восточном Туркестане."),
        ("ru", "He lives in Ghulja", "Он живёт в Ghulja", "Он живёт в Кульдже"),
        ("ug", "She went to Ghulja.", "ئۇ گۇلجىغا باردى.", "ئۇ غۇلجىغا باردى."),
        ("zh", "She went to Ghulja.", "她去了Ghulja。", "她去了伊宁。"),
        ("zh", "He lives in East Turkestan", "他住在东土耳其斯坦", "他住在东突厥斯坦"),
    ],
)
def test_rung_4_replaces_in_place_and_keeps_the_case(
    lang: str, source: str, target: str, expected: str
) -> None:
    assert _mend(source, target, lang) == (expected, True, 4)


def test_rung_4_mends_several_terms_and_says_which() -> None:
    source = "Bilash went from Kashgar to Ghulja."
    (done,) = enforce([(source, "Билаш поехал из Кашгара в Гульджу.")], "ru", GLOSSARY, MATCHER)
    assert done.text == "Билаш поехал из Кашгара в Кульджу."
    assert [use.rung for use in done.terms] == [0, 0, 4]
    assert [use.form for use in done.terms] == ["Билаш", "Кашгара", "Кульджу"]


def test_a_misspelt_name_beside_the_right_one_is_respelt() -> None:
    text, passed, _ = _mend("She left Ghulja.", "Ол Құлжадан ерте шықты да Құлджадан кетті.", "kk")
    assert (text, passed) == ("Ол Құлжадан ерте шықты да Құлжадан кетті.", True)


def test_rung_4_keeps_agreement() -> None:
    glossary = adhoc({"pane": "область", "type": "вид"}, "ru")
    pairs = [("open the new pane of this type", "откройте новую панель этого типа")]
    # both words sound like what stands for them, so no sense of meaning is needed
    (done,) = enforce_each(pairs, "ru", [Lexicon(glossary, Matcher(glossary))])
    assert (done.text, done.passed) == ("откройте новую область этого вида", True)


def test_rung_5_stops_what_cannot_be_mended() -> None:
    text, passed, rung = _mend("She went to Ghulja.", "Ол үйіне кетті.", "kk")
    assert (text, passed, rung) == ("Ол үйіне кетті.", False, 5)
    (done,) = enforce([("She went to Ghulja.", "Ол үйіне кетті.")], "kk", GLOSSARY, MATCHER)
    assert [(flag.check, flag.severity) for flag in done.flags] == [("term-missing", "error")]
    assert [(use.verdict, use.rung, use.form) for use in done.terms] == [("failed", 5, None)]


def test_a_model_helps_where_the_text_at_hand_cannot_be_mended() -> None:
    engine = Scripted(lambda request: "Ол Құлжаға барды.", frozenset({"terms"}))
    (done,) = enforce([("She went to Ghulja.", "Ол кетті.")], "kk", GLOSSARY, MATCHER, engine)
    assert (done.text, done.rung, done.passed) == ("Ол Құлжаға барды.", 1, True)


def test_flags_of_the_engine_stay_with_its_text() -> None:
    class Doubting(Scripted):
        def translate(self, batch: Sequence[Request]) -> list[list[Hypothesis]]:
            doubt = Flag("length-limit", "error", "cut")
            return [[Hypothesis("Құлжаға", 0.0, flags=(doubt,))] for _ in batch]

    (done,) = translate(["to Ghulja"], "kk", Doubting(lambda request: ""), GLOSSARY, MATCHER)
    assert not done.passed
    assert [flag.check for flag in done.flags] == ["length-limit"]


class Letters:
    """An encoder for tests: a text is the sum of vectors that its meaning was given by hand."""

    name = "letters"
    digest = "0"
    _senses = (("pane", "панель", "область"), ("open", "откройте"), ("left", "слева"))

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        rows = [
            [1.0 if any(w in text.lower() for w in sense) else 0.05 for sense in self._senses]
            for text in texts
        ]
        made = np.array(rows, dtype=np.float32)
        made /= np.linalg.norm(made, axis=1, keepdims=True)
        return made


def test_meaning_finds_what_sound_cannot() -> None:
    glossary = adhoc({"pane": "область"}, "ru")
    pairs = [("open the pane on the left", "откройте панель слева")]
    (done,) = enforce_each(pairs, "ru", [Lexicon(glossary, Matcher(glossary))], None, Letters())
    assert (done.text, done.passed, done.rung) == ("откройте область слева", True, 4)


class United:
    """An encoder for tests to which one word of a long name already means the acronym."""

    name = "united"
    digest = "0"

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        means = [text in ("UN", "ООН", "Организация") for text in texts]
        return np.array([[1.0, 0.0] if one else [0.0, 1.0] for one in means], dtype=np.float32)


@pytest.mark.parametrize(
    ("target", "mended"),
    [
        ("Организация Объединённых Наций рассказала", "ООН рассказала"),
        ("Так сказала Организация Объединённых Наций.", "Так сказала ООН."),
        ("Сегодня Организация рассказала", ""),
    ],
)
def test_no_words_of_a_long_name_are_left_beside_its_acronym(target: str, mended: str) -> None:
    glossary = Glossary((Term("un", "UN", type="organisation", targets=(Target("ru", ("ООН",)),)),))
    pairs = [("the UN told", target)]
    (done,) = enforce_each(pairs, "ru", [Lexicon(glossary, Matcher(glossary))], None, United())
    assert done.passed is bool(mended)
    assert not mended or done.text == mended


class Lengths:
    """An encoder for tests to which a longer Chinese phrase always means more of what the English says."""

    name = "lengths"
    digest = "0"

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        angles = np.array([0.0 if text.isascii() else 1.0 / len(text) for text in texts])
        return np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)


@pytest.mark.parametrize(
    ("target", "mended"),
    [
        ("她到哈萨克。", "她到哈萨克斯坦。"),
        ("她在哈萨克的家。", "她在哈萨克斯坦的家。"),
        ("她從哈萨克和蒙古來。", "她從哈萨克斯坦和蒙古來。"),
    ],
)
@pytest.mark.parametrize("kind", ["place", ""])
def test_a_wider_place_takes_in_no_small_words(target: str, mended: str, kind: str) -> None:
    glossary = Glossary((Term("kz", "Kazakhstan", type=kind, targets=(Target("zh", ("哈萨克斯坦",)),)),))
    pairs = [("in Kazakhstan", target)]
    (done,) = enforce_each(pairs, "zh", [Lexicon(glossary, Matcher(glossary))], None, Lengths())
    assert (done.text, done.passed) == (mended, True)


def test_the_name_of_a_person_in_chinese_is_not_widened() -> None:
    glossary = Glossary((Term("b", "Bilash", type="person", targets=(Target("zh", ("赛尔克坚·比拉什",)),)),))
    (done,) = enforce_each(
        [("with Bilash", "他与比拉什一起来。")], "zh", [Lexicon(glossary, Matcher(glossary))], None, Lengths()
    )
    assert (done.text, done.passed) == ("他与赛尔克坚·比拉什一起来。", True)


@pytest.mark.parametrize(
    ("lang", "source", "target", "mended"),
    [
        ("ru", "She went to Ghulja.", "Она поехала в Ghulja.", "Она поехала в Кульджу."),
        ("ru", "She lives in Ghulja.", "Она живёт в Ghulja.", "Она живёт в Кульдже."),
        ("ru", "Bilash's book", "Книга Bilash", "Книга Билаша"),
        ("ru", "the mayor of Ghulja", "мэр Ghulja", "мэр Кульджи"),
        ("ru", "a book by Bilash", "написано Bilash", "написано Билашем"),
        ("ug", "Bilash's book", "Bilash نىڭ كىتابى", "بىلاشنىڭ كىتابى"),
    ],
)
def test_the_english_tells_the_case_where_nothing_else_does(
    lang: str, source: str, target: str, mended: str
) -> None:
    (done,) = enforce([(source, target)], lang, GLOSSARY, MATCHER)
    assert (done.text, done.passed) == (mended, True)


@pytest.mark.parametrize(
    ("lang", "source", "target", "mended"),
    [
        ("ru", "Bilash's wife spoke.", "Жена Билаша говорила.", "Жена Серикжана Билаша говорила."),
        ("ru", "They gave it to Bilash.", "Они дали это Билашу.", "Они дали это Серикжану Билашу."),
        ("ru", "They spoke with Bilash.", "Говорили с Билашом.", "Говорили с Серикжаном Билашем."),
        ("kk", "They saw Bilash.", "Олар Біләшны көрді.", "Олар Серікжан Біләшті көрді."),
        ("kk", "They saw Bilash.", "Олар Серікжан Біләшны көрді.", "Олар Серікжан Біләшті көрді."),
        ("kk", "They told Bilash.", "Олар Біләшға айтты.", "Олар Серікжан Біләшке айтты."),
    ],
)
def test_a_surname_gives_its_case_to_the_full_name(lang: str, source: str, target: str, mended: str) -> None:
    full = {"ru": "Серикжан Билаш", "kk": "Серікжан Біләш"}
    targets = tuple(Target(code, (text,)) for code, text in full.items())
    term = Term("b", "Serikzhan Bilash", ("Bilash",), type="person", gender="m", targets=targets)
    glossary = Glossary((term,))
    (done,) = enforce([(source, target)], lang, glossary, Matcher(glossary))
    assert (done.text, done.passed) == (mended, True)


names = st.sampled_from(
    ["Гулжа", "Гулжаға", "Ghulja", "Кашгарда", "Құлжаның", "бару", "үшін", "және", ".", "«", "»", ","]
)


@settings(max_examples=80, deadline=None)
@given(
    st.lists(names, max_size=8),
    st.sampled_from(["to Ghulja", "Ghulja and Kashgar", "Ghulja, Ghulja", "nothing"]),
)
def test_ladder_and_verifier_never_disagree(words: list[str], source: str) -> None:
    text = " ".join(words)
    (done,) = enforce([(source, text)], "kk", GLOSSARY, MATCHER)
    assert done.passed == verify(source, done.text, "kk", GLOSSARY, MATCHER).ok
    assert (done.rung == 5) == (not done.passed)
    again = enforce([(source, text)], "kk", GLOSSARY, MATCHER)
    assert again == [done]
    if verify(source, text, "kk", GLOSSARY, MATCHER).ok:
        assert done.text == text
