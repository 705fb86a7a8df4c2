"""Models by name, the catalog, and the command that shows them."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpora.errors import MissingError, UsageError
from corpora.languages import TARGETS
from models import catalog, registry, store
from models.starter import build, recipe_id
from tests.conftest import Terjiman


def _install(recipe: str = recipe_id.RECIPE) -> Path:
    """Put a file under the starter's name: enough for whatever reads no weights."""

    def make(folder: Path) -> store.Facts:
        (folder / "model.bin").write_bytes(b"weights")
        return store.Facts(build.KIND, build.LICENCE, "a test", recipe)

    store.install("starter", make)
    return store.folder("starter")


def test_auto_is_the_starter_installed_or_not(home: Path) -> None:
    assert {registry.resolve("auto", lang) for lang in TARGETS} == {"starter"}
    _install()
    assert registry.resolve("auto", "ug") == "starter"
    assert registry.resolve("recorded:x.tsv", "ug") == "recorded:x.tsv"
    assert registry.resolve("nllb-200-3.3b", "kk") == "nllb-200-3.3b"
    with pytest.raises(UsageError, match="unknown language"):
        registry.resolve("auto", "xx")


def test_describing_the_starter_builds_nothing(home: Path) -> None:
    with pytest.raises(MissingError, match=r"not installed.*terjiman models pull starter"):
        registry.describe("starter")
    assert not home.exists()
    _install()
    info = registry.describe("starter")
    assert info.targets == TARGETS
    assert info.abilities == {"n-best", "prefix", "terms"}
    assert (info.batch_invariant, info.reproducible) == (True, True)
    assert "unfit for publication" in info.warning
    assert len(info.digest) == 64


def test_a_store_elsewhere_can_be_described(home: Path, tmp_path: Path) -> None:
    _install()
    assert registry.describe("starter", root=home) == registry.describe("starter")
    with pytest.raises(MissingError):
        registry.describe("starter", root=tmp_path / "other")


def test_a_starter_of_another_version_must_be_made_again(home: Path) -> None:
    _install("build 0")
    assert registry.state("starter") == "outdated"
    for use in (registry.describe, registry.load_engine):
        with pytest.raises(MissingError, match=r"another version.*models pull starter"):
            use("starter")
    assert not build.is_current()


@pytest.mark.parametrize("name", ["", "foo", "auto", "Starter", "../starter"])
def test_an_unknown_model_is_answered_with_the_known_ones(home: Path, name: str) -> None:
    for use in (registry.describe, registry.load_engine):
        with pytest.raises(UsageError, match=r"unknown model.*starter, recorded:FILE"):
            use(name)


def test_a_known_model_of_a_later_version_says_so(home: Path) -> None:
    with pytest.raises(UsageError, match="not yet in this version"):
        registry.load_engine("nllb-200-distilled-600m")


def test_the_catalog_is_whole() -> None:
    entries = catalog.entries()
    assert len(entries) > 15
    for entry in entries.values():
        assert all((entry.title, entry.licence, entry.note, entry.kind))
        assert set(entry.ranks) == set(entry.codes) <= set(TARGETS)
        assert (entry.hub == "") == (entry.name == "starter")
        assert (entry.megabytes > 0) or not entry.supported
        store.folder(entry.name)
    assert [entry.name for entry in entries.values() if entry.supported] == ["starter"]
    assert "NC" not in "".join(entry.licence for entry in entries.values() if entry.commercial)
    assert catalog.ranked("en") == []


def test_recorded_needs_no_ensuring(tmp_path: Path, home: Path) -> None:
    path = tmp_path / "r.tsv"
    path.write_text("Yes.\tДа.\n", encoding="utf-8")
    registry.ensure(f"recorded:{path}", progress=pytest.fail)
    with pytest.raises(MissingError):
        registry.ensure(f"recorded:{path}x", progress=pytest.fail)


def _env(home: Path) -> dict[str, str]:
    return {"TERJIMAN_HOME": str(home)}


def _line_of(output: str, name: str) -> str:
    return next(line for line in output.splitlines() if line.split()[0] == name)


def test_the_list_tells_installed_damaged_outdated_and_available(home: Path, terjiman: Terjiman) -> None:
    def listed() -> str:
        result = terjiman("models", "list", env=_env(home))
        assert (result.returncode, result.stderr) == (0, "")
        assert "not yet in this version" in _line_of(result.stdout, "nllb-200-3.3b")
        return _line_of(result.stdout, "starter")

    assert "available: terjiman models pull starter" in listed()
    folder = _install()
    assert " installed " in listed()
    (folder / "model.bin").write_bytes(b"short")
    assert " damaged: " in listed()
    (folder / store.MANIFEST).write_text("{")
    assert " damaged: " in listed()
    _install("build 0")
    assert "made by another version" in listed()


def test_verify_reads_every_byte(home: Path, terjiman: Terjiman) -> None:
    empty = terjiman("models", "verify", env=_env(home))
    assert (empty.returncode, empty.stdout) == (0, "no model is installed\n")
    folder = _install()
    sound = terjiman("models", "verify", "starter", env=_env(home))
    assert (sound.returncode, sound.stdout) == (0, "starter  sound, 1 files, 0 MB\n")
    (folder / "model.bin").write_bytes(b"WEIGHTS")
    damaged = terjiman("models", "verify", env=_env(home))
    assert (damaged.returncode, damaged.stdout) == (3, "")
    assert "model.bin" in damaged.stderr
    assert "its content has changed" in damaged.stderr


@pytest.mark.parametrize(
    ("name", "code", "message"),
    [
        ("foo", 2, "unknown model 'foo'"),
        ("hy-mt2-7b", 2, "not yet in this version"),
        ("recorded:x", 2, "no model that can be pulled"),
        ("auto", 2, "no model that can be pulled"),
    ],
)
def test_pull_says_what_it_cannot(home: Path, terjiman: Terjiman, name: str, code: int, message: str) -> None:
    result = terjiman("models", "pull", name, env=_env(home))
    assert (result.returncode, result.stdout) == (code, "")
    assert message in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_pulling_into_a_place_that_cannot_be_written_is_exit_74(terjiman: Terjiman) -> None:
    result = terjiman("models", "pull", "starter", env={"TERJIMAN_HOME": "/dev/null/x"})
    assert result.returncode == 74
    assert "TERJIMAN_HOME" in result.stderr
    assert "Traceback" not in result.stderr
