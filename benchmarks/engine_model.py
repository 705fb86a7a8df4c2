"""A translation model with random weights in its true shape, for measuring speed.

Random weights never end a sentence, so every system would run to its own limit of length. Here the end is
built into the weights: an answer ends when it is about 1.3 times as long as its source, in every system
alike, also in those that let nobody set a length. Two of the dimensions of the hidden states are kept free
of all else. One carries the position in the answer (the sine of a low frequency), one the position in the
source; the last layer looks at all of the source evenly, and so subtracts the mean position in it, which is
half its length; the end mark reads the difference. All matrices keep their sizes, so time is that of the
real model.
"""

from __future__ import annotations

import importlib
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import sentencepiece

Shape = Literal["marian", "nllb"]
_RATIO = 1.3  # tokens of an answer for each of its source
_SHARP = 300.0  # how fast the end mark gains, in logits for each unit of the hidden state


@dataclass(frozen=True, slots=True)
class Size:
    """The size of a model: layers on each side, width, inner width, heads, tokens."""

    layers: int
    width: int
    inner: int
    heads: int
    vocabulary: int


SIZES: dict[Shape, Size] = {
    "marian": Size(6, 512, 2048, 8, 62_518),
    "nllb": Size(12, 1024, 4096, 16, 256_206),
}


def make(shape: Shape, folder: Path, english: Sequence[str], foreign: Sequence[str]) -> Path:
    """Write a checkpoint as the hub has it, its tokenizer trained on the given sentences."""
    folder.mkdir(parents=True)
    if shape == "marian":
        names = _marian_tokenizer(folder, english, foreign, SIZES[shape].vocabulary)
    else:
        names = _nllb_tokenizer(folder, [*english, *foreign], SIZES[shape].vocabulary)
    model = _network(shape, names)
    end_at_length(model, names.index("</s>"))
    model.save_pretrained(folder)
    return folder


def _trained(lines: Iterable[str], size: int) -> bytes:
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(lines), model_writer=model, vocab_size=size, model_type="bpe",
        hard_vocab_limit=False, num_threads=1, minloglevel=2,
    )  # fmt: skip
    return model.getvalue()


def _names(data: bytes) -> list[str]:
    model = sentencepiece.SentencePieceProcessor(model_proto=data)
    return [model.id_to_piece(number) for number in range(model.get_piece_size())]


def _write(path: Path, data: object) -> None:
    path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")


def _marian_tokenizer(folder: Path, english: Sequence[str], foreign: Sequence[str], size: int) -> list[str]:
    names = ["</s>", "<unk>"]
    for file, lines in (("source.spm", english), ("target.spm", foreign)):
        data = _trained(lines, 8000)
        (folder / file).write_bytes(data)
        names += [name for name in _names(data) if name not in {*names, "<s>"}]
    names += [f"\u2581слово{number}" for number in range(size - 1 - len(names))] + ["<pad>"]
    _write(folder / "vocab.json", {name: number for number, name in enumerate(names)})
    settings = {"source_lang": "en", "target_lang": "ru", "tokenizer_class": "MarianTokenizer"}
    _write(folder / "tokenizer_config.json", settings)
    return names


def _nllb_tokenizer(folder: Path, lines: Sequence[str], size: int) -> list[str]:
    from transformers.models.nllb.tokenization_nllb import FAIRSEQ_LANGUAGE_CODES

    codes = list(FAIRSEQ_LANGUAGE_CODES)
    fixed = 4 + len(codes) + 1
    data = _padded_pieces(_trained(lines, 16_000), size - fixed - 2 + 3)
    (folder / "sentencepiece.bpe.model").write_bytes(data)
    _write(folder / "special_tokens_map.json", {"additional_special_tokens": codes})
    _write(folder / "tokenizer_config.json", {"tokenizer_class": "NllbTokenizer"})
    names = ["<s>", "<pad>", "</s>", "<unk>", *_names(data)[3:], *codes, "<mask>"]
    return names + [f"<spare{number}>" for number in range(size - len(names))]


def _padded_pieces(data: bytes, size: int) -> bytes:
    """Return a SentencePiece model with made-up pieces that no text holds, up to a size."""
    form: Any = importlib.import_module("sentencepiece.sentencepiece_model_pb2")
    model = form.ModelProto.FromString(data)
    lowest = min(piece.score for piece in model.pieces)
    for number in range(size - len(model.pieces)):
        model.pieces.add(piece=f"\u2581слово{number}", score=lowest - 1 - number)
    made: bytes = model.SerializeToString()
    return made


def _network(shape: Shape, names: Sequence[str]) -> Any:
    """Return the model with random weights, of the spread that training starts from."""
    import torch
    import transformers

    size = SIZES[shape]
    torch.manual_seed(1)
    common: dict[str, Any] = {
        "vocab_size": len(names), "d_model": size.width, "scale_embedding": True,
        "encoder_layers": size.layers, "decoder_layers": size.layers,
        "encoder_attention_heads": size.heads, "decoder_attention_heads": size.heads,
        "encoder_ffn_dim": size.inner, "decoder_ffn_dim": size.inner,
    }  # fmt: skip
    if shape == "marian":
        pad = len(names) - 1
        common["static_position_embeddings"] = True
        marian = transformers.MarianConfig(
            **common, pad_token_id=pad, eos_token_id=0, bos_token_id=0, decoder_start_token_id=pad,
            forced_eos_token_id=0, max_position_embeddings=512,
            activation_function="swish", decoder_vocab_size=len(names),
        )  # fmt: skip
        model: Any = transformers.MarianMTModel(marian)
        with torch.no_grad():
            model.model.shared.weight[pad] = 0.0
    else:
        config = transformers.M2M100Config(
            **common, max_position_embeddings=1024, decoder_start_token_id=2, bos_token_id=0, pad_token_id=1,
            eos_token_id=2,
        )  # fmt: skip
        model = transformers.M2M100ForConditionalGeneration(config)
    return model.eval()


def end_at_length(model: Any, end: int) -> None:
    """Build into the weights that an answer ends at a multiple of its source's length; see above."""
    import torch

    place, source = _free(model)
    with torch.inference_mode(False), torch.no_grad():
        for side in (model.model.encoder, model.model.decoder):
            for layer in side.layers:
                _close(layer, [place, source])
        embedding = model.model.shared.weight
        embedding[:, [place, source]] = 0.0
        embedding[end] = 0.0
        embedding[end, place] = _SHARP
        look = model.model.decoder.layers[-1].encoder_attn
        look.k_proj.weight.zero_()
        look.k_proj.bias.zero_()
        # the source's mean position, which is half its length, is taken off through a free row of the values
        look.v_proj.weight[0].zero_()
        look.v_proj.weight[0, source] = 1.0
        look.v_proj.bias[0] = 0.0
        look.out_proj.weight[:, 0].zero_()
        _calibrate(model)


def _free(model: Any) -> tuple[int, int]:
    """Return the dimensions that carry the position in the answer and in the source."""
    quarter = model.config.d_model // 4  # the sines' half; there the period is about 630 positions
    return quarter, quarter + 1


def _calibrate(model: Any) -> None:
    """Find how much of the source's position to take off, and what else, by Newton's method."""
    place, _ = _free(model)
    out = model.model.decoder.layers[-1].encoder_attn.out_proj

    def at(weight: float, offset: float) -> tuple[float, float]:
        out.weight[place, 0], out.bias[place] = -weight, -offset
        return _at_end(model, 10), _at_end(model, 50)

    weight, offset, step = 2.0, 0.5, 0.05
    for _ in range(6):
        short, long = at(weight, offset)
        by_weight, by_offset = at(weight + step, offset), at(weight, offset + step)
        a, b = (by_weight[0] - short) / step, (by_offset[0] - short) / step
        c, d = (by_weight[1] - long) / step, (by_offset[1] - long) / step
        weight += (b * long - d * short) / (a * d - b * c)
        offset += (c * short - a * long) / (a * d - b * c)
    short, long = at(weight, offset)
    if max(abs(short), abs(long)) > 0.05:
        raise RuntimeError(f"answers would not end where they must: {short:.3f}, {long:.3f}")


def _at_end(model: Any, length: int) -> float:
    """Return what the end mark reads where an answer to a source of so many tokens should end."""
    import torch

    made = torch.Generator().manual_seed(length)
    words = torch.randint(1000, model.config.vocab_size - 1000, (4, length * 3), generator=made)
    source, answer = words[:, :length].clone(), words[:, length : length + round(_RATIO * length)].clone()
    source[:, -1] = model.config.eos_token_id
    answer[:, 0] = model.config.decoder_start_token_id
    seen = model.model(input_ids=source, decoder_input_ids=answer).last_hidden_state
    return float(seen[:, -1, _free(model)[0]].mean())


def _close(layer: Any, kept: Sequence[int]) -> None:
    """Keep a layer from reading or writing the given dimensions of the hidden states."""
    for name, block in layer.named_modules():
        tail = name.rpartition(".")[2]
        if tail in ("q_proj", "k_proj", "v_proj", "fc1"):
            block.weight[:, kept] = 0.0
        elif tail in ("out_proj", "fc2"):
            block.weight[kept] = 0.0
            block.bias[kept] = 0.0
