"""What the commands for jobs share: a workspace opened from a job, and results that are there to be shown."""

from __future__ import annotations

from corpora.errors import UsageError
from models.tuning import cores
from pipeline.executors import SerialExecutor, open_executor
from pipeline.job import Job
from pipeline.progress import Reporter
from pipeline.results import Results
from pipeline.workspace import Workspace


def open_workspace(job: Job, reporter: Reporter, *, reading: bool = False) -> Workspace:
    """Open a workspace for a job; `reading` starts no workers, for commands that translate nothing."""
    settings = job.settings.run
    if reading or settings.executor == "serial":
        return Workspace(job, reporter, SerialExecutor(), threads=settings.threads or None)
    workers = workers_of(job)
    executor = open_executor(settings.executor, workers=workers, scheduler=settings.scheduler)
    threads = settings.threads or max(1, cores() // workers)
    return Workspace(job, reporter, executor, threads=threads)


def results_to_show(job: Job, results: Results, reporter: Reporter) -> list[tuple[str, str]]:
    """Return the documents and targets whose results can be shown; say on stderr how many cannot.

    Raises:
        UsageError: there are none, so that an empty page or folder would take the place of a full one.
    """
    done, translated = list(results.done()), results.translated()
    fix = "Run the job first: terjiman run"
    if not translated:
        raise UsageError("nothing is translated yet", place=str(job.folder), fix=fix)
    left_out = len(translated - set(done))
    why = "made by another version or from other sources, not finished, or damaged"
    if not done:
        raise UsageError(f"no translation can be shown: all are {why}", place=str(job.folder), fix=fix)
    if left_out:
        reporter.warn(f"warning: {left_out} translations are left out: {why}. {fix}")
    return done


def workers_of(job: Job) -> int:
    """Return how many chains run at the same time."""
    settings = job.settings.run
    if settings.executor == "serial":
        return 1
    return settings.workers or max(1, cores() // 2)
