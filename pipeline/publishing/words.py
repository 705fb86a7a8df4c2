"""The words a reader sees for what the records hold as codes."""

from __future__ import annotations

from collections.abc import Mapping

from corpora.languages import LANGUAGES
from corpora.records import TermUse

SEVERITIES = ("error", "warning", "info")

RUNGS: dict[int, str] = {
    0: "the model’s own wording",
    1: "chosen among the model’s versions",
    2: "given to the model as it wrote",
    3: "written with a stand-in name",
    4: "put in the place of other words",
    5: "could not be enforced",
}

VERDICTS: dict[str, str] = {
    "passed": "verified",
    "failed": "wrong or missing",
    "untranslated": "the glossary has no translation",
    "waived": "waived",
}

METRICS: dict[str, str] = {
    "chrf": "chrF2++",
    "bleu": "BLEU",
    "ter": "TER",
    "spbleu": "spBLEU",
    "comet": "COMET",
}
LOWER_IS_BETTER = frozenset({"ter"})

_FEATURES = {
    "nom": "nominative", "gen": "genitive", "dat": "dative", "acc": "accusative", "loc": "locative",
    "abl": "ablative", "ins": "instrumental", "prp": "prepositional", "pl": "plural", "sg": "singular",
    "poss1": "my", "poss2": "your", "poss3": "possessive", "equ": "equative", "sim": "similative",
}  # fmt: skip


def language_name(code: str) -> str:
    """Return the English name of a language, or the code of one that is not ours."""
    return LANGUAGES[code].name if code in LANGUAGES else code


def case_name(features: str) -> str:
    """Return `plural dative` for `pl.dat`; unknown features stand as they are."""
    return " ".join(_FEATURES.get(feature, feature) for feature in features.split(".") if feature)


def term_account(term: TermUse) -> str:
    """Return in words what became of one occurrence: the verdict, and its case."""
    case = case_name(term.case) if term.form is not None else ""
    return f"{VERDICTS[term.verdict]}, {case}" if case else VERDICTS[term.verdict]


def rung_account(term: TermUse) -> str:
    """Return in words how the form came to stand there, empty where nothing was enforced."""
    if term.rung is None:
        return ""
    return f"rung {term.rung}: {RUNGS[term.rung]}" if term.rung in RUNGS else f"rung {term.rung}"


def percent(part: int, whole: int) -> str:
    """Return `47 of 50 (94 %)`; never 100 % for less than all, nor 0 % for more than none."""
    if not whole:
        return "–"
    share = round(100 * part / whole)
    if share == 100 and part < whole:
        share = 99
    elif share == 0 and part:
        share = 1
    return f"{part} of {whole} ({share} %)"


def plural(count: int, noun: str) -> str:
    """Return `1 segment`, `2 segments`."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def score_text(score: object) -> str:
    """Return `42.1 (39.8–44.6)` for an object or mapping with `score` and perhaps `ci`, or for a number."""
    value, interval = _get(score, "score"), _get(score, "ci")
    if value is None and isinstance(score, int | float):
        value = score
    if not isinstance(value, int | float):
        return "–" if score is None else str(score)
    if not isinstance(interval, tuple | list) or len(interval) != 2:
        return f"{value:.1f}"
    return f"{value:.1f} ({interval[0]:.1f}–{interval[1]:.1f})"


def score_signature(score: object) -> str:
    """Return the signature of a score, empty where it has none."""
    return str(_get(score, "signature") or "")


def _get(score: object, name: str) -> object:
    return score.get(name) if isinstance(score, Mapping) else getattr(score, name, None)
