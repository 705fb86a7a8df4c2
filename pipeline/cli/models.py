"""`terjiman models`: the models on this machine."""

from __future__ import annotations

import json
import shutil
import sys

import typer

from corpora.errors import MissingError, UsageError
from models import store
from pipeline.cli import model_list, models_get, models_tune

app = typer.Typer(no_args_is_help=True, add_completion=False)
models_get.register(app)
models_tune.register(app)


@app.callback()
def models() -> None:
    """List, get, convert, verify and remove the models on this machine.

    Example: terjiman models list
    """


@app.command("list")
def list_(
    as_json: bool = typer.Option(False, "--json", help="One JSON array, sizes in bytes."),
) -> None:
    """List every model known: name, state, languages, size, licence, note; a line each, but on a terminal.

    Sizes are computed from the number of parameters; what this machine cannot hold is said, with the reason.

    Example: terjiman models list
    """
    rows = model_list.rows()
    if as_json:
        typer.echo(json.dumps([row.as_json() for row in rows], ensure_ascii=False, indent=1))
        return
    if sys.stdout.isatty():
        shown = model_list.paragraphs(rows, shutil.get_terminal_size().columns)
        shown.append("To get one: terjiman models pull NAME")
    else:
        shown = model_list.lines(rows)
    typer.echo("\n".join(shown))


@app.command()
def verify(name: str | None = typer.Argument(None, help="Model; every installed one by default.")) -> None:
    """Read every byte of a model and compare it with what was recorded when it was installed.

    Exit code 3 where a model is missing or damaged.

    Example: terjiman models verify starter
    """
    names = models_get.stored(name) if name else store.installed()
    if not names:
        typer.echo("no model is installed")
        return
    damaged = []
    for one in names:
        try:
            manifest = store.verify(one)
            typer.echo(f"{one}  sound, {len(manifest.files)} files, {manifest.size / 1e6:.0f} MB")
        except MissingError as error:
            damaged.append(one)
            typer.echo(f"terjiman: {error}", err=True)
    if damaged:
        raise typer.Exit(MissingError.exit_code)


@app.command()
def remove(
    name: str = typer.Argument(..., help="Model, as `models list` names it."),
    yes: bool = typer.Option(False, "--yes", "-y", help="Do not ask."),
) -> None:
    """Remove a model from this machine, and what has arrived of it; say how much space is free again.

    Example: terjiman models remove nllb-200-distilled-600m --yes
    """
    place = store.folder(name)
    if not place.exists() and not store.leftovers(name):
        raise MissingError(f"the model {name!r} is not installed", fix="See: terjiman models list")
    if not yes:
        if not sys.stdin.isatty():
            raise UsageError(f"{name} would be removed", fix="Say so with --yes")
        if not models_get.confirmed(f"Remove {name} ({place})?"):
            typer.echo(f"terjiman: {name} stays", err=True)
            return
    freed = store.remove(name)
    typer.echo(f"{name}  removed, {freed / 1e6:.0f} MB freed")
