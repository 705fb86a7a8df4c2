"""What a GGUF file says of itself: the header alone, read in a blink.

The `gguf` package reads the same and more, in eleven seconds for a vocabulary of 262,144 (measured); this
takes 0.3. Format: GGUF versions 2 and 3, docs/gguf.md of the ggml project. A file is hostile until read:
lengths are checked against the file before anything is allocated.
"""

from __future__ import annotations

import contextlib
import math
import mmap
import struct
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from corpora.errors import MissingError
from models.engines.chat import ChatFiles

_SCALARS = {
    0: "<B",
    1: "<b",
    2: "<H",
    3: "<h",
    4: "<I",
    5: "<i",
    6: "<f",
    7: "<?",
    10: "<Q",
    11: "<q",
    12: "<d",
}
_STRING, _ARRAY = 8, 9
_MOST_FIELDS, _MOST_ITEMS, _MOST_TENSORS = 10_000, 10_000_000, 100_000
_MOST_DIMENSIONS, _ALIGNMENT = 8, 32
# kind of a tensor -> weights in a block, bytes of a block; of other kinds the place alone is checked
_BLOCKS = {
    0: (1, 4), 1: (1, 2), 2: (32, 18), 3: (32, 20), 6: (32, 22), 7: (32, 24), 8: (32, 34), 10: (256, 84),
    11: (256, 110), 12: (256, 144), 13: (256, 176), 14: (256, 210), 15: (256, 292), 16: (256, 66),
    17: (256, 74), 18: (256, 98), 19: (256, 50), 20: (32, 18), 21: (256, 110), 22: (256, 82), 23: (256, 136),
    30: (1, 2),
}  # fmt: skip
_TOKENS = "tokenizer.ggml.tokens"


def read(path: Path) -> dict[str, Any]:
    """Return the metadata of a GGUF file: numbers, truths and texts; of arrays, only the list of tokens.

    Raises:
        MissingError: it cannot be read, is no GGUF file of version 2 or 3, or is cut short.
    """
    with _opened(path) as reader:
        return reader.metadata()


def check(path: Path) -> None:
    """See whether the file holds the tensors that its header lists.

    Raises:
        MissingError: it cannot be read, is no GGUF file of version 2 or 3, or is cut short.
    """
    with _opened(path) as reader:
        reader.check_tensors(reader.metadata())


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[_Reader]:
    try:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            yield _Reader(data)
    except OSError as error:
        raise MissingError(f"cannot be read ({error.strerror})", place=str(path)) from None
    except (ValueError, struct.error, IndexError, UnicodeDecodeError) as error:
        raise MissingError(f"damaged, or no GGUF file ({error})", place=str(path)) from None


def chat_files(metadata: Mapping[str, Any]) -> ChatFiles:
    """Return what the metadata say of conversations: the chat template and its tokens."""
    return ChatFiles(
        str(metadata.get("tokenizer.chat_template", "")),
        token(metadata, "tokenizer.ggml.bos_token_id"),
        token(metadata, "tokenizer.ggml.eos_token_id"),
    )


def token(metadata: Mapping[str, Any], key: str) -> str:
    """Return the token whose number a field holds; empty where there is none."""
    number, tokens = metadata.get(key), metadata.get(_TOKENS, [])
    return tokens[number] if isinstance(number, int) and 0 <= number < len(tokens) else ""


class _Reader:
    """Walks through the header, field by field."""

    def __init__(self, data: mmap.mmap) -> None:
        self._data, self._at, self._tensors = data, 0, 0

    def metadata(self) -> dict[str, Any]:
        if self._bytes(4) != b"GGUF":
            raise ValueError("it does not begin as one")
        version = self._scalar(4)
        if version not in (2, 3):
            raise ValueError(f"version {version}")
        self._tensors = self._scalar(10)
        count = self._scalar(10)
        if count > _MOST_FIELDS:
            raise ValueError(f"{count} fields")
        found: dict[str, Any] = {}
        for _ in range(count):
            key = self._text()
            value = self._value(self._scalar(4), keep=key == _TOKENS)
            if value is not None:
                found[key] = value
        return found

    def check_tensors(self, metadata: Mapping[str, Any]) -> None:
        """See whether the data of every tensor are there; the metadata have been read before."""
        if self._tensors > _MOST_TENSORS:
            raise ValueError(f"{self._tensors} tensors")
        ends = [self._tensor_end() for _ in range(self._tensors)]
        alignment = metadata.get("general.alignment", _ALIGNMENT)
        if not isinstance(alignment, int) or not 0 < alignment <= 1 << 20:
            raise ValueError(f"data in steps of {alignment}")
        start = -(-self._at // alignment) * alignment
        if ends and start + max(ends) > len(self._data):
            raise ValueError(f"cut short: {len(self._data)} bytes instead of {start + max(ends)}")

    def _tensor_end(self) -> int:
        """Return where the data of the next tensor end, counted from the first byte of all data."""
        self._raw()  # its name
        dimensions = self._scalar(4)
        if dimensions > _MOST_DIMENSIONS:
            raise ValueError(f"a tensor of {dimensions} dimensions")
        weights = math.prod(self._scalar(10) for _ in range(dimensions))
        kind, offset = self._scalar(4), self._scalar(10)
        block, size = _BLOCKS.get(kind, (1, 0))
        return int(offset + -(-weights // block) * size)

    def _value(self, kind: int, *, keep: bool) -> Any:
        if kind == _STRING:
            return self._text()
        if kind == _ARRAY:
            return self._array(keep=keep)
        return self._scalar(kind)

    def _array(self, *, keep: bool) -> list[str] | None:
        kind, count = self._scalar(4), self._scalar(10)
        if count > _MOST_ITEMS:
            raise ValueError(f"an array of {count}")
        if kind == _STRING:
            texts = [self._raw() for _ in range(count)]
            return [text.decode("utf-8", "replace") for text in texts] if keep else None
        if kind not in _SCALARS:
            raise ValueError(f"an array of kind {kind}")
        self._bytes(struct.calcsize(_SCALARS[kind]) * count)
        return None

    def _scalar(self, kind: int) -> Any:
        form = _SCALARS.get(kind)
        if form is None:
            raise ValueError(f"a field of kind {kind}")
        return struct.unpack(form, self._bytes(struct.calcsize(form)))[0]

    def _text(self) -> str:
        return self._raw().decode("utf-8")

    def _raw(self) -> bytes:
        return self._bytes(self._scalar(10))

    def _bytes(self, count: int) -> bytes:
        end = self._at + count
        if end > len(self._data):
            raise ValueError("cut short")
        found = self._data[self._at : end]
        self._at = end
        return found
