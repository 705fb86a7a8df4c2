"""Sequence-to-sequence models on CTranslate2.

Attention is asked for in greedy decoding alone: with beams, the rows that CTranslate2 4.8.5 returns depend on
what else is in the batch, though words and scores do not (measured: 11 of 192 answers of tiny models).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import ctranslate2

from corpora.errors import MissingError
from models.engines.batching import Tokens
from models.engines.seq2seq_batching import Decoded, Task, filler
from models.engines.seq2seq_tokens import EOS


class Translator:
    """A CTranslate2 encoder-decoder model.

    Args:
        folder: the model's files.
        threads: batches decoded side by side, one a thread: faster than several threads for one batch.
    """

    def __init__(self, folder: Path, *, threads: int) -> None:
        try:
            self._model = ctranslate2.Translator(
                str(folder), device="cpu", inter_threads=threads, intra_threads=1
            )
        except (RuntimeError, ValueError) as error:
            raise MissingError(f"the model cannot be loaded ({error})", place=str(folder)) from None

    def decode(self, batches: Sequence[Sequence[Task]]) -> list[list[list[Decoded]]]:
        """Return the answers, best first, to each task of each batch."""
        running = [self._start(batch) for batch in batches]
        return [
            [self._answers(task, one.result()) for task, one in zip(batch, results, strict=True)]
            for batch, results in zip(batches, running, strict=True)
        ]

    def _start(self, batch: Sequence[Task]) -> list[ctranslate2.AsyncTranslationResult]:
        first, more = batch[0], filler(batch)
        rows = [*batch, more] if more else batch
        results: list[ctranslate2.AsyncTranslationResult] = self._model.translate_batch(
            [list(one.source) for one in rows],
            target_prefix=[list(one.forced) for one in rows] if first.forced else None,
            beam_size=first.beam,
            num_hypotheses=first.n_best,
            max_decoding_length=len(first.forced) + first.limit,  # it counts the forced ones too
            max_input_length=0,
            return_end_token=True,
            return_scores=True,
            return_attention=first.beam == 1,
            asynchronous=True,
        )
        return results[: len(batch)]

    def _answers(self, task: Task, result: ctranslate2.TranslationResult) -> list[Decoded]:
        answers = []
        head = len(task.forced)
        looks = result.attention or [[] for _ in result.hypotheses]
        for tokens, score, attention in zip(result.hypotheses, result.scores, looks, strict=True):
            complete = bool(tokens) and tokens[-1] == EOS
            made = tuple(tokens[head:-1] if complete else tokens[head:])
            links = tuple(max(range(len(row)), key=row.__getitem__) for row in attention[head:])
            length = max(len(made) + complete, 1)
            score = score * (head + length) / length  # the mean is over the forced tokens too, which score 0
            if len(task.forced) > task.marks:
                score, length = self._score(task, (*made, EOS) if complete else made)
            answers.append(Decoded(made, float(score), length, complete, links[: len(made)]))
        return answers

    def _score(self, task: Task, made: Tokens) -> tuple[float, int]:
        """Score forced words too: those of different prefixes are compared by their scores."""
        answer = [*task.forced, *made]
        ended = answer[-1] == EOS
        [result] = self._model.score_batch([list(task.source)], [answer[:-1] if ended else answer])
        chances = result.log_probs[task.marks : None if ended else -1]
        return sum(chances) / len(chances), len(chances)
