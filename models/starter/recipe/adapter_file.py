"""Write the adapter as the build reads it: low-rank factors in bfloat16, one safetensors file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray


def write(factors: Mapping[str, NDArray[np.float32]], path: Path) -> None:
    """Write factors, rounded to the nearest bfloat16, in name order; the file appears whole or not at all.

    The library's own writer wants torch for bfloat16; the format is eight bytes of length, a JSON heading and
    the tensors (safetensors, "Format").
    """
    header: dict[str, object] = {}
    bodies: list[bytes] = []
    place = 0
    for name in sorted(factors):
        halves = _bfloat16(factors[name])
        end = place + halves.nbytes
        header[name] = {"dtype": "BF16", "shape": list(halves.shape), "data_offsets": [place, end]}
        bodies.append(halves.tobytes())
        place = end
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    temporary = path.with_name(f".{path.name}.new")
    temporary.write_bytes(len(text).to_bytes(8, "little") + text + b"".join(bodies))
    temporary.rename(path)


def _bfloat16(values: NDArray[np.float32]) -> NDArray[np.uint16]:
    """Round to nearest, ties to even, as IEEE 754 rounds."""
    bits = np.ascontiguousarray(values, "<f4").view("<u4").astype(np.uint64)
    return ((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16).astype("<u2")
