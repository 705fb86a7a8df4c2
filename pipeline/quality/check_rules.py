"""How a job tunes the checks: which are off, how grave each is, where the thresholds lie."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace

from corpora.records import Flag, Severity

# every check by name, so that a job file can be read without loading them; a test holds it to be complete
NAMES = (
    *("empty", "copied-source", "repetition", "wrong-script", "foreign-letters", "mixed-letters"),
    *("wrong-language", "untranslated", "latin-name", "length", "truncated", "omitted", "added", "number"),
    *("date", "sign", "unit", "name", "verbatim", "brackets", "quotes", "invisible", "chatter", "refusal"),
    *("negation", "meaning"),
)


@dataclass(frozen=True, slots=True)
class Limits:
    """The thresholds that a job may move.

    Attributes:
        short, very_short: z-score of the length at which a translation is a warning, an error; negative.
        long, very_long: likewise at the other end.
        copied: share of the source that may stand untranslated in a row, 0 to 1.
        meaning: likeness of source and translation, against their neighbours, below which is a warning.
    """

    short: float = -2.6
    very_short: float = -3.5
    long: float = 3.2
    very_long: float = 4.5
    copied: float = 0.6
    meaning: float = 1.0

    def faults(self) -> list[str]:
        """Return what makes these thresholds senseless, a line each."""
        found = []
        if not self.very_short <= self.short < 0:
            found.append("very_short must be at most short, and short below 0")
        if not 0 < self.long <= self.very_long:
            found.append("long must be above 0, and very_long at least long")
        if not 0 < self.copied <= 1:
            found.append("copied must be above 0 and at most 1")
        if not 0 <= self.meaning <= 1.5:
            found.append("meaning must be between 0 and 1.5")
        return found


@dataclass(frozen=True, slots=True)
class Rules:
    """What a job says of the checks.

    Attributes:
        off: names of checks that are not made.
        severity: the severity of every flag of a check, whatever the check itself says.
        limits: the thresholds.
    """

    off: frozenset[str] = frozenset()
    severity: Mapping[str, Severity] = field(default_factory=dict)
    limits: Limits = Limits()

    def as_data(self) -> dict[str, object]:
        """Return the rules as plain data, the same for equal rules."""
        return {
            "off": sorted(self.off),
            "severity": dict(sorted(self.severity.items())),
            "limits": asdict(self.limits),
        }

    def applied(self, flags: Iterable[Flag]) -> list[Flag]:
        """Return flags as the rules will have them, those of checks that are off left out."""
        return [
            replace(flag, severity=self.severity[flag.check]) if flag.check in self.severity else flag
            for flag in flags
            if flag.check not in self.off
        ]


DEFAULT = Rules()
