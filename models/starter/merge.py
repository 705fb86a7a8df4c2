"""Join base and adapter into one CTranslate2 model, in numpy alone.

The layout follows CTranslate2's own Gemma 3 loader: RMS norms with residual (`1 + gamma`), norms before and
after each block, norms on queries and keys, scaled embeddings tied to the output projection, two rotary bases
and a sliding window in five of six layers. GGUF stores norms as `1 + gamma`, so 1 is taken off again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
import safetensors
from ctranslate2.specs import common_spec, transformer_spec
from gguf import GGUFReader
from gguf.quants import dequantize
from numpy.typing import NDArray

from models.starter.base import metadata
from models.starter.vocabulary import BOS, EOS, UNK

Array = NDArray[np.float32]
Rows = Callable[[str], Array]

LOCAL_ROTARY_BASE = 10_000.0  # of layers with a sliding window; GGUF does not carry it
GLOBAL_EVERY = 6  # every sixth layer attends to everything (Gemma 3 report, section 2)
ALPHA_OVER_RANK = 2.0

# our adapter's names for the projections -> GGUF's
PROJECTIONS = {
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
}


@dataclass(frozen=True, slots=True)
class Shape:
    """The dimensions of a Gemma 3 model."""

    layers: int
    heads: int
    heads_kv: int
    head_dim: int
    window: int
    rotary_base: float
    epsilon: float


def shape_of(reader: GGUFReader) -> Shape:
    """Read the dimensions from the metadata of a GGUF file."""

    def number(key: str) -> Any:
        return metadata(reader, f"gemma3.{key}")

    return Shape(
        layers=int(number("block_count")),
        heads=int(number("attention.head_count")),
        heads_kv=int(number("attention.head_count_kv")),
        head_dim=int(number("attention.key_length")),
        window=int(number("attention.sliding_window")),
        rotary_base=float(number("rope.freq_base")),
        epsilon=float(number("attention.layer_norm_rms_epsilon")),
    )


def read_adapter(path: Path) -> dict[str, Array]:
    """Return the low-rank factors `NAME.A` (rank, in) and `NAME.B` (out, rank) as float32.

    They are stored as bfloat16, which numpy lacks: its bits are the upper half of a float32's.
    """
    factors: dict[str, Array] = {}
    for name, tensor in safetensors.deserialize(path.read_bytes()):  # type: ignore[no-untyped-call]
        if tensor["dtype"] != "BF16":
            raise ValueError(f"{path}: {name} is {tensor['dtype']}, not BF16")
        halves = np.frombuffer(tensor["data"], "<u2").reshape(tensor["shape"])
        factors[name] = (halves.astype(np.uint32) << 16).view(np.float32)
    return factors


def weights(reader: GGUFReader, adapter: dict[str, Array]) -> Rows:
    """Return a function from a GGUF tensor name to its float32 weights, the adapter's change added.

    Weights are made when asked for and not kept, so that memory holds one of them at a time.
    """
    tensors = {tensor.name: tensor for tensor in reader.tensors}
    change = {
        f"blk.{layer}.{theirs}.weight": f"model.layers.{layer}.{ours}"
        for layer in range(len(adapter))
        for ours, theirs in PROJECTIONS.items()
        if f"model.layers.{layer}.{ours}.A" in adapter
    }

    def get(name: str) -> Array:
        tensor = tensors[name]
        weight = np.array(dequantize(tensor.data, tensor.tensor_type), np.float32)
        if name in change:
            ours = change[name]
            # in float64, so that the order in which a machine's BLAS adds up does not show in float32
            b, a = (adapter[f"{ours}.{side}"].astype(np.float64) for side in "BA")
            weight = (weight + ALPHA_OVER_RANK * (b @ a)).astype(np.float32)
        return weight

    return get


def embeddings(reader: GGUFReader, kept: Sequence[int]) -> Array:
    """Return the embeddings of the kept ids, shape (len(kept), dim); the others are never expanded."""
    tensor = next(tensor for tensor in reader.tensors if tensor.name == "token_embd.weight")
    return cast(Array, dequantize(tensor.data[np.asarray(kept)], tensor.tensor_type))


def model_spec(
    shape: Shape, table: Array, get: Rows, pieces: Sequence[str]
) -> transformer_spec.TransformerDecoderModelSpec:
    """Return the CTranslate2 description of the whole model, not yet quantised.

    Args:
        table: embeddings, shape (len(pieces), dim).
        get: from a GGUF tensor name to float32 weights.
    """
    spec = transformer_spec.TransformerDecoderModelSpec.from_config(
        shape.layers,
        shape.heads,
        activation=common_spec.Activation.GELUTanh,
        pre_norm=True,
        ffn_glu=True,
        rms_norm=True,
        rotary_dim=shape.head_dim,
        rotary_interleave=False,
        rotary_base=LOCAL_ROTARY_BASE,
        num_heads_kv=None if shape.heads_kv == shape.heads else shape.heads_kv,
        head_dim=shape.head_dim,
        sliding_window=shape.window,
        pre_post_layer_norm=True,
        quant_type=common_spec.Quantization.CT2,
        qk_norm=True,
    )
    decoder = spec.decoder
    decoder.scale_embeddings = True
    decoder.start_from_zero_embedding = False
    decoder.embeddings.weight = table
    decoder.projection.weight = table
    _norm(decoder.layer_norm, get("output_norm.weight"))
    for number, layer in enumerate(decoder.layer):
        _fill_layer(layer, number, shape, get)
    spec.register_vocabulary(list(pieces))
    spec.config.bos_token, spec.config.eos_token, spec.config.unk_token = BOS, EOS, UNK
    spec.config.layer_norm_epsilon = shape.epsilon
    return spec


def _norm(spec: Any, stored: Array) -> None:
    spec.gamma = stored - np.float32(1)
    spec.layer_norm_use_residual = True


def _fill_layer(spec: Any, number: int, shape: Shape, get: Rows) -> None:
    def part(name: str) -> Array:
        return get(f"blk.{number}.{name}.weight")

    everywhere = (number + 1) % GLOBAL_EVERY == 0
    attention = spec.self_attention
    attention.rotary_base = np.float32(shape.rotary_base if everywhere else LOCAL_ROTARY_BASE)
    attention.sliding_window = np.int32(0 if everywhere else shape.window)
    _norm(spec.input_layer_norm, part("attn_norm"))
    _norm(spec.post_attention_layer_norm, part("post_attention_norm"))
    _norm(spec.pre_feedforward_layer_norm, part("ffn_norm"))
    _norm(spec.post_feedforward_layer_norm, part("post_ffw_norm"))
    _norm(attention.q_norm, part("attn_q_norm"))
    _norm(attention.k_norm, part("attn_k_norm"))
    attention.linear[0].weight = np.concatenate([part("attn_q"), part("attn_k"), part("attn_v")])
    attention.linear[1].weight = part("attn_output")
    spec.ffn.linear_0.weight = part("ffn_gate")
    spec.ffn.linear_0_noact.weight = part("ffn_up")
    spec.ffn.linear_1.weight = part("ffn_down")
