"""A Gemma-3-shaped model with random weights, a few hundred tokens large, as GGUF and adapter."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from gguf import GGMLQuantizationType, GGUFWriter
from gguf.quants import quantize
from numpy.typing import NDArray
from tokenizers import Tokenizer, models, pre_tokenizers, trainers

from corpora.protocols import EngineInfo
from models.engines.ctranslate2_engine import Decoding, GeneratorEngine
from models.engines.prompts import STARTER
from models.starter import build, vocabulary

LAYERS, DIM, HEADS, HEAD_DIM, HIDDEN, WINDOW = 6, 32, 2, 16, 64, 512
RANK = 4
TEXTS = [
    "English: She left Almaty in June with two sisters.\nKazakh: Ол маусымда Алматыдан екі әпкесімен кетті.",
    "English: The camp was closed.\nUyghur: لاگېر تاقالدى، ئۇ ئۆيىگە قايتتى؟ ۋە ژۇرنال",
    "English: He wrote a letter; nobody answered.\nRussian: Он написал письмо, но никто не ответил.",
    "English: In 2017 they were detained.\nChinese: 2017年，他们被拘留。“你好”",
    "Ғ ғ Қ қ Ң ң Ө ө Ұ ұ Ү ү Һ һ І і Ә ә ې ۇ ۆ ۈ ۋ ە ڭ ئ",
]
Weights = dict[str, NDArray[np.float32]]


@dataclass(frozen=True)
class Files:
    """The parts of a tiny starter."""

    gguf: Path
    adapter: Path
    weights: Weights  # as the GGUF file gives them back, after quantisation
    change: Weights
    pieces: tuple[str, ...]


def pieces() -> tuple[list[str], list[int]]:
    """Return the pieces of a tiny vocabulary in Gemma's order, and llama.cpp's types for them."""
    trained = Tokenizer(models.BPE())
    trained.pre_tokenizer = pre_tokenizers.Split(vocabulary.SPACE, "merged_with_next")
    texts = [text.replace("\n", " ").replace(" ", vocabulary.SPACE) for text in TEXTS]
    trained.train_from_iterator(
        texts, trainers.BpeTrainer(vocab_size=420, show_progress=False, initial_alphabet=[vocabulary.SPACE])
    )
    ordered = sorted(trained.get_vocab().items(), key=lambda item: item[1])
    merged = [piece for piece, _ in ordered if len(piece) > 1]
    single = [piece for piece, _ in ordered if len(piece) == 1]
    special = ["<pad>", "<eos>", "<bos>", "<unk>"]
    marks = ["\n", "  ", "<h3>"]
    byte = [f"<0x{number:02X}>" for number in range(256)]
    kinds = [3] * len(special) + [4] * len(marks) + [6] * 256 + [1] * (len(merged) + len(single))
    return [*special, *marks, *byte, *merged, *single], kinds


def write(folder: Path, seed: int = 1) -> Files:
    """Write `base.gguf` and `adapter.safetensors` below a folder."""
    random = np.random.default_rng(seed)
    words, kinds = pieces()
    writer = GGUFWriter(folder / "base.gguf", "gemma3")
    _metadata(writer, words, kinds)
    weights: Weights = {}
    for name, shape in _shapes(len(words)).items():
        kind = _kind(name)
        value = random.normal(0, 0.25, shape).astype(np.float32)
        if len(shape) == 1:
            value = np.abs(value) + np.float32(0.5)
        data = quantize(value, kind)
        weights[name] = _back(data, kind)
        writer.add_tensor(name, data, raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    change = _write_adapter(folder / "adapter.safetensors", random)
    spaced = tuple(piece.replace(" ", vocabulary.SPACE) for piece in words)
    return Files(folder / "base.gguf", folder / "adapter.safetensors", weights, change, spaced)


def _back(data: NDArray[np.generic], kind: GGMLQuantizationType) -> NDArray[np.float32]:
    from gguf.quants import dequantize

    return np.array(dequantize(data, kind), np.float32)


def _kind(name: str) -> GGMLQuantizationType:
    if "norm" in name:
        return GGMLQuantizationType.F32
    return GGMLQuantizationType.Q8_0 if "embd" in name or "attn_v" in name else GGMLQuantizationType.Q5_0


def _metadata(writer: GGUFWriter, words: list[str], kinds: list[int]) -> None:
    writer.add_block_count(LAYERS)
    writer.add_embedding_length(DIM)
    writer.add_feed_forward_length(HIDDEN)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(1)
    writer.add_key_length(HEAD_DIM)
    writer.add_sliding_window(WINDOW)
    writer.add_rope_freq_base(1_000_000.0)
    writer.add_layer_norm_rms_eps(1e-6)
    writer.add_tokenizer_model("llama")
    writer.add_token_list(words)
    writer.add_token_types(kinds)


def _shapes(words: int) -> dict[str, tuple[int, ...]]:
    shapes: dict[str, tuple[int, ...]] = {"output_norm.weight": (DIM,), "token_embd.weight": (words, DIM)}
    for layer in range(LAYERS):
        parts: dict[str, tuple[int, ...]] = {
            "attn_norm": (DIM,),
            "post_attention_norm": (DIM,),
            "ffn_norm": (DIM,),
            "post_ffw_norm": (DIM,),
            "attn_q_norm": (HEAD_DIM,),
            "attn_k_norm": (HEAD_DIM,),
            "attn_q": (HEADS * HEAD_DIM, DIM),
            "attn_k": (HEAD_DIM, DIM),
            "attn_v": (HEAD_DIM, DIM),
            "attn_output": (DIM, HEADS * HEAD_DIM),
            "ffn_gate": (HIDDEN, DIM),
            "ffn_up": (HIDDEN, DIM),
            "ffn_down": (DIM, HIDDEN),
        }
        shapes |= {f"blk.{layer}.{name}.weight": shape for name, shape in parts.items()}
    return shapes


_OURS = {
    "attn_q": "self_attn.q_proj",
    "attn_k": "self_attn.k_proj",
    "attn_v": "self_attn.v_proj",
    "attn_output": "self_attn.o_proj",
    "ffn_gate": "mlp.gate_proj",
    "ffn_up": "mlp.up_proj",
    "ffn_down": "mlp.down_proj",
}


def _write_adapter(path: Path, random: np.random.Generator) -> Weights:
    """Write low-rank factors as bfloat16; return the change they make to each GGUF tensor."""
    tensors: dict[str, NDArray[np.uint16]] = {}
    change: Weights = {}
    for name, shape in _shapes(1).items():
        if not name.startswith("blk.") or name.split(".")[2] not in _OURS:
            continue
        _, layer, part, _ = name.split(".")
        factors = []
        for letter, size in (("A", (RANK, shape[1])), ("B", (shape[0], RANK))):
            value = random.normal(0, 0.1, size).astype(np.float32)
            halves = (value.view(np.uint32) >> 16).astype(np.uint16)
            tensors[f"model.layers.{layer}.{_OURS[part]}.{letter}"] = halves
            factors.append((halves.astype(np.uint32) << 16).view(np.float32))
        change[name] = np.float32(2) * (factors[1] @ factors[0])
    _write_safetensors(path, tensors)
    return change


def _write_safetensors(path: Path, tensors: dict[str, NDArray[np.uint16]]) -> None:
    """Write bfloat16 tensors; the library's own writer wants torch for them."""
    header: dict[str, object] = {}
    place = 0
    for name, value in tensors.items():
        offsets = [place, place := place + value.nbytes]
        header[name] = {"dtype": "BF16", "shape": list(value.shape), "data_offsets": offsets}
    text = json.dumps(header).encode()
    body = b"".join(value.tobytes() for value in tensors.values())
    path.write_bytes(len(text).to_bytes(8, "little") + text + body)


def make(folder: Path, files: Files, *, quantization: str | None = "int8") -> Path:
    """Build the tiny model with the starter's own build; every token is kept."""
    folder.mkdir(parents=True, exist_ok=True)
    kept = range(len(files.pieces))
    build.write_model(files.gguf, files.adapter, kept, folder, quantization=quantization)
    return folder


def engine(folder: Path, decoding: Decoding | None = None) -> GeneratorEngine:
    """Load the tiny model as an engine. Many tokens end an answer, so that some answers do end."""
    words = Tokenizer.from_file(str(folder / "tokenizer.json"))
    numbers = range(263, words.get_vocab_size(), 5)
    ends = ("<eos>", "\n", *(str(words.id_to_token(number)) for number in numbers))
    beams = {"kk": 1, "ug": 1, "ru": 2, "zh": 1}
    return engine_at(
        folder,
        decoding or Decoding(beams=beams, lengths=dict.fromkeys(beams, (24, 1)), max_input=24, ends=ends),
    )


def engine_at(folder: Path, decoding: Decoding | None = None) -> GeneratorEngine:
    """Load whatever is in a folder as the tiny engine."""
    decoding = decoding or Decoding(beams={"ru": 1}, lengths={"ru": (24, 1)}, max_input=24)
    info = EngineInfo(
        name="tiny",
        digest=hashlib.sha256(repr(decoding).encode()).hexdigest(),
        targets=tuple(decoding.beams),
        max_tokens=decoding.max_input,
        abilities=frozenset({"n-best", "prefix", "terms"}),
        batch_invariant=True,
    )
    return GeneratorEngine(folder, info, STARTER, decoding, threads=1)
