"""`terjiman translate`: line in, line out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

import models.registry as registry
from corpora.languages import SOURCE, language
from corpora.records import Flag, as_data
from corpora.text import invisible_flag, visible
from glossary.enforcement import Enforced
from glossary.enforcement import translate as enforced_translate
from glossary.matching import Matcher
from glossary.termbase import load
from models.encoders import LateEncoder
from models.engines.retrying import RetryingEngine, Voice
from pipeline.cli.common import LetTextLeave, check_outputs, json_lines, read_lines, write_output
from pipeline.quality.soundness import doubt

app = typer.Typer()

SHARD = 256


@app.command()
def translate(
    to: Annotated[str, typer.Option("--to", metavar="LANG", help="kk, ug, ru or zh.")],
    file: Annotated[str, typer.Argument(metavar="[FILE|-]", help="One segment a line.")] = "-",
    model: Annotated[str, typer.Option(help="auto, a name, a folder, recorded:FILE, endpoint:URL.")] = "auto",
    glossary: Annotated[list[Path] | None, typer.Option(help="Glossary to enforce; may be repeated.")] = None,
    jsonl: Annotated[
        bool, typer.Option("--jsonl", help="One JSON object a line, with terms and flags.")
    ] = False,
    threads: Annotated[int, typer.Option(min=0, help="Threads of the engine; 0: all cores.")] = 0,
    output: Annotated[str | None, typer.Option("--output", "-o", help="File instead of stdout.")] = None,
    let_text_leave_this_machine: LetTextLeave = False,
) -> None:
    """Translate a text file line by line, the glossary enforced. An empty line stays empty.

    Control characters and overrides of direction are taken out of the source, and flagged. Flagged lines are
    told on stderr. Example: terjiman translate text.en --to kk --glossary names.csv
    """
    if language(to, place="--to").code == SOURCE:
        raise typer.BadParameter("the source language is English; use kk, ug, ru or zh")
    check_outputs(output)
    read = [visible(line) for line in read_lines(file)]
    lines = [line for line, _ in read]
    doubts = [invisible_flag(fell, "the source") for _, fell in read]
    terms = load(glossary or [])
    name = registry.resolve(model, to, let_text_leave=let_text_leave_this_machine)
    registry.ensure(name, progress=lambda text: typer.echo(text, err=True))
    voice = Voice(
        registry.load_engine(name, threads=threads or None),
        name,
        any_text=not name.startswith(registry.RECORDED),
    )
    engine = RetryingEngine(voice, (), doubt)
    if engine.info.warning:
        typer.echo(f"note: {name}: {engine.info.warning}", err=True)
    texts = [line for line in lines if line.strip()]
    matcher, encoder = Matcher(terms), LateEncoder()
    results: list[Enforced] = []
    for start in range(0, len(texts), SHARD):
        results += enforced_translate(texts[start : start + SHARD], to, engine, terms, matcher, encoder)
    answers = iter(results)
    placed = [next(answers) if line.strip() else None for line in lines]
    flags = [(*doubt, *(item.flags if item else ())) for doubt, item in zip(doubts, placed, strict=True)]
    _tell_flags(flags)
    if jsonl:
        records = [_record(at, item, name, flags[at]) for at, item in enumerate(placed)]
        write_output(json_lines(records), output)
    else:
        write_output("".join(f"{item.text if item else ''}\n" for item in placed), output)


def _record(line: int, item: Enforced | None, model: str, flags: Sequence[Flag]) -> dict[str, object]:
    return {
        "line": line,
        "text": item.text if item else "",
        "model": model,
        "terms": [as_data(use) for use in item.terms] if item else [],
        "flags": [as_data(flag) for flag in flags],
    }


def _tell_flags(flags: Sequence[Sequence[Flag]]) -> None:
    for line, doubts in enumerate(flags):
        for flag in doubts:
            typer.echo(f"line {line + 1}: {flag.severity}: {flag.check}: {flag.message}", err=True)
