"""Run a job of many short segments, a part of them duplicates, and tell its time and its largest memory.

    python -m benchmarks.many_segments [--segments 100000] [--duplicates 0.3] [--flagged] [--translate]

The segments are made up here; a recorded model answers, so that what is measured is all but the model. With
`--flagged` it answers in Latin letters: nearly every segment then bears several flags, the worst case. With
`--translate`, `terjiman translate` is run on the same lines instead of a job.
"""

from __future__ import annotations

import argparse
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

_WORDS = "she the he camp letter sister Almaty Urumqi June closed answered wrote road police"
_THEIRS = "ол лагерь хат әпке Алматы маусымда жабылды ешкім жауап бермеді жазды ұсталды жол полиция"
_LATIN = "ol lager hat apke Almaty mausymda zhabyldy eshkim zhauap bermedi zhazdy ustaldy zhol politsiya"
_JOB = """sources = ["sources/*"]
source_language = "en"
targets = ["kk"]
[translate]
model = "recorded:recorded.tsv"
[checks]
encoder = ""
[publish]
formats = ["document", "tsv", "jsonl"]
"""


def write_job(folder: Path, count: int, duplicates: float, *, flagged: bool = False) -> None:
    """Write a job of one text file, and the recorded translations of its lines: sound ones, or `flagged`."""
    chance = random.Random(1)
    distinct = count - round(count * duplicates)
    pairs = [
        tuple(
            f"{' '.join(chance.choices(words.split(), k=chance.randint(3, 9)))} {at}."
            for words in (_WORDS, _LATIN if flagged else _THEIRS)
        )
        for at in range(distinct)
    ]
    lines = [source for source, _ in pairs]
    lines += chance.choices(lines, k=count - distinct)
    chance.shuffle(lines)
    (folder / "sources").mkdir()
    (folder / "sources" / "lines.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    recorded = "".join(f"{source}\t{target}\n" for source, target in pairs)
    (folder / "recorded.tsv").write_text(recorded, encoding="utf-8")
    (folder / "job.toml").write_text(_JOB, encoding="utf-8")


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description="Run a job of many short segments.")
    parser.add_argument("--segments", type=int, default=100_000)
    parser.add_argument("--duplicates", type=float, default=0.3)
    parser.add_argument("--flagged", action="store_true")
    parser.add_argument("--translate", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        write_job(folder, options.segments, options.duplicates, flagged=options.flagged)
        command = ["run", str(folder), "--quiet"]
        if options.translate:
            recorded = f"recorded:{folder / 'recorded.tsv'}"
            command = ["translate", str(folder / "sources" / "lines.txt"), "--to", "kk", "--model", recorded]
            command += ["-o", str(folder / "lines.kk")]
        started = time.perf_counter()
        call = [sys.executable, "-c", "from pipeline.cli import main; main()", *command]
        ended = subprocess.run(call, check=False, stderr=subprocess.DEVNULL if options.translate else None)
        seconds = time.perf_counter() - started
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    burnt, peak = used.ru_utime + used.ru_stime, used.ru_maxrss / 1024
    print(f"{command[0]}: exit code {ended.returncode}, {options.segments} segments")
    print(f"{seconds:.0f} s wall clock, {burnt:.0f} s processor, at most {peak:.0f} MB")


if __name__ == "__main__":
    main()
