"""What a folder holds is told from its files; what may not be run is refused with the reason."""

from __future__ import annotations

import contextlib
import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpora.errors import MissingError, TerjimanError, UsageError
from models import conversion, inspection, profile
from models.profile import Profile
from tests.models import chat_checkpoints, checkpoints

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


def test_a_converted_small100_is_told_by_its_layers_too(tmp_path: Path) -> None:
    folder = checkpoints.small100(tmp_path / "m")
    target = tmp_path / "made"
    target.mkdir()
    made = conversion.convert(folder, inspection.inspect(folder), target, quantisation="int8")
    assert inspection.inspect(target) == made
    (target / "tokenizer_config.json").unlink()
    assert inspection.inspect(target) == made


def test_a_gguf_file_is_told_by_what_it_says_before_its_name(tmp_path: Path) -> None:
    for number, (architecture, name, family) in enumerate(
        [
            ("hunyuan-dense", "model.gguf", "hunyuan"),
            ("gemma3", "Hy-MT2-1.8B-Q4_K_M.gguf", "gemma"),
            ("llama", "model.gguf", "causal"),
            ("llama", "Hy-MT2-1.8B-Q4_K_M.gguf", "hunyuan"),
        ]
    ):
        folder = tmp_path / str(number)
        folder.mkdir()
        chat_checkpoints.write_gguf(folder / name, architecture=architecture)
        assert inspection.inspect(folder).family == family


def test_an_old_hy_mt_is_asked_in_its_own_words(tmp_path: Path) -> None:
    chat_checkpoints.write_gguf(tmp_path / "HY-MT1.5-1.8B-Q4_K_M.gguf", architecture="hunyuan-dense")
    found = inspection.inspect(tmp_path)
    assert (found.family, found.template) == ("hunyuan", "hy-mt1.5")
    assert inspection.inspect(tmp_path, template="instruct").template == "instruct"


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
        ({"x": 1}, ["model.gguf"], "no GGUF file"),
    ],
)
def test_what_cannot_be_run_is_refused(
    tmp_path: Path, config: dict[str, object], names: list[str], message: str
) -> None:
    with pytest.raises(TerjimanError, match=message):
        inspection.inspect(_write(tmp_path, config, *names))


def test_an_empty_folder_and_a_broken_config_are_one_line(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="holds no model"):
        inspection.inspect(tmp_path)
    (tmp_path / "config.json").write_text("{", encoding="utf-8")
    with pytest.raises(UsageError, match="cannot be read"):
        inspection.inspect(tmp_path)


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 1 << 70) | st.text(max_size=8) | st.floats(allow_nan=True),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)
_FILES = {
    "nllb": ["config.json", "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json"],
    "marian": ["config.json", "tokenizer_config.json", "vocab.json"],
}


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    root = tmp_path_factory.mktemp("sound")
    return {family: checkpoints.MAKERS[family](root / family) for family in _FILES}


@settings(max_examples=150, deadline=None)
@given(data=st.data(), family=st.sampled_from(sorted(_FILES)), value=_VALUES)
def test_no_value_in_any_file_is_more_than_a_clear_line(
    folders: dict[str, Path], data: st.DataObject, family: str, value: object
) -> None:
    """One field of one file is set to whatever there is in JSON, or the whole file is."""
    path = folders[family] / data.draw(st.sampled_from(_FILES[family]))
    before = path.read_bytes() if path.exists() else None
    sound = json.loads(before or b"{}")
    key = data.draw(st.sampled_from([*sound, "", "auto_map", "added_tokens", "vocab_size"]))
    path.write_text(json.dumps({**sound, key: value} if key else value), encoding="utf-8")
    try:
        with contextlib.suppress(TerjimanError):
            assert inspection.inspect(folders[family]).family == family or key
    finally:
        path.unlink()
        if before is not None:
            path.write_bytes(before)


def test_a_tokenizer_file_that_is_missing_or_damaged_is_told_at_once(tmp_path: Path) -> None:
    folder = checkpoints.marian(tmp_path / "m")
    (folder / "source.spm").write_bytes(b"no pieces")
    with pytest.raises(MissingError, match=r"source\.spm: damaged"):
        inspection.inspect(folder)
    (folder / "source.spm").unlink()
    with pytest.raises(MissingError, match="the tokenizer is missing"):
        inspection.inspect(folder)


def test_prompts_must_be_known_and_are_for_chat_models(tmp_path: Path) -> None:
    folder = checkpoints.marian(tmp_path / "m")
    with pytest.raises(UsageError, match=r"unknown prompt 'x'.*instruct"):
        inspection.inspect(folder, template="x")
    with pytest.raises(UsageError, match="a prompt is for chat models"):
        inspection.inspect(folder, template="instruct")


@settings(max_examples=100, deadline=None)
@given(data=st.data(), value=_VALUES)
def test_no_value_in_a_profile_is_more_than_a_clear_line(
    data: st.DataObject, value: object, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """It may come with the folder of a stranger."""
    folder = tmp_path_factory.mktemp("profile")
    profile.write(Profile("llama.cpp", "causal", {"ru": "Russian"}, weights="a.gguf"), folder)
    sound = json.loads((folder / profile.FILE).read_bytes())
    key = data.draw(st.sampled_from(sorted(sound)))
    (folder / profile.FILE).write_text(json.dumps({**sound, key: value}), encoding="utf-8")
    with contextlib.suppress(MissingError):
        read = profile.read(folder)
        assert isinstance(getattr(read, key), type(sound[key]))
        assert read.codes


@pytest.mark.parametrize(
    ("key", "value"), [("weights", "../a.gguf"), ("codes", {"de": "x"}), ("beam", 10**9)]
)
def test_a_profile_that_leads_elsewhere_is_refused(tmp_path: Path, key: str, value: object) -> None:
    sound = {"runtime": "llama.cpp", "family": "causal", "codes": {"ru": "Russian"}, "weights": "a.gguf"}
    (tmp_path / profile.FILE).write_text(json.dumps({**sound, key: value}), encoding="utf-8")
    with pytest.raises(MissingError, match="damaged, or of another version"):
        profile.read(tmp_path)


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
def test_every_quantisation_is_made_and_runs(
    tmp_path: Path, kind: str, capfd: pytest.CaptureFixture[str]
) -> None:
    from corpora.records import Request
    from models.engines import loading

    folder = checkpoints.m2m100(tmp_path / "m")
    target = tmp_path / "made"
    target.mkdir()
    made = conversion.convert(folder, inspection.inspect(folder), target, quantisation=kind)
    assert (made.runtime, made.quantisation) == ("ctranslate2", kind)
    # the same is told from the files alone, where they come without a profile; int8_float32 is int8 in a file
    found = inspection.inspect(target, codes=made.codes)
    assert found == replace(made, quantisation="int8" if kind == "int8_float32" else kind)
    profile.write(made, target)
    capfd.readouterr()
    [[answer]] = loading.load("m", "0", target, threads=1).translate([Request("The camp.", "kk")])
    assert answer.text
    assert capfd.readouterr() == ("", "")  # no remarks on precision
