"""Time the starter beside llama.cpp with the same base and adapter, and its own search at several widths.

    python -m benchmarks.starter_speed [--data FOLDER] [--set domain] [--to kk ug ru zh] [--lines 40]
        [--threads N] [--systems beam-1 beam-2 beam-4 llama-1 llama-8 …]

`FOLDER` is as in `benchmarks.starter`. The same lines, the same prompt, in one run, each system in a process
of its own: `beam-N` is this project's engine with a beam of N, `greedy-bare` its greedy search without the
bar on Latin letters, which llama.cpp lacks; `llama-N` is llama.cpp (the extra `llama`) with N slots, greedy,
on the base as it comes (Q4_K_M) with our adapter beside it.

Shown for each language: chrF++ (Chinese: chrF), tokens of the answers a second, counted by the starter's own
tokenizer for all; for each system: loading and a first translation, the largest memory.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

from gguf import GGUFWriter

from benchmarks.engine_systems import peak
from benchmarks.starter import read, scores
from corpora.languages import TARGETS
from corpora.records import Request
from models import registry, store
from models.engines.ctranslate2_engine import GeneratorEngine, tokenizer_of
from models.engines.prompts import STARTER
from models.starter import base, build, merge
from models.starter.engine import DECODING, info
from models.tuning import cores, processor

Translate = Callable[[Sequence[str], str], list[str]]
SYSTEMS = ("greedy-bare", "beam-1", "beam-2", "beam-4", "llama-1", "llama-8")
_CONTEXT = 2048  # tokens of prompt and answer in llama.cpp, a slot


def ours(name: str, threads: int) -> Translate:
    """Return the installed starter with another width of the search."""
    manifest = store.verify("starter")
    width = 1 if name == "greedy-bare" else int(name.rpartition("-")[2])
    decoding = replace(DECODING, beams=dict.fromkeys(TARGETS, width), own_script=name != "greedy-bare")
    place = store.folder("starter")
    engine = GeneratorEngine(place, info(manifest), STARTER, decoding, threads=threads)

    def translate(texts: Sequence[str], lang: str) -> list[str]:
        return [found[0].text for found in engine.translate([Request(text, lang) for text in texts])]

    return translate


def llama(slots: int, threads: int, folder: Path) -> Translate:
    """Return llama.cpp over the base and the adapter, as many texts side by side as it has slots."""
    import xllamacpp

    settings = xllamacpp.CommonParams()
    settings.model.path = str(base.assemble(base.part_paths(), folder))
    adapter = write_adapter(folder / "adapter.gguf")
    settings.lora_adapters = [xllamacpp.CommonAdapterLoraInfo(str(adapter), 1.0)]
    settings.n_parallel, settings.n_ctx = slots, slots * _CONTEXT
    settings.cpuparams.n_threads = settings.cpuparams_batch.n_threads = threads
    settings.warmup, settings.verbosity = False, -1
    server = xllamacpp.Server(settings)

    def one(prompt: str) -> str:
        limits = {"n_predict": 300, "temperature": 0.0, "seed": 1, "stop": ["\n"]}
        reply = server.handle_completions({"prompt": prompt, **limits})
        return str(reply["choices"][0]["text"]).strip()

    def translate(texts: Sequence[str], lang: str) -> list[str]:
        with ThreadPoolExecutor(slots) as pool:
            return list(pool.map(one, [STARTER.fill(text, lang) for text in texts]))

    return translate


def write_adapter(path: Path) -> Path:
    """Write the starter's adapter as llama.cpp reads one."""
    factors = merge.read_adapter(build.ADAPTER)
    writer = GGUFWriter(path, "gemma3")
    writer.add_type("adapter")
    writer.add_string("adapter.type", "lora")
    rank = next(value.shape[0] for name, value in factors.items() if name.endswith(".A"))
    writer.add_float32("adapter.lora.alpha", merge.ALPHA_OVER_RANK * rank)
    for name, value in sorted(factors.items()):
        _, _, layer, *projection, side = name.split(".")
        theirs = merge.PROJECTIONS[".".join(projection)]
        writer.add_tensor(f"blk.{layer}.{theirs}.weight.lora_{side.lower()}", value)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def run(task: Mapping[str, Any]) -> dict[str, Any]:
    """Run one system on all lines of all languages, in this process."""
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        name, threads = task["system"], task["threads"]
        if name.startswith("llama-"):
            translate = llama(int(name.removeprefix("llama-")), threads, Path(folder))
        else:
            translate = ours(name, threads)
        translate(["She left Almaty in June."], task["langs"][0])
        result: dict[str, Any] = {"start": time.perf_counter() - started, "langs": {}}
        for lang in task["langs"]:
            begun, burnt = time.perf_counter(), time.process_time()
            answers = translate(task["texts"], lang)
            wall, cpu = time.perf_counter() - begun, time.process_time() - burnt
            result["langs"][lang] = {"wall": wall, "cpu": cpu, "answers": answers}
    return {**result, "peak": peak()}


def measure(task: Mapping[str, Any]) -> dict[str, Any]:
    """Run one system in a process of its own; `error` in the answer says why it did not run."""
    call = [sys.executable, "-m", "benchmarks.starter_speed", "--one"]
    ended = subprocess.run(call, input=json.dumps(task), capture_output=True, text=True, check=False)
    if ended.returncode:
        last = ended.stderr.strip().splitlines()
        return {"error": last[-1] if last else f"ended with {ended.returncode}"}
    found: dict[str, Any] = json.loads(ended.stdout.splitlines()[-1])
    return found


def show(name: str, found: Mapping[str, Any], references: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the rows of a system (Markdown)."""
    if "error" in found:
        return [f"| {name} | does not run: {found['error']} |"]
    words = tokenizer_of(store.folder("starter"))
    rows = []
    for lang, one in found["langs"].items():
        tokens = sum(len(words.encode(text, add_special_tokens=False).ids) for text in one["answers"])
        quality = scores(one["answers"], references[lang], lang)[0].split()[1]
        speeds = f"{tokens / one['wall']:.0f} | {tokens / one['cpu']:.0f} | {one['cpu']:.1f}"
        rows.append(f"| {name} | {lang} | {quality} | {speeds} |")
    rows.append(f"| {name} | all | start {found['start']:.1f} s, peak {found['peak'] / 1e6:.0f} MB | | | |")
    return rows


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Time the starter beside llama.cpp.")
    parser.add_argument("--data", type=Path, default=os.environ.get("TERJIMAN_EVAL"))
    parser.add_argument("--set", default="domain")
    parser.add_argument("--to", nargs="+", default=list(TARGETS), choices=TARGETS)
    parser.add_argument("--lines", type=int, default=40)
    parser.add_argument("--threads", type=int, default=cores())
    parser.add_argument("--systems", nargs="+", default=list(SYSTEMS), choices=SYSTEMS)
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.data is None and not options.one:
        parser.error("name the folder of the data with --data or TERJIMAN_EVAL")
    return options


def main() -> None:
    """Run from the command line."""
    options = _options()
    if options.one:
        print(json.dumps(run(json.loads(sys.stdin.read()))))
        return
    registry.ensure("starter", progress=print)
    folder = Path(options.data) / options.set
    texts = read(folder / f"{options.set}.en", options.lines)
    references = {lang: read(folder / f"{options.set}.{lang}", options.lines) for lang in options.to}
    print(
        f"{date.today()}  {processor()}, {options.threads} threads, {len(texts)} lines of {options.set}, ",
        end="",
    )
    print(f"ctranslate2 {version('ctranslate2')}, xllamacpp {version('xllamacpp')}")
    print(
        "| system | to | chrF++ | tokens/s wall | tokens/s processor | processor s |",
        "|---|---|---|---|---|---|",
        sep="\n",
    )
    for name in options.systems:
        task = {"system": name, "threads": options.threads, "langs": options.to, "texts": texts}
        print("\n".join(show(name, measure(task), references)), flush=True)


if __name__ == "__main__":
    main()
