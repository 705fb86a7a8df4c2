"""Where engine calls run: in this process, in worker processes, or on a Dask cluster.

All three are a `concurrent.futures.Executor`. Workers get text and return text; only the coordinator writes.
"""

from __future__ import annotations

import functools
import multiprocessing
import os
import queue
import signal
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Any, ParamSpec, TypeVar

import models.registry as registry
from corpora.errors import MissingError, TerjimanError, UsageError
from corpora.protocols import Engine, EngineInfo
from corpora.records import Hypothesis, Request

P = ParamSpec("P")
T = TypeVar("T")


class WorkerDiedError(TerjimanError):
    """A worker process ended in the middle of its work: its unit fails, the run goes on."""

    exit_code = 1


class SerialExecutor(Executor):
    """Runs each call at once, in the calling thread."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Return a future that is already done."""
        future: Future[T] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


class WorkerExecutor(Executor):
    """Worker processes, spawned, each alone in its pool: one that dies takes only its own call along."""

    def __init__(self, workers: int) -> None:
        self._idle: queue.Queue[ProcessPoolExecutor] = queue.Queue()
        for _ in range(workers):
            self._idle.put(_new_worker())

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Wait for an idle worker, run the call there, and return its finished future.

        The calling threads are the coordinator's, one a worker, so waiting here costs nothing.
        """
        worker = self._idle.get()
        outcome: Future[T] = Future()
        try:
            outcome.set_result(worker.submit(fn, *args, **kwargs).result())
        except BrokenProcessPool:
            worker.shutdown(wait=False)
            worker = _new_worker()
            outcome.set_exception(
                WorkerDiedError(
                    "the worker process died", fix="Was it out of memory? The next run tries again"
                )
            )
        except Exception as error:
            outcome.set_exception(error)
        finally:
            self._idle.put(worker)
        return outcome

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the idle workers; busy ones end with their parent."""
        while not self._idle.empty():
            self._idle.get_nowait().shutdown(wait=wait, cancel_futures=cancel_futures)


def _new_worker() -> ProcessPoolExecutor:
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(1, mp_context=context, initializer=_start_worker, initargs=(os.getpid(),))


def _start_worker(parent: int) -> None:
    """Leave the terminal's Ctrl-C to the coordinator, and end when it does, also in the middle of a call."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


def open_executor(kind: str, *, workers: int, scheduler: str) -> Executor:
    """Return the executor of a job.

    Raises:
        MissingError: Dask is asked for and not installed, or its scheduler does not answer.
    """
    if kind == "serial":
        return SerialExecutor()
    if kind == "processes":
        return WorkerExecutor(workers)
    if kind == "dask":
        return _dask(scheduler)
    raise UsageError(f"unknown executor {kind!r}", fix="Use serial, processes or dask")


def _dask(scheduler: str) -> Executor:
    try:
        import distributed
    except ImportError:
        raise MissingError("Dask is not installed", fix="pip install 'terjiman[dask]'") from None
    try:
        client: Any = distributed.Client(scheduler, timeout=10)
    except OSError as error:
        raise MissingError(f"the Dask scheduler does not answer: {error}", place=scheduler) from None
    executor: Executor = client.get_executor(pure=False)
    return executor


@functools.cache
def _engine(name: str, threads: int | None) -> Engine:
    return registry.load_engine(name, threads=threads)


def _translate(name: str, threads: int | None, batch: Sequence[Request]) -> list[list[Hypothesis]]:
    """Translate in a worker; the model is loaded once and kept for the worker's life."""
    return _engine(name, threads).translate(batch)


class RemoteEngine:
    """An engine whose calls run in an executor. Each call goes whole to one worker, so results never depend
    on how many there are."""

    def __init__(self, name: str, info: EngineInfo, executor: Executor, threads: int | None) -> None:
        self._name, self._info, self._executor, self._threads = name, info, executor, threads

    @property
    def info(self) -> EngineInfo:
        """What the engine says of itself."""
        return self._info

    def translate(self, batch: Sequence[Request]) -> list[list[Hypothesis]]:
        """Translate the batch in a worker."""
        return self._executor.submit(_translate, self._name, self._threads, batch).result()
