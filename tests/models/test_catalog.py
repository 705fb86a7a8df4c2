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


HUB = {
    "hy-mt2-1.8b": "tencent/Hy-MT2-1.8B",
    "hy-mt2-7b": "tencent/Hy-MT2-7B",
    "hy-mt2-30b-a3b": "tencent/Hy-MT2-30B-A3B",
    "hy-mt1.5-1.8b": "tencent/HY-MT1.5-1.8B",
    "hy-mt1.5-7b": "tencent/HY-MT1.5-7B",
    "nllb-200-distilled-600m": "facebook/nllb-200-distilled-600M",
    "nllb-200-distilled-1.3b": "facebook/nllb-200-distilled-1.3B",
    "nllb-200-3.3b": "facebook/nllb-200-3.3B",
    "madlad400-3b": "google/madlad400-3b-mt",
    "madlad400-7b": "google/madlad400-7b-mt",
    "madlad400-10b": "google/madlad400-10b-mt",
    "opus-mt-en-ru": "Helsinki-NLP/opus-mt-en-ru",
    "opus-mt-en-zh": "Helsinki-NLP/opus-mt-en-zh",
    "small100": "alirezamsh/small100",
    "m2m100-418m": "facebook/m2m100_418M",
    "m2m100-1.2b": "facebook/m2m100_1.2B",
    "translategemma-4b": "google/translategemma-4b-it",
    "translategemma-12b": "google/translategemma-12b-it",
    "translategemma-27b": "google/translategemma-27b-it",
}
FAMILIES = {  # family -> codes, the model's own code for English, prompt, beam
    "hunyuan": ({"kk": "Kazakh", "ug": "Uyghur", "ru": "Russian", "zh": "Chinese"}, "", "hy-mt2", 1),
    "nllb": ({"kk": "kaz_Cyrl", "ug": "uig_Arab", "ru": "rus_Cyrl", "zh": "zho_Hans"}, "eng_Latn", "", 4),
    "t5": ({"kk": "<2kk>", "ug": "<2ug>", "ru": "<2ru>", "zh": "<2zh>"}, "", "", 4),
    "small100": ({"kk": "kk", "ru": "ru", "zh": "zh"}, "", "", 4),
    "m2m100": ({"kk": "kk", "ru": "ru", "zh": "zh"}, "en", "", 4),
    "gemma": ({"ru": "ru", "zh": "zh"}, "en", "translategemma", 1),
}


def test_every_model_is_where_its_makers_publish_it_and_asked_as_they_say() -> None:
    entries = {name: entry for name, entry in catalog.shipped().items() if entry.variants}
    found = {
        name: [one.hub for one in entry.variants if one.format == "safetensors"]
        for name, entry in entries.items()
    }
    assert found == {name: [hub] for name, hub in HUB.items()}
    for name, entry in entries.items():
        if entry.family in FAMILIES:
            asked = (dict(entry.codes), entry.source, entry.template, entry.decoding.beam)
            codes, source, prompt, beam = FAMILIES[entry.family]
            prompt = "hy-mt1.5" if name.startswith("hy-mt1.5") else prompt
            assert asked == (codes, source, prompt, beam), name
        ggufs = [one.hub for one in entry.variants if one.format == "gguf"]
        assert ggufs == ([f"{HUB[name]}-GGUF"] if entry.family == "hunyuan" else [])
    assert entries["opus-mt-en-ru"].codes == {"ru": ""}
    assert entries["opus-mt-en-zh"].codes == {"zh": ">>cmn_Hans<<"}


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
    text = text.replace('source = "eng_Latn"', 'template = "poem"')
    text = text.replace("0.615", '"many"').replace("ranks = { kk = 1 }", "ranks = { ug = 1 }\nspeed = 3")
    (home / "models.toml").write_text(text, encoding="utf-8")
    with pytest.raises(UsageErrorGroup) as error:
        catalog.entries()
    said = str(error.value)
    for part in (
        "models.starter: this name is taken",
        "licence: no such licence; known: ",
        "parameters: Input should be a valid number",
        "template: no such prompt; known: hy-mt2",
        "speed: Extra inputs are not permitted",
        "ranks.ug: ranked, but",
    ):
        assert part in said
    assert len(error.value.errors) == 6


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
