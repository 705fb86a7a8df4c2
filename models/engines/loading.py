"""The engine of an installed model: by what runs its files and how it is asked."""

from __future__ import annotations

import logging
from pathlib import Path

from corpora.errors import MissingError
from corpora.protocols import Engine, EngineInfo
from models import profile as profiles
from models.engines import causal
from models.engines.seq2seq_vocabulary import SPM_FILES
from models.profile import Profile


def info(name: str, digest: str, folder: Path) -> EngineInfo:
    """Return what a model says of itself; reads its profile alone.

    Args:
        name: as the job gives it.
        digest: of the model's files.
        folder: that holds them.

    Raises:
        MissingError: no profile, or no engine for it in this version.
    """
    known = profiles.read(folder)
    if known.family in SPM_FILES:
        from models.engines import seq2seq

        return seq2seq.describe(name, digest, known)
    if known.family in causal.FAMILIES:
        return causal.describe(name, digest, folder, known)
    raise _no_engine(known, folder)


def load(name: str, digest: str, folder: Path, *, threads: int, batch: int = 0) -> Engine:
    """Load a model, whose files are verified already.

    Args:
        threads: batches decoded side by side, or threads of the arithmetic; does not change results.
        batch: most hypotheses decoded together, 0 for the engine's own. Only where the engine says that it is
            `batch_invariant` does another than 0 leave results as they are.

    Raises:
        MissingError: no profile, no engine for it, damaged files, or an extra is missing.
    """
    known = profiles.read(folder)
    if known.runtime == "ctranslate2":
        _hush()
    if known.family in SPM_FILES:
        from models.engines import seq2seq

        return seq2seq.load(name, digest, folder, known, threads=threads, batch=batch)
    if known.family in causal.FAMILIES:
        return causal.load(name, digest, folder, known, threads=threads, batch=batch)
    raise _no_engine(known, folder)


def batch_of(folder: Path) -> int:
    """Return how many hypotheses a model's engine decodes together by default; 0 where it has no choice."""
    known = profiles.read(folder)
    if known.runtime == "llama.cpp":
        return 0
    if known.family in SPM_FILES:
        from models.engines.seq2seq_batching import BATCH as SEQ2SEQ

        return SEQ2SEQ
    from models.engines.ctranslate2_engine import BATCH

    return BATCH


def _hush() -> None:
    """Have CTranslate2 speak of errors alone.

    Else it says at every load that this processor calculates in another precision than the files are in (half
    precision on most of them); it does so rightly, and there is nothing to mend.
    """
    import ctranslate2

    ctranslate2.set_log_level(logging.ERROR)


def _no_engine(known: Profile, folder: Path) -> MissingError:
    return MissingError(
        f"this version has no engine for {known.family} models on {known.runtime}", place=str(folder)
    )
