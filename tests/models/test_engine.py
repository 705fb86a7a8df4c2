"""The CTranslate2 engine on a real, tiny model with random weights."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from corpora.errors import MissingError, UsageError
from corpora.records import Hypothesis, Request
from models.engines import script
from models.engines.batching import Prompt, plan, prompt
from models.engines.ctranslate2_engine import Decoding, GeneratorEngine, digest
from models.engines.prompts import STARTER
from models.engines.splitting import split_long
from models.starter import engine as starter
from tests.models import tiny

SENTENCES = [
    "She left Almaty in June.",
    "The camp was closed.",
    "He wrote a letter; nobody answered.",
    "In 2017 they were detained.",
    "She left.",
    "Nobody answered his letter in June.",
    "They were closed in 2017.",
    "The two sisters left Almaty, nobody answered.",
    "Who?",
    "ABC, the camp.",
]


def _all(n_best: int = 1) -> list[Request]:
    return [Request(text, lang, n_best=n_best) for lang in ("kk", "ug", "ru", "zh") for text in SENTENCES]


def _checks(hypothesis: Hypothesis) -> list[str]:
    return [flag.check for flag in hypothesis.flags]


def test_every_request_is_answered_in_its_place(tiny_engine: GeneratorEngine) -> None:
    answers = tiny_engine.translate(_all())
    assert [len(found) for found in answers] == [1] * len(_all())
    assert all(found[0].score < 0 for found in answers)
    assert all(found[0].text or "empty-output" in _checks(found[0]) for found in answers)
    assert len({found[0].text for found in answers}) > len(SENTENCES)
    assert tiny_engine.translate([]) == []


def test_the_same_call_gives_the_same_bytes(tiny_engine: GeneratorEngine, tiny_model: Path) -> None:
    first = tiny_engine.translate(_all(3))
    assert tiny_engine.translate(_all(3)) == first
    assert tiny.engine(tiny_model).translate(_all(3)) == first


@settings(deadline=None, max_examples=15)
@given(seed=st.integers(0, 2**32), size=st.integers(1, 12))
def test_output_does_not_depend_on_the_batch(tiny_engine: GeneratorEngine, seed: int, size: int) -> None:
    requests = _all(2)
    whole = dict(zip(requests, tiny_engine.translate(requests), strict=True))
    some = random.Random(seed).sample(requests, size)
    assert tiny_engine.translate(some) == [whole[request] for request in some]


def test_without_the_filler_the_batch_would_matter(tiny_engine: GeneratorEngine) -> None:
    """The property above can fail: raw batches of mixed lengths give other scores, on most processors."""
    prompts = [tuple(tiny_engine._tokens(text, "ru", (), "")) for text in SENTENCES]
    raw = tiny_engine._model._model

    def scores(batch: list[tuple[str, ...]]) -> list[float]:
        results = raw.generate_batch(
            [list(tokens) for tokens in batch],
            include_prompt_in_result=False,
            return_scores=True,
            max_length=20,
        )
        return [result.scores[0] for result in results]

    together = scores(prompts)
    alone = [scores([tokens])[0] for tokens in prompts]
    assert together == pytest.approx(alone, abs=0.5)
    if together == alone:
        pytest.skip("on this processor the batch does not matter to the tiny model")


def test_n_best_is_distinct_and_best_first(tiny_engine: GeneratorEngine) -> None:
    for found in tiny_engine.translate(_all(4)):
        assert 1 <= len(found) <= 4
        assert len({hypothesis.text for hypothesis in found}) == len(found)
        scores = [hypothesis.score for hypothesis in found]
        assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize(
    ("lang", "prefix"),
    [("kk", "Ол маусымда Алматы"), ("ug", "لاگېر تاقال"), ("ru", "Он, "), ("zh", "2017年，")],
)
def test_output_begins_with_the_prefix(tiny_engine: GeneratorEngine, lang: str, prefix: str) -> None:
    [found] = tiny_engine.translate([Request(SENTENCES[0], lang, n_best=3, prefix=prefix)])
    assert found
    assert all(hypothesis.text.startswith(prefix.rstrip()) for hypothesis in found)
    assert any(len(hypothesis.text) > len(prefix) for hypothesis in found)


def test_scores_of_forced_words_can_be_compared(tiny_engine: GeneratorEngine) -> None:
    """What the model says by itself scores the same when it is forced; nonsense scores worse."""
    [[free]] = tiny_engine.translate([Request(SENTENCES[1], "ru")])
    forced = [
        tiny_engine.translate([Request(SENTENCES[1], "ru", prefix=prefix)])[0][0]
        for prefix in (free.text[:6], "他们被拘留 لاگېر")
    ]
    assert forced[0].score == pytest.approx(free.score, abs=1.0)
    assert forced[1].score < forced[0].score


def test_hints_stand_on_a_line_before_the_prompt(tiny_engine: GeneratorEngine) -> None:
    terms = (("Almaty", "Алматы"), ("the\ncamp", "лагерь"))
    assert STARTER.fill("She left\nAlmaty.", "kk", terms) == (
        "Almaty = Алматы; the camp = лагерь\nEnglish: She left Almaty.\nKazakh:"
    )
    assert STARTER.fill("Yes.", "zh") == "English: Yes.\nChinese:"
    with_terms = tiny_engine.translate([Request(SENTENCES[0], "kk", terms=terms)])
    assert with_terms != tiny_engine.translate([Request(SENTENCES[0], "kk")])


def test_hints_and_forced_words_leave_the_limit_alone(tiny_engine: GeneratorEngine) -> None:
    """They share batches of wider steps, and what they may say follows from the text."""
    terms = tuple((f"name {number}", "Алматы") for number in range(30))
    named = Request(SENTENCES[0], "kk", terms=terms[:1])
    (few,) = tiny_engine._pieces(named)
    (many,) = tiny_engine._pieces(replace(named, terms=terms))
    assert len(many.prompt.tokens) > 2 * len(few.prompt.tokens)
    assert many.prompt.limit == few.prompt.limit
    (plain,) = tiny_engine._pieces(Request(SENTENCES[0], "kk"))
    assert few.prompt.limit >= plain.prompt.limit - tiny_engine._decoding.step
    (forced,) = tiny_engine._pieces(replace(named, prefix="Алматы " * 40))
    assert forced.prompt.limit == few.prompt.limit
    step, floors = tiny_engine._decoding.step, tiny_engine._decoding.floors
    assert few.prompt.floor == len(few.prompt.tokens) // step * step < floors[0]
    assert many.prompt.floor == max(floor for floor in floors if floor <= len(many.prompt.tokens))


def _limits(engine: GeneratorEngine, *requests: Request) -> list[list[int]]:
    return [[piece.prompt.limit for piece in engine._pieces(request)] for request in requests]


def test_a_former_answer_tells_how_long_a_second_one_may_be(tiny_model: Path) -> None:
    decoding = replace(tiny.engine(tiny_model)._decoding, again={"kk": (24, 30)}, max_input=60)
    engine = tiny.engine(tiny_model, decoding)
    terms = (("Almaty", "Алматы"),)
    named = Request("She left Almaty in June. " * 2, "kk", terms=terms)
    size = len(engine._tokens(named.text, "kk", (), ""))
    short, long = ("Алматы " * count for count in (20, 90))
    assert 24 + 1.4 * engine._count(short) <= 128 < 24 + 1.4 * engine._count(long) < 24 + 30 * size
    limits = _limits(engine, named, replace(named, former=short), replace(named, former=long))
    ((free,), (least,), (middle,)) = limits
    assert least == 128 < middle < free
    assert 24 + 30 * size <= free < 2 * (24 + 30 * size)
    # what is forced is taken off, and longer than the former answer it takes off no more than all
    forced = replace(named, prefix=long, former=long)
    assert _limits(engine, forced, replace(forced, prefix=long * 2)) == [[128], [128]]
    # a plain request has no former answer, and pieces of a text have none of their own
    plain = Request(named.text, "kk")
    assert _limits(engine, plain) == _limits(engine, replace(plain, former=short))
    parts = replace(named, text=named.text * 8)
    assert len(engine._pieces(parts)) > 1
    assert _limits(engine, parts) == _limits(engine, replace(parts, former=short))


@settings(deadline=None, max_examples=10)
@given(seed=st.integers(0, 2**32), size=st.integers(1, 8))
def test_second_answers_do_not_depend_on_the_batch(tiny_model: Path, seed: int, size: int) -> None:
    decoding = tiny.engine(tiny_model)._decoding
    engine = tiny.engine(tiny_model, replace(decoding, again=dict.fromkeys(decoding.beams, (8, 2))))
    terms = tuple((word, "Алматы") for word in ("Almaty", "June", "camp"))
    formers = ("", "Алматы", "Алматы " * 40)
    requests = [
        Request(text, lang, n_best=2, terms=terms[: number % 4], former=formers[number % 3])
        for lang in ("kk", "ug", "ru", "zh")
        for number, text in enumerate(SENTENCES[:6], 1)
    ]
    whole = dict(zip(requests, engine.translate(requests), strict=True))
    some = random.Random(seed).sample(requests, size)
    assert engine.translate(some) == [whole[request] for request in some]


def test_answers_keep_to_their_own_script(tiny_engine: GeneratorEngine, tiny_model: Path) -> None:
    decoding = replace(tiny_engine._decoding, own_script=False)
    anything = tiny.engine(tiny_model, decoding).translate(_all())
    assert any(regex.search("[a-z]", found[0].text) for found in anything)
    assert not any(regex.search("[a-z]", found[0].text) for found in tiny_engine.translate(_all()))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Write to sara@example.org today", True),
        ("See https://example.org/a", True),
        ("see example.org.", True),
        ("as @sara wrote", True),
        ("She left Almaty.", False),
        ("He works for the U.N. or the BBC.", False),
        ("Nobody answered.He left.", False),
    ],
)
def test_addresses_call_for_latin_letters(text: str, wanted: bool) -> None:
    assert script.calls_for_latin(Request(text, "ru")) is wanted


def test_hints_and_prefixes_in_latin_letters_are_let_through() -> None:
    assert script.calls_for_latin(Request("x", "ru", prefix="Радио Azattyq"))
    assert script.calls_for_latin(Request("x", "ru", terms=(("Facebook", "Facebook"),)))
    assert not script.calls_for_latin(Request("x", "ru", prefix="В BBC", terms=(("UN", "ООН"),)))


def test_only_small_latin_letters_are_foreign() -> None:
    pieces = ["▁the", "é", "UN", "▁Ол", "<0x61>", "<eos>", "2017", "ئا", "中", "iPhone", "\n"]
    assert script.foreign(pieces) == ["iPhone", "é", "▁the"]


def test_a_long_text_is_split_and_flagged(tiny_engine: GeneratorEngine) -> None:
    text = "She left Almaty in June, and nobody answered his letter; they were detained in 2017, he wrote."
    long = " ".join([text] * 3)
    [[hypothesis]] = tiny_engine.translate([Request(long, "ru")])
    flag = next(flag for flag in hypothesis.flags if flag.check == "split-input")
    assert flag.severity == "warning"
    pieces = split_long(long, tiny_engine._count, tiny_engine.info.max_tokens)
    assert f"in {len(pieces)} pieces" in flag.message
    parts = [tiny_engine.translate([Request(piece, "ru")])[0][0].text for piece in pieces]
    assert hypothesis.text == " ".join(part for part in parts if part)
    [[chinese]] = tiny_engine.translate([Request(long, "zh")])
    parts = [tiny_engine.translate([Request(piece, "zh")])[0][0].text for piece in pieces]
    assert chinese.text == "".join(parts)


def test_hints_go_to_the_piece_that_needs_them(tiny_engine: GeneratorEngine) -> None:
    long = "She left Almaty in June, and nobody answered his letter; they were detained in 2017, he wrote."
    pieces = split_long(long, tiny_engine._count, tiny_engine.info.max_tokens)
    number = next(number for number, piece in enumerate(pieces) if "2017" in piece)
    assert number > 0
    terms = (("2017", "год"),)
    made = tiny_engine._pieces(Request(long, "ru", terms=terms))
    for place, piece in enumerate(pieces):
        hints = terms if place == number else ()
        assert made[place].prompt.tokens == tiny_engine._tokens(piece, "ru", hints, "")


def test_output_at_the_length_limit_is_flagged(tiny_model: Path) -> None:
    endless = Decoding(beams={"ru": 1}, lengths={"ru": (5, 0)}, max_input=24, ends=("<eos>",))
    [[hypothesis]] = tiny.engine(tiny_model, endless).translate([Request(SENTENCES[0], "ru")])
    assert [(flag.check, flag.severity) for flag in hypothesis.flags] == [("length-limit", "error")]


def test_what_nobody_sees_is_taken_out_of_answers(
    tiny_engine: GeneratorEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(GeneratorEngine, "_text", lambda *_: "Ол\u2028 Құл\0жада.\u202e")
    [[hypothesis]] = tiny_engine.translate([Request("He is in Ghulja.", "kk")])
    assert hypothesis.text == "Ол Құлжада."
    assert "invisible" in _checks(hypothesis)


def test_output_that_ends_by_itself_is_not_flagged(tiny_engine: GeneratorEngine) -> None:
    flags = [found[0].flags for found in tiny_engine.translate(_all())]
    assert () in flags
    assert {flag.check for some in flags for flag in some} <= {"length-limit", "empty-output", "invisible"}


@pytest.mark.parametrize("text", ["***", "1. 2. 3.", "—", "2017", "…", "٣٥"])
def test_a_text_without_letters_is_kept(tiny_engine: GeneratorEngine, text: str) -> None:
    [[hypothesis]] = tiny_engine.translate([Request(text, "kk")])
    assert hypothesis.text == text
    assert [(flag.check, flag.severity) for flag in hypothesis.flags] == [("no-letters", "info")]


def test_an_empty_text_is_an_empty_translation(tiny_engine: GeneratorEngine) -> None:
    assert tiny_engine.translate([Request(" \n", "ug")]) == [[Hypothesis(text="")]]


def test_a_language_the_model_does_not_write_is_refused(tiny_engine: GeneratorEngine) -> None:
    with pytest.raises(UsageError, match=r"does not translate into 'en', only into kk, ug, ru, zh"):
        tiny_engine.translate([Request("Yes.", "en")])
    with pytest.raises(UsageError, match="unknown language 'xx'"):
        tiny_engine.translate([Request("Yes.", "xx")])
    with pytest.raises(UsageError, match="n_best"):
        tiny_engine.translate([Request("Yes.", "ru", n_best=0)])


def test_a_broken_model_folder_is_one_clear_line(tmp_path: Path, tiny_model: Path) -> None:
    with pytest.raises(MissingError, match="tokenizer cannot be loaded"):
        tiny.engine_at(tmp_path)
    (tmp_path / "tokenizer.json").write_bytes((tiny_model / "tokenizer.json").read_bytes())
    with pytest.raises(MissingError, match="model cannot be loaded"):
        tiny.engine_at(tmp_path)


def test_everything_that_changes_output_changes_the_digest() -> None:
    one = starter.DECODING
    digests = [
        digest("weights", STARTER, one, "ctranslate2 4"),
        digest("others", STARTER, one, "ctranslate2 4"),
        digest("weights", replace(STARTER, answer=""), one, "ctranslate2 4"),
        digest("weights", STARTER, replace(one, beams={**one.beams, "kk": 7}), "ctranslate2 4"),
        digest("weights", STARTER, replace(one, max_input=9), "ctranslate2 4"),
        digest("weights", STARTER, one, "ctranslate2 5"),
    ]
    assert len(set(digests)) == len(digests)
    assert digest("weights", STARTER, one, "ctranslate2 4") == digests[0]


TOKENS = st.lists(st.sampled_from("abc"), min_size=2, max_size=40).map(tuple)


@settings(deadline=None, max_examples=80)
@given(
    made=st.lists(st.tuples(TOKENS, st.integers(1, 4), st.integers(1, 3)), max_size=30),
    budget=st.integers(1, 200),
    most=st.integers(1, 8),
    seed=st.integers(0, 99),
)
def test_a_plan_holds_each_prompt_once_and_depends_on_content_alone(
    made: list[tuple[tuple[str, ...], int, int]], budget: int, most: int, seed: int
) -> None:
    prompts = [prompt(tokens, beam=beam, n_best=n, length=(9, 2), step=8) for tokens, beam, n in made]
    batches = plan(prompts, budget=budget, most=most)
    flat: list[Prompt] = [one for batch in batches for one in batch]
    assert sorted(flat) == sorted(set(prompts))
    for batch in batches:
        assert len(batch) == 1 or len(batch) * batch[0].beam <= most
        assert len({(one.floor, one.beam, one.n_best, one.limit, one.latin) for one in batch}) == 1
        assert all(one.floor <= len(one.tokens) < one.floor + 8 and one.beam >= one.n_best for one in batch)
        cost = len(batch) * max(len(one.tokens) for one in batch) * batch[0].beam
        assert len(batch) == 1 or cost <= budget
    random.Random(seed).shuffle(prompts)
    assert plan(prompts, budget=budget, most=most) == batches


def _words(text: str) -> int:
    return (len(text) + 3) // 4


LONG = st.text(st.sampled_from(list("abc дұғ ئۇ 中文 ,.;،؛。，— \t\n-and")), max_size=200)


@settings(deadline=None, max_examples=150)
@given(text=LONG, limit=st.integers(1, 12))
def test_splitting_loses_nothing_and_keeps_the_limit(text: str, limit: int) -> None:
    pieces = split_long(text, _words, limit)
    assert "".join("".join(pieces).split()) == "".join(text.split())
    assert all(_words(piece) <= limit for piece in pieces)
    if _words(text) <= limit:
        assert pieces == [text]


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("He came home. She left for work", ["He came home.", "She left for work"]),
        ("he came home, early; she left, late", ["he came home, early;", "she left, late"]),
        ("he came home early, she left later", ["he came home early,", "she left later"]),
        ("he came home early and she left late", ["he came home early", "and she left late"]),
        ("他今天回家了，非常早。她离开了，很晚", ["他今天回家了，非常早。", "她离开了，很晚"]),
        ("ئۇ ئۆيگە كەلدى، ئۇ ماڭدى", ["ئۇ ئۆيگە كەلدى،", "ئۇ ماڭدى"]),
    ],
)
def test_the_best_boundary_is_taken(text: str, pieces: list[str]) -> None:
    assert split_long(text, len, len(text) - 1) == pieces
