"""The gold alignments, how answers are counted, and an encoder that remembers.

Data, in the folder named by TERJIMAN_EVAL (none of it ships with the project):

- `align/text+berg/dev.{de,fr,defr}`: github.com/thompsonb/vecalign, folder bleualign_data (Volk et al. 2010);
- `align/parice_en_is/{eng,isl,gold}/`: github.com/steinst/SentAlign, lines as number, tab, text;
- `align/ntrex-perturbed/en-XX.{en,XX,gold}`: NTREX-128 (github.com/MicrosoftTranslator/NTREX) with 8 % of the
  lines left out, others merged or split at a clause.
"""

from __future__ import annotations

import os
import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpora.errors import MissingError
from corpora.protocols import Encoder
from corpora.text import nfc

Link = tuple[tuple[int, ...], tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Document:
    """Two texts and their gold beads."""

    name: str
    source: list[str]
    target: list[str]
    langs: tuple[str, str]
    gold: list[Link]


@dataclass(frozen=True, slots=True)
class Counts:
    """Right and stated beads, as Sennrich & Volk (2011) and Thompson & Koehn (2019) count them.

    A stated bead is right (strict) if it is in the gold, right (lax) if a gold bead shares a sentence with
    it on both sides. Precision counts every stated bead, recall leaves out gold beads with an empty side.
    """

    strict: NDArray[np.int64]  # right among stated, stated, found among gold, gold
    lax: NDArray[np.int64]

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.strict + other.strict, self.lax + other.lax)

    @staticmethod
    def rates(counts: NDArray[np.int64]) -> tuple[float, float, float]:
        """Precision, recall and F1."""
        precision = counts[0] / max(counts[1], 1)
        recall = counts[2] / max(counts[3], 1)
        return precision, recall, 2 * precision * recall / max(precision + recall, 1e-9)


def counts(gold: Sequence[Link], stated: Sequence[Link]) -> Counts:
    """Count what is right in an answer."""

    def right(truth: Sequence[Link], answer: Sequence[Link]) -> tuple[int, int, int]:
        known = {link for link in truth if any(link)}
        partners: dict[int, set[int]] = defaultdict(set)
        for source, target in known:
            for i in source:
                partners[i].update(target)
        given = {link for link in answer if any(link)}
        strict = sum(link in known for link in given)
        lax = sum(
            (source, target) in known or any(partners[i].intersection(target) for i in source)
            for source, target in given
        )
        return strict, lax, len(given)

    def linked(links: Sequence[Link]) -> list[Link]:
        return [link for link in links if all(link)]

    strict, lax, stated_count = right(gold, stated)
    found, touched, gold_count = right(linked(stated), linked(gold))
    return Counts(
        np.array([strict, stated_count, found, gold_count]),
        np.array([lax, stated_count, touched, gold_count]),
    )


def folder() -> Path:
    """The folder of the evaluation data.

    Raises:
        MissingError: TERJIMAN_EVAL is not set.
    """
    if "TERJIMAN_EVAL" not in os.environ:
        raise MissingError("TERJIMAN_EVAL is not set", fix="See benchmarks/alignment_data.py for the data")
    return Path(os.environ["TERJIMAN_EVAL"]) / "align"


def lines(path: Path) -> list[str]:
    """The lines of a file, NFC, without the number that ParIce puts before a tab."""
    text = path.read_text(encoding="utf-8").removesuffix("\n")
    rows = [nfc(line) for line in text.split("\n")]
    return [row.split("\t", 1)[1] for row in rows] if all("\t" in row for row in rows) else rows


def beads(path: Path) -> list[Link]:
    """The gold beads of a file of `[0, 1]:[2]` lines."""

    def ids(cell: str) -> tuple[int, ...]:
        return tuple(int(part) for part in cell.strip("[] ").split(",") if part.strip())

    rows = (line.split(":") for line in path.read_text(encoding="utf-8").splitlines() if line.strip())
    return [(ids(row[0]), ids(row[1])) for row in rows]


def data_sets() -> Iterator[tuple[str, list[Document]]]:
    """Yield the name and the documents of each set that is there."""
    root = folder()
    for lang in ("kk", "ug", "ru", "zh"):
        stem = root / "ntrex-perturbed" / f"en-{lang}"
        if stem.with_suffix(".gold").exists():
            yield f"ntrex en-{lang}", [_document(f"en-{lang}", stem, ("en", lang), "gold")]
    berg = root / "text+berg" / "dev"
    if berg.parent.exists():
        yield "text+berg de-fr", [_document("text+berg", berg, ("de", "fr"), "defr")]
    parice = root / "parice_en_is"
    if parice.exists():
        yield "parice en-is", [_parice(parice, path) for path in sorted((parice / "gold").iterdir())]


def _document(name: str, stem: Path, langs: tuple[str, str], gold: str) -> Document:
    source, target = (lines(stem.with_suffix(f".{lang}")) for lang in langs)
    return Document(name, source, target, langs, beads(stem.with_suffix(f".{gold}")))


def _parice(root: Path, gold: Path) -> Document:
    source, target = (lines(root / lang / gold.name) for lang in ("eng", "isl"))
    return Document(gold.stem, source, target, ("en", "is"), beads(gold))


class Remembering:
    """An encoder that keeps every vector in a file, so that a second run costs nothing."""

    def __init__(self, encoder: Encoder, path: Path) -> None:
        self.name, self.digest = encoder.name, encoder.digest
        self.embedded = 0
        self._encoder = encoder
        self._base = sqlite3.connect(path)
        self._base.execute(
            "CREATE TABLE IF NOT EXISTS vectors"
            " (digest TEXT, text TEXT, vector BLOB, PRIMARY KEY (digest, text))"
        )

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Embed what is not known yet, and remember it."""
        query = "SELECT vector FROM vectors WHERE digest = ? AND text = ?"
        found = {text: self._base.execute(query, (self.digest, text)).fetchone() for text in set(texts)}
        missing = sorted(
            (text for text, row in found.items() if row is None), key=lambda text: (len(text), text)
        )
        self.embedded += len(missing)
        for start in range(0, len(missing), 64):
            part = missing[start : start + 64]
            vectors = np.asarray(self._encoder.encode(part), np.float32)
            self._base.executemany(
                "INSERT OR REPLACE INTO vectors VALUES (?, ?, ?)",
                [(self.digest, text, vector.tobytes()) for text, vector in zip(part, vectors, strict=True)],
            )
            self._base.commit()
            found.update({text: (vector.tobytes(),) for text, vector in zip(part, vectors, strict=True)})
        return np.stack([np.frombuffer(found[text][0], np.float32) for text in texts])
