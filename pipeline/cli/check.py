"""`terjiman check`: what looks wrong in a translation, without a reference."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from corpora.errors import UsageError
from corpora.records import Flag
from glossary.matching import Matcher
from glossary.termbase import load
from glossary.verification import verify
from pipeline.cli.common import json_lines, read_parallel, write_output
from pipeline.cli.termfiles import target_language
from pipeline.quality.checks import CHECKS
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
    json_: Annotated[bool, typer.Option("--json", help="One JSON record a line.")] = False,
) -> None:
    """List doubts: loops, wrong language, lost numbers, dates, addresses, cut text and the like.

    Exit code 1 where there is an error or a warning; information alone is 0.

    Example: terjiman check news.en news.ug --to ug --glossary names.csv
    """
    lang = target_language(to)
    left_out = _known(skip or [])
    sources, targets = read_parallel(src, hyp)
    terms = _terms(glossary or [], sources, targets, lang)
    flags = [
        [*term_flags, *doubts(source, target, lang, skip=left_out)]
        for source, target, term_flags in zip(sources, targets, terms, strict=True)
    ]
    write_output(_records(flags) if json_ else _lines(hyp, flags), None)
    found = any(flag.severity != "info" for one in flags for flag in one)
    raise typer.Exit(1 if found else 0)


def _known(names: list[str]) -> frozenset[str]:
    unknown = sorted(set(names) - CHECKS.keys())
    if unknown:
        known = ", ".join(CHECKS)
        raise UsageError(f"no check {unknown[0]!r}", place="--skip", fix=f"Use one of: {known}")
    return frozenset(names)


def _terms(files: list[str], sources: list[str], targets: list[str], lang: str) -> Iterator[tuple[Flag, ...]]:
    """Yield the flags of the glossary for each line; none where no glossary is given."""
    if not files:
        yield from ((),) * len(sources)
        return
    terms = load([Path(name) for name in files])
    matcher = Matcher(terms)
    for source, target in zip(sources, targets, strict=True):
        yield verify(source, target, lang, terms, matcher).flags


def _records(flags: list[list[Flag]]) -> str:
    return json_lines(
        [
            {
                "line": number,
                "flags": [
                    {"check": flag.check, "severity": flag.severity, "message": flag.message} for flag in one
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
