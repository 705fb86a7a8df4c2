"""The policy that never loses text, with engines whose faults are known."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from corpora.protocols import EngineInfo
from corpora.records import Hypothesis, Request
from models.engines.retrying import CHECK, FAILED, RetryingEngine, Voice, combined_info

LOOP = "қамал қамал қамал қамал қамал қамал"
LONG = "The guards came at night, and they took my brother away, because he had prayed."


class Fake:
    """An engine that answers by a rule and remembers what it was asked."""

    def __init__(
        self, answer: Callable[[Request], list[str]], *abilities: str, name: str = "fake", warning: str = ""
    ) -> None:
        self._answer = answer
        self.asked: list[list[Request]] = []
        self._info = EngineInfo(name, name, (), 100, frozenset(abilities), warning, batch_invariant=True)

    @property
    def info(self) -> EngineInfo:
        return self._info

    def translate(self, batch: Sequence[Request]) -> list[list[Hypothesis]]:
        self.asked.append(list(batch))
        return [[Hypothesis(text=text) for text in self._answer(request)] for request in batch]


def doubt(request: Request, answer: Hypothesis) -> str:
    if not answer.text.strip():
        return "nothing"
    return "a loop" if "қамал қамал" in answer.text else ""


def engine(first: Fake, *others: Fake, any_text: bool = True) -> RetryingEngine:
    voices = [Voice(other, other.info.name) for other in others]
    return RetryingEngine(Voice(first, first.info.name, any_text), voices, doubt)


def test_a_sound_answer_is_asked_for_once_and_left_alone() -> None:
    fake = Fake(lambda request: [f"ҮЙ {request.text}"], "n-best")
    found = engine(fake).translate([Request(LONG, "kk"), Request("Home", "kk")])
    assert [one[0] for one in found] == [Hypothesis(f"ҮЙ {LONG}"), Hypothesis("ҮЙ Home")]
    assert len(fake.asked) == 1


def test_first_a_wider_search() -> None:
    fake = Fake(lambda request: [LOOP, "дұрыс"] if request.n_best > 1 else [LOOP], "n-best")
    [[best]] = engine(fake).translate([Request(LONG, "kk")])
    assert best.text == "дұрыс"
    assert best.model == "fake"
    assert [(flag.check, flag.severity) for flag in best.flags] == [(CHECK, "info")]
    assert "a loop" in best.flags[0].message
    assert [batch[0].n_best for batch in fake.asked] == [1, 4]


def test_then_shorter_pieces_that_hold_the_whole_text() -> None:
    fake = Fake(lambda request: [LOOP if len(request.text) > 60 else request.text.upper()], "n-best")
    [[best]] = engine(fake).translate([Request(LONG, "kk")])
    assert best.text == LONG.upper()
    assert [(flag.check, flag.severity) for flag in best.flags] == [(CHECK, "warning")]
    assert "3 pieces" in best.flags[0].message


def test_pieces_of_chinese_are_joined_without_a_space_and_take_their_own_terms() -> None:
    fake = Fake(lambda request: ["" if len(request.text) > 60 else "好"])
    request = Request(
        LONG, "zh", terms=(("brother", "弟弟"), ("prayed", "祷告"), ("Kashgar", "喀什")), former="好"
    )
    [[best]] = engine(fake).translate([request])
    assert best.text == "好好好"
    pieces = fake.asked[1]
    for piece in pieces:
        own = [pair for pair in request.terms if pair[0] in piece.text or pair[0] == "Kashgar"]
        assert list(piece.terms) == own
        assert piece.former == ""


def test_then_the_next_model_which_signs_its_answer() -> None:
    first = Fake(lambda request: [LOOP], "n-best", name="first")
    second = Fake(lambda request: ["жауап"], name="second")
    [[best]] = engine(first, second).translate([Request(LONG, "kk")])
    assert (best.text, best.model) == ("жауап", "second")
    assert [(flag.check, flag.severity) for flag in best.flags] == [(CHECK, "warning")]


def test_where_nothing_helps_the_first_answer_stays_and_is_an_error() -> None:
    first, second = Fake(lambda _: [LOOP], "n-best"), Fake(lambda _: [""], name="second")
    [[best]] = engine(first, second).translate([Request(LONG, "kk")])
    assert best.text == LOOP
    assert [(flag.check, flag.severity) for flag in best.flags] == [(FAILED, "error")]
    assert "a loop" in best.flags[0].message


def test_an_empty_answer_gives_way_to_any_text_but_stays_an_error() -> None:
    first, second = Fake(lambda _: [""]), Fake(lambda _: [LOOP], name="second")
    [[best]] = engine(first, second).translate([Request("Home", "kk")])
    assert (best.text, best.model) == (LOOP, "second")
    assert [(flag.check, flag.severity) for flag in best.flags] == [(FAILED, "error")]


def test_a_lost_piece_is_not_hidden_by_the_others() -> None:
    fake = Fake(lambda request: ["" if "brother" in request.text else "жақсы сөйлем"])
    [[best]] = engine(fake).translate([Request(LONG, "kk")])
    assert any(flag.check == FAILED and flag.severity == "error" for flag in best.flags)


def test_forced_beginnings_and_n_best_lists_are_left_to_who_asked() -> None:
    fake = Fake(lambda _: [LOOP], "n-best", "prefix")
    batch = [Request(LONG, "kk", prefix="Күзет"), Request(LONG, "kk", n_best=4)]
    assert [one[0].flags for one in engine(fake).translate(batch)] == [(), ()]
    assert len(fake.asked) == 1


def test_a_recording_is_not_asked_for_pieces() -> None:
    fake = Fake(lambda _: [LOOP], "n-best")
    [[best]] = engine(fake, any_text=False).translate([Request(LONG, "kk")])
    assert len(fake.asked) == 1
    assert [(flag.check, flag.severity) for flag in best.flags] == [(FAILED, "error")]


def test_the_digest_holds_all_models_in_order_and_the_warnings_are_told() -> None:
    one, two = Fake(lambda _: [""], name="one", warning="Draft."), Fake(lambda _: [""], name="two")
    both = combined_info(one.info, [two.info])
    assert len({both.digest, combined_info(two.info, [one.info]).digest, one.info.digest}) == 3
    assert both.warning == "Draft."
    assert both.name == "one"


@settings(deadline=None, max_examples=150)
@given(st.lists(st.tuples(st.text(min_size=1, max_size=90), st.integers(0, 5)), max_size=8))
def test_every_request_gets_its_own_answer_whatever_fails(cases: list[tuple[str, int]]) -> None:
    """An engine that fails by the length of its input: no answer is lost, moved or passed off as sound."""

    def answer(request: Request) -> list[str]:
        return [LOOP] if len(request.text) % 3 == 0 else [f"«{request.text.strip()}»"]

    batch = [Request(text, "kk", n_best=1 + (kind == 5)) for text, kind in cases]
    whole = engine(Fake(answer, "n-best")).translate(batch)
    assert len(whole) == len(batch)
    for request, [best] in zip(batch, whole, strict=True):
        [[alone]] = engine(Fake(answer, "n-best")).translate([request])
        assert best == alone
        letters = [letter for letter in best.text if letter not in "«»" and not letter.isspace()]
        if any(flag.severity == "error" for flag in best.flags) or request.n_best > 1:
            continue
        assert letters == [letter for letter in request.text if letter not in "«»" and not letter.isspace()]
