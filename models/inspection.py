"""From the files of a model to its profile: what it is, what it can write, whether it may be run at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from corpora.errors import MissingError, UsageError
from corpora.languages import TARGETS
from models import model_bin
from models.engines import causal, chat, gguf_header
from models.engines.prompts import NAMES as PROMPTS
from models.engines.prompts import OLD_HY_MT
from models.engines.seq2seq_vocabulary import SPM_FILES, load_pieces, read_json, tokens
from models.profile import Family, Profile

_PICKLES = (".pt", ".pth", ".pkl", ".pickle", ".ckpt", ".bin", ".h5", ".ot", ".msgpack")
_CAUSAL: Mapping[str, Family] = {
    "HunYuanDenseV1ForCausalLM": "hunyuan",
    "HunYuanMoEV1ForCausalLM": "hunyuan",
    "HYV3ForCausalLM": "hunyuan",
    "Gemma3ForCausalLM": "gemma",
    "Gemma3ForConditionalGeneration": "gemma",
    "LlamaForCausalLM": "causal",
    "MistralForCausalLM": "causal",
    "Qwen2ForCausalLM": "causal",
    "Qwen3ForCausalLM": "causal",
}
_NAMES = {"kk": "Kazakh", "ug": "Uyghur", "ru": "Russian", "zh": "Chinese"}
# the names by which models know our languages, best first
_MARKS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "nllb": {"kk": ("kaz_Cyrl",), "ug": ("uig_Arab",), "ru": ("rus_Cyrl",), "zh": ("zho_Hans",)},
    "m2m100": {code: (code,) for code in TARGETS},
    "small100": {code: (code,) for code in TARGETS},
    "t5": {code: (f"<2{code}>",) for code in TARGETS},
    "marian": {
        "kk": (">>kaz_Cyrl<<", ">>kaz<<"),
        "ug": (">>uig_Arab<<", ">>uig<<"),
        "ru": (">>rus<<", ">>rus_Cyrl<<"),
        "zh": (">>cmn_Hans<<", ">>zho_Hans<<", ">>cmn<<"),
    },
}
_OWN_NAMES = {
    "kk": "kk",
    "kaz": "kk",
    "ug": "ug",
    "uig": "ug",
    "ru": "ru",
    "rus": "ru",
    "zh": "zh",
    "zho": "zh",
}
_SOURCES = {"nllb": "eng_Latn", "m2m100": "en"}
_SMALL100 = (12, 3)  # layers that read and write (arXiv 2210.11621)
_LONGEST = 256  # tokens; longer inputs are rare in training and lose text


def inspect(folder: Path, *, codes: Mapping[str, str] | None = None, template: str = "") -> Profile:
    """Return the profile of the model in a folder; of weights, reads the headers alone.

    Args:
        folder: of a checkpoint (safetensors), a CTranslate2 model or one GGUF file.
        codes: target language of ours -> the model's own code, where the catalog or the user says so.
        template: name of the prompt, for models that are asked in words.

    Raises:
        UsageError: no model, pickles, code of its own, an unknown architecture, no translator, a language or
            a prompt that is not known.
        MissingError: a file that the model needs is missing or damaged.
    """
    made = _inspected(folder, codes, template)
    if made.family in causal.FAMILIES:
        causal.check(folder, made)
    elif template:
        raise UsageError(
            f"a prompt is for chat models; this one ({made.family}) is told the language by its code",
            place="--template",
        )
    return made


def _inspected(folder: Path, codes: Mapping[str, str] | None, template: str) -> Profile:
    codes = dict(codes or {})
    if unknown := sorted(set(codes) - set(TARGETS)):
        raise UsageError(
            f"terjiman does not translate into {unknown[0]!r}", fix=f"Use some of: {', '.join(TARGETS)}"
        )
    if template and template not in PROMPTS:
        raise UsageError(f"unknown prompt {template!r}", fix=f"Use one of: {', '.join(PROMPTS)}")
    names = {path.name for path in folder.iterdir()} if folder.is_dir() else set()
    gguf = sorted(name for name in names if name.lower().endswith(".gguf"))
    _refuse_code(folder, names)
    if gguf and not any(name.endswith(".safetensors") for name in names):
        return _gguf(folder, gguf[0], codes, template)
    config = read_json(folder / "config.json")
    if not config:
        raise UsageError("this folder holds no model: config.json is missing", place=str(folder))
    if config.get("auto_map"):
        raise UsageError(
            "the model needs code of its own (auto_map), which is never run",
            place=str(folder / "config.json"),
        )
    if "model.bin" in names and not config.get("architectures"):
        return _ctranslate2(folder, names, codes, template)
    return _checkpoint(folder, config, names, codes, template)


def _refuse_code(folder: Path, names: set[str]) -> None:
    for name in sorted(names):
        if name.endswith(".py"):
            raise UsageError("the model brings code of its own, which is never run", place=str(folder / name))
    safe = any(name.endswith((".safetensors", ".gguf")) for name in names)
    for name in sorted(names):
        if not safe and name != "model.bin" and name.endswith(_PICKLES):
            raise UsageError(
                "weights in a pickle can run any program when they are loaded, and are refused",
                place=str(folder / name),
                fix="Take the model in safetensors, or in the format of CTranslate2",
            )


def _gguf(folder: Path, name: str, codes: dict[str, str], template: str) -> Profile:
    if not template and any(mark in name.lower() for mark in OLD_HY_MT):
        template = "hy-mt1.5"
    return Profile(
        runtime="llama.cpp",
        family=_gguf_family(folder / name),
        codes=codes or _NAMES,
        template=template,
        weights=name,
        quantisation=_gguf_kind(name),
        beam=1,
    )


def _gguf_family(path: Path) -> Family:
    """Tell the family by what the file says, and by its name where that is of no known family."""
    architecture = str(gguf_header.read(path).get("general.architecture", "")).lower()
    for told in (architecture, path.name.lower()):
        if any(mark in told for mark in ("hunyuan", "hy-mt", "hy_mt", "hy_v3", "hy-v3")):
            return "hunyuan"
        if "gemma" in told:
            return "gemma"
    return "causal"


def _gguf_kind(name: str) -> str:
    parts = name.removesuffix(".gguf").replace(".", "-").split("-")
    kinds = [part for part in parts if part[:1] in "QqIiFfBb" and any(char.isdigit() for char in part)]
    return next((kind for kind in reversed(kinds) if kind.upper().startswith(("Q", "IQ", "F16", "BF16"))), "")


def _checkpoint(
    folder: Path, config: dict[str, Any], names: set[str], codes: dict[str, str], template: str
) -> Profile:
    if not any(name.endswith(".safetensors") for name in names):
        raise UsageError("no weights: a checkpoint has *.safetensors files", place=str(folder))
    named = config.get("architectures")
    architecture = str(named[0]) if isinstance(named, list) and named else ""
    kind = str(config.get("dtype") or config.get("torch_dtype") or "float32")
    family = _CAUSAL.get(architecture)
    if family:
        return Profile("transformers", family, codes or _NAMES, template=template, quantisation=kind, beam=1)
    found = _sequence_family(folder, config, architecture)
    longest = config.get("max_position_embeddings")
    limit = min(_LONGEST, longest - 8) if isinstance(longest, int) and longest > 16 else _LONGEST
    made = Profile("transformers", found, {}, _SOURCES.get(found, ""), quantisation=kind, max_input=limit)
    return _with_codes(folder, made, codes)


def _sequence_family(folder: Path, config: dict[str, Any], architecture: str) -> Family:
    if architecture == "MarianMTModel":
        return "marian"
    if architecture in ("T5ForConditionalGeneration", "MT5ForConditionalGeneration"):
        return "t5"
    if architecture == "M2M100ForConditionalGeneration":
        return _many_to_many(folder, config)
    raise UsageError(
        f"the architecture {architecture or '(none given)'} is not one that terjiman runs",
        place=str(folder / "config.json"),
        fix="It runs Marian, M2M100, NLLB, SMaLL-100, T5/MADLAD, HunYuan, Gemma 3, Llama, Mistral and Qwen",
    )


def _many_to_many(folder: Path, config: dict[str, Any]) -> Family:
    """Tell NLLB, M2M100 and SMaLL-100 apart, which share an architecture.

    NLLB has language tokens of its own kind and no `vocab.json`. SMaLL-100 is M2M100 cut to 3 decoder layers
    (arXiv 2210.11621), and its tokenizer's class has its own name.
    """
    named = str(read_json(folder / "tokenizer_config.json").get("tokenizer_class", ""))
    if named.startswith("Nllb"):
        return "nllb"
    if named.upper().startswith("SMALL100"):
        return "small100"
    if not (folder / "vocab.json").is_file():
        return "nllb"
    layers = config.get("encoder_layers"), config.get("decoder_layers")
    return "small100" if layers == _SMALL100 else "m2m100"


def _ctranslate2(folder: Path, names: set[str], codes: dict[str, str], template: str) -> Profile:
    if not any("vocabulary" in name for name in names):
        raise MissingError("the vocabulary of the CTranslate2 model is missing", place=str(folder))
    family = next(
        (family for family, files in SPM_FILES.items() if set(files) <= names and family != "small100"), None
    )
    if family is None and "tokenizer.json" not in names:
        raise MissingError(
            "the tokenizer files are missing",
            place=str(folder),
            fix="Copy the checkpoint's SentencePiece files (*.spm, *.model) beside model.bin",
        )
    facts = model_bin.read(folder / "model.bin")
    if family is None:
        gemma = "gemma" in template or "<start_of_turn>" in chat.read(folder).template
        return Profile(
            "ctranslate2",
            "gemma" if gemma else "causal",
            codes or _NAMES,
            template=template,
            quantisation=facts.quantisation,
            beam=1,
        )
    if family in ("m2m100", "nllb"):
        known = set(tokens(folder, family))
        family = "nllb" if "eng_Latn" in known else "m2m100"
        named = str(read_json(folder / "tokenizer_config.json").get("tokenizer_class", ""))
        small = named.upper().startswith("SMALL100") or (facts.encoder, facts.decoder) == _SMALL100
        family = "small100" if small and family == "m2m100" else family
    made = Profile(
        "ctranslate2",
        _family(family),
        {},
        _SOURCES.get(family, ""),
        quantisation=facts.quantisation,
        max_input=_LONGEST,
    )
    return _with_codes(folder, made, codes)


def _family(name: str) -> Family:
    known: Mapping[str, Family] = {
        "marian": "marian", "m2m100": "m2m100", "small100": "small100", "nllb": "nllb", "t5": "t5",
    }  # fmt: skip
    return known[name]


def _with_codes(folder: Path, made: Profile, codes: dict[str, str]) -> Profile:
    """Return the profile with the languages that the model's vocabulary has tokens for."""
    for name in dict.fromkeys(SPM_FILES[made.family]):
        load_pieces(folder / name)
    known = set(tokens(folder, made.family))
    if codes:
        missing = [code for code in codes.values() if code and _mark(made.family, code) not in known]
        if missing:
            raise UsageError(f"the model has no token for {missing[0]!r}", place=str(folder))
        return replace(made, codes=codes)
    found = {
        lang: mark
        for lang, marks in _MARKS[made.family].items()
        for mark in marks[::-1]
        if _mark(made.family, mark) in known
    }
    if not found and made.family == "marian":
        found = _single_target(folder)
    if not found:
        what = "no translator: " if made.family == "t5" else ""
        raise UsageError(
            f"{what}the model has no token for any of {', '.join(TARGETS)}",
            place=str(folder),
            fix="Say what it writes, for example: --language ru=" if made.family == "marian" else "",
        )
    return replace(made, codes=found)


def _mark(family: str, code: str) -> str:
    return f"__{code}__" if family in ("m2m100", "small100") else code


def _single_target(folder: Path) -> dict[str, str]:
    """Return the language of a Marian model that writes one, as its tokenizer's settings name it."""
    named = str(read_json(folder / "tokenizer_config.json").get("target_lang") or "")
    lang = _OWN_NAMES.get(named.replace("-", "_").split("_")[0])
    return {lang: ""} if lang else {}
