"""`terjiman review`: the page that shows what to doubt."""

from __future__ import annotations

from typing import Annotated

import typer

from pipeline.cli.opening import open_workspace, results_to_show
from pipeline.job import open_job
from pipeline.lock import exclusive
from pipeline.progress import Reporter
from pipeline.results import Results
from pipeline.runner import Outcome, last_failures
from pipeline.summary import REVIEW, publish_summary

app = typer.Typer(no_args_is_help=True)


@app.callback()
def review() -> None:
    """Make the review page from what the last run left."""


@app.command()
def build(
    job: Annotated[str, typer.Argument(metavar="[JOB]", help="Job folder or its job.toml.")] = ".",
    wait: Annotated[float, typer.Option(min=0, metavar="S", help="Seconds to wait for a run.")] = 0,
) -> None:
    """Write out/review.html and out/report.html anew; nothing is translated.

    Example: terjiman review build my-job
    """
    opened = open_job(job)
    with exclusive(opened.state / "lock", wait=wait), Reporter() as reporter:
        workspace = open_workspace(opened, reporter, reading=True)
        workspace.state.open()
        results_to_show(opened, Results(workspace.state), reporter)
        outcome = Outcome(failures=last_failures(workspace))
        publish_summary(workspace, outcome, seconds=None, anew=True)
    typer.echo(str(opened.out / REVIEW))
