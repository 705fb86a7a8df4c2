"""`terjiman glossary suggest`: the names in documents that the glossary lacks."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

import models.registry as registry
from corpora import documents, segments
from corpora.errors import InputError, MissingError, UsageError
from corpora.languages import SOURCE, TARGETS
from corpora.records import Request
from glossary.matching import Matcher
from glossary.suggestion import Candidate, suggest
from glossary.suggestion.kinds import PEOPLE
from glossary.suggestion.renderings import Rendered, choose, excerpt, rendered
from glossary.termbase import load
from glossary.terms import KEEP
from pipeline.cli.common import write_output
from pipeline.cli.termfiles import target_language

SHARD = 64
Answers = Mapping[str, Sequence[Rendered]]


def command(
    docs: Annotated[list[Path], typer.Argument(metavar="DOC…", help="Documents, or folders of them.")],
    glossary: Annotated[list[Path] | None, typer.Option(help="What is known; may be repeated.")] = None,
    to: Annotated[
        list[str] | None, typer.Option("--to", metavar="LANG", help="Show how a model renders them.")
    ] = None,
    model: Annotated[str, typer.Option(help="The model that --to asks.")] = "auto",
    samples: Annotated[int, typer.Option(min=1, help="Segments translated for each name, at most.")] = 6,
    top: Annotated[int, typer.Option(min=0, help="Only the most frequent names; 0: all.")] = 0,
    out: Annotated[
        str | None, typer.Option("--csv", metavar="OUT", help="Write a glossary to fill in (.csv, .tsv).")
    ] = None,
    json_: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
    threads: Annotated[int, typer.Option(min=0, help="Threads of the engine; 0: all cores.")] = 0,
) -> None:
    """List the names and places in documents that the glossary lacks, the most frequent first.

    With --to, some segments of each name are translated, and the different ways in which the model renders
    it are listed: where it wavers, a glossary helps most. Both names and renderings are guesses.

    Example: terjiman glossary suggest book.md --glossary names.csv --to kk --csv new.csv
    """
    langs = list(dict.fromkeys(target_language(code) for code in to or ()))
    if model != "auto" and not langs:
        raise UsageError("--model without a language", fix=f"Add --to {' or --to '.join(TARGETS)}")
    texts = [text for path in _files(docs) for text in _segments(path)]
    terms = load(glossary or [])
    found = suggest(texts, terms, Matcher(terms))
    shown = found[:top] if top else found
    answers = {lang: _render(shown, texts, lang, model, samples, threads) for lang in langs}
    if out:
        separator = "\t" if out.endswith((".tsv", ".tab")) else ","
        resolved = {lang: registry.resolve(model, lang) for lang in langs}
        write_output(_table(shown, answers, resolved, separator), out)
    if json_:
        data = {"segments": len(texts), "names": [_record(at, one, answers) for at, one in enumerate(shown)]}
        write_output(json.dumps(data, ensure_ascii=False, indent=1) + "\n", None)
    elif out != "-":
        write_output("".join(f"{line}\n" for line in _lines(shown, answers)), None)
    rest = f", the {len(shown)} most frequent shown" if len(shown) < len(found) else ""
    print(f"{len(found)} names that the glossary lacks in {len(texts)} segments{rest}", file=sys.stderr)


def _files(paths: Sequence[Path]) -> list[Path]:
    """Return the documents; of a folder those in it and below whose format is known, hidden ones left out."""
    files: list[Path] = []
    known = tuple(suffix for one in documents.FORMATS for suffix in one.suffixes)
    for path in paths:
        if not path.is_dir():
            files.append(path)
            continue
        inner = [
            item
            for item in sorted(path.rglob("*"))
            if item.suffix.lower() in known
            and item.is_file()
            and not any(part.startswith((".", "~$")) for part in item.relative_to(path).parts)
        ]
        if not inner:
            raise MissingError(
                "no document in this folder", place=str(path), fix=f"Known: {', '.join(known)}"
            )
        files += inner
    return list(dict.fromkeys(files))


def _segments(path: Path) -> list[str]:
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise MissingError("no such document", place=str(path)) from None
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", place=str(path)) from None
    blocks = documents.read(data, str(path))
    return [segment.text for segment in segments.segment(path.name, blocks, SOURCE)]


def _render(
    candidates: Sequence[Candidate], texts: Sequence[str], lang: str, model: str, samples: int, threads: int
) -> list[Rendered]:
    """Translate some segments of each name with the bare model, and find the names in the outputs."""
    chosen, own = choose([one.segments for one in candidates], samples)
    if not chosen:
        return []
    name = registry.resolve(model, lang)
    registry.ensure(name, progress=lambda text: print(text, file=sys.stderr))
    engine = registry.load_engine(name, threads=threads or None)
    if engine.info.warning:
        print(f"note: {name}: {engine.info.warning}", file=sys.stderr)
    print(
        f"{name} translates {len(chosen)} segments into {lang}: at most {samples} for each name",
        file=sys.stderr,
    )
    outputs: dict[int, str] = {}
    for start in range(0, len(chosen), SHARD):
        shard = chosen[start : start + SHARD]
        answers = engine.translate([Request(texts[index], lang) for index in shard])
        outputs.update((index, best[0].text) for index, best in zip(shard, answers, strict=True))
    results = []
    for at, one in enumerate(candidates):
        holding = set(one.segments)
        others = [text for index, text in outputs.items() if index not in holding]
        names = [spelling for spelling, _ in one.spellings]
        mine = [outputs[index] for index in own[at]]
        rivals = [other.name for other in candidates if other is not one]
        results.append(rendered(names, mine, others, lang, _type(one), rivals))
    return results


def _type(one: Candidate) -> str:
    """Return the type as a glossary has it: a people has none, for Russian may answer with an adjective."""
    return "" if one.kind == PEOPLE else one.kind


def _lines(candidates: Sequence[Candidate], answers: Answers) -> list[str]:
    """Return the table for people: how often, what, the name; below it what else is known."""
    lines = []
    for at, one in enumerate(candidates):
        lines.append(f"{one.count:>5}  {one.kind or '?':<12}  {' | '.join((one.name, *one.aliases))}")
        lines += [f"{'':21}{note}" for note in _notes(one)]
        for lang, results in answers.items():
            mark = "!" if results[at].wavers else " "
            lines.append(f"{'':19}{mark} {lang}: {', '.join(excerpt(results[at])) or 'not found'}")
    return lines


def _notes(one: Candidate) -> list[str]:
    notes = []
    if one.short_for:
        notes.append(f"short for {' or '.join(one.short_for)}?")
    if one.like:
        notes.append(f"another spelling of {' or '.join(one.like)}, which the glossary has?")
    if one.aliases:
        spelt = ", ".join(f"{name} ×{count}" for name, count in one.spellings)
        notes.append(f"taken for one name: {spelt}")
    return notes


def _record(at: int, one: Candidate, answers: Answers) -> dict[str, object]:
    return {
        "name": one.name,
        "type": one.kind,
        "count": one.count,
        "spellings": dict(one.spellings),
        "aliases": list(one.aliases),
        "short for": list(one.short_for),
        "like": list(one.like),
        "example": one.example,
        "renderings": {lang: asdict(results[at]) for lang, results in answers.items()},
    }


def _table(
    candidates: Sequence[Candidate], answers: Answers, models: Mapping[str, str], delimiter: str
) -> str:
    """Return a glossary to fill in: the most frequent renderings as drafts, all of them in the note."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    writer.writerow(["en", "aliases", "type", *TARGETS, "source", "status", "note"])
    made = ", ".join(dict.fromkeys(Path(name).name for name in models.values()))
    for at, one in enumerate(candidates):
        cells = {lang: results[at].renderings for lang, results in answers.items()}
        drafts = [_draft(one, cells[lang][0].text) if cells.get(lang) else "" for lang in TARGETS]
        source = f"machine translation ({made})" if any(drafts) else ""
        wavering = [f"{lang}: {', '.join(excerpt(results[at]))}" for lang, results in answers.items()]
        note = "; ".join([f"×{one.count}", *_notes(one), *wavering, f"as in “{one.example}”"])
        aliases = "|".join(one.aliases)
        writer.writerow([one.name, aliases, _type(one), *drafts, source, "draft", _clean(note)])
    return out.getvalue()


def _draft(one: Candidate, rendering: str) -> str:
    """Return the cell for a rendering; one that is the English name itself is kept as it is."""
    return KEEP if rendering.casefold() in {name.casefold() for name, _ in one.spellings} else rendering


def _clean(text: str) -> str:
    """Return the text without the invisible characters that a glossary refuses."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
