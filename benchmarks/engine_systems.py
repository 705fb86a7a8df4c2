"""One system of `benchmarks.engines` in a process of its own: loads, translates, tells what it took.

Called as a file by the Python that has the system, which need not have this project; the request is one JSON
object on stdin, the answer one on stdout. Every system gets texts and gives texts: tokenising counts.
"""

from __future__ import annotations

import importlib
import json
import os
import resource
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

Translate = Callable[[Sequence[str]], list[str]]
BATCH = 8  # of transformers
TOKENS = 2048  # of a batch of CTranslate2: what it documents for throughput, by tokens


def ours(task: dict[str, Any]) -> Translate:
    """Return this project's engine, as `terjiman` loads it."""
    from corpora.records import Request
    from models.engines import loading

    engine = loading.load("benchmark", "digest", Path(task["converted"]), threads=task["threads"])

    def translate(texts: Sequence[str]) -> list[str]:
        return [found[0].text for found in engine.translate([Request(text, task["lang"]) for text in texts])]

    return translate


def transformers(task: dict[str, Any]) -> Translate:
    """Return the plain loop of transformers' documentation: batches of 8, float32, in the order given."""
    import torch
    import transformers as library

    torch.set_num_threads(task["threads"])
    model = library.AutoModelForSeq2SeqLM.from_pretrained(task["checkpoint"], dtype=torch.float32).eval()
    tokens = _Pieces(task)

    def translate(texts: Sequence[str]) -> list[str]:
        made: list[str] = []
        for at in range(0, len(texts), BATCH):
            rows = [tokens.encode(text) for text in texts[at : at + BATCH]]
            width, pad = max(map(len, rows)), model.config.pad_token_id
            ids = torch.tensor([row + [pad] * (width - len(row)) for row in rows])
            options = {"forced_bos_token_id": tokens.first} if tokens.first is not None else {}
            with torch.inference_mode():
                out = model.generate(
                    input_ids=ids, attention_mask=(ids != pad).long(), num_beams=task["beam"],
                    max_length=500, **options,
                )  # fmt: skip
            made += [tokens.text(row) for row in out.tolist()]
        return made

    return translate


class _Pieces:
    """The tokenizer of the checkpoint in transformers' own way: ids in, ids out."""

    def __init__(self, task: dict[str, Any]) -> None:
        import transformers as library

        self.first: int | None = None
        if task["shape"] == "marian":
            self._own = library.MarianTokenizer.from_pretrained(task["checkpoint"])
        else:
            self._own = library.NllbTokenizer.from_pretrained(task["checkpoint"], src_lang="eng_Latn")
            self.first = self._own.convert_tokens_to_ids("rus_Cyrl")

    def encode(self, text: str) -> list[int]:
        ids: list[int] = self._own(text)["input_ids"]
        return ids

    def text(self, ids: Sequence[int]) -> str:
        return str(self._own.decode(ids, skip_special_tokens=True))


def ctranslate2_default(task: dict[str, Any]) -> Translate:
    """Return CTranslate2 as its quick start shows: one translator, all threads for one batch."""
    return _ctranslate2(task, inter=1, intra=task["threads"], tokens=0)


def ctranslate2_batched(task: dict[str, Any]) -> Translate:
    """Return CTranslate2 as its page on performance advises: batches by tokens, several side by side."""
    return _ctranslate2(task, inter=task["threads"], intra=1, tokens=TOKENS)


def _ctranslate2(task: dict[str, Any], *, inter: int, intra: int, tokens: int) -> Translate:
    import ctranslate2
    import sentencepiece

    folder = Path(task["converted"])
    model = ctranslate2.Translator(str(folder), device="cpu", inter_threads=inter, intra_threads=intra)
    marian = task["shape"] == "marian"
    files = ("source.spm", "target.spm") if marian else ("sentencepiece.bpe.model",) * 2
    source, target = (sentencepiece.SentencePieceProcessor(model_file=str(folder / one)) for one in files)
    options: dict[str, Any] = {"max_batch_size": tokens, "batch_type": "tokens"} if tokens else {}

    def translate(texts: Sequence[str]) -> list[str]:
        rows = [[*source.encode_as_pieces(text), "</s>"] for text in texts]
        if not marian:
            rows = [["eng_Latn", *row] for row in rows]
            options["target_prefix"] = [["rus_Cyrl"]] * len(rows)
        found = model.translate_batch(rows, beam_size=task["beam"], max_decoding_length=500, **options)
        return [target.decode_pieces(one.hypotheses[0]) for one in found]

    return translate


def argos(task: dict[str, Any]) -> Translate:
    """Return Argos Translate's own loop on the converted model, spared its splitter of sentences."""
    base = Path(task["work"]) / "argos"
    os.environ.update(XDG_DATA_HOME=str(base), XDG_CONFIG_HOME=str(base), XDG_CACHE_HOME=str(base))
    os.environ.update(
        ARGOS_INTER_THREADS="1", ARGOS_INTRA_THREADS=str(task["threads"]), ARGOS_BEAM_SIZE=str(task["beam"])
    )
    package = base / "package"
    package.mkdir(parents=True, exist_ok=True)
    (package / "metadata.json").write_text(
        json.dumps({"from_code": "en", "from_name": "English", "to_code": "ru", "to_name": "Russian"})
    )
    for name, goal in (("sentencepiece.model", "source.spm"), ("model", "")):
        (package / name).unlink(missing_ok=True)
        (package / name).symlink_to(Path(task["converted"]) / goal)
    package_of, library = _module("argostranslate.package"), _module("argostranslate.translate")
    known = package_of.Package(package)
    languages = (library.Language("en", "English"), library.Language("ru", "Russian"))
    loop = library.PackageTranslation(*languages, known)
    loop.sentencizer = type("Whole", (), {"split_sentences": staticmethod(lambda text: [text])})()
    encode = known.tokenizer.encode
    known.tokenizer.encode = lambda text: [*encode(text), "</s>"]  # which its own models do without
    return lambda texts: [loop.hypotheses(text, 1)[0].value for text in texts]


def easynmt(task: dict[str, Any]) -> Translate:
    """Return EasyNMT over the checkpoint, where it looks for OPUS-MT, without its splitter."""
    place = Path(task["work"]) / "easynmt" / "Helsinki-NLP" / "opus-mt-en-ru"
    place.parent.mkdir(parents=True, exist_ok=True)
    place.unlink(missing_ok=True)
    place.symlink_to(task["checkpoint"])
    os.chdir(place.parents[1])
    _module("torch").set_num_threads(task["threads"])
    model = _module("easynmt").EasyNMT(translator=_module("easynmt.models").OpusMT(), device="cpu")

    def translate(texts: Sequence[str]) -> list[str]:
        made: list[str] = model.translate(
            list(texts), source_lang="en", target_lang="ru", beam_size=task["beam"],
            perform_sentence_splitting=False, max_length=500,
        )  # fmt: skip
        return made

    return translate


def _module(name: str) -> Any:
    return importlib.import_module(name)


def peak() -> int:
    """Return the largest memory of this process, in bytes."""
    try:
        lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    # getrusage counts what the parent held at the fork as well
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))


SYSTEMS: dict[str, Callable[[dict[str, Any]], Translate]] = {
    "ours": ours,
    "transformers": transformers,
    "ctranslate2": ctranslate2_default,
    "ctranslate2-batched": ctranslate2_batched,
    "argos": argos,
    "easynmt": easynmt,
}


def main() -> None:
    """Do what stdin asks for."""
    task = json.loads(sys.stdin.read())
    answers = os.dup(1)
    os.dup2(2, 1)  # what a library prints is no answer
    started = time.perf_counter()
    translate = SYSTEMS[task["system"]](task)
    translate(task["texts"][:1])
    ready, burnt = time.perf_counter(), time.process_time()
    made = translate(task["texts"])
    result = {
        "load": ready - started,
        "wall": time.perf_counter() - ready,
        "cpu": time.process_time() - burnt,
        "peak": peak(),
        "words": sum(text.replace(" ", "").count("слово") for text in made),
        "texts": len(made),
    }
    os.write(answers, json.dumps(result).encode())


if __name__ == "__main__":
    main()
