"""Tiny checkpoints with random weights, under the real file names and special tokens of each family.

The tokenizers are trained here, by SentencePiece, on made-up sentences in the five languages. Weights are
large enough that greedy answers differ from text to text.
"""

from __future__ import annotations

import functools
import io
import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import sentencepiece

_WORDS = {
    "en": """
        the she he they left camp letter sister Almaty Urumqi in June closed nobody answered wrote
        detained was were and two house road from police court 2017 family returned
    """,
    "kk": """
        ол лагерь хат әпке Алматы маусымда жабылды ешкім жауап бермеді жазды ұсталды және екі үй
        жол полиция сот отбасы қайтты Үрімжі ғой һәм
    """,
    "ug": """
        ئۇ لاگېر خەت ئاچا ئالمۇتا ئىيۇندا تاقالدى ھېچكىم جاۋاب بەرمىدى يازدى تۇتۇلدى ۋە ئىككى ئۆي
        يول ساقچى سوت ئائىلە قايتتى ئۈرۈمچى ژۇرنال ڭ
    """,
    "ru": """
        она он они лагерь письмо сестра Алма-Ата июне закрыт никто ответил написал задержаны и два
        дом дорога полиция суд семья вернулась Урумчи ёж щи эх
    """,
    "zh": """
        她 他们 离开 营地 信 姐妹 阿拉木图 六月 关闭 没有人 回答 写 被拘留 和 两 房子 路 警察 法院 家庭 回来
        乌鲁木齐
    """,
}
WORDS = {lang: words.split() for lang, words in _WORDS.items()}
ENDS = {"en": ".", "kk": ".", "ug": "؟", "ru": "!", "zh": "。"}
SENTENCES = [
    "She left Almaty in June.",
    "The camp was closed.",
    "He wrote a letter; nobody answered.",
    "They were detained in 2017, and the family returned.",
    "Two sisters left the house.",
    "The police and the court closed the road from Urumqi.",
]
LANGUAGES = {"nllb": ("kaz_Cyrl", "uig_Arab", "rus_Cyrl", "zho_Hans"), "m2m100": ("kk", "ru", "zh")}
DIM, HEADS, FFN = 32, 4, 48


def corpus(*langs: str) -> list[str]:
    """Return a few hundred made-up sentences in the given languages."""
    chance = random.Random(5)
    lines = SENTENCES * 8 if "en" in langs else []
    for lang in langs:
        joined = "" if lang == "zh" else " "
        for _ in range(120):
            words = chance.choices(WORDS[lang], k=chance.randint(2, 9))
            mark = chance.choice((",", ";", "", "—"))
            lines.append(joined.join(words) + mark + joined + chance.choice(WORDS[lang]) + ENDS[lang])
    return lines


@functools.cache
def pieces(*langs: str, kind: str = "bpe", size: int = 300, **settings: Any) -> bytes:
    """Return a SentencePiece model trained on `corpus(*langs)`."""
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(corpus(*langs)),
        model_writer=model,
        vocab_size=size,
        model_type=kind,
        hard_vocab_limit=False,
        num_threads=1,
        minloglevel=2,
        **settings,
    )
    return model.getvalue()


ALL = ("en", "kk", "ug", "ru", "zh")


def _names(data: bytes) -> list[str]:
    model = sentencepiece.SentencePieceProcessor(model_proto=data)
    return [model.id_to_piece(number) for number in range(model.get_piece_size())]


def _json(path: Path, data: object) -> None:
    path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")


def _byte_pairs(data: bytes) -> list[tuple[str, str]]:
    """Return what SentencePiece merges, in its order, as the `tokenizers` library has it."""
    names = _names(data)
    ids = {name: number for number, name in enumerate(names)}
    return [
        (name[:cut], name[cut:])
        for name in names[3:]
        for cut in range(1, len(name))
        if name[:cut] in ids and name[cut:] in ids
    ]


def _save(model: Any, folder: Path, seed: int, scale: float = 0.35) -> Path:
    """Give a model random weights and write it as `save_pretrained` does."""
    import torch

    made = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, weight in model.named_parameters():
            if "embed_positions" in name:
                continue  # computed, not learnt
            if weight.dim() > 1:
                weight.copy_(torch.randn(weight.shape, generator=made) * scale)
            elif "norm" in name and name.endswith("weight"):
                weight.copy_(torch.rand(weight.shape, generator=made) + 0.5)
            else:
                weight.copy_(torch.randn(weight.shape, generator=made) * 0.1)
            if model.config.model_type == "marian" and name.endswith("shared.weight"):
                weight[-1] = 0.0  # the padding, as in the published models
    model.save_pretrained(folder)
    return folder


def marian(folder: Path, lang: str = "ru", seed: int = 1) -> Path:
    """Write OPUS-MT from English: one vocabulary for both sides, padding last, which starts the decoder."""
    from transformers import MarianConfig, MarianMTModel

    folder.mkdir(parents=True)
    sides = {"source.spm": pieces("en", kind="unigram", size=150), "target.spm": pieces(lang, size=200)}
    names = ["</s>", "<unk>"]
    for file, data in sides.items():
        (folder / file).write_bytes(data)
        names += [name for name in _names(data) if name not in {*names, "<s>"}]
    names += [">>cmn_Hans<<", ">>cmn_Hant<<"] if lang == "zh" else []
    names.append("<pad>")
    _json(folder / "vocab.json", {name: number for number, name in enumerate(names)})
    _json(
        folder / "tokenizer_config.json",
        {"source_lang": "en", "target_lang": lang, "tokenizer_class": "MarianTokenizer"},
    )
    pad = len(names) - 1
    config = MarianConfig(
        vocab_size=len(names), d_model=DIM, encoder_layers=2, decoder_layers=2, encoder_attention_heads=HEADS,
        decoder_attention_heads=HEADS, encoder_ffn_dim=FFN, decoder_ffn_dim=FFN, pad_token_id=pad,
        eos_token_id=0, bos_token_id=0, decoder_start_token_id=pad, forced_eos_token_id=0,
        max_position_embeddings=512, scale_embedding=True,
        activation_function="swish", decoder_vocab_size=len(names),
    )  # fmt: skip
    return _save(MarianMTModel(config), folder, seed)


def _many(folder: Path, size: int, seed: int, layers: tuple[int, int]) -> Path:
    from transformers import M2M100Config, M2M100ForConditionalGeneration

    config = M2M100Config(
        vocab_size=size, d_model=DIM, encoder_layers=layers[0], decoder_layers=layers[1],
        encoder_attention_heads=HEADS, decoder_attention_heads=HEADS, encoder_ffn_dim=FFN,
        decoder_ffn_dim=FFN, max_position_embeddings=1024, scale_embedding=True, decoder_start_token_id=2,
        bos_token_id=0, pad_token_id=1, eos_token_id=2,
    )  # fmt: skip
    return _save(M2M100ForConditionalGeneration(config), folder, seed)


def m2m100(folder: Path, seed: int = 2, layers: tuple[int, int] = (2, 2)) -> Path:
    """Write M2M100: `vocab.json` and `sentencepiece.bpe.model`; its languages come after the pieces."""
    folder.mkdir(parents=True)
    data = pieces(*ALL, size=420)
    (folder / "sentencepiece.bpe.model").write_bytes(data)
    names = ["<s>", "<pad>", "</s>", "<unk>", *(name for name in _names(data) if name[0] != "<")]
    _json(folder / "vocab.json", {name: number for number, name in enumerate(names)})
    _json(folder / "tokenizer_config.json", {"tokenizer_class": "M2M100Tokenizer"})
    return _many(folder, len(names) + 108, seed, layers)


def small100(folder: Path, seed: int = 3) -> Path:
    """Write SMaLL-100: as M2M100, 12 + 3 layers, with its own tokenizer's name."""
    m2m100(folder, seed, (12, 3))
    _json(folder / "tokenizer_config.json", {"tokenizer_class": "SMALL100Tokenizer"})
    return folder


def nllb(folder: Path, seed: int = 4) -> Path:
    """Write NLLB-200: no `vocab.json`; the languages and `<mask>` come after the pieces."""
    from transformers.models.nllb.tokenization_nllb import FAIRSEQ_LANGUAGE_CODES

    folder.mkdir(parents=True)
    data = pieces(*ALL, size=420, normalization_rule_name="identity")
    (folder / "sentencepiece.bpe.model").write_bytes(data)
    codes = {"additional_special_tokens": list(FAIRSEQ_LANGUAGE_CODES)}
    _json(folder / "special_tokens_map.json", codes)
    _json(folder / "tokenizer_config.json", {"tokenizer_class": "NllbTokenizer"})
    size = len(_names(data)) + 1 + len(FAIRSEQ_LANGUAGE_CODES) + 1
    _json(folder / "tokenizer.json", _nllb_tokenizer(data, FAIRSEQ_LANGUAGE_CODES))
    return _many(folder, size + 2, seed, (2, 2))


def _nllb_tokenizer(data: bytes, codes: list[str]) -> dict[str, Any]:
    names = ["<s>", "<pad>", "</s>", "<unk>", *_names(data)[3:]]
    special = [*names[:4], *codes, "<mask>"]
    numbers = [*range(4), *range(len(names), len(names) + len(codes) + 1)]
    marks = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}
    space = {"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": "always", "split": True}
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [
            {"id": number, "content": name, **marks} for number, name in zip(numbers, special, strict=True)
        ],
        "normalizer": None,
        "pre_tokenizer": space,
        "post_processor": None,
        "decoder": space,
        "model": {
            "type": "BPE", "dropout": None, "unk_token": "<unk>", "fuse_unk": True, "byte_fallback": False,
            "vocab": {name: number for number, name in enumerate(names)}, "merges": _byte_pairs(data),
        },
    }  # fmt: skip


def t5(folder: Path, seed: int = 5, *, translates: bool = True, tied: bool = False) -> Path:
    """Write MADLAD-400: `<2kk>` among the pieces, gated GELU, decoding starts with `<unk>`, number 0."""
    from transformers import T5Config, T5ForConditionalGeneration

    folder.mkdir(parents=True)
    marks = [f"<2{lang}>" for lang in ("kk", "ug", "ru", "zh", "en")] if translates else []
    data = pieces(*ALL, kind="unigram", size=420, user_defined_symbols=",".join(marks))
    (folder / "spiece.model").write_bytes(data)
    size = len(_names(data))
    config_of: Any = T5Config  # its older settings are not in its signature
    config = config_of(
        vocab_size=size + 6, d_model=DIM, d_kv=8, d_ff=FFN, num_layers=2, num_decoder_layers=2,
        num_heads=HEADS, feed_forward_proj="gated-gelu", tie_word_embeddings=tied, pad_token_id=1,
        eos_token_id=2, decoder_start_token_id=0,
    )  # fmt: skip
    _save(T5ForConditionalGeneration(config), folder, seed)
    # transformers 5 forgets what the file must say; the published models have it
    path = folder / "config.json"
    _json(path, {**json.loads(path.read_bytes()), "tie_word_embeddings": tied})
    return folder


MAKERS: dict[str, Callable[[Path], Path]] = {
    "marian": marian, "m2m100": m2m100, "small100": small100, "nllb": nllb, "t5": t5,
}  # fmt: skip
