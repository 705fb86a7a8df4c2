"""What several commands share: line-parallel files in, results out, options spelt the same way."""

from __future__ import annotations

import errno
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from corpora.errors import MissingError, StorageError, UsageError
from corpora.text import nfc


def read_text(path: str) -> str:
    """Return the UTF-8 text of a file, or of standard input for `-`.

    Raises:
        MissingError: no such file.
        UsageError: not UTF-8 (with the line), or a folder.
    """
    try:
        data = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
    except FileNotFoundError:
        raise MissingError("no such file", place=path) from None
    except OSError as error:
        raise UsageError(f"cannot be read: {error.strerror}", place=path) from None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UsageError("not UTF-8", place=f"{path}, line {line}", fix="Save the file as UTF-8") from None


def read_lines(path: str) -> list[str]:
    """Return the lines of a text file (one segment a line, NFC, line ends off; `\\n` or `\\r\\n`)."""
    text = read_text(path)
    lines = text.split("\n")
    if lines and lines[-1] == "":
        lines.pop()
    return [nfc(line.removesuffix("\r")) for line in lines]


def read_parallel(*paths: str) -> list[list[str]]:
    """Return the lines of several files that must have the same number of lines.

    Raises:
        UsageError: the counts differ.
    """
    files = [read_lines(path) for path in paths]
    if len({len(lines) for lines in files}) > 1:
        counts = ", ".join(f"{path} has {len(lines)}" for path, lines in zip(paths, files, strict=True))
        raise UsageError(f"the files must have the same number of lines, but {counts}")
    return files


def write_output(text: str, path: str | None) -> None:
    """Write a result to stdout, or to a file at once (temporary file, then rename).

    Raises:
        StorageError: the disk is full or read-only.
        UsageError: the folder does not exist or may not be written.
    """
    if path is None or path == "-":
        sys.stdout.buffer.write(text.encode())
        sys.stdout.buffer.flush()
        return
    target = Path(path)
    try:
        handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(text.encode())
            Path(temporary).replace(target)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EROFS, errno.EDQUOT):
            raise StorageError(f"cannot be written: {error.strerror}", place=path) from None
        raise UsageError(f"cannot be written: {error.strerror}", place=path) from None


def json_lines(records: Sequence[object]) -> str:
    """Return plain JSON-able objects as JSON Lines."""
    import json

    return "".join(json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n" for record in records)
