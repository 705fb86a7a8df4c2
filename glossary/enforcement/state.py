"""What the rungs of the ladder share: a segment on its way up, and the texts proposed for it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from corpora.protocols import Engine
from corpora.records import Flag, Hypothesis, TermUse
from glossary.enforcement.loops import loops
from glossary.matching import Match, Matcher
from glossary.terms import Glossary
from glossary.verification import Verification, verify

LAST_RUNG = 5


@dataclass(frozen=True, slots=True)
class Lexicon:
    """A glossary and its matcher."""

    glossary: Glossary
    matcher: Matcher


@dataclass(frozen=True, slots=True)
class Enforced:
    """A segment as it leaves the ladder.

    Attributes:
        text: the best text found; true to the glossary unless there are error flags.
        score: the model's mean log-probability of the text it stems from.
        terms: an audit record per occurrence in the source.
        flags: what the verifier doubts, and what the engine said of the text.
        rung: the step that settled it; 5 where none did.
        model: the model that wrote it, where that is not the engine asked.
    """

    text: str
    score: float
    terms: tuple[TermUse, ...]
    flags: tuple[Flag, ...]
    rung: int
    model: str = ""

    @property
    def passed(self) -> bool:
        """Nothing about it is an error."""
        return not any(flag.severity == "error" for flag in self.flags)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A text proposed for a segment.

    Attributes:
        text: the text.
        score: mean log-probability; higher is better.
        flags: what the engine said of it.
        rung: the step that proposed it.
        edited: it is the text before it with single terms put right, not a new translation.
        model: the model that wrote it, where that is not the engine asked; an edit keeps that of its text.
    """

    text: str
    score: float
    flags: tuple[Flag, ...]
    rung: int
    edited: bool = False
    model: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """A candidate and what the verifier says of it."""

    candidate: Candidate
    verification: Verification

    @property
    def faults(self) -> int:
        """The number of error flags of the verifier and of occurrences that failed."""
        errors = sum(flag.severity == "error" for flag in self.verification.flags)
        return errors + sum(use.verdict == "failed" for use in self.verification.terms)

    @property
    def doubts(self) -> int:
        """The number of errors its engine found, and one more for a text that goes in circles."""
        return sum(flag.severity == "error" for flag in self.candidate.flags) + loops(self.candidate.text)

    @property
    def rank(self) -> tuple[int, int, float]:
        """Sort key, best first: verified, neither doubted by its engine nor going in circles, probable."""
        return self.faults, self.doubts, -self.candidate.score


@dataclass(frozen=True, slots=True)
class Case:
    """A segment on the ladder.

    Attributes:
        source: the English text, NFC.
        lexicon: the glossary that rules over it.
        matches: the terms in it that the language has a rendering for.
        best: the best text so far.
    """

    source: str
    lexicon: Lexicon
    matches: tuple[Match, ...]
    best: Judged

    @property
    def former(self) -> str:
        """The best text so far where it is a measure for others: its engine ended it, and not in circles."""
        candidate = self.best.candidate
        cut = any(flag.check == "length-limit" for flag in candidate.flags)
        return "" if cut or loops(candidate.text) else candidate.text


class Sense(Protocol):
    """Judges how likely some words of the target translate some words of the source."""

    def scores(self, case: Case, match: Match, phrases: Sequence[str]) -> list[float]:
        """Return a score for each phrase, 0 for unlikely, about 1 for sure."""
        ...

    def nearness(self, match: Match, phrases: Sequence[str]) -> list[float]:
        """Return how near each phrase is in meaning to the English words; all 0 where nothing can tell."""
        ...


@dataclass(frozen=True, slots=True)
class Tools:
    """What a rung works with.

    Attributes:
        lang: the target language.
        engine: the model; None where translations come from elsewhere and none helps.
        sense: judge of the meaning of target words; None where there is none.
    """

    lang: str
    engine: Engine | None
    sense: Sense | None = None

    def can(self, ability: str) -> bool:
        """Tell whether the engine has an ability."""
        return self.engine is not None and ability in self.engine.info.abilities

    def width(self) -> int:
        """Return how many answers the engine gives at the cost of one."""
        if self.engine is None or not self.can("n-best"):
            return 1
        return self.engine.info.widths.get(self.lang, 1)

    def judge(self, source: str, lexicon: Lexicon, candidate: Candidate) -> Judged:
        """Let the verifier judge a candidate."""
        found = verify(source, candidate.text, self.lang, lexicon.glossary, lexicon.matcher)
        return Judged(candidate, found)

    def start(self, source: str, lexicon: Lexicon, candidate: Candidate) -> Case:
        """Put a segment on the ladder with its first text."""
        wanted = (match for match in lexicon.matcher.find(source) if match.term.translated(self.lang))
        return Case(source, lexicon, tuple(wanted), self.judge(source, lexicon, candidate))


def proposals(hypotheses: Iterable[Hypothesis], rung: int) -> list[Candidate]:
    """Return the hypotheses of an engine as candidates, without doubles."""
    seen: dict[str, Candidate] = {}
    for one in hypotheses:
        seen.setdefault(one.text, Candidate(one.text, one.score, one.flags, rung, model=one.model))
    return list(seen.values())


def improved(case: Case, candidates: Sequence[Candidate], tools: Tools) -> Case:
    """Return the case with the best of its text and the candidates; a tie leaves it as it was.

    So does a text more doubtful than its own, such as one that was cut off: it would be stopped for that, and
    would keep the rungs above from finding one that is not.
    """
    best = case.best
    for candidate in candidates:
        judged = _with_rungs(tools.judge(case.source, case.lexicon, candidate), case.best)
        better = judged.faults < case.best.faults and judged.doubts <= case.best.doubts
        if better and judged.rank < best.rank:
            best = judged
    return case if best is case.best else replace(case, best=best)


def settled(case: Case) -> Enforced:
    """Return the segment as it leaves the ladder: passed, or failed closed on the last rung."""
    best, candidate = case.best, case.best.candidate
    rung = LAST_RUNG if best.faults else candidate.rung
    uses = tuple(
        replace(use, rung=LAST_RUNG if use.verdict == "failed" else candidate.rung)
        if use.rung is None and use.verdict != "untranslated"
        else use
        for use in best.verification.terms
    )
    flags = (*best.verification.flags, *candidate.flags)
    return Enforced(candidate.text, candidate.score, uses, flags, rung, candidate.model)


def _with_rungs(judged: Judged, before: Judged) -> Judged:
    """Let occurrences that an edit did not touch keep the rung that brought them about."""
    if not judged.candidate.edited:
        return judged
    old = before.verification.terms
    uses = tuple(
        replace(use, rung=earlier.rung if earlier.rung is not None else before.candidate.rung)
        if use.verdict == "passed" and earlier.verdict == "passed"
        else use
        for use, earlier in zip(judged.verification.terms, old, strict=True)
    )
    return Judged(judged.candidate, replace(judged.verification, terms=uses))
