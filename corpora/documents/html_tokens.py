"""A small HTML tokenizer that keeps source offsets and never fails.

It follows the tokenization states of the HTML standard (html.spec.whatwg.org, 13.2.5) as far as text and tags
are concerned: quoted attributes, comments, bogus comments, raw text elements. Every character of the source
belongs to exactly one token, and the time is linear.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "start", "end", "other"]

# elements whose content is not markup; `title` and `textarea` hold text with entities, the others raw text
RAW = frozenset({"script", "style", "xmp", "iframe", "noembed", "noframes", "noscript", "textarea", "title"})

_START = re.compile(r"<[a-zA-Z][^\s/>]*+(?:[^>\"'=]++|=\s*+(?:\"[^\"]*+\"|'[^']*+')|=(?!\s*[\"'])|[\"'])*+>")
_LOOSE_START = re.compile(r"<[a-zA-Z][^>]*>")
_NAME = re.compile(r"</?([a-zA-Z][^\s/>]*)")
_END = re.compile(r"</[a-zA-Z][^>]*>")
_COMMENT_END = re.compile(r"--!?>")
_ATTRIBUTE = re.compile(
    r"(?P<name>[^\s/>=][^\s/>=]*+)"
    r"(?:\s*+=\s*+(?:\"(?P<double>[^\"]*+)\"|'(?P<single>[^']*+)'|(?P<bare>[^\s>\"'][^\s>]*+)))?"
)


@dataclass(frozen=True, slots=True)
class Token:
    """A piece `[start, end)` of the source. `name` is the lower-case element name of a tag, else empty."""

    kind: Kind
    start: int
    end: int
    name: str = ""


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute of a start tag: its raw value and where that stands in the source (without quotes)."""

    value: str
    start: int
    end: int
    quoted: bool


def tokens(text: str) -> tuple[list[Token], bool]:
    """Return the tokens of an HTML source, in order, without a gap, and whether its quotes are broken."""
    scanner = _Scanner(text)
    return list(_tokens(text, scanner)), scanner.loose


def _tokens(text: str, scanner: _Scanner) -> Iterator[Token]:
    """Yield the tokens of a source."""
    at = begin = 0
    while (at := text.find("<", at)) >= 0:
        token = scanner.markup(at)
        if token is None:
            at += 1
            continue
        if begin < token.start:
            yield Token("text", begin, token.start)
        yield token
        at = begin = token.end
        if token.kind == "start" and token.name in RAW:
            end = _raw_end(text, token.name, at)
            if at < end:
                yield Token("text", at, end)
            at = begin = end
    if begin < len(text):
        yield Token("text", begin, len(text))


class _Scanner:
    """Reads one tag, comment or declaration at a time.

    A quoted attribute that swallows the last `>` of the file is a missing quote: from there on quotes are not
    believed any more, which keeps the text behind it and the time linear.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.last_close = text.rfind(">")
        self.loose = False

    def markup(self, at: int) -> Token | None:
        """Return the token that begins with the `<` at `at`; None where the `<` is text."""
        text, mark, letter = self.text, self.text[at + 1 : at + 2], self.text[at + 2 : at + 3]
        if text.startswith("<!--", at):
            if text.startswith((">", "->"), at + 4):
                return Token("other", at, text.index(">", at) + 1)
            match = _COMMENT_END.search(text, at + 4)
            return Token("other", at, match.end() if match else len(text))
        if at > self.last_close:
            return None
        if mark in ("!", "?") or (mark == "/" and not (letter.isascii() and letter.isalpha())):
            return Token("other", at, text.index(">", at) + 1) if mark else None
        if mark == "/":
            return self._tag("end", _END.match(text, at))
        if not (mark.isascii() and mark.isalpha()):
            return None
        return self._tag("start", self._start(at))

    def _start(self, at: int) -> re.Match[str] | None:
        match = None if self.loose else _START.match(self.text, at)
        if match:
            return match
        self.loose = True
        return _LOOSE_START.match(self.text, at)

    def _tag(self, kind: Kind, match: re.Match[str] | None) -> Token | None:
        if match is None:
            return None
        name = _NAME.match(match[0])
        return Token(kind, match.start(), match.end(), name[1].lower() if name else "")


def _raw_end(text: str, name: str, at: int) -> int:
    """Return where the end tag of a raw text element begins, the end of the text where there is none."""
    match = re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE).search(text, at)
    return match.start() if match else len(text)


def attributes(text: str, tag: Token) -> dict[str, Attribute]:
    """Return the attributes of a start tag by lower-case name; of doubles the first counts."""
    found: dict[str, Attribute] = {}
    name = _NAME.match(text, tag.start)
    for match in _ATTRIBUTE.finditer(text, name.end() if name else tag.start, tag.end - 1):
        group = next((group for group in ("double", "single", "bare") if match[group] is not None), None)
        start, end = match.span(group) if group else (match.end(), match.end())
        attribute = Attribute(match[group] if group else "", start, end, group in ("double", "single"))
        found.setdefault(match["name"].lower(), attribute)
    return found
