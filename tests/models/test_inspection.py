"""What a folder holds is told from its files; what may not be run is refused with the reason."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from corpora.errors import InputError, MissingError, TerjimanError, UsageError
from models import conversion, inspection
from models.profile import Profile
from tests.models import checkpoints

FOUND = {
    "marian": ("marian", {"ru": ""}, ""),
    "m2m100": ("m2m100", {"kk": "kk", "ru": "ru", "zh": "zh"}, "en"),
    "small100": ("small100", {"kk": "kk", "ru": "ru", "zh": "zh"}, ""),
    "nllb": ("nllb", {"kk": "kaz_Cyrl", "ug": "uig_Arab", "ru": "rus_Cyrl", "zh": "zho_Hans"}, "eng_Latn"),
    "t5": ("t5", {"kk": "<2kk>", "ug": "<2ug>", "ru": "<2ru>", "zh": "<2zh>"}, ""),
}


@pytest.mark.parametrize("family", sorted(FOUND))
def test_families_and_languages_are_found(tmp_path: Path, family: str) -> None:
    made = inspection.inspect(checkpoints.MAKERS[family](tmp_path / "m"))
    assert (made.family, dict(made.codes), made.source) == FOUND[family]
    assert (made.runtime, made.quantisation) == ("transformers", "float32")


def test_small100_is_told_by_its_layers_too(tmp_path: Path) -> None:
    folder = checkpoints.small100(tmp_path / "m")
    (folder / "tokenizer_config.json").unlink()
    assert inspection.inspect(folder).family == "small100"


def test_chinese_marian_takes_its_mark(tmp_path: Path) -> None:
    made = inspection.inspect(checkpoints.marian(tmp_path / "m", "zh"))
    assert dict(made.codes) == {"zh": ">>cmn_Hans<<"}


def test_a_marian_model_that_does_not_say_its_language_asks_for_it(tmp_path: Path) -> None:
    folder = checkpoints.marian(tmp_path / "m")
    (folder / "tokenizer_config.json").unlink()
    with pytest.raises(UsageError, match="--language ru="):
        inspection.inspect(folder)
    assert inspection.inspect(folder, codes={"ru": ""}).codes == {"ru": ""}


def test_a_t5_that_is_no_translator_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no translator"):
        inspection.inspect(checkpoints.t5(tmp_path / "m", translates=False))


def _write(folder: Path, config: dict[str, object], *names: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    for name in names:
        (folder / name).write_bytes(b"x")
    return folder


@pytest.mark.parametrize(
    ("config", "names", "message"),
    [
        ({"architectures": ["MarianMTModel"]}, ["pytorch_model.bin"], "pickle"),
        ({"architectures": ["MarianMTModel"]}, ["model.safetensors", "tokenization_x.py"], "code of its own"),
        ({"architectures": ["X"], "auto_map": {"AutoModel": "x"}}, ["model.safetensors"], "auto_map"),
        ({"architectures": ["WhisperForX"]}, ["model.safetensors"], "WhisperForX is not one"),
        ({"architectures": ["MarianMTModel"]}, [], "no weights"),
        ({"unk_token": "x"}, ["model.bin"], "vocabulary"),
        ({"unk_token": "x"}, ["model.bin", "shared_vocabulary.json"], "tokenizer files are missing"),
        ({}, ["model.safetensors"], "config.json is missing"),
        ({"x": 1}, ["model.gguf"], "not a GGUF file"),
    ],
)
def test_what_cannot_be_run_is_refused(
    tmp_path: Path, config: dict[str, object], names: list[str], message: str
) -> None:
    with pytest.raises(TerjimanError, match=message):
        inspection.inspect(_write(tmp_path, config, *names))


def test_an_empty_folder_and_a_broken_config_are_one_line(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds no model"):
        inspection.inspect(tmp_path)
    (tmp_path / "config.json").write_text("{", encoding="utf-8")
    with pytest.raises(UsageError, match="cannot be read"):
        inspection.inspect(tmp_path)


def test_codes_must_be_known_to_both(tmp_path: Path) -> None:
    folder = checkpoints.nllb(tmp_path / "m")
    with pytest.raises(UsageError, match="does not translate into 'de'"):
        inspection.inspect(folder, codes={"de": "deu_Latn"})
    with pytest.raises(UsageError, match="no token for 'kaz_Latn'"):
        inspection.inspect(folder, codes={"kk": "kaz_Latn"})


def test_conversion_refuses_nonsense(tmp_path: Path) -> None:
    folder = checkpoints.m2m100(tmp_path / "m")
    known = inspection.inspect(folder)
    with pytest.raises(UsageError, match="unknown quantisation 'int3'"):
        conversion.convert(folder, known, tmp_path, quantisation="int3")
    with pytest.raises(UsageError, match="only checkpoints"):
        conversion.convert(folder, Profile("ctranslate2", "m2m100", {}), tmp_path, quantisation="int8")
    with pytest.raises(UsageError, match="HunYuan"):
        conversion.convert(folder, Profile("transformers", "hunyuan", {}), tmp_path, quantisation="int8")
    (folder / "vocab.json").unlink()
    with pytest.raises(MissingError, match="vocabulary is missing"):
        conversion.convert(folder, known, tmp_path, quantisation="int8")


@pytest.mark.parametrize("kind", conversion.QUANTISATIONS)
def test_every_quantisation_is_made_and_runs(tmp_path: Path, kind: str) -> None:
    from corpora.records import Request
    from models import profile
    from models.engines import loading

    folder = checkpoints.m2m100(tmp_path / "m")
    target = tmp_path / "made"
    target.mkdir()
    made = conversion.convert(folder, inspection.inspect(folder), target, quantisation=kind)
    assert (made.runtime, made.quantisation) == ("ctranslate2", kind)
    profile.write(made, target)
    [[answer]] = loading.load("m", "0", target, threads=1).translate([Request("The camp.", "kk")])
    assert answer.text
