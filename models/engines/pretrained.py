"""Checkpoints loaded by transformers: whole or not at all, without noise, every fault one line."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from corpora.errors import MissingError, TerjimanError

_SILENT = 50  # of its levels of logging: what is wrong is raised, and told by us
_SHOWN = 300  # letters of a reason


def load(
    library: Any,
    model_class: Any,
    folder: str | Path,
    *,
    what: str = "the model",
    unused: str = "",
    **settings: Any,
) -> Any:
    """Return a model all of whose weights come from its files.

    Transformers fills what is missing with random numbers, and only prints that it does.

    Args:
        library: `transformers`.
        model_class: of it.
        folder: the checkpoint.
        what: it is, for people.
        unused: in the name of weights that may be missing, since nothing is done with them.
        settings: for `from_pretrained`.

    Raises:
        MissingError: weights are missing or damaged, or the configuration does not fit them.
    """
    library.utils.logging.disable_progress_bar()
    library.utils.logging.set_verbosity(_SILENT)
    with faults(f"{what} cannot be loaded", folder):
        # of shapes that do not fit it would only say that they do not
        told: dict[str, Any]
        model, told = model_class.from_pretrained(
            folder, output_loading_info=True, ignore_mismatched_sizes=True, **settings
        )
    misfits = sorted(str(name) for name, *_ in told["mismatched_keys"])
    if misfits:
        raise MissingError(
            f"{what} cannot be loaded: its files do not fit its config.json, {misfits[0]} among them",
            place=str(folder),
            fix="Bring the whole model again",
        )
    missing = sorted(name for name in told["missing_keys"] if not unused or unused not in name)
    if missing:
        raise MissingError(
            f"{what} is not whole: {len(missing)} of its weights are not in its files, such as {missing[0]}",
            place=str(folder),
            fix="Bring the whole model again",
        )
    return model


@contextlib.contextmanager
def faults(what: str, folder: str | Path) -> Iterator[None]:
    """Turn whatever a library raises over a model's files into one line: each has classes of its own.

    Args:
        what: is said before the library's reason.
        folder: of the model.
    """
    try:
        yield
    except (TerjimanError, MemoryError):
        raise
    except Exception as error:
        if (
            isinstance(error, OSError)
            and error.errno is not None
            and not isinstance(error, FileNotFoundError)
        ):
            raise  # the disk's fault
        reason = " ".join(str(error).split()) or type(error).__name__
        reason = f"{reason[:_SHOWN]}…" if len(reason) > _SHOWN else reason
        raise MissingError(f"{what} ({reason})", place=str(folder)) from None
