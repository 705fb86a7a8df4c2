"""What is known about a run when it ends, and what follows from it. Rebuilt from all manifests, each time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from corpora.records import Severity
from pipeline.publishing.report_details import TermCount, WorstSegment
from pipeline.publishing.report_history import PastRun, StageTime
from pipeline.publishing.review_data import ReviewRow

Status = Literal["done", "failed", "up to date"]

EXIT_MEANINGS: dict[int, str] = {
    0: "done",
    1: "done, but not everything could be done",
    2: "the job, the glossary or the command line is wrong",
    3: "a model or an input is missing",
    74: "the disk is full or read-only",
    75: "another run holds the lock",
    130: "interrupted",
    143: "terminated, cleanly",
}


@dataclass(frozen=True, slots=True)
class ModelUse:
    """An engine that took part: the languages it wrote, the digest of what it is, its warning."""

    name: str
    langs: tuple[str, ...]
    digest: str = ""
    warning: str = ""


@dataclass(frozen=True, slots=True)
class UnitOutcome:
    """What became of a unit. `reason` says in one line why it failed; `lang` is empty for ingest."""

    stage: str
    document: str
    lang: str
    status: Status
    reason: str = ""
    seconds: float | None = None

    @property
    def title(self) -> str:
        """The unit's name in messages: `translate news/report.md → kk`."""
        return f"{self.stage} {self.document}" + (f" → {self.lang}" if self.lang else "")


@dataclass(frozen=True, slots=True)
class FlagCount:
    """How many flags of one check and severity there are."""

    check: str
    severity: Severity
    count: int


@dataclass(frozen=True, slots=True)
class DocumentOutcome:
    """A document in one target language, in numbers.

    Attributes:
        segments: all of them; `errors` + `warnings` + `passed` is the same number.
        passed: segments with neither an error nor a warning.
        errors: segments with at least one error.
        warnings: segments with a warning and no error.
        verdicts: occurrences of terms, by verdict.
        rungs: occurrences of terms, by the step of the ladder that brought them about.
        scores: by metric, empty without a human reference.
        waivers: segments that a person let pass, by who and why.
    """

    document: str
    lang: str
    segments: int
    passed: int
    errors: int
    warnings: int
    flags: tuple[FlagCount, ...] = ()
    verdicts: Mapping[str, int] = field(default_factory=dict)
    rungs: Mapping[int, int] = field(default_factory=dict)
    scores: Mapping[str, object] = field(default_factory=dict)
    waivers: Mapping[str, int] = field(default_factory=dict)

    @property
    def doubt(self) -> float:
        """How much of it deserves doubt: the share of segments with errors, a warning counting a third."""
        return (self.errors + self.warnings / 3) / max(1, self.segments)


@dataclass(frozen=True, slots=True)
class RunReport:
    """A run, as the report tells it.

    Attributes:
        job: its name.
        when: the end of the run, as it is to be shown.
        versions: of terjiman and what it rests on, by name.
        units: those of this run; failures of it are what the report begins with.
        documents: all of the job, also those that were up to date.
        scores: over all documents, by language and metric.
        exit_code: what the command returned.
        seconds: how long the run took.
        idle_waivers: a line for each waiver that holds for nothing any more.
        review: address of the review page, relative to the report; empty for none.
        model_scores: scores over the documents that a model wrote, by model, language and metric.
        worst: segments that deserve most doubt. terms: every term by language.
        history: runs that changed a result, this one included, oldest first.
        stages: time by stage of the last run that did something.
        notes: what could not be done, for people.
    """

    job: str
    when: str
    versions: Mapping[str, str]
    models: tuple[ModelUse, ...]
    units: tuple[UnitOutcome, ...]
    documents: tuple[DocumentOutcome, ...]
    scores: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    exit_code: int = 0
    seconds: float | None = None
    idle_waivers: tuple[str, ...] = ()
    review: str = "review.html"
    model_scores: Mapping[str, Mapping[str, Mapping[str, object]]] = field(default_factory=dict)
    worst: tuple[WorstSegment, ...] = ()
    terms: tuple[TermCount, ...] = ()
    history: tuple[PastRun, ...] = ()
    stages: tuple[StageTime, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def meaning(self) -> str:
        """What the exit code means, in words."""
        if self.exit_code == 1 and not self.failures and any(document.errors for document in self.documents):
            return "done, but segments are flagged as errors"
        return EXIT_MEANINGS.get(self.exit_code, f"ended with exit code {self.exit_code}")

    @property
    def failures(self) -> tuple[UnitOutcome, ...]:
        """The units that failed, in order."""
        return tuple(unit for unit in self.units if unit.status == "failed")

    @property
    def langs(self) -> tuple[str, ...]:
        """The target languages, in the order of the documents."""
        return tuple(dict.fromkeys(document.lang for document in self.documents))


def document_outcome(
    document: str, lang: str, rows: Sequence[ReviewRow], scores: Mapping[str, object]
) -> DocumentOutcome:
    """Count the rows of a document, the very ones the review page shows."""
    severities = Counter(row.severity for row in rows)
    flags = Counter((flag.check, flag.severity) for row in rows for flag in row.flags)
    terms = [term for row in rows for term in row.translation.terms]
    return DocumentOutcome(
        document=document,
        lang=lang,
        segments=len(rows),
        passed=severities["info"] + severities["clean"],
        errors=severities["error"],
        warnings=severities["warning"],
        flags=tuple(FlagCount(check, severity, count) for (check, severity), count in sorted(flags.items())),
        verdicts=dict(Counter(term.verdict for term in terms)),
        rungs=dict(Counter(term.rung for term in terms if term.rung is not None)),
        scores=scores,
        waivers=dict(Counter(row.waiver for row in rows if row.waiver)),
    )


def total(documents: Iterable[DocumentOutcome], lang: str = "") -> DocumentOutcome:
    """Return the sum over the documents of a language, or over all; without scores, which do not add up."""
    chosen = [document for document in documents if not lang or document.lang == lang]
    flags: Counter[tuple[str, Severity]] = Counter()
    verdicts: Counter[str] = Counter()
    rungs: Counter[int] = Counter()
    waivers: Counter[str] = Counter()
    for document in chosen:
        flags.update({(flag.check, flag.severity): flag.count for flag in document.flags})
        verdicts.update(document.verdicts)
        rungs.update(document.rungs)
        waivers.update(document.waivers)
    return DocumentOutcome(
        document="",
        lang=lang,
        segments=sum(document.segments for document in chosen),
        passed=sum(document.passed for document in chosen),
        errors=sum(document.errors for document in chosen),
        warnings=sum(document.warnings for document in chosen),
        flags=tuple(FlagCount(check, severity, count) for (check, severity), count in sorted(flags.items())),
        verdicts=dict(verdicts),
        rungs=dict(rungs),
        waivers=dict(waivers),
    )


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something to look at: what, and the filter of the review page that shows it (empty for none)."""

    text: str
    filter: Mapping[str, str] = field(default_factory=dict)
