"""Sequence-to-sequence checkpoints on transformers (the extra `checkpoints`), as they lie."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from corpora.errors import MissingError
from models.engines import pretrained
from models.engines.batching import Tokens
from models.engines.extras import require
from models.engines.seq2seq_batching import Decoded, Task
from models.engines.seq2seq_tokens import EOS, Seq2SeqTokens
from models.engines.seq2seq_vocabulary import read_json

_MODELS = {
    "marian": "MarianMTModel",
    "m2m100": "M2M100ForConditionalGeneration",
    "small100": "M2M100ForConditionalGeneration",
    "nllb": "M2M100ForConditionalGeneration",
    "t5": "AutoModelForSeq2SeqLM",
}


class Checkpoint:
    """A checkpoint in safetensors, run in float32 on a CPU and as it is stored on a GPU.

    Args:
        folder: the model's files.
        tokens: its tokenizer.
        family: which architecture.
        threads: for the arithmetic.

    Raises:
        MissingError: torch or transformers is missing, or the files are damaged.
    """

    def __init__(self, folder: Path, tokens: Seq2SeqTokens, family: str, *, threads: int) -> None:
        self._torch = torch = require("torch", "checkpoints", "to run this model")
        self._library = require("transformers", "checkpoints", "to run this model")
        torch.set_num_threads(threads)
        self._device = "cuda" if torch.cuda.is_available() else "cpu"
        kind = "auto" if self._device == "cuda" else torch.float32
        model = pretrained.load(
            self._library,
            getattr(self._library, _MODELS[family]),
            folder,
            dtype=kind,
            use_safetensors=True,
            local_files_only=True,
            trust_remote_code=False,
        )
        self._model = model.to(self._device).eval()
        # what a checkpoint recommends would fill every gap of `_settings`: a forced end hides a cut answer
        self._model.generation_config = self._library.GenerationConfig()
        self._tokens, self._family = tokens, family
        self._start = _start_token(folder, tokens)
        self._eos = tokens.ids[EOS]
        self._pad = tokens.ids.get("<pad>", self._start)

    def decode(self, batches: Sequence[Sequence[Task]]) -> list[list[list[Decoded]]]:
        """Return the answers, best first, to each task of each batch."""
        with self._torch.inference_mode():
            return [self._batch(batch) for batch in batches]

    def _batch(self, batch: Sequence[Task]) -> list[list[Decoded]]:
        first = batch[0]
        source, mask = self._padded([one.source for one in batch])
        begun = self._tensor([[self._start, *self._numbers(one.forced)] for one in batch])
        output = self._model.generate(
            input_ids=source,
            attention_mask=mask,
            decoder_input_ids=begun,
            generation_config=self._settings(first),
        )
        rows = output[:, begun.shape[1] :].tolist()
        answers = [self._ended(row) for row in rows]
        repeated = [one for one in batch for _ in range(first.n_best)]
        scores = self._scores(source, mask, repeated, answers, first.n_best)
        made = [
            Decoded(tuple(self._tokens.tokens[one] for one in ids), score, max(length, 1), complete)
            for (ids, complete), (score, length) in zip(answers, scores, strict=True)
        ]
        return [made[at : at + first.n_best] for at in range(0, len(made), first.n_best)]

    def _settings(self, first: Task) -> Any:
        """Return how to decode: nothing of what the checkpoint recommends is taken over unseen."""
        return self._library.GenerationConfig(
            num_beams=first.beam,
            num_return_sequences=first.n_best,
            max_new_tokens=first.limit,
            do_sample=False,
            early_stopping=first.beam > 1,
            decoder_start_token_id=self._start,
            eos_token_id=self._eos,
            pad_token_id=self._pad,
            # Marian's padding is no word of its vocabulary, though it has a number there
            suppress_tokens=[self._pad] if self._family == "marian" else None,
        )

    def _ended(self, row: list[int]) -> tuple[list[int], bool]:
        if self._eos in row:
            return row[: row.index(self._eos)], True
        return row, False

    def _scores(
        self,
        source: Any,
        mask: Any,
        tasks: Sequence[Task],
        answers: Sequence[tuple[list[int], bool]],
        n_best: int,
    ) -> list[tuple[float, int]]:
        """Return mean log-probability and length of each answer, the forced words included."""
        torch = self._torch
        labels = [
            [*self._numbers(one.forced), *ids, *([self._eos] if complete else [])]
            for one, (ids, complete) in zip(tasks, answers, strict=True)
        ]
        longest = max(map(len, labels))
        padded = self._tensor([[*row, *[self._pad] * (longest - len(row))] for row in labels])
        starts = torch.full((len(labels), 1), self._start, device=self._device)
        logits = self._model(
            input_ids=source.repeat_interleave(n_best, 0),
            attention_mask=mask.repeat_interleave(n_best, 0),
            decoder_input_ids=torch.cat([starts, padded[:, :-1]], 1),
        ).logits.float()
        if self._family == "marian":
            logits[..., self._pad] = -torch.inf
        chances = logits.log_softmax(-1).gather(-1, padded[..., None])[..., 0].tolist()
        found = []
        for one, row, chance in zip(tasks, labels, chances, strict=True):
            counted = chance[one.marks : len(row)]
            found.append((sum(counted) / max(len(counted), 1), len(counted)))
        return found

    def _padded(self, rows: Sequence[Tokens]) -> tuple[Any, Any]:
        longest = max(map(len, rows))
        numbers = [self._numbers(row) for row in rows]
        ids = [[*row, *[self._pad] * (longest - len(row))] for row in numbers]
        mask = [[*[1] * len(row), *[0] * (longest - len(row))] for row in numbers]
        return self._tensor(ids), self._tensor(mask)

    def _numbers(self, tokens: Tokens) -> list[int]:
        return [self._tokens.ids[token] for token in tokens]

    def _tensor(self, rows: list[list[int]]) -> Any:
        return self._torch.tensor(rows, dtype=self._torch.long, device=self._device)


def _start_token(folder: Path, tokens: Seq2SeqTokens) -> int:
    """Return the number of the token that decoding starts with."""
    for name in ("generation_config.json", "config.json"):
        number = read_json(folder / name).get("decoder_start_token_id")
        if isinstance(number, int) and 0 <= number < len(tokens.tokens):
            return number
    raise MissingError("decoder_start_token_id is missing", place=str(folder / "config.json"))
