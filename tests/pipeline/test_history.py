"""The history of a job and the report as data, as runs leave them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.pipeline.jobs import DRAFTS, drafts, make_job


def run(job: Path) -> None:
    command = [sys.executable, "-c", "from pipeline.cli import main; main()", "run", str(job), "--quiet"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr


def test_each_run_that_changes_a_result_is_remembered_once(tmp_path: Path) -> None:
    job = make_job(tmp_path, targets=("kk", "ug"))
    table = {source: dict(texts) for source, texts in DRAFTS.items()}
    table["I was born in Kashgar."]["kk"] = "Мен Үрімжіде 1987 жылы тудым."
    (job / "drafts.tsv").write_text(drafts(table), encoding="utf-8")
    run(job)
    run(job)
    first = json.loads((job / "out/report.json").read_bytes())
    assert len(first["history"]) == 1
    assert first["schema"] == 1
    assert [one["stage"] for one in first["stages"]] == ["ingest", "translate", "align", "score", "publish"]
    assert all(one["seconds"] > 0 for one in first["stages"])
    assert first["documents"][0]["document"] == "story.txt"
    assert first["documents"][0]["doubt"] > first["documents"][-1]["doubt"]
    assert first["worst"][0]["source"] == "I was born in Kashgar."
    assert first["notes"], "says that there is no spBLEU"
    (job / "drafts.tsv").write_text(drafts(DRAFTS), encoding="utf-8")
    run(job)
    second = json.loads((job / "out/report.json").read_bytes())
    assert len(second["history"]) == 2
    before, after = (one["scores"]["kk"]["chrf"]["score"] for one in second["history"])
    assert before < after
    assert second["history"][0]["errors"]["kk"][0] > second["history"][1]["errors"]["kk"][0] == 0
    assert [(one["term"], one["failed"]) for one in second["terms"] if one["failed"]] == []
    assert "Over the last 2 runs" in (job / "out/report.html").read_text(encoding="utf-8")


def test_a_damaged_line_of_the_history_is_passed_over(tmp_path: Path) -> None:
    job = make_job(tmp_path, targets=("ru",))
    run(job)
    history = job / ".terjiman/history.jsonl"
    history.write_bytes(b'{"when": 1}\nnot json\n' + history.read_bytes())
    (job / "drafts.tsv").write_text(
        drafts({**DRAFTS, "I left in 2017.": {"ru": "В 2017 году я уехала."}}), encoding="utf-8"
    )
    run(job)
    assert len(json.loads((job / "out/report.json").read_bytes())["history"]) == 2


def test_a_job_s_checks_are_tuned_and_only_scoring_runs_again(tmp_path: Path) -> None:
    job = make_job(tmp_path, targets=("kk",))
    table = {source: dict(texts) for source, texts in DRAFTS.items()}
    table["I left in 2017."]["kk"] = "Мен 2071 жылы кеттім."
    (job / "drafts.tsv").write_text(drafts(table), encoding="utf-8")
    run(job)
    flagged = json.loads((job / "out/report.json").read_bytes())
    assert "number" in {flag["check"] for one in flagged["worst"] for flag in one["flags"]}
    file = job / "job.toml"
    file.write_text(
        file.read_text().replace('encoder = ""', 'encoder = ""\noff = ["number"]'), encoding="utf-8"
    )
    run(job)
    tuned = json.loads((job / "out/report.json").read_bytes())
    assert "number" not in {flag["check"] for one in tuned["worst"] for flag in one["flags"]}
    assert [one["stage"] for one in tuned["stages"]] == ["score", "publish"]
