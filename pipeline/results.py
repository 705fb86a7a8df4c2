"""The committed results of a job, read through its manifests: what pages, exports and comparisons show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from corpora.records import Segment, bead_from, segment_from
from corpora.text import join_sentences
from pipeline.publishing.review_data import ReviewRow
from pipeline.stages import score as score_stage
from pipeline.stages.base import digest_of, read_records
from pipeline.stages.score import Scored
from pipeline.state import Manifest, State


class Results:
    """The committed results of a job, read through its manifests."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._manifests = {(item.stage, item.document, item.lang): item for item in state.manifests()}

    def digest(self) -> str:
        """Return what identifies all results together."""
        return digest_of(sorted(item.key for item in self._manifests.values()))

    def done(self) -> Iterator[tuple[str, str]]:
        """Iterate over the documents and targets whose translations and scores belong to today's segments."""
        for stage, document, lang in self._manifests:
            if stage == "score" and self._is_current(document, lang) and self._is_whole(document, lang):
                yield document, lang

    def translated(self) -> frozenset[tuple[str, str]]:
        """Return the documents and targets that were ever translated, whether of today's sources or not."""
        return frozenset((name, lang) for stage, name, lang in self._manifests if stage == "translate")

    def _is_current(self, document: str, lang: str) -> bool:
        ingest = self._manifests.get(("ingest", document, ""))
        translate = self._manifests.get(("translate", document, lang))
        scored = self._manifests[("score", document, lang)]
        return (
            ingest is not None
            and translate is not None
            and translate.parts["source"] == ingest.key
            and scored.parts["translation"] == translate.key
            and scored.version == score_stage.VERSION
        )

    def _is_whole(self, document: str, lang: str) -> bool:
        """Tell whether all that a page would read is undamaged."""
        keys = [
            ("ingest", document, ""),
            *((name, document, lang) for name in ("translate", "align", "score")),
        ]
        return all(key in self._manifests and self._state.is_whole(self._manifests[key]) for key in keys)

    def segments(self, document: str) -> list[Segment]:
        """Return the segments of a document in reading order."""
        return [segment_from(data) for data in self._read("ingest", document, "", "segments.jsonl")]

    def scored(self, document: str, lang: str) -> list[Scored]:
        """Return the translations of a document with all their flags, waivers applied."""
        translations = self._read("translate", document, lang, "translations.jsonl")
        return score_stage.scored(translations, self._read("score", document, lang, "flags.jsonl"))

    def stats(self, document: str, lang: str) -> Mapping[str, Any]:
        """Return the statistics of a score unit."""
        return self._manifests[("score", document, lang)].stats

    def model(self, document: str, lang: str) -> Mapping[str, str]:
        """Return name, digest and warning of the model that wrote a translation."""
        used: Mapping[str, str] = self._manifests[("translate", document, lang)].stats["model"]
        return used

    def pairs(self, document: str, lang: str) -> Sequence[Mapping[str, str]]:
        """Return hypothesis and reference for each bead that has both."""
        return self._read("score", document, lang, "pairs.jsonl")

    def rows(self, document: str, lang: str) -> tuple[ReviewRow, ...]:
        """Return the review rows of a document in reading order."""
        references = self._references(document, lang)
        return tuple(
            ReviewRow(
                segment,
                result.translation,
                result.flags,
                reference=references.get(segment.id, ""),
                waiver=result.waiver,
            )
            for segment, result in zip(self.segments(document), self.scored(document, lang), strict=True)
        )

    def _references(self, document: str, lang: str) -> dict[str, str]:
        """Return, by source segment, the human translation of the bead it belongs to."""
        manifest = self._manifests.get(("align", document, lang))
        if manifest is None or "reference.jsonl" not in manifest.files:
            return {}
        texts = {
            data["id"]: str(data["text"]) for data in self._read("align", document, lang, "reference.jsonl")
        }
        beads = map(bead_from, self._read("align", document, lang, "reference-beads.jsonl"))
        return {
            source: join_sentences([texts[target] for target in bead.target], lang)
            for bead in beads
            for source in bead.source
        }

    def _read(self, stage: str, document: str, lang: str, name: str) -> tuple[dict[str, Any], ...]:
        manifest: Manifest = self._manifests[(stage, document, lang)]
        return read_records(self._state.unit_folder(manifest) / name, manifest.files[name])
