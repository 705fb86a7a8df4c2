"""Killed at any moment, the next run continues and ends with the bytes of a run that was never killed."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipeline.executors import SerialExecutor
from pipeline.job import open_job
from pipeline.progress import Reporter
from pipeline.runner import run_job
from pipeline.workspace import Workspace
from tests.conftest import SCRIPT, Terjiman, tree
from tests.pipeline.jobs import GLOSSARY, STORY, make_job

SYSTEM_CALLS = ("open", "replace", "rename", "unlink", "rmdir", "mkdir", "fsync")


def _run(job: Path) -> None:
    workspace = Workspace(open_job(job), Reporter(quiet=True), SerialExecutor())
    workspace.state.open()
    outcome = run_job(workspace)
    assert not outcome.failures


def _in_child(job: Path, die_at: int) -> tuple[bool, int]:
    """Run the job in a forked child that dies, as by SIGKILL, before its `die_at`-th change of the disk.

    Returns whether it died there, and how many changes it counted (if it lived).
    """
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        calls = 0

        def counted(real: Callable[..., Any]) -> Callable[..., Any]:
            def call(*args: Any, **kwargs: Any) -> Any:
                nonlocal calls
                reading = real is open_ and not (args[1] & (os.O_WRONLY | os.O_RDWR))
                if not reading:
                    calls += 1
                    if calls == die_at:
                        os._exit(137)
                return real(*args, **kwargs)

            return call

        open_ = os.open
        for name in SYSTEM_CALLS:
            setattr(os, name, counted(getattr(os, name)))
        try:
            _run(job)
        except BaseException:
            os._exit(1)
        os.write(writer, str(calls).encode())
        os._exit(0)
    os.close(writer)
    _, status = os.waitpid(child, 0)
    counted_calls = os.read(reader, 32)
    os.close(reader)
    code = os.waitstatus_to_exitcode(status)
    assert code in (0, 137), code
    return code == 137, int(counted_calls or 0)


def test_killed_before_every_change_of_the_disk(tmp_path: Path) -> None:
    """One document: first a fresh run, then a run after a term and the text have changed."""
    base = make_job(tmp_path / "base", targets=("zh",))
    shutil.rmtree(base / "sources/news")
    (base / "sources/talk.html").unlink()
    (base / "references/story.kk.txt").unlink()

    def change(job: Path) -> None:
        (job / "glossary.csv").write_text(GLOSSARY.replace("喀什", "喀什噶尔"), encoding="utf-8")
        (job / "sources/story.txt").write_text(STORY + "\nI saw the camp.\n", encoding="utf-8")

    for name in ("fresh", "changed"):
        whole = tmp_path / f"{name}-whole"
        shutil.copytree(base, whole)
        if name == "changed":
            _run(whole)
            change(whole)
        started = tmp_path / f"{name}-start"
        shutil.copytree(whole, started)
        _, total = _in_child(whole, 0)
        expected = tree(whole / "out")
        assert total > 60
        for die_at in range(1, total + 1):
            job = tmp_path / "job"
            shutil.copytree(started, job)
            died, _ = _in_child(job, die_at)
            assert died
            _run(job)
            assert tree(job / "out") == expected, f"{name}: killed before change {die_at} of {total}"
            assert not list(job.rglob("*.edited-*")), f"{name}: {die_at}"
            shutil.rmtree(job)


@pytest.mark.xdist_group("starter")
def test_sigkill_at_random_moments_with_the_starter(tmp_path: Path, terjiman: Terjiman) -> None:
    """Twenty kills while the real model is at work."""
    extra = '[publish]\nformats = ["document", "tmx", "tsv", "jsonl", "review"]\n'

    def starter_job(folder: Path) -> Path:
        job = make_job(folder, targets=("kk", "ru"), extra=extra)
        text = (job / "job.toml").read_text(encoding="utf-8").replace("recorded:drafts.tsv", "starter")
        (job / "job.toml").write_text(text, encoding="utf-8")
        return job

    whole = starter_job(tmp_path / "whole")
    assert terjiman("run", whole, "--quiet").returncode == 0
    job = starter_job(tmp_path / "job")
    moments = random.Random(7)
    for _ in range(20):
        process = subprocess.Popen([SCRIPT, "run", job, "--quiet"], stderr=subprocess.PIPE)
        try:
            process.wait(moments.uniform(0.2, 2.5))
        except subprocess.TimeoutExpired:
            process.kill()
        process.communicate()
    result = terjiman("run", job)
    assert result.returncode == 0, result.stderr
    assert tree(job / "out") == tree(whole / "out")


@pytest.mark.xdist_group("starter")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_signal_ends_the_run_cleanly(tmp_path: Path, terjiman: Terjiman, number: int, code: int) -> None:
    job = make_job(tmp_path / "job", targets=("kk", "ru"))
    text = (job / "job.toml").read_text(encoding="utf-8").replace("recorded:drafts.tsv", "starter")
    (job / "job.toml").write_text(text, encoding="utf-8")
    process = subprocess.Popen([SCRIPT, "run", job], stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 60
    while not (job / ".terjiman/work").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(number)
    _, stderr = process.communicate(timeout=60)
    assert process.returncode == code, stderr
    assert "run again to continue" in stderr
    assert "Traceback" not in stderr
    assert terjiman("run", job, "--quiet").returncode == 0


def test_workers_end_with_their_parent(tmp_path: Path) -> None:
    script = (
        "import os, time\n"
        "from pipeline.executors import WorkerExecutor\n"
        "if __name__ == '__main__':\n"
        "    pool = WorkerExecutor(1)\n"
        "    print(pool.submit(os.getpid).result(), flush=True)\n"
        "    time.sleep(60)\n"
    )
    path = tmp_path / "parent.py"
    path.write_text(script, encoding="utf-8")
    process = subprocess.Popen([sys.executable, path], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    worker = int(process.stdout.readline())
    process.kill()
    process.wait()
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and Path(f"/proc/{worker}").exists():
        state = Path(f"/proc/{worker}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()[0]
        if state == "Z":
            break
        time.sleep(0.2)
    else:
        assert not Path(f"/proc/{worker}").exists()


def test_a_worker_that_dies_fails_its_call_only() -> None:
    from pipeline.executors import WorkerDiedError, WorkerExecutor

    with WorkerExecutor(1) as pool:
        with pytest.raises(WorkerDiedError):
            pool.submit(os._exit, 9).result()
        assert pool.submit(len, "four").result() == 4
