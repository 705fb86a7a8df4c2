"""Decoder-only models on CTranslate2.

CTranslate2 reads the prompts of a batch together up to the length of the shortest, and the rest token by
token. The two ways round differently, so the output of a text would depend on the shortest prompt beside it
(measured: 13 of 60 sentences). Everything else is computed row by row. So every batch here holds prompts of
one floor and a filler of exactly that length: the output of a prompt then depends on the prompt alone
(0 of 60; a test holds it). The filler costs a few per cent. `min_length` is left alone: with beam search it
would make the output depend on the batch again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import ctranslate2

from corpora.errors import MissingError
from models.engines.batching import Prompt, Tokens


@dataclass(frozen=True, slots=True)
class Decoded:
    """A raw hypothesis: ids without the end mark, mean log-probability a token, whether it ended."""

    ids: tuple[int, ...]
    score: float
    complete: bool


class Generator:
    """A CTranslate2 decoder-only model; its output for a prompt depends on that prompt alone.

    Args:
        folder: the model's files.
        filler: returns a prompt of exactly the given number of tokens that the model soon ends.
        ends: tokens that end a translation.
        foreign: tokens that an answer may not hold unless its prompt allows Latin letters.
        threads: for the arithmetic.
        compute_type: of the arithmetic.
    """

    def __init__(
        self,
        folder: Path,
        *,
        filler: Callable[[int], Tokens],
        ends: Sequence[str],
        foreign: Sequence[str] = (),
        threads: int,
        compute_type: str = "int8",
    ) -> None:
        try:
            self._model = ctranslate2.Generator(
                str(folder), device="cpu", compute_type=compute_type, inter_threads=threads, intra_threads=1
            )
        except (RuntimeError, ValueError) as error:
            raise MissingError(f"the model cannot be loaded ({error})", place=str(folder)) from None
        self._filler, self._ends = filler, list(ends)
        self._foreign = [[token] for token in foreign]

    def decode(self, batches: Sequence[Sequence[Prompt]]) -> list[list[list[Decoded]]]:
        """Return the hypotheses, best first, of batches of prompts that share all but their tokens.

        Batches are decoded side by side, one a thread: a model this small gains nothing from several threads
        for one batch (measured: 16.4 s with one, 15.7 s with two).
        """
        running = [self._start(batch) for batch in batches]
        return [[self._hypotheses(one.result()) for one in results[:-1]] for results in running]

    def _start(self, batch: Sequence[Prompt]) -> list[ctranslate2.AsyncGenerationResult]:
        first = batch[0]
        results: list[ctranslate2.AsyncGenerationResult] = self._model.generate_batch(
            [*(list(one.tokens) for one in batch), list(self._filler(first.floor))],
            beam_size=first.beam,
            num_hypotheses=first.n_best,
            max_length=first.limit,
            include_prompt_in_result=False,
            end_token=self._ends,
            return_end_token=True,
            return_scores=True,
            suppress_sequences=None if first.latin else self._foreign,
            asynchronous=True,
        )
        return results

    def _hypotheses(self, result: ctranslate2.GenerationResult) -> list[Decoded]:
        answers = []
        for tokens, ids, score in zip(result.sequences, result.sequences_ids, result.scores, strict=True):
            complete = bool(tokens) and tokens[-1] in self._ends
            answers.append(Decoded(tuple(ids[:-1] if complete else ids), score, complete))
        return answers

    def score(self, prompt: Tokens, answer: Tokens) -> float:
        """Return the mean log-probability a token of an answer, however it came about."""
        result = self._model.score_batch([[*prompt, *answer]])[0]
        return float(sum(result.log_probs[-len(answer) :]) / len(answer))
