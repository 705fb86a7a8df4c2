"""Whose a name in the store is: no model takes the place of another without its user's word."""

from __future__ import annotations

import contextlib

from corpora.errors import MissingError, UsageError
from models import store
from models.catalog import Entry


def refuse(name: str, *, replace: bool = False) -> None:
    """Raise `UsageError` where there is something of a name, unless it may be replaced."""
    if store.folder(name).exists() and not replace:
        raise UsageError(f"there is a model {name!r} already", fix="Choose another --name, or give --replace")


def refuse_stranger(name: str, entry: Entry) -> None:
    """Raise `UsageError` where a name belongs to a sound model that is none of the catalog's entry."""
    with contextlib.suppress(MissingError):  # absent or damaged
        if store.read_manifest(name).facts.entry != entry.name:
            raise UsageError(
                f"there is a model {name!r} of your own, which is not replaced",
                fix=f"Run: terjiman models remove {name}",
            )


def refuse_other(name: str, facts: store.Facts) -> None:
    """Raise `UsageError` where a name belongs to a model that was not converted from the same one."""
    try:
        there = store.read_manifest(name).facts
    except MissingError:
        there = None
    if there is None or not there.made_from or (there.entry, there.source) != (facts.entry, facts.source):
        refuse(name)
