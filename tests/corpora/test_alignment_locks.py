"""Beads that a person has settled: kept in all languages, and refused where they cannot be."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpora.alignment import Lock, align, read_locks
from corpora.errors import InputError
from corpora.protocols import Encoder
from corpora.records import Bead
from models.encoders import load_encoder
from tests.corpora.test_alignment import Hashed, assert_covers, links, sentence
from tests.corpora.test_alignment_encoder import SPOILT, STORY, files, terjiman

__all__ = ["files"]  # a fixture


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return load_encoder(threads=1)


def locked(source: Sequence[str], target: Sequence[str], locks: Sequence[Lock]) -> list[Bead]:
    return align(source, target, Hashed(), source_lang="en", target_lang="kk", locked=locks)


@pytest.mark.parametrize("lang", ["en", "kk", "ug", "ru", "zh"])
def test_settled_beads_stand_whatever_the_aligner_thinks(lang: str, encoder: Encoder) -> None:
    """Wrong mergers, and a sentence said to be left out, in a translation with nothing missing."""
    locks = [Lock((1, 2), (1,)), Lock((4,), (3, 4)), Lock((8,), ())]
    beads = align(STORY["en"], STORY[lang], encoder, source_lang="en", target_lang=lang, locked=locks)
    assert_covers(beads, 10, 10)
    found = {link: bead.confidence for link, bead in zip(map(str, links(beads)), beads, strict=True)}
    for lock in locks:
        assert found[str((list(lock.source), list(lock.target)))] == 1.0
    assert ([0], [0]) in links(beads)
    assert ([6], [6]) in links(beads)


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 12), st.integers(0, 12), st.data())
def test_any_settled_beads_in_order_are_kept(rows: int, columns: int, data: st.DataObject) -> None:
    text = [sentence(k) for k in range(13)]
    locks, i, j = [], 0, 0
    while i < rows or j < columns:
        n = data.draw(st.integers(0, min(4, rows - i)))
        m = data.draw(st.integers(0, min(4, columns - j)))
        if (n or m) and data.draw(st.booleans()):
            locks.append(Lock(tuple(range(i, i + n)), tuple(range(j, j + m))))
        i, j = i + n, j + m
        if not n and not m:
            i, j = min(i + 1, rows), min(j + 1, columns)
    beads = locked(text[:rows], text[1 : columns + 1], locks)
    assert_covers(beads, rows, columns)
    for lock in locks:
        if lock.source and lock.target:
            assert (list(lock.source), list(lock.target)) in links(beads)
        for k in lock.source if not lock.target else ():
            assert ([k], []) in links(beads)
        for k in lock.target if not lock.source else ():
            assert ([], [k]) in links(beads)


def test_long_texts_are_searched_between_settled_beads() -> None:
    source = [sentence(k) for k in range(1500)]
    target = [sentence(k) for k in range(1500) if not 300 <= k < 420]
    truth = {text: j for j, text in enumerate(target)}
    locks = [Lock((k,), (truth[source[k]],)) for k in (250, 251, 700, 1499)] + [Lock((800, 801), (680,))]
    beads = locked(source, target, locks)
    assert_covers(beads, len(source), len(target))
    found = links(beads)
    assert all((list(lock.source), list(lock.target)) in found for lock in locks)
    right = [([i], [truth[text]]) for i, text in enumerate(source) if text in truth]
    assert np.mean([link in found for link in right]) > 0.99


@pytest.mark.parametrize(
    ("locks", "message"),
    [
        ([Lock((0,), (1,), "f, line 1"), Lock((1,), (0,), "f, line 2")],
         r"f, line 2: \[1\]:\[0\]: crosses \[0\]:\[1\] \(f, line 1\): the aligner keeps the order"),
        ([Lock((0,), (0,), "a"), Lock((0,), (1,), "b")], r"b: .*source sentence 0 is locked already \(a\)"),
        ([Lock((0,), (0,)), Lock((), (0,))], "target sentence 0 is locked already"),
        ([Lock((10,), (0,), "f, line 3")], r"f, line 3: .*there is no source sentence 10, .* 0 to 9"),
        ([Lock((0,), (99,))], "there is no target sentence 99"),
        ([Lock((0, 2), (0,))], "the source sentences do not follow each other"),
        ([Lock((1, 0), (0,))], "the source sentences do not follow each other"),
        ([Lock((0, 1, 2, 3, 4), (0, 1))], "a bead of 5 and 2 sentences is too big"),
        ([Lock((), ())], "has no sentences"),
        ([Lock((9,), (0,))], "source sentence 9 is blank"),
    ],
)  # fmt: skip
def test_what_cannot_be_kept_is_told(locks: list[Lock], message: str) -> None:
    text = [*(sentence(k) for k in range(9)), " "]
    with pytest.raises(InputError, match=message):
        locked(text, text, locks)


@pytest.mark.parametrize("line", ["0:0", "[0]", "[0:[0]", "[a]:[0]", "[0,,1]:[0]", "[0]:[0]:x", "[-1]:[0]"])
def test_lines_that_are_no_beads_are_told(line: str) -> None:
    with pytest.raises(InputError, match=r"^f, line 2: "):
        read_locks(["[0]:[0]", line], "f")


def test_an_answer_put_right_by_hand_is_locked_as_it_is(files: Path) -> None:
    """The command reads what it writes, with scores, blank lines and empty sides."""
    call = ("align", "lines.en", "spoilt.ug", "--langs", "en-ug", "--presegmented")
    (files / "right").write_text("[2,3]:[2]:0.8731\n\n[4]:[]\n[5]:[3]\n", encoding="utf-8")
    done = terjiman(*call, "--locked", "right", cwd=files)
    assert done.returncode == 0, done.stderr
    rows = [line.rsplit(":", 1)[0] for line in done.stdout.splitlines()]
    assert rows == [*SPOILT[:2], "[2,3]:[2]", "[4]:[]", "[5]:[3]", *SPOILT[5:]]
    (files / "wrong").write_text("[0]:[1]\n[1]:[0]\n", encoding="utf-8")
    done = terjiman(*call, "--locked", "wrong", cwd=files)
    assert (done.returncode, done.stdout) == (1, "")
    assert "wrong, line 2: [1]:[0]: crosses [0]:[1] (wrong, line 1)" in done.stderr
    assert "Traceback" not in done.stderr
