"""Libraries that only some models need: imported when needed, one clear line where they are missing."""

from __future__ import annotations

import importlib
from typing import Any

from corpora.errors import MissingError


def require(module: str, extra: str, purpose: str) -> Any:
    """Return an imported module.

    Args:
        module: as it is imported.
        extra: of this project, that brings it (`checkpoints`, `llama`).
        purpose: what it is needed for, as in "to run this model".

    Raises:
        MissingError: it is not installed.
    """
    try:
        return importlib.import_module(module)
    except ImportError as error:
        name = module.partition(".")[0]
        raise MissingError(
            f"{name} is needed {purpose} and cannot be imported ({error})",
            fix=f'Install the extra: pip install "terjiman[{extra}]"',
        ) from None
