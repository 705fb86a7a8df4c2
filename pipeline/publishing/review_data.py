"""What the review page shows, one record per segment and target."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from corpora.records import Flag, Segment, Translation
from pipeline.publishing.words import SEVERITIES


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """One segment and its translation.

    Attributes:
        flags: all of them, those of the translation and those of the checks.
        reference: a human translation, empty for none.
        confidence: 0..1, None for unknown.
        waiver: who let it pass in spite of errors, and why; empty for nobody.
    """

    segment: Segment
    translation: Translation
    flags: tuple[Flag, ...]
    reference: str = ""
    confidence: float | None = None
    waiver: str = ""

    @property
    def severity(self) -> str:
        """The worst severity of its flags, `clean` for none."""
        found = {flag.severity for flag in self.flags}
        return next((severity for severity in SEVERITIES if severity in found), "clean")


@dataclass(frozen=True, slots=True)
class ReviewDocument:
    """A document in one target language.

    Attributes:
        rows: in reading order.
        scores: by metric; each an object or mapping with `score`, `ci` and `signature`, or a number.
    """

    path: str
    lang: str
    rows: tuple[ReviewRow, ...]
    scores: Mapping[str, object]
