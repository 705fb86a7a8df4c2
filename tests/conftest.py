"""What all tests share: the command as a user calls it, and small jobs on real files."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

Terjiman = Callable[..., "subprocess.CompletedProcess[str]"]

SCRIPT = Path(sys.executable).parent / "terjiman"


@pytest.fixture
def terjiman() -> Terjiman:
    """Return a function that calls the console script and returns its completed process (text)."""

    def call(
        *args: str | Path,
        stdin: str | None = None,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [SCRIPT, *map(str, args)],
            input=stdin,
            capture_output=True,
            text=True,
            encoding="utf-8",
            env={**os.environ, "COLUMNS": "200", **(env or {})},
            cwd=cwd,
            timeout=280,
            check=False,
        )

    return call


def tree(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder that must be the same after a kill: documents and bitext."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in ("report.html", "report.json", "review.html")
    }
