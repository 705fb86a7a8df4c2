"""`terjiman run`: do what is to do."""

from __future__ import annotations

import os
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import typer

from corpora.errors import TerjimanError
from pipeline.cli import Stopped
from pipeline.cli.common import LetTextLeave
from pipeline.cli.opening import open_workspace, workers_of
from pipeline.job import Job, open_job
from pipeline.lock import exclusive
from pipeline.planning import STAGES
from pipeline.progress import Reporter
from pipeline.runner import Outcome, run_job
from pipeline.summary import publish_summary
from pipeline.workspace import StopRun, Workspace, check_configuration

app = typer.Typer()

GRACE = 5.0  # seconds that a batch in the engine gets to end after a signal; nothing is lost without it


@app.command()
def run(
    job: Annotated[str, typer.Argument(metavar="[JOB]", help="Job folder or its job.toml.")] = ".",
    to: Annotated[list[str] | None, typer.Option("--to", metavar="LANG", help="Only this target.")] = None,
    only: Annotated[str, typer.Option(metavar="STAGE", help="Only this stage.")] = "",
    model: Annotated[str, typer.Option(help="Another model than the job's, for all targets.")] = "",
    executor: Annotated[str, typer.Option(help="serial, processes or dask.")] = "",
    workers: Annotated[int, typer.Option(min=0, help="Documents translated at the same time.")] = 0,
    wait: Annotated[float, typer.Option(min=0, metavar="S", help="Seconds to wait for another run.")] = 0,
    log_file: Annotated[Path | None, typer.Option(help="Log to this file too; it rotates.")] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="Say only what went wrong.")] = False,
    json_: Annotated[bool, typer.Option("--json", help="Print the summary as JSON.")] = False,
    let_text_leave_this_machine: LetTextLeave = False,
) -> None:
    """Translate, align, score and publish what is new or has changed.

    Exit code 0: done. 1: a document failed (or a segment is flagged as error, with fail_on =
    "error-flag"). 2: bad job, glossary or option. 3: a model or input is missing. 74: disk full or
    read-only. 75: another run holds the lock. 130, 143: interrupted, terminated; run again to continue.

    Example: terjiman run my-job --to kk --log-file run.log
    """
    opened = open_job(
        job,
        targets=tuple(to or ()),
        model=model,
        executor=executor,
        workers=workers,
        let_text_leave=let_text_leave_this_machine,
    )
    _check_stage(only)
    with Reporter(quiet=quiet, log_file=log_file) as reporter:
        try:
            code = _run(opened, reporter, only=only, wait=wait, as_json=json_)
        except TerjimanError as error:
            if log_file:
                reporter.log_error(str(error))
            raise
    raise typer.Exit(code)


def _check_stage(only: str) -> None:
    names = [stage.name for stage in STAGES]
    if only and only not in names:
        raise typer.BadParameter(f"unknown stage {only!r}; use one of {', '.join(names)}")


def _run(job: Job, reporter: Reporter, *, only: str, wait: float, as_json: bool) -> int:
    with exclusive(job.state / "lock", wait=wait):
        started = time.monotonic()
        workspace = open_workspace(job, reporter)
        workspace.state.open()
        check_configuration(workspace, install=True)
        for info in workspace.engines():
            if info.warning:
                reporter.say(f"note: {info.name}: {info.warning}")
        outcome = _in_thread(workspace, only, workers_of(job))
        summary = publish_summary(workspace, outcome, seconds=time.monotonic() - started)
        workspace.executor.shutdown(wait=False)
    if as_json:
        sys.stdout.write(summary.to_json() + "\n")
    else:
        reporter.say(summary.text)
    return summary.exit_code


@dataclass
class _Result:
    outcome: Outcome | None = None
    error: BaseException | None = None
    done: threading.Event = field(default_factory=threading.Event)


def _in_thread(workspace: Workspace, only: str, workers: int) -> Outcome:
    """Run the job in a thread, so that a signal is heard while an engine is deep in a batch.

    On a signal the run may end its batch for `GRACE` seconds; then the process goes. Whatever it was doing,
    the next run continues from the last committed unit and the journal of the one at work.
    """
    result = _Result()

    def work() -> None:
        try:
            result.outcome = run_job(workspace, only=only, workers=workers)
        except BaseException as error:
            result.error = error
        result.done.set()

    threading.Thread(target=work, name="coordinator", daemon=True).start()
    try:
        while not result.done.wait(0.2):
            continue
    except Stopped as stopped:
        workspace.stop.set()
        result.done.wait(GRACE)
        workspace.reporter.finish()
        workspace.reporter.say(f"{stopped.word}; run again to continue where it stopped")
        _leave(stopped.code)
    if result.error is not None and not isinstance(result.error, StopRun):
        raise result.error
    if result.outcome is None:
        raise RuntimeError("the run ended without an outcome")
    return result.outcome


def _leave(code: Any) -> None:
    """End the process at once; threads and workers that are deep in a batch are not waited for."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(int(code))
