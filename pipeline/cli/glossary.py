"""`terjiman glossary`: look into a glossary and into the forms of its names."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from corpora.errors import UsageError, UsageErrorGroup
from corpora.languages import TARGETS, language
from corpora.text import nfc
from glossary.formats import FORMATS, format_of, parse, read_bytes, render, sniff
from glossary.formats.others import passed_over
from glossary.inflection import Lemma, paradigm
from glossary.lint import lint as find_faults
from glossary.terms import TYPES
from pipeline.cli import glossary_suggest
from pipeline.cli.common import write_output

app = typer.Typer(no_args_is_help=True, add_completion=False)


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
def convert(
    source: Annotated[str, typer.Argument(metavar="IN", help="Glossary file.")],
    out: Annotated[str, typer.Argument(metavar="OUT", help="File to write.")],
    from_: Annotated[str, typer.Option("--from", metavar="FORMAT", help="Format of IN.")] = "",
    as_: Annotated[str, typer.Option("--as", metavar="FORMAT", help="Format of OUT.")] = "",
    lang: Annotated[str, typer.Option(metavar="LANG", help="Target of one-language formats.")] = "",
) -> None:
    """Convert a glossary between formats, and say what the new one cannot hold.

    Formats: table (CSV or TSV with all fields), tbx, tmx, po, weblate, deepl, google, amazon. Without
    --from and --as they are told by the suffix, that of IN also by its first row.

    Example: terjiman glossary convert names.csv deepl.csv --as deepl --lang ru
    """
    for option, name in (("--from", from_), ("--as", as_)):
        if name and name not in FORMATS:
            raise UsageError(
                f"unknown format {name!r}", place=option, fix=f"Use one of: {', '.join(FORMATS)}"
            )
    if lang and lang not in TARGETS:
        raise UsageError(
            f"no target language {lang!r}", place="--lang", fix=f"Use one of: {', '.join(TARGETS)}"
        )
    data = read_bytes(Path(source))
    read_as = from_ or sniff(data, Path(source)).name
    terms, faults = parse(data, source, read_as, lang)
    if faults:
        raise UsageErrorGroup(list(faults))
    if Path(out).exists() and Path(out).samefile(source):
        raise UsageError("IN and OUT are the same file", place=out, fix="Choose another name for OUT")
    written = render(terms, as_ or format_of(Path(out)).name, lang, suffix=Path(out).suffix)
    write_output(written.data.decode(), out)
    print(f"{len(terms)} terms written to {out}", file=sys.stderr)
    for left in passed_over(data, source, read_as):
        print(f"not taken from {source}: {left}", file=sys.stderr)
    for loss in written.losses:
        print(f"not held by this format: {loss}", file=sys.stderr)


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


app.command("suggest")(glossary_suggest.command)
