"""Score the starter model against human translations, and time it.

    python -m benchmarks.starter [--data FOLDER] [--sets ntrex domain] [--to kk ug ru zh] [--lines 200] \
        [--adapter FILE]
    python -m benchmarks.starter --startup

`FOLDER` (or the environment variable `TERJIMAN_EVAL`) holds `SET/SET.en` and `SET/SET.{kk,ug,ru,zh}`, one
segment a line. NTREX-128 comes from its public repository (MicrosoftTranslator/NTREX, CC BY-SA 4.0): the
English source and the references in Kazakh, Uyghur, Russian and Chinese (CN), renamed. With `--lines N`, N
lines spread evenly over the file are used: the same ones in every run. `--adapter` measures the model that
another adapter makes, as `models.starter.recipe.train` writes it.

Printed for each language: chrF++ (for Chinese chrF) and BLEU (tok:zh) with sacreBLEU's signatures, the number
of segments flagged, and speed. Speed is wall-clock and means little where other programs run. `--startup`
needs no data: it runs `terjiman translate` on one sentence in a process of its own, five times, and prints
the seconds from the command to the translation, wall clock and processor, and the largest memory.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

import sacrebleu
from ctranslate2 import __version__ as ctranslate2_version

from corpora.languages import TARGETS
from corpora.protocols import Engine
from corpora.records import Request
from corpora.text import nfc
from models import registry, store
from models.starter import base, build, vocabulary
from models.starter.engine import DECODING, load
from models.tuning import cores, processor


def read(path: Path, count: int | None) -> list[str]:
    """Return all lines of a file, or `count` lines spread evenly over it, NFC."""
    lines = [nfc(line) for line in path.read_text(encoding="utf-8").splitlines()]
    if count is None or count >= len(lines):
        return lines
    return [lines[place * len(lines) // count] for place in range(count)]


def scores(hypotheses: Sequence[str], references: Sequence[str], lang: str) -> list[str]:
    """Return one line a metric: score and signature."""
    metrics: list[tuple[str, sacrebleu.metrics.base.Metric]]
    if lang == "zh":
        metrics = [("chrF", sacrebleu.CHRF()), ("BLEU", sacrebleu.BLEU(tokenize="zh"))]
    else:
        metrics = [("chrF++", sacrebleu.CHRF(word_order=2)), ("BLEU", sacrebleu.BLEU())]
    lines = []
    for name, metric in metrics:
        score = metric.corpus_score(list(hypotheses), [list(references)]).score
        lines.append(f"{name} {score:.1f}  {metric.get_signature()}")
    return lines


def engine_of(adapter: Path, folder: Path) -> Engine:
    """Return the starter that another adapter makes, built in a folder of its own."""
    whole = base.assemble(base.part_paths(), folder)
    build.write_model(whole, adapter, vocabulary.read_kept(build.KEPT), folder, progress=print)
    whole.unlink()
    names = {path.name: path for path in folder.iterdir()}
    files = {
        name: store.StoredFile(path.stat().st_size, store.sha256_file(path)) for name, path in names.items()
    }
    facts = store.Facts(build.KIND, build.LICENCE, str(adapter), "measured")
    manifest = store.Manifest("starter", facts, files, store.digest_of(files), "")
    return load(folder, manifest, threads=cores())


def measure(engine: Engine, folder: Path, name: str, lang: str, count: int | None) -> None:
    """Translate one set into one language and print what came of it."""
    sources = read(folder / name / f"{name}.en", count)
    references = read(folder / name / f"{name}.{lang}", count)
    started = time.perf_counter()
    answers = [found[0] for found in engine.translate([Request(text, lang) for text in sources])]
    seconds = time.perf_counter() - started
    flagged = sum(any(flag.severity != "info" for flag in answer.flags) for answer in answers)
    speed = f"{len(sources) / seconds:.1f} segments/s, {sum(map(len, sources)) / seconds:.0f} characters/s"
    print(f"{name} {lang}  beam {DECODING.beams[lang]}  {len(sources)} lines  {flagged} flagged  {speed}")
    for line in scores([answer.text for answer in answers], references, lang):
        print(f"    {line}", flush=True)


def startup(times: int = 5) -> None:
    """Print how long the first translation takes, with all that is loaded and checked for it."""
    command = [sys.executable, "-c", "from pipeline.cli import main; main()", "translate", "--to", "kk"]
    walls, burnt = [], []
    for _ in range(times):
        before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        subprocess.run(
            [*command, "--model", "starter"],
            input=b"She left Almaty in June.\n",
            check=True,
            capture_output=True,
        )
        walls.append(time.perf_counter() - started)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        burnt.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    print(f"{processor()}, {cores()} cores, {times} times, from the command to the first translation")
    for name, taken in (("wall clock", walls), ("processor", burnt)):
        print(f"{name}: least {min(taken):.1f} s, median {median(taken):.1f} s, most {max(taken):.1f} s")
    print(f"largest memory: {peak / 1e6:.0f} MB")


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description="Score the starter model.")
    parser.add_argument("--data", type=Path, default=os.environ.get("TERJIMAN_EVAL"))
    parser.add_argument("--sets", nargs="+", default=["domain", "ntrex"])
    parser.add_argument("--to", nargs="+", default=list(TARGETS), choices=TARGETS)
    parser.add_argument("--lines", type=int)
    parser.add_argument("--adapter", type=Path)
    parser.add_argument("--startup", action="store_true")
    options = parser.parse_args()
    if options.startup:
        registry.ensure("starter", progress=print)
        startup()
        return
    if options.data is None:
        parser.error("name the folder of the data with --data or TERJIMAN_EVAL")
    with tempfile.TemporaryDirectory() as folder:
        if options.adapter:
            engine = engine_of(options.adapter, Path(folder))
        else:
            registry.ensure("starter", progress=print)
            engine = registry.load_engine("starter")
        info = engine.info
        print(f"{info.name} {info.digest[:12]}  ctranslate2 {ctranslate2_version}  {os.cpu_count()} cores")
        for name in options.sets:
            for lang in options.to:
                measure(engine, Path(options.data), name, lang, options.lines)


if __name__ == "__main__":
    main()
