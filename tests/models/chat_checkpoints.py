"""Tiny chat models with random weights, under the real file names, special tokens and turn marks."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from gguf import GGMLQuantizationType, GGUFWriter
from tokenizers import AddedToken, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

TEXTS = [
    "She left Almaty in June with two sisters. Ол маусымда Алматыдан екі әпкесімен кетті.",
    "The camp was closed. لاگېر تاقالدى، ئۇ ئۆيىگە قايتتى؟ ۋە ژۇرنال",
    "He wrote a letter; nobody answered. Он написал письмо, но никто не ответил.",
    "In 2017 they were detained. 2017年，他们被拘留。“你好”",
    "Translate the following text into Kazakh Uyghur Russian Chinese without any additional explanation.",
    "Ғ ғ Қ қ Ң ң Ө ө Ұ ұ Ү ү Һ һ І і Ә ә ې ۇ ۆ ۈ ۋ ە ڭ ئ",
]
_LAST = (
    "{% for message in messages %}{% if message['role'] not in ('user', 'assistant') %}"
    "{{ raise_exception('Only turns of user and assistant') }}{% endif %}"
)


@dataclass(frozen=True)
class Kind:
    """An architecture: how transformers calls it, its special tokens, its turns."""

    model: str
    config: str
    bos: str
    eos: str
    end_of_turn: str
    marks: tuple[str, ...]
    template: str
    tokenizer: str = "PreTrainedTokenizerFast"
    byte_level: bool = True


KINDS = {
    "gemma": Kind(
        "Gemma3ForCausalLM",
        "Gemma3TextConfig",
        "<bos>",
        "<eos>",
        "<end_of_turn>",
        ("<start_of_turn>",),
        "{{ bos_token }}" + _LAST + "{{ '<start_of_turn>' + ('model' if message['role'] == 'assistant' else "
        "'user') + '\n' + message['content'] | trim + '<end_of_turn>\n' }}{% endfor %}"
        "{% if add_generation_prompt %}{{ '<start_of_turn>model\n' }}{% endif %}",
        tokenizer="GemmaTokenizer",
        byte_level=False,
    ),
    "llama": Kind(
        "LlamaForCausalLM",
        "LlamaConfig",
        "<|begin_of_text|>",
        "<|eot_id|>",
        "<|eot_id|>",
        ("<|end_of_text|>", "<|start_header_id|>", "<|end_header_id|>"),
        "{{ bos_token }}{{ '<|start_header_id|>system<|end_header_id|>\n\nToday: ' + "
        "strftime_now('%d %b %Y') + '<|eot_id|>' }}"
        + _LAST
        + "{{ '<|start_header_id|>' + message['role'] + '<|end_header_id|>\n\n' + "
        "message['content'] + '<|eot_id|>' }}{% endfor %}"
        "{% if add_generation_prompt %}{{ '<|start_header_id|>assistant<|end_header_id|>\n\n' }}{% endif %}",
    ),
    "qwen": Kind(
        "Qwen3ForCausalLM",
        "Qwen3Config",
        "",
        "<|im_end|>",
        "<|im_end|>",
        ("<|endoftext|>", "<|im_start|>"),
        _LAST + "{{ '<|im_start|>' + message['role'] + '\n' }}{% generation %}{{ message['content'] }}"
        "{% endgeneration %}{{ '<|im_end|>\n' }}{% endfor %}{% if add_generation_prompt %}"
        "{{ '<|im_start|>assistant\n' }}{% if enable_thinking is defined and enable_thinking is false %}"
        "{{ '<think>\n\n</think>\n\n' }}{% endif %}{% endif %}",
        tokenizer="Qwen2Tokenizer",
    ),
    "hunyuan": Kind(
        "HunYuanDenseV1ForCausalLM",
        "HunYuanDenseV1Config",
        "<｜hy_begin▁of▁sentence｜>",
        "<｜hy_place▁holder▁no▁2｜>",
        "<｜hy_place▁holder▁no▁2｜>",
        ("<｜hy_User｜>", "<｜hy_Assistant｜>", "<｜hy_▁pad▁｜>"),
        "{{ '<｜hy_begin▁of▁sentence｜>' }}" + _LAST + "{% if message['role'] == 'user' %}"
        "{{ '<｜hy_User｜>' + message['content'] }}{% else %}{{ '<｜hy_Assistant｜>' + message['content'] + "
        "'<｜hy_place▁holder▁no▁2｜>' }}{% endif %}{% endfor %}"
        "{% if add_generation_prompt %}{{ '<｜hy_Assistant｜>' }}{% endif %}",
    ),
}
_GEMMA_LAYERS = ["sliding_attention", "full_attention"]
# as in the published models: Gemma 3 from 4B up, Llama 3.1 and later, Qwen 3
_POSITIONS: dict[str, dict[str, Any]] = {
    "Gemma3TextConfig": {
        "full_attention": {"rope_type": "linear", "factor": 8.0, "rope_theta": 1_000_000.0},
        "sliding_attention": {"rope_type": "default", "rope_theta": 10_000.0},
    },
    "LlamaConfig": {
        "rope_type": "llama3",
        "rope_theta": 500_000.0,
        "factor": 8.0,
        "low_freq_factor": 1.0,
        "high_freq_factor": 4.0,
        "original_max_position_embeddings": 4096,
    },
    "Qwen3Config": {"rope_type": "default", "rope_theta": 1_000_000.0},
}
TRANSLATEGEMMA = (
    "{{ bos_token }}{% for message in messages %}{% set part = message['content'][0] %}"
    "{{ '<start_of_turn>user\nfrom ' + part['source_lang_code'] + ' to ' + part['target_lang_code'] + "
    "':\n\n\n' + part['text'] + '<end_of_turn>\n' }}{% endfor %}{{ '<start_of_turn>model\n' }}"
)


def write(folder: Path, name: str, *, seed: int = 3, template: str = "") -> Path:
    """Write a checkpoint as its makers publish one and return its folder."""
    import torch
    import transformers

    kind = KINDS[name]
    folder.mkdir(parents=True, exist_ok=True)
    words = _tokenizer(kind)
    words.save(str(folder / "tokenizer.json"))
    numbers = words.get_vocab()
    torch.manual_seed(seed)
    ends = [numbers[kind.eos], numbers[kind.end_of_turn]]
    model = getattr(transformers, kind.model)(_config(kind, transformers, numbers))
    with torch.no_grad():
        for value in model.parameters():
            if value.dim() > 1:
                value.normal_(0, 0.6)
    model.generation_config = transformers.GenerationConfig(  # type: ignore[no-untyped-call]
        eos_token_id=list(dict.fromkeys(ends)),
        do_sample=True,
        temperature=5.0,
        top_k=20,
        repetition_penalty=1.05,
    )
    model.save_pretrained(folder)
    settings = {
        "tokenizer_class": kind.tokenizer,
        "eos_token": kind.eos,
        "bos_token": {"__type": "AddedToken", "content": kind.bos} if kind.bos else None,
        "add_bos_token": bool(kind.bos),
    }
    (folder / "tokenizer_config.json").write_text(json.dumps(settings), encoding="utf-8")
    (folder / "chat_template.jinja").write_text(template or kind.template, encoding="utf-8")
    return folder


def _config(kind: Kind, transformers: Any, numbers: dict[str, int]) -> Any:
    more: dict[str, Any] = {"head_dim": 16}
    if kind.model.startswith("Gemma"):
        more |= {"sliding_window": 512, "query_pre_attn_scalar": 24, "layer_types": _GEMMA_LAYERS}
    if kind.config in _POSITIONS:
        more["rope_parameters"] = _POSITIONS[kind.config]
    return getattr(transformers, kind.config)(
        vocab_size=len(numbers),
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=2,
        num_key_value_heads=1,
        max_position_embeddings=131_072,
        bos_token_id=numbers.get(kind.bos),
        eos_token_id=numbers[kind.eos],
        pad_token_id=numbers.get("<pad>", numbers[kind.eos]),
        tie_word_embeddings=False,
        **more,
    )


def _tokenizer(kind: Kind) -> Tokenizer:
    special = list(dict.fromkeys(one for one in (kind.bos, kind.eos, kind.end_of_turn, *kind.marks) if one))
    if kind.byte_level:
        words = Tokenizer(models.BPE())
        words.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
        words.decoder = decoders.ByteLevel()
        alphabet = pre_tokenizers.ByteLevel.alphabet()
    else:
        special = ["<pad>", "<unk>", *special]
        words = Tokenizer(models.BPE(unk_token="<unk>", byte_fallback=True, fuse_unk=True))
        words.normalizer = normalizers.Replace(" ", "▁")
        words.pre_tokenizer = pre_tokenizers.Split("▁", "merged_with_previous")
        words.decoder = decoders.Sequence(
            [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse()]
        )
        special += [f"<0x{number:02X}>" for number in range(256)]
        alphabet = ["▁", "\n"]
    trainer = trainers.BpeTrainer(
        vocab_size=len(special) + 520, show_progress=False, special_tokens=special, initial_alphabet=alphabet
    )
    words.train_from_iterator(TEXTS, trainer)
    marks = [one for one in special if not one.startswith("<0x")]
    words.add_special_tokens([AddedToken(one, special=True, normalized=False) for one in marks])
    return words


_DIM, _HEADS, _HIDDEN, _LAYERS = 32, 2, 64, 2


def write_gguf(
    path: Path,
    *,
    template: str | None = None,
    seed: int = 5,
    sampled: bool = False,
    architecture: str = "llama",
) -> Path:
    """Write a Llama-shaped GGUF file with a SentencePiece-like vocabulary of pieces and bytes.

    Args:
        architecture: what it says it is.
        sampled: it recommends wild sampling and penalties, which llama.cpp takes over where nothing is said.
    """
    random = np.random.default_rng(seed)
    words, kinds, scores = _pieces()
    writer = GGUFWriter(path, architecture)
    writer.add_name("tiny")
    writer.add_context_length(2048)
    writer.add_block_count(_LAYERS)
    writer.add_embedding_length(_DIM)
    writer.add_feed_forward_length(_HIDDEN)
    writer.add_head_count(_HEADS)
    writer.add_head_count_kv(_HEADS)
    writer.add_rope_dimension_count(_DIM // _HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_vocab_size(len(words))
    writer.add_tokenizer_model("llama")
    writer.add_token_list(words)
    writer.add_token_types(kinds)
    writer.add_token_scores(scores)
    writer.add_unk_token_id(0)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_add_bos_token(True)
    if template != "":
        writer.add_chat_template(template or KINDS["llama"].template)
    if sampled:
        writer.add_float32("general.sampling.temp", 5.0)
        writer.add_float32("general.sampling.penalty_repeat", 3.0)
        writer.add_int32("general.sampling.penalty_last_n", 64)
        writer.add_float32("general.sampling.xtc_probability", 1.0)
        writer.add_float32("general.sampling.xtc_threshold", 0.01)
    for name, shape in _shapes(len(words)).items():
        value = random.normal(0, 0.5, shape).astype(np.float32)
        writer.add_tensor(
            name, np.abs(value) + 0.5 if len(shape) == 1 else value, raw_dtype=GGMLQuantizationType.F32
        )
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def _pieces() -> tuple[list[str], list[int], list[float]]:
    kind = KINDS["llama"]
    special = ["<unk>", kind.bos, kind.eos, *kind.marks]
    letters = sorted({character for text in TEXTS for character in text if character != " "})
    common = ["▁", "▁the", "▁to", "ан", "ты", "لا", "他们", "сы", "ол", "▁О", "Ол"]
    words = [*special, *(f"<0x{number:02X}>" for number in range(256)), *common]
    words += [letter for letter in letters if letter not in words]
    kinds = [2] + [3] * (len(special) - 1) + [6] * 256 + [1] * (len(words) - len(special) - 256)
    return words, kinds, [-float(place) for place in range(len(words))]


def _shapes(words: int) -> dict[str, tuple[int, ...]]:
    shapes: dict[str, tuple[int, ...]] = {
        "token_embd.weight": (words, _DIM),
        "output_norm.weight": (_DIM,),
        "output.weight": (words, _DIM),
    }
    parts: dict[str, tuple[int, ...]] = {
        "attn_norm": (_DIM,),
        "ffn_norm": (_DIM,),
        "attn_q": (_DIM, _DIM),
        "attn_k": (_DIM, _DIM),
        "attn_v": (_DIM, _DIM),
        "attn_output": (_DIM, _DIM),
        "ffn_gate": (_HIDDEN, _DIM),
        "ffn_up": (_HIDDEN, _DIM),
        "ffn_down": (_DIM, _HIDDEN),
    }
    for layer in range(_LAYERS):
        shapes |= {f"blk.{layer}.{name}.weight": shape for name, shape in parts.items()}
    return shapes
