"""Measure with how many threads and how much at once a model runs fastest: some seconds, on short sentences.

The default is tried first. Another setting is taken only where it is clearly faster, so that noise does not
choose, and never where its answers differ.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from corpora.languages import TARGETS
from corpora.protocols import Engine
from corpora.records import Request
from models.tuning import Trial, Tuning

Open = Callable[[int, int], Engine]  # threads, batch -> the model, loaded
BUDGET = 8.0  # seconds after which nothing more is tried
_SLOW = 0.8  # seconds for one sentence above which nothing else would fit the time
_ROUND = 0.5  # seconds a probe is made to take with the default
_GAIN = 0.9  # of the time of what is best so far: above it, a setting is no better
_WHO = (
    "She",
    "He",
    "The teacher",
    "The old driver",
    "My sister",
    "Their neighbour",
    "The two women",
    "Nobody",
)
_DID = (
    "left the city in June.",
    "wrote a long letter to the court and waited.",
    "was not there.",
    "asked the officer at the gate about the list of names, and got no answer.",
    "closed the shop.",
    "told us about the first winter in the camp.",
    "walked home in the snow that night.",
    "never saw the children again after that morning.",
)
TEXTS = tuple(f"{who} {did}" for did in _DID for who in _WHO)  # 64, as many as a run puts to a model at once


def measure(open_: Open, *, cores: int, batch: int, clock: Callable[[], float] = time.perf_counter) -> Tuning:
    """Return the fastest setting of those that the time allows to try.

    Args:
        open_: loads the model; its answers depend on the text alone.
        cores: that this process may use.
        batch: most hypotheses that the engine decodes together by default; 0: it has no such setting.
    """
    started = clock()
    probe = _Probe(open_, clock)
    trials = [probe.first(cores, batch)]
    best = trials[0]
    for threads in _halves(cores):
        if not probe.affords(started, trials, cores / threads):
            break
        trials.append(probe.run(threads, batch))
        best = _better(best, trials[-1])
    for size in (batch // 4, batch // 2, batch * 2) if batch else ():
        if not probe.affords(started, trials, 1):
            break
        trials.append(probe.run(best.threads, size))
        best = _better(best, trials[-1])
    date = datetime.now(UTC).isoformat(timespec="seconds")
    return Tuning(best.threads, best.batch, "measured", date, tuple(trials))


def _halves(cores: int) -> Sequence[int]:
    """Return the numbers of threads to try beside all cores: two share a core on many machines."""
    return (cores // 2,) if cores > 1 else ()


def _better(best: Trial, other: Trial) -> Trial:
    return other if other.same and other.seconds < _GAIN * best.seconds else best


class _Probe:
    """The texts, as many as fit the time, and what the default answered."""

    def __init__(self, open_: Open, clock: Callable[[], float]) -> None:
        self._open, self._clock = open_, clock
        self._requests: list[Request] = []
        self._answers: list[str] = []
        self._slow = False

    def first(self, threads: int, batch: int) -> Trial:
        """Try the default; see how many texts fit the time."""
        engine = self._open(threads, batch)
        lang = next((lang for lang in TARGETS if lang in engine.info.targets), TARGETS[0])
        few = [Request(text, lang) for text in TEXTS[:: len(TEXTS) // 4]]
        begun = self._clock()
        engine.translate(few[:1])
        if (seconds := self._clock() - begun) > _SLOW:
            self._slow = True
            return Trial(threads, batch, seconds)
        begun = self._clock()
        engine.translate(few)
        rate = len(few) / max(self._clock() - begun, 1e-6)
        count = min(max(int(rate * _ROUND), len(few)), len(TEXTS))
        self._requests = [Request(TEXTS[at * len(TEXTS) // count], lang) for at in range(count)]
        self._answers, seconds = self._timed(engine)
        return Trial(threads, batch, seconds)

    def run(self, threads: int, batch: int) -> Trial:
        """Try another setting."""
        engine = self._open(threads, batch)
        engine.translate(self._requests[:1])
        answers, seconds = self._timed(engine)
        return Trial(threads, batch, seconds, answers == self._answers)

    def affords(self, started: float, trials: Sequence[Trial], factor: float) -> bool:
        """Return whether another try, `factor` times as long as the first, still fits the time."""
        return not self._slow and self._clock() - started + 2.5 * factor * trials[0].seconds < BUDGET

    def _timed(self, engine: Engine) -> tuple[list[str], float]:
        """Translate twice; return the answers and the seconds of the faster round."""
        times = []
        for _ in range(2):
            begun = self._clock()
            found = engine.translate(self._requests)
            times.append(self._clock() - begun)
        return [repr(one) for one in found], min(times)
