"""Bringing a translation and a reference that are cut differently into pairs that can be scored.

The sentences of both are aligned; every bead becomes a pair. What one side lacks stays in, beside nothing, so
that text left out or added costs what it should.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from corpora.alignment import align
from corpora.languages import joiner
from corpora.protocols import Encoder
from corpora.segments import split
from corpora.text import join_sentences

_GRAM = 3  # characters
_FEW = 10  # lines below which nothing is concluded
_AROUND = 3


@dataclass(frozen=True, slots=True)
class Lined:
    """Pairs of hypothesis and reference, and how they came about.

    Attributes:
        hypotheses, references: as many of each; a side may be empty.
        only_hypothesis, only_reference: pairs whose other side is empty.
        lines: how many lines either text had.
    """

    hypotheses: tuple[str, ...]
    references: tuple[str, ...]
    only_hypothesis: int
    only_reference: int
    lines: tuple[int, int]

    @property
    def account(self) -> str:
        """What was done, in one line."""
        text = (
            f"the texts do not line up ({self.lines[0]} and {self.lines[1]} lines): aligned first, "
            f"{len(self.hypotheses)} pairs"
        )
        if self.only_hypothesis or self.only_reference:
            text += (
                f"; {self.only_reference} parts of the reference and {self.only_hypothesis} of the "
                "translation have no counterpart and are scored against nothing"
            )
        return text


def line_up(hypotheses: Sequence[str], references: Sequence[str], lang: str, encoder: Encoder) -> Lined:
    """Align two texts of one language, sentence by sentence, and return the beads as pairs."""
    one, other = _sentences(hypotheses, lang), _sentences(references, lang)
    beads = align(
        [text for _, text in one],
        [text for _, text in other],
        encoder,
        source_lang=lang,
        target_lang=lang,
        source_paragraphs=[line for line, _ in one],
        target_paragraphs=[line for line, _ in other],
    )
    pairs = [
        (
            join_sentences([one[int(index)][1] for index in bead.source], lang),
            join_sentences([other[int(index)][1] for index in bead.target], lang),
        )
        for bead in beads
    ]
    return Lined(
        tuple(hypothesis for hypothesis, _ in pairs),
        tuple(reference for _, reference in pairs),
        sum(not reference for _, reference in pairs),
        sum(not hypothesis for hypothesis, _ in pairs),
        (len(hypotheses), len(references)),
    )


def _sentences(lines: Sequence[str], lang: str) -> list[tuple[int, str]]:
    return [
        (number, line[start:end]) for number, line in enumerate(lines) for start, end in split(line, lang)
    ]


def seem_shifted(hypotheses: Sequence[str], references: Sequence[str], lang: str) -> bool:
    """Tell whether lines of equal number are likelier to belong to a neighbouring line than to their own.

    Judged by shared groups of three characters; where most lines share little with any, nothing is said.
    """
    if len(hypotheses) < _FEW:
        return False
    grams = [_grams(text, lang) for text in references]
    own = astray = 0
    for i, hypothesis in enumerate(hypotheses):
        mine = _grams(hypothesis, lang)
        near = range(max(0, i - _AROUND), min(len(grams), i + _AROUND + 1))
        likeness = {j: _overlap(mine, grams[j]) for j in near}
        best = max(likeness, key=lambda j: (likeness[j], j == i))
        if likeness[best] > 0.15:
            own += best == i
            astray += best != i
    return astray > own and astray >= len(hypotheses) // 3


def _grams(text: str, lang: str) -> frozenset[str]:
    size = _GRAM if joiner(lang) else 2
    return frozenset(text[i : i + size] for i in range(len(text) - size + 1))


def _overlap(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / max(1, min(len(one), len(other)))
