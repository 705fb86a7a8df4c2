"""What CTranslate2's converter leaves out of chat models: the scaling of positions and of queries.

Found with CTranslate2 4.8.5 on tiny checkpoints (tests hold it): of Llama 3.1 and later it leaves out the
factor and the length that positions are stretched from; of Gemma 3 from 4B up (TranslateGemma among them)
that the global layers stretch positions by 8, and of the 27B that queries are scaled by another number than
the size of a head. The models then write other text, and nothing says so. CTranslate2 itself knows all of it,
once its files do.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from corpora.errors import UsageError
from models.engines import pretrained

_LINEAR = 0  # CTranslate2's number for it


def converter(library: Any, module: Any, source: Path) -> Any:
    """Return CTranslate2's converter for a chat model, with what it leaves out.

    Args:
        library: `transformers`.
        module: `ctranslate2.converters.transformers`.
        source: folder of the checkpoint.
    """

    class Converter(module.TransformersConverter):  # type: ignore[misc]
        def load_model(self, model_class: Any, folder: str, **kwargs: Any) -> Any:
            model = pretrained.load(library, model_class, folder, **kwargs)
            self.text_config = model.config.get_text_config()
            return model

        def _load(self) -> Any:
            spec = super()._load()
            _complete(spec.decoder.layer, self.text_config, source)
            return spec

    return Converter(str(source), low_cpu_mem_usage=True)


def _complete(layers: Any, config: Any, source: Path) -> None:
    by_kind = "full_attention" in config.rope_parameters  # Gemma: each kind of layer has its own
    for number, layer in enumerate(layers):
        attention = layer.self_attention
        if by_kind:
            _complete_gemma(attention, config, config.rope_parameters[config.layer_types[number]], source)
        elif config.rope_parameters.get("rope_type") == "llama3":
            _complete_llama(attention, config.rope_parameters)


def _complete_gemma(attention: Any, config: Any, positions: dict[str, Any], source: Path) -> None:
    if config.query_pre_attn_scalar != config.head_dim:
        attention.queries_scale = np.float32(config.query_pre_attn_scalar**-0.5)
    attention.rotary_base = np.float32(positions["rope_theta"])
    kind = positions.get("rope_type", "default")
    if kind == "linear":
        _add(attention, "rotary_scaling_type", np.int8(_LINEAR))
        _add(attention, "rotary_scaling_factor", np.float32(positions["factor"]))
    elif kind != "default":
        raise UsageError(
            f"CTranslate2 does not run positions of the kind {kind!r}",
            place=str(source / "config.json"),
            fix="Run the checkpoint as it is, or take its GGUF form",
        )


def _complete_llama(attention: Any, positions: dict[str, Any]) -> None:
    length = positions["original_max_position_embeddings"]
    _add(attention, "rotary_scaling_factor", np.float32(positions["factor"]))
    _add(attention, "original_max_position_embeddings", np.int32(length))


def _add(attention: Any, name: str, value: Any) -> None:
    """Add what the specification has no place for: it takes no new names after it is made."""
    object.__setattr__(attention, name, value)
