"""HTML: translated in place, by source offsets; nothing but the translated text is written anew.

A *run* is the text and inline markup between two block-level tags; it becomes one block. Tags around a whole
run stay outside of it, like images and notes at its edges. Not translated: scripts, styles, code, embedded
content, and what `translate="no"` or the class `notranslate` protects. Translated besides: the title, the
description, `alt` and `title` attributes.
"""

from __future__ import annotations

import bisect
import itertools
import re
from collections.abc import Iterator, Sequence
from functools import partial
from html import unescape

from corpora.documents.html_runs import Piece, Run, parse, peel
from corpora.documents.html_tokens import Attribute, Token, attributes
from corpora.documents.inline import Builder, clean, serialise, tidy
from corpora.documents.source import Edit, Slot, changed, decode, encode, rewrite, substitute, translatable
from corpora.errors import InputError
from corpora.languages import language
from corpora.records import Block

MAX_DEPTH = 100
_SPACES = ("&nbsp;", "&#160;", "&#xa0;", "&#xA0;", "&#XA0;")
_LEAD = re.compile(rf"(?:\s|{'|'.join(_SPACES)})+")
_READ = re.compile(r"\b(?:alt|title)\b", re.IGNORECASE)
_UTF8 = frozenset({"utf-8", "utf8", "unicode-1-1-utf-8"})
_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([^\s\"';>]+)", re.IGNORECASE)
_XML_ENCODING = re.compile(r"<\?xml[^>]*\bencoding\s*=\s*[\"']([^\"']*)", re.IGNORECASE)
_DESCRIPTIONS = frozenset(
    {"description", "og:title", "og:description", "og:image:alt", "twitter:title", "twitter:description"}
)
_KINDS = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), "heading"),
    **dict.fromkeys(("li", "dt", "dd"), "item"),
    **dict.fromkeys(("td", "th"), "cell"),
    **dict.fromkeys(("caption", "figcaption"), "caption"),
    "title": "title",
    "blockquote": "quote",
}


def read(data: bytes, place: str) -> list[Block]:
    """Return the blocks of an HTML file.

    Raises:
        InputError: not readable as UTF-8, another encoding declared, or nested beyond reason.
    """
    return [slot.block for slot in slots(decode(data, place), place)]


def render(data: bytes, place: str, blocks: Sequence[Block], lang: str) -> bytes:
    """Return the page with its blocks replaced, and with the language, direction and encoding declared.

    Raises:
        InputError: the source cannot be read.
        ValueError: the number of blocks is not that of the source.
    """
    text = decode(data, place)
    found = slots(text, place)
    edits = rewrite(found, blocks)
    if changed(found, blocks):
        edits += _declarations(text, lang)
    return encode(substitute(text, edits), data)


def slots(text: str, place: str) -> list[Slot]:
    """Return the translatable stretches of a page, or of a fragment of one, in order.

    Raises:
        InputError: another encoding is declared, or inline tags are nested too deeply.
    """
    page = parse(text)
    _check_encoding(text, page.tags, place)
    found = [slot for run in page.runs for slot in _run_slot(text, run, place, page.broken)]
    starts = [slot.start for slot in found]
    read = [] if page.broken else page.tags
    for slot in (slot for tag in read for slot in _attribute_slots(text, tag)):
        before = bisect.bisect_right(starts, slot.start) - 1
        if before < 0 or found[before].end <= slot.start:
            found.append(slot)
    return sorted(found, key=lambda slot: slot.start)


def _run_slot(text: str, run: Run, place: str, broken: bool) -> Iterator[Slot]:
    """Yield the slot of a run, if there is something to translate in it."""
    core = peel(text, run.pieces)
    if not core:
        return
    start, end = core[0].start, core[-1].end
    if core[0].kind == "text" and (match := _LEAD.match(text, start, core[0].end)):
        start = match.end()
    if core[-1].kind == "text":
        end = _without_space(text, start, end)
    block = _build(text, core, _KINDS.get(run.container, "paragraph"), place)
    if translatable(block.text):
        breaks = [text[piece.start : piece.end] for piece in core if piece.kind == "break"]
        yield Slot(start, end, block, partial(_encode, breaks=breaks, quotes=not broken))


def _without_space(text: str, start: int, end: int) -> int:
    """Return the end of the stretch without the white space there, written as characters or as entities."""
    while end > start:
        entity = next((entity for entity in _SPACES if text.endswith(entity, start, end)), None)
        if not entity and not text[end - 1].isspace():
            break
        end -= len(entity or " ")
    return end


def _build(text: str, pieces: Sequence[Piece], kind: str, place: str) -> Block:
    """Return the block of a peeled run."""
    builder = Builder()
    for piece in pieces:
        raw = text[piece.start : piece.end]
        if piece.kind == "text":
            builder.text(unescape(raw))
        elif piece.kind == "break":
            builder.line_break()
        elif piece.kind == "object" or piece.pair is None:
            builder.object(piece.name or "comment", raw)
        elif piece.kind == "open":
            builder.open(piece.name, piece.name, raw)
        else:
            builder.close(piece.name, raw)
        if builder.depth > MAX_DEPTH:
            line = text.count("\n", 0, piece.start) + 1
            raise InputError(
                "tags are nested too deeply", place=f"{place}, line {line}", fix="Simplify the page"
            )
    return builder.build(kind)


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _escape_quotes(text: str) -> str:
    return _escape(text).replace('"', "&quot;").replace("'", "&#39;")


def _encode(block: Block, breaks: Sequence[str], quotes: bool) -> str:
    """Return a block as HTML, with the line break tags of the source as far as they go."""
    raw = itertools.chain(breaks, itertools.repeat("<br>"))
    return serialise(tidy(block), _escape if quotes else _escape_quotes, raw.__next__)


def _attribute_slots(text: str, tag: Token) -> Iterator[Slot]:
    """Yield slots for the attributes of a tag that people read."""
    if tag.name == "meta":
        found = attributes(text, tag)
        named = found.get("name") or found.get("property")
        if named is None or named.value.strip().lower() not in _DESCRIPTIONS or "content" not in found:
            return
        read = {"description": found["content"]}
    elif _READ.search(text, tag.start, tag.end):
        read = {name: value for name, value in attributes(text, tag).items() if name in ("alt", "title")}
    else:
        return
    for name, value in read.items():
        body = " ".join(clean(unescape(value.value)).split())
        if translatable(body):
            yield Slot(
                value.start, value.end, Block(body, name), partial(_encode_attribute, quoted=value.quoted)
            )


def _encode_attribute(block: Block, quoted: bool) -> str:
    value = _escape_quotes(" ".join(tidy(block).text.split()))
    return value if quoted else f'"{value}"'


def _check_encoding(text: str, tags: Sequence[Token], place: str) -> None:
    """Raise `InputError` if the page declares an encoding that it is not in."""
    declared = [match[1] for match in [_XML_ENCODING.match(text.lstrip())] if match]
    declared += [found for tag in tags if tag.name == "meta" for found in _charset(text, tag)]
    for name in declared:
        if name.strip().lower() not in _UTF8:
            raise InputError(
                f"the page declares the encoding {name!r}",
                place=place,
                fix="Save it as UTF-8 and let it declare that",
            )


def _charset(text: str, meta: Token) -> list[str]:
    """Return the encoding that a meta tag declares, if any."""
    found = attributes(text, meta)
    if "charset" in found:
        return [found["charset"].value]
    if (
        "http-equiv" in found
        and found["http-equiv"].value.strip().lower() == "content-type"
        and "content" in found
    ):
        match = _CHARSET.search(found["content"].value)
        return [match[1]] if match else []
    return []


def _declarations(text: str, lang: str) -> list[Edit]:
    """Return the edits that declare language, direction and, where none is declared, the encoding."""
    page = parse(text)
    if page.broken:
        return []
    tags, target = page.tags, language(lang)
    edits = []
    root = next((tag for tag in tags if tag.name == "html"), None)
    if root:
        found = attributes(text, root)
        wanted = {"lang": target.tag}
        if "xml:lang" in found:
            wanted["xml:lang"] = target.tag
        if target.rtl or "dir" in found:
            wanted["dir"] = "rtl" if target.rtl else "ltr"
        added = "".join(f' {name}="{value}"' for name, value in wanted.items() if name not in found)
        edits = [_set(found[name], name, value) for name, value in wanted.items() if name in found]
        edits.append(Edit(root.start + len("<html"), root.start + len("<html"), added))
    head = next((tag for tag in tags if tag.name == "head"), None)
    if head and not any(_charset(text, tag) for tag in tags if tag.name == "meta"):
        edits.append(Edit(head.end, head.end, '<meta charset="utf-8">'))
    return edits


def _set(attribute: Attribute, name: str, value: str) -> Edit:
    """Return the edit that gives an attribute a new value."""
    if attribute.quoted:
        return Edit(attribute.start, attribute.end, value)
    if attribute.start == attribute.end:
        return Edit(attribute.start, attribute.end, f'="{value}"')
    return Edit(attribute.start, attribute.end, f'"{value}"')
