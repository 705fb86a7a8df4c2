"""Whether files of weights are whole, told from their headers; the weights themselves are not read.

A copy that broke off, a shard that was left on another disk: better told when a model is put in place than
when it translates. Formats: safetensors (github.com/huggingface/safetensors, README), GGUF (docs/gguf.md of
the ggml project), `model.bin` of CTranslate2 (`models.model_bin`).
"""

from __future__ import annotations

import json
import re
import struct
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import BinaryIO

from corpora.errors import MissingError
from models import model_bin
from models.engines import gguf_header

_SHARD = re.compile(r"(?P<stem>.+)-\d{5}-of-(?P<count>\d{5})(?P<suffix>\.(safetensors|gguf))", re.IGNORECASE)
_INDEX = "model.safetensors.index.json"
_HEADER = 100_000_000  # bytes; the library of safetensors reads no longer one
_SHARDS = 1_000
_NONSENSE = (ValueError, LookupError, TypeError, AttributeError, OverflowError, RecursionError)
_FIX = "Copy the whole model again"


def check(folder: Path) -> None:
    """Look at every file of weights in a model's folder.

    Raises:
        MissingError: one is cut short, is not of the format that its name says, or is not there.
    """
    names = {path.name for path in folder.iterdir()}
    for name in sorted(names):
        if name.endswith(".safetensors"):
            _compare(folder / name, _safetensors)
        elif name.lower().endswith(".gguf"):
            gguf_header.check(folder / name)
        elif name == "model.bin":
            _compare(folder / name, model_bin.length)
    sharded = any(_SHARD.fullmatch(name) for name in names if name.endswith(".safetensors"))
    needed = {*siblings(names), *_indexed(folder / _INDEX), *([_INDEX] if sharded else [])}
    for name in sorted(needed - names):
        raise MissingError("a part of the weights is missing", place=str(folder / name), fix=_FIX)


def _compare(path: Path, length: Callable[[BinaryIO, int], int]) -> None:
    """Compare the size of a file with the one that its header tells."""
    size = path.stat().st_size
    try:
        with path.open("rb") as file:
            told = length(file, size)
    except (*_NONSENSE, struct.error) as error:
        raise MissingError(f"damaged, or no file of weights ({error})", place=str(path), fix=_FIX) from None
    if told != size:
        raise MissingError(f"damaged: {size} bytes instead of {told}", place=str(path), fix=_FIX)


def _safetensors(file: BinaryIO, size: int) -> int:
    (length,) = struct.unpack("<Q", file.read(8))
    if length > min(_HEADER, size - 8):
        raise ValueError("its header is cut short")
    header = json.loads(file.read(length))
    ends = [int(facts["data_offsets"][1]) for name, facts in header.items() if name != "__metadata__"]
    return 8 + int(length) + max(ends, default=0)


def siblings(names: Iterable[str]) -> set[str]:
    """Return the names of all shards that belong to those that are there."""
    found: set[str] = set()
    for match in filter(None, map(_SHARD.fullmatch, names)):
        count = min(int(match["count"]), _SHARDS)
        found |= {
            f"{match['stem']}-{number:05}-of-{match['count']}{match['suffix']}"
            for number in range(1, count + 1)
        }
    return found


def _indexed(path: Path) -> set[str]:
    """Return the files that an index of shards names; none where there is no index."""
    try:
        named = json.loads(path.read_bytes())["weight_map"].values()
        return {str(name) for name in named}
    except FileNotFoundError:
        return set()
    except _NONSENSE as error:
        raise MissingError(f"damaged ({error})", place=str(path), fix=_FIX) from None
