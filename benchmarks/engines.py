"""Time the engine of sequence-to-sequence models against others on the same model and the same sentences.

    python -m benchmarks.engines [--data FOLDER] [--lines 500] [--repeats 3] [--threads N] [--beam 4]
        [--systems ours transformers …] [--peers-python PYTHON] [--nllb] [--work FOLDER]

`FOLDER` (or `TERJIMAN_EVAL`) holds `ntrex/ntrex.{en,ru}`: NTREX-128 from its public repository
(MicrosoftTranslator/NTREX, CC BY-SA 4.0), one segment a line. The model is a Marian-base en-ru (with `--nllb`
an NLLB-600M: 8 GB of memory) with random weights, whose answers are about 1.3 times as long as their source
in every system, see `benchmarks.engine_model`. The model stays in `--work` and is made once.

Argos Translate 1.11 and EasyNMT 2.0 are no dependencies of this project; `--peers-python` names the Python of
an environment that has them, and transformers and sentencepiece:

    python -m venv peers && peers/bin/pip install argostranslate easynmt

Where one of them does not start there, its error is shown in the table in place of figures. They run on
Marian alone, without their splitters of sentences, which need downloads: so they are faster than in use.

Each system runs in a process of its own; the systems take turns, so that a busy moment of the machine hits
all. Shown: seconds of wall clock and processor for all lines, least and median of the repeats; tokens a
second; loading with a first sentence; the largest memory of the process. `x` is how many times the wall clock
and the processor time of ours a system takes, by the least.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks import engine_model, engine_systems
from corpora.text import nfc
from models import profile
from models.conversion import convert
from models.inspection import inspect
from models.tuning import cores, processor

PEERS = ("argos", "easynmt")
_ROOT = Path(__file__).parents[1]


def lines_of(data: Path, lang: str) -> list[str]:
    """Return all lines of NTREX in a language, NFC."""
    return [nfc(line) for line in (data / "ntrex" / f"ntrex.{lang}").read_text("utf-8").splitlines()]


def spread(lines: Sequence[str], count: int) -> list[str]:
    """Return `count` lines spread evenly over all: the same ones in every run."""
    count = min(count, len(lines))
    return [lines[place * len(lines) // count] for place in range(count)]


def prepare(shape: engine_model.Shape, work: Path, data: Path, beam: int) -> tuple[Path, Path]:
    """Return the checkpoint and its CTranslate2 form (int8), made where they are not there yet."""
    checkpoint, converted = work / shape, work / f"{shape}-int8"
    if not (checkpoint / "model.safetensors").is_file():
        print("making the model …", file=sys.stderr)
        engine_model.make(shape, checkpoint, lines_of(data, "en"), lines_of(data, "ru"))
    known = inspect(checkpoint)
    if not (converted / "model.bin").is_file():
        converted.mkdir(exist_ok=True)
        known = convert(checkpoint, known, converted, quantisation="int8")
    quantised = profile.Profile(
        "ctranslate2", known.family, known.codes, source=known.source, quantisation="int8", beam=beam
    )
    profile.write(quantised, converted)
    return checkpoint, converted


def measure(python: str, task: Mapping[str, Any]) -> dict[str, Any]:
    """Run one system once; `error` in the answer says why it did not run."""
    paths = {"PYTHONPATH": str(_ROOT), "OMP_NUM_THREADS": str(task["threads"]), "HF_HUB_OFFLINE": "1"}
    ended = subprocess.run(
        [python, engine_systems.__file__],
        input=json.dumps(task).encode(),
        capture_output=True,
        env=os.environ | paths,
        check=False,
    )
    if ended.returncode:
        last = ended.stderr.decode(errors="replace").strip().splitlines()
        return {"error": last[-1] if last else f"ended with {ended.returncode}"}
    answer: dict[str, Any] = json.loads(ended.stdout)
    return answer


def table(runs: Mapping[str, Sequence[Mapping[str, Any]]]) -> list[str]:
    """Return the lines of the table (Markdown)."""
    head = "| system | wall s, least / median | CPU s | x wall | x CPU | tokens/s | start s | peak MB |"
    rows = [head, "|---|---|---|---|---|---|---|---|"]
    ours = runs.get("ours", ())
    for system, taken in runs.items():
        failed = next((str(one["error"]) for one in taken if "error" in one), "")
        if failed:
            rows.append(f"| {system} | does not run: {failed} |")
            continue
        cells = [system]
        for key in ("wall", "cpu"):
            times = [one[key] for one in taken]
            cells.append(f"{min(times):.1f} / {median(times):.1f}")
        for key in ("wall", "cpu"):
            known = ours and "error" not in ours[0]
            cells.append(f"{_least(taken, key) / _least(ours, key):.2f}" if known else "")
        cells.append(f"{taken[0]['words'] / _least(taken, 'wall'):.0f}")
        cells.append(f"{_least(taken, 'load'):.1f}")
        cells.append(f"{max(one['peak'] for one in taken) / 1e6:.0f}")
        rows.append("| " + " | ".join(cells) + " |")
    return rows


def _least(taken: Sequence[Mapping[str, Any]], key: str) -> float:
    return min(float(one[key]) for one in taken)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Time engines side by side.")
    parser.add_argument("--data", type=Path, default=os.environ.get("TERJIMAN_EVAL"))
    parser.add_argument("--lines", type=int, default=500)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--threads", type=int, default=cores())
    parser.add_argument("--beam", type=int, default=4)
    parser.add_argument("--systems", nargs="+", choices=engine_systems.SYSTEMS)
    parser.add_argument("--peers-python", default="")
    parser.add_argument("--nllb", action="store_true")
    parser.add_argument("--work", type=Path, default=Path(tempfile.gettempdir()) / "terjiman-benchmark")
    options = parser.parse_args()
    if options.data is None:
        parser.error("name the folder of the data with --data or TERJIMAN_EVAL")
    return options


def main() -> None:
    """Run from the command line."""
    options = _options()
    shape: engine_model.Shape = "nllb" if options.nllb else "marian"
    work = options.work.resolve()
    work.mkdir(parents=True, exist_ok=True)
    checkpoint, converted = prepare(shape, work, Path(options.data), options.beam)
    texts = spread(lines_of(Path(options.data), "en"), options.lines)
    systems = options.systems or [
        name
        for name in engine_systems.SYSTEMS
        if name not in PEERS or (options.peers_python and shape == "marian")
    ]
    asked = f"{options.threads} threads  {shape}, beam {options.beam}, {len(texts)} lines"
    print(f"{date.today()}  {processor()}, {asked}")
    runs: dict[str, list[dict[str, Any]]] = {name: [] for name in systems}
    for _ in range(options.repeats):
        for name in systems:
            task = {
                "system": name, "texts": texts, "lang": "ru", "beam": options.beam,
                "threads": options.threads,
                "shape": shape, "checkpoint": str(checkpoint), "converted": str(converted), "work": str(work),
            }  # fmt: skip
            python = options.peers_python if name in PEERS else sys.executable
            runs[name].append(measure(python, task))
            print(f"{name}: {json.dumps(runs[name][-1])}", file=sys.stderr, flush=True)
    print("\n".join(table(runs)))


if __name__ == "__main__":
    main()
