"""Which rung is used when: by what an engine can do, and only where those below failed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpora.protocols import EngineInfo
from corpora.records import Flag, Hypothesis, Request
from glossary.enforcement import translate
from glossary.enforcement.state import Candidate, Lexicon, Tools
from glossary.matching import Matcher
from glossary.terms import Glossary, Target, Term
from glossary.verification import verify

ABILITIES = ("n-best", "prefix", "terms")
GLOSSARY = Glossary(
    tuple(
        Term(en.lower(), en, type="place", targets=tuple(Target(lang, (text,)) for lang, text in names))
        for en, names in (
            ("Ghulja", [("kk", "Құлжа"), ("ug", "غۇلجا"), ("ru", "Кульджа"), ("zh", "伊宁")]),
            ("Kashgar", [("kk", "Қашқар"), ("ug", "قەشقەر"), ("ru", "Кашгар"), ("zh", "喀什")]),
        )
    )
)
MATCHER = Matcher(GLOSSARY)


def kind(request: Request) -> str:
    """Return which rung a request belongs to, by what it asks."""
    if request.prefix:
        return "forced"
    if "Moscow" in request.text:
        return "stand-in"
    if request.n_best > 1:
        return "several, named" if request.terms else "several"
    return "named" if request.terms else "plain"


@dataclass
class Able:
    """An engine with some abilities that answers by kind of request and keeps what it was asked."""

    abilities: frozenset[str]
    answer: Callable[[Request], str]
    asked: list[Request] = field(default_factory=list)
    width: int = 1

    @property
    def info(self) -> EngineInfo:
        return EngineInfo("able", "0", (), 512, self.abilities, widths={"kk": self.width})

    def translate(self, batch: Sequence[Request]) -> list[list[Hypothesis]]:
        for request in batch:
            assert request.n_best == 1 or "n-best" in self.abilities
            assert not request.prefix or "prefix" in self.abilities
            assert not request.terms or "terms" in self.abilities
        self.asked += batch
        return [[Hypothesis(self.answer(request), -1.0)] for request in batch]

    def kinds(self) -> list[str]:
        """Return the kinds of request in the order they came, each once."""
        return list(dict.fromkeys(map(kind, self.asked)))


@pytest.mark.parametrize(
    ("abilities", "expected"),
    [
        ((), ["plain", "stand-in"]),
        (("prefix",), ["plain", "forced", "stand-in"]),
        (("n-best", "prefix"), ["plain", "several", "forced", "stand-in"]),
        (("terms",), ["plain", "named", "stand-in"]),
        (("prefix", "terms"), ["plain", "named", "forced", "stand-in"]),
        (ABILITIES, ["plain", "named", "several, named", "forced", "stand-in"]),
    ],
)
def test_every_rung_the_engine_can_serve_is_tried_cheapest_first(
    abilities: tuple[str, ...], expected: list[str]
) -> None:
    # a wrong place stands there to be forced, and nothing ever comes right
    engine = Able(frozenset(abilities), lambda _: "Ол кеше Қашқарға барды")
    broken = Able(frozenset(abilities), lambda _: "Ол кеше үйге барды")
    (done,) = translate(["She went to Ghulja yesterday"], "kk", engine, GLOSSARY, MATCHER)
    assert engine.kinds() == expected
    assert (done.text, done.rung, done.passed) == ("Ол кеше Құлжаға барды", 4, True)
    (stopped,) = translate(["She went to Ghulja yesterday"], "kk", broken, GLOSSARY, MATCHER)
    assert broken.kinds() == [one for one in expected if one != "forced"]
    assert (stopped.text, stopped.rung, stopped.passed) == ("Ол кеше үйге барды", 5, False)


RIGHT = {
    "named": 1,
    "several, named": 1,
    "forced": 2,
    "stand-in": 3,
}


@pytest.mark.parametrize("right", RIGHT)
def test_a_rung_is_tried_only_where_those_below_failed(right: str) -> None:
    def answer(request: Request) -> str:
        if kind(request) != right:
            return "Ол кеше Қашқарға барды"
        if right == "stand-in":
            return "Ол кеше Мәскеуге барды"
        return "Ол кеше Құлжаға барды"

    engine = Able(frozenset(ABILITIES), answer)
    source = "She went to Ghulja yesterday"
    (done,) = translate([source], "kk", engine, GLOSSARY, MATCHER)
    assert (done.text, done.rung, done.passed) == ("Ол кеше Құлжаға барды", RIGHT[right], True)
    assert engine.kinds()[-1] == right
    assert all(use.rung == RIGHT[right] for use in done.terms)


def test_answers_that_cost_nothing_are_taken_when_terms_are_named() -> None:
    engine = Able(frozenset(ABILITIES), lambda _: "Ол кеше Қашқарға барды", width=3)
    translate(["She went to Ghulja yesterday"], "kk", engine, GLOSSARY, MATCHER)
    assert engine.kinds() == ["plain", "several, named", "forced", "stand-in"]
    assert [request.n_best for request in engine.asked if not request.prefix] == [1, 3, 3]
    unable = Able(frozenset({"prefix", "terms"}), lambda _: "Ол кеше Қашқарға барды", width=3)
    translate(["She went to Ghulja yesterday"], "kk", unable, GLOSSARY, MATCHER)
    assert {request.n_best for request in unable.asked} == {1}


def test_a_text_in_circles_is_not_tried_with_another_name() -> None:
    engine = Able(frozenset(ABILITIES), lambda _: "Ол барды " * 12)
    (done,) = translate(["She went to Ghulja yesterday"], "kk", engine, GLOSSARY, MATCHER)
    assert engine.kinds() == ["plain", "named", "several, named"]
    assert (done.rung, done.passed) == (5, False)


def test_second_attempts_are_told_of_the_answer_at_hand_where_it_is_whole() -> None:
    sound = Able(frozenset(ABILITIES), lambda _: "Ол кеше Қашқарға барды")
    translate(["She went to Ghulja yesterday"], "kk", sound, GLOSSARY, MATCHER)
    plain, *again = sound.asked
    assert plain.former == ""
    assert {kind(request) for request in again} == {"named", "several, named", "forced", "stand-in"}
    assert {request.former for request in again} == {"Ол кеше Қашқарға барды"}
    circling = Able(frozenset(ABILITIES), lambda _: "Ол барды " * 12)
    translate(["She went to Ghulja yesterday"], "kk", circling, GLOSSARY, MATCHER)
    assert {request.former for request in circling.asked} == {""}
    lexicon = Lexicon(GLOSSARY, MATCHER)
    cut = Candidate("Ол кеше", -1.0, (Flag("length-limit", "error", "cut"),), 0)
    assert Tools("kk", sound).start("She went to Ghulja yesterday", lexicon, cut).former == ""


@pytest.mark.parametrize("whole", [True, False])
def test_a_second_attempt_that_was_cut_off_keeps_no_rung_from_trying(whole: bool) -> None:
    cut = (Flag("length-limit", "error", "cut"),)

    class Cut(Able):
        def translate(self, batch: Sequence[Request]) -> list[list[Hypothesis]]:
            answers = super().translate(batch)
            broken = [(request.terms and not request.prefix) or not whole for request in batch]
            return [
                [replace(one, flags=cut) for one in answer] if bad else answer
                for answer, bad in zip(answers, broken, strict=True)
            ]

    def answer(request: Request) -> str:
        return "Ол кеше Құлжаға" if request.terms else "Ол кеше Қашқарға барды"

    engine = Cut(frozenset(ABILITIES), answer, width=2)
    (done,) = translate(["She went to Ghulja yesterday"], "kk", engine, GLOSSARY, MATCHER)
    assert engine.kinds() == (["plain", "several, named", "forced"] if whole else ["plain", "several, named"])
    assert (done.rung, done.passed) == ((2, True) if whole else (1, False))


def test_no_segment_is_asked_for_again_once_it_is_true() -> None:
    def answer(request: Request) -> str:
        return "Ол Құлжаға барды" if "Ghulja" in request.text and request.terms else "Ол Мәскеуде тұрады"

    engine = Able(frozenset(ABILITIES), answer)
    segments = ["She went to Ghulja", "She lives in Kashgar", "She lives there"]
    done = translate(segments, "kk", engine, GLOSSARY, MATCHER)
    asked = [request.text for request in engine.asked]
    assert asked.count(segments[0]) == 2  # plainly, and with its term named
    assert asked.count(segments[2]) == 1
    assert asked.count(segments[1]) > 2
    assert [one.rung for one in done] == [1, 3, 0]


words = st.sampled_from(
    [
        "Құлжа",
        "Құлжаға",
        "Гулжа",
        "Қашқарда",
        "Кашгар",
        "Ghulja",
        "Moscow",
        "Мәскеуге",
        "бару",
        "үшін",
        ".",
        "",
    ]
)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(["to Ghulja", "Ghulja, Ghulja", "Kashgar to Ghulja", "nothing at all", "a day"]),
        min_size=1,
        max_size=4,
    ),
    st.lists(st.lists(words, max_size=6), min_size=1, max_size=5),
    st.sets(st.sampled_from(ABILITIES)),
)
def test_what_passes_is_true_and_the_rest_is_plain(
    segments: list[str], texts: list[list[str]], abilities: set[str]
) -> None:
    """The engine babbles: an answer depends on the request alone, and is seldom right."""

    def answer(request: Request) -> str:
        seed = sum(map(ord, f"{request.text}{request.prefix}{request.terms}{request.n_best}"))
        return f"{request.prefix} {' '.join(texts[seed % len(texts)])}".strip()

    engine = Able(frozenset(abilities), answer)
    done = translate(segments, "kk", engine, GLOSSARY, MATCHER)
    for segment, one in zip(segments, done, strict=True):
        judged = verify(segment, one.text, "kk", GLOSSARY, MATCHER)
        assert one.passed == judged.ok == (one.rung != 5)
        assert [use.verdict for use in one.terms] == [use.verdict for use in judged.terms]
        assert [use.span for use in one.terms] == [use.span for use in judged.terms]
        assert all((use.rung == 5) == (use.verdict == "failed") for use in one.terms)
        if not MATCHER.find(segment):
            assert one.text == answer(Request(segment, "kk"))
    assert done == translate(segments, "kk", engine, GLOSSARY, MATCHER)
