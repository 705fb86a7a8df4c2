"""`terjiman plan`: what would run, and why."""

from __future__ import annotations

from typing import Annotated

import typer

from pipeline.cli.common import json_lines
from pipeline.cli.opening import open_workspace
from pipeline.delivery import Delivery
from pipeline.job import open_job
from pipeline.planning import describe_plan, plan_job
from pipeline.progress import Reporter
from pipeline.workspace import check_configuration

app = typer.Typer()


@app.command()
def plan(
    job: Annotated[str, typer.Argument(metavar="[JOB]", help="Job folder or its job.toml.")] = ".",
    json_: Annotated[bool, typer.Option("--json", help="One JSON object for each unit to run.")] = False,
) -> None:
    """Show what `run` would do, unit by unit, and why: new, source changed, term changed, model changed.

    Nothing is written. Example: terjiman plan my-job
    """
    with Reporter() as reporter:
        workspace = open_workspace(open_job(job), reporter, reading=True)
        check_configuration(workspace)
        planned = plan_job(workspace)
        published = [item for item in workspace.state.manifests() if item.stage == "publish"]
        put = Delivery(workspace.job, workspace.state, reporter).to_do(published)
    if json_:
        records: list[dict[str, object]] = [
            {
                "stage": item.unit.stage,
                "document": item.unit.document,
                "lang": item.unit.lang,
                "reason": item.reason,
                "segments": item.segments,
            }
            for item in planned.to_do()
        ]
        records += [{"stage": "deliver", "reason": line} for line in put]
        typer.echo(json_lines(records), nl=False)
        return
    lines = describe_plan(planned) + put
    typer.echo("\n".join(lines) if lines else "nothing to do")
