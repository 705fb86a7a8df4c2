"""What a sentence-transformers folder says of itself: the parts that make one vector of a text.

The layout is that of sentence-transformers: `modules.json` lists the parts, each with a folder of its own
(the transformer, usually at the root; `1_Pooling`, `2_Dense`, `2_Normalize`), `sentence_bert_config.json`
says how long a text may be, `config_sentence_transformers.json` holds prompts. A plain encoder checkpoint
without these files is read with the mean of its tokens, as E5 and most others are trained.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from corpora.errors import InputError, UsageError

Pooling = Literal["mean", "cls", "max", "last", "mean-sqrt"]

SETTINGS = "encoder.json"  # our own file: `{"prompt": "query: "}` outranks what the folder says
MODULES = "modules.json"
KINDS = frozenset(
    {"bert", "xlm-roberta", "xlm-roberta-xl", "roberta", "distilbert", "mpnet", "camembert", "electra",
     "deberta-v2", "modernbert"}
)  # fmt: skip
_POOLINGS: dict[str, Pooling] = {
    "pooling_mode_cls_token": "cls",
    "pooling_mode_mean_tokens": "mean",
    "pooling_mode_max_tokens": "max",
    "pooling_mode_lasttoken": "last",
    "pooling_mode_mean_sqrt_len_tokens": "mean-sqrt",
}
_NAMED: dict[str, Pooling] = {"lasttoken": "last", "mean_sqrt_len_tokens": "mean-sqrt"}
_OFFSET = {"xlm-roberta": 2, "xlm-roberta-xl": 2, "roberta": 2, "camembert": 2, "mpnet": 2}
_ACTIVATIONS = {"Tanh": "tanh", "Identity": "identity", "ReLU": "relu", "GELU": "gelu", "Sigmoid": "sigmoid"}
_LONGEST = 512  # where neither the folder nor the configuration says


@dataclass(frozen=True, slots=True)
class Dense:
    """A linear layer behind the pooling: its folder, whether it has a bias, its activation."""

    folder: Path
    bias: bool
    activation: str


@dataclass(frozen=True, slots=True)
class Layout:
    """How a folder makes a vector of a text.

    Attributes:
        transformer: folder of `config.json`, weights and tokenizer.
        pooling: one or more ways to make one vector of those of the tokens, joined in this order.
        dense: layers behind it. prompt: what is put before every text. lower: texts are lower-cased first.
        longest: tokens that the transformer takes at a time, special ones included.
    """

    transformer: Path
    pooling: tuple[Pooling, ...]
    dense: tuple[Dense, ...]
    prompt: str
    lower: bool
    longest: int


def read_layout(folder: Path) -> Layout:
    """Read the layout of a model's folder; no weights are opened.

    Raises:
        InputError: no model, a part is missing or says nothing that makes sense.
        UsageError: an architecture or a part that is not known, weights in pickles, code of its own.
    """
    modules = _modules(folder)
    transformer = folder / modules[0][1]
    config = _json(transformer / "config.json")
    _refuse(transformer, config)
    pooling: tuple[Pooling, ...] = ("mean",)
    dense: list[Dense] = []
    for kind, path in modules[1:]:
        if kind == "Pooling":
            pooling = _pooling(_json(folder / path / "config.json"), folder / path)
        elif kind == "Dense":
            dense.append(_dense(folder / path))
        elif kind != "Normalize":  # every vector is made one of unit length
            raise UsageError(f"a part of an unknown kind: {kind}", place=str(folder / MODULES))
    settings = _optional(transformer / "sentence_bert_config.json")
    return Layout(
        transformer,
        pooling,
        tuple(dense),
        _prompt(folder, config),
        bool(settings.get("do_lower_case", False)),
        _longest(settings, config),
    )


def is_encoder(folder: Path) -> bool:
    """Say whether a folder holds a sentence encoder rather than a translator, by its files alone."""
    if (folder / MODULES).is_file():
        return True
    try:
        config = _optional(folder / "config.json")
    except InputError:  # neither then: whoever takes it for a translator says what is wrong
        return False
    named = config.get("architectures")
    names = [name for name in named if isinstance(name, str)] if isinstance(named, list) else []
    return str(config.get("model_type")) in KINDS and all(name.endswith("Model") for name in names)


def files(layout: Layout, folder: Path) -> dict[str, Path]:
    """Return the files that make the model, by their path below its folder: all that its digest covers."""
    parts = [layout.transformer, *(part.folder for part in layout.dense)]
    found = [path for part in dict.fromkeys(parts) for path in part.iterdir() if _counts(path)]
    found += [folder / name for name in (MODULES, SETTINGS, "config_sentence_transformers.json")]
    found += list(folder.glob("*_Pooling/config.json"))
    return {path.relative_to(folder).as_posix(): path for path in sorted(set(found)) if path.is_file()}


def _counts(path: Path) -> bool:
    return path.name.endswith((".safetensors", ".safetensors.index.json")) or (
        path.suffix in (".json", ".model", ".txt") and not path.name.startswith(("manifest", "README"))
    )


def _modules(folder: Path) -> list[tuple[str, str]]:
    """Return the kind and the folder of each part, the transformer first."""
    path = folder / MODULES
    if not path.is_file():
        return [("Transformer", "")]
    rows = _read(path)
    try:
        modules = [(str(row["type"]).rpartition(".")[2], str(row["path"])) for row in rows]
    except (TypeError, KeyError):
        raise InputError("no list of modules", place=str(path)) from None
    for _, part in modules:
        if not (folder / part).resolve().is_relative_to(folder.resolve()):
            raise InputError(f"the part {part!r} lies outside the folder", place=str(path))
    if not modules or modules[0][0] != "Transformer":
        raise UsageError("the first part is no transformer", place=str(path))
    return modules


def _refuse(folder: Path, config: dict[str, Any]) -> None:
    """Raise for what is never run: unknown architectures, code, pickles."""
    kind = config.get("model_type")
    if config.get("auto_map"):
        raise UsageError("the model needs code of its own (auto_map), which is never run", place=str(folder))
    if kind not in KINDS:
        raise UsageError(
            f"{kind!r} is no sentence encoder that terjiman runs", place=str(folder / "config.json"),
            fix=f"Known are: {', '.join(sorted(KINDS))}",
        )  # fmt: skip
    _weights(folder)


def _weights(folder: Path) -> None:
    if not any(folder.glob("*.safetensors")):
        raise InputError(
            "no weights in safetensors (pickles are refused: they can run any program)", place=str(folder),
            fix="Take a revision of the model that has model.safetensors",
        )  # fmt: skip


def _pooling(config: dict[str, Any], folder: Path) -> tuple[Pooling, ...]:
    named = config.get("pooling_mode")
    if isinstance(named, str):
        known = {*_POOLINGS.values(), *_NAMED}
        if named not in known:
            raise UsageError(f"pooling {named!r} is not known", place=str(folder / "config.json"))
        return (_NAMED.get(named, named),)  # type: ignore[arg-type]  # checked just before
    asked = [key for key, value in config.items() if key.startswith("pooling_mode_") and value is True]
    if not asked or any(key not in _POOLINGS for key in asked):
        raise UsageError(
            f"pooling {', '.join(asked) or 'of no kind'} is not known", place=str(folder / "config.json")
        )
    return tuple(mode for key, mode in _POOLINGS.items() if key in asked)


def _dense(folder: Path) -> Dense:
    config = _json(folder / "config.json")
    name = str(config.get("activation_function", "torch.nn.modules.linear.Identity")).rpartition(".")[2]
    if name not in _ACTIVATIONS:
        raise UsageError(f"activation {name!r} is not known", place=str(folder / "config.json"))
    _weights(folder)
    return Dense(folder, bool(config.get("bias", True)), _ACTIVATIONS[name])


def _prompt(folder: Path, config: dict[str, Any]) -> str:
    """Return what is put before both sides: our own setting, else the folder's default, else what E5 needs.

    E5 was trained with prefixes and loses much without (Wang et al. 2024, arXiv 2402.05672, FAQ of its card:
    `query: ` on both sides for symmetric tasks such as bitext mining); its folders do not say so.
    """
    own = _optional(folder / SETTINGS).get("prompt")
    if isinstance(own, str):
        return own
    said = _optional(folder / "config_sentence_transformers.json")
    prompts = said.get("prompts")
    prompts = prompts if isinstance(prompts, dict) else {}
    chosen = prompts.get(said.get("default_prompt_name")) or prompts.get("query", "")
    if isinstance(chosen, str) and chosen.strip() and not chosen.startswith("Instruct:"):
        return chosen
    names = f"{folder.resolve().name} {config.get('_name_or_path', '')}".lower()
    return "query: " if "e5" in names.replace("-", " ").split() else ""


def _longest(settings: dict[str, Any], config: dict[str, Any]) -> int:
    kind = str(config.get("model_type"))
    places = int(config.get("max_position_embeddings") or _LONGEST) - _OFFSET.get(kind, 0)
    asked = settings.get("max_seq_length")
    return max(8, min(places, asked if isinstance(asked, int) and asked > 0 else places))


def _optional(path: Path) -> dict[str, Any]:
    return _json(path) if path.is_file() else {}


def _json(path: Path) -> dict[str, Any]:
    found = _read(path)
    if not isinstance(found, dict):
        raise InputError("no JSON object", place=str(path))
    return found


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_bytes())
    except FileNotFoundError:
        raise InputError(
            "this folder holds no sentence encoder: a file is missing", place=str(path)
        ) from None
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(f"cannot be read ({error})", place=str(path)) from None
