"""`terjiman gc`: drop what no unit refers to any more."""

from __future__ import annotations

from typing import Annotated

import typer

from pipeline.job import open_job
from pipeline.lock import exclusive
from pipeline.state import State

app = typer.Typer()


@app.command()
def gc(
    job: Annotated[str, typer.Argument(metavar="[JOB]", help="Job folder or its job.toml.")] = ".",
    wait: Annotated[float, typer.Option(min=0, metavar="S", help="Seconds to wait for a run.")] = 0,
) -> None:
    """Remove results of earlier versions and interrupted work from the state folder.

    `out/` is not touched. Example: terjiman gc my-job
    """
    opened = open_job(job)
    with exclusive(opened.state / "lock", wait=wait):
        state = State(opened.state)
        state.open()
        gone = state.collect_garbage()
    typer.echo(f"removed {len(gone)} folders", err=True)
