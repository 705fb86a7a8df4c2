"""Tiny sentence encoders with random weights, in the very layout of the real ones."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

WORDS = [
    "the", "law", "##yer", "lawyer", "left", "almaty", "in", "june", "bread", "is", "a", "b", ".", "!", "?",
    "query", ":", "заңгер", "нан", "хлеб", "адвокат", "نان", "律", "师", "面", "包", "。",
]  # fmt: skip


def write(path: Path, value: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value), encoding="utf-8")


def labse_like(folder: Path, *, dense: bool = True, longest: int = 16) -> Path:
    """A BERT with CLS pooling, a tanh layer and normalisation: what LaBSE is, and how its folder looks."""
    import torch
    from safetensors.torch import save_file
    from transformers import BertConfig, BertModel, BertTokenizer

    torch.manual_seed(1)
    folder.mkdir(parents=True)
    names = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *WORDS]
    (folder / "vocab.txt").write_text("\n".join(names) + "\n", encoding="utf-8")
    tokenizer = BertTokenizer(str(folder / "vocab.txt"), do_lower_case=True, model_max_length=longest)
    tokenizer.save_pretrained(folder)
    config = BertConfig(
        vocab_size=len(names),
        hidden_size=8,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=16,
        max_position_embeddings=64,
    )
    BertModel(config).save_pretrained(folder)
    kinds = ["Transformer", "Pooling", *(["Dense"] if dense else []), "Normalize"]
    paths = {"Transformer": "", "Pooling": "1_Pooling", "Dense": "2_Dense", "Normalize": "3_Normalize"}
    modules = [
        {"idx": k, "name": str(k), "path": paths[kind], "type": f"sentence_transformers.models.{kind}"}
        for k, kind in enumerate(kinds)
    ]
    write(folder / "modules.json", modules)
    write(folder / "sentence_bert_config.json", {"max_seq_length": longest, "do_lower_case": False})
    pooling = {
        "word_embedding_dimension": 8,
        "pooling_mode_cls_token": True,
        "pooling_mode_mean_tokens": False,
        "pooling_mode_max_tokens": False,
        "pooling_mode_mean_sqrt_len_tokens": False,
    }
    write(folder / "1_Pooling" / "config.json", pooling)
    if dense:
        said = {
            "in_features": 8,
            "out_features": 6,
            "bias": True,
            "activation_function": "torch.nn.modules.activation.Tanh",
        }
        write(folder / "2_Dense" / "config.json", said)
        layer = {"linear.weight": torch.randn(6, 8), "linear.bias": torch.randn(6)}
        save_file(layer, folder / "2_Dense" / "model.safetensors")
    return folder


def e5_like(folder: Path) -> Path:
    """An XLM-R checkpoint without any file of sentence-transformers, as a folder named like E5."""
    import torch
    from tokenizers import Tokenizer, models, pre_tokenizers, processors
    from transformers import PreTrainedTokenizerFast, XLMRobertaConfig, XLMRobertaModel

    torch.manual_seed(2)
    names = ["<s>", "<pad>", "</s>", "<unk>", *WORDS]
    inner = Tokenizer(models.WordLevel({name: k for k, name in enumerate(names)}, unk_token="<unk>"))
    inner.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    inner.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    tokenizer = PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=inner, bos_token="<s>", eos_token="</s>", pad_token="<pad>", unk_token="<unk>"
    )
    tokenizer.save_pretrained(folder)
    config = XLMRobertaConfig(
        vocab_size=len(names),
        hidden_size=8,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        max_position_embeddings=34,
        pad_token_id=1,
        bos_token_id=0,
        eos_token_id=2,
    )
    XLMRobertaModel(config).save_pretrained(folder)
    return folder
