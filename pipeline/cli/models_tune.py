"""`terjiman models tune`: how many threads and how large batches suit this machine."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from corpora.errors import MissingError, TerjimanError, UsageError
from models import probing, registry, tuning
from models.encoders.storing import KIND as ENCODER
from models.store import Manifest
from models.tuning import Tuning

_LARGEST = 1_500_000_000  # bytes of a model that is measured unasked: a larger one takes longer than seconds


def register(app: typer.Typer) -> None:
    """Put the command of this module into `terjiman models`."""
    app.command()(tune)


def tune(
    name: Annotated[str, typer.Argument(help="Model, as a job names it.")],
    again: Annotated[bool, typer.Option("--again", help="Measure, whatever is kept.")] = False,
    threads: Annotated[int, typer.Option(min=0, max=1024, help="Set it yourself; 0: measured.")] = 0,
    batch: Annotated[
        int, typer.Option(min=0, max=65536, help="Most hypotheses decoded together; 0: measured.")
    ] = 0,
) -> None:
    """Measure with how many threads and how large batches a model runs fastest here, and keep it; or set it.

    It takes some seconds, is kept for this machine and number of cores, and changes no answer. `--threads`
    of other commands and `threads` of a job outrank it.

    Example: terjiman models tune starter --again
    """
    if name == "auto":
        raise UsageError(
            "'auto' is another model for each language: name one", fix="See: terjiman models list"
        )
    ready = registry.verified(name)
    if not ready.invariant:
        raise UsageError(
            f"{name!r} is not tuned: its answers could change with what is decoded together",
            fix="Its threads can be set by --threads, or threads in job.toml",
        )
    book, fault = tuning.read()
    if fault:
        typer.echo(f"terjiman: {fault}; it is begun anew", err=True)
    known = book.get(ready.digest, {}).get(tuning.machine())
    if threads or batch:
        known = _given(ready, known, threads, batch)
    elif known is None or again:
        typer.echo(f"terjiman: measuring {name} on this machine", err=True)
        known = probing.measure(ready.open, cores=tuning.cores(), batch=ready.batch)
    else:
        show(name, known)
        return
    tuning.remember(ready.digest, known)
    show(name, known)


def _given(ready: registry.Verified, known: Tuning | None, threads: int, batch: int) -> Tuning:
    if batch and not ready.batch:
        raise UsageError("this model is asked one text at a time", place="--batch")
    start = known or Tuning(tuning.cores(), ready.batch)
    date = datetime.now(UTC).isoformat(timespec="seconds")
    return Tuning(threads or start.threads, batch or start.batch, "given", date)


def show(name: str, known: Tuning) -> None:
    """Print how a model is run, and what was measured."""
    typer.echo(f"{name}  {known}  ({known.by} {known.date[:10]}, {tuning.machine()})")
    for trial in known.trials:
        setting = Tuning(trial.threads, trial.batch)
        doubt = "" if trial.same else "  other answers: not used"
        typer.echo(f"    {setting}: {trial.seconds:.2f} s{doubt}")


def tune_new(manifest: Manifest) -> None:
    """Measure a model that has just been put in place, unless it was measured or is too large for it.

    What goes wrong is told, and no fault of the command: the model is in its place.
    """
    name = manifest.name
    if manifest.facts.kind == ENCODER or not _is_tunable(name) or tuning.recall(manifest.digest):
        return
    if manifest.size > _LARGEST:
        typer.echo(f"terjiman: to see how it runs fastest here: terjiman models tune {name}", err=True)
        return
    try:
        ready = registry.verified(name)
        known = probing.measure(ready.open, cores=tuning.cores(), batch=ready.batch)
        tuning.remember(ready.digest, known)
    except TerjimanError as error:
        typer.echo(f"terjiman: not measured on this machine: {error}", err=True)
        return
    typer.echo(f"terjiman: runs fastest here with {known}", err=True)


def _is_tunable(name: str) -> bool:
    """Return whether a model can run here and be measured; why not is told where it is used."""
    try:
        return registry.describe(name).batch_invariant
    except MissingError:
        return False
