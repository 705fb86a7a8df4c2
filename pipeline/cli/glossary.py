"""`terjiman glossary`: look into a glossary and into the forms of its names."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from corpora.errors import UsageError
from corpora.languages import language
from corpora.text import nfc
from glossary.inflection import Lemma, paradigm
from glossary.lint import lint as find_faults
from glossary.terms import TYPES
from pipeline.cli.common import write_output

app = typer.Typer(no_args_is_help=True)


@app.callback()
def glossary() -> None:
    """Check, convert and explore glossaries."""


@app.command()
def lint(
    files: Annotated[list[str], typer.Argument(metavar="F…", help="Glossary files.")],
    quiet: Annotated[bool, typer.Option("--quiet", help="Leave out what is merely worth knowing.")] = False,
) -> None:
    """Find what is wrong in glossaries: each fault with line, what, why and how to mend it.

    Exit code 1 where there are errors or warnings.

    Example: terjiman glossary lint names.csv
    """
    found = find_faults([Path(name) for name in files])
    shown = [one for one in found if not quiet or one.severity != "info"]
    write_output("".join(f"{one}\n" for one in shown), None)
    counts = Counter(one.severity for one in found)
    print(f"{counts['error']} errors, {counts['warning']} warnings, {counts['info']} notes", file=sys.stderr)
    raise typer.Exit(1 if counts["error"] or counts["warning"] else 0)


@app.command()
def forms(
    lemma: Annotated[str, typer.Argument(metavar="LEMMA", help="Dictionary form, as in Алматы.")],
    lang: Annotated[str, typer.Option(metavar="LANG", help="Its language.")],
    type_: Annotated[str, typer.Option("--type", metavar="T", help=f"{', '.join(TYPES)}.")] = "",
    gender: Annotated[str, typer.Option(metavar="G", help="m or f.")] = "",
) -> None:
    """Print every form of a name that the verifier accepts, with its features.

    Example: terjiman glossary forms "Билаш" --lang ru --type person --gender m
    """
    code = language(lang, place="--lang").code
    if type_ and type_ not in TYPES:
        raise UsageError(f"unknown type {type_!r}", place="--type", fix=f"Use one of: {', '.join(TYPES)}")
    if gender not in ("", "m", "f"):
        raise UsageError(f"unknown gender {gender!r}", place="--gender", fix="Use m or f")
    text = " ".join(nfc(lemma).split())
    if not text:
        raise UsageError("the lemma is empty")
    rows = paradigm(Lemma(text, code, type_, gender))
    write_output("".join(f"{form.text}\t{form.features}\n" for form in rows), None)
