"""A tiny model, written and built once for all tests of this folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from models.engines.ctranslate2_engine import GeneratorEngine
from tests.models import tiny


@pytest.fixture(scope="session")
def tiny_files(tmp_path_factory: pytest.TempPathFactory) -> tiny.Files:
    """Return the parts of a tiny starter."""
    return tiny.write(tmp_path_factory.mktemp("tiny"))


@pytest.fixture(scope="session")
def tiny_model(tiny_files: tiny.Files, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the tiny model, int8."""
    return tiny.make(tmp_path_factory.mktemp("model") / "tiny", tiny_files)


@pytest.fixture(scope="session")
def tiny_engine(tiny_model: Path) -> GeneratorEngine:
    """Return the engine over the tiny model."""
    return tiny.engine(tiny_model)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty store of its own, named by the environment."""
    folder = tmp_path / "home"
    monkeypatch.setenv("TERJIMAN_HOME", str(folder))
    return folder
