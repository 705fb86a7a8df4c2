"""A built wheel works in an environment of its own, outside the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def _call(*command: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    return subprocess.run(
        command, cwd=cwd, env=environment, capture_output=True, text=True, check=False, timeout=280
    )


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel with the build backend of this environment, so that no network is needed."""
    folder = tmp_path_factory.mktemp("wheel")
    built = _call(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, cwd=ROOT)
    assert built.returncode == 0, built.stderr
    return next(folder.glob("terjiman-*.whl"))


def test_the_wheel_holds_data_and_no_tests(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for needed in (
        "models/starter/adapter.safetensors",
        "models/starter/NOTICE",
        "models/catalog.toml",
        "glossary/data/names.csv",
        "corpora/sample/job.toml",
        "corpora/sample/sources/news/report.md",
        "corpora/sample/references/news/report.ug.txt",
    ):
        assert any(name.endswith(needed) for name in names), needed
    assert not [name for name in names if name.startswith(("tests/", "benchmarks/")) or "/out/" in name]
    assert not [name for name in names if ".terjiman" in name]


@pytest.mark.xdist_group("starter")
def test_init_and_run_from_the_wheel(wheel: Path, tmp_path: Path) -> None:
    """The dependencies come from this environment; the package itself only from the wheel."""
    venv = tmp_path / "venv"
    assert _call(sys.executable, "-m", "venv", venv).returncode == 0
    site = next(venv.glob("lib/python*/site-packages"))
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    installed = _call(venv / "bin/python", "-m", "pip", "install", "--no-deps", "--no-index", wheel)
    assert installed.returncode == 0, installed.stderr
    where = _call(venv / "bin/python", "-c", "import pipeline; print(pipeline.__file__)", cwd=tmp_path)
    assert str(venv) in where.stdout
    terjiman = venv / "bin/terjiman"
    assert _call(terjiman, "init", "x", cwd=tmp_path).returncode == 0
    result = _call(terjiman, "run", "x", "--to", "ru", cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    assert (tmp_path / "x/out/ru/news/report.md").is_file()
    assert (tmp_path / "x/out/review.html").is_file()
