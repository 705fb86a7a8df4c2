"""What every check is given: a segment and its translation."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from corpora.records import Flag, Span
from pipeline.quality.check_rules import DEFAULT, Limits

_WORD = re.compile(r"[^\W\d_]+(?:['’ʼ\u200c-][^\W\d_]+)*")
_SCRIPT_RUN = re.compile(r"[A-Za-z\u00c0-\u024f]+|[^\W\d_A-Za-z\u00c0-\u024f]+")
_ADDRESS = re.compile(r"(?<!\S)\S*(?:@|://|www\.|\.(?:com|org|net|kz|ru|cn|gov|edu|io)\b)\S*", re.IGNORECASE)


@dataclass(frozen=True)
class Pair:
    """A source segment, its translation and their languages (codes of `corpora.languages`), all NFC.

    Attributes:
        judged: where terms of the glossary stand in the source, in order: the verifier judges these.
    """

    source: str
    target: str
    lang: str
    source_lang: str = "en"
    limits: Limits = DEFAULT.limits
    judged: tuple[Span, ...] = ()

    @cached_property
    def scripts(self) -> Counter[str]:
        """The target's letters by script, without Latin names and terms that the source has too."""
        kept = set(_SCRIPT_RUN.findall(self.source))
        runs = _SCRIPT_RUN.findall(without_addresses(self.target))
        letters = Counter("".join(run for run in runs if not (run in kept and run[:1].isupper())))
        counts: Counter[str] = Counter()
        for letter, count in letters.items():
            if letter.isalpha():
                counts[script(letter)] += count
        return counts

    @cached_property
    def source_words(self) -> list[re.Match[str]]:
        """The words of the source, in order."""
        return list(_WORD.finditer(self.source))

    @cached_property
    def target_words(self) -> list[re.Match[str]]:
        """The words of the target, in order (a run of Chinese characters is one)."""
        return list(_WORD.finditer(self.target))


Check = Callable[[Pair], Iterator[Flag]]


def without_addresses(text: str) -> str:
    """Blank out web and e-mail addresses and handles; the length stays."""
    return _ADDRESS.sub(lambda match: " " * len(match[0]), text)


@lru_cache(maxsize=1 << 14)
def script(letter: str) -> str:
    """Return `Latn`, `Cyrl`, `Arab`, `Hani`, `Kana`, `Hang` or `Zyyy` for one character, by Unicode block."""
    code = ord(letter)
    if not letter.isalpha():
        return "Zyyy"
    for name, ranges in _SCRIPTS:
        if any(low <= code <= high for low, high in ranges):
            return name
    return "Othr"


_SCRIPTS: tuple[tuple[str, tuple[tuple[int, int], ...]], ...] = (
    ("Latn", ((0x41, 0x5A), (0x61, 0x7A), (0xAA, 0xAA), (0xBA, 0xBA), (0xC0, 0x24F), (0x1E00, 0x1EFF))),
    ("Latn", ((0xFF21, 0xFF5A),)),
    ("Cyrl", ((0x400, 0x52F), (0x1C80, 0x1C8F), (0x2DE0, 0x2DFF), (0xA640, 0xA69F))),
    ("Arab", ((0x600, 0x6FF), (0x750, 0x77F), (0x8A0, 0x8FF), (0xFB50, 0xFDFF), (0xFE70, 0xFEFF))),
    ("Hani", ((0x2E80, 0x2FDF), (0x3005, 0x3007), (0x3400, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x323AF))),
    ("Kana", ((0x3040, 0x30FF), (0x31F0, 0x31FF), (0xFF66, 0xFF9F))),
    ("Hang", ((0x1100, 0x11FF), (0x3130, 0x318F), (0xAC00, 0xD7AF))),
)
