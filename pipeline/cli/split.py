"""`terjiman split`: one sentence a line."""

from __future__ import annotations

from typing import Annotated

import typer

from pipeline.cli.common import read_lines, write_output

app = typer.Typer()


@app.command()
def split(
    lang: Annotated[str, typer.Option("--lang", metavar="LANG", help="en, kk, ug, ru or zh.")],
    file: Annotated[str, typer.Argument(metavar="[FILE|-]", help="UTF-8 text; `-` is standard input.")] = "-",
) -> None:
    """Split text into sentences, one a line on standard output.

    Every line of the input is a paragraph of its own: a sentence never goes over a line end. Empty lines give
    none.

    Example: terjiman split article.txt --lang kk > sentences.txt
    """
    from corpora.languages import language
    from corpora.segments import split as spans

    language(lang, place="--lang")
    lines = read_lines(file)
    sentences = (line[start:end] for line in lines for start, end in spans(line, lang))
    write_output("".join(f"{sentence}\n" for sentence in sentences), None)
