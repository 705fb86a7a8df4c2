"""The engine of sequence-to-sequence models: from requests to tasks, from tokens to hypotheses."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from itertools import zip_longest
from pathlib import Path

from corpora.errors import MissingError
from corpora.languages import joiner
from corpora.protocols import EngineInfo
from corpora.records import Flag, Hypothesis, Request, Span
from corpora.text import invisible_flag, nfc, visible
from models.engines.answers import answer_flags, check_request, continued, has_letters, untranslated
from models.engines.prompts import flat
from models.engines.seq2seq_batching import BATCH, Decoded, Decoder, Task, plan, task
from models.engines.seq2seq_tokens import LOST, SPACE, Seq2SeqTokens
from models.engines.splitting import split_long
from models.profile import Profile

VERSION = 3  # raised by hand when the same model gives other text
UNKNOWN = "unknown-token"
_PACKAGES = {"ctranslate2": ("ctranslate2",), "transformers": ("transformers", "torch")}


def describe(name: str, digest: str, profile: Profile) -> EngineInfo:
    """Return what a model says of itself.

    Raises:
        MissingError: what runs it is not installed.
    """
    try:
        runtime = [f"{package} {version(package)}" for package in _PACKAGES[profile.runtime]]
    except PackageNotFoundError as error:
        raise MissingError(
            f"{error.name} is needed to run {name!r}",
            fix='Install the extra: pip install "terjiman[checkpoints]"',
        ) from None
    parts = json.dumps([VERSION, digest, *runtime])
    able = {"n-best", "prefix"}
    if profile.runtime == "ctranslate2" and max(profile.beam, *profile.beams.values(), 1) == 1:
        able.add("alignment")
    return EngineInfo(
        name=name,
        digest=hashlib.sha256(parts.encode()).hexdigest(),
        targets=tuple(profile.codes),
        max_tokens=profile.max_input,
        abilities=frozenset(able),
        warning=profile.warning,
        batch_invariant=_is_invariant(profile),
        reproducible=True,
    )


def _is_invariant(profile: Profile) -> bool:
    """Return whether an answer is the same whatever else is decoded beside it.

    Whole numbers do not round, so CTranslate2's 8-bit models are, at widths that a processor sums without a
    rest (see `filler`; a test holds it, scores to the last bit);
    in float32, scores differ in the last digits (a third to a half of 66 sentences), so words can.
    """
    return profile.runtime == "ctranslate2" and profile.quantisation.startswith("int8")


def load(
    name: str, digest: str, folder: Path, profile: Profile, *, threads: int, batch: int = 0
) -> Seq2SeqEngine:
    """Load a model from its verified folder.

    Args:
        threads: see `loading.load`, as `batch`.

    Raises:
        MissingError: damaged files, or an extra is missing.
    """
    info = describe(name, digest, profile)
    tokens = Seq2SeqTokens(folder, profile)
    decoder: Decoder
    if profile.runtime == "ctranslate2":
        from models.engines.seq2seq_ctranslate2 import Translator

        decoder = Translator(folder, threads=threads)
    else:
        from models.engines.seq2seq_transformers import Checkpoint

        decoder = Checkpoint(folder, tokens, profile.family, threads=threads)
    return Seq2SeqEngine(info, profile, tokens, decoder, batch=batch)


@dataclass(slots=True)
class _Piece:
    """A text small enough for the model, on its way through it."""

    text: str
    task: Task
    answers: list[Decoded] = field(default_factory=list)


class Seq2SeqEngine:
    """Translates with an encoder-decoder model; see `corpora.protocols.Engine`. Takes no hints, no context.

    Args:
        info: what it says of itself.
        profile: how it is asked.
        tokens: its tokenizer.
        decoder: what runs it.
        batch: most hypotheses decoded together; 0 for the default.
    """

    def __init__(
        self,
        info: EngineInfo,
        profile: Profile,
        tokens: Seq2SeqTokens,
        decoder: Decoder,
        *,
        batch: int = 0,
    ) -> None:
        self._info, self._profile, self._tokens, self._decoder = info, profile, tokens, decoder
        self._batch = batch or BATCH

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
        texts = split_long(nfc(flat(request.text)), self._tokens.count, self._profile.max_input)
        return [
            _Piece(text, self._task(text, request, request.prefix if number == 0 else ""))
            for number, text in enumerate(texts)
        ]

    def _task(self, text: str, request: Request, prefix: str) -> Task:
        lang = request.lang
        beam = self._profile.beams.get(lang, self._profile.beam)
        forced = self._tokens.forced(lang)
        begun = self._tokens.prefix(nfc(prefix)) if prefix.strip() else ()
        return task(
            self._tokens.source(text, lang), (*forced, *begun), beam=beam, n_best=request.n_best,
            marks=len(forced),
        )  # fmt: skip

    def _decode(self, pieces: Sequence[_Piece]) -> None:
        batches = plan([piece.task for piece in pieces], most=self._batch)
        answers: dict[Task, list[Decoded]] = {}
        for batch, found in zip(batches, self._decoder.decode(batches), strict=True):
            answers.update(zip(batch, found, strict=True))
        for piece in pieces:
            piece.answers = answers[piece.task]

    def _assemble(self, request: Request, pieces: Sequence[_Piece]) -> list[Hypothesis]:
        if not pieces:
            return [untranslated(request)]
        told = self._unread(pieces)
        found: dict[str, Hypothesis] = {}
        for rank in zip_longest(*(piece.answers for piece in pieces)):
            chosen = [answer or piece.answers[-1] for piece, answer in zip(pieces, rank, strict=True)]
            hypothesis = self._hypothesis(request, pieces, chosen, told)
            found.setdefault(hypothesis.text, hypothesis)
        best = list(found.values())
        return sorted(best, key=lambda one: -one.score) if request.prefix else best

    def _hypothesis(
        self, request: Request, pieces: Sequence[_Piece], chosen: Sequence[Decoded], told: tuple[Flag, ...]
    ) -> Hypothesis:
        texts = [self._tokens.decode(answer.tokens).strip() for answer in chosen]
        if request.prefix:
            texts[0] = self._with_prefix(request.prefix, chosen[0])
        score = sum(answer.score * answer.length for answer in chosen)
        text, fell = visible(joiner(request.lang).join(part for part in texts if part))
        text = text.strip()
        flags = answer_flags(
            text,
            complete=[answer.complete for answer in chosen],
            empty=[not answer.tokens for answer in chosen],
            max_input=self._profile.max_input,
        )
        flags += _lost(text) + told + invisible_flag(fell, "the model's answer")
        alignment = self._alignment(request, pieces, chosen, text)
        return Hypothesis(
            text=text, score=score / sum(answer.length for answer in chosen), alignment=alignment, flags=flags
        )

    def _with_prefix(self, prefix: str, answer: Decoded) -> str:
        """Return the forced beginning as it was given, and what the model made of it."""
        rest = answer.tokens
        text = self._tokens.decode(rest)
        spaced = bool(rest) and rest[0].startswith(SPACE)
        return continued(nfc(prefix), f" {text}" if spaced and text else text)

    def _unread(self, pieces: Sequence[_Piece]) -> tuple[Flag, ...]:
        """Return the warning that the model cannot read parts of the source."""
        unknown = list(dict.fromkeys(part for piece in pieces for part in self._tokens.unknown(piece.text)))
        if not unknown:
            return ()
        shown = " ".join(part.replace(SPACE, "") or part for part in unknown[:5])
        return (Flag(UNKNOWN, "warning", f"the model cannot read parts of the source: {shown}"),)

    def _alignment(
        self, request: Request, pieces: Sequence[_Piece], chosen: Sequence[Decoded], text: str
    ) -> tuple[tuple[Span, Span], ...]:
        """Return pairs of spans by attention; none for split texts and forced beginnings."""
        if len(pieces) > 1 or request.prefix or not chosen[0].links or pieces[0].text != request.text:
            return ()
        source = self._tokens.source_spans(request.text, request.lang)
        target = self._tokens.answer_spans(chosen[0].tokens, text)
        pairs = []
        for position, link in enumerate(chosen[0].links[: len(target)]):
            here, there = source[link] if link < len(source) else None, target[position]
            if here and there:
                pairs.append((here, there))
        return tuple(pairs)


def _lost(text: str) -> tuple[Flag, ...]:
    """Return an error for each place where the model wrote tokens that are no text."""
    message = "the model wrote something that it has no letters for; it is missing here"
    return tuple(Flag(UNKNOWN, "error", message, place.span()) for place in re.finditer(f"{LOST}+", text))
