"""What every engine says of a text on its way: checks of the request, flags of the answer."""

from __future__ import annotations

from collections.abc import Sequence

from corpora.errors import UsageError
from corpora.languages import language
from corpora.protocols import EngineInfo
from corpora.records import Flag, Hypothesis, Request
from corpora.text import nfc


def check_request(info: EngineInfo, request: Request) -> None:
    """Raise `UsageError` for a language the model does not write, or `n_best` below 1."""
    language(request.lang)
    if request.lang not in info.targets:
        known = ", ".join(info.targets)
        raise UsageError(f"{info.name} does not translate into {request.lang!r}, only into {known}")
    if request.n_best < 1:
        raise UsageError("n_best must be at least 1")


def has_letters(text: str) -> bool:
    """Return whether there is anything to translate."""
    return any(character.isalpha() for character in text)


def untranslated(request: Request) -> Hypothesis:
    """Return a text without letters as it stands: a model might put words to bare marks."""
    text = nfc(request.text.strip())
    if not text or request.prefix:
        return Hypothesis(text=nfc(request.prefix) or text)
    return Hypothesis(text=text, flags=(Flag("no-letters", "info", "no letters: kept as it stands"),))


def continued(prefix: str, continuation: str) -> str:
    """Return the forced beginning and what the model made of it, with one space where both have one."""
    after_space = prefix[-1:].isspace()
    return nfc(prefix + (continuation.lstrip() if after_space else continuation)).rstrip()


def answer_flags(
    text: str, *, complete: Sequence[bool], empty: Sequence[bool], max_input: int
) -> tuple[Flag, ...]:
    """Return what befell a text.

    Args:
        text: the whole answer.
        complete: of each piece the text was cut into: whether the model ended the answer itself.
        empty: of each piece: whether the model gave nothing.
        max_input: the longest piece in tokens.
    """
    flags = []
    if len(complete) > 1:
        message = f"longer than {max_input} tokens: translated in {len(complete)} pieces"
        flags.append(Flag("split-input", "warning", message))
    if not all(complete):
        flags.append(Flag("length-limit", "error", "the output ran into the length limit and may be cut"))
    if not text or any(empty):
        flags.append(
            Flag("empty-output", "error", "the model gave no translation of the text or a part of it")
        )
    return tuple(flags)
