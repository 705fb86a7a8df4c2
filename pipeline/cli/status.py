"""`terjiman status`: what is done, what to doubt, what failed."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from pipeline.cli.opening import open_workspace
from pipeline.job import open_job
from pipeline.progress import Reporter
from pipeline.results import Results
from pipeline.runner import last_failures
from pipeline.state import Manifest
from pipeline.summary import find_idle
from pipeline.workspace import Workspace

app = typer.Typer()


@app.command()
def status(
    job: Annotated[str, typer.Argument(metavar="[JOB]", help="Job folder or its job.toml.")] = ".",
    json_: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
) -> None:
    """Show, for each document and target, what is done and how much of it is flagged.

    Example: terjiman status my-job
    """
    with Reporter() as reporter:
        workspace = open_workspace(open_job(job), reporter, reading=True)
        rows = [_row(item) for item in workspace.state.manifests() if item.stage == "score"]
        waiting = _waiting(workspace)
        failures = last_failures(workspace)
        idle = find_idle(workspace, Results(workspace.state))
    if json_:
        data = {
            "documents": rows,
            "waiting": waiting,
            "idle waivers": list(idle),
            "failures": [f"{item.stage} {item.document} {item.lang}: {item.message}" for item in failures],
        }
        typer.echo(json.dumps(data, ensure_ascii=False, indent=1))
        return
    for row in rows:
        typer.echo(
            f"{row['document']} → {row['lang']}: {row['segments']} segments, {row['flagged']} flagged "
            f"({row['flagged as error']} as error); terms {row['terms passed']}/{row['terms']}"
            + (f"; {row['waived']} segments waived" if row["waived"] else "")
        )
    for name in waiting:
        typer.echo(f"{name}: not yet translated")
    for line in idle:
        typer.echo(line)
    for item in failures:
        typer.echo(f"failed: {item.stage} {item.document} {item.lang}: {item.message}")
    if not rows and not waiting:
        typer.echo("nothing is done yet: terjiman run")


def _row(manifest: Manifest) -> dict[str, object]:
    counts = ("segments", "passed", "flagged", "flagged as error", "waived", "terms", "terms passed")
    return {
        "document": manifest.document,
        "lang": manifest.lang,
        **{name: manifest.stats.get(name, 0) for name in counts},
    }


def _waiting(workspace: Workspace) -> list[str]:
    """Return the documents and targets that have no published output yet."""
    done = {(item.document, item.lang) for item in workspace.state.manifests() if item.stage == "publish"}
    return [
        f"{source.name} → {lang}"
        for source in workspace.job.find_sources()
        for lang in workspace.targets
        if (source.name, lang) not in done
    ]
