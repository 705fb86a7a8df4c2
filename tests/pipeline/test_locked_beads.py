"""Beads of a human translation that a reviewer has settled, in a job."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import Terjiman
from tests.pipeline.jobs import make_job

LOCKED = 'locked = "references/{path}.{lang}.locked"'


def found(job: Path) -> list[tuple[int, int, float]]:
    """The beads of the reference: sentences on either side, and how sure."""
    (path,) = (job / ".terjiman").rglob("reference-beads.jsonl")
    beads = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [(len(bead["source"]), len(bead["target"]), bead["confidence"]) for bead in beads]


def test_settled_beads_of_a_job_are_kept_and_bad_ones_told(tmp_path: Path, terjiman: Terjiman) -> None:
    job = make_job(tmp_path, targets=("kk",), extra=LOCKED)
    assert terjiman("run", job).returncode == 0
    assert [bead[:2] for bead in found(job)] == [(1, 1)] * 4
    locks = job / "references/story.kk.locked"
    locks.write_text("[1,2]:[1]\n[3]:[2,3]\n", encoding="utf-8")
    assert terjiman("run", job).returncode == 0
    assert terjiman("gc", job).returncode == 0
    assert found(job)[1:] == [(2, 1, 1.0), (1, 2, 1.0)]
    assert terjiman("plan", job).stdout.strip() == "nothing to do"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"[0]:[1]\n[1]:[0]\n", "references/story.kk.locked, line 2: [1]:[0]: crosses [0]:[1]"),
        (b"[0]:[9]\n", "line 1: [0]:[9]: there is no target sentence 9, they are numbered 0 to 3"),
        (b"zero:one\n", "line 1: 'zero:one' is no bead"),
        (b"\xff\xfe", "references/story.kk.locked: not UTF-8"),
    ],
)
def test_what_cannot_be_kept_is_told_in_every_run(
    data: bytes, message: str, tmp_path: Path, terjiman: Terjiman
) -> None:
    job = make_job(tmp_path, targets=("kk",), extra=LOCKED)
    (job / "references/story.kk.locked").write_bytes(data)
    for _ in range(2):
        result = terjiman("run", job)
        assert result.returncode == 1
        assert message in result.stderr
        assert "Traceback" not in result.stderr
        assert (job / "out/kk/story.txt").is_file()
