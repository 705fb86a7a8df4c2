"""What an installed model is: `profile.json` beside its files.

The store writes it once, when a model is pulled, added or converted; the engines read it. So an engine
needs no catalog, and whatever changes a model's output is part of the model's digest.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Literal, get_args

from corpora.errors import MissingError
from corpora.languages import TARGETS

FILE = "profile.json"
_WIDEST, _LONGEST = 64, 100_000

Runtime = Literal["transformers", "ctranslate2", "llama.cpp"]
Family = Literal[
    "marian", "nllb", "m2m100", "small100", "t5", "hunyuan", "gemma", "causal"
]  # how it is asked; `causal` is any instruct model with a chat template


@dataclass(frozen=True, slots=True)
class Profile:
    """How a model is run and asked.

    Attributes:
        runtime: what runs its files as they lie.
        family: how it is asked: where the language goes, which tokenizer files there are.
        codes: target language of ours -> the model's own code, or the language's name in a prompt.
        source: the model's own code for English; empty where it needs none.
        template: name of the prompt in `models.engines.prompts`; empty for sequence-to-sequence models.
        weights: the file that holds the weights, where the runtime needs to be told (GGUF).
        quantisation: of the weights as they lie: `float32`, `bfloat16`, `int8`, `Q4_K_M`, …
        beam: width of the beam search, 1 is greedy; `beams` outranks it by target language.
        max_input: longest text, in tokens, put to the model in one piece.
        warning: what a reader of its output must be told; empty for none.
    """

    runtime: Runtime
    family: Family
    codes: Mapping[str, str]
    source: str = ""
    template: str = ""
    weights: str = ""
    quantisation: str = ""
    beam: int = 4
    beams: Mapping[str, int] = field(default_factory=dict)
    max_input: int = 256
    warning: str = ""


def write(profile: Profile, folder: Path) -> None:
    """Write `profile.json` into a model's folder (which the store then seals)."""
    text = json.dumps(asdict(profile), ensure_ascii=False, indent=1, sort_keys=True)
    (folder / FILE).write_text(text + "\n", encoding="utf-8")


def read(folder: Path) -> Profile:
    """Return the profile of the model in a folder.

    Raises:
        MissingError: there is none, or it was not written by this version.
    """
    path = folder / FILE
    fix = "Pull or add the model again"
    try:
        profile = Profile(**json.loads(path.read_bytes()))
    except FileNotFoundError:
        raise MissingError("the model's profile is missing", place=str(path), fix=fix) from None
    except (OSError, ValueError, TypeError, RecursionError) as error:
        raise MissingError(
            f"the model's profile cannot be read ({error})", place=str(path), fix=fix
        ) from None
    if not _is_sound(profile):
        raise MissingError("the model's profile is damaged, or of another version", place=str(path), fix=fix)
    return profile


def _is_sound(profile: Profile) -> bool:
    """Tell whether every field holds what it should: the file may come from a stranger's folder."""
    texts = (profile.source, profile.template, profile.weights, profile.quantisation, profile.warning)
    tables = (profile.codes, profile.beams)
    if not all(isinstance(one, str) for one in texts) or not all(isinstance(one, dict) for one in tables):
        return False
    numbers = (profile.beam, *profile.beams.values())
    return (
        profile.runtime in get_args(Runtime)
        and profile.family in get_args(Family)
        and bool(profile.codes)
        and {*profile.codes, *profile.beams} <= set(TARGETS)
        and all(isinstance(code, str) for code in profile.codes.values())
        and all(type(number) is int and 1 <= number <= _WIDEST for number in numbers)
        and type(profile.max_input) is int
        and 0 < profile.max_input <= _LONGEST
        and Path(profile.weights).name == profile.weights
    )
