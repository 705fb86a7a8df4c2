"""Glossary files in and out: one module per format, chosen by the file's suffix."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import PurePath
from typing import TYPE_CHECKING

from corpora.errors import UsageError

if TYPE_CHECKING:
    from glossary.terms import Term

Reader = Callable[[bytes, str], "tuple[list[Term], list[UsageError]]"]

_READERS = {".csv": "table", ".tsv": "table", ".txt": "table"}


def reader_for(path: PurePath) -> Reader:
    """Return the function that reads such a file: bytes and place to terms and faults.

    Raises:
        UsageError: no format has this suffix.
    """
    name = _READERS.get(path.suffix.lower())
    if name is None:
        raise UsageError(
            f"unknown glossary format {path.suffix!r}",
            place=str(path),
            fix=f"Use one of: {', '.join(_READERS)}",
        )
    reader: Reader = import_module(f"{__name__}.{name}").read
    return reader
