"""Markdown (CommonMark with tables and strikethrough), translated in place.

Blocks are found by the line numbers of the parser's tokens; code, front matter, link definitions and comments
are never touched. Blocks of HTML are read as HTML.
"""

from __future__ import annotations

import bisect
import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from markdown_it.token import Token

from corpora.documents import html
from corpora.documents.markdown_inline import (
    BLANK,
    MAX_NESTING,
    Form,
    Inline,
    Parser,
    read_inline,
    write_inline,
)
from corpora.documents.source import Slot, decode, encode, rewrite, substitute, translatable
from corpora.errors import InputError
from corpora.records import Block

_FRONT_MATTER = re.compile(
    r"---[ \t]*(?:\r\n?|\n)(?:.*?(?:\r\n?|\n))?(?:---|\.\.\.)[ \t]*(?:\r\n?|\n|\Z)", re.DOTALL
)
_LINE_END = re.compile(r"\r\n?|\n")
# a box of a task list, the first line of a GitHub alert, the mark of a footnote: they stay before the text
_TASK = re.compile(r"\[[ xX]\][ \t]+(?=\S)")
_ALERT = re.compile(r"\[![A-Za-z]+\][ \t]*\n")
_ROW_PREFIX = re.compile(r"(?:[\s>]|[-+*]\s|\d{1,9}[.)]\s)*")
_NOTE = re.compile(r"\[\^[^\]\s]+\]:[ \t]+(?=\S)")
_PIPE = re.compile(r"(?<!\\)\|")


def read(data: bytes, place: str) -> list[Block]:
    """Return the blocks of a Markdown file.

    Raises:
        InputError: not readable as UTF-8 text, or nested beyond reason.
    """
    return [slot.block for slot in slots(decode(data, place), place)]


def render(data: bytes, place: str, blocks: Sequence[Block], lang: str) -> bytes:
    """Return the file with its blocks replaced; unchanged blocks keep their bytes.

    Raises:
        InputError: the source cannot be read.
        ValueError: the number of blocks is not that of the source.
    """
    text = decode(data, place)
    return encode(substitute(text, rewrite(slots(text, place), blocks)), data)


def slots(text: str, place: str) -> list[Slot]:
    """Return the translatable stretches of a Markdown text, in order.

    Raises:
        InputError: lists or quotes are nested too deeply.
    """
    front = _FRONT_MATTER.match(text)
    return _Reader(text, front.end() if front else 0, place).slots()


class _Reader:
    """Walks the tokens of a text and finds where their content stands in the source."""

    def __init__(self, text: str, begin: int, place: str) -> None:
        self.text, self.begin, self.place = text, begin, place
        self.parser = Parser()
        self.definitions: dict[str, Any] = {}
        self.parents: list[Token] = []
        self.column = 0
        self.row: tuple[int, list[tuple[int, int]]] = (-1, [])
        ends = [match.span() for match in _LINE_END.finditer(text, begin)]
        self.starts = [begin, *(end for _, end in ends)]
        self.ends = [*(start for start, _ in ends), len(text)]
        self.newline = text[slice(*ends[0])] if ends else "\n"

    def slots(self) -> list[Slot]:
        """Return the slots of the text."""
        found: list[Slot] = []
        for token in self.parser.parse(self.text[self.begin :], self.definitions):
            if token.level >= MAX_NESTING - 1:
                raise self.refusal("lists or quotes are nested too deeply", token)
            if token.nesting == 1:
                self.parents.append(token)
                self.column = (
                    0 if token.type == "tr_open" else self.column + (token.type in ("th_open", "td_open"))
                )
            elif token.nesting == -1:
                self.parents.pop()
            elif token.type == "inline":
                found += self.cell(token) if self.parents[-1].tag in ("th", "td") else self.paragraph(token)
            elif token.type == "html_block" and not self.inside("blockquote"):
                found += self.html(token)
        return found

    def refusal(self, message: str, token: Token) -> InputError:
        """Return the error for something that cannot be read, with its line."""
        at = self.starts[token.map[0]] if token.map else self.begin
        return InputError(message, place=self.where(at), fix="Simplify it")

    def where(self, at: int) -> str:
        """Return the file and the line of a place in the text."""
        return f"{self.place}, line {len(_LINE_END.findall(self.text, 0, at)) + 1}"

    def inside(self, tag: str) -> bool:
        """Say whether the token at hand stands in such an element."""
        return any(parent.tag == tag for parent in self.parents)

    def lines(self, token: Token) -> tuple[int, int]:
        """Return the first line of a token and the one behind its last."""
        if token.map is None:
            raise self.refusal("this place cannot be followed", token)
        return token.map[0], token.map[1]

    def find(self, number: int, content: str, token: Token) -> int:
        """Return where the content of a line begins in the source; only a heading's marks follow it."""
        start, end = self.starts[number], self.ends[number]
        body = self.text[start:end].rstrip()
        if self.parents[-1].markup.startswith("#"):
            body = re.sub(r"[ \t]+#+$", "", body).rstrip()
        at = start + len(body) - len(content)
        if not body.endswith(content):
            at = self.text.rfind(content, start, end)
        if at < start:
            raise self.refusal("this line cannot be followed", token)
        return at

    def paragraph(self, token: Token) -> Iterator[Slot]:
        """Yield the slots of a paragraph or heading: one, or one for each footnote in it."""
        lines = token.content.split("\n")
        begins = [number for number, line in enumerate(lines) if number and _NOTE.match(line)]
        first, _ = self.lines(token)
        for start, end in itertools.pairwise([0, *begins, len(lines)]):
            content = "\n".join(lines[start:end])
            note = _NOTE.match(content)
            alert = _ALERT.match(content) if self.inside("blockquote") else None
            task = _TASK.match(content) if self.inside("li") else None
            skipped = note or alert or task
            children = token.children or []
            if skipped or begins:
                content = content[skipped.end() :] if skipped else content
                children = self.parser.parseInline(content, self.definitions)[0].children or []
            inline = read_inline(children, self.kind())
            if translatable(inline.block.text):
                yield self.slot(token, content, first + start + (1 if alert else 0), inline)

    def slot(self, token: Token, content: str, first: int, inline: Inline) -> Slot:
        """Return the slot of the content that begins in a line."""
        lines = [line.strip() for line in content.split("\n")]
        last = first + len(lines) - 1
        start, end = self.find(first, lines[0], token), self.find(last, lines[-1], token) + len(lines[-1])
        heading = self.parents[-1].markup
        frame = "# {}" if heading.startswith("#") else f"{{}}\n{heading * 3}" if heading else "{}"
        prefix = re.sub(r"[^>\s]", " ", self.text[self.starts[first] : start])
        hard = "  \n" if re.search(r"  [\r\n]", self.text[start:end]) else "\\\n"
        form = Form(frame, "<br>" if heading.startswith("#") else hard, self.newline + prefix)
        encode = partial(self.encode, breaks=inline.breaks, form=form, at=start)
        return Slot(start, end, inline.block, encode)

    def cell(self, token: Token) -> Iterator[Slot]:
        """Yield the slot of a table cell."""
        inline = read_inline(token.children or [], "cell")
        if not translatable(inline.block.text):
            return
        line, _ = self.lines(token)
        if self.row[0] != line:
            self.row = line, self.cells(self.starts[line], self.ends[line])
        cells = self.row[1]
        start, end = cells[self.column - 1] if self.column <= len(cells) else (0, 0)
        if self.text[start:end].replace("\\|", "|") != token.content:
            raise self.refusal("this table cannot be followed", token)
        form = Form("| {} |\n|---|", "<br>", self.newline, cell=True)
        yield Slot(start, end, inline.block, partial(self.encode, breaks=inline.breaks, form=form, at=start))

    def cells(self, start: int, end: int) -> list[tuple[int, int]]:
        """Return the spans of the cells of a row, without the white space around them."""
        match = _ROW_PREFIX.match(self.text, start, end)
        begin = match.end() if match else start
        edges = [begin, *(pipe.end() for pipe in _PIPE.finditer(self.text, begin, end))]
        spans = list(zip(edges, [*(edge - 1 for edge in edges[1:]), end], strict=True))
        if not self.text[slice(*spans[0])].strip():
            spans = spans[1:]
        return [self.trimmed(*span) for span in spans]

    def trimmed(self, start: int, end: int) -> tuple[int, int]:
        """Return a span without the white space at its ends."""
        body = self.text[start:end]
        return start + len(body) - len(body.lstrip()), end - len(body) + len(body.rstrip())

    def html(self, token: Token) -> Iterator[Slot]:
        """Yield the slots of a block of HTML."""
        first, last = self.lines(token)
        start, end = self.starts[first], self.ends[last - 1]
        for slot in html.slots(self.text[start:end], self.place):
            moved = replace(slot, start=slot.start + start, end=slot.end + start)
            yield replace(moved, encode=_kept(slot.encode)) if self.alone(moved) else moved

    def alone(self, slot: Slot) -> bool:
        """Say whether nothing else stands on the lines of a slot."""
        number = bisect.bisect_right(self.starts, slot.start) - 1
        last = bisect.bisect_left(self.ends, slot.end)
        return not (
            self.text[self.starts[number] : slot.start] + self.text[slot.end : self.ends[last]]
        ).strip()

    def kind(self) -> str:
        """Return the kind of the block at hand."""
        if self.parents[-1].tag.startswith("h"):
            return "heading"
        return "item" if self.inside("li") else "quote" if self.inside("blockquote") else "paragraph"

    def encode(self, block: Block, breaks: Sequence[str], form: Form, at: int) -> str:
        """Return the block whose source begins at a place as Markdown."""
        try:
            return write_inline(block, breaks, form, self.parser, self.definitions)
        except ValueError as error:
            fix = "Simplify its markup in the source"
            raise InputError(str(error), place=self.where(at), fix=fix) from error


def _kept(encode: Callable[[Block], str]) -> Callable[[Block], str]:
    """Return a writer that leaves no line blank, for that would end the HTML around it."""
    return lambda block: encode(block) or BLANK
