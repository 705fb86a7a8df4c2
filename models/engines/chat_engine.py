"""The engine over any chat model: requests to prompts, answers to hypotheses.

What runs the model is a `Speaker`: transformers, llama.cpp, or a server of one's own.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from corpora.errors import UsageError
from corpora.protocols import EngineInfo
from corpora.records import Hypothesis, Request
from corpora.text import nfc
from models.engines.answers import check_request, has_letters
from models.engines.assembling import Said, assemble, cleaned
from models.engines.prompts import flat
from models.engines.splitting import split_long
from models.engines.terms import terms_of

VERSION = 2  # raised by hand when the same model and settings give other text


@dataclass(frozen=True, slots=True)
class Asked:
    """One piece of a text and how it is to be translated; equal ones have equal answers.

    Attributes:
        text: the piece, on one line.
        lang: target language.
        terms: hints for this piece.
        context: sentences before it.
        prefix: what the answer must begin with; NFC.
        beam: width of the search, 1 is greedy.
        n_best: how many answers are wanted.
    """

    text: str
    lang: str
    terms: tuple[tuple[str, str], ...] = ()
    context: tuple[str, ...] = ()
    prefix: str = ""
    beam: int = 1
    n_best: int = 1


class Speaker(Protocol):
    """What runs a chat model."""

    def count(self, text: str) -> int:
        """Return how many tokens a text has, or an estimate that is never much too low."""
        ...

    def answer(self, asked: Sequence[Asked]) -> list[list[Said]]:
        """Return the answers to each piece, best first; they begin with the piece's prefix."""
        ...


def digest(*parts: object) -> str:
    """Return the sha256 of everything that changes the output of a chat model: what JSON can hold."""
    text = json.dumps([VERSION, *parts], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


class ChatEngine:
    """Translates with a chat model; see `corpora.protocols.Engine`.

    Args:
        info: what it says of itself.
        speaker: what runs it.
        beams: width of the search by target language.
    """

    def __init__(self, info: EngineInfo, speaker: Speaker, beams: dict[str, int]) -> None:
        self._info, self._speaker, self._beams = info, speaker, beams

    @property
    def info(self) -> EngineInfo:
        """Return what the engine says of itself."""
        return self._info

    def translate(self, batch: Sequence[Request]) -> list[list[Hypothesis]]:
        """Return the hypotheses of each request in order, best first, at least one each.

        Raises:
            UsageError: a language the model does not write, `n_best` below 1, or words forced where it
                takes none.
            MissingError: the model cannot be asked.
        """
        for request in batch:
            check_request(self._info, request)
            if request.prefix and "prefix" not in self._info.abilities:
                raise UsageError(f"{self._info.name} cannot be made to begin with given words")
        pieces = [self._pieces(request) for request in batch]
        wanted = list(dict.fromkeys(piece for parts in pieces for piece in parts))
        answers = dict(zip(wanted, self._speaker.answer(wanted), strict=True))
        return [
            assemble(
                request,
                [
                    [
                        cleaned(said, piece.text, piece.lang, forced=bool(piece.prefix))
                        for said in answers[piece]
                    ]
                    for piece in parts
                ],
                self._info.max_tokens,
            )
            for request, parts in zip(batch, pieces, strict=True)
        ]

    def _pieces(self, request: Request) -> list[Asked]:
        if not has_letters(request.text):
            return []
        texts = split_long(flat(nfc(request.text)), self._speaker.count, self._info.max_tokens)
        able = self._info.abilities
        beam = self._beams.get(request.lang, 1)
        return [
            Asked(
                text=text,
                lang=request.lang,
                terms=terms_of(text, request.terms, texts) if "terms" in able else (),
                context=tuple(request.context) if number == 0 and "context" in able else (),
                prefix=nfc(request.prefix) if number == 0 else "",
                beam=max(beam, request.n_best) if "n-best" in able else 1,
                n_best=request.n_best if "n-best" in able else 1,
            )
            for number, text in enumerate(texts)
        ]
