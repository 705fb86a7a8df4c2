"""The catalog that ships, and a user's own entries."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from corpora.errors import UsageError, UsageErrorGroup
from corpora.languages import TARGETS
from models import catalog, machine, store, user_catalog
from tests.conftest import Terjiman

OWN = """
[licences.house]
title = "House licence"
terms = "Ours alone."
commercial = false
redistribution = false

[models.my-nllb]
title = "NLLB-200 tuned on our archive"
family = "nllb"
parameters = 0.615
licence = "house"
codes = { kk = "kaz_Cyrl" }
source = "eng_Latn"
ranks = { kk = 1 }
variants = [{ format = "safetensors", hub = "us/my-nllb", quantisation = "float32" }]
"""


def test_the_shipped_catalog_is_whole() -> None:
    text = Path(catalog.__file__).with_name("catalog.toml").read_text(encoding="utf-8")
    user_catalog.File.model_validate(tomllib.loads(text))
    entries = catalog.shipped()
    assert len(entries) > 15
    for entry in entries.values():
        assert all((entry.title, entry.note, entry.ranked_by, entry.licence.terms, entry.licence.url))
        assert set(entry.ranks) == set(entry.codes) <= set(TARGETS)
        assert (not entry.variants) == (entry.name == "starter")
        assert all(variant.quantisation in machine.BYTES for variant in entry.variants)
        assert ("China" in entry.warning) == (entry.family == "hunyuan")
        store.folder(entry.name)
    assert "NC" not in "".join(one.licence.title for one in entries.values() if one.licence.commercial)
    assert catalog.ranked("en") == []


def test_every_language_has_models_ranked_best_first(home: Path) -> None:
    for lang in TARGETS:
        ranks = [entry.ranks[lang] for entry in catalog.ranked(lang)]
        assert ranks == sorted(ranks)
        assert len(set(ranks)) == len(ranks)
    assert "opus-mt-en-ru" not in [entry.name for entry in catalog.ranked("zh")]


def test_a_users_entry_joins_the_catalog(home: Path, terjiman: Terjiman) -> None:
    home.mkdir()
    (home / "models.toml").write_text(OWN, encoding="utf-8")
    entry = catalog.entries()["my-nllb"]
    assert (entry.own, entry.licence.title, entry.ranked_by) == (True, "House licence", "its user")
    assert catalog.ranked("kk")[0] == entry
    listed = terjiman("models", "list", env={"TERJIMAN_HOME": str(home)})
    assert "my-nllb" in listed.stdout


def test_all_faults_of_a_users_file_are_named_at_once(home: Path) -> None:
    home.mkdir()
    text = OWN.replace("my-nllb]", "starter]").replace('"house"\n', '"mit2"\n')
    text = text.replace("0.615", '"many"').replace("ranks = { kk = 1 }", "ranks = { ug = 1 }\nspeed = 3")
    (home / "models.toml").write_text(text, encoding="utf-8")
    with pytest.raises(UsageErrorGroup) as error:
        catalog.entries()
    said = str(error.value)
    for part in (
        "models.starter: this name is taken",
        "licence: no such licence; known: ",
        "parameters: Input should be a valid number",
        "speed: Extra inputs are not permitted",
        "ranks.ug: ranked, but",
    ):
        assert part in said
    assert len(error.value.errors) == 5


@pytest.mark.parametrize(
    "text", ["[models", "models = 3", "[models.x]", "[licences]\napache = 1", "[models]\nx = []", "y = 1"]
)
def test_a_senseless_file_is_clear_lines(home: Path, text: str) -> None:
    home.mkdir()
    (home / "models.toml").write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=r"models\.toml"):
        catalog.entries()


def test_a_file_that_is_no_text_is_one_line(home: Path) -> None:
    home.mkdir()
    (home / "models.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(UsageError, match="cannot be read"):
        catalog.entries()


def test_what_does_not_fit_says_why() -> None:
    entry = catalog.shipped()["nllb-200-3.3b"]
    small = machine.Machine(memory=2_000_000_000, disk=10**12)
    full = machine.Machine(memory=10**12, disk=1_000_000_000)
    assert "4.1 GB of memory, this machine has 2.0 GB" in machine.misfit(entry, entry.variants[0], small)
    assert "13.4 GB of disk, 1.0 GB are free" in machine.misfit(entry, entry.variants[0], full)
    assert machine.misfit(entry, entry.variants[0], machine.Machine(8 * 10**9, 10**12)) == ""
