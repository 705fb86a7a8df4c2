"""The records that travel between the rooms; on disk JSON Lines, UTF-8, NFC, one record a line.

Every span is a pair of 0-based character offsets `(start, end)`, end exclusive, into NFC text.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, is_dataclass
from sys import intern
from typing import Any, Literal

Span = tuple[int, int]
Severity = Literal["error", "warning", "info"]
Origin = Literal["mt", "memory", "human"]
Verdict = Literal["passed", "failed", "untranslated", "waived"]


@dataclass(frozen=True, slots=True)
class Tag:
    """Inline markup: `open` and `close` are the raw marks written around `span` of the text.

    A zero-width span with an empty `close` is an object that stands in the text (an image, a line break).
    """

    span: Span
    kind: str
    open: str
    close: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph-sized piece of a document: heading, paragraph, list item, caption, cell.

    `kind` is free text for display; `markup` spans index `text`.
    """

    text: str
    kind: str = "paragraph"
    markup: tuple[Tag, ...] = ()


@dataclass(frozen=True, slots=True)
class Segment:
    """A sentence-sized unit. `id` is `document:paragraph:sentence`, 0-based, positional, for display."""

    id: str
    text: str
    markup: tuple[Tag, ...] = ()

    @property
    def paragraph(self) -> int:
        """The 0-based index of its block in the document."""
        return int(self.id.rsplit(":", 2)[1])


@dataclass(frozen=True, slots=True)
class Flag:
    """A doubt about a segment. `span` indexes the target text, None for the whole segment."""

    check: str
    severity: Severity
    message: str
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class TermUse:
    """The audit record of one occurrence of a term in a source segment.

    Attributes:
        term: id of the term.
        surface: the words that stand in the source.
        source_span: where, in the source text.
        form: the form that stands in the target, None where none was found.
        span: where, in the target text.
        case: features of the form, as the paradigm names them (`gen`, `dat.poss3`), empty where unknown.
        rung: the step of the ladder that brought it about; None where nothing was enforced (verify only).
        verdict: what the independent verifier says; `untranslated` where the glossary has no target.
    """

    term: str
    surface: str
    source_span: Span
    form: str | None
    span: Span | None
    case: str
    rung: int | None
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Translation:
    """The translation of one segment into one language. `markup` indexes `text`."""

    segment: str
    lang: str
    text: str
    model: str
    origin: Origin = "mt"
    terms: tuple[TermUse, ...] = ()
    flags: tuple[Flag, ...] = ()
    markup: tuple[Tag, ...] = ()


@dataclass(frozen=True, slots=True)
class Bead:
    """An alignment link m-n between source and target ids (either side may be empty).

    `score` is the aligner's similarity (higher is better); `confidence` is calibrated to 0..1.
    """

    source: tuple[str, ...]
    target: tuple[str, ...]
    score: float
    confidence: float


@dataclass(frozen=True, slots=True)
class Request:
    """What an engine is asked: one text into one language.

    Attributes:
        prefix: target text the output must begin with.
        terms: pairs (source words, target lemma), hints for models that take them in the prompt.
        context: the sentences before this one, oldest first.
        former: a whole translation made before, where there is one: an answer that gets much longer goes in
            circles, and an engine may cut it off, flagged as any answer that is cut.
    """

    text: str
    lang: str
    n_best: int = 1
    prefix: str = ""
    terms: tuple[tuple[str, str], ...] = ()
    context: tuple[str, ...] = ()
    former: str = ""


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """What an engine answers. `score` is the mean log-probability per token (0.0 where it has none).

    `alignment` holds pairs of (source, target) character spans where the model has one. `flags` says what
    befell the text on the way (`length-limit`, `split-input`, `empty-output`). `model` names the model that
    wrote it where that is not the engine asked.
    """

    text: str
    score: float = 0.0
    alignment: tuple[tuple[Span, Span], ...] = ()
    flags: tuple[Flag, ...] = ()
    model: str = ""


Record = Tag | Block | Segment | Flag | TermUse | Translation | Bead | Request | Hypothesis


def as_data(record: Any) -> dict[str, Any]:
    """Return a record as plain data, keys in field order.

    The same as `dataclasses.asdict`, which copies every text it meets and takes ten times as long.
    """
    data: dict[str, Any] = {}
    for name in record.__dataclass_fields__:
        value = getattr(record, name)
        if isinstance(value, tuple) and value and is_dataclass(value[0]):
            value = tuple(as_data(one) for one in value)
        data[name] = value
    return data


def to_json(record: Record) -> str:
    """Return the record as one line of JSON (no newline), keys in field order."""
    return json.dumps(as_data(record), ensure_ascii=False, separators=(",", ":"))


def to_jsonl(records: Iterable[Record]) -> str:
    """Return the records as JSON Lines, with a final newline unless there are none."""
    return "".join(to_json(record) + "\n" for record in records)


def _span(value: Any) -> Span | None:
    return None if value is None else (int(value[0]), int(value[1]))


def _sure_span(value: Any) -> Span:
    return int(value[0]), int(value[1])


def _tags(value: Any) -> tuple[Tag, ...]:
    return tuple(Tag(**{**tag, "span": _sure_span(tag["span"])}) for tag in value)


def flag_from(data: Mapping[str, Any]) -> Flag:
    """Rebuild a `Flag` from its JSON object."""
    # the same few words stand in the flags of every segment: kept once, they cost little
    shared = {name: intern(data[name]) for name in ("check", "severity", "message")}
    return Flag(**{**data, **shared, "span": _span(data.get("span"))})


def segment_from(data: Mapping[str, Any]) -> Segment:
    """Rebuild a `Segment` from its JSON object."""
    return Segment(**{**data, "markup": _tags(data.get("markup", ()))})


def term_use_from(data: Mapping[str, Any]) -> TermUse:
    """Rebuild a `TermUse` from its JSON object."""
    return TermUse(
        **{**data, "source_span": _sure_span(data["source_span"]), "span": _span(data.get("span"))}
    )


def translation_from(data: Mapping[str, Any]) -> Translation:
    """Rebuild a `Translation` from its JSON object."""
    return Translation(
        **{
            **data,
            "lang": intern(data["lang"]),
            "model": intern(data["model"]),
            "terms": tuple(map(term_use_from, data.get("terms", ()))),
            "flags": tuple(map(flag_from, data.get("flags", ()))),
            "markup": _tags(data.get("markup", ())),
        }
    )


def bead_from(data: Mapping[str, Any]) -> Bead:
    """Rebuild a `Bead` from its JSON object."""
    return Bead(**{**data, "source": tuple(data["source"]), "target": tuple(data["target"])})
