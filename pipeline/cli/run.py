"""`terjiman run`."""

from __future__ import annotations

import typer

app = typer.Typer()


@app.command()
def run(job: str = typer.Argument(".")) -> None:
    """Run the job."""
    typer.echo(job)
