"""Vectors are kept on disk, privately and boundedly, and never do harm."""

from __future__ import annotations

import multiprocessing
import sqlite3
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from models.encoders.cache import CachedEncoder

TEXTS = ["She left.", "Ол кетті.", "ئۇ كەتتى.", "Она уехала.", "她离开了。", "She left."]


class Counting:
    """Embeds a text by its letters, and counts what it embeds."""

    name = "counting"

    def __init__(self, digest: str = "one") -> None:
        self.digest = digest
        self.asked: list[str] = []

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.asked += texts
        rows = np.array([[len(text), sum(map(ord, text)) % 97 + 1] for text in texts], np.float32)
        rows = rows.reshape(len(texts), 2)
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


def test_no_text_is_embedded_twice_and_the_vectors_are_the_same(tmp_path: Path) -> None:
    path = tmp_path / "state" / "vectors.db"
    first, second = Counting(), Counting()
    rows = CachedEncoder(first, path).encode(TEXTS)
    assert sorted(first.asked) == sorted(set(TEXTS))
    again = CachedEncoder(second, path).encode([*TEXTS, "New."])
    assert second.asked == ["New."]
    assert np.array_equal(again[:-1], rows)
    assert np.array_equal(rows, Counting().encode(TEXTS))
    assert path.stat().st_mode & 0o077 == 0
    assert CachedEncoder(second, path).encode([]).shape == (0, 2)


def test_another_encoder_has_vectors_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "vectors.db"
    CachedEncoder(Counting(), path).encode(TEXTS)
    other = Counting("two")
    CachedEncoder(other, path).encode(TEXTS)
    assert len(other.asked) == len(set(TEXTS))


def test_the_text_itself_is_not_kept(tmp_path: Path) -> None:
    path = tmp_path / "vectors.db"
    CachedEncoder(Counting(), path).encode(TEXTS)
    assert b"left" not in path.read_bytes()


@pytest.mark.parametrize(
    "content", [b"", b"not a database at all" * 100, b"SQLite format 3\x00" + b"\xff" * 5000]
)
def test_a_damaged_file_is_replaced(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "vectors.db"
    path.write_bytes(content)
    told: list[str] = []
    rows = CachedEncoder(Counting(), path, say=told.append).encode(TEXTS)
    assert np.array_equal(rows, Counting().encode(TEXTS))
    last = Counting()
    CachedEncoder(last, path, say=told.append).encode(TEXTS)
    assert last.asked == [] or told


def test_a_file_that_cannot_be_made_is_told_once_and_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    told: list[str] = []
    encoder = CachedEncoder(Counting(), tmp_path / "file" / "vectors.db", say=told.append)
    for _ in range(2):
        assert np.array_equal(encoder.encode(TEXTS), Counting().encode(TEXTS))
    assert len(told) == 1


def test_it_stays_within_its_limit(tmp_path: Path) -> None:
    path = tmp_path / "vectors.db"
    encoder = CachedEncoder(Counting(), path, limit=200_000)
    for start in range(0, 6000, 500):
        encoder.encode([f"text {number}" for number in range(start, start + 500)])
    with sqlite3.connect(path) as base:
        assert 0 < base.execute("SELECT COUNT(*) FROM vectors").fetchone()[0] < 6000
    assert path.stat().st_size < 400_000


def _fill(path: Path, offset: int) -> None:
    encoder = CachedEncoder(Counting(), path)
    for number in range(20):
        encoder.encode([f"text {offset + number} {k}" for k in range(5)])


def test_several_processes_share_it(tmp_path: Path) -> None:
    path = tmp_path / "vectors.db"
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_fill, args=(path, offset)) for offset in (0, 10)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [worker.exitcode for worker in workers] == [0, 0]
    with sqlite3.connect(path) as base:
        assert base.execute("SELECT COUNT(*) FROM vectors").fetchone()[0] == 150
