"""Sentence encoders from checkpoints (LaBSE, E5, BGE-M3, …), run by `transformers`: the extra `checkpoints`.

Only safetensors are read, nothing is fetched, no code of a model is run. A text longer than the model takes
is read in windows, and its vector is the mean of theirs, each counted by its tokens: nothing is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpora.errors import InputError, MissingError
from corpora.text import nfc
from models.encoders.layout import Dense, Pooling, read_layout
from models.engines import pretrained
from models.engines.extras import require

_EXTRA, _PURPOSE = "checkpoints", "to run this sentence encoder"
_TOKENS = 4096  # in a batch, padding included


class CheckpointEncoder:
    """Embeds sentences with a model of the sentence-transformers layout; see `corpora.protocols.Encoder`.

    Rows of a batch are of nearly the same length. On one machine the same call gives the same vectors; a
    text in another batch may differ in the last bits of its numbers.

    Args:
        name: how it is called. digest: of all files that make it.
        folder: where they lie.
        threads: for the arithmetic; what the library takes by default otherwise.

    Raises:
        MissingError: the extra `checkpoints` is not installed.
        InputError: the folder is not whole.
        UsageError: it holds a model that is not run.
    """

    def __init__(self, name: str, digest: str, folder: Path, *, threads: int | None = None) -> None:
        self.name, self.digest = name, digest
        self._torch = require("torch", _EXTRA, _PURPOSE)
        transformers = require("transformers", _EXTRA, _PURPOSE)
        if threads:
            self._torch.set_num_threads(threads)
        self._layout = read_layout(folder)
        self._device = "cuda" if self._torch.cuda.is_available() else "cpu"
        where = str(self._layout.transformer)
        safe = {"local_files_only": True, "trust_remote_code": False}
        try:
            self._tokenizer = transformers.AutoTokenizer.from_pretrained(where, use_fast=True, **safe)
            model = pretrained.load(
                transformers,
                transformers.AutoModel,
                where,
                what="the sentence encoder",
                unused="pooler",  # vectors are made of what lies below it
                use_safetensors=True,
                dtype=self._torch.float32,
                **safe,
            )
        except MissingError as error:
            raise InputError(error.message, place=where, fix=error.fix) from None
        except Exception as error:  # safetensors, tokenizers and torch raise classes of their own
            reason = str(error).splitlines()[0] if str(error) else type(error).__name__
            raise InputError(f"the sentence encoder cannot be loaded ({reason})", place=where) from None
        self._model = model.to(self._device).eval()
        self._layers = [_layer(self._torch, part, self._device) for part in self._layout.dense]

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return an array of shape (len(texts), dim), float32, rows of unit length."""
        windows, owners = self._windows(texts)
        sizes = np.array([len(window) for window in windows])
        sums: NDArray[np.float64] | None = None
        for batch in batches(sizes, _TOKENS):
            rows = self._embed([windows[k] for k in batch])
            if sums is None:
                sums = np.zeros((len(texts), rows.shape[1]))
            np.add.at(sums, owners[batch], rows * sizes[batch, None])
        if sums is None:
            return np.zeros((0, self._width()), np.float32)
        unit = sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-12)
        return np.asarray(unit, np.float32)

    def _windows(self, texts: Sequence[str]) -> tuple[list[list[int]], NDArray[np.int64]]:
        """Return the token ids of every window, and the text each belongs to."""
        lower = self._layout.lower
        clean = [self._layout.prompt + (text.lower() if lower else text) for text in map(nfc, texts)]
        if not clean:
            return [], np.zeros(0, np.int64)
        made = self._tokenizer(
            clean, truncation=True, max_length=self._layout.longest, return_overflowing_tokens=True
        )
        return list(made["input_ids"]), np.asarray(made["overflow_to_sample_mapping"], np.int64)

    def _embed(self, windows: Sequence[Sequence[int]]) -> NDArray[np.float64]:
        torch = self._torch
        wide = max(map(len, windows))
        ids = np.full((len(windows), wide), self._tokenizer.pad_token_id or 0, np.int64)
        mask = np.zeros(ids.shape, np.int64)
        for k, window in enumerate(windows):
            ids[k, : len(window)], mask[k, : len(window)] = window, 1
        with torch.inference_mode():
            seen = torch.from_numpy(mask).to(self._device)
            given = torch.from_numpy(ids).to(self._device)
            states = self._model(input_ids=given, attention_mask=seen).last_hidden_state
            vector = torch.cat([_pooled(torch, states, seen, mode) for mode in self._layout.pooling], dim=1)
            for layer in self._layers:
                vector = layer(vector)
            unit = torch.nn.functional.normalize(vector, dim=1)
        return np.asarray(unit.cpu().numpy(), np.float64)

    def _width(self) -> int:
        return int(self._embed([self._windows(["a"])[0][0]]).shape[1])


def batches(sizes: NDArray[np.int64], budget: int) -> Iterator[NDArray[np.int64]]:
    """Cut texts into batches of a like length, by index, none with more tokens than the budget (or one text).

    The order depends on the sizes alone.
    """
    order = np.argsort(sizes, kind="stable")
    first = 0
    while first < len(order):
        last = first + 1
        while last < len(order) and (last + 1 - first) * int(sizes[order[last]]) <= budget:
            last += 1
        yield order[first:last]
        first = last


def _pooled(torch: Any, states: Any, mask: Any, mode: Pooling) -> Any:
    """Make one vector of those of the tokens; `states` (texts, tokens, dim), `mask` (texts, tokens)."""
    wide = mask.unsqueeze(-1).to(states.dtype)
    if mode == "cls":
        return states[torch.arange(len(states)), mask.argmax(dim=1)]
    if mode == "last":
        return states[torch.arange(len(states)), mask.shape[1] - 1 - mask.flip(1).argmax(dim=1)]
    if mode == "max":
        return states.masked_fill(wide == 0, float("-inf")).amax(dim=1)
    total = (states * wide).sum(dim=1)
    count = wide.sum(dim=1).clamp(min=1e-9)
    return total / (count.sqrt() if mode == "mean-sqrt" else count)


def _layer(torch: Any, part: Dense, device: str) -> Any:
    """Load a linear layer and its activation."""
    path = part.folder / "model.safetensors"
    load = require("safetensors.torch", _EXTRA, _PURPOSE).load_file
    try:
        tensors = {name.removeprefix("linear."): value for name, value in load(str(path)).items()}
        rows, columns = tensors["weight"].shape
        linear = torch.nn.Linear(columns, rows, bias=part.bias)
        linear.load_state_dict({key: tensors[key] for key in ("weight", *(("bias",) if part.bias else ()))})
    except Exception as error:  # safetensors and torch raise classes of their own
        raise InputError(f"the layer cannot be loaded ({error})", place=str(path)) from None
    functions = {
        "tanh": torch.tanh, "relu": torch.relu, "gelu": torch.nn.functional.gelu,
        "sigmoid": torch.sigmoid, "identity": lambda value: value,
    }  # fmt: skip
    apply = functions[part.activation]
    linear = linear.to(device).eval()
    return lambda value: apply(linear(value))
