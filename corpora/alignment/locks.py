"""Beads that a person has settled: read, checked, and kept by the aligner whatever speaks against them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import regex

from corpora.alignment.lattice import LINKS, NEVER, Band, Potentials
from corpora.errors import InputError

_LINE = regex.compile(r"\[([\d,\s]*)\]\s*:\s*\[([\d,\s]*)\](?:\s*:\s*-?[\d.]+)?")


@dataclass(frozen=True, slots=True)
class Lock:
    """A settled bead: indexes of sentences, counted from 0. One side may be empty: left out, or added.

    `place` tells a person where it was written.
    """

    source: tuple[int, ...]
    target: tuple[int, ...]
    place: str = ""

    @property
    def box(self) -> tuple[int, int, int, int]:
        """The nodes it leads from and to, as rows and columns; for a bead without an empty side."""
        return self.source[0], self.source[-1] + 1, self.target[0], self.target[-1] + 1


def read_locks(lines: Sequence[str], place: str) -> list[Lock]:
    """Read lines like `[0,1]:[2]`, with or without a score behind, as `terjiman align` writes them.

    Raises:
        InputError: a line that is not like that, with its number.
    """
    locks = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        where = f"{place}, line {number}"
        found = _LINE.fullmatch(line.strip())
        if found is None:
            raise InputError(f"{line.strip()[:40]!r} is no bead", place=where, fix="Write it like [0,1]:[2]")
        source, target = (_numbers(cell, where) for cell in found.groups())
        locks.append(Lock(source, target, where))
    return locks


def _numbers(cell: str, place: str) -> tuple[int, ...]:
    parts = [part.strip() for part in cell.split(",")] if cell.strip() else []
    if not all(part.isdecimal() for part in parts):
        raise InputError(f"[{cell}] is no list of numbers", place=place, fix="Write it like [0,1]")
    return tuple(map(int, parts))


def settled(locks: Sequence[Lock], source: Sequence[str], target: Sequence[str]) -> list[Lock]:
    """Check that locks fit the texts and each other; return them in order, those with an empty side last.

    Raises:
        InputError: a lock that cannot be kept, and why.
    """
    for lock in locks:
        _check_alone(lock, source, target)
    for side, name in ((0, "source"), (1, "target")):
        seen: dict[int, Lock] = {}
        for lock in locks:
            for k in (lock.source, lock.target)[side]:
                if k in seen:
                    raise _error(lock, f"{name} sentence {k} is locked already{_by(seen[k])}")
                seen[k] = lock
    linked = sorted((lock for lock in locks if lock.source and lock.target), key=lambda lock: lock.source)
    for before, lock in pairwise(linked):
        if lock.target[0] < before.target[0]:
            raise _error(
                lock,
                f"crosses {_shown(before)}{_by(before)}: the aligner keeps the order of both texts",
            )
    return linked + [lock for lock in locks if not lock.source or not lock.target]


def _check_alone(lock: Lock, source: Sequence[str], target: Sequence[str]) -> None:
    if not lock.source and not lock.target:
        raise _error(lock, "has no sentences")
    for ids, text, name in ((lock.source, source, "source"), (lock.target, target, "target")):
        for k in ids:
            if not 0 <= k < len(text):
                raise _error(lock, f"there is no {name} sentence {k}, they are numbered 0 to {len(text) - 1}")
            if lock.source and lock.target and not text[k].strip():
                raise _error(lock, f"{name} sentence {k} is blank")
        if list(ids) != list(range(ids[0], ids[0] + len(ids)) if ids else ()):
            raise _error(lock, f"the {name} sentences do not follow each other")
    size = len(lock.source), len(lock.target)
    if all(size) and size not in LINKS:
        raise _error(lock, f"a bead of {size[0]} and {size[1]} sentences is too big: at most 4-4, 1-5 or 5-1")


def _error(lock: Lock, message: str) -> InputError:
    return InputError(f"{_shown(lock)}: {message}", place=lock.place or "locked beads")


def _shown(lock: Lock) -> str:
    return ":".join(f"[{','.join(map(str, ids))}]" for ids in (lock.source, lock.target))


def _by(lock: Lock) -> str:
    return f" ({lock.place})" if lock.place else ""


def keep(area: Band, values: Potentials, locks: Sequence[Lock]) -> None:
    """Make every step impossible, in place, that contradicts a lock. The band must lead through all of them.

    `values` has shape (len(STEPS), nodes): log-potentials, or the gains of a best path.
    """
    for lock in locks:
        if lock.source and lock.target:
            top, bottom, _, right = lock.box
            for k, (n, _) in enumerate((*LINKS, (1, 0))):
                values[k, area.start[top + 1] : area.start[min(bottom + n, area.rows)]] = NEVER
            step = LINKS.index((len(lock.source), len(lock.target)))
            values[step, area.node(bottom, right)] = 1.0
    alone = [lock for lock in locks if not lock.source or not lock.target]
    if alone:
        _keep_alone(
            area, values, [k for one in alone for k in one.source], [k for one in alone for k in one.target]
        )


def _keep_alone(area: Band, values: Potentials, source: Sequence[int], target: Sequence[int]) -> None:
    """Make links impossible that hold a sentence which is to stay alone."""
    rows, columns = area.nodes()
    for ids, nodes, axis in ((source, rows, 0), (target, columns, 1)):
        last = int(nodes.max())
        for k, link in enumerate(LINKS):
            holds = np.zeros(last + 1, np.bool_)
            for one in ids:
                holds[one + 1 : one + 1 + link[axis]] = True
            values[k, holds[nodes]] = NEVER
