"""The starter's tokenizer: Gemma's, cut down to the tokens that the five languages use.

Gemma's tokenizer is a byte-pair model with byte fallback (SentencePiece). GGUF carries its pieces in order of
merging, which is enough to restore the merges: a pair may merge when both parts and the whole are pieces, and
the piece with the lower number is made first. Among several ways to make one piece the one with the longer
left part goes first, as in the `tokenizers` file the adapter was trained with.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np
from gguf import GGUFReader
from tokenizers import Tokenizer

from models.starter.base import metadata

BOS, EOS, UNK, PAD = "<bos>", "<eos>", "<unk>", "<pad>"
SPACE = "\u2581"  # stands for a space inside pieces
NEWLINE = "\n"
_CONTROL, _USER_DEFINED, _BYTE = 3, 4, 6  # llama.cpp's token types


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All pieces of the base model; the index is the id. `types` are llama.cpp's token types."""

    pieces: tuple[str, ...]
    types: tuple[int, ...]


def read_vocabulary(reader: GGUFReader) -> Vocabulary:
    """Return the vocabulary of a GGUF file, with the space mark for spaces in every piece."""
    pieces = cast(list[str], metadata(reader, "tokenizer.ggml.tokens"))
    types = cast(list[int], metadata(reader, "tokenizer.ggml.token_type"))
    return Vocabulary(tuple(piece.replace(" ", SPACE) for piece in pieces), tuple(types))


def splits(piece: str, ids: dict[str, int]) -> Iterator[tuple[str, str]]:
    """Yield the pairs of known pieces that make up a piece, longest left part first."""
    for cut in range(len(piece) - 1, 0, -1):
        left, right = piece[:cut], piece[cut:]
        if left in ids and right in ids:
            yield left, right


def essential(vocabulary: Vocabulary) -> set[int]:
    """Return the ids that every cut keeps: bytes, the marks of beginning and end, the space, the newline.

    The newline stands in the prompt: as bytes instead of one token, the prompt would not look as in training.
    """
    always = {BOS, EOS, UNK, PAD, SPACE, NEWLINE}
    pairs = enumerate(zip(vocabulary.pieces, vocabulary.types, strict=True))
    return {number for number, (piece, kind) in pairs if kind == _BYTE or piece in always}


def close(kept: Iterable[int], vocabulary: Vocabulary) -> set[int]:
    """Add to a set of ids those of the pieces they are merged from, down to single letters."""
    ids = {piece: number for number, piece in enumerate(vocabulary.pieces)}
    closed = set(kept)
    todo = list(closed)
    while todo:
        parts = next(splits(vocabulary.pieces[todo.pop()], ids), ())
        new = {ids[part] for part in parts} - closed
        closed |= new
        todo.extend(new)
    return closed


def tokenizer(vocabulary: Vocabulary, kept: Sequence[int]) -> Tokenizer:
    """Return a tokenizer over the kept ids, renumbered from 0 in their order.

    Control pieces (`<eos>` and the like) are not recognised in text: it gives the model no orders.
    """
    pieces = [vocabulary.pieces[number] for number in kept]
    ids = {piece: number for number, piece in enumerate(pieces)}
    whole = [
        {
            "id": ids[vocabulary.pieces[number]],
            "content": vocabulary.pieces[number],
            "single_word": False,
            "lstrip": False,
            "rstrip": False,
            "normalized": False,
            "special": False,
        }
        for number in kept
        if vocabulary.types[number] == _USER_DEFINED
    ]
    model = {
        "type": "BPE",
        "dropout": None,
        "unk_token": UNK,
        "continuing_subword_prefix": None,
        "end_of_word_suffix": None,
        "fuse_unk": True,
        "byte_fallback": True,
        "ignore_merges": False,
        "vocab": ids,
        "merges": [pair for piece in pieces for pair in splits(piece, ids)],
    }
    decoders = [
        {"type": "Replace", "pattern": {"String": SPACE}, "content": " "},
        {"type": "ByteFallback"},
        {"type": "Fuse"},
    ]
    description = {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": whole,
        "normalizer": {"type": "Replace", "pattern": {"String": " "}, "content": SPACE},
        "pre_tokenizer": None,
        "post_processor": None,
        "decoder": {"type": "Sequence", "decoders": decoders},
        "model": model,
    }
    return Tokenizer.from_str(json.dumps(description, ensure_ascii=False))


def write_kept(kept: Iterable[int], size: int, path: Path) -> None:
    """Write ids out of a vocabulary of `size` as a bitmap, id 0 in the highest bit of the first byte."""
    flags = np.zeros(size, np.bool_)
    flags[sorted(kept)] = True
    path.write_bytes(np.packbits(flags).tobytes())


def read_kept(path: Path) -> list[int]:
    """Return the ids written by `write_kept`, ascending."""
    flags = np.unpackbits(np.frombuffer(path.read_bytes(), np.uint8))
    return [int(number) for number in np.flatnonzero(flags)]
