"""What errors call the files of a model: where its user has them, never a folder that is gone by then."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

from corpora.errors import TerjimanError


@contextlib.contextmanager
def named(folder: Path, origin: Callable[[str], str]) -> Iterator[None]:
    """Give errors about a file of a temporary folder the place that it came from.

    Args:
        folder: the temporary folder.
        origin: given the name of a file in it, or nothing for the folder itself, what to call it.
    """
    try:
        yield
    except TerjimanError as error:
        if error.place and Path(error.place).is_relative_to(folder):
            name = Path(error.place).relative_to(folder).as_posix()
            error.place = origin("" if name == "." else name)
        raise
