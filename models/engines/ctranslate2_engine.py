"""The engine over CTranslate2: from requests to prompts, from decoded tokens to hypotheses."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import zip_longest
from pathlib import Path

from tokenizers import Tokenizer

from corpora.errors import MissingError
from corpora.languages import language
from corpora.protocols import EngineInfo
from corpora.records import Hypothesis, Request
from corpora.text import invisible_flag, nfc, visible
from models.engines.answers import answer_flags, check_request, continued, has_letters, untranslated
from models.engines.batching import Prompt, Tokens, plan, prompt
from models.engines.generator import Decoded, Generator
from models.engines.prompts import Template, flat
from models.engines.script import calls_for_latin, foreign
from models.engines.splitting import split_long

VERSION = 2  # raised by hand when the same model and settings give other text
# decoded together; they bound memory (0.4 GB above the starter) and do not change results
_BUDGET = 16_000  # tokens
_MOST = 64  # hypotheses


@dataclass(frozen=True, slots=True)
class Decoding:
    """How a model is asked; everything here changes its output.

    Attributes:
        beams: width of the beam search by target language; 1 is greedy.
        lengths: longest answer by target language: a number of tokens, and so many for each of the prompt.
        max_input: longest text, in tokens, put to the model in one piece.
        window: most tokens of prompt and answer that forced words are scored in.
        step: prompts of one length, rounded down to a multiple of this, are decoded together.
        bos: token before the prompt; empty for none.
        ends: tokens that end an answer.
        own_script: bar small Latin letters from answers, see `models.engines.script`.
    """

    beams: Mapping[str, int]
    lengths: Mapping[str, tuple[int, int]]
    max_input: int
    window: int = 512
    step: int = 8
    bos: str = "<bos>"
    ends: tuple[str, ...] = ("<eos>", "\n")
    own_script: bool = True


def digest(weights: str, template: Template, decoding: Decoding, runtime: str) -> str:
    """Return the sha256 of everything that changes the output: weights, prompt, decoding, versions."""
    parts = [VERSION, weights, asdict(template), asdict(decoding), runtime]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def default_threads() -> int:
    """Return the number of cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@dataclass(slots=True)
class _Piece:
    """A text small enough for the model, on its way through it."""

    prompt: Prompt
    answers: list[Decoded] = field(default_factory=list)


class GeneratorEngine:
    """Translates with a decoder-only model and a prompt; see `corpora.protocols.Engine`.

    Args:
        folder: the model's files with `tokenizer.json`, already verified.
        info: what it says of itself.
        threads: for the arithmetic; does not change results.
    """

    def __init__(
        self, folder: Path, info: EngineInfo, template: Template, decoding: Decoding, *, threads: int
    ) -> None:
        self._info, self._template, self._decoding = info, template, decoding
        try:
            self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        except Exception as error:  # the library raises bare Exception
            raise MissingError(f"the tokenizer cannot be loaded ({error})", place=str(folder)) from None
        barred = foreign(self._tokenizer.get_vocab()) if decoding.own_script else []
        self._model = Generator(
            folder, filler=self._filler, ends=decoding.ends, foreign=barred, threads=threads
        )

    @property
    def info(self) -> EngineInfo:
        """Return what the engine says of itself."""
        return self._info

    def translate(self, batch: Sequence[Request]) -> list[list[Hypothesis]]:
        """Return the hypotheses of each request in order, best first, at least one each.

        Raises:
            UsageError: a language the model does not write, or `n_best` below 1.
        """
        for request in batch:
            check_request(self._info, request)
        pieces = [self._pieces(request) for request in batch]
        self._decode([piece for parts in pieces for piece in parts])
        return [self._assemble(request, parts) for request, parts in zip(batch, pieces, strict=True)]

    def _pieces(self, request: Request) -> list[_Piece]:
        if not has_letters(request.text):
            return []
        texts = split_long(flat(request.text), self._count, self._decoding.max_input)
        pieces = []
        for number, text in enumerate(texts):
            prefix = request.prefix if number == 0 else ""
            terms = _terms_of(text, request.terms, texts)
            tokens = self._tokens(text, request.lang, terms, prefix)
            pieces.append(_Piece(self._prompt(tokens, request)))
        return pieces

    def _prompt(self, tokens: Tokens, request: Request) -> Prompt:
        asked = self._decoding
        return prompt(
            tokens,
            beam=asked.beams[request.lang],
            n_best=request.n_best,
            length=asked.lengths[request.lang],
            step=asked.step,
            latin=not asked.own_script or calls_for_latin(request),
        )

    def _tokens(self, text: str, lang: str, terms: Sequence[tuple[str, str]], prefix: str) -> Tokens:
        whole = self._template.fill(text, lang, terms)
        if prefix:
            whole += self._template.answer + nfc(prefix)
        return self._with_bos(self._encode(whole))

    def _with_bos(self, tokens: Tokens) -> Tokens:
        return (self._decoding.bos, *tokens) if self._decoding.bos else tokens

    def _encode(self, text: str) -> Tokens:
        return tuple(self._tokenizer.encode(text, add_special_tokens=False).tokens)

    def _count(self, text: str) -> int:
        return len(self._encode(text))

    def _filler(self, length: int) -> Tokens:
        """Return a prompt of exactly `length` tokens: one short exchange over and over, ready to end."""
        text, lang, translation = self._template.filler
        exchange = self._encode(self._template.fill(text, lang) + self._template.answer + translation)
        tokens = exchange
        while len(tokens) + len(exchange) + 2 <= length:
            tokens = (*exchange, "\n", *tokens)
        bos = self._decoding.bos or exchange[0]
        return ((bos,) * (length - len(tokens)) + tokens)[-length:]

    def _decode(self, pieces: Sequence[_Piece]) -> None:
        answers: dict[Prompt, list[Decoded]] = {}
        batches = plan([piece.prompt for piece in pieces], budget=_BUDGET, most=_MOST)
        batches.sort(key=lambda batch: -batch[0].floor)  # the longest first, so that no thread ends alone
        for batch, found in zip(batches, self._model.decode(batches), strict=True):
            answers.update(zip(batch, found, strict=True))
        for piece in pieces:
            piece.answers = answers[piece.prompt]

    def _assemble(self, request: Request, pieces: Sequence[_Piece]) -> list[Hypothesis]:
        if not pieces:
            return [untranslated(request)]
        glue = " " if language(request.lang).spaced else ""
        found: dict[str, Hypothesis] = {}
        for rank in zip_longest(*(piece.answers for piece in pieces)):
            chosen = [answer or piece.answers[-1] for piece, answer in zip(pieces, rank, strict=True)]
            hypothesis = self._hypothesis(request, pieces, chosen, glue)
            found.setdefault(hypothesis.text, hypothesis)
        best = list(found.values())
        return sorted(best, key=lambda one: -one.score) if request.prefix else best

    def _hypothesis(
        self, request: Request, pieces: Sequence[_Piece], chosen: Sequence[Decoded], glue: str
    ) -> Hypothesis:
        texts = [self._text(answer.ids) for answer in chosen]
        scores = [answer.score for answer in chosen]
        if request.prefix:
            texts[0] = continued(nfc(request.prefix), self._tokenizer.decode(list(chosen[0].ids)))
            scores[0] = self._forced_score(request, pieces[0], chosen[0])
        weights = [len(answer.ids) + 1 for answer in chosen]
        score = sum(one * weight for one, weight in zip(scores, weights, strict=True)) / sum(weights)
        text, fell = visible(glue.join(part for part in texts if part))
        text = text.strip()
        flags = answer_flags(
            text,
            complete=[answer.complete for answer in chosen],
            empty=[not answer.ids for answer in chosen],
            max_input=self._decoding.max_input,
        )
        return Hypothesis(text=text, score=score, flags=flags + invisible_flag(fell, "the model's answer"))

    def _text(self, ids: Sequence[int]) -> str:
        return nfc(self._tokenizer.decode(list(ids))).strip()

    def _forced_score(self, request: Request, piece: _Piece, answer: Decoded) -> float:
        """Score forced words too: those of different prefixes are compared by their scores."""
        without = self._tokens(request.text, request.lang, request.terms, "")
        start = _common(without, piece.prompt.tokens)
        vocabulary = self._tokenizer
        made = tuple(str(vocabulary.id_to_token(number)) for number in answer.ids)
        end = (self._decoding.ends[0],) if answer.complete else ()
        forced = piece.prompt.tokens[start:]
        if len(piece.prompt.tokens) + len(made) + len(end) > self._decoding.window:
            return answer.score  # CTranslate2 scores no text longer than the sliding window
        return self._model.score(piece.prompt.tokens[:start], (*forced, *made, *end))


def _common(one: Tokens, other: Tokens) -> int:
    """Return how many tokens two prompts have in common from the start."""
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        count += 1
    return count


def _terms_of(
    text: str, terms: Sequence[tuple[str, str]], texts: Sequence[str]
) -> tuple[tuple[str, str], ...]:
    """Return the hints that belong to a piece: its own, and those that belong to none."""
    if len(texts) == 1:
        return tuple(terms)
    folded = [piece.casefold() for piece in texts]
    return tuple(
        (source, target)
        for source, target in terms
        if source.casefold() in text.casefold() or not any(source.casefold() in piece for piece in folded)
    )
