"""Models by name, the catalog, and the command that shows them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from corpora.errors import MissingError, UsageError
from corpora.languages import TARGETS
from models import machine, profile, registry, store
from models.profile import Runtime
from models.starter import build, recipe_id
from pipeline.cli import model_list
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


@pytest.mark.parametrize("name", ["", "foo", "auto", "Starter", "recorded"])
def test_an_unknown_model_is_answered_with_the_known_ones(home: Path, name: str) -> None:
    for use in (registry.describe, registry.load_engine):
        with pytest.raises(UsageError, match=r"unknown model.*starter, hy-mt2.*recorded:FILE"):
            use(name)


@pytest.mark.parametrize("use", [registry.describe, registry.load_engine])
def test_a_model_of_the_catalog_that_is_not_here_says_how_to_get_it(
    home: Path, use: Callable[[str], object]
) -> None:
    with pytest.raises(MissingError, match=r"not installed.*terjiman models pull nllb-200-distilled-600m"):
        use("nllb-200-distilled-600m")
    with pytest.raises(MissingError, match="terjiman models pull hy-mt2-7b"):
        registry.ensure("hy-mt2-7b", progress=pytest.fail)


@pytest.mark.parametrize("name", ["../starter", "./here", "/no/such/folder", "x.gguf", "~/model"])
def test_a_path_is_looked_for_on_disk(home: Path, name: str) -> None:
    assert registry.resolve(name, "kk") == name
    for use in (registry.describe, registry.load_engine):
        with pytest.raises(MissingError, match="no such file or folder"):
            use(name)


def _put(name: str, entry: str, runtime: Runtime, size: int = 7) -> None:
    """Put a model of some runtime into the store: a profile and a few bytes."""

    def make(folder: Path) -> store.Facts:
        (folder / "model").write_bytes(b"w" * size)
        profile.write(profile.Profile(runtime, "nllb", {"kk": "kaz_Cyrl"}), folder)
        return store.Facts(runtime, "MIT", "a test", "", entry)

    store.install(name, make)


def test_auto_and_a_plain_name_find_the_best_form_installed(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine, "missing_extra", lambda form: "")
    _put("nllb-200-3.3b", "nllb-200-3.3b", "transformers")
    assert registry.resolve("auto", "kk") == registry.resolve("nllb-200-3.3b", "kk") == "nllb-200-3.3b"
    _put("nllb-200-3.3b-int8", "nllb-200-3.3b", "ctranslate2")
    assert registry.resolve("auto", "ug") == registry.resolve("nllb-200-3.3b", "ug") == "nllb-200-3.3b-int8"
    _put("hy-mt2-1.8b-q4_k_m", "hy-mt2-1.8b", "llama.cpp")
    assert registry.resolve("auto", "ug") == "hy-mt2-1.8b-q4_k_m"
    _put("opus-mt-en-ru", "opus-mt-en-ru", "transformers")
    assert registry.resolve("auto", "ru") == "hy-mt2-1.8b-q4_k_m"


def test_auto_takes_no_worse_model_for_one_that_is_damaged(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine, "missing_extra", lambda form: "")
    _put("nllb-200-3.3b-int8", "nllb-200-3.3b", "ctranslate2")
    _put("hy-mt2-1.8b-q4_k_m", "hy-mt2-1.8b", "llama.cpp")
    (store.folder("hy-mt2-1.8b-q4_k_m") / "model").write_bytes(b"")
    with pytest.raises(MissingError, match=r"'hy-mt2-1.8b-q4_k_m' is damaged.*models pull hy-mt2-1.8b"):
        registry.resolve("auto", "ru")
    _put("hy-mt2-1.8b-q8_0", "hy-mt2-1.8b", "llama.cpp")  # another form of the same model will do
    assert registry.resolve("auto", "ru") == "hy-mt2-1.8b-q8_0"
    store.remove("hy-mt2-1.8b-q8_0")
    store.remove("hy-mt2-1.8b-q4_k_m")
    assert registry.resolve("auto", "ru") == "nllb-200-3.3b-int8"


def test_auto_passes_over_what_this_machine_cannot_run(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "missing_extra", lambda form: "" if form == "ctranslate2" else "x")
    _put("nllb-200-3.3b", "nllb-200-3.3b", "transformers")
    assert registry.resolve("auto", "kk") == "starter"
    assert registry.resolve("nllb-200-3.3b", "kk") == "nllb-200-3.3b"
    _put("nllb-200-3.3b-int8", "nllb-200-3.3b", "ctranslate2")
    monkeypatch.setattr(machine, "here", lambda folder: machine.Machine(10, 10))
    assert registry.resolve("auto", "kk") == "starter"


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


def test_the_list_tells_which_form_is_damaged_and_where_to_look(home: Path) -> None:
    def state(name: str) -> str:
        return next(row.cells()[1] for row in model_list.rows() if row.name == name)

    _put("nllb-200-3.3b", "nllb-200-3.3b", "transformers")
    _put("nllb-200-3.3b-int8", "nllb-200-3.3b", "ctranslate2")
    _put("mine", "", "ctranslate2")
    for name in ("nllb-200-3.3b-int8", "mine"):
        (store.folder(name) / "model").write_bytes(b"")
    assert state("nllb-200-3.3b") == "installed; damaged: nllb-200-3.3b-int8"
    assert state("mine") == "damaged: terjiman models verify mine"


def test_the_list_tells_installed_damaged_outdated_and_available(home: Path, terjiman: Terjiman) -> None:
    def listed() -> str:
        result = terjiman("models", "list", env=_env(home))
        assert (result.returncode, result.stderr) == (0, "")
        assert "CC-BY-NC-4.0" in _line_of(result.stdout, "nllb-200-3.3b")
        return _line_of(result.stdout, "starter")

    assert "available: terjiman models pull starter" in listed()
    folder = _install()
    assert " installed " in listed()
    rows = json.loads(terjiman("models", "list", "--json", env=_env(home)).stdout)
    starter = next(row for row in rows if row["name"] == "starter")
    assert (starter["state"], starter["size"], starter["forms"]) == ("installed", 7, ["starter"])
    nllb = next(row for row in rows if row["name"] == "nllb-200-3.3b")
    assert (nllb["state"], nllb["terms"]["commercial"], nllb["scores"]["ug"]) == ("absent", False, 30.8)
    assert nllb["needs"][0] == {"quantisation": "float32", "disk": 13_360_000_000, "memory": 14_996_000_000}
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
