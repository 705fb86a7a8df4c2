"""The starter in torch, for training: the dequantised base with low-rank changes, or with all of it free."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from gguf import GGUFReader
from gguf.quants import dequantize
from numpy.typing import NDArray
from torch import nn
from transformers import Gemma3ForCausalLM, Gemma3TextConfig

from models.starter import merge

# GGUF's names within a layer -> transformers'
GGUF_NAMES = {
    "attn_q": "self_attn.q_proj",
    "attn_k": "self_attn.k_proj",
    "attn_v": "self_attn.v_proj",
    "attn_output": "self_attn.o_proj",
    "ffn_gate": "mlp.gate_proj",
    "ffn_up": "mlp.up_proj",
    "ffn_down": "mlp.down_proj",
    "attn_norm": "input_layernorm",
    "post_attention_norm": "post_attention_layernorm",
    "ffn_norm": "pre_feedforward_layernorm",
    "post_ffw_norm": "post_feedforward_layernorm",
    "attn_q_norm": "self_attn.q_norm",
    "attn_k_norm": "self_attn.k_norm",
}
PROJECTIONS = tuple(name for name in GGUF_NAMES.values() if name.endswith("_proj"))


class LowRank(nn.Module):
    """A frozen projection with a trained change of low rank: `W x + 2 B A x` (LoRA, arXiv 2106.09685)."""

    def __init__(self, base: nn.Linear, rank: int) -> None:
        super().__init__()
        self.base = base
        self.A = nn.Parameter(torch.empty(rank, base.in_features))
        self.B = nn.Parameter(torch.zeros(base.out_features, rank))
        nn.init.kaiming_uniform_(self.A, a=5**0.5)

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        """Return the projection of inputs, shape (…, out)."""
        change = nn.functional.linear(nn.functional.linear(inputs, self.A), self.B)
        projected: torch.Tensor = self.base(inputs) + merge.ALPHA_OVER_RANK * change
        return projected


def base_model(reader: GGUFReader, kept: Sequence[int]) -> Any:
    """Return the base as `Gemma3ForCausalLM` in float32 over the kept tokens."""
    shape = merge.shape_of(reader)
    tensors = {tensor.name: tensor for tensor in reader.tensors}

    def get(name: str) -> torch.Tensor:
        tensor = tensors[name]
        return torch.from_numpy(np.array(dequantize(tensor.data, tensor.tensor_type), np.float32))

    table = torch.from_numpy(np.array(merge.embeddings(reader, kept), np.float32))
    model: Any = Gemma3ForCausalLM(_config(shape, table.shape, get("blk.0.ffn_gate.weight").shape[0]))
    state = {"model.embed_tokens.weight": table, "lm_head.weight": table}
    state["model.norm.weight"] = get("output_norm.weight") - 1  # GGUF stores 1 + gamma
    for layer in range(shape.layers):
        for theirs, ours in GGUF_NAMES.items():
            weight = get(f"blk.{layer}.{theirs}.weight")
            state[f"model.layers.{layer}.{ours}.weight"] = weight - 1 if "norm" in theirs else weight
    model.load_state_dict(state)
    model.tie_weights()
    return model


def _config(shape: merge.Shape, table: torch.Size, hidden: int) -> Gemma3TextConfig:
    return Gemma3TextConfig(
        vocab_size=table[0],
        hidden_size=table[1],
        intermediate_size=hidden,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.heads,
        num_key_value_heads=shape.heads_kv,
        head_dim=shape.head_dim,
        query_pre_attn_scalar=shape.head_dim,
        sliding_window=shape.window,
        rms_norm_eps=shape.epsilon,
        rope_parameters={
            "full_attention": {"rope_type": "default", "rope_theta": shape.rotary_base},
            "sliding_attention": {"rope_type": "default", "rope_theta": merge.LOCAL_ROTARY_BASE},
        },
        tie_word_embeddings=True,
    )


def projections(model: Any) -> Iterator[tuple[str, nn.Module]]:
    """Yield the changed projections by the adapter's names for them."""
    for number, layer in enumerate(model.model.layers):
        for part in PROJECTIONS:
            yield f"model.layers.{number}.{part}", layer.get_submodule(part)


def lower(model: Any, rank: int, start: Path | None) -> None:
    """Freeze a model and give each projection a change of low rank, begun at those of an adapter file.

    A lower rank in the file than asked for is filled up: the new directions change nothing at first.
    """
    factors = merge.read_adapter(start) if start else {}
    for parameter in model.parameters():
        parameter.requires_grad_(False)
    for name, module in list(projections(model)):
        assert isinstance(module, nn.Linear)
        low = LowRank(module, rank)
        if f"{name}.A" in factors:
            given = factors[f"{name}.A"].shape[0]
            with torch.no_grad():
                low.A[:given] = torch.from_numpy(factors[f"{name}.A"])
                low.B[:, :given] = torch.from_numpy(factors[f"{name}.B"])
        parent, _, own = name.rpartition(".")
        setattr(model.get_submodule(parent), own, low)


def free(model: Any, start: Path | None) -> None:
    """Let all projections of a model be trained, begun at an adapter; embeddings and norms stay frozen."""
    factors = merge.read_adapter(start) if start else {}
    for parameter in model.parameters():
        parameter.requires_grad_(False)
    for name, module in projections(model):
        assert isinstance(module, nn.Linear)
        module.weight.requires_grad_(True)
        if f"{name}.A" in factors:
            change = merge.ALPHA_OVER_RANK * (factors[f"{name}.B"] @ factors[f"{name}.A"])
            with torch.no_grad():
                module.weight += torch.from_numpy(change)


def factors_of(
    model: Any, base: Callable[[str], NDArray[np.float32]], rank: int
) -> dict[str, NDArray[np.float32]]:
    """Return the low-rank factors `NAME.A`, `NAME.B` of what was trained.

    Of freely trained weights, the best approximation of that rank to their difference from the base: the
    leading singular vectors (Eckart and Young, 1936).

    Args:
        base: from an adapter's name for a projection to the base's weights.
    """
    found: dict[str, NDArray[np.float32]] = {}
    for name, module in projections(model):
        if isinstance(module, LowRank):
            a, b = module.A.detach().cpu().float().numpy(), module.B.detach().cpu().float().numpy()
        else:
            weight = module.get_parameter("weight").detach().cpu().float().numpy()
            left, values, right = np.linalg.svd((weight - base(name)) / merge.ALPHA_OVER_RANK)
            size = min(rank, len(values))
            root = np.sqrt(values[:size])
            a, b = root[:, None] * right[:size], left[:, :size] * root
        found[f"{name}.A"], found[f"{name}.B"] = a.astype(np.float32), b.astype(np.float32)
    return found
