"""`terjiman init`: a job folder that runs."""

from __future__ import annotations

from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated

import typer

from corpora.errors import UsageError
from pipeline.storage import make_folder, write_atomic

app = typer.Typer()


@app.command()
def init(directory: Annotated[str, typer.Argument(metavar="DIR", help="Where; new or empty.")]) -> None:
    """Make a job folder that runs: sample documents, their human translations, a glossary, a job file.

    Replace the documents in sources/ by your own. Example: terjiman init my-job && terjiman run my-job
    """
    folder = Path(directory)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError("is there already and not an empty folder", place=directory, fix="Choose a new name")
    copied = _copy(resources.files("corpora") / "sample", folder)
    typer.echo(f"{folder}: {copied} files. Now: terjiman run {folder}", err=True)


def _copy(source: Traversable, target: Path) -> int:
    """Copy a folder of package data, without results and hidden files; return the number of files."""
    make_folder(target)
    count = 0
    for item in sorted(source.iterdir(), key=lambda entry: entry.name):
        if item.name.startswith((".", "__")) or item.name == "out":
            continue
        if item.is_dir():
            count += _copy(item, target / item.name)
        else:
            write_atomic(target / item.name, item.read_bytes())
            count += 1
    return count
