"""Judge which words of a translation stand for a word of its source, where sound cannot tell.

Two witnesses: a sentence encoder that knows both languages, and the words that go together in the texts at
hand (IBM Model 1, Brown et al. 1993). Either may be missing.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy import floating
from numpy.typing import NDArray

from corpora.protocols import Encoder
from glossary.chinese_script import SIMPLIFIED, converted
from glossary.enforcement.russian import is_noun, is_verb
from glossary.enforcement.state import Case
from glossary.matching import Match

_WORD = re.compile(r"\w+")
_ROUNDS = 6
_MOST_PAIRS = 2000
_LEAST_PAIRS = 50  # below this many sentences, what goes together is chance
_STEM = {"ru": 5, "kk": 5, "ug": 5, "en": 6}
_ALONE = 0.2  # what a word of a phrase costs that has nothing to do with the term
_OTHER_KIND = 0.1  # what a noun costs where a verb is sought
_TABLE_WEIGHT = 0.2
_LEAST_MARGIN = 0.04  # how far the best phrase must stand out from the average one
_LEAST_PROBABILITY = 0.25
_LEAST_MARGIN_ZH = 0.08  # more where any run of characters may be cut out
_KEPT = 4

Vector = NDArray[floating[Any]]


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


_FUNCTION_WORDS = {
    "ru": _set(
        """и в во на с со по для от до из к ко о об у за при под над не ни что как это или а но
        же бы ли его ее её их если все всё так также тоже может можно быть был была было были
        чтобы который которая которое которые которых которого которой этот эта эти этого этой
        этом этих тот та те того вы вам вас ваш ваша ваши мы он она они оно я где когда только
        уже ещё еще более"""
    ),
    "kk": _set(
        """және мен пен бен да де та те үшін бұл сол осы ол олар оның оған біз сіз сіздің бар
        жоқ емес немесе туралы бойынша арқылы кейін дейін бір деп еді болды болып болған"""
    ),
    "ug": _set(
        """ۋە بىلەن ئۈچۈن بۇ شۇ ئۇ ئۇلار ئۇنىڭ بىز سىز بار يوق ئەمەس ياكى كېيىن بىر دەپ
        ئىدى بولدى بولغان"""
    ),
    "zh": _set(
        """的 了 是 在 和 与 及 或 也 都 就 不 这 那 他 她 它 我 你 们 有 为 以 对 中 上 下 从
        到 被 把 将 并 而"""
    ),
}


class WordTable:
    """Which words of two texts go together: probabilities of a target stem given a source word.

    `telling` says whether the texts were long enough for that.
    """

    def __init__(self, pairs: Sequence[tuple[str, str]], lang: str) -> None:
        self._lang = lang
        sides = [(_stems(source, "en"), _stems(target, lang)) for source, target in pairs[:_MOST_PAIRS]]
        self._table = _train([(left, right) for left, right in sides if left and right])
        self.telling = len(sides) >= _LEAST_PAIRS

    def likelihood(self, source: str, phrase: str) -> float:
        """Return how well a phrase fits some words of the source, below 0 where it does not."""
        left, right = _stems(source, "en"), _stems(phrase, self._lang)
        if not left or not right:
            return 0.0
        rows = [self._table.get(word, {}) for word in left]
        value = sum(max(row.get(stem, 0.0) for stem in right) for row in rows)
        alone = sum(max(row.get(stem, 0.0) for row in rows) < 1e-3 for stem in right)
        return (value - _ALONE * alone) / len(left)


def _stems(text: str, lang: str) -> list[str]:
    if lang == "zh":
        return re.findall(r"[\u3400-\u9fff]|\w+", text.lower())
    return [word[: _STEM[lang]] for word in _WORD.findall(text.lower())]


def _train(pairs: Sequence[tuple[list[str], list[str]]]) -> dict[str, dict[str, float]]:
    table: dict[str, dict[str, float]] = {}
    for _ in range(_ROUNDS):
        counts: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
        totals: dict[str, float] = defaultdict(float)
        for left, right in pairs:
            words = [*left, ""]
            for stem in right:
                shares = [table[word].get(stem, 0.0) if table else 1.0 for word in words]
                whole = sum(shares) or 1.0
                for word, share in zip(words, shares, strict=True):
                    counts[word][stem] += share / whole
                    totals[word] += share / whole
        table = {
            word: {stem: count / totals[word] for stem, count in row.items()} for word, row in counts.items()
        }
    return table


class Meaning:
    """Scores phrases of a target text by what they mean. Vectors are kept for the life of the object."""

    def __init__(self, lang: str, encoder: Encoder | None, table: WordTable | None) -> None:
        self._lang, self._encoder, self._table = lang, encoder, table
        self._vectors: dict[str, Vector] = {}

    def scores(self, case: Case, match: Match, phrases: Sequence[str]) -> list[float]:
        """Return a score for each phrase: near 1 for the likeliest few, 0 for the rest."""
        lemma = match.term.lemmas(self._lang, match.surface)[0].text
        fit = [index for index, phrase in enumerate(phrases) if self._admissible(phrase)]
        if not fit or (self._encoder is None and (self._table is None or not self._table.telling)):
            return [0.0] * len(phrases)
        some = [phrases[index] for index in fit]
        values = np.array(self._values(match.term.en, lemma, some))
        scores = [0.0] * len(phrases)
        for rank, place in enumerate(np.argsort(-values, kind="stable")[:_KEPT]):
            if self._sure(values, int(place)):
                scores[fit[int(place)]] = 0.9 - 0.1 * rank
        return scores

    def nearness(self, match: Match, phrases: Sequence[str]) -> list[float]:
        """Return how near each phrase is in meaning to the English words; all 0 without an encoder.

        Chinese is compared in simplified characters, of which an encoder has read the most.
        """
        if self._encoder is None:
            return [0.0] * len(phrases)
        even = [converted(one, SIMPLIFIED) for one in phrases] if self._lang == "zh" else phrases
        vectors = self._encoded([match.term.en, *even])
        return [float(value) for value in vectors[1:] @ vectors[0]]

    def _values(self, name: str, lemma: str, phrases: Sequence[str]) -> list[float]:
        values = [0.0] * len(phrases)
        if self._encoder is not None:
            vectors = self._encoded([name, lemma, *phrases])
            found = vectors[2:] @ vectors[0] + vectors[2:] @ vectors[1]
            values = [float(value) for value in found]
        if self._table is not None and self._table.telling:
            weight = _TABLE_WEIGHT if self._encoder is not None else 1.0
            values = [
                value + weight * self._table.likelihood(name, phrase)
                for value, phrase in zip(values, phrases, strict=True)
            ]
        return [value - self._otherness(lemma, phrase) for value, phrase in zip(values, phrases, strict=True)]

    def _sure(self, values: NDArray[floating[Any]], place: int) -> bool:
        if self._encoder is None:
            return bool(values[place] >= _LEAST_PROBABILITY)
        least = _LEAST_MARGIN_ZH if self._lang == "zh" else _LEAST_MARGIN
        return len(values) == 1 or bool(values[place] - values.mean() >= least)

    def _otherness(self, lemma: str, phrase: str) -> float:
        """Return a cost where a phrase is of another kind than the lemma (Russian only)."""
        if self._lang != "ru":
            return 0.0
        head, words = lemma.split()[0], phrase.split()
        if is_verb(head):
            return 0.0 if any(map(is_verb, words)) else _OTHER_KIND
        if any(map(is_noun, lemma.split())):
            return 0.0 if any(map(is_noun, words)) and not is_verb(words[-1]) else _OTHER_KIND
        return 0.0

    def _admissible(self, phrase: str) -> bool:
        function = _FUNCTION_WORDS.get(self._lang, frozenset())
        if self._lang == "zh":
            return phrase[0] not in function and phrase[-1] not in function
        words = _WORD.findall(phrase.lower())
        ends = (words[0], words[-1])
        return not any(word in function or len(word) < 2 or word.isdecimal() for word in ends)

    def _encoded(self, texts: Sequence[str]) -> NDArray[floating[Any]]:
        new = [text for text in dict.fromkeys(texts) if text not in self._vectors]
        if new and self._encoder is not None:
            self._vectors.update(zip(new, self._encoder.encode(new), strict=True))
        return np.stack([self._vectors[text] for text in texts])
