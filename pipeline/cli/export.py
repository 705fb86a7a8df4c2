"""`terjiman export`: the bitext of a job in another format."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from corpora.errors import UsageError
from pipeline.cli.opening import open_workspace, results_to_show
from pipeline.job import open_job
from pipeline.progress import Reporter
from pipeline.results import Results
from pipeline.stages.publish import BITEXT, bitext_pairs
from pipeline.storage import write_atomic

app = typer.Typer()


@app.command()
def export(
    job: Annotated[str, typer.Argument(metavar="[JOB]", help="Job folder or its job.toml.")] = ".",
    format_: Annotated[str, typer.Option("--format", metavar="F", help=", ".join(BITEXT))] = "tmx",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="DIR", help="Folder instead of out/bitext.")
    ] = None,
) -> None:
    """Write what is translated as bitext: one file for each document and target.

    Example: terjiman export my-job --format xliff -o for-the-linguist
    """
    if format_ not in BITEXT:
        raise UsageError(f"unknown format {format_!r}", place="--format", fix=f"Use {', '.join(BITEXT)}")
    opened = open_job(job)
    folder = output or opened.out / "bitext"
    with Reporter() as reporter:
        workspace = open_workspace(opened, reporter, reading=True)
        results = Results(workspace.state)
        source_lang = opened.settings.source_language
        count = 0
        for document, lang in results_to_show(opened, results, reporter):
            pairs = bitext_pairs(results.segments(document), results.scored(document, lang), lang, document)
            notice = str(results.model(document, lang)["warning"])
            data = BITEXT[format_](pairs, source_lang=source_lang, lang=lang, notice=notice)
            write_atomic(folder / f"{document}.{lang}.{format_}", data)
            count += 1
    typer.echo(f"{folder}: {count} files", err=True)
