"""A model behind an OpenAI-compatible server that one runs oneself: llama.cpp, vLLM, Ollama.

`endpoint:URL[#MODEL]` is on this machine; `remote-endpoint:URL[#MODEL]` may lie anywhere, and is a name that
only the registry makes, where the user has said that text may leave. One request at a time. What a server
answers depends on its settings and on what else it is asked, so nothing here is called reproducible.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from corpora.errors import MissingError, UsageError
from corpora.languages import TARGETS
from corpora.protocols import EngineInfo
from corpora.records import Flag
from corpora.text import nfc
from models.engines import chat, chat_engine
from models.engines.answers import continued
from models.engines.assembling import Said
from models.engines.causal_lengths import LENGTH
from models.engines.chat_engine import Asked, ChatEngine
from models.engines.endpoint_client import PATIENT, Address, Patience, call, parse
from models.engines.prompts import CHAT, OLD_HY_MT, ChatPrompt

PREFIX, BEYOND = "endpoint:", "remote-endpoint:"
_MAX_INPUT = 256
_BYTES = 3  # of English in UTF-8 to a token; real ones hold four and more
_PREFILLING = frozenset({"llamacpp", "vllm"})  # known to go on from an answer that is begun
# the most probable token and nothing else; what is left open here, a server fills with its own defaults, or
# with what the model's files recommend: penalties change greedy answers too
_GREEDY: Mapping[str, Any] = {
    "temperature": 0,
    "top_p": 1,
    "frequency_penalty": 0,
    "presence_penalty": 0,
    "seed": 1,
}
# by the kind of the server, what OpenAI's protocol has no word for; one of another kind might refuse it
_GREEDY_OF: Mapping[str, Mapping[str, Any]] = {
    "llamacpp": {"samplers": ["temperature"], "mirostat": 0, "cache_prompt": False},
    "vllm": {"repetition_penalty": 1},
    "sglang": {"repetition_penalty": 1},
}
_LOST = re.compile("[\ud800-\udfff]")  # halves of characters, which are no text
_WARNING = (
    "Every sentence was sent to a server beyond this machine; whoever runs it, or listens on the way, "
    "could read it."
)


@dataclass(frozen=True, slots=True)
class Service:
    """A model on a server, as the server describes it.

    Attributes:
        address: of the server.
        model: its name there.
        owner: what kind of server it is (`owned_by`).
        prompt: how the model is asked.
    """

    address: Address
    model: str
    owner: str
    prompt: ChatPrompt


def permitted(name: str, *, let_text_leave: bool) -> str:
    """Return the name of an endpoint as engines take it.

    Raises:
        UsageError: not an address, or one beyond this machine without leave.
    """
    if name.startswith(BEYOND):
        raise UsageError(
            "an endpoint is called by its address", place=name, fix="Write it like this: endpoint:URL#MODEL"
        )
    url, _ = _split(name)
    parse(url, beyond=let_text_leave)
    return BEYOND + name.removeprefix(PREFIX) if let_text_leave else name


def describe(name: str, *, patience: Patience = PATIENT) -> EngineInfo:
    """Ask the server what it has, and return what the model says of itself.

    Raises:
        MissingError: nobody answers, or not as such a server does.
        UsageError: no address, an unknown model, or one of several must be named.
    """
    return _info(name, find(name, patience))


def load(name: str, *, patience: Patience = PATIENT) -> ChatEngine:
    """Return the engine over a model behind a server; raises as `describe` does."""
    service = find(name, patience)
    return ChatEngine(_info(name, service), Endpoint(service, patience), {})


def find(name: str, patience: Patience) -> Service:
    """Return the model that a name means, as its server lists it."""
    url, wanted = _split(name)
    address = parse(url, beyond=name.startswith(BEYOND))
    listed = call(address, "/models", None, patience).get("data")
    if not isinstance(listed, list):
        raise MissingError("the server lists no models", place=str(address))
    found = {str(one.get("id")): one for one in listed if isinstance(one, dict) and one.get("id")}
    if wanted not in found and (wanted or len(found) != 1):
        names = ", ".join(sorted(found)[:8]) or "none"
        what = f"the server has no model {wanted!r}" if wanted else f"the server has {len(found)} models"
        raise UsageError(what, place=str(address), fix=f"It has: {names}. Write: {PREFIX}{url}#MODEL")
    model = wanted or next(iter(found))
    return Service(address, model, str(found[model].get("owned_by", "")), _prompt(model))


class Endpoint:
    """Asks a server, one text after another; see `chat_engine.Speaker`."""

    def __init__(self, service: Service, patience: Patience) -> None:
        self._service, self._patience = service, patience

    def count(self, text: str) -> int:
        """Return an estimate, on the high side for English."""
        return -(-len(text.encode()) // _BYTES)

    def answer(self, asked: Sequence[Asked]) -> list[list[Said]]:
        """Return one answer to each piece.

        Raises:
            MissingError: the server fails.
        """
        return [[self._said(piece)] for piece in asked]

    def _said(self, piece: Asked) -> Said:
        reply = call(self._service.address, "/chat/completions", self._body(piece), self._patience)
        try:
            choice = reply["choices"][0]
            content, reason = choice["message"].get("content") or "", choice.get("finish_reason")
            tokens = (choice.get("logprobs") or {}).get("content") or []
            chances = [chance for token in tokens if math.isfinite(chance := float(token["logprob"]))]
        except (KeyError, IndexError, TypeError, AttributeError, ValueError):
            raise MissingError("the reply holds no answer", place=str(self._service.address)) from None
        if not isinstance(content, str):
            raise MissingError("the reply holds no text", place=str(self._service.address))
        text = nfc(_LOST.sub("\ufffd", content))
        if piece.prefix and not text.startswith(
            piece.prefix
        ):  # some servers give the beginning back, some not
            text = continued(piece.prefix, text)
        flags = (Flag("refusal", "error", "the server's filter held the answer back"),)
        return Said(
            text=text.strip(),
            score=sum(chances) / len(chances) if chances else 0.0,
            tokens=len(chances) or self.count(content),
            complete=reason == "stop",
            flags=flags if reason == "content_filter" else (),
        )

    def _body(self, piece: Asked) -> dict[str, Any]:
        service = self._service
        codes = {lang: lang for lang in TARGETS} if service.prompt.typed else {}
        messages = chat.messages(
            service.prompt, codes, "en", piece.text, piece.lang, piece.terms, piece.context
        )
        body: dict[str, Any] = {
            "model": service.model,
            "messages": messages,
            **_decoding(service.owner),
            "max_tokens": LENGTH[0] + LENGTH[1] * self.count(piece.text),
            "stream": False,
        }
        if service.owner in _PREFILLING:
            body |= {"logprobs": True, "chat_template_kwargs": {"enable_thinking": False}}
        if piece.prefix:
            messages.append({"role": "assistant", "content": piece.prefix})
            if service.owner == "vllm":
                body |= {"continue_final_message": True, "add_generation_prompt": False}
        return body


def _decoding(owner: str) -> dict[str, Any]:
    """Return what a kind of server is told of decoding."""
    return {**_GREEDY, **_GREEDY_OF.get(owner, {})}


def _split(name: str) -> tuple[str, str]:
    url, _, model = name.removeprefix(BEYOND).removeprefix(PREFIX).partition("#")
    return url.strip(), model.strip()


def _prompt(model: str) -> ChatPrompt:
    """Return the prompt that suits a model, by its name: a server tells nothing else of it."""
    folded = model.casefold()
    if "translategemma" in folded:
        return CHAT["translategemma"]
    if any(mark in folded for mark in OLD_HY_MT):
        return CHAT["hy-mt1.5"]
    return CHAT["hy-mt2" if "hy-mt" in folded else "instruct"]


def _info(name: str, service: Service) -> EngineInfo:
    able = service.prompt.abilities | ({"prefix"} if service.owner in _PREFILLING else frozenset())
    return EngineInfo(
        name=name,
        digest=chat_engine.digest(
            "endpoint",
            str(service.address),
            service.model,
            service.owner,
            asdict(service.prompt),
            _decoding(service.owner),
        ),
        targets=TARGETS,
        max_tokens=_MAX_INPUT,
        abilities=frozenset(able),
        warning=_WARNING if service.address.beyond else "",
        batch_invariant=False,
        reproducible=False,
    )
