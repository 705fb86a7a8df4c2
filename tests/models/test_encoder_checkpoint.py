"""Sentence encoders from folders and from the store, on tiny checkpoints of the real layout."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from corpora.errors import InputError, TerjimanError, UsageError
from models import store
from models.encoders import describe_encoder, load_encoder
from models.encoders.checkpoint import batches
from models.encoders.layout import is_encoder, read_layout
from pipeline.cli.entry import app
from tests.models.tiny_encoder import e5_like, labse_like, write

pytest.importorskip("torch")
TEXTS = ["The lawyer left Almaty in June.", "Bread!", "Заңгер.", "нан хлеб", "نان", "律师。", "面包"]
runner = CliRunner()


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("encoders")
    labse_like(root / "labse")
    e5_like(root / "multilingual-e5-tiny")
    return root


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERJIMAN_HOME", str(tmp_path / "home"))


def by_hand(folder: Path, texts: Sequence[str], prompt: str = "") -> np.ndarray:
    """What the parts of a folder give, one text at a time, without padding or batches."""
    import torch
    from safetensors.torch import load_file
    from transformers import AutoModel, AutoTokenizer

    tokenizer, model = AutoTokenizer.from_pretrained(folder), AutoModel.from_pretrained(folder).eval()
    rows = []
    for text in texts:
        with torch.inference_mode():
            states = model(**tokenizer(prompt + text, return_tensors="pt")).last_hidden_state[0]
        if (folder / "2_Dense").is_dir():
            layer = load_file(folder / "2_Dense" / "model.safetensors")
            vector = torch.tanh(layer["linear.weight"] @ states[0] + layer["linear.bias"])
        else:
            vector = states.mean(dim=0)
        rows.append((vector / vector.norm()).numpy())
    return np.array(rows)


def test_cls_pooling_and_a_dense_layer_as_in_labse(folders: Path) -> None:
    rows = load_encoder(str(folders / "labse")).encode(TEXTS)
    assert rows.shape == (len(TEXTS), 6)
    assert rows.dtype == np.float32
    np.testing.assert_allclose(rows, by_hand(folders / "labse", TEXTS), atol=1e-5)


def test_mean_pooling_and_the_prompt_of_e5(folders: Path) -> None:
    folder = folders / "multilingual-e5-tiny"
    assert read_layout(folder).prompt == "query: "
    rows = load_encoder(str(folder)).encode(TEXTS)
    np.testing.assert_allclose(rows, by_hand(folder, TEXTS, "query: "), atol=1e-5)
    assert load_encoder(str(folder)).encode([]).shape == (0, 8)


def test_a_prompt_of_ones_own_outranks_and_changes_the_digest(folders: Path, tmp_path: Path) -> None:
    shutil.copytree(folders / "multilingual-e5-tiny", tmp_path / "m")
    before = describe_encoder(str(tmp_path / "m"))
    write(tmp_path / "m" / "encoder.json", {"prompt": "bread : "})
    assert describe_encoder(str(tmp_path / "m")) != before
    rows = load_encoder(str(tmp_path / "m")).encode(TEXTS)
    np.testing.assert_allclose(rows, by_hand(tmp_path / "m", TEXTS, "bread : "), atol=1e-5)


@pytest.mark.parametrize("said", [
    {"prompts": {"query": "query: ", "passage": "passage: "}, "default_prompt_name": None},
    {"prompts": {"sts": "query: "}, "default_prompt_name": "sts"},
])  # fmt: skip
def test_prompts_that_the_folder_names(said: dict[str, object], folders: Path, tmp_path: Path) -> None:
    shutil.copytree(folders / "labse", tmp_path / "m")
    write(tmp_path / "m" / "config_sentence_transformers.json", said)
    assert read_layout(tmp_path / "m").prompt == "query: "


def test_nothing_of_a_long_text_is_left_out(folders: Path) -> None:
    """Beyond the 16 tokens that the model takes, the end of the text still counts."""
    encoder = load_encoder(str(folders / "labse"))
    start = "the lawyer left almaty in june . " * 4
    rows = encoder.encode([start, start + "bread is bread ! ? 面 包", start + "bread"])
    assert np.abs(rows[0] - rows[1]).max() > 1e-6
    assert np.abs(rows[1] - rows[2]).max() > 1e-6
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)


def test_batches_hold_their_budget_and_every_text_once() -> None:
    sizes = np.array([5, 900, 3, 3, 40, 41, 2000, 7])
    found = list(batches(sizes, 1000))
    assert sorted(int(k) for batch in found for k in batch) == list(range(8))
    assert all(len(batch) == 1 or len(batch) * sizes[batch].max() <= 1000 for batch in found)


def test_an_encoder_is_added_to_the_store_listed_and_used(folders: Path, tmp_path: Path) -> None:
    (tmp_path / "big").mkdir()
    shutil.copytree(folders / "labse", tmp_path / "big" / "LaBSE")
    (tmp_path / "big" / "LaBSE" / "pytorch_model.bin").write_bytes(b"\x80pickle")
    (tmp_path / "big" / "LaBSE" / "evil.py").write_text("raise SystemExit")
    added = runner.invoke(app, ["models", "add", str(tmp_path / "big" / "LaBSE")])
    assert added.exit_code == 0, added.output
    names = set(store.read_manifest("labse").files)
    assert {
        "modules.json",
        "1_Pooling/config.json",
        "2_Dense/model.safetensors",
        "model.safetensors",
    } <= names
    assert not {"pytorch_model.bin", "evil.py"} & names
    rows = load_encoder("labse").encode(TEXTS)
    np.testing.assert_array_equal(rows, load_encoder(str(tmp_path / "big" / "LaBSE")).encode(TEXTS))
    listed = runner.invoke(app, ["models", "list"])
    assert listed.exit_code == 0, listed.output
    assert "labse" in listed.output
    (store.folder("labse") / "2_Dense" / "model.safetensors").write_bytes(b"damaged")
    with pytest.raises(TerjimanError, match="damaged"):
        load_encoder("labse")


def test_translators_are_no_encoders(tmp_path: Path) -> None:
    write(tmp_path / "config.json", {"model_type": "marian", "architectures": ["MarianMTModel"]})
    assert not is_encoder(tmp_path)
    with pytest.raises(UsageError, match="holds no sentence encoder"):
        load_encoder(str(tmp_path))


def spoil(folder: Path, case: str) -> None:
    if case == "pickle":
        (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    elif case == "code":
        config = json.loads((folder / "config.json").read_text())
        write(folder / "config.json", {**config, "auto_map": {"AutoModel": "x.Y"}})
    elif case == "architecture":
        write(folder / "config.json", {"model_type": "t5"})
    elif case == "pooling":
        write(folder / "1_Pooling" / "config.json", {"pooling_mode_weightedmean_tokens": True})
    elif case == "outside":
        modules = json.loads((folder / "modules.json").read_text())
        modules[2]["path"] = "../../elsewhere"
        write(folder / "modules.json", modules)
    elif case == "json":
        (folder / "modules.json").write_text("{")
    elif case == "weights":
        (folder / "model.safetensors").write_bytes(b"x" * 100)
    elif case == "layer":
        (folder / "2_Dense" / "model.safetensors").write_bytes(b"x" * 100)


@pytest.mark.parametrize(("case", "message"), [
    ("pickle", "no weights in safetensors"),
    ("code", "auto_map"),
    ("architecture", "'t5' is no sentence encoder"),
    ("pooling", "is not known"),
    ("outside", "lies outside"),
    ("json", "cannot be read"),
    ("weights", "cannot be loaded"),
    ("layer", "cannot be loaded"),
])  # fmt: skip
def test_what_is_wrong_is_told(case: str, message: str, folders: Path, tmp_path: Path) -> None:
    shutil.copytree(folders / "labse", tmp_path / "m")
    spoil(tmp_path / "m", case)
    with pytest.raises((InputError, UsageError), match=message):
        load_encoder(str(tmp_path / "m"))


def test_names_that_nobody_knows(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="unknown encoder 'labse'"):
        load_encoder("labse")
    with pytest.raises(TerjimanError, match="no such folder"):
        load_encoder(str(tmp_path / "nothing"))
