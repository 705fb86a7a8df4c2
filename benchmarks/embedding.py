"""How many sentences a second the offline encoder embeds, as it is and as terjiman calls it.

    TERJIMAN_EVAL=FOLDER python -m benchmarks.embedding [--lines 120]

FOLDER holds `ntrex/ntrex.{en,kk,ug,ru,zh}`: NTREX-128 (github.com/MicrosoftTranslator/NTREX). The sentences
are taken evenly from all five, in mixed order. Every way is timed in a process of its own, the model loaded
and warmed up before; "as it is" is the package, one sentence a call.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from corpora.errors import MissingError
from corpora.protocols import Encoder
from corpora.text import nfc

LANGS = ("en", "kk", "ug", "ru", "zh")
Way = Callable[[Encoder, Sequence[str]], object]


def sentences(count: int) -> list[str]:
    """Return so many sentences, the languages taking turns.

    Raises:
        MissingError: TERJIMAN_EVAL is not set.
    """
    if "TERJIMAN_EVAL" not in os.environ:
        raise MissingError("TERJIMAN_EVAL is not set", fix="See benchmarks/embedding.py for the data")
    folder = Path(os.environ["TERJIMAN_EVAL"]) / "ntrex"
    texts = [
        (folder / f"ntrex.{lang}").read_text(encoding="utf-8").splitlines()[: -(-count // len(LANGS))]
        for lang in LANGS
    ]
    return [nfc(line) for row in zip(*texts, strict=True) for line in row][:count]


def one_by_one(encoder: Encoder, texts: Sequence[str]) -> None:
    """A call for each sentence."""
    for text in texts:
        encoder.encode([text])


def in_order(encoder: Encoder, texts: Sequence[str]) -> None:
    """All in one call, as they come."""
    encoder.encode(texts)


def by_length(encoder: Encoder, texts: Sequence[str]) -> None:
    """All in one call, the short ones first."""
    encoder.encode(sorted(texts, key=len))


def cached(encoder: Encoder, texts: Sequence[str]) -> None:
    """All in one call to an encoder that knows them all."""
    encoder.encode(texts)


WAYS: tuple[tuple[str, Way, int, int], ...] = (
    ("as it is: one a call, 1 thread", one_by_one, 1, 1),
    ("one call, 1 thread", in_order, 1, 1),
    ("one call by length, 1 thread", by_length, 1, 1),
    ("one call by length, 2 threads", by_length, 2, 1),
    ("by length, 2 processes, 1 thread", by_length, 1, 2),
    ("from the cache on disk", cached, 1, 1),
)


def _timed(
    way: Way, threads: int, texts: Sequence[str], out: multiprocessing.Queue[tuple[float, float]]
) -> None:
    from models.encoders import load_encoder
    from models.encoders.cache import CachedEncoder

    encoder = load_encoder(threads=threads)
    encoder.encode(texts[:2])
    with tempfile.TemporaryDirectory() as folder:
        if way is cached:
            encoder = CachedEncoder(encoder, Path(folder) / "vectors.db")
            encoder.encode(texts)
        wall, cpu = time.perf_counter(), time.process_time()
        way(encoder, texts)
        out.put((time.perf_counter() - wall, time.process_time() - cpu))


def measure(way: Way, threads: int, texts: Sequence[str], processes: int) -> tuple[float, float]:
    """Return wall clock and processor time of embedding the texts, dealt out to processes."""
    context = multiprocessing.get_context("spawn")
    queue: multiprocessing.Queue[tuple[float, float]] = context.Queue()
    parts = [texts[k::processes] for k in range(processes)]
    workers = [context.Process(target=_timed, args=(way, threads, part, queue)) for part in parts]
    for worker in workers:
        worker.start()
    spent = np.array([queue.get() for _ in workers])
    for worker in workers:
        worker.join()
    return float(spent[:, 0].max()), float(spent[:, 1].sum())


def main() -> None:
    """Print everything."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--lines", type=int, default=120, help="sentences")
    texts = sentences(parser.parse_args().lines)
    letters = sum(map(len, texts)) / len(texts)
    print(f"{len(texts)} sentences of {letters:.0f} letters; {os.cpu_count()} processors")
    print(f"{'':34} {'wall s':>8} {'CPU s':>8} {'a second':>10} {'a CPU second':>13}")
    for name, way, threads, processes in WAYS:
        wall, cpu = measure(way, threads, texts, processes)
        speed = f"{len(texts) / wall:10.1f} {len(texts) / cpu:13.1f}"
        print(f"{name:34} {wall:8.2f} {cpu:8.2f} {speed}", flush=True)


if __name__ == "__main__":
    main()
