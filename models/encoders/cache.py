"""Vectors kept on disk under the content of their text, so that no sentence is embedded twice.

One SQLite file; a row is the sha256 of the encoder's digest and the text, and the vector. The text itself is
not kept, but a vector tells much of what its text is about: the file is for its owner alone. Every call opens
the file anew and commits once, so any number of threads and processes may share it, and one that is killed
loses what it was just adding and nothing else.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpora.protocols import Encoder
from corpora.text import nfc

FILE = "vectors.db"
LIMIT = 512_000_000  # bytes; some 250,000 vectors of the encoder that ships
_BATCH = 500  # variables in one query; SQLite takes 999 everywhere
_PATCH = 256  # new texts between two commits: what a kill may lose
_WAIT = 30.0  # seconds for another process to let go
_DAY = 86_400
_SCHEMA = (
    "CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB NOT NULL, day INTEGER NOT NULL)"
)


def _silent(message: str) -> None:
    """Say nothing."""


class CachedEncoder:
    """An encoder that remembers on disk; see `corpora.protocols.Encoder`.

    The encoder behind it is asked for what is not known, and so not even loaded where all is known. The file
    does no harm: where it cannot be read or written, one line says so and all is embedded; a damaged file
    is replaced.

    Args:
        encoder: embeds what is not known yet.
        path: the file; its folder is made when first needed.
        say: told once, in one line, why the file is of no use.
        limit: bytes; beyond it those that were not needed for longest are dropped.
    """

    def __init__(
        self, encoder: Encoder, path: Path, *, say: Callable[[str], None] = _silent, limit: int = LIMIT
    ) -> None:
        self.name = encoder.name
        self._encoder, self._path, self._say, self._limit = encoder, path, say, limit
        self._usable = True

    @property
    def digest(self) -> str:
        """What identifies the encoder's results."""
        return self._encoder.digest

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return an array of shape (len(texts), dim), float32, rows of unit length."""
        keys = [self._key(text) for text in texts]
        known = self._load(sorted(set(keys)))
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        # a fixed order: by length, which encoders like, then by content
        order = sorted(missing, key=lambda key: (len(missing[key]), key))
        for start in range(0, len(order), _PATCH):
            part = order[start : start + _PATCH]
            vectors = np.asarray(self._encoder.encode([missing[key] for key in part]), np.float32)
            fresh = dict(zip(part, vectors, strict=True))
            self._save(fresh)
            known.update(fresh)
        if not keys:
            return np.asarray(self._encoder.encode([]), np.float32)
        return np.stack([known[key] for key in keys])

    def _key(self, text: str) -> bytes:
        return hashlib.sha256(f"{self.digest}\0{nfc(text)}".encode()).digest()

    def _load(self, keys: Sequence[bytes]) -> dict[bytes, NDArray[np.float32]]:
        found: dict[bytes, NDArray[np.float32]] = {}
        stale: list[bytes] = []
        today = int(time.time()) // _DAY
        if not self._path.is_file():
            return found
        with self._base() as base:
            if base is None:
                return found
            for start in range(0, len(keys), _BATCH):
                part = keys[start : start + _BATCH]
                marks = ",".join("?" * len(part))
                query = f"SELECT key, vector, day FROM vectors WHERE key IN ({marks})"
                for key, vector, day in base.execute(query, part):
                    found[key] = np.frombuffer(vector, np.float32)
                    if day < today:
                        stale.append(key)
            base.executemany("UPDATE vectors SET day = ? WHERE key = ?", [(today, key) for key in stale])
        return found

    def _save(self, fresh: dict[bytes, NDArray[np.float32]]) -> None:
        today = int(time.time()) // _DAY
        with self._base() as base:
            if base is None:
                return
            rows = [(key, vector.tobytes(), today) for key, vector in fresh.items()]
            base.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?, ?)", rows)
            self._make_room(base)

    def _make_room(self, base: sqlite3.Connection) -> None:
        """Drop a fifth of the vectors, those unused for longest, where the file is above its limit."""
        pages, free, size = (
            int(base.execute(f"PRAGMA {name}").fetchone()[0])
            for name in ("page_count", "freelist_count", "page_size")
        )
        if (pages - free) * size > self._limit:
            base.execute(
                "DELETE FROM vectors WHERE key IN (SELECT key FROM vectors ORDER BY day, key"
                " LIMIT (SELECT COUNT(*) / 5 + 1 FROM vectors))"
            )

    @contextlib.contextmanager
    def _base(self) -> Iterator[sqlite3.Connection | None]:
        """Open the file for one transaction; None where that does not work.

        What fails inside the transaction is rolled back and told, too: nothing depends on it.
        """
        if not self._usable:
            yield None
            return
        try:
            base = self._opened()
        except (OSError, sqlite3.Error) as error:
            self._give_up(error)
            yield None
            return
        try:
            with base:
                yield base
        except sqlite3.Error as error:
            self._give_up(error)
        finally:
            base.close()

    def _opened(self) -> sqlite3.Connection:
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
        base = sqlite3.connect(self._path, timeout=_WAIT)
        try:
            base.execute(_SCHEMA)
            base.execute("SELECT key, vector, day FROM vectors LIMIT 1")
        except sqlite3.OperationalError:  # locked, full, read-only: the file itself may be sound
            base.close()
            raise
        except sqlite3.DatabaseError:
            base.close()
            self._path.unlink()
            os.close(os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
            base = sqlite3.connect(self._path, timeout=_WAIT)
            base.execute(_SCHEMA)
        return base

    def _give_up(self, error: Exception) -> None:
        self._usable = False
        self._say(f"the vectors of sentences cannot be kept ({error}): {self._path}; all are made anew")
