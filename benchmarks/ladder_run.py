"""Run an engine with and without the ladder over lines, shard by shard, and keep what was measured."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from numpy import floating
from numpy.typing import NDArray

from corpora.protocols import Encoder, Engine, EngineInfo
from corpora.records import Hypothesis, Request
from glossary.enforcement import translate
from glossary.matching import Matcher
from glossary.terms import entries_digest

SHARD = 64  # lines that go through the ladder together, as in a run


@dataclass(frozen=True, slots=True)
class Line:
    """A line translated both ways.

    Attributes:
        place: its index in the set.
        source: the English.
        plain: what the engine makes of it alone.
        text: what comes off the ladder.
        named: a term with a rendering stands in it.
        rung: the step that settled it.
        errors: the checks of its error flags.
    """

    place: int
    source: str
    plain: str
    text: str
    named: bool
    rung: int
    errors: tuple[str, ...]


@dataclass(slots=True)
class Measured:
    """Lines and CPU seconds: of plain translation, of the ladder, and of the ladder by kind of work."""

    lines: list[Line] = field(default_factory=list)
    plain: float = 0.0
    ladder: float = 0.0
    seconds: dict[str, float] = field(default_factory=dict)

    def add(self, other: Measured) -> None:
        """Add another shard to this one."""
        self.lines += other.lines
        self.plain += other.plain
        self.ladder += other.ladder
        for name, seconds in other.seconds.items():
            self.seconds[name] = self.seconds.get(name, 0.0) + seconds


class _Meter:
    """Counts the CPU seconds of an engine by kind of request, and of an encoder."""

    def __init__(self, engine: Engine, encoder: Encoder, sources: Sequence[str]) -> None:
        self._engine, self._encoder, self._sources = engine, encoder, frozenset(sources)
        self.name, self.digest = encoder.name, encoder.digest
        self.seconds: dict[str, float] = {}

    @property
    def info(self) -> EngineInfo:
        return self._engine.info

    @contextmanager
    def _counted(self, kind: str) -> Iterator[None]:
        start = time.process_time()
        yield
        self.seconds[kind] = self.seconds.get(kind, 0.0) + time.process_time() - start

    def translate(self, batch: Sequence[Request]) -> list[list[Hypothesis]]:
        with self._counted(self._kind(batch)):
            return self._engine.translate(batch)

    def encode(self, texts: Sequence[str]) -> NDArray[floating[Any]]:
        with self._counted("meaning"):
            return self._encoder.encode(texts)

    def _kind(self, batch: Sequence[Request]) -> str:
        if any(request.prefix for request in batch):
            return "forced"
        if any(request.text not in self._sources for request in batch):
            return "stand-ins"
        if any(request.n_best > 1 for request in batch):
            return "several answers"
        return "terms named" if any(request.terms for request in batch) else "first"


def measure(
    sources: Sequence[str], lang: str, engine: Engine, matcher: Matcher, encoder: Encoder, keep: Path | None
) -> Measured:
    """Translate lines without and with the glossary.

    Args:
        keep: folder of shards measured before; those are not measured again.
    """
    whole = Measured()
    parts = [engine.info.digest, encoder.digest, entries_digest(matcher.glossary.terms, lang), *sources]
    digest = hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]
    for start in range(0, len(sources), SHARD):
        file = keep / f"{lang}-{digest}-{start}.json" if keep else None
        if file and file.exists():
            shard = _read(file)
        else:
            shard = _measured(sources[start : start + SHARD], start, lang, engine, matcher, encoder)
        if file and not file.exists():
            _write(file, shard)
        whole.add(shard)
    return whole


def _measured(
    sources: Sequence[str], first: int, lang: str, engine: Engine, matcher: Matcher, encoder: Encoder
) -> Measured:
    start = time.process_time()
    answers = engine.translate([Request(source, lang) for source in sources])
    between = time.process_time()
    meter = _Meter(engine, encoder, sources)
    done = translate(sources, lang, meter, matcher.glossary, matcher, meter)
    end = time.process_time()
    lines = [
        Line(
            first + number,
            source,
            answer[0].text,
            one.text,
            any(use.verdict != "untranslated" for use in one.terms),
            one.rung,
            tuple(dict.fromkeys(flag.check for flag in one.flags if flag.severity == "error")),
        )
        for number, (source, answer, one) in enumerate(zip(sources, answers, done, strict=True))
    ]
    seconds = dict(meter.seconds)
    seconds["verifier and the rest"] = end - between - sum(seconds.values())
    return Measured(lines, between - start, end - between, seconds)


def _read(file: Path) -> Measured:
    data = json.loads(file.read_text(encoding="utf-8"))
    lines = [Line(**{**line, "errors": tuple(line["errors"])}) for line in data.pop("lines")]
    return Measured(lines, **data)


def _write(file: Path, shard: Measured) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    spare = file.with_suffix(".part")
    spare.write_text(json.dumps(asdict(shard), ensure_ascii=False), encoding="utf-8")
    spare.replace(file)
