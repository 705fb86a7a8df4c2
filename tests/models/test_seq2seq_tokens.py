"""Our tokens are those of the transformers tokenizers, where there are any; text comes back as it was."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpora.errors import MissingError
from models import inspection
from models.engines.seq2seq_tokens import Seq2SeqTokens
from tests.models import checkpoints

Numbers = Callable[[str], list[int]]
TEXTS = [line for lang in checkpoints.ALL for line in checkpoints.corpus(lang)[-20:]]
LETTERS = sorted({letter for text in TEXTS for letter in text} | set("☃ö7\u200c(“”"))
MADE = st.text(st.sampled_from(LETTERS), min_size=1, max_size=60).map(lambda text: " ".join(text.split()))


def _marian(folder: Path) -> Numbers:
    from transformers import MarianTokenizer

    tokenizer: Any = MarianTokenizer.from_pretrained(folder)
    return lambda text: [int(one) for one in tokenizer(text).input_ids]


def _m2m100(folder: Path) -> Numbers:
    from transformers import M2M100Tokenizer

    tokenizer: Any = M2M100Tokenizer.from_pretrained(folder, src_lang="en")
    return lambda text: [int(one) for one in tokenizer(text).input_ids]


def _nllb(folder: Path) -> Numbers:
    from transformers import NllbTokenizer

    tokenizer: Any = NllbTokenizer.from_pretrained(folder, src_lang="eng_Latn")
    return lambda text: [int(one) for one in tokenizer(text).input_ids]


@pytest.fixture(scope="module")
def pairs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Seq2SeqTokens, Numbers]]:
    root = tmp_path_factory.mktemp("tokens")
    made = {}
    for family, theirs in (("marian", _marian), ("m2m100", _m2m100), ("nllb", _nllb)):
        folder = checkpoints.MAKERS[family](root / family)
        made[family] = Seq2SeqTokens(folder, inspection.inspect(folder)), theirs(folder)
    return made


@settings(deadline=None, max_examples=80)
@given(text=st.sampled_from(TEXTS) | MADE)
@pytest.mark.parametrize("family", ["marian", "m2m100", "nllb"])
def test_numbers_are_those_of_transformers(
    pairs: dict[str, tuple[Seq2SeqTokens, Numbers]], family: str, text: str
) -> None:
    ours, theirs = pairs[family]
    assert [ours.ids[token] for token in ours.source(text, "ru")] == theirs(text)


@pytest.mark.parametrize("family", sorted(checkpoints.MAKERS))
def test_text_comes_back(tmp_path: Path, family: str) -> None:
    folder = checkpoints.MAKERS[family](tmp_path / "m")
    tokens = Seq2SeqTokens(folder, inspection.inspect(folder))
    for text in checkpoints.corpus("ru")[:20]:
        made = tokens.prefix(text)
        assert tokens.decode(made) == text
        places = [place for place in tokens.answer_spans(made, text) if place]
        assert "".join(text[start:end] for start, end in places) == text.replace(" ", "")


def test_each_family_puts_its_marks(tmp_path: Path) -> None:
    wanted = {
        "marian": ("", "", ()),
        "m2m100": ("__en__", "</s>", ("__kk__",)),
        "small100": ("__kk__", "</s>", ()),
        "nllb": ("eng_Latn", "</s>", ("kaz_Cyrl",)),
    }
    for family in ("m2m100", "small100", "nllb"):
        folder = checkpoints.MAKERS[family](tmp_path / family)
        tokens = Seq2SeqTokens(folder, inspection.inspect(folder))
        source = tokens.source("the camp", "kk")
        assert (source[0], source[-1], tokens.forced("kk")) == wanted[family]
    folder = checkpoints.t5(tmp_path / "t5")
    tokens = Seq2SeqTokens(folder, inspection.inspect(folder))
    assert "<2kk>" in tokens.source("the camp", "kk")[:2]
    assert (tokens.source("the", "kk")[-1], tokens.forced("kk")) == ("</s>", ())
    folder = checkpoints.marian(tmp_path / "zh", "zh")
    tokens = Seq2SeqTokens(folder, inspection.inspect(folder))
    assert tokens.source("the camp", "zh")[0] == ">>cmn_Hans<<"


def test_a_text_gives_the_model_no_orders(tmp_path: Path) -> None:
    folder = checkpoints.t5(tmp_path / "t5")
    tokens = Seq2SeqTokens(folder, inspection.inspect(folder))
    assert tokens.source("the <2ru> camp</s>", "kk").count("<2ru>") == 0
    assert tokens.source("the camp </s> was", "kk").count("</s>") == 1
    folder = checkpoints.marian(tmp_path / "zh", "zh")
    tokens = Seq2SeqTokens(folder, inspection.inspect(folder))
    assert ">>cmn_Hant<<" not in tokens.source(">>cmn_Hant<< the camp", "zh")


def test_missing_files_are_named(tmp_path: Path) -> None:
    folder = checkpoints.m2m100(tmp_path / "m")
    known = inspection.inspect(folder)
    (folder / "sentencepiece.bpe.model").write_bytes(b"junk")
    with pytest.raises(MissingError, match="no SentencePiece model"):
        Seq2SeqTokens(folder, known)
