"""What `run`, `plan` and `status` share: options that change a job, and a workspace opened from them."""

from __future__ import annotations

from models.tuning import cores
from pipeline.executors import SerialExecutor, open_executor
from pipeline.job import Job
from pipeline.progress import Reporter
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


def workers_of(job: Job) -> int:
    """Return how many chains run at the same time."""
    settings = job.settings.run
    if settings.executor == "serial":
        return 1
    return settings.workers or max(1, cores() // 2)
