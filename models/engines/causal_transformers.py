"""Chat models on transformers (the extra `checkpoints`), as their authors published them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from corpora.errors import MissingError
from corpora.text import nfc
from models.engines import chat, pretrained
from models.engines.answers import continued
from models.engines.assembling import Said
from models.engines.batching import Prompt, plan, prompt
from models.engines.causal_lengths import LENGTH
from models.engines.chat import Dialogue
from models.engines.chat_engine import Asked
from models.engines.ctranslate2_engine import tokenizer_of
from models.engines.extras import require
from models.engines.prompts import Template

_BUDGET = 4_000  # tokens decoded together
_MOST = 16  # hypotheses grown side by side
_STEP = 8


class Checkpoint:
    """A causal checkpoint in safetensors, run in float32 on a CPU and as it is stored on a GPU.

    Its tokenizer is read by the `tokenizers` library alone, its chat template by `models.engines.chat`.
    Prompts of like length are decoded together, which changes the rounding of the arithmetic: the answer to a
    text can depend on what else is asked with it. Batches follow from what is asked alone.

    Args:
        folder: the model's files.
        asker: how it is asked.
        threads: for the arithmetic.

    Raises:
        MissingError: torch or transformers is missing, or the files are damaged.
    """

    def __init__(self, folder: Path, asker: Dialogue | Template, *, threads: int) -> None:
        self._torch = torch = require("torch", "checkpoints", "to run this model")
        self._library = require("transformers", "checkpoints", "to run this model")
        torch.set_num_threads(threads)
        self._device = "cuda" if torch.cuda.is_available() else "cpu"
        self._asker, self._words = asker, tokenizer_of(folder)
        vocabulary = self._words.get_vocab()
        ends = chat.ends(folder, {number: token for token, number in vocabulary.items()})
        if not ends:
            raise MissingError("nothing says which token ends an answer", place=str(folder))
        self._ends = [vocabulary[token] for token in ends]
        model = pretrained.load(
            self._library,
            self._library.AutoModelForCausalLM,
            folder,
            dtype="auto" if self._device == "cuda" else torch.float32,
            use_safetensors=True,
            local_files_only=True,
            trust_remote_code=False,
        )
        # transformers fills what a request leaves open from here: sampling, penalties
        model.generation_config = self._library.GenerationConfig()
        self._model = model.to(self._device).eval()

    def count(self, text: str) -> int:
        """Return how many tokens a text has."""
        return len(self._words.encode(text, add_special_tokens=False).ids)

    def answer(self, asked: Sequence[Asked]) -> list[list[Said]]:
        """Return the answers to each piece, best first."""
        prompts = {piece: self._prompt(piece) for piece in asked}
        found: dict[Prompt, list[tuple[list[int], bool]]] = {}
        with self._torch.inference_mode():
            for batch in plan(list(prompts.values()), budget=_BUDGET, most=_MOST):
                found.update(zip(batch, self._batch(batch), strict=True))
            return [
                [self._said(piece, prompts[piece], ids, ended) for ids, ended in found[prompts[piece]]]
                for piece in asked
            ]

    def _prompt(self, piece: Asked) -> Prompt:
        whole = self._bare(piece) + (self._asker.answer + piece.prefix if piece.prefix else "")
        tokens = tuple(self._words.encode(whole, add_special_tokens=False).tokens)
        return prompt(tokens, beam=piece.beam, n_best=piece.n_best, length=LENGTH, step=_STEP)

    def _bare(self, piece: Asked) -> str:
        return self._asker.fill(piece.text, piece.lang, piece.terms, piece.context)

    def _batch(self, batch: Sequence[Prompt]) -> list[list[tuple[list[int], bool]]]:
        first, longest = batch[0], max(len(one.tokens) for one in batch)
        rows = [[self._words.token_to_id(token) for token in one.tokens] for one in batch]
        filler = self._ends[0]  # masked, so it is never seen
        ids = [[*[filler] * (longest - len(row)), *row] for row in rows]
        mask = [[*[0] * (longest - len(row)), *[1] * len(row)] for row in rows]
        output = self._model.generate(
            input_ids=self._tensor(ids),
            attention_mask=self._tensor(mask),
            generation_config=self._settings(first),
        )
        made = [self._ended(row) for row in output[:, longest:].tolist()]
        return [made[at : at + first.n_best] for at in range(0, len(made), first.n_best)]

    def _settings(self, first: Prompt) -> Any:
        """Return how to decode: nothing of what the checkpoint recommends (sampling) is taken over unseen."""
        return self._library.GenerationConfig(
            num_beams=first.beam,
            num_return_sequences=first.n_best,
            max_new_tokens=first.limit,
            do_sample=False,
            early_stopping=first.beam > 1,
            eos_token_id=self._ends,
            pad_token_id=self._ends[0],
        )

    def _ended(self, row: list[int]) -> tuple[list[int], bool]:
        for place, number in enumerate(row):
            if number in self._ends:
                return row[:place], True
        return row, False

    def _said(self, piece: Asked, asked: Prompt, ids: list[int], ended: bool) -> Said:
        text = self._words.decode(ids)
        text = continued(piece.prefix, text) if piece.prefix else nfc(text).strip()
        return Said(text, self._score(piece, asked, ids, ended), len(ids), ended)

    def _score(self, piece: Asked, asked: Prompt, ids: list[int], ended: bool) -> float:
        """Return the mean log-probability a token of a whole answer, forced words included.

        Scores of greedy, beam and forced answers are then of one kind. One text at a time: the logits of a
        batch with a vocabulary of 262,144 would take gigabytes.
        """
        whole = [self._words.token_to_id(token) for token in asked.tokens]
        start = len(whole)
        if piece.prefix:
            bare = self._words.encode(self._bare(piece), add_special_tokens=False).ids
            same = [left == right for left, right in zip(bare, whole, strict=False)]
            start = same.index(False) if False in same else len(same)
        whole += ids + ([self._ends[0]] if ended else [])
        kept = len(whole) - start
        if kept == 0:
            return 0.0
        logits = self._model(input_ids=self._tensor([whole]), logits_to_keep=kept + 1).logits[0, :-1].float()
        chances = logits.log_softmax(-1).gather(-1, self._tensor(whole[start:])[:, None])
        return float(chances.mean())

    def _tensor(self, rows: Any) -> Any:
        return self._torch.tensor(rows, dtype=self._torch.long, device=self._device)
