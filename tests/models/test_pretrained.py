"""Checkpoints that are not whole, or not what their configuration says: one line each, and no noise."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from safetensors.numpy import load_file, save_file

from corpora.errors import MissingError
from corpora.records import Request
from models import conversion, inspection, profile
from models.engines import loading
from tests.models import chat_checkpoints, checkpoints

pytest.importorskip("torch")


def _lose(folder: Path) -> None:
    """Take one of the weights out of the file, which stays sound in itself."""
    path = folder / "model.safetensors"
    found = load_file(path)
    del found[sorted(name for name in found if "layer" in name or "block" in name)[0]]
    save_file(found, path, metadata={"format": "pt"})


def _set(name: str, value: object) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        path = folder / "config.json"
        path.write_text(json.dumps({**json.loads(path.read_bytes()), name: value}), encoding="utf-8")

    return change


MAKERS: dict[str, Callable[[Path], Path]] = {
    "marian": checkpoints.marian,
    "t5": checkpoints.t5,
    "llama": lambda folder: chat_checkpoints.write(folder, "llama"),
}
WIDTH = {"marian": "d_model", "t5": "d_model", "llama": "hidden_size"}
FAULTS: list[tuple[str, Callable[[str], Callable[[Path], None]]]] = [
    ("not whole: 1 of its weights", lambda family: _lose),
    ("do not fit its config.json", lambda family: _set(WIDTH[family], 64)),
    ("cannot be (loaded|converted)", lambda family: _set("vocab_size", "many")),
]


@pytest.mark.parametrize("family", MAKERS)
@pytest.mark.parametrize(("message", "spoil"), FAULTS)
def test_a_checkpoint_is_loaded_and_converted_whole_or_not_at_all(
    family: str,
    message: str,
    spoil: Callable[[str], Callable[[Path], None]],
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """What is missing would be random numbers, others each time, with no more than a table on stderr."""
    folder = MAKERS[family](tmp_path / "m")
    known = inspection.inspect(folder)
    profile.write(known, folder)
    spoil(family)(folder)
    (tmp_path / "made").mkdir()
    capfd.readouterr()
    ways: list[Callable[[], Any]] = [
        lambda: loading.load("m", "0", folder, threads=1),
        lambda: conversion.convert(folder, known, tmp_path / "made", quantisation="int8"),
    ]
    for way in ways:
        with pytest.raises(MissingError, match=message) as caught:
            way()
        assert "\n" not in str(caught.value)
    assert capfd.readouterr() == ("", "")


def test_shared_weights_may_lie_under_any_of_their_names(tmp_path: Path) -> None:
    answers = []
    for number, name in enumerate(
        ("model.shared.weight", "lm_head.weight", "model.decoder.embed_tokens.weight")
    ):
        folder = checkpoints.marian(tmp_path / str(number))
        path = folder / "model.safetensors"
        found = load_file(path)
        found[name] = found.pop("model.shared.weight")
        save_file(found, path, metadata={"format": "pt"})
        profile.write(inspection.inspect(folder), folder)
        answers.append(loading.load("m", "0", folder, threads=1).translate([Request("The camp.", "ru")]))
    assert answers[0] == answers[1] == answers[2]
