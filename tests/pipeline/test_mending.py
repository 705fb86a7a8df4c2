"""What a careless or hostile world does to a job between two runs, and how the next run takes it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.conftest import SCRIPT, Terjiman, tree
from tests.pipeline.jobs import DRAFTS, STORY, drafts, job_file, make_job


@pytest.fixture
def job(tmp_path: Path) -> Path:
    return make_job(tmp_path / "job", targets=("kk", "zh"))


def test_a_line_separator_in_a_draft_does_no_harm(job: Path, terjiman: Terjiman) -> None:
    text = (job / "drafts.tsv").read_text(encoding="utf-8")
    for mark in ("\u2028", "\u2029", "\u0085"):
        (job / "drafts.tsv").write_text(text.replace("хабар", f"ха{mark}бар"), encoding="utf-8")
        assert terjiman("run", job, "--quiet").returncode == 0
        assert terjiman("plan", job).stdout.strip() == "nothing to do"
    (job / "drafts.tsv").write_text(text, encoding="utf-8")
    assert terjiman("run", job, "--quiet").returncode == 0
    assert "хабар" in (job / "out/kk/news/report.md").read_text(encoding="utf-8")


def test_a_target_taken_out_of_the_job_takes_its_outputs_along(job: Path, terjiman: Terjiman) -> None:
    assert terjiman("run", job).returncode == 0
    (job / "out/zh/story.txt").write_text("我的修改\n", encoding="utf-8")
    assert terjiman("run", job, "--to", "kk").returncode == 0
    assert (job / "out/zh/talk.html").is_file()  # --to is for one run only
    (job / "job.toml").write_text(job_file(("kk",)), encoding="utf-8")
    assert "story.txt → zh: the job has this target no more" in terjiman("plan", job).stdout
    result = terjiman("run", job, "--json")
    assert list(json.loads(result.stdout)["segments"]) == ["kk"]
    assert [path for path in tree(job / "out") if "zh" in path] == ["zh/story.txt"]
    assert "edited by hand" in result.stderr
    assert "edited by hand" not in terjiman("run", job).stderr
    assert "zh" not in terjiman("status", job).stdout


def test_a_format_taken_out_takes_its_files_along(job: Path, terjiman: Terjiman) -> None:
    assert terjiman("run", job).returncode == 0
    (job / "job.toml").write_text(
        job_file(("kk", "zh"), '[publish]\nformats = ["document"]\n'), encoding="utf-8"
    )
    assert terjiman("run", job).returncode == 0
    assert not (job / "out/bitext").exists()
    assert (job / "out/kk/story.txt").is_file()


def test_the_last_source_taken_out_takes_everything_along(job: Path, terjiman: Terjiman) -> None:
    assert terjiman("run", job).returncode == 0
    for path in [path for path in (job / "sources").rglob("*") if path.is_file()]:
        path.unlink()
    assert terjiman("run", job).returncode == 0
    assert tree(job / "out") == {}
    texts = [path.read_text(encoding="utf-8") for path in (job / ".terjiman/units").rglob("*.jsonl")]
    assert not texts
    assert terjiman("run", job).returncode == 3


def test_two_different_signals_at_once_end_cleanly(job: Path) -> None:
    process = subprocess.Popen([SCRIPT, "run", job], stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 30
    while not (job / ".terjiman/work").exists() and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.005)
    process.send_signal(signal.SIGINT)
    process.send_signal(signal.SIGTERM)
    _, stderr = process.communicate(timeout=60)
    assert process.returncode in (0, 130, 143), stderr
    assert "Traceback" not in stderr


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (["--executor", "nope"], 2, "executor"),
        (["--executor", "dask"], 2, "scheduler"),
        (["--log-file", "/proc/nope/x.log"], 2, "/proc/nope"),
        (["--log-file", "/tmp"], 2, "/tmp"),
        (["--to", "ru"], 2, "not among the job's targets"),
    ],
)
def test_bad_options_get_one_line(
    job: Path, terjiman: Terjiman, options: list[str], code: int, said: str
) -> None:
    result = terjiman("run", job, *options)
    assert result.returncode == code, result.stderr
    assert said in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    "name",
    [
        "delivered.jsonl",
        "failures.json",
        "history.jsonl",
        "pages.json",
        "pooled-scores.json",
        "state.json",
        "lock",
    ],
)
def test_a_folder_where_a_state_file_should_be(job: Path, terjiman: Terjiman, name: str) -> None:
    assert terjiman("run", job).returncode == 0
    path = job / ".terjiman" / name
    path.unlink(missing_ok=True)
    path.mkdir()
    result = terjiman("run", job)
    assert result.returncode in (0, 2, 74), result.stderr
    assert "Traceback" not in result.stderr
    path.rmdir()


@pytest.mark.parametrize("name", [".terjiman", "out"])
def test_a_file_where_a_folder_should_be(job: Path, terjiman: Terjiman, name: str) -> None:
    (job / name).write_text("x", encoding="utf-8")
    result = terjiman("run", job)
    assert result.returncode == 2, result.stderr
    assert "is in the way" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_folder_where_an_output_should_be(job: Path, terjiman: Terjiman) -> None:
    assert terjiman("run", job).returncode == 0
    (job / "out/kk/story.txt").unlink()
    (job / "out/kk/story.txt").mkdir()
    result = terjiman("run", job)
    assert result.returncode == 2, result.stderr
    assert "story.txt" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(("field", "value"), [("files", []), ("stats", {}), ("parts", {}), ("key", 7)])
def test_a_manifest_that_lies_is_noticed(job: Path, terjiman: Terjiman, field: str, value: object) -> None:
    assert terjiman("run", job).returncode == 0
    before = tree(job / "out")
    for path in (job / ".terjiman/manifests").glob("*/*.json"):
        data = json.loads(path.read_bytes())
        path.write_text(json.dumps({**data, field: value}), encoding="utf-8")
    assert "its manifest is damaged" in terjiman("plan", job).stdout
    assert terjiman("run", job).returncode == 0
    assert tree(job / "out") == before


def test_state_without_its_version_is_refused(job: Path, terjiman: Terjiman) -> None:
    assert terjiman("run", job).returncode == 0
    (job / ".terjiman/state.json").unlink()
    result = terjiman("run", job)
    assert result.returncode == 2
    assert "state.json" in result.stderr


@pytest.mark.parametrize("data", [b"bad \xff", b""])
def test_a_bad_reference_does_not_hold_back_the_translation(
    job: Path, terjiman: Terjiman, data: bytes
) -> None:
    (job / "references/story.kk.txt").write_bytes(data)
    for _ in range(2):  # told in every run until it is mended
        result = terjiman("run", job)
        assert result.returncode == 1
        assert "the human translation cannot be read" in result.stderr
        assert (job / "out/kk/story.txt").is_file()
    (job / "references/story.kk.txt").unlink()
    assert terjiman("run", job).returncode == 0


def test_plan_tells_what_would_be_put_back(job: Path, terjiman: Terjiman) -> None:
    assert terjiman("run", job).returncode == 0
    (job / "out/kk/story.txt").unlink()
    assert terjiman("plan", job).stdout.strip() == "put back out/kk/story.txt"


def test_only_on_a_fresh_job_says_what_it_waits_for(job: Path, terjiman: Terjiman) -> None:
    result = terjiman("run", job, "--only", "translate")
    assert result.returncode == 1
    assert "translate waits for: ingest story.txt" in result.stderr


def test_the_log_names_no_terms(job: Path, terjiman: Terjiman) -> None:
    text = (job / "glossary.csv").read_text(encoding="utf-8").replace("Қашқар", "")
    (job / "glossary.csv").write_text(text, encoding="utf-8")
    result = terjiman("run", job, "--log-file", job / "run.log")
    assert "Kashgar" in result.stderr
    assert "Kashgar" not in (job / "run.log").read_text(encoding="utf-8")


def test_sources_that_are_no_files_are_told(job: Path, terjiman: Terjiman) -> None:
    (job / "sources/gone.txt").symlink_to(job / "nowhere")
    (job / "sources/folder").symlink_to(job / "references")
    os.mkfifo(job / "sources/pipe.txt")
    result = terjiman("run", job, "--quiet")
    assert result.returncode == 1
    for name in ("gone.txt", "folder", "pipe.txt"):
        assert sum(name in line for line in result.stderr.splitlines()) == 1, result.stderr
    assert (job / "out/kk/story.txt").is_file()


def test_an_empty_draft_does_not_hold_back_its_document(job: Path, terjiman: Terjiman) -> None:
    short = {source: texts for source, texts in DRAFTS.items() if "2018" not in source}
    (job / "drafts.tsv").write_text(drafts(short), encoding="utf-8")
    result = terjiman("run", job)
    assert result.returncode == 0, result.stderr
    assert (job / "out/kk/news/report.md").is_file()
    assert STORY.count("\n\n") == (job / "out/kk/story.txt").read_text(encoding="utf-8").count("\n\n")
