"""The aligner on made-up texts, with a cheap encoder that stands for a multilingual one."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from corpora.alignment import align
from corpora.errors import UsageError
from corpora.records import Bead

DIM = 128


class Hashed:
    """Embeds a text as the bag of its words, each a fixed random direction: deterministic and fast."""

    name = "hashed"
    digest = "0"

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        rows = np.zeros((len(texts), DIM), np.float32)
        for row, text in zip(rows, texts, strict=True):
            row += 0.5  # like real encoders, all vectors share a direction
            for word in text.casefold().split():
                seed = int.from_bytes(hashlib.sha256(word.encode()).digest()[:4], "big")
                row += np.random.default_rng(seed).standard_normal(DIM).astype(np.float32)
            row /= np.linalg.norm(row)
        return rows


def links(beads: Sequence[Bead]) -> list[tuple[list[int], list[int]]]:
    return [([*map(int, bead.source)], [*map(int, bead.target)]) for bead in beads]


def assert_covers(beads: Sequence[Bead], source: int, target: int) -> None:
    assert [int(i) for bead in beads for i in bead.source] == list(range(source))
    assert [int(j) for bead in beads for j in bead.target] == list(range(target))
    assert all(bead.source or bead.target for bead in beads)
    assert all(0.0 <= bead.confidence <= 1.0 for bead in beads)


def sentence(number: int) -> str:
    """An invented sentence of seven to eleven words that no other shares."""
    words = np.random.default_rng(number).integers(0, 10**6, 7 + number % 5)
    return " ".join(f"w{word}" for word in words) + "."


def aligned(source: Sequence[str], target: Sequence[str]) -> list[Bead]:
    return align(source, target, Hashed(), source_lang="en", target_lang="kk")


words = st.text(alphabet="abcdeқғңөүұһі ىېۇ中文字。.,!؟1234", max_size=30)


@settings(deadline=None, max_examples=60)
@given(st.lists(words, max_size=9), st.lists(words, max_size=9))
def test_every_sentence_is_in_exactly_one_bead(source: list[str], target: list[str]) -> None:
    assert_covers(aligned(source, target), len(source), len(target))


@settings(deadline=None, max_examples=20)
@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=25, unique=True))
def test_identical_texts_align_one_to_one(numbers: list[int]) -> None:
    text = [sentence(number) for number in numbers]
    assert links(aligned(text, text)) == [([i], [i]) for i in range(len(text))]


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 1000), st.integers(0, 19), st.integers(1, 3), st.booleans())
def test_dropped_sentences_are_found(start: int, at: int, count: int, from_source: bool) -> None:
    text = [sentence(start + k) for k in range(20)]
    shorter = text[:at] + text[at + count :]
    beads = aligned(shorter, text) if from_source else aligned(text, shorter)
    dropped = list(range(at, min(at + count, 20)))
    alone = [
        (bead.target if from_source else bead.source) for bead in beads if not bead.source or not bead.target
    ]
    assert [int(key) for keys in alone for key in keys] == dropped


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 1000), st.integers(0, 18))
def test_merged_sentences_are_found(start: int, at: int) -> None:
    text = [sentence(start + k) for k in range(20)]
    merged = [*text[:at], f"{text[at]} {text[at + 1]}", *text[at + 2 :]]
    assert ([at, at + 1], [at]) in links(aligned(text, merged))
    assert ([at], [at, at + 1]) in links(aligned(merged, text))


@pytest.mark.parametrize(("source", "target"), [([], []), (["a"], []), ([], ["b", "c"]), ([" "], ["b"])])
def test_a_side_without_text_leaves_all_unaligned(source: list[str], target: list[str]) -> None:
    beads = aligned(source, target)
    assert_covers(beads, len(source), len(target))
    assert all(not bead.source or not bead.target for bead in beads)


def test_blank_sentences_are_left_alone() -> None:
    text = [sentence(1), "", sentence(2), "  ", sentence(3)]
    beads = links(aligned(text, [sentence(1), sentence(2), sentence(3)]))
    assert beads == [([0], [0]), ([1], []), ([2], [1]), ([3], []), ([4], [2])]


def test_the_answer_is_the_same_every_time() -> None:
    source = [sentence(k) for k in range(40)]
    target = [sentence(k) for k in range(60) if k % 7]
    assert aligned(source, target) == aligned(source, target)


def test_doubt_is_told() -> None:
    text = [sentence(k) for k in range(30)]
    other = [*text[:14], sentence(900), sentence(901), *text[16:]]
    replaced = {"14", "15"}
    beads = aligned(text, other)
    sure = [bead.confidence for bead in beads if not replaced & {*bead.source, *bead.target}]
    doubted = [bead.confidence for bead in beads if replaced & {*bead.source, *bead.target}]
    assert min(sure) > max(doubted)


def test_paragraphs_that_do_not_match_are_refused() -> None:
    with pytest.raises(UsageError, match="source_paragraphs has 1 entries for 2 sentences"):
        align(["a", "b"], ["c"], Hashed(), source_lang="en", target_lang="ru", source_paragraphs=[0])


def test_long_texts_are_searched_in_a_band() -> None:
    """A passage of 60 sentences is missing, another of 40 was added, and single ones are lost."""
    source = [sentence(k) for k in range(900) if k % 31]
    target = [sentence(k) for k in range(900) if k % 37 and not 300 <= k < 360]
    target[500:500] = [sentence(5000 + k) for k in range(40)]
    beads = aligned(source, target)
    assert_covers(beads, len(source), len(target))
    where = {text: j for j, text in enumerate(target)}
    truth = [([i], [where[text]]) for i, text in enumerate(source) if text in where]
    found = [link for link in links(beads) if link[0] and link[1]]
    assert len([link for link in truth if link in found]) >= 0.99 * len(truth)
    assert len(found) <= 1.01 * len(truth)


@pytest.mark.parametrize(("source", "target"), [(1, 10_000), (10_000, 1), (3, 700)])
def test_lopsided_texts_do_no_harm(source: int, target: int) -> None:
    beads = aligned([sentence(k) for k in range(source)], [f"{k} {sentence(k % 50)}" for k in range(target)])
    assert_covers(beads, source, target)


def test_the_same_line_over_and_over_aligns_along_the_diagonal() -> None:
    beads = aligned(["the same line."] * 700, ["the same line."] * 700)
    assert_covers(beads, 700, 700)
    assert all(
        abs(int(bead.source[0]) - int(bead.target[0])) <= 4 for bead in beads if bead.source and bead.target
    )


def test_terms_that_translate_each_other_are_evidence() -> None:
    """Without anchors nothing tells which of two sentences was left out."""
    rest = "went over the bridge to the plain old town by the river, bought bread and salt, and came home."
    source = [sentence(1), f"zork {rest}", f"mumb {rest}", sentence(2)]
    target = [sentence(1), f"зоркы {rest}", sentence(2)]
    other = [sentence(1), f"мумбы {rest}", sentence(2)]
    terms = [("zork", "зорк"), ("mumb", "мумб")]
    for text, left_out in ((target, 2), (other, 1)):
        beads = align(source, text, Hashed(), source_lang="en", target_lang="kk", anchors=terms)
        assert ([left_out], []) in links(beads)


@pytest.mark.parametrize(
    ("lang", "numbers"),
    [
        ("kk", ["35 мың", "елу үш мың", "2 млн", "қырық сегіз", "62", "жиырма бір"]),
        ("ug", ["٣٥ مىڭ", "ئەللىك ئۈچ مىڭ", "2 مىليون", "قىرىق سەككىز", "٦٢", "يىگىرمە بىر"]),
        ("ru", ["35 тыс.", "пятьдесят три тысячи", "2 млн", "сорок восемь", "62", "двадцать один"]),
        ("zh", ["3.5万", "五万三千", "200万", "四十八", "６２", "二十一"]),
    ],
)
def test_numbers_of_the_same_value_are_evidence(lang: str, numbers: list[str]) -> None:
    """Nothing else tells which sentence was left out: the encoder sees only what stands after the colon."""

    class Blind(Hashed):
        def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
            return super().encode([text.split(": ")[-1] for text in texts])

    english = ["35,000", "53 thousand", "Two million", "Forty-eight", "Sixty-two", "Twenty-one"]
    rest = "went over the bridge to the plain old town by the river, bought bread and salt, and came home."
    around = [sentence(k) for k in range(60)]  # a number is rare only in a text of some length
    source = [*around, *(f"{number}: {rest}" for number in english)]
    for left_out in range(len(numbers)):
        target = [*around, *(f"{number}: {rest}" for k, number in enumerate(numbers) if k != left_out)]
        beads = align(source, target, Blind(), source_lang="en", target_lang=lang)
        assert ([60 + left_out], []) in links(beads)


def test_paragraphs_are_evidence() -> None:
    """The middle sentence has no counterpart of its own: it goes with the paragraph it stands in."""
    left, middle, right = sentence(1), "a few words.", sentence(2)
    for paragraphs, expected in (([0, 0, 1], [0, 1]), ([0, 1, 1], [1, 2])):
        joined = [f"{left} {middle}", right] if expected == [0, 1] else [left, f"{middle} {right}"]
        beads = align(
            [left, middle, right],
            joined,
            Hashed(),
            source_lang="en",
            target_lang="kk",
            source_paragraphs=paragraphs,
            target_paragraphs=[0, 1],
        )
        assert expected in [source for source, _ in links(beads)]
