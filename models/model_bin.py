"""What a `model.bin` of CTranslate2 says of itself, read from its headers; the weights are passed over.

Format: as CTranslate2 4 writes it (`ctranslate2/specs/model_spec.py`): names, shapes and kinds of variables,
each followed by its bytes, then aliases. A file is hostile until read.
"""

from __future__ import annotations

import re
import struct
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from corpora.errors import MissingError

_KINDS = ("float32", "int8", "int16", "int32", "float16", "bfloat16")  # by CTranslate2's number
_MIXED = {"float16": "int8_float16", "bfloat16": "int8_bfloat16"}  # what stands beside 8-bit matrices
_LAYER = re.compile(r"(encoder|decoder)/layer_(\d+)/")
_DIMENSIONS, _VARIABLES = 16, 1_000_000
NONSENSE = (ValueError, LookupError, struct.error)


@dataclass(frozen=True, slots=True)
class Facts:
    """What a file says of itself.

    Attributes:
        quantisation: of its weights, as CTranslate2 names it; `int8_float32` is told as `int8`, which is the
            same in a file. Empty where it is none that is known.
        encoder: how many layers it has.
        decoder: likewise.
    """

    quantisation: str = ""
    encoder: int = 0
    decoder: int = 0


@dataclass(frozen=True, slots=True)
class _Variable:
    name: str
    dimensions: int
    kind: str
    size: int


def read(path: Path) -> Facts:
    """Return what a file says; of an empty one, which stands for weights that are still to come, nothing.

    Raises:
        MissingError: it is damaged, or no such file.
    """
    size = path.stat().st_size
    if not size:
        return Facts()
    try:
        with path.open("rb") as file:
            found = list(_variables(file, size))
    except NONSENSE as error:
        raise MissingError(
            f"damaged, or no file of weights ({error})", place=str(path), fix="Copy the whole model again"
        ) from None
    layers = {match.groups() for one in found if (match := _LAYER.match(one.name))}
    sides = Counter(side for side, _ in layers)
    return Facts(_quantisation(found), sides["encoder"], sides["decoder"])


def length(file: BinaryIO, size: int) -> int:
    """Return how long the file must be, by its headers; raises one of `NONSENSE`."""
    for _ in _variables(file, size):
        continue
    for _ in range(_count(file)):
        _text(file)
        _text(file)
    return file.tell()


def _quantisation(found: list[_Variable]) -> str:
    matrices: Counter[str] = Counter()
    others: Counter[str] = Counter()
    for one in found:
        if one.dimensions > 1 and one.name.endswith("/weight"):  # positions stay as they are
            matrices[one.kind] += one.size
        if one.dimensions and "float" in one.kind and not one.name.endswith("_scale"):
            others[one.kind] += one.size
    if not matrices:
        return ""
    [(kind, _)] = matrices.most_common(1)
    if kind != "int8":
        return "" if kind == "int32" else kind  # 4 bits, packed: no kind that `convert` makes
    beside = others.most_common(1)
    return _MIXED.get(beside[0][0], kind) if beside else kind


def _variables(file: BinaryIO, size: int) -> Iterator[_Variable]:
    _number(file, "I")  # version of the format
    _text(file)  # name of the specification
    _number(file, "I")  # its revision
    for _ in range(_count(file)):
        name = _text(file)
        dimensions = _number(file, "B")
        if dimensions > _DIMENSIONS:
            raise ValueError(f"{dimensions} dimensions")
        file.seek(4 * dimensions, 1)
        kind = _KINDS[_number(file, "B")]
        length = _number(file, "I")
        file.seek(length, 1)
        if file.tell() > size:
            raise ValueError("cut short")
        yield _Variable(name, dimensions, kind, length)


def _count(file: BinaryIO) -> int:
    count = _number(file, "I")
    if count > _VARIABLES:
        raise ValueError(f"{count} variables")
    return count


def _text(file: BinaryIO) -> str:
    size = _number(file, "H")
    data = file.read(size)
    if len(data) < size:
        raise ValueError("cut short")
    return data.rstrip(b"\0").decode("utf-8", "replace")


def _number(file: BinaryIO, form: str) -> int:
    found: int = struct.unpack(f"<{form}", file.read(struct.calcsize(f"<{form}")))[0]
    return found
