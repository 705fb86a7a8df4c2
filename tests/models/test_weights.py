"""Weights that are cut short, or not all there, are told before they are needed."""

from __future__ import annotations

import json
import shutil
import struct
from collections.abc import Callable
from pathlib import Path

import gguf
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.numpy import save_file

from corpora.errors import MissingError
from models import weights
from models.engines import gguf_header
from tests.models import chat_checkpoints


def _safetensors(folder: Path, _: Path) -> Path:
    save_file({"a": np.zeros((3, 4), np.float32), "b": np.ones(5, np.int8)}, folder / "model.safetensors")
    return folder / "model.safetensors"


def _gguf(folder: Path, _: Path) -> Path:
    chat_checkpoints.write_gguf(folder / "a-F32.gguf")
    return folder / "a-F32.gguf"


def _ctranslate2(folder: Path, model: Path) -> Path:
    shutil.copyfile(model / "model.bin", folder / "model.bin")
    return folder / "model.bin"


MAKERS = [_safetensors, _gguf, _ctranslate2]


@pytest.mark.parametrize("make", MAKERS)
def test_whole_files_pass_and_cut_ones_are_named(
    make: Callable[[Path, Path], Path], tiny_model: Path, tmp_path: Path
) -> None:
    path = make(tmp_path, tiny_model)
    weights.check(tmp_path)
    whole = path.read_bytes()
    for size in (len(whole) - 1, len(whole) // 2, 30, 3):
        path.write_bytes(whole[:size])
        with pytest.raises(MissingError, match=path.name):
            weights.check(tmp_path)


@settings(max_examples=60, deadline=None)
@given(noise=st.binary(max_size=80))
def test_noise_is_one_clear_error(noise: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("noise")
    for name in ("model.safetensors", "model.bin", "a.gguf"):
        path = folder / name
        path.write_bytes(noise)
        with pytest.raises(MissingError, match=name):
            weights.check(folder)
        path.unlink()


@pytest.mark.parametrize(
    "header",
    [
        "[]",
        "{",
        '{"a": {"data_offsets": [0, Infinity]}}',
        '{"a": 1}',
        '{"a": {"data_offsets": 3}}',
        "[" * 100_000,
    ],
)
def test_a_header_that_makes_no_sense_is_one_clear_error(tmp_path: Path, header: str) -> None:
    (tmp_path / "model.safetensors").write_bytes(struct.pack("<Q", len(header)) + header.encode())
    with pytest.raises(MissingError, match=r"model\.safetensors: damaged"):
        weights.check(tmp_path)


def test_a_shard_that_stayed_behind_is_named(tmp_path: Path) -> None:
    first, second = (f"model-{number:05}-of-00002.safetensors" for number in (1, 2))
    _safetensors(tmp_path, tmp_path).rename(tmp_path / first)
    with pytest.raises(MissingError, match=second):
        weights.check(tmp_path)
    shutil.copyfile(tmp_path / first, tmp_path / second)
    with pytest.raises(
        MissingError, match=r"model\.safetensors\.index\.json: a part of the weights is missing"
    ):
        weights.check(tmp_path)
    index = tmp_path / "model.safetensors.index.json"
    index.write_text(json.dumps({"weight_map": {"a": first, "b": second}}))
    weights.check(tmp_path)
    index.write_text(json.dumps({"weight_map": {"a": first, "c": "model-00003-of-00003.safetensors"}}))
    with pytest.raises(MissingError, match="00003-of-00003"):
        weights.check(tmp_path)
    index.write_text('{"weight_map": 3}')
    with pytest.raises(MissingError, match="index"):
        weights.check(tmp_path)


def test_the_blocks_of_gguf_are_those_of_its_makers() -> None:
    for kind, block in gguf_header._BLOCKS.items():
        assert gguf.GGML_QUANT_SIZES[gguf.GGMLQuantizationType(kind)] == block
