"""translate: segments become checked translations, the glossary enforced."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from corpora.documents.markup import project
from corpora.records import (
    Segment,
    Span,
    TermUse,
    Translation,
    flag_from,
    term_use_from,
    to_jsonl,
    translation_from,
)
from glossary.enforcement import Enforced, translate
from glossary.terms import entries_digest
from pipeline.journal import Journal
from pipeline.stages.base import Stage, Upstream, digest_of, read_records
from pipeline.stages.reverifying import judges_digest, reverified
from pipeline.state import Stats, Unit
from pipeline.storage import write_new
from pipeline.workspace import Workspace

VERSION = 3
SHARD = 64  # segments that are decoded together; part of the version, since it can change output
MARKUP_CHECK = "markup"


@dataclass(frozen=True, slots=True)
class SegmentKey:
    """What the translation of one segment depends on, by part, so that a plan can say what changed."""

    text: str
    terms: str
    model: str

    @property
    def key(self) -> str:
        """The digest of all parts."""
        return digest_of([VERSION, self.text, self.terms, self.model])


@dataclass(frozen=True, slots=True)
class Kept:
    """The last committed translations of a document into one language, by segment key."""

    unit: str
    translations: Mapping[str, Translation]
    keys: Sequence[SegmentKey]


def plan(workspace: Workspace, upstream: Upstream, lang: str) -> Unit:
    """Plan a unit keyed by its segments, the model, and the glossary entries that match the document."""
    keys = segment_keys(workspace, upstream.document.segments, lang)
    parts = {
        "source": upstream.units["ingest"].key,
        "terms": digest_of([key.terms for key in keys]),
        "forbidden terms": workspace.glossary.forbidden_digest(lang),
        "model": _model_digest(workspace, lang),
    }
    parts["other terms"] = _other_terms(workspace, upstream, lang, parts)
    return Unit("translate", upstream.document.name, lang, VERSION, parts)


def _other_terms(workspace: Workspace, upstream: Upstream, lang: str, parts: Mapping[str, str]) -> str:
    """Return the digest of the whole glossary; of the former one if that says the same of what is kept.

    So a term that is added elsewhere leaves the documents alone that it does not concern.
    """
    now = judges_digest(workspace, lang)
    manifest = workspace.state.manifest("translate", upstream.document.name, lang)
    if manifest is None or any(manifest.parts.get(name) != value for name, value in parts.items()):
        return now
    before = manifest.parts.get("other terms")
    if before is None or before == now:
        return now
    kept = _last_committed(workspace, upstream.document.name, lang)
    keys = segment_keys(workspace, upstream.document.segments, lang)
    for segment, key in zip(upstream.document.segments, keys, strict=True):
        old = kept.translations.get(key.key)
        if old is None or reverified(workspace, segment, old, lang) != old:
            return now
    return before


def segment_keys(workspace: Workspace, segments: Sequence[Segment], lang: str) -> list[SegmentKey]:
    """Return the key of each segment."""
    model = _model_digest(workspace, lang)
    keys = []
    for segment in segments:
        terms = [match.term for match in workspace.matcher.find(segment.text)]
        keys.append(SegmentKey(segment.text, entries_digest(terms, lang), model))
    return keys


def _model_digest(workspace: Workspace, lang: str) -> str:
    """Return what identifies the models that write and mend: the engine and the encoder of the ladder."""
    return digest_of([workspace.engine_info(lang).digest, workspace.encoder.digest])


def stale_segments(workspace: Workspace, upstream: Upstream, lang: str) -> dict[int, str]:
    """Return which segments must be translated, by index, each with the reason.

    A segment whose key stands in the last committed unit is kept if the verifier still finds its terms and
    the same kinds of error (a forbidden rendering may have been added since).
    """
    kept = _last_committed(workspace, upstream.document.name, lang)
    known = {key.text: key for key in kept.keys}
    stale: dict[int, str] = {}
    keys = segment_keys(workspace, upstream.document.segments, lang)
    for index, (segment, key) in enumerate(zip(upstream.document.segments, keys, strict=True)):
        old = kept.translations.get(key.key)
        if old is None:
            stale[index] = _reason(known.get(segment.text), key)
        elif reverified(workspace, segment, old, lang) is None:
            stale[index] = "term changed"
    return stale


def _reason(known: SegmentKey | None, key: SegmentKey) -> str:
    if known is None:
        return "new text"
    return "model changed" if known.model != key.model else "term changed"


def _last_committed(workspace: Workspace, document: str, lang: str) -> Kept:
    manifest = workspace.state.manifest("translate", document, lang)
    if manifest is None or manifest.version != VERSION or not workspace.state.is_whole(manifest):
        return Kept("", {}, ())
    folder = workspace.state.unit_folder(manifest)
    records = read_records(folder / "translations.jsonl", manifest.files["translations.jsonl"])
    keys = [SegmentKey(**data) for data in read_records(folder / "keys.jsonl", manifest.files["keys.jsonl"])]
    translations = (translation_from(data) for data in records)
    return Kept(manifest.key, {key.key: item for key, item in zip(keys, translations, strict=True)}, keys)


def run(workspace: Workspace, upstream: Upstream, unit: Unit, folder: Path) -> Stats:
    """Translate what is stale, keep the rest; write `translations.jsonl` and `keys.jsonl`.

    What is stale follows from the last committed unit, which stays until this one is committed; so after a
    kill the same batches are made of the same segments. Those that the journal holds are not decoded again.
    """
    segments, lang = upstream.document.segments, unit.lang
    keys = segment_keys(workspace, segments, lang)
    kept = _last_committed(workspace, unit.document, lang)
    shards = _shards(workspace, upstream, lang, keys)
    digest = digest_of([kept.unit, shards])
    with Journal(workspace.state.work_folder(unit) / "journal.jsonl", digest) as journal:
        fresh = _translate_shards(workspace, segments, keys, lang, shards, journal)
    model = workspace.model_name(lang)
    translations = []
    for segment, key in zip(segments, keys, strict=True):
        if (enforced := fresh.get(key.key)) is not None:
            raw = Translation(
                segment.id, lang, enforced.text, enforced.model or model,
                terms=enforced.terms, flags=enforced.flags,
            )  # fmt: skip
        else:
            old = kept.translations[key.key]
            again = reverified(workspace, segment, old, lang)
            if again is None:
                raise RuntimeError(f"{segment.id} is stale and was not translated")
            raw = replace(again, segment=segment.id, markup=())
        translations.append(_with_markup(segment, raw))
    write_new(folder / "translations.jsonl", to_jsonl(translations).encode())
    lines = [
        json.dumps({"text": k.text, "terms": k.terms, "model": k.model}, ensure_ascii=False) for k in keys
    ]
    write_new(folder / "keys.jsonl", "".join(line + "\n" for line in lines).encode())
    info = workspace.engine_info(lang)
    used = {"name": model, "digest": info.digest, "warning": info.warning}
    return {"model": used, **_stats(segments, translations, fresh)}


def _shards(
    workspace: Workspace, upstream: Upstream, lang: str, keys: Sequence[SegmentKey]
) -> list[list[int]]:
    """Return the stale segments in shards of `SHARD`, each text once."""
    first: dict[str, int] = {}
    for index in stale_segments(workspace, upstream, lang):
        first.setdefault(keys[index].key, index)
    stale = list(first.values())
    return [stale[start : start + SHARD] for start in range(0, len(stale), SHARD)]


def _translate_shards(
    workspace: Workspace,
    segments: Sequence[Segment],
    keys: Sequence[SegmentKey],
    lang: str,
    shards: Sequence[Sequence[int]],
    journal: Journal,
) -> dict[str, Enforced]:
    """Return the translation of every stale key; shards that the journal holds are not decoded again."""
    fresh: dict[str, Enforced] = {}
    for number, shard in enumerate(shards):
        results = [_enforced_from(data) for data in journal.result(number) or ()]
        if not results:
            workspace.check_stop()
            texts = [segments[index].text for index in shard]
            results = translate(
                texts, lang, workspace.engine(lang), workspace.glossary, workspace.matcher, workspace.encoder
            )
            journal.append(number, [json.loads(_enforced_json(item)) for item in results])
        if len(results) != len(shard):
            raise RuntimeError(f"{len(shard)} segments went in, {len(results)} came out")
        fresh.update((keys[index].key, item) for index, item in zip(shard, results, strict=True))
        workspace.reporter.advance(len(shard))
    return fresh


def _enforced_json(item: Enforced) -> str:
    record = Translation("", "", item.text, item.model, terms=item.terms, flags=item.flags)
    return json.dumps({**json.loads(to_jsonl([record])), "score": item.score, "rung": item.rung})


def _enforced_from(data: Mapping[str, Any]) -> Enforced:
    return Enforced(
        text=data["text"],
        score=data["score"],
        terms=tuple(term_use_from(use) for use in data["terms"]),
        flags=tuple(flag_from(flag) for flag in data["flags"]),
        rung=data["rung"],
        model=data["model"],
    )


def _with_markup(segment: Segment, raw: Translation) -> Translation:
    """Place the segment's inline markup on its translation, by the terms' places and what else is sure."""
    anchors: list[tuple[Span, Span]] = [
        (use.source_span, use.span) for use in raw.terms if use.span is not None
    ]
    markup, flags = project(segment, raw.text, raw.lang, anchors)
    plain = tuple(flag for flag in raw.flags if not flag.check.startswith(MARKUP_CHECK))
    return replace(raw, markup=markup, flags=plain + flags)


def _stats(
    segments: Sequence[Segment], translations: Sequence[Translation], fresh: Mapping[str, Enforced]
) -> Stats:
    uses: list[TermUse] = [use for item in translations for use in item.terms]
    rungs: dict[str, int] = {}
    for use in uses:
        rungs[str(use.rung)] = rungs.get(str(use.rung), 0) + 1
    return {
        "segments": len(segments),
        "translated": len(fresh),
        "terms": len(uses),
        "terms passed": sum(use.verdict == "passed" for use in uses),
        "rungs": rungs,
    }


STAGE = Stage("translate", VERSION, True, plan, run)
