"""The small protocols the rooms are handed, so that none needs to import another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from numpy import floating
from numpy.typing import NDArray

from corpora.records import Hypothesis, Request


@dataclass(frozen=True, slots=True)
class EngineInfo:
    """What an engine says of itself.

    Attributes:
        name: as given in the job (`starter`, a catalog name, `recorded:FILE`).
        digest: sha256 of everything that changes its output: weights, tokenizer, decoding, engine version.
        targets: language codes it can write; empty for any.
        max_tokens: longest input it takes in one piece.
        abilities: of `n-best`, `prefix`, `terms`, `context`, `alignment`.
        warning: what a reader of its output must be told; empty for none. Shown wherever its output is.
        batch_invariant: the output of a text does not depend on what else is in the batch.
        reproducible: the same call gives the same bytes on one machine.
        widths: by target language, how many answers it gives at the cost of one; one where none is named.
    """

    name: str
    digest: str
    targets: tuple[str, ...]
    max_tokens: int
    abilities: frozenset[str]
    warning: str = ""
    batch_invariant: bool = False
    reproducible: bool = True
    widths: Mapping[str, int] = field(default_factory=dict, hash=False)


class Engine(Protocol):
    """Translates batches. Output is a function of the batch alone."""

    @property
    def info(self) -> EngineInfo: ...

    def translate(self, batch: Sequence[Request]) -> list[list[Hypothesis]]:
        """Return, for each request in order, at least one hypothesis, best first."""
        ...


class Encoder(Protocol):
    """Embeds sentences."""

    @property
    def name(self) -> str: ...

    @property
    def digest(self) -> str: ...

    def encode(self, texts: Sequence[str]) -> NDArray[floating[Any]]:
        """Return an array of shape (len(texts), dim), float32, rows of unit length."""
        ...
