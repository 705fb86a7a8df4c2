"""Which licences the user has accepted: `licences.json` beside the store, once a model and licence."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path

from models import disk, store
from models.catalog import Entry, Licence

FILE = "licences.json"


def accepted(entry: Entry) -> bool:
    """Return whether the user has accepted this licence for this model."""
    return _key(entry) in _read()


def accept(entry: Entry) -> None:
    """Record that the user accepts it.

    Raises:
        StorageError: the folder cannot be written.
    """
    path = _path()
    with disk.storage_errors(path):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        record = {**_read(), _key(entry): datetime.now(UTC).isoformat(timespec="seconds")}
        temporary = path.with_name(f".{FILE}.{os.getpid()}")
        temporary.touch(mode=0o600)
        temporary.write_text(json.dumps(record, indent=1, sort_keys=True) + "\n", encoding="utf-8")
        temporary.replace(path)


def describe(licence: Licence) -> list[str]:
    """Return what a person must know of a licence, a line each."""
    uses = "commercial use permitted" if licence.commercial else "NO commercial use"
    passing = "passing on permitted" if licence.redistribution else "NO passing on"
    lines = [f"licence: {licence.title} ({uses}; {passing})", licence.terms]
    if licence.gated:
        lines.append("the hub asks for a login and your consent first (HF_TOKEN)")
    return [*lines, licence.url] if licence.url else lines


def _path() -> Path:
    return store.home() / FILE


def _key(entry: Entry) -> str:
    return f"{entry.name}: {entry.licence.title}"


def _read() -> dict[str, str]:
    """Return what was accepted; a file that cannot be read means nothing was, so the user is asked again."""
    try:
        data = json.loads(_path().read_bytes())
    except (OSError, ValueError):
        return {}
    return data if isinstance(data, dict) else {}
