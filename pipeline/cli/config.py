"""`terjiman config`: the settings a job runs with."""

from __future__ import annotations

from typing import Annotated

import typer

from pipeline.job import open_job

app = typer.Typer()


@app.command()
def config(
    job: Annotated[str, typer.Argument(metavar="[JOB]", help="Job folder or its job.toml.")] = ".",
    show: Annotated[bool, typer.Option("--show", help="Print all settings, defaults included.")] = True,
) -> None:
    """Check a job file and print every setting as JSON, defaults included.

    Example: terjiman config my-job --show
    """
    settings = open_job(job).settings
    if show:
        typer.echo(settings.model_dump_json(indent=2))
