"""How a conversation is put to a chat model: its own chat template, read from its files and filled by us.

The same code fills the templates of every runtime, so that one model gets one prompt wherever it runs.
Templates are programs of strangers: they run in Jinja's sandbox, without files, network or clock (those that
print the date get a fixed one, else the same text would be translated differently from day to day).
"""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import regex
from jinja2 import TemplateError, nodes
from jinja2.ext import Extension, LoopControlExtension
from jinja2.parser import Parser
from jinja2.sandbox import ImmutableSandboxedEnvironment

from corpora.errors import MissingError
from corpora.languages import language
from models.engines.prompts import ChatPrompt

_DAY = datetime(2024, 7, 26)  # what Llama's own template says where it knows no date
# marks of the chat formats there are; a text that holds one could end its own turn
_CONTROL = regex.compile(
    r"<(?=[|｜][^<>\n]{1,60}[|｜]>|/?(?:start_of_turn|end_of_turn|bos|eos|pad|unk|s|think|answer)>)"
    r"|\[(?=/?INST\])"
)
# what ends a turn in the chat formats there are, whatever else the model's files name
_TURN_ENDS = ("<end_of_turn>", "<|im_end|>", "<|eot_id|>", "<|end|>", "<|endoftext|>")

Message = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ChatFiles:
    """What a model's files say of conversations with it.

    Attributes:
        template: Jinja source; empty where there is none.
        bos: token before a conversation, as templates name it.
        eos: token after an answer, as templates name it.
    """

    template: str
    bos: str = ""
    eos: str = ""


@dataclass(frozen=True, slots=True)
class Dialogue:
    """A prompt in a model's chat template, ready to be filled with texts; see `prompts.Template`.

    Attributes:
        files: the template and its tokens.
        prompt: what is said.
        codes: target language -> the model's own code or name for it.
        english: the model's own code for English.
        answer: stands between the prompt and the translation.
        filler: text, language and translation of a short exchange that the model ends at once.
    """

    files: ChatFiles
    prompt: ChatPrompt
    codes: Mapping[str, str] = field(default_factory=dict)
    english: str = "en"
    answer: str = ""
    filler: tuple[str, str, str] = ("Yes.", "ru", "Да.")

    def fill(
        self, text: str, lang: str, terms: Sequence[tuple[str, str]] = (), context: Sequence[str] = ()
    ) -> str:
        """Return the conversation as the model reads it, up to where its answer begins.

        Raises:
            MissingError: the model's chat template cannot be used.
        """
        return render(self.files, messages(self.prompt, self.codes, self.english, text, lang, terms, context))


def messages(
    prompt: ChatPrompt,
    codes: Mapping[str, str],
    english: str,
    text: str,
    lang: str,
    terms: Sequence[tuple[str, str]] = (),
    context: Sequence[str] = (),
) -> list[Message]:
    """Return the conversation that asks for a translation: one message."""
    name = language(lang).name
    code = codes.get(lang) or name
    if prompt.typed and code == name:
        code = lang
    words = prompt.fill(
        defused(text),
        code,
        [(defused(source), defused(target)) for source, target in terms],
        [defused(sentence) for sentence in context],
    )
    if not prompt.typed:
        return [{"role": "user", "content": words}]
    part = {"type": "text", "source_lang_code": english or "en", "target_lang_code": code, "text": words}
    return [{"role": "user", "content": [part]}]


def defused(text: str) -> str:
    """Return a text in which no mark of a chat format is left: a space breaks each one.

    Else a document could end its own turn and tell the model what to do.
    """
    return str(_CONTROL.sub(lambda match: f"{match[0]} ", text))


def render(files: ChatFiles, conversation: Sequence[Message]) -> str:
    """Return a conversation in a model's own format, ready for its answer, without thoughts if it has any.

    Raises:
        MissingError: there is no chat template, or it fails.
    """
    if not files.template:
        raise MissingError(
            "the model has no chat template, so there is no telling how it is to be asked",
            fix="Use the instruct version of the model",
        )
    try:
        text: str = _compiled(files.template).render(
            messages=list(conversation),
            bos_token=files.bos,
            eos_token=files.eos,
            add_generation_prompt=True,
            enable_thinking=False,
            tools=None,
        )
        return text
    except (TemplateError, TypeError, ValueError, KeyError, OverflowError, RecursionError) as error:
        raise MissingError(f"the model's chat template cannot be used ({error})") from None


def read(folder: Path) -> ChatFiles:
    """Return what the files of a checkpoint say: `chat_template.jinja`, `tokenizer_config.json`.

    Raises:
        MissingError: a file is damaged.
    """
    config = _json(folder / "tokenizer_config.json")
    path = folder / "chat_template.jinja"
    if path.is_file():
        try:
            template: Any = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise MissingError(f"the chat template cannot be read ({error})", place=str(path)) from None
    else:
        template = config.get("chat_template") or _json(folder / "chat_template.json").get(
            "chat_template", ""
        )
    if isinstance(template, list):  # several, each under a name
        named = {item.get("name"): item.get("template", "") for item in template if isinstance(item, dict)}
        template = named.get("default", "")
    return ChatFiles(str(template), _content(config.get("bos_token")), _content(config.get("eos_token")))


def ends(folder: Path, token_of: Mapping[int, str]) -> tuple[str, ...]:
    """Return the tokens that end an answer, as a checkpoint's files name them.

    Args:
        token_of: the vocabulary, by number.
    """
    found: dict[str, None] = {}
    config = _json(folder / "config.json")
    places = [_json(folder / "generation_config.json"), config, config.get("text_config")]
    for place in places:
        if not isinstance(place, dict):
            continue
        numbers = place.get("eos_token_id")
        for number in numbers if isinstance(numbers, list) else [numbers]:
            if isinstance(number, int) and number in token_of:
                found[token_of[number]] = None
    known = frozenset(token_of.values())
    named = (read(folder).eos, _content(config.get("eos_token")), *_TURN_ENDS)
    return tuple(dict.fromkeys([*found, *(token for token in named if token in known)]))


def _json(path: Path) -> dict[str, Any]:
    try:
        data = json.loads(path.read_bytes())
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, RecursionError) as error:
        raise MissingError(f"cannot be read ({error})", place=str(path)) from None
    return data if isinstance(data, dict) else {}


def _content(token: object) -> str:
    """Return a token as tokenizer files write it: a string, or an object that holds one."""
    if isinstance(token, dict):
        token = token.get("content")
    return token if isinstance(token, str) else ""


class _Generation(Extension):
    """`{% generation %}` marks the model's own words for training; here it shows what it holds."""

    tags = {"generation"}  # noqa: RUF012

    def parse(self, parser: Parser) -> list[nodes.Node]:
        """Return the body of the block."""
        next(parser.stream)
        return parser.parse_statements(("name:endgeneration",), drop_needle=True)


@functools.lru_cache(maxsize=8)
def _compiled(source: str) -> Any:
    environment = ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=[LoopControlExtension, _Generation]
    )
    environment.filters["tojson"] = _tojson
    environment.globals["raise_exception"] = _refuse
    environment.globals["strftime_now"] = _DAY.strftime
    return environment.from_string(source)


def _tojson(value: object, indent: int | None = None) -> str:
    return json.dumps(value, ensure_ascii=False, indent=indent)


def _refuse(message: str) -> None:
    raise TemplateError(message)
