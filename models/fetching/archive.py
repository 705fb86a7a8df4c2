"""Models from an archive: `.tar`, `.tar.gz`, `.tgz` or `.zip`, from a stick or a disk of unknown origin.

Nothing is unpacked by name: members are read one by one and written under plain file names that are known
beforehand. An archive with a link, a device, an absolute path or `..` is refused whole, and so is one that
promises to unpack to a hundred times its size.
"""

from __future__ import annotations

import contextlib
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Literal

from corpora.errors import MissingError, TerjimanError, UsageError
from models.catalog import Format
from models.fetching import selection
from models.fetching.partial import BLOCK
from models.fetching.progress import Progress

SUFFIXES = (".tar", ".tar.gz", ".tgz", ".zip")
_SWELL = 100  # weights hardly shrink; text shrinks tenfold at most
_ALLOWANCE = 50_000_000
_PADDING = 64 << 20  # zeros behind the last file; the usual tools write 20 KB at most


@dataclass(frozen=True, slots=True)
class Contents:
    """What an archive holds: the files of one model.

    Attributes:
        files: name in the store -> name in the archive.
        size: bytes of them all, unpacked.
    """

    path: Path
    form: Format
    files: dict[str, str]
    size: int


def is_archive(path: Path) -> bool:
    """Return whether a file's name is one of an archive; a folder may be called so and is none."""
    return path.name.lower().endswith(SUFFIXES) and not path.is_dir()


def look(path: Path, *, form: Format | None = None, quantisation: str = "") -> Contents:
    """List an archive and choose the files of its model.

    Raises:
        MissingError: there is no such file, it is damaged, or a part of the weights is not in it.
        UsageError: hostile, or without a model; or it holds several.
    """
    sizes = _sizes(path)
    folders: dict[str, list[str]] = {}
    for name in sizes:
        pure = PurePosixPath(name)
        folders.setdefault(str(pure.parent), []).append(pure.name)
    found: list[tuple[str, Format, list[str]]] = []
    reasons: list[TerjimanError] = []
    for folder, names in folders.items():
        try:
            kind = form or selection.detect(names, place=str(path))
            found.append((folder, kind, selection.choose(names, kind, quantisation, place=str(path))))
        except (UsageError, MissingError) as error:
            reasons.append(error)
    if len(found) > 1:
        listed = ", ".join(sorted(folder for folder, _, _ in found))
        raise UsageError(f"several models in one archive: {listed}", place=str(path))
    if not found:
        raise _telling(reasons, path)
    folder, kind, names = found[0]
    files = {name: str(PurePosixPath(folder) / name) for name in names}
    for name, member in files.items():
        if selection.is_weights(name) and sizes[member] == 0:
            raise MissingError(f"{member} is empty", place=str(path), fix="Copy it again")
    return Contents(path, kind, files, sum(sizes[member] for member in files.values()))


def unpack(contents: Contents, target: Path, progress: Progress) -> None:
    """Write the files of the model into a folder.

    Raises:
        MissingError: the archive is damaged.
        UsageError: it holds more than it says, or the configuration is refused.
    """
    wanted = {member: name for name, member in contents.files.items()}
    left = contents.size
    with _damage(contents.path):
        for member, source in _members(contents.path, set(wanted)):
            with (target / wanted.pop(member)).open("xb") as file:
                while piece := source.read(BLOCK):
                    left -= len(piece)
                    if left < 0:
                        raise UsageError("holds more than it says", place=str(contents.path))
                    file.write(piece)
                    progress.advance(len(piece))
    if wanted or left:
        raise MissingError(
            "the archive is damaged: files are missing or short",
            place=str(contents.path),
            fix="Copy it again",
        )
    selection.check_config(target)


def _sizes(path: Path) -> dict[str, int]:
    """Return the files of an archive with their sizes; refuse what no honest archive has."""
    if not path.is_file():
        raise MissingError("no such file", place=str(path))
    limit = path.stat().st_size * _SWELL + _ALLOWANCE
    sizes: dict[str, int] = {}
    total = 0
    with _damage(path):
        for name, size, odd in _headers(path):
            if odd:
                raise UsageError(f"{name!r} is {odd}: refused", place=str(path))
            pure = PurePosixPath(name)
            if pure.is_absolute() or ".." in pure.parts or "\\" in name or not pure.name or "\0" in name:
                raise UsageError(f"{name!r} leads out of the folder: refused", place=str(path))
            total += size
            if total > limit or len(sizes) > selection.MAX_FILES:
                raise UsageError("unpacks to far more than its size: refused", place=str(path))
            if str(pure) in sizes:
                raise UsageError(f"{name!r} is in it twice: refused", place=str(path))
            sizes[str(pure)] = size
    return sizes


def _headers(path: Path) -> Iterator[tuple[str, int, str]]:
    """Yield name, size and what is odd about each member that is no folder."""
    if path.name.lower().endswith(".zip"):
        with zipfile.ZipFile(path) as archive:
            for info in archive.infolist():
                if info.is_dir():
                    continue
                link = (info.external_attr >> 16) & 0o170000 == 0o120000
                odd = "a link" if link else "encrypted" if info.flag_bits & 1 else ""
                yield info.filename, info.file_size, odd
        return
    with tarfile.open(path, _mode(path)) as tar:
        for member in tar:
            if member.isdir():
                continue
            odd = "" if member.isreg() else "a link" if member.islnk() or member.issym() else "a device"
            yield member.name, member.size, odd
        _see_end(tar)


def _members(path: Path, wanted: set[str]) -> Iterator[tuple[str, IO[bytes]]]:
    if path.name.lower().endswith(".zip"):
        with zipfile.ZipFile(path) as archive:
            for info in archive.infolist():
                name = str(PurePosixPath(info.filename))
                if name in wanted and not info.is_dir():
                    with archive.open(info) as source:
                        yield name, source
        return
    with tarfile.open(path, _mode(path)) as tar:
        for member in tar:
            name = str(PurePosixPath(member.name))
            file = tar.extractfile(member) if name in wanted and member.isreg() else None
            if file is not None:
                with file:
                    yield name, file


def _see_end(tar: tarfile.TarFile) -> None:
    """See whether the list of files was read to its end: Python's library takes a damaged entry for it."""
    file = tar.fileobj
    assert file is not None  # it is open
    file.seek(tar.offset)
    block = file.read(tarfile.BLOCKSIZE)
    if len(block) < tarfile.BLOCKSIZE or block.strip(b"\0"):
        raise tarfile.ReadError("the list of its files breaks off")
    for _ in range(_PADDING // BLOCK):
        if not file.read(BLOCK):  # only here does gzip compare its checksum
            return
    raise tarfile.ReadError("it goes on after its end")


def _mode(path: Path) -> Literal["r:", "r:gz"]:
    return "r:" if path.name.lower().endswith(".tar") else "r:gz"


@contextlib.contextmanager
def _damage(path: Path) -> Iterator[None]:
    """Turn what a damaged archive raises into one line."""
    try:
        yield
    except (tarfile.TarError, zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise _damaged(path, error) from None
    except OSError as error:
        if error.errno is not None:
            raise
        raise _damaged(path, error) from None


def _damaged(path: Path, error: Exception) -> MissingError:
    return MissingError(f"a damaged archive, or none ({error})", place=str(path), fix="Copy it again")


def _telling(reasons: list[TerjimanError], path: Path) -> TerjimanError:
    """Return the reason that says most: a model with a part missing, then pickles, then absence."""
    for reason in reasons:
        if isinstance(reason, MissingError) or "pickles" in reason.message:
            return reason
    return reasons[0] if reasons else UsageError("an empty archive", place=str(path))
