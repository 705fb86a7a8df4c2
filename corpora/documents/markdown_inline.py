"""Markdown's inline markup: parsed tokens to a block, a block to Markdown that says the same.

What is written is parsed again and compared. Where the marks of emphasis do not hold (CommonMark's flanking
rules fail between Chinese characters and punctuation, and inside words), HTML tags take their place.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, reference
from markdown_it.token import Token

from corpora.documents.html_runs import VOID
from corpora.documents.inline import Builder, serialise, tidy
from corpora.records import Block, Tag
from corpora.tags import is_object

MAX_NESTING = 50
_EMPHASIS = frozenset({"em", "strong", "s"})
_FIRM = _EMPHASIS | {"link"}
_FOOTNOTE = re.compile(r"\[\^[^\]\s]+\]")
_HTML_NAME = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)")
_ENTITY = re.compile(r"&(?=#?\w+;)")
_MARKS = re.compile(r"[\\`*\[\]<~]|(?<![^\W_])_|_(?![^\W_])|(?:^|(?<=\s))#|#$")
_LINE_START = re.compile(r"(?P<number>\d{1,9})(?=[.)](?:\s|$))|(?=[-+](?:\s|-|$)|[=>:|])")
_ALL_MARKS = re.compile(r"[!-/:-@\[-`{-~]")


def _definition(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read a link definition; a footnote of one word, which CommonMark takes for one, is text."""
    if state.src.startswith("[^", state.bMarks[start] + state.tShift[start]):
        return False
    return reference(state, start, end, silent)


class Parser(MarkdownIt):
    """CommonMark with tables and strikethrough. Addresses are kept as they are written."""

    def __init__(self) -> None:
        super().__init__("commonmark", {"maxNesting": MAX_NESTING})
        self.enable(["table", "strikethrough"])
        self.block.ruler.at("reference", _definition)
        self.disable("text_join")  # keeps what was escaped apart from what was not

    def validateLink(self, url: str) -> bool:  # noqa: N802
        """Accept every address: it is copied, never followed."""
        return True

    def normalizeLink(self, url: str) -> str:  # noqa: N802
        """Return the address as it is."""
        return url


@dataclass(frozen=True, slots=True)
class Form:
    """How a place in a document takes inline text.

    Attributes:
        frame: a small document with `{}` for the text, to read back what was written.
        hard: a hard line break.
        newline: what a line end in the text becomes: the document's own, then the marks of quotes and lists.
        cell: pipes must be escaped.
    """

    frame: str
    hard: str
    newline: str
    cell: bool = False


@dataclass(frozen=True, slots=True)
class Inline:
    """A block, and how its line breaks were written (`hard` for those of Markdown, else an HTML tag)."""

    block: Block
    breaks: tuple[str, ...]


HARD = "hard"
# stands for a block without text: a bare bullet or a bare line above `===` would be read as something else
BLANK = "&nbsp;"


def read_inline(children: Sequence[Token], kind: str) -> Inline:
    """Return the block of an inline token's children."""
    builder = Builder()
    breaks: list[str] = []
    tokens = iter(range(len(children)))
    for index in tokens:
        token = children[index]
        if token.type == "link_open" and token.markup == "autolink":
            builder.object("autolink", f"<{children[index + 1].content}>")
            next(tokens), next(tokens)
        elif token.type == "text":
            _text(builder, token.content)
        elif token.type == "text_special":
            builder.text(token.content)
        elif token.type == "softbreak":
            builder.text(_soft(children, index))
        elif token.type == "hardbreak":
            builder.line_break()
            breaks.append(HARD)
        elif token.type == "html_inline":
            _html(builder, token.content.replace("\n", " "), breaks)
        elif token.nesting == 1:
            name = token.type.removesuffix("_open")
            builder.open(name, name, "[" if name == "link" else token.markup)
        elif token.nesting == -1:
            name = token.type.removesuffix("_close")
            builder.close(name, _link_end(_opening(children, index)) if name == "link" else token.markup)
        else:
            builder.object(token.type, _object(token))
    return Inline(builder.build(kind), tuple(breaks))


def _text(builder: Builder, text: str) -> None:
    """Add text; references to footnotes in it are objects."""
    done = 0
    for match in _FOOTNOTE.finditer(text):
        builder.text(text[done : match.start()])
        builder.object("footnote", match[0])
        done = match.end()
    builder.text(text[done:])


def _soft(children: Sequence[Token], index: int) -> str:
    """Return what a line end in a paragraph stands for: nothing between Chinese characters, else a space."""
    before = children[index - 1].content[-1:] if index else ""
    after = children[index + 1].content[:1] if index + 1 < len(children) else ""
    wide = [unicodedata.east_asian_width(char) in "WF" for char in (before, after) if char]
    return "" if len(wide) == 2 and all(wide) else " "


def _opening(children: Sequence[Token], index: int) -> Token:
    """Return the opening token of the link that closes at the index; links do not nest."""
    return next(children[i] for i in range(index - 1, -1, -1) if children[i].type == "link_open")


def _html(builder: Builder, raw: str, breaks: list[str]) -> None:
    """Add an HTML tag or comment."""
    match = _HTML_NAME.match(raw)
    name = match[2].lower() if match else ""
    if name == "br":
        builder.line_break()
        breaks.append(raw)
    elif match is None or name in VOID or raw.endswith("/>"):
        builder.object(name or "comment", raw)
    elif match[1]:
        builder.close(f"<{name}>", raw, firm=_FIRM)
    else:
        builder.open(f"<{name}>", name, raw)


def _object(token: Token) -> str:
    """Return an image or code span as Markdown."""
    if token.type == "image":
        label = token.content.replace("\n", " ")
        return f"![{label}{_link_end(token)}"
    if token.type != "code_inline":
        return token.content
    runs = {len(run) for run in re.findall(r"`+", token.content)}
    fence = "`" * next(length for length in itertools.count(1) if length not in runs)
    code = token.content
    padded = code.startswith("`") or code.endswith("`") or (code != code.strip(" ") and code.strip(" ") != "")
    return f"{fence} {code} {fence}" if padded else f"{fence}{code}{fence}"


def _link_end(token: Token) -> str:
    """Return the end of a link or image: its address and title."""
    address = str(token.attrs.get("href" if token.type == "link_open" else "src", ""))
    if not address or re.search(r"[\s()<>\\\x00-\x1f]", address):
        address = "<" + re.sub(r"([\\<>])", r"\\\1", address) + ">"
    address = _ENTITY.sub("&amp;", address)
    title = " ".join(str(token.attrs.get("title", "")).split("\n"))
    if title:
        title = ' "' + _ENTITY.sub("&amp;", re.sub(r'([\\"])', r"\\\1", title)) + '"'
    return f"]({address}{title})"


def _escape(line: str) -> str:
    """Return text in which nothing is markup; marks that cannot be any stay as they are."""
    return _ENTITY.sub("&amp;", _MARKS.sub(r"\\\g<0>", line))


def _escape_all(line: str) -> str:
    """Return text in which every mark is escaped; pipes, which tables see behind a backslash, as entities."""
    return "&#124;".join(_ALL_MARKS.sub(r"\\\g<0>", part) for part in line.split("|"))


def _guard(line: str) -> str:
    """Return a line that does not begin a list, quote, heading or table."""
    match = _LINE_START.match(line)
    if match is None:
        return line
    at = match.end("number") if match["number"] else 0
    return f"{line[:at]}\\{line[at:]}"


def write_inline(
    block: Block, breaks: Sequence[str], form: Form, parser: MarkdownIt, definitions: Mapping[str, Any]
) -> str:
    """Return a block as Markdown; one without text as a space that keeps its place.

    Args:
        block: what to write.
        breaks: how its line breaks were written in the source, see `Inline`.
        form: what the place in the document asks for.
        parser: reads what was written, for the check.
        definitions: the document's link definitions, as the parser left them.

    Raises:
        ValueError: the block cannot be written so that it reads back the same; not known to happen.
    """
    block = tidy(block)
    leads = ("",) if block.text else ("", BLANK)
    tries = itertools.product(_attempts(block), (_escape, _escape_all), leads)
    for (attempt, alike), escape, lead in tries:
        marks = (form.hard if raw == HARD else raw for raw in itertools.chain(breaks, itertools.repeat(HARD)))
        text = lead + serialise(attempt, escape, marks.__next__)
        text = "\n".join(map(_guard, text.split("\n")))
        if form.cell:
            text = text.replace("|", "\\|")
        read = _reread(text, form, parser, definitions, block.kind)
        if read is not None and alike(read) == alike(block):
            return text.replace("\n", form.newline)
    raise ValueError("this block cannot be written as Markdown")


def _attempts(block: Block) -> Iterator[tuple[Block, Callable[[Block], object]]]:
    """Yield the block with its own marks of emphasis, with asterisks, with HTML tags, and with room around
    objects.

    With each comes what must be the same when it is read back.
    """
    yield block, _shape
    starred = _remarked(block, lambda tag: (tag.open.replace("_", "*"), tag.close.replace("_", "*")))
    if starred != block:
        yield starred, _shape
    tagged = _remarked(block, lambda tag: (f"<{tag.kind}>", f"</{tag.kind}>"))
    yield tagged, _shape
    yield replace(tagged, markup=tuple(_roomy(tag, block.text) for tag in tagged.markup)), _gist


def _roomy(tag: Tag, text: str) -> Tag:
    """Return an object with a space on either side, unless the text has one there."""
    if not is_object(tag):
        return tag
    at = tag.span[0]
    left = " " if text[:at] and not text[at - 1].isspace() else ""
    right = " " if text[at:] and not text[at].isspace() else ""
    return replace(tag, open=f"{left}{tag.open.strip()}{right}")


def _remarked(block: Block, marks: Callable[[Tag], tuple[str, str]]) -> Block:
    """Return the block with other marks of emphasis."""
    tags = (
        Tag(tag.span, tag.kind, *marks(tag)) if tag.kind in _EMPHASIS and tag.close else tag
        for tag in block.markup
    )
    return replace(block, markup=tuple(tags))


def _reread(
    text: str, form: Form, parser: MarkdownIt, definitions: Mapping[str, Any], kind: str
) -> Block | None:
    """Return the block that the text makes in its frame, None if it makes anything else."""
    env = {name: dict(value) for name, value in definitions.items() if isinstance(value, dict)}
    opening = parser.parse(form.frame.replace("{}", "x"))[0].type
    tokens = parser.parse(form.frame.replace("{}", text), env)
    inlines = [token for token in tokens if token.type == "inline" and token.content]
    if (
        len(inlines) != 1
        or tokens[0].type != opening
        or tokens[-1].type != opening.replace("_open", "_close")
    ):
        return None
    return read_inline(inlines[0].children or [], kind).block


def _shape(block: Block) -> tuple[str, list[Tag]]:
    """Return the text and the tags; whatever marks of emphasis are in use."""
    return block.text, [
        replace(tag, open="", close="") if tag.kind in _EMPHASIS else tag for tag in block.markup
    ]


def _gist(block: Block) -> tuple[str, list[tuple[str, str]]]:
    """Return the text without its spaces, and the tags without their places."""
    marks = ((tag.kind, "" if tag.kind in _EMPHASIS else tag.open.strip()) for tag in block.markup)
    return "".join(block.text.split()), sorted(marks)
