"""Which files of a repository, folder or archive make a model; what is never taken.

Taken: safetensors, GGUF or CTranslate2 weights, and the small files beside them that say what they are. Never
taken: pickles (`*.bin` of PyTorch, `*.pt`, `*.pkl`, …: loading one can run any program) and Python files.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable
from pathlib import Path

from corpora.errors import MissingError, UsageError
from models.catalog import Format
from models.weights import siblings

MAX_FILES = 2000
SMALL = 200_000_000  # no configuration or tokenizer is as large
_CONFIGS = frozenset(
    {
        "added_tokens.json",
        "chat_template.jinja",
        "chat_template.json",
        "config.json",
        "generation_config.json",
        "merges.txt",
        "profile.json",
        "sentencepiece.bpe.model",
        "source.spm",
        "special_tokens_map.json",
        "spiece.model",
        "spm.model",
        "target.spm",
        "tokenizer.json",
        "tokenizer.model",
        "tokenizer_config.json",
        "vocab.json",
        "vocab.txt",
    }
)
_VOCABULARIES = re.compile(r"(shared_|source_|target_)?vocabulary\.(json|txt)|vmap\.txt")
_PAPERS = re.compile(r"(licen[cs]e|notice|readme)(\.(md|txt))?", re.IGNORECASE)
_SHARD = re.compile(r"model-\d{5}-of-\d{5}\.safetensors")
_PICKLE = re.compile(r"(?!model\.bin$).*\.(bin|pt|pth|pkl|pickle|ckpt|h5|ot|msgpack)$")
_GGUF = re.compile(r"(?P<stem>.+?)(-\d{5}-of-\d{5})?\.gguf", re.IGNORECASE)


def choose(names: Collection[str], form: Format, quantisation: str, *, place: str) -> list[str]:
    """Return the names of the files that make the model in a form, sorted.

    Args:
        names: of all files on the first level.
        quantisation: which of several GGUF files; not looked at for the other forms.
        place: names the source in messages.

    Raises:
        MissingError: a part of the weights is not there.
        UsageError: the form is not there; the message says what is.
    """
    weights = {"safetensors": _safetensors, "ctranslate2": _ctranslate2}.get(form)
    chosen = _gguf(names, quantisation, place) if weights is None else weights(names)
    if not chosen:
        raise UsageError(_absence(names, form), place=place, fix=_remedy(names))
    if lacking := sorted(siblings(chosen) - set(names)):
        raise MissingError(
            f"a part of the weights is missing: {lacking[0]}", place=place, fix="Bring the whole model"
        )
    if form != "gguf" and "config.json" not in names:
        raise UsageError("config.json is missing: this is no model", place=place)
    beside = {name for name in names if name in _CONFIGS or _PAPERS.fullmatch(name)}
    return sorted({*chosen, *beside})


def detect(names: Collection[str], *, place: str) -> Format:
    """Return the form of the model that files make.

    Raises:
        UsageError: they make none; pickles are named as the reason.
    """
    if _safetensors(names):
        return "safetensors"
    if _ctranslate2(names):
        return "ctranslate2"
    if any(_GGUF.fullmatch(name) for name in names):
        return "gguf"
    raise UsageError(_absence(names, "safetensors, GGUF or CTranslate2"), place=place, fix=_remedy(names))


def has_safetensors(names: Iterable[str]) -> bool:
    """Return whether there are weights in safetensors."""
    return bool(_safetensors(list(names)))


def order(names: Iterable[str]) -> list[str]:
    """Return names with the small files first, so that a bad model is refused before its weights come."""
    return sorted(names, key=lambda name: (is_weights(name), name))


def is_weights(name: str) -> bool:
    """Return whether a file holds weights."""
    return name.endswith((".safetensors", ".gguf", ".GGUF")) or name == "model.bin"


def check_config(folder: Path) -> None:
    """Look at `config.json` before the weights are brought.

    Raises:
        UsageError: no JSON object, or it calls for code of its own (`auto_map`).
    """
    path = folder / "config.json"
    if not path.is_file():
        return
    try:
        config = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise UsageError(f"no JSON ({error})", place=str(path)) from None
    if not isinstance(config, dict):
        raise UsageError("no JSON object", place=str(path))
    if config.get("auto_map"):
        raise UsageError(
            "this model wants to run program code of its own (auto_map), which terjiman never does",
            place=str(path),
            fix="Choose a model that transformers knows by itself",
        )


def _safetensors(names: Collection[str]) -> list[str]:
    shards = [name for name in names if _SHARD.fullmatch(name)]
    index = [name for name in names if name == "model.safetensors.index.json"]
    if shards:
        return [*shards, *index]
    if "model.safetensors" in names:
        return ["model.safetensors"]
    return []


def _ctranslate2(names: Collection[str]) -> list[str]:
    vocabularies = [name for name in names if _VOCABULARIES.fullmatch(name)]
    return ["model.bin", *vocabularies] if "model.bin" in names and vocabularies else []


def _gguf(names: Collection[str], quantisation: str, place: str) -> list[str]:
    found: dict[str, list[str]] = {}
    for name in names:
        match = _GGUF.fullmatch(name)
        if match:
            found.setdefault(match["stem"], []).append(name)
    if not quantisation and len(found) == 1:
        return next(iter(found.values()))
    fitting = [stem for stem in found if stem.lower().endswith(quantisation.lower())] if quantisation else []
    if found and len(fitting) != 1:
        offered = ", ".join(sorted(found))
        raise UsageError(
            f"{len(fitting)} GGUF files are of quantisation {quantisation or '(none asked for)'}; "
            f"there are: {offered}",
            place=place,
            fix="Name one with --quantisation, or give the file itself",
        )
    return found[fitting[0]] if fitting else []


def _absence(names: Collection[str], form: str) -> str:
    pickles = sorted(name for name in names if _PICKLE.fullmatch(name) or name == "model.bin")
    if pickles:
        shown = ", ".join(pickles[:3])
        return f"there are only pickles ({shown}), which can run any program when they are loaded: refused"
    return f"there are no weights in {form} here"


def _remedy(names: Collection[str]) -> str:
    if any(_PICKLE.fullmatch(name) for name in names):
        return (
            "Take a revision or a repository with safetensors, or have one made at "
            "huggingface.co/spaces/safetensors/convert"
        )
    return "Give the folder that holds config.json and model.safetensors, or a .gguf file"
