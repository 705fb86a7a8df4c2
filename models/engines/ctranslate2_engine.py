"""The engine over CTranslate2: from requests to prompts, from decoded tokens to hypotheses."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from tokenizers import Tokenizer

from corpora.errors import MissingError
from corpora.protocols import EngineInfo
from corpora.records import Hypothesis, Request
from corpora.text import nfc
from models.engines.answers import check_request, continued, has_letters
from models.engines.assembling import Said, assemble, cleaned
from models.engines.batching import Prompt, Tokens, plan, prompt
from models.engines.chat import Dialogue
from models.engines.generator import Decoded, Generator
from models.engines.prompts import Template, flat
from models.engines.script import calls_for_latin, foreign
from models.engines.splitting import split_long
from models.engines.terms import terms_of

VERSION = 4  # raised by hand when the same model and settings give other text
# decoded together; they bound memory (0.4 GB above the starter) and do not change results
_BUDGET = 16_000  # tokens
BATCH = 64  # hypotheses
# raise the version with these, since a cut answer depends on them
_SIZE_STEP = 16  # tokens of a prompt
_FORMER = (24, 1.4)  # longest second answer: so many tokens, and so many for each of the former one
_LEAST = 128  # tokens: least limit of a second answer; others are this doubled again and again


@dataclass(frozen=True, slots=True)
class Decoding:
    """How a model is asked; everything here changes its output.

    Attributes:
        beams: width of the beam search by target language; 1 is greedy.
        lengths: longest answer by target language: a number of tokens, and so many for each of the prompt.
        max_input: longest text, in tokens, put to the model in one piece.
        window: most tokens of prompt and answer that forced words are scored in.
        step: prompts of one length, rounded down to a multiple of this, are decoded together.
        floors: where terms are named or words forced, what a prompt is rounded down to, ascending; one below
            all of them keeps to `step`. Such requests are few, and a batch of two takes nearly as long as
            one of eight.
        again: as `lengths`, for the same requests: whoever makes them has an answer already, and a model that
            goes in circles goes on to the limit. Where it is missing, `lengths` holds for them too.
        bos: token before the prompt; empty for none.
        ends: tokens that end an answer.
        own_script: bar small Latin letters from answers, see `models.engines.script`.
    """

    beams: Mapping[str, int]
    lengths: Mapping[str, tuple[int, int]]
    max_input: int
    window: int = 512
    step: int = 8
    floors: tuple[int, ...] = (32, 128, 256, 384, 512)
    again: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    bos: str = "<bos>"
    ends: tuple[str, ...] = ("<eos>", "\n")
    own_script: bool = True


def digest(weights: str, template: Template | Dialogue, decoding: Decoding, runtime: str) -> str:
    """Return the sha256 of everything that changes the output: weights, prompt, decoding, versions."""
    parts = [VERSION, weights, asdict(template), asdict(decoding), runtime]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


@dataclass(slots=True)
class _Piece:
    """A text small enough for the model, on its way through it; `bare` is its prompt with nothing forced."""

    text: str
    prefix: str
    bare: Tokens
    prompt: Prompt
    answers: list[Decoded] = field(default_factory=list)


class GeneratorEngine:
    """Translates with a decoder-only model and a prompt; see `corpora.protocols.Engine`.

    Args:
        folder: the model's files with `tokenizer.json`, already verified.
        info: what it says of itself.
        template: how it is asked; the answers of a chat model (`Dialogue`) are cleaned.
        threads: batches decoded side by side; does not change results.
        batch: most hypotheses decoded together, 0 for `BATCH`; does not change results.
        compute_type: of the arithmetic, as CTranslate2 names it; changes results.
    """

    def __init__(
        self,
        folder: Path,
        info: EngineInfo,
        template: Template | Dialogue,
        decoding: Decoding,
        *,
        threads: int,
        batch: int = 0,
        compute_type: str = "int8",
    ) -> None:
        self._info, self._template, self._decoding = info, template, decoding
        self._batch = batch or BATCH
        self._tokenizer = tokenizer_of(folder)
        barred = foreign(self._tokenizer.get_vocab()) if decoding.own_script else []
        self._model = Generator(
            folder,
            filler=self._filler,
            ends=decoding.ends,
            foreign=barred,
            threads=threads,
            compute_type=compute_type,
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
            prefix = nfc(request.prefix) if number == 0 else ""
            context = request.context if number == 0 else ()
            terms = terms_of(text, request.terms, texts)
            bare = self._tokens(text, request.lang, terms, "", context)
            tokens = self._tokens(text, request.lang, terms, prefix, context) if prefix else bare
            limit = None
            if request.terms or request.prefix:
                unaided = self._tokens(text, request.lang, (), "", context)
                limit = self._limit(len(unaided), request if len(texts) == 1 else replace(request, former=""))
            pieces.append(_Piece(text, prefix, bare, self._prompt(tokens, limit, request)))
        return pieces

    def _prompt(self, tokens: Tokens, limit: int | None, request: Request) -> Prompt:
        asked = self._decoding
        floors = [floor for floor in asked.floors if floor <= len(tokens)] if limit is not None else []
        return prompt(
            tokens,
            beam=asked.beams[request.lang],
            n_best=request.n_best,
            length=asked.lengths[request.lang],
            step=asked.step,
            latin=not asked.own_script or calls_for_latin(request),
            limit=limit,
            floor=floors[-1] if floors else None,
        )

    def _limit(self, size: int, request: Request) -> int:
        """Return the longest answer to a prompt that would be of this size without hints and forced words.

        A model that goes in circles goes on to the limit, so these must not widen it, and one not much longer
        than what is left of the former answer will do. Limits are rounded up, for prompts of one limit share
        a batch.
        """
        again = self._decoding.again.get(request.lang)
        if again is None:
            fixed, each = self._decoding.lengths[request.lang]
            return fixed + each * (-(-size // _SIZE_STEP) * _SIZE_STEP)
        wanted = float(again[0] + again[1] * size)
        if request.former:
            left = self._count(nfc(request.former)) - self._count(nfc(request.prefix))
            wanted = min(wanted, _FORMER[0] + _FORMER[1] * max(0, left))
        limit = _LEAST
        while limit < wanted:
            limit *= 2
        return limit

    def _tokens(
        self,
        text: str,
        lang: str,
        terms: Sequence[tuple[str, str]],
        prefix: str,
        context: Sequence[str] = (),
    ) -> Tokens:
        whole = self._template.fill(text, lang, terms, context)
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
        tokens, end = exchange, self._encode("\n")
        while len(tokens) + len(exchange) + len(end) + 1 <= length:
            tokens = (*exchange, *end, *tokens)
        bos = self._decoding.bos or exchange[0]
        return ((bos,) * (length - len(tokens)) + tokens)[-length:]

    def _decode(self, pieces: Sequence[_Piece]) -> None:
        answers: dict[Prompt, list[Decoded]] = {}
        batches = plan([piece.prompt for piece in pieces], budget=_BUDGET, most=self._batch)
        batches.sort(key=lambda batch: -batch[0].floor)  # the longest first, so that no thread ends alone
        for batch, found in zip(batches, self._model.decode(batches), strict=True):
            answers.update(zip(batch, found, strict=True))
        for piece in pieces:
            piece.answers = answers[piece.prompt]

    def _assemble(self, request: Request, pieces: Sequence[_Piece]) -> list[Hypothesis]:
        said = [[self._said(piece, answer, request.lang) for answer in piece.answers] for piece in pieces]
        return assemble(request, said, self._decoding.max_input)

    def _said(self, piece: _Piece, answer: Decoded, lang: str) -> Said:
        text, score = self._text(answer.ids), answer.score
        if piece.prefix:
            text, score = continued(piece.prefix, text), self._forced_score(piece, answer)
        else:
            text = nfc(text).strip()
        said = Said(text, score, len(answer.ids), answer.complete)
        if isinstance(self._template, Dialogue):
            return cleaned(said, piece.text, lang, forced=bool(piece.prefix))
        return said

    def _text(self, ids: Sequence[int]) -> str:
        return str(self._tokenizer.decode(list(ids)))

    def _forced_score(self, piece: _Piece, answer: Decoded) -> float:
        """Score forced words too: those of different prefixes are compared by their scores."""
        start = _common(piece.bare, piece.prompt.tokens)
        vocabulary = self._tokenizer
        made = tuple(str(vocabulary.id_to_token(number)) for number in answer.ids)
        end = (self._decoding.ends[0],) if answer.complete else ()
        forced = piece.prompt.tokens[start:]
        if len(piece.prompt.tokens) + len(made) + len(end) > self._decoding.window:
            return answer.score  # CTranslate2 scores no text longer than the sliding window
        return self._model.score(piece.prompt.tokens[:start], (*forced, *made, *end))


def tokenizer_of(folder: Path) -> Tokenizer:
    """Return the tokenizer of a model; raise `MissingError` where it cannot be loaded."""
    try:
        return Tokenizer.from_file(str(folder / "tokenizer.json"))
    except Exception as error:  # the library raises bare Exception
        raise MissingError(f"the tokenizer cannot be loaded ({error})", place=str(folder)) from None


def _common(one: Tokens, other: Tokens) -> int:
    """Return how many tokens two prompts have in common from the start."""
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        count += 1
    return count
