"""Every fault gets one clear line, its exit code, and nothing is lost."""

from __future__ import annotations

import fcntl
import os
import subprocess
from pathlib import Path

import pytest

from tests.conftest import Terjiman, tree
from tests.pipeline.jobs import GLOSSARY, STORY, job_file, make_job


@pytest.fixture
def job(tmp_path: Path) -> Path:
    return make_job(tmp_path / "job", targets=("kk", "zh"))


def test_no_job_file(tmp_path: Path, terjiman: Terjiman) -> None:
    result = terjiman("run", tmp_path)
    assert result.returncode == 3
    assert "job.toml: no job file here" in result.stderr
    assert "terjiman init" in result.stderr


def test_malformed_job_file(job: Path, terjiman: Terjiman) -> None:
    (job / "job.toml").write_text('targets = ["kk"\nx', encoding="utf-8")
    result = terjiman("run", job)
    assert result.returncode == 2
    assert "not valid TOML" in result.stderr
    assert "line 2" in result.stderr


def test_all_faults_of_a_job_file_at_once(job: Path, terjiman: Terjiman) -> None:
    (job / "job.toml").write_text(
        'targets = ["kk", "xx"]\ncolour = 1\n[align]\nreferences = "nope"\n[run]\nworkers = -1\n',
        encoding="utf-8",
    )
    result = terjiman("run", job)
    assert result.returncode == 2
    for part in ("unknown key 'colour'", "unknown language 'xx'", "{path} and {lang}", "run.workers"):
        assert part in result.stderr, part
    assert not (job / "out").exists()


def test_glossary_and_model_faults_come_together(job: Path, terjiman: Terjiman) -> None:
    (job / "glossary.csv").write_text(
        GLOSSARY + "Kashi,Kashgar,place,,Қаши,كاشى,Каши,喀什\n", encoding="utf-8"
    )
    text = job_file(("kk",)).replace("recorded:drafts.tsv", "no-such-model")
    (job / "job.toml").write_text(text, encoding="utf-8")
    result = terjiman("run", job)
    assert result.returncode == 2
    assert "glossary.csv" in result.stderr
    assert "Kashgar" in result.stderr
    assert "no-such-model" in result.stderr


def test_a_missing_glossary_or_draft_file_is_3(job: Path, terjiman: Terjiman) -> None:
    (job / "drafts.tsv").rename(job / "elsewhere.tsv")
    assert terjiman("run", job).returncode == 3
    (job / "elsewhere.tsv").rename(job / "drafts.tsv")
    (job / "glossary.csv").unlink()
    result = terjiman("run", job)
    assert result.returncode == 3
    assert "glossary.csv" in result.stderr


def test_no_sources_is_3(job: Path, terjiman: Terjiman) -> None:
    for path in (job / "sources").rglob("*"):
        if path.is_file():
            path.unlink()
    result = terjiman("run", job)
    assert result.returncode == 3
    assert "no document matches" in result.stderr


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("latin1.txt", "Caf\xe9 in Almaty.".encode("latin-1"), "UTF-8"),
        ("empty.txt", b"", "empty"),
        ("picture.txt", bytes(range(256)) * 40, "picture.txt"),
        ("huge.txt", b"A sentence. " * 4_400_000, "huge.txt"),
        ("letter.docx", b"PK\x03\x04", ".docx"),
        ("nul.txt", b"A\x00B", "nul.txt"),
    ],
)
def test_one_bad_file_never_blocks_the_others(
    job: Path, terjiman: Terjiman, name: str, data: bytes, said: str
) -> None:
    (job / "sources" / name).write_bytes(data)
    result = terjiman("run", job, "--quiet")
    assert result.returncode == 1
    lines = [line for line in result.stderr.splitlines() if name in line]
    assert len(lines) == 1
    assert said in lines[0]
    assert "Traceback" not in result.stderr
    assert (job / "out/kk/story.txt").is_file()
    assert (job / "out/zh/news/report.md").is_file()
    assert name in (job / "out/report.html").read_text(encoding="utf-8")


def test_an_unreadable_source(job: Path, terjiman: Terjiman) -> None:
    (job / "sources/link.txt").symlink_to(job / "sources/story.txt")
    assert terjiman("run", job).returncode == 0
    if os.geteuid() == 0:
        pytest.skip("root reads everything")
    (job / "sources/story.txt").chmod(0)
    assert terjiman("run", job).returncode == 1


def test_a_second_run_at_the_same_time_is_75(job: Path, terjiman: Terjiman) -> None:
    assert terjiman("run", job).returncode == 0
    with (job / ".terjiman/lock").open("r+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        result = terjiman("run", job)
        assert result.returncode == 75
        assert "another run" in result.stderr
        assert terjiman("run", job, "--wait", "0.5").returncode == 75
    assert terjiman("run", job, "--wait", "5").returncode == 0


@pytest.mark.parametrize("what", ["manifests", "units", "journal"])
def test_damaged_state_is_noticed_and_made_anew(job: Path, terjiman: Terjiman, what: str) -> None:
    assert terjiman("run", job).returncode == 0
    before = tree(job / "out")
    state = job / ".terjiman"
    if what == "journal":
        for folder in (state / "units/translate").iterdir():
            work = state / "work" / f"translate-{folder.name}"
            work.mkdir(parents=True)
            (work / "journal.jsonl").write_bytes(b'{"batches":"0"}\n{"batch":0,"resu')
        for path in (state / "manifests/translate").iterdir():
            path.unlink()
    else:
        for path in [path for path in (state / what).rglob("*") if path.is_file()]:
            path.write_bytes(path.read_bytes()[: len(path.read_bytes()) // 2])
        assert "damaged" in terjiman("plan", job).stdout
    result = terjiman("run", job)
    assert result.returncode == 0, result.stderr
    assert tree(job / "out") == before


def test_newer_state_is_refused(job: Path, terjiman: Terjiman) -> None:
    assert terjiman("run", job).returncode == 0
    (job / ".terjiman/state.json").write_text('{"schema": 99}', encoding="utf-8")
    result = terjiman("run", job)
    assert result.returncode == 2
    assert "newer" in result.stderr


def test_a_full_disk_is_74_and_loses_nothing(tmp_path: Path, terjiman: Terjiman) -> None:
    small = tmp_path / "small"
    small.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", small], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("mounting a small tmpfs needs root")
    try:
        job = make_job(small / "job")
        filler = small / "filler"
        result = terjiman("run", job, "--quiet")
        assert result.returncode == 74, result.stderr
        assert "the disk is full" in result.stderr
        assert "Traceback" not in result.stderr
        filler.unlink(missing_ok=True)
        subprocess.run(["mount", "-o", "remount,size=20m", small], check=True)
        assert terjiman("run", job).returncode == 0
        whole = make_job(tmp_path / "whole")
        assert terjiman("run", whole).returncode == 0
        assert tree(job / "out") == tree(whole / "out")
    finally:
        subprocess.run(["umount", small], check=True)


def test_a_read_only_disk_is_74(tmp_path: Path, terjiman: Terjiman) -> None:
    place = tmp_path / "place"
    place.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "tmpfs", place], capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip("mounting a tmpfs needs root")
    try:
        job = make_job(place / "job")
        subprocess.run(["mount", "-o", "remount,ro", place], check=True)
        result = terjiman("run", job)
        assert result.returncode == 74, result.stderr
        assert "Traceback" not in result.stderr
    finally:
        subprocess.run(["umount", place], check=True)


def test_two_sources_that_would_be_written_to_one_place(job: Path, terjiman: Terjiman) -> None:
    (job / "more").mkdir()
    (job / "more/story.txt").write_text(STORY, encoding="utf-8")
    text = job_file(("kk",)).replace('["sources/**/*"]', '["sources/**/*", "more/*"]')
    (job / "job.toml").write_text(text, encoding="utf-8")
    result = terjiman("run", job)
    assert result.returncode == 2
    assert "story.txt" in result.stderr


def test_sources_outside_the_job_are_refused(job: Path, terjiman: Terjiman) -> None:
    text = job_file(("kk",)).replace('["sources/**/*"]', '["../**/*"]')
    (job / "job.toml").write_text(text, encoding="utf-8")
    assert terjiman("run", job).returncode == 2
