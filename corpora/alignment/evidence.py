"""What can be told from the text alone: shared numbers and names, and the look of sentence ends."""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import regex
from numpy.typing import NDArray

from corpora.numbers.told import READ, told

Floats = NDArray[np.float64]

_NUMBER = regex.compile(r"\p{Nd}+(?:[.,\u066B\u066C'\u2019\u00A0\u202F]\p{Nd}+)*")
_WORD = regex.compile(
    "|".join(
        rf"\p{{Script={name}}}[\p{{Script={name}}}\p{{M}}]*"
        for name in ("Latin", "Cyrillic", "Greek", "Arabic")
    )
)
_CLOSED = regex.compile(r"[.!?…。！？؟۔:：;；؛][\p{Pe}\p{Pf}\p{Pi}\p{Po}\"\s]*$")
_LOWER = regex.compile(r"^\W*\p{Ll}")

_STEM = 5  # letters of a word that must agree; endings differ between languages
_SHORTEST = 4  # shorter words count only in capitals (AM, EU), for they agree by chance too often
_MOST_PAIRS = 2500  # a token that pairs more sentences than this tells nothing and costs much
_FULL_WEIGHT = 6.0  # a token seen once in some 400 sentences on both sides weighs 1


def _number(text: str) -> str:
    """The digits of a number in ASCII, without the marks that group them (1,234 and 1'234 are one number)."""
    digits = "".join(str(unicodedata.decimal(char)) for char in text if char.isdecimal())
    return "#" + (digits.lstrip("0") or "0")


def _plain(word: str) -> str:
    """The word without case and accents, so that Népal meets Nepal."""
    if word.isascii():
        return word.lower()
    return "".join(c for c in unicodedata.normalize("NFD", word.casefold()) if not unicodedata.combining(c))


@lru_cache(maxsize=1 << 15)
def _form(word: str) -> str:
    """The form in which a word may be shared; empty where it tells nothing."""
    if len(word) >= _SHORTEST:
        return _plain(word)[:_STEM]
    return _plain(word) if len(word) > 1 and word.isupper() else ""


def tokens(text: str, lang: str | None = None) -> Counter[str]:
    """Return the numbers and words of a sentence in the form in which a translation may share them.

    Args:
        text: the sentence, NFC.
        lang: a language whose numbers and dates can be read (`READ`); of others only the digits count.
    """
    found = Counter(map(_number, _NUMBER.findall(text))) if lang is None else told(text, lang)
    found.update(filter(None, map(_form, _WORD.findall(text))))
    return found


def _stem(term: str) -> str:
    """A term as it is sought in a sentence: folded, its last word without the letters that may inflect."""
    folded = term.casefold().strip()
    last = regex.split(r"[\s-]", folded)[-1]
    scripted = bool(_WORD.fullmatch(last))
    return folded[: -min(2, len(last) - 3)] if scripted and len(last) > 3 else folded


def _term_tokens(sentences: Sequence[str], terms: Sequence[str]) -> list[Counter[str]]:
    stems = [(f"@{k}", stem) for k, stem in enumerate(map(_stem, terms)) if stem]
    folded = [sentence.casefold() for sentence in sentences]
    return [Counter({name: 1 for name, stem in stems if stem in text}) for text in folded]


@dataclass(frozen=True, slots=True)
class Shared:
    """Tokens that stand on both sides.

    Attributes:
        source: shape (sentences,), the summed weight of each source sentence's shared tokens.
        target: the same of the target sentences.
        rows, columns, weights: the pairs of sentences that share a token, sorted by row, and the weight they
            share.
    """

    source: Floats
    target: Floats
    rows: NDArray[np.int32]
    columns: NDArray[np.int32]
    weights: Floats

    def block(self, first: int, last: int, low: int, high: int) -> Floats:
        """Return the weights shared by source sentences `first:last` and target ones `low:high`, dense."""
        dense = np.zeros((last - first, high - low))
        part = slice(*np.searchsorted(self.rows, [first, last]))
        inside = (self.columns[part] >= low) & (self.columns[part] < high)
        np.add.at(
            dense,
            (self.rows[part][inside] - first, self.columns[part][inside] - low),
            self.weights[part][inside],
        )
        return dense


def shared(
    source: Sequence[str],
    target: Sequence[str],
    anchors: Sequence[tuple[str, str]] = (),
    langs: tuple[str, str] = ("", ""),
) -> Shared:
    """Find what the two texts share: numbers, words of the same letters, and the given pairs of terms.

    Args:
        source: sentences, NFC.
        target: likewise.
        anchors: terms of the source and of the target that translate each other.
        langs: BCP-47 tags of both texts. Numbers in words, scales and dates are read if both are known.
    """
    left_lang, right_lang = _readable(langs)
    left = [tokens(text, left_lang) for text in source]
    right = [tokens(text, right_lang) for text in target]
    for side, sentences, place in ((left, source, 0), (right, target, 1)):
        for counts, terms in zip(side, _term_tokens(sentences, [a[place] for a in anchors]), strict=True):
            counts.update(terms)
    where = _postings(left)
    other = _postings(right)
    return _pairs(where, other, len(source), len(target))


def _readable(langs: tuple[str, str]) -> tuple[str, str] | tuple[None, None]:
    """The languages to read numbers in; none unless both can be, for one side alone would only disagree."""
    source, target = (tag.split("-")[0].lower() for tag in langs)
    return (source, target) if {source, target} <= READ else (None, None)


Postings = dict[str, tuple[NDArray[np.int32], Floats]]  # where a token stands, and how often there


def _postings(side: Sequence[Counter[str]]) -> Postings:
    places: dict[str, list[int]] = defaultdict(list)
    for i, counts in enumerate(side):
        for token in counts:
            places[token].append(i)
    return {
        token: (np.array(found, np.int32), np.array([side[i][token] for i in found], np.float64))
        for token, found in places.items()
    }


def _pairs(where: Postings, other: Postings, rows: int, columns: int) -> Shared:
    source, target = np.zeros(rows), np.zeros(columns)
    cells: list[tuple[NDArray[np.int32], NDArray[np.int32], Floats]] = []
    for token in sorted(where.keys() & other.keys()):
        (left, often), (right, also) = where[token], other[token]
        if len(left) * len(right) > _MOST_PAIRS:
            continue
        rarity = np.log((rows + 1) / len(left)) + np.log((columns + 1) / len(right))
        weight = min(0.5 * float(rarity) / _FULL_WEIGHT, 1.0)
        source[left] += weight * often
        target[right] += weight * also
        together = weight * np.minimum.outer(often, also).ravel()
        cells.append((np.repeat(left, len(right)), np.tile(right, len(left)), together))
    if not cells:
        nowhere = np.zeros(0, np.int32)
        return Shared(source, target, nowhere, nowhere, np.zeros(0))
    first, second, weights = (np.concatenate(part) for part in zip(*cells, strict=True))
    order = np.argsort(first, kind="stable")
    return Shared(source, target, first[order], second[order], weights[order])


def closed(sentences: Sequence[str]) -> NDArray[np.bool_]:
    """Tell, for each of the len + 1 places between sentences, whether a sentence looks finished there.

    It does not where the text before lacks a closing mark, or the text after begins with a small letter. The
    outer places always count as finished.
    """
    flags = np.ones(len(sentences) + 1, np.bool_)
    for i in range(1, len(sentences)):
        flags[i] = bool(_CLOSED.search(sentences[i - 1][-12:])) and not _LOWER.match(sentences[i])
    return flags
