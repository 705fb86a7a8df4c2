"""What Kazakh and Uyghur share: one word of a name inflects, and its endings are strings set after a stem.

A stem has up to three shapes, because the suffix decides how the word ends before it (Kazakh кітап-та but
кітаб-ы, Uyghur بالا-م but بالى-نىڭ). An ending names the shape it wants. The endings depend on a handful of
properties of the stem only, so each language computes them once per combination.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from corpora.text import nfc
from glossary.inflection import Form, Lemma, is_plain

Shape = Literal["closed", "open", "full"]
_TAIL = re.compile(r"[^\w]*$")
_CLOSING = "»”’\"')]›"


@dataclass(frozen=True, slots=True)
class Ending:
    """A chain of suffixes as it is written, its features, and the shape of stem it wants.

    `closed` stands before a consonant, `open` before a vowel, `full` keeps a vowel that `closed` weakens.
    """

    text: str
    features: str
    shape: Shape = "closed"


@dataclass(frozen=True, slots=True)
class Stem:
    """One way to inflect a word: its shapes and its endings. Stems are offered in order of preference."""

    closed: str
    open: str
    full: str
    endings: tuple[Ending, ...]

    def words(self, *, plain: bool) -> Iterator[tuple[str, str]]:
        """Yield each form of the word with its features, or only those with plain ones."""
        shapes = {"closed": self.closed, "open": self.open, "full": self.full}
        for ending in self.endings:
            if not plain or is_plain(ending.features):
                yield shapes[ending.shape] + ending.text, ending.features


@dataclass(frozen=True, slots=True)
class Parts:
    """A lemma cut into what stays, the word that inflects, and what follows it.

    `closing` holds marks that end the word itself (a quotation mark, a bracket, an exclamation mark).
    """

    before: str
    word: str
    closing: str
    after: str


def cut(lemma: Lemma) -> Parts:
    """Return the parts of a lemma. The last word inflects unless `head` names another."""
    text = nfc(lemma.text).strip()
    spans = [match.span() for match in re.finditer(r"\S+", text)]
    if not spans:
        return Parts("", "", "", "")
    index = lemma.head if lemma.head is not None and 0 <= lemma.head < len(spans) else len(spans) - 1
    start, end = spans[index]
    token, after = text[start:end], text[end:]
    match = _TAIL.search(token)
    edge = match.start() if match else len(token)
    return Parts(text[:start], token[:edge], token[edge:], after)


def assemble(
    parts: Parts, stems: Iterable[Stem], accepted: frozenset[str], joints: str, *, plain: bool = False
) -> tuple[Form, ...]:
    """Return the forms of all stems put back into the lemma, the lemma itself first.

    Args:
        stems: in order of preference; the first form of given features is the preferred one.
        accepted: features that are recognised but never preferred.
        joints: what may stand between a closing mark and the suffix after it, the preferred one first, one
            character each, a space for nothing. The suffix may also stand inside the marks.
        plain: make only the forms with plain features.
    """
    before, after, whole = parts.before, parts.after, parts.word + parts.closing
    forms = {(before + whole + after, "nom"): Form(before + whole + after, "nom")}
    taken: set[str] = {"nom"}
    for stem in stems:
        for word, features in stem.words(plain=plain):
            for text in _placed(word, parts, joints):
                key = (before + text + after, features)
                if key not in forms:
                    forms[key] = Form(*key, features not in taken and features not in accepted)
                    taken.add(features)
    return tuple(forms.values())


def _placed(word: str, parts: Parts, joints: str) -> Iterator[str]:
    """Put the inflected word before its closing mark, or its suffix after the mark."""
    if not parts.closing:
        yield word
        return
    if word.startswith(parts.word):
        suffix = word[len(parts.word) :].lstrip("-")
        for joint in joints:
            yield parts.word + parts.closing + (joint if joint.strip() else "") + suffix
    if parts.closing[0] in _CLOSING:
        yield word + parts.closing


def spoken_number(digits: str, words: dict[int, str]) -> str:
    """Return the last word of a number read aloud, which decides the suffix: 19 nine, 40 forty.

    Args:
        digits: decimal digits.
        words: the numerals 0 to 9, the tens, 100, 1000 and 1000000.
    """
    number = int(digits)
    for size in (1_000_000, 1000, 100):
        if number and number % size == 0:
            return words[size]
    return words[number % 10 or number % 100]


def is_latin(char: str) -> bool:
    """Return whether the character is a Latin letter."""
    return char.isalpha() and (char.isascii() or "À" <= char <= "ɏ")
