"""Files that arrive piece by piece: what is here stays here when the process is killed, and is gone on with.

The folder `.NAME.part` beside a model's place holds the files as far as they have come. `origin.json` in it
says what they are pieces of: of anything else they are thrown away. The caller holds the model's lock.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from corpora.errors import MissingError

_ORIGIN = "origin.json"
BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Expected:
    """A file that is to arrive.

    Attributes:
        name: where it goes, a plain file name.
        size: in bytes.
        sha256: of its content as announced; empty where it is not.
        blob: git's id of its content (sha1 over a header and the content) as announced; empty likewise.
    """

    name: str
    size: int
    sha256: str = ""
    blob: str = ""


@dataclass(frozen=True, slots=True)
class Parts:
    """The folder of what has arrived so far."""

    folder: Path

    def open(self, origin: str) -> None:
        """Make the folder, or go on with it; what is of another origin is thrown away."""
        path = self.folder / _ORIGIN
        text = json.dumps({"origin": origin})
        try:
            same = path.read_text(encoding="utf-8") == text
        except (OSError, UnicodeDecodeError):
            same = False
        if not same:
            shutil.rmtree(self.folder, ignore_errors=True)
            self.folder.mkdir(mode=0o700, parents=True)
            path.write_text(text, encoding="utf-8")

    def here(self, expected: Expected) -> int:
        """Return how many bytes of a file are here; none if there are more than there should be."""
        try:
            size = (self.folder / expected.name).stat().st_size
        except OSError:
            return 0
        return size if size <= expected.size else 0

    def lacking(self, files: Iterable[Expected]) -> int:
        """Return how many bytes are still to come."""
        return sum(file.size - self.here(file) for file in files)

    def receive(
        self,
        expected: Expected,
        pieces: Callable[[int], Iterator[tuple[int, bytes]]],
        arrived: Callable[[int], None],
    ) -> None:
        """Bring the rest of a file and check the whole.

        Args:
            pieces: given the bytes that are here, yields (offset, bytes) in order; offset 0 begins anew.
            arrived: hears the sizes.

        Raises:
            MissingError: it is not what was announced; it is thrown away.
            OSError: the disk is full, or the like; what is here stays.
        """
        path = self.folder / expected.name
        start = self.here(expected)
        if start < expected.size or not path.is_file():
            with path.open("r+b" if start else "wb") as file:
                path.chmod(0o600)
                file.seek(start)
                for offset, piece in pieces(start):
                    if offset != file.tell():
                        arrived(offset - file.tell())
                        file.seek(offset)
                        file.truncate()
                    if file.tell() + len(piece) > expected.size:
                        break
                    file.write(piece)
                    arrived(len(piece))
        self._check(expected)

    def _check(self, expected: Expected) -> None:
        path = self.folder / expected.name
        size = path.stat().st_size
        if size < expected.size:
            raise MissingError(
                f"{expected.name} broke off after {size} of {expected.size} bytes",
                fix="Run the same command again: it goes on from there",
            )
        if not _matches(path, expected):
            path.unlink()
            raise MissingError(
                f"{expected.name} is not the file that was announced (its checksum differs): thrown away",
                fix="Run the same command again; if it happens again, distrust the source",
            )

    def hand_over(self, files: Iterable[Expected], target: Path) -> None:
        """Move whole files into the folder of the model that is being made, and end."""
        for file in files:
            (self.folder / file.name).rename(target / file.name)
        shutil.rmtree(self.folder, ignore_errors=True)


def _matches(path: Path, expected: Expected) -> bool:
    if not (expected.sha256 or expected.blob):
        return True
    sha256 = hashlib.sha256()
    blob = hashlib.sha1(f"blob {expected.size}\0".encode(), usedforsecurity=False)
    total = sha256 if expected.sha256 else blob
    with path.open("rb") as file:
        while piece := file.read(BLOCK):
            total.update(piece)
    return total.hexdigest() == (expected.sha256 or expected.blob)
