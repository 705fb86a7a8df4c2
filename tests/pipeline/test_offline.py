"""After installation no stage opens a socket beyond loopback."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conftest import SCRIPT, Terjiman, tree
from tests.pipeline.jobs import make_job

GUARD = """
import sys

def guard(event, args):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.bind", "socket.sendto", "socket.sendmsg"):
        print("SOCKET", event, args, file=sys.stderr, flush=True)
        raise PermissionError("no network in this test")

sys.addaudithook(guard)
"""


def _starter_job(folder: Path) -> Path:
    job = make_job(folder, targets=("kk", "ug", "ru", "zh"))
    (job / "sources/news/report.md").unlink()
    text = (job / "job.toml").read_text(encoding="utf-8").replace("recorded:drafts.tsv", "starter")
    (job / "job.toml").write_text(text, encoding="utf-8")
    return job


@pytest.mark.xdist_group("starter")
def test_no_stage_opens_a_socket(tmp_path: Path, terjiman: Terjiman) -> None:
    """An audit hook, in every Python process of the run, refuses and reports whatever touches a socket."""
    site = tmp_path / "site"
    site.mkdir()
    (site / "sitecustomize.py").write_text(GUARD, encoding="utf-8")
    job = _starter_job(tmp_path / "job")
    result = terjiman("run", job, "--to", "kk", env={"PYTHONPATH": str(site)})
    assert "SOCKET" not in result.stderr
    assert result.returncode == 0, result.stderr
    check = terjiman("--version", env={"PYTHONPATH": str(site)})
    assert check.returncode == 0


@pytest.mark.xdist_group("starter")
def test_the_guard_of_this_test_works(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(GUARD, encoding="utf-8")
    code = "import socket; socket.create_connection(('127.0.0.1', 9), 1)"
    python = SCRIPT.parent / "python"
    result = subprocess.run(
        [python, "-c", code], env={"PYTHONPATH": str(tmp_path)}, capture_output=True, text=True, check=False
    )
    assert "SOCKET" in result.stderr
    assert result.returncode != 0


@pytest.mark.xdist_group("starter")
def test_a_run_without_a_network(tmp_path: Path, terjiman: Terjiman) -> None:
    """In a network namespace of its own there is nothing to reach; the results are the same."""
    unshare = shutil.which("unshare")
    if (
        unshare is None
        or subprocess.run([unshare, "-rn", "true"], capture_output=True, check=False).returncode
    ):
        pytest.skip("network namespaces cannot be made here")
    job, other = _starter_job(tmp_path / "job"), _starter_job(tmp_path / "other")
    result = subprocess.run(
        [unshare, "-rn", SCRIPT, "run", job, "--quiet"], capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr
    assert terjiman("run", other, "--quiet").returncode == 0
    assert tree(job / "out") == tree(other / "out")
