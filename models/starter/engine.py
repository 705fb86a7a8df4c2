"""The starter as an engine: its prompt, its decoding, what it says of itself."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

from corpora.protocols import EngineInfo
from models.engines.ctranslate2_engine import Decoding, GeneratorEngine, digest
from models.engines.prompts import STARTER
from models.store import Manifest

# chrF++ (zh chrF) on 120 sentences of the domain set with beams of 1 / 2 / 4, each of twice the last's cost:
# ru 46.1 / 48.2 / 49.4, zh 26.6 / 28.8 / 29.6, kk 37.2 / 37.6, ug (Latin letters allowed) 32.7 / 35.3 / 35.5
# tokens of a human translation for each of the English, 50 / 99 / 100 % of NTREX-128:
# kk 2.0 / 3.5 / 4.4, ug 3.1 / 5.7 / 9.6, ru 1.4 / 2.6 / 3.6, zh 1.1 / 2.0 / 2.6
DECODING = Decoding(
    beams={"kk": 2, "ug": 2, "ru": 4, "zh": 4},
    lengths={"kk": (48, 3), "ug": (64, 5), "ru": (48, 2), "zh": (48, 2)},
    again={"kk": (24, 3), "ug": (24, 3), "ru": (24, 2), "zh": (24, 2)},
    max_input=128,
)
WARNING = (
    "This is a draft by a small starter model: unfit for publication, above all in Kazakh and Uyghur; "
    "a person must check every sentence."
)


def info(manifest: Manifest) -> EngineInfo:
    """Return what the installed starter says of itself; loads no weights."""
    runtime = f"ctranslate2 {version('ctranslate2')}"
    return EngineInfo(
        name=manifest.name,
        digest=digest(manifest.digest, STARTER, DECODING, runtime),
        targets=tuple(DECODING.beams),
        max_tokens=DECODING.max_input,
        abilities=frozenset({"n-best", "prefix", "terms"}),
        warning=WARNING,
        batch_invariant=True,
        reproducible=True,
        widths=DECODING.beams,
    )


def load(folder: Path, manifest: Manifest, *, threads: int, batch: int = 0) -> GeneratorEngine:
    """Load the starter from its verified folder."""
    return GeneratorEngine(folder, info(manifest), STARTER, DECODING, threads=threads, batch=batch)
