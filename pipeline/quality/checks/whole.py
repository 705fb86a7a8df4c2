"""Checks of the segment as a whole: nothing there, the source again, too short, too long, cut off.

Lengths: the logarithm of target characters over source characters is near normal; mean and spread below
were fitted on NTREX-128 (1,007 lines of news) and 360 lines of testimony, English to each language. The
spread shrinks with the length of the source: variance = floor + slope / characters.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

from corpora.records import Flag, Severity
from corpora.segments import split
from pipeline.quality.checks.names import is_small
from pipeline.quality.checks.pair import Pair


@dataclass(frozen=True, slots=True)
class LengthModel:
    """Mean of log(target / source) and its variance, `floor + slope / source characters`."""

    mean: float
    floor: float
    slope: float


LENGTHS: dict[str, LengthModel] = {
    "kk": LengthModel(0.04, 0.014, 2.2),
    "ug": LengthModel(0.19, 0.014, 2.4),
    "ru": LengthModel(0.08, 0.009, 2.9),
    "zh": LengthModel(-1.13, 0.017, 1.8),
}
_ENDS = ".!?…。！？؟۔:：;；"
_LONGISH, _LONG = 1.0, 3.5  # a sentence more is a doubt, and almost certain, from these z-scores on
_SURELY_SHORT = -3.0  # z-score below which a sentence less is an omission: languages join sentences freely
_QUOTE_SHORT = -1.4  # z-score below which a quotation less is a doubt
_QUOTES = '"“”„‟«»「」'
_MOST_PLACES = 50
_LATIN = re.compile("[A-Za-z\u00c0-\u024f]+(?: [A-Za-z\u00c0-\u024f]+)*")
_LATIN_DISCOUNT = 0.64
_LABEL = (
    45  # characters below which a text without a closing mark may be a name that others say in two letters
)
_GAPS = re.compile(r"[ .]+")
_OPEN_ENDS = frozenset(":：;；,，،؛")
_COMMAS = ",،，、-–—"
_CLOSERS = "\"'”’»)）]】』」"
_ORIGINALS = re.compile(
    r"[(（][A-Za-z\u00c0-\u024f .,'’-]+[)）]"
)  # a name in Latin letters beside its rendering


def empty(pair: Pair) -> Iterator[Flag]:
    """Nothing, or nothing but marks, where the source has words."""
    if any(letter.isalnum() for letter in pair.target):
        return
    if any(letter.isalnum() for letter in pair.source):
        yield Flag("empty", "error", "the translation is empty")


def _plain(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def copied(pair: Pair) -> Iterator[Flag]:
    """The source text in place of its translation."""
    words, kept = _plain(pair.source), _plain(pair.target)
    if pair.source_lang == pair.lang or not kept:
        return
    small = [word for word in pair.source_words if word[0][:1].islower()]
    span = (0, len(pair.target))
    if words == kept and (len(small) > 0 or len(words) > 3):
        yield Flag("copied-source", "error", "the translation is the source text", span)
    elif words == kept and sum(map(is_small, words)) >= 2:
        yield Flag("copied-source", "warning", "the translation is the source text", span)
    elif len(words) >= 6 and len(set(words) & set(kept)) >= 0.4 * len(set(words)):
        share = _longest_shared_run(words, kept) / len(words)
        if share >= pair.limits.copied:
            message = f"{share:.0%} of the source stand untranslated in the translation"
            yield Flag("copied-source", "error", message)


def _longest_shared_run(words: list[str], others: list[str]) -> int:
    """Return the length of the longest shared run of words with the middle word of the first list.

    A run of more than half of the words must hold it, and no other is of interest; so time stays linear.
    """
    middle = len(words) // 2
    places = [i for i, word in enumerate(others) if word == words[middle]]
    best = 0
    for place in places[:_MOST_PLACES]:
        before = after = 0
        while before < min(middle, place) and words[middle - before - 1] == others[place - before - 1]:
            before += 1
        rest = min(len(words) - middle, len(others) - place)
        while after < rest and words[middle + after] == others[place + after]:
            after += 1
        best = max(best, before + after)
    return best


def length_score(pair: Pair) -> float | None:
    """Return how many standard deviations the length is from the usual; None without a model."""
    model = LENGTHS.get(pair.lang) if pair.source_lang == "en" else None
    source, target = len(pair.source.strip()), _size(pair)
    if model is None or source < 2 or target <= 0:
        return None
    return (math.log(target / source) - model.mean) / math.sqrt(model.floor + model.slope / source)


def _size(pair: Pair) -> float:
    """Return the length of the target in characters, originals in brackets left out.

    Among Chinese characters, Latin letters count about a third: so much shorter is what they stand for.
    """
    text = _ORIGINALS.sub("", pair.target).strip()
    if pair.lang != "zh":
        return len(text)
    return len(text) - _LATIN_DISCOUNT * sum(map(len, _LATIN.findall(text)))


def length(pair: Pair) -> Iterator[Flag]:
    """Far shorter or longer than translations of such a source are."""
    score = length_score(pair)
    limits = pair.limits
    if score is None or limits.short < score < limits.long:
        return
    label = len(pair.source) < _LABEL and _ending(pair.source) not in _ENDS
    if label and score < 0 and _is_acronym(pair.target.strip()):
        return
    sure = score >= limits.very_long or (score <= limits.very_short and not label)
    severity: Severity = "error" if sure else "warning"
    word = "shorter" if score < 0 else "longer"
    yield Flag("length", severity, f"much {word} than usual for this source (z = {score:+.1f})")


def _is_acronym(text: str) -> bool:
    """Tell a name in initials: США, БҰҰ, ب د ت."""
    parts = list(filter(None, _GAPS.split(text)))
    if len(parts) == 1:
        return 2 <= len(text) <= 6 and text.isupper()
    return 1 < len(parts) <= 6 and all(len(part) == 1 and part.isalpha() for part in parts)


def _ending(text: str) -> str:
    """Return the last mark of a text, behind closing quotes and brackets."""
    return text.rstrip().rstrip(_CLOSERS).rstrip()[-1:]


def truncated(pair: Pair) -> Iterator[Flag]:
    """The source ends its sentence, the translation breaks off."""
    source_end, target_end = _ending(pair.source), _ending(pair.target)
    if target_end in _OPEN_ENDS and source_end and source_end not in _OPEN_ENDS:
        end = len(pair.target)
        # “…，” before a verb of speech that went elsewhere: a wrong mark, and nothing lost
        quoted = pair.target.rstrip()[-1:] in _CLOSERS and (length_score(pair) or 0.0) > -1.0
        severity: Severity = "info" if quoted else "warning"
        yield Flag("truncated", severity, f"the translation ends with {target_end}", (end - 1, end))
        return
    if source_end not in ".!?…" or not source_end or target_end in _ENDS:
        return
    if len(pair.source_words) < 4 or not (target_end.isalnum() or target_end in _COMMAS):
        return
    if target_end not in _COMMAS and pair.target.rstrip()[-1:] in _CLOSERS:
        return
    score = length_score(pair) or 0.0
    severity = "error" if score < -2.0 else "warning"
    if score > -1.0 and target_end not in _COMMAS:
        severity = "info"  # a full stop was lost, hardly more
    end = len(pair.target)
    yield Flag("truncated", severity, "the translation ends without closing its sentence", (end - 1, end))


def omitted(pair: Pair) -> Iterator[Flag]:
    """A sentence or a long clause of the source has no counterpart, as far as counting can tell."""
    score = length_score(pair)
    if score is None or not pair.limits.very_short < score <= -0.5:
        return
    source = len(split(pair.source, pair.source_lang))
    target = len(split(pair.target, pair.lang))
    if target < source:
        severity: Severity = "error" if score < _SURELY_SHORT else "warning"
        message = f"{source} sentences became {target}, and the text is shorter than usual"
        yield Flag("omitted", severity, message)
    elif score < _QUOTE_SHORT and _quoted(pair.source) > _quoted(pair.target):
        yield Flag("omitted", "warning", "a quotation of the source is missing, and the text is short")
    elif score < -2.2 and _clauses(pair.source) >= 2 * _clauses(pair.target) + 1:
        message = "the source has far more clauses, and the text is shorter than usual"
        yield Flag("omitted", "warning", message)


def added(pair: Pair) -> Iterator[Flag]:
    """The translation has a sentence more than the source, and is longer than usual."""
    score = length_score(pair)
    if score is None or not _LONGISH <= score < pair.limits.very_long:
        return
    source = len(split(pair.source, pair.source_lang))
    target = len(split(pair.target, pair.lang))
    if target > source:
        severity: Severity = "error" if score > _LONG else "warning"
        message = f"sentences became more ({source} to {target}), and the text is longer than usual"
        yield Flag("added", severity, message)


def _quoted(text: str) -> int:
    """Return how many quotations a text has, by half its quotation marks."""
    return sum(map(text.count, _QUOTES)) // 2


def _clauses(text: str) -> int:
    return 1 + len(re.findall(r"[,;:،؛，；：、—–]|\s-\s", text))
