"""A checkpoint becomes a CTranslate2 model: quantised, with its tokenizer files beside it.

CTranslate2's own converter does the work. The list of tokens comes from the tokenizer files by this project's
rules instead of a tokenizer of `transformers`: one is missing there (SMaLL-100), and what the engine counts
and what the model was converted with must be the same.
"""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

from corpora.errors import UsageError
from models import conversion_causal
from models.engines import pretrained
from models.engines.extras import require
from models.engines.seq2seq_vocabulary import SPM_FILES, read_json, tokens
from models.profile import Profile

QUANTISATIONS = ("int8", "int8_float32", "int8_bfloat16", "int8_float16", "float16", "bfloat16", "float32")
_SETTINGS = "tokenizer_config.json"
_CHAT_FILES = ("tokenizer.json", "chat_template.jinja", "chat_template.json", "generation_config.json")
_PURPOSE = "to convert checkpoints"


def convert(source: Path, profile: Profile, target: Path, *, quantisation: str) -> Profile:
    """Convert a checkpoint; the weights pass through memory once, in the precision they are stored in.

    Args:
        source: folder of the checkpoint.
        profile: what it is.
        target: an existing folder, empty but for what is not the model's.
        quantisation: one of `QUANTISATIONS`.

    Returns:
        The profile of what was made (not yet written).

    Raises:
        UsageError: unknown quantisation, or a model that CTranslate2 does not run.
        MissingError: the extra `checkpoints` or a tokenizer file is missing, or the checkpoint is damaged.
    """
    refuse(profile, quantisation)
    require("torch", "checkpoints", _PURPOSE)
    library = require("transformers", "checkpoints", _PURPOSE)
    module = require("ctranslate2.converters.transformers", "checkpoints", _PURPOSE)
    with pretrained.faults("the checkpoint cannot be converted", source):
        converter = _converter(library, module, source, profile)
        converter.convert(str(target), quantization=quantisation, force=True)
    for name in dict.fromkeys((*SPM_FILES.get(profile.family, _CHAT_FILES), _SETTINGS)):
        if (source / name).is_file():
            shutil.copyfile(source / name, target / name)
    return replace(profile, runtime="ctranslate2", quantisation=quantisation)


def refuse(profile: Profile, quantisation: str) -> None:
    """Raise `UsageError` for an unknown quantisation, or a model that CTranslate2 does not run."""
    if quantisation not in QUANTISATIONS:
        raise UsageError(
            f"unknown quantisation {quantisation!r}", fix=f"Use one of: {', '.join(QUANTISATIONS)}"
        )
    if profile.runtime != "transformers":
        raise UsageError(f"only checkpoints are converted, this model runs on {profile.runtime}")
    if profile.family == "hunyuan":
        raise UsageError("CTranslate2 does not run HunYuan models", fix="Take the GGUF form of the model")


def _converter(library: Any, module: Any, source: Path, profile: Profile) -> Any:
    """Return CTranslate2's converter, with this project's vocabulary for sequence-to-sequence models."""
    if profile.family not in SPM_FILES:
        return conversion_causal.converter(library, module, source)
    vocabulary = _Vocabulary(tokens(source, profile.family), profile.family)
    scaled = read_json(source / "config.json").get("tie_word_embeddings", True)

    class Converter(module.TransformersConverter):  # type: ignore[misc]
        def load_tokenizer(self, *_: Any, **__: Any) -> _Vocabulary:
            return vocabulary

        def load_model(self, model_class: Any, folder: str, **kwargs: Any) -> Any:
            model = pretrained.load(library, model_class, folder, **kwargs)
            if profile.family == "t5":
                # transformers 5 calls every T5 tied; CTranslate2 reads here whether outputs are scaled
                model.config.tie_word_embeddings = scaled is not False
            return model

    return Converter(str(source), low_cpu_mem_usage=True)


class _Vocabulary:
    """What CTranslate2's converter asks of a tokenizer."""

    bos_token, eos_token, unk_token, pad_token = "<s>", "</s>", "<unk>", "<pad>"
    num_madeup_words = 0  # they are among the tokens already

    def __init__(self, names: list[str], family: str) -> None:
        self._names = names
        self.unk_token_id = names.index(self.unk_token)
        self.special_tokens_map: dict[str, list[str]] = {}
        if family == "t5" and self.pad_token not in names:
            self.pad_token = self.bos_token

    def get_vocab(self) -> dict[str, int]:
        return {name: number for number, name in enumerate(self._names)}

    def convert_ids_to_tokens(self, number: int) -> str:
        return self._names[number]
