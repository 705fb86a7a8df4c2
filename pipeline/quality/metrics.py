"""Scores against reference translations, by sacreBLEU (Post 2018), with signatures and confidence intervals.

chrF2++ comes first: it counts pieces of words, so that an ending that differs does not cost the word, and
agrees best with human judgement in languages of rich morphology. It is used for Chinese too, where its word
part sees whole clauses between spaces and its value is therefore lower than elsewhere: compare within a
language only.

BLEU uses the tokenizer `zh` for Chinese and `13a` otherwise, for these stand in most published results.
`intl` would split Arabic punctuation but is rarely reported.

spBLEU is BLEU over the pieces of a SentencePiece model, the same for all languages (Goyal et al. 2022). Its
file, `flores200sacrebleuspm`, is not part of sacreBLEU and is never fetched here: it is read from the path in
the environment variable TERJIMAN_SPM, or from where sacreBLEU keeps it.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpora.errors import MissingError, UsageError
from corpora.text import nfc

Floats = NDArray[np.float64]

METRICS = ("chrf", "bleu", "ter")
SPBLEU = "spbleu"
HIGHER_IS_BETTER = {"chrf": True, "bleu": True, "ter": False, SPBLEU: True}
SPM = "TERJIMAN_SPM"
_SPM_NAME = "flores200sacrebleuspm"
NO_SPM = "spBLEU is not computed: its tokenizer file is not on this machine"
RESAMPLES = 1000
TER_MOST = 50_000  # characters of a segment: a chapter, where a sentence is meant
SEED = 12345  # as sacreBLEU has it, so that intervals agree with its command line


@dataclass(frozen=True, slots=True)
class Score:
    """One metric over a corpus.

    Attributes:
        score: 0 to 100 (TER may exceed 100; lower is better there).
        ci: the 95 % bootstrap interval (low, high); None for a single segment, where there is nothing to
            resample.
        signature: sacreBLEU's, by which others can reproduce the score.
    """

    score: float
    ci: tuple[float, float] | None
    signature: str


@dataclass(frozen=True, slots=True)
class Counted:
    """What a metric counts in each segment, and how a score comes from the sums of it.

    Attributes:
        counts: shape (segments, counters). total: from summed counters to a score.
        signature: the signature for a number of resamples (0: no interval).
    """

    counts: Floats
    total: Callable[[Floats], float]
    signature: Callable[[int], str]


def _metric(name: str, lang: str) -> Any:
    from sacrebleu.metrics.bleu import BLEU
    from sacrebleu.metrics.chrf import CHRF
    from sacrebleu.metrics.ter import TER

    match name:
        case "chrf":
            return CHRF(word_order=2)
        case "bleu":
            return BLEU(tokenize="zh" if lang.split("-")[0] == "zh" else "13a", force=True)
        case "ter":
            asian = lang.split("-")[0] == "zh"
            return TER(asian_support=asian, normalized=asian)
        case "spbleu":
            return BLEU(tokenize="none", force=True)
    raise UsageError(f"unknown metric {name!r}", fix=f"Use one of: {', '.join((*METRICS, SPBLEU))}")


def spm_file() -> Path | None:
    """Return the tokenizer file of spBLEU, None where there is none.

    Raises:
        MissingError: the file that TERJIMAN_SPM names is not there.
    """
    named = os.environ.get(SPM)
    if named:
        if not Path(named).is_file():
            raise MissingError("no such tokenizer file", place=f"{SPM}={named}")
        return Path(named)
    home = os.environ.get("SACREBLEU") or Path.home() / ".sacrebleu"
    usual = Path(home) / "models" / _SPM_NAME
    return usual if usual.is_file() else None


@lru_cache(maxsize=2)
def _pieces(path: Path) -> tuple[Any, str]:
    """Load a SentencePiece model; return it and what identifies it in a signature."""
    from sentencepiece import SentencePieceProcessor

    data = path.read_bytes()
    try:
        processor = SentencePieceProcessor(model_proto=data)
    except (RuntimeError, ValueError):
        raise UsageError("is no SentencePiece model", place=str(path)) from None
    return processor, f"{path.stem}-{hashlib.sha256(data).hexdigest()[:8]}"


def _cut(texts: Sequence[str]) -> tuple[list[str], str]:
    """Cut texts into the pieces of spBLEU's tokenizer; return what identifies it too."""
    path = spm_file()
    if path is None:
        raise MissingError(NO_SPM, place="spbleu", fix=f"Put {_SPM_NAME} on this machine and set {SPM}")
    processor, name = _pieces(path)
    return [" ".join(pieces) for pieces in processor.encode(list(texts), out_type=str)], name


def count(hypotheses: Sequence[str], references: Sequence[str], lang: str, metric: str) -> Counted:
    """Count what a metric needs, segment by segment.

    Raises:
        MissingError: spBLEU without its tokenizer file.
        UsageError: an unknown metric, no segments, or not as many hypotheses as references.
    """
    if len(hypotheses) != len(references):
        raise UsageError(f"there are {len(hypotheses)} hypotheses but {len(references)} references")
    if not hypotheses:
        raise UsageError("there is nothing to score: the files are empty")
    scorer = _metric(metric, lang)
    ours, theirs = [nfc(text) for text in hypotheses], [nfc(text) for text in references]
    tokenizer = ""
    if metric == SPBLEU:
        (ours, tokenizer), (theirs, _) = _cut(ours), _cut(theirs)
    counts = scorer._extract_corpus_statistics(ours, [theirs])

    def total(sums: Floats) -> float:
        whole = sums if metric == "ter" else sums.astype(np.int64).tolist()
        value = float(scorer._compute_score_from_stats(whole).score)
        # rounding may lead past the bounds of a metric that has them; TER has none above
        return value if metric == "ter" else min(max(value, 0.0), 100.0)

    def signature(samples: int) -> str:
        text = scorer.get_signature()
        if samples:
            text.update("bs", samples)
            text.update("seed", SEED)
        return str(text).replace("tok:none", f"tok:{tokenizer}") if tokenizer else str(text)

    return Counted(np.array(counts, np.float64), total, signature)


def computable(
    metrics: Sequence[str], hypotheses: Sequence[str], references: Sequence[str]
) -> tuple[str, ...]:
    """Return the metrics that can be computed in reasonable time: all but TER where a segment is huge."""
    return tuple(name for name in metrics if name != "ter" or not huge(hypotheses, references))


def huge(hypotheses: Sequence[str], references: Sequence[str]) -> str:
    """Say why TER is not computed, whose time grows far faster than a segment; nothing where it is."""
    for texts in (hypotheses, references):
        for number, text in enumerate(texts, start=1):
            if len(text) > TER_MOST:
                return f"TER is not computed: segment {number} has {len(text):,} characters"
    return ""


def resamples(size: int, times: int = RESAMPLES) -> Iterator[NDArray[np.int64]]:
    """Yield the segments of each bootstrap sample, the same on every call, without holding all at once."""
    rng = np.random.default_rng(SEED)
    for _ in range(times):
        yield rng.choice(size, size=size, replace=True)


def interval(values: Sequence[float]) -> tuple[float, float]:
    """Return the bounds between which the middle 95 % of the values lie."""
    ordered = sorted(values)
    cut = len(ordered) // 40
    return ordered[cut], ordered[-cut - 1]


def _score(counted: Counted) -> Score:
    size = len(counted.counts)
    value = counted.total(counted.counts.sum(axis=0))
    if size == 1:
        return Score(value, None, counted.signature(0))
    samples = [counted.total(counted.counts[chosen].sum(axis=0)) for chosen in resamples(size)]
    return Score(value, interval(samples), counted.signature(RESAMPLES))


def score(
    hypotheses: Sequence[str], references: Sequence[str], lang: str, metrics: Sequence[str] = METRICS
) -> dict[str, Score]:
    """Score translations against references, line by line.

    Args:
        hypotheses: the translations; an empty one counts as one that says nothing.
        references: as many human translations.
        lang: BCP-47 tag of their language.
        metrics: of METRICS.

    Raises:
        MissingError: spBLEU without its tokenizer file.
        UsageError: an unknown metric, no segments, or not as many hypotheses as references.
    """
    return {name: _score(count(hypotheses, references, lang, name)) for name in metrics}


def segment_scores(
    hypotheses: Sequence[str], references: Sequence[str], lang: str, metric: str = "chrf"
) -> list[float]:
    """Return the score of every segment by itself, to find the worst; not comparable with corpus scores."""
    counted = count(hypotheses, references, lang, metric)
    return [counted.total(row) for row in counted.counts]
