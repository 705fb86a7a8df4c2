"""Chat models in GGUF, in this process: llama.cpp through xllamacpp (the extra `llama`).

One slot and no reuse of earlier prompts: with several slots llama.cpp gives other text from run to run
(measured: 111 of 160 sentences with four), and a prompt that is read in another number of steps rounds
otherwise. So every text is asked by itself and its answer depends on it alone. llama.cpp has no beam search:
one answer a text. Words can be forced, but are not scored: llama.cpp tells nothing of the tokens of a prompt.

The library opens a port on the loopback interface for its own use. It is locked with a key that nobody is
told, and shows nothing of what is asked.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from corpora.errors import MissingError
from corpora.text import nfc
from models.engines import gguf_header
from models.engines.answers import continued
from models.engines.assembling import Said
from models.engines.causal_lengths import LENGTH
from models.engines.chat import Dialogue
from models.engines.chat_engine import Asked
from models.engines.extras import require
from models.engines.prompts import Template

_CONTEXT = 8192  # tokens of prompt and answer; fewer where the model was trained with fewer
_BYTES = 3  # of English in UTF-8 to a token; real ones hold four and more

# the most probable token and nothing else; what is left open here, llama.cpp takes from the file itself
# (general.sampling: temperature, penalties, mirostat)
_GREEDY: Mapping[str, Any] = {"samplers": ["temperature"], "temperature": 0.0, "mirostat": 0}


class Llama:
    """A GGUF model and what asks it; see `chat_engine.Speaker`.

    Args:
        path: the file.
        asker: how it is asked.
        threads: for the arithmetic; does not change results (measured: 12 texts with 1, 2 and 3).

    Raises:
        MissingError: the extra is missing, or the file is damaged, or too large for the memory.
    """

    def __init__(self, path: Path, asker: Dialogue | Template, *, threads: int) -> None:
        library = require("xllamacpp", "llama", "to run GGUF models")
        metadata = gguf_header.read(path)
        self._asker, self._path = asker, path
        self._bos = metadata.get("tokenizer.ggml.bos_token_id")
        self._bos_text = gguf_header.token(metadata, "tokenizer.ggml.bos_token_id")
        self._window = _window(metadata)
        _check_memory(path)
        try:
            self._server = library.Server(_settings(library, path, self._window, threads))
        except (RuntimeError, ValueError, OSError) as error:
            raise MissingError(f"llama.cpp cannot load the model ({error})", place=str(path)) from None

    def count(self, text: str) -> int:
        """Return an estimate, on the high side for English: llama.cpp lends its tokenizer to nobody."""
        return -(-len(text.encode()) // _BYTES)

    def answer(self, asked: Sequence[Asked]) -> list[list[Said]]:
        """Return one answer to each piece.

        Raises:
            MissingError: llama.cpp fails.
        """
        return [[self._said(piece)] for piece in asked]

    def _said(self, piece: Asked) -> Said:
        whole = self._asker.fill(piece.text, piece.lang, piece.terms, piece.context)
        whole += self._asker.answer + piece.prefix if piece.prefix else ""
        reply = self._server.handle_completions(
            {
                "prompt": self._tokens(whole),
                "n_predict": LENGTH[0] + LENGTH[1] * self.count(piece.text),
                **_GREEDY,
                "seed": 1,
                "cache_prompt": False,
                "logprobs": 1,
                "stop": [] if isinstance(self._asker, Dialogue) else ["\n"],
            }
        )
        return self._reply(piece, reply)

    def _tokens(self, whole: str) -> Any:
        """Return a prompt as llama.cpp is to read it: the token before it once, as a number."""
        if self._bos is None or not (self._bos_text and isinstance(self._bos, int)):
            return whole
        bare = whole.removeprefix(self._bos_text)
        if bare == whole and isinstance(self._asker, Dialogue):
            return whole  # the chat template wants none of its own: llama.cpp adds it where the file says so
        return [self._bos, bare]

    def _reply(self, piece: Asked, reply: Any) -> Said:
        try:
            if "error" in reply:
                raise MissingError(
                    f"llama.cpp cannot answer ({reply['error']['message']})", place=str(self._path)
                )
            choice = reply["choices"][0]
            text, ended = str(choice["text"]), choice["finish_reason"] == "stop"
            tokens = (choice.get("logprobs") or {}).get("content") or []
            chances = [float(token["logprob"]) for token in tokens]
        except (KeyError, IndexError, TypeError, ValueError) as error:
            raise MissingError(f"llama.cpp gives no answer ({error!r})", place=str(self._path)) from None
        text = continued(piece.prefix, text) if piece.prefix else nfc(text).strip()
        score = sum(chances) / len(chances) if chances else 0.0
        return Said(text, score, len(chances), ended)


def _window(metadata: Mapping[str, Any]) -> int:
    trained = metadata.get(f"{metadata.get('general.architecture')}.context_length")
    return min(_CONTEXT, trained) if isinstance(trained, int) and trained > 0 else _CONTEXT


def _settings(library: Any, path: Path, window: int, threads: int) -> Any:
    settings = library.CommonParams()
    settings.model.path = str(path)
    settings.n_ctx = window
    settings.n_parallel = 1
    settings.cpuparams.n_threads = threads
    settings.cpuparams_batch.n_threads = threads
    settings.cache_ram_mib = 0
    settings.ctx_shift = False  # else a text that outgrows the context loses its beginning
    settings.warmup = False
    settings.verbosity = -1  # its log could hold text
    settings.endpoint_slots = False
    settings.endpoint_metrics = False
    settings.endpoint_props = False
    settings.ui = False
    settings.api_keys = [secrets.token_hex(32)]
    return settings


def _check_memory(path: Path) -> None:
    """Refuse a file that cannot fit: where memory runs out, llama.cpp ends the whole process."""
    from models import machine

    needed, there = machine.memory_of(path.stat().st_size), machine.here(path.parent).memory
    if needed > there:
        raise MissingError(
            f"the model takes {needed / 1e9:.1f} GB, and this machine has {there / 1e9:.1f} GB of memory",
            place=str(path),
            fix="Take a smaller quantisation of it, or a smaller model",
        )
