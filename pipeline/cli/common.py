"""What several commands share: line-parallel files in, results out, options spelt the same way."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer

from corpora.errors import MissingError, StorageError, TerjimanError, UsageError
from corpora.text import nfc
from pipeline.storage import storage_errors

LetTextLeave = Annotated[
    bool,
    typer.Option(
        "--let-text-leave-this-machine",
        help="Ask a server elsewhere (endpoint:URL): whoever runs it can read every sentence.",
    ),
]

_STDOUT = Path("standard output")
# written to as they stand: where they lead to a file, that file belongs to whoever opened it
_STDOUTS = ("-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1")
_DESCRIPTORS = ("/dev/std", "/dev/fd/", "/proc/")


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
        UsageError: the counts differ, or more than one is `-`.
    """
    stdin_once(*paths)
    files = [read_lines(path) for path in paths]
    if len({len(lines) for lines in files}) > 1:
        counts = ", ".join(f"{path} has {len(lines)}" for path, lines in zip(paths, files, strict=True))
        raise UsageError(f"the files must have the same number of lines, but {counts}")
    return files


def stdin_once(*paths: str) -> None:
    """Raise `UsageError` if more than one of the paths is `-`: standard input can be read once only."""
    if paths.count("-") > 1:
        raise UsageError("standard input stands for more than one file", place="-", fix="Give `-` only once")


def write_output(text: str, path: str | None) -> None:
    """Write a result to stdout, or to a file at once (temporary file, then rename).

    Behind a link, the file it leads to is written. What is no regular file (a device, a FIFO) is written to
    as it stands.

    Raises:
        StorageError: the disk is full or read-only, the place may not be written, or stdout is closed.
        UsageError: the folder does not exist, or something is in the way.
    """
    data = text.encode()
    if path is None or path in _STDOUTS:
        _print(data)
        return
    with _output_errors(path):
        target = _regular(path)
        if target is None:
            with Path(path).open("ab") as file:
                file.write(data)
            return
        with _beside(target) as (handle, temporary):
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            temporary.replace(target)


def check_outputs(*paths: str | None) -> None:
    """Make sure that results can be written to all of these places, before any work.

    Raises:
        StorageError: a place may not be written.
        UsageError: a folder does not exist, something is in the way, or two places are one.
    """
    files: set[Path] = set()
    for path in paths:
        if not path or path in _STDOUTS:
            continue
        with _output_errors(path):
            target = _regular(path)
            if target is None:
                continue
            if target in files:
                raise UsageError("two results would be written to this file", place=path)
            files.add(target)
            with _beside(target) as (handle, _):
                os.close(handle)


def flush_stdout() -> None:
    """See through what was printed; raise `StorageError` where it cannot be."""
    if sys.stdout is not None:
        with storage_errors(_STDOUT):
            sys.stdout.flush()


def settle_stdout() -> None:
    """Let what cannot be printed go nowhere, or the interpreter would complain of it at its end."""
    try:
        flush_stdout()
    except (OSError, StorageError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def _print(data: bytes) -> None:
    if sys.stdout is None:
        raise StorageError("is closed", place=str(_STDOUT), fix="Send it somewhere")
    with storage_errors(_STDOUT):
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()


@contextlib.contextmanager
def _output_errors(path: str) -> Iterator[None]:
    """Turn what can go wrong with a place for results into errors a person can mend."""
    try:
        with storage_errors(Path(path)):
            yield
    except BrokenPipeError:
        raise
    except TerjimanError as error:
        error.place = path  # the temporary file beside it is nobody's concern
        raise
    except OSError as error:
        raise UsageError(f"cannot be written: {error.strerror}", place=path) from None


def _regular(path: str) -> Path | None:
    """Return the regular file to be written, behind links; None for a device, a FIFO or an open file."""
    if _is_descriptor(path):
        return None
    try:
        mode = Path(path).stat().st_mode
    except FileNotFoundError:
        return Path(path).resolve()
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), path)
    return Path(path).resolve() if stat.S_ISREG(mode) else None


def _is_descriptor(path: str) -> bool:
    """Say whether a path, or the link it is, names a file that somebody has opened, like /dev/stderr."""
    for _ in range(40):  # links that Linux follows
        if path.startswith(_DESCRIPTORS):
            return True
        if not Path(path).is_symlink():
            return False
        path = str(Path(path).parent / Path(path).readlink())
    return False


@contextlib.contextmanager
def _beside(target: Path) -> Iterator[tuple[int, Path]]:
    """Make a temporary file beside another and open it; remove it at the end if it is still there."""
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name[:100]}.")
    try:
        yield handle, Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


def json_lines(records: Sequence[object]) -> str:
    """Return plain JSON-able objects as JSON Lines."""
    import json

    return "".join(json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n" for record in records)
