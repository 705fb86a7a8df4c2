"""Never lose text: what is done where a model's answer cannot be right.

The policy, in this order, until an answer is sound:

1. another decoding: a wider search, the best of its answers that is sound;
2. shorter pieces: the text cut at clause boundaries, each piece translated;
3. the next model of the job, asked in the same three ways.

Where nothing helps, the first answer that holds any text stays and is flagged as an error. What was done
is told by a flag, and the answer names the model that wrote it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from corpora.languages import joiner
from corpora.protocols import Engine, EngineInfo
from corpora.records import Flag, Hypothesis, Request, Severity
from models.engines.splitting import split_long

VERSION = 1  # raised by hand when the policy gives other text
CHECK = "retried"
FAILED = "no-sound-answer"
_N_BEST = 4
_SHARE = 0.6  # of the text's length, the longest piece
_SHORTEST = 20  # characters; a shorter text is not cut

Doubt = Callable[[Request, Hypothesis], str]
"""Returns what makes an answer unsound, in a few words, or nothing."""

_Answers = list[Hypothesis | None]
_Way = Callable[["Voice", Sequence[Request], Doubt], _Answers]


@dataclass(frozen=True, slots=True)
class Voice:
    """A model that may be asked.

    Attributes:
        engine: the model.
        label: its name for people and files.
        any_text: it translates whatever it is given; a recording knows its own sentences only.
    """

    engine: Engine
    label: str
    any_text: bool = True


@dataclass(slots=True)
class _Attempts:
    """What asking again brought: the first sound answer, the first that holds any text, how many tries."""

    sound: Hypothesis | None = None
    spare: Hypothesis | None = None
    count: int = 0

    def note(self, answer: Hypothesis, *, sound: bool) -> None:
        self.count += 1
        if sound:
            self.sound = answer
        elif answer.text.strip() and self.spare is None:
            self.spare = answer


class RetryingEngine:
    """Asks again where an answer cannot be right; see `corpora.protocols.Engine`.

    Only plain requests are asked again: forced beginnings and n-best lists are someone's own search.

    Args:
        first: the job's model.
        others: models to ask after it, in order, all of which write the language.
        doubt: judges an answer.
    """

    def __init__(self, first: Voice, others: Sequence[Voice], doubt: Doubt) -> None:
        self._voices, self._doubt = (first, *others), doubt
        self._info = combined_info(first.engine.info, [voice.engine.info for voice in others])

    @property
    def info(self) -> EngineInfo:
        """What the first model says of itself, with the warnings of all, and a digest of all."""
        return self._info

    def translate(self, batch: Sequence[Request]) -> list[list[Hypothesis]]:
        """Return the hypotheses of each request in order, unsound answers asked again."""
        answers = self._voices[0].engine.translate(batch)
        reasons = {
            at: reason
            for at, request in enumerate(batch)
            if not request.prefix and request.n_best == 1 and (reason := self._doubt(request, answers[at][0]))
        }
        found = self._again([batch[at] for at in reasons])
        for (at, reason), attempts in zip(reasons.items(), found, strict=True):
            answers[at] = [_settled(answers[at][0], reason, attempts)]
        return answers

    def _again(self, requests: Sequence[Request]) -> list[_Attempts]:
        """Ask again, all that is unsound in one batch a way, until each request has a sound answer."""
        found = [_Attempts() for _ in requests]
        for voice, way in self._ways():
            waiting = [at for at, one in enumerate(found) if one.sound is None]
            if not waiting:
                break
            asked = [requests[at] for at in waiting]
            for at, request, answer in zip(waiting, asked, way(voice, asked, self._doubt), strict=True):
                if answer is not None:
                    found[at].note(answer, sound=not _unsound(request, answer, self._doubt))
        return found

    def _ways(self) -> Iterator[tuple[Voice, _Way]]:
        for number, voice in enumerate(self._voices):
            if number:
                yield voice, _plainly
            if "n-best" in voice.engine.info.abilities and voice.any_text:
                yield voice, _widely
            if voice.any_text:
                yield voice, _in_pieces


def combined_info(first: EngineInfo, others: Sequence[EngineInfo]) -> EngineInfo:
    """Return what an engine says of itself that asks others after the first."""
    parts = [VERSION, first.digest, *(info.digest for info in others)]
    warnings = dict.fromkeys(info.warning for info in (first, *others) if info.warning)
    return replace(
        first,
        digest=hashlib.sha256(json.dumps(parts).encode()).hexdigest(),
        warning=" ".join(warnings),
        batch_invariant=all(info.batch_invariant for info in (first, *others)),
        reproducible=all(info.reproducible for info in (first, *others)),
    )


def _plainly(voice: Voice, requests: Sequence[Request], doubt: Doubt) -> _Answers:
    answers = voice.engine.translate(requests)
    return [_by(voice, answer[0], f"asked {voice.label}", "warning") for answer in answers]


def _widely(voice: Voice, requests: Sequence[Request], doubt: Doubt) -> _Answers:
    answers = voice.engine.translate([replace(request, n_best=_N_BEST) for request in requests])
    chosen = []
    for request, answer in zip(requests, answers, strict=True):
        sound = (one for one in answer if not doubt(request, one))
        best = next(sound, answer[0])
        chosen.append(_by(voice, best, f"asked {voice.label} for {_N_BEST} answers", "info"))
    return [*chosen]


def _in_pieces(voice: Voice, requests: Sequence[Request], doubt: Doubt) -> _Answers:
    pieces = [_pieces(request) for request in requests]
    answers = iter(voice.engine.translate([one for parts in pieces for one in parts]))
    found: _Answers = []
    for request, parts in zip(requests, pieces, strict=True):
        each = [next(answers)[0] for _ in parts]
        if not parts:
            found.append(None)
            continue
        whole = _joined(request, parts, each, doubt)
        found.append(_by(voice, whole, f"asked {voice.label} in {len(parts)} pieces", "warning"))
    return found


def _pieces(request: Request) -> list[Request]:
    """Return requests for the clauses of a text; none where it is too short to be cut."""
    text = request.text.strip()
    if len(text) < _SHORTEST:
        return []
    parts = split_long(text, len, max(_SHORTEST, int(len(text) * _SHARE)))
    folded = [part.casefold() for part in parts]
    return [
        replace(
            request,
            text=part,
            former="",
            terms=tuple(
                pair
                for pair in request.terms
                if pair[0].casefold() in own or not any(pair[0].casefold() in other for other in folded)
            ),
        )
        for part, own in zip(parts, folded, strict=True)
    ]


def _joined(
    request: Request, parts: Sequence[Request], answers: Sequence[Hypothesis], doubt: Doubt
) -> Hypothesis:
    """Return the answers to the pieces as one; a piece that was lost is an error of the whole."""
    lost = [part.text for part, one in zip(parts, answers, strict=True) if doubt(part, one)]
    flags = tuple(dict.fromkeys(flag for one in answers for flag in one.flags if flag.span is None))
    if lost:
        flags += (Flag(FAILED, "error", f"no sound answer to the piece “{lost[0][:40]}”"),)
    weights = [len(one.text) + 1 for one in answers]
    score = sum(one.score * weight for one, weight in zip(answers, weights, strict=True)) / sum(weights)
    text = joiner(request.lang).join(one.text.strip() for one in answers if one.text.strip())
    return Hypothesis(text=text, score=score, flags=flags)


def _unsound(request: Request, answer: Hypothesis, doubt: Doubt) -> bool:
    return any(flag.check == FAILED for flag in answer.flags) or bool(doubt(request, answer))


def _by(voice: Voice, answer: Hypothesis, what: str, severity: Severity) -> Hypothesis:
    return replace(answer, model=voice.label, flags=(*answer.flags, Flag(CHECK, severity, what)))


def _settled(first: Hypothesis, reason: str, attempts: _Attempts) -> Hypothesis:
    """Return the answer to keep, with what befell it."""
    if attempts.sound is not None:
        *rest, retried = attempts.sound.flags
        told = replace(retried, message=f"{retried.message}; the first answer was unsound: {reason}")
        return replace(attempts.sound, flags=(*rest, told))
    if not attempts.count and any(flag.severity == "error" for flag in first.flags):
        return first
    kept = first if first.text.strip() else attempts.spare or first
    flags = tuple(flag for flag in kept.flags if flag.check not in (CHECK, FAILED))
    asked = "not asked again" if not attempts.count else f"asked again in vain, {attempts.count} times"
    return replace(kept, flags=(*flags, Flag(FAILED, "error", f"{reason}; {asked}")))
