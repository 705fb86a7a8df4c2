"""Chat models on CTranslate2: the families it has loaders for (Llama, Mistral, Gemma, Qwen), not HunYuan."""

from __future__ import annotations

from pathlib import Path

from corpora.errors import MissingError
from corpora.protocols import EngineInfo
from models.engines import chat
from models.engines.causal_lengths import LENGTH
from models.engines.chat import Dialogue
from models.engines.ctranslate2_engine import Decoding, GeneratorEngine, tokenizer_of
from models.engines.prompts import Template
from models.profile import Profile

# CTranslate2 scores no text longer than the sliding window; 512 is the smallest of the Gemma models
_WINDOWS = {"gemma": 512}
_NO_WINDOW = 1 << 15


def load(
    folder: Path,
    info: EngineInfo,
    asker: Dialogue | Template,
    profile: Profile,
    *,
    threads: int,
    batch: int = 0,
) -> GeneratorEngine:
    """Load a chat model that was converted.

    Raises:
        MissingError: damaged files, or nothing says what ends an answer.
    """
    words = tokenizer_of(folder)
    ends = chat.ends(folder, {number: token for token, number in words.get_vocab().items()})
    if not ends:
        raise MissingError("nothing says which token ends an answer", place=str(folder))
    decoding = Decoding(
        beams={lang: profile.beams.get(lang, profile.beam) for lang in profile.codes},
        lengths=dict.fromkeys(profile.codes, LENGTH),
        max_input=profile.max_input,
        window=_WINDOWS.get(profile.family, _NO_WINDOW),
        bos="",  # the chat template writes it
        ends=ends,
        own_script=False,
    )
    # "default" keeps the quantisation of the files, where the processor knows it
    return GeneratorEngine(
        folder, info, asker, decoding, threads=threads, batch=batch, compute_type="default"
    )
