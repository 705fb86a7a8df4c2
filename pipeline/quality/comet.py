"""COMET and its kin (Rei et al. 2020), learned metrics: run by their own program on a model of this machine.

The package `unbabel-comet` asks for older releases of NumPy and Transformers than terjiman runs on, so it
cannot stand in the same environment. It is installed beside it (`pipx install unbabel-comet`), and its
command `comet-score` is called with a checkpoint that is already here; nothing is fetched. The command is
found on the PATH, or is the one that the environment variable TERJIMAN_COMET names.

A checkpoint is a pickle: whoever made it can run code on this machine. Take one from a source you trust.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from corpora.errors import InputError, MissingError, UsageError
from pipeline.quality.metrics import RESAMPLES, SEED, Score, interval, resamples

COMMAND = "TERJIMAN_COMET"
_OFFLINE = {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1"}


def checkpoint(model: Path) -> Path:
    """Return the checkpoint in a model folder, or the checkpoint given.

    Raises:
        MissingError: there is none.
        UsageError: there are several.
    """
    if model.is_file():
        return model
    found = sorted(model.rglob("*.ckpt"))
    if not found:
        raise MissingError("no COMET checkpoint (*.ckpt) here", place=str(model))
    if len(found) > 1:
        names = ", ".join(path.relative_to(model).as_posix() for path in found)
        raise UsageError(f"several checkpoints: {names}", place=str(model), fix="Name one of them")
    return found[0]


def comet(
    sources: Sequence[str],
    hypotheses: Sequence[str],
    references: Sequence[str] | None,
    model: Path,
    *,
    gpus: int = 0,
) -> tuple[Score, list[float]]:
    """Score translations with a COMET model; return the score with its interval, and that of each segment.

    Args:
        references: None for a model that needs none (CometKiwi).
        model: folder with one checkpoint, or the checkpoint.
        gpus: how many to use; 0 for the processor.

    Scores are mean segment scores times 100.

    Raises:
        MissingError: `comet-score` or the checkpoint is not here.
        InputError: `comet-score` failed; its last line is told.
    """
    command = os.environ.get(COMMAND) or shutil.which("comet-score")
    if not command:
        raise MissingError(
            "COMET is not installed", place="comet", fix="pipx install unbabel-comet, or set TERJIMAN_COMET"
        )
    path = checkpoint(model)
    columns = {"src": sources, "mt": hypotheses} | ({"ref": references} if references is not None else {})
    with tempfile.TemporaryDirectory(prefix="terjiman-comet-") as name:
        folder = Path(name)
        for column, lines in columns.items():
            text = "".join(f"{' '.join(line.split())}\n" for line in lines)
            (folder / column).write_text(text, encoding="utf-8")
        arguments = [command, "-s", "src", "-t", "mt", "--model", str(path.resolve()), "--gpus", str(gpus)]
        arguments += ["--quiet", "--only_system", "--to_json", "scores.json"]
        arguments += ["-r", "ref"] if references is not None else []
        _call(arguments, folder)
        values = _read(folder / "scores.json", len(hypotheses))
    return _score(values, f"comet:{path.stem}|{'ref' if references is not None else 'no-ref'}"), values


def _call(arguments: Sequence[str], folder: Path) -> None:
    try:
        done = subprocess.run(
            arguments, cwd=folder, env={**os.environ, **_OFFLINE}, capture_output=True, text=True, check=False
        )
    except OSError as error:
        raise MissingError(f"cannot be run: {error.strerror}", place=arguments[0]) from None
    if done.returncode:
        said = [line for line in done.stderr.splitlines() if line.strip()]
        raise InputError(f"comet-score failed: {said[-1] if said else 'no message'}", place=arguments[0])


def _read(path: Path, count: int) -> list[float]:
    """Return the segment scores that `comet-score` wrote, times 100."""
    try:
        (segments,) = json.loads(path.read_bytes()).values()
        values = [100 * float(segment["COMET"]) for segment in segments]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise InputError("comet-score wrote something unexpected", place="comet") from None
    if len(values) != count:
        raise InputError(f"comet-score returned {len(values)} scores for {count} segments", place="comet")
    return values


def _score(values: Sequence[float], signature: str) -> Score:
    row = np.array(values)
    if len(row) == 1:
        return Score(float(row[0]), None, signature)
    bounds = interval([float(row[chosen].mean()) for chosen in resamples(len(row))])
    return Score(float(row.mean()), bounds, f"{signature}|bs:{RESAMPLES}|seed:{SEED}")
