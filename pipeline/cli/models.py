"""`terjiman models`: the models on this machine."""

from __future__ import annotations

import typer

from corpora.errors import MissingError, UsageError
from models import catalog, registry, store

app = typer.Typer(no_args_is_help=True, add_completion=False)

_WORDS = {"absent": "available", "damaged": "damaged", "outdated": "made by another version"}


@app.callback()
def models() -> None:
    """List, make and verify the models on this machine.

    Example: terjiman models list
    """


@app.command("list")
def list_() -> None:
    """List every model known: name, state, languages, licence, note.

    Example: terjiman models list
    """
    rows = [_row(entry) for entry in catalog.entries().values()]
    rows += [_stranger(name) for name in store.installed() if name not in catalog.entries()]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
        typer.echo("  ".join([*cells, row[4]]).rstrip())


@app.command()
def verify(name: str | None = typer.Argument(None, help="Model; every installed one by default.")) -> None:
    """Read every byte of a model and compare it with what was recorded when it was installed.

    Exit code 3 where a model is missing or damaged.

    Example: terjiman models verify starter
    """
    names = [name] if name else store.installed()
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
def pull(name: str = typer.Argument(..., help="Model; `starter` is the one of this version.")) -> None:
    """Put a model in place. The starter is made from what is installed: no network is used.

    A sound model is left as it is; a damaged one is made again.

    Example: terjiman models pull starter
    """
    if name == "auto" or name.startswith(registry.RECORDED):
        raise UsageError(f"{name!r} is no model that can be pulled", fix="Try: terjiman models pull starter")
    registry.ensure(name, progress=lambda message: typer.echo(f"terjiman: {message}", err=True))
    manifest = store.glance(name)
    typer.echo(f"{name}  installed, {manifest.size / 1e6:.0f} MB, {store.folder(name)}")
    typer.echo(f"terjiman: licence of the weights: {manifest.facts.licence}", err=True)


def _row(entry: catalog.Entry) -> tuple[str, str, str, str, str]:
    return entry.name, _state(entry), " ".join(entry.codes), entry.licence, entry.note


def _stranger(name: str) -> tuple[str, str, str, str, str]:
    return name, "not in the catalog", "", "", str(store.folder(name))


def _state(entry: catalog.Entry) -> str:
    if not entry.supported:
        return "not yet in this version"
    state = registry.state(entry.name)
    if state == "installed":
        return state
    return f"{_WORDS[state]}: terjiman models pull {entry.name}"
