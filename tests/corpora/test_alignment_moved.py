"""What stands elsewhere in the translation: headings and passages that moved."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from corpora.alignment import align
from corpora.protocols import Encoder
from models.encoders import load_encoder
from tests.corpora.test_alignment import aligned, assert_covers, links, sentence
from tests.corpora.test_alignment_encoder import STORY

HEADINGS = {
    "en": "Bees and honey",
    "kk": "Аралар мен бал",
    "ug": "ھەرە ۋە ھەسەل",
    "ru": "Пчёлы и мёд",
    "zh": "蜜蜂与蜂蜜",
}
LANGS = ("en", "kk", "ug", "ru", "zh")


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return load_encoder(threads=1)


def right_and_wrong(
    source: Sequence[str],
    target: Sequence[str],
    found: list[tuple[list[int], list[int]]],
    truth: dict[str, str],
) -> tuple[int, int]:
    """Count 1-1 links that are true, and links of any kind that hold a sentence without its counterpart."""
    right = wrong = 0
    for left, others in found:
        if left and others:
            theirs = {target[j] for j in others}
            fit = {truth[source[i]] for i in left} == theirs
            right, wrong = right + fit, wrong + (not fit)
    return right, wrong


@pytest.mark.parametrize("lang", LANGS)
def test_a_heading_that_moved_harms_nothing_else(lang: str, encoder: Encoder) -> None:
    """It may be taken for part of a neighbour, but no further.

    It stands before the text in the source, later in the translation, a paragraph of its own.
    """
    source = [HEADINGS["en"], *STORY["en"]]
    target = [*STORY[lang][:6], HEADINGS[lang], *STORY[lang][6:]]
    truth = dict(zip(source, [HEADINGS[lang], *STORY[lang]], strict=True))
    beads = align(
        source,
        target,
        encoder,
        source_lang="en",
        target_lang=lang,
        source_paragraphs=[0] + [1] * 6 + [2] * 4,
        target_paragraphs=[0] * 6 + [1] + [2] * 4,
    )
    assert_covers(beads, len(source), len(target))
    found = links(beads)
    beside = {1, 6, 7}  # sentences beside which the heading stands, on either side
    stay = [([i], [target.index(truth[source[i]])]) for i in range(1, 11)]
    assert [link for link in stay if link not in found and link[0][0] not in beside] == []
    assert sum(link not in found for link in stay) <= 2
    assert ([0], [6]) not in found


@pytest.mark.parametrize("lang", LANGS)
def test_a_passage_that_moved_is_left_out_on_both_sides(lang: str, encoder: Encoder) -> None:
    """The second and third sentences stand at the end of the translation."""
    source = STORY["en"]
    target = [STORY[lang][0], *STORY[lang][3:], *STORY[lang][1:3]]
    truth = dict(zip(source, STORY[lang], strict=True))
    beads = align(source, target, encoder, source_lang="en", target_lang=lang)
    assert_covers(beads, len(source), len(target))
    right, wrong = right_and_wrong(source, target, links(beads), truth)
    assert right >= 7
    assert wrong <= 1


@pytest.mark.parametrize("size", [1, 5, 40])
def test_a_passage_that_moved_far_in_a_long_text(size: int) -> None:
    source = [sentence(k) for k in range(700)]
    target = [*source[:100], *source[100 + size : 600], *source[100 : 100 + size], *source[600:]]
    beads = aligned(source, target)
    assert_covers(beads, 700, 700)
    found = links(beads)
    stay = [([i], [target.index(text)]) for i, text in enumerate(source) if not 100 <= i < 100 + size]
    assert sum(link in found for link in stay) >= len(stay) - 2
    assert sum(bool(left and right) for left, right in found) <= len(stay) + 2
