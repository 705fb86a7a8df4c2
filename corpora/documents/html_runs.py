"""The runs of an HTML page: text and inline markup between block-level tags."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import unescape
from typing import Literal

from corpora.documents.html_tokens import RAW, Token, attributes, tokens


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


BLOCK = _names(
    """address article aside base blockquote body button caption center col colgroup datalist dd details
    dialog dir div dl dt fieldset figcaption figure footer form frame frameset h1 h2 h3 h4 h5 h6 head header
    hgroup hr html legend li link main menu menuitem meta nav ol optgroup option p plaintext pre search
    section select summary table tbody td template tfoot th thead title tr ul xmp"""
)
# copied with everything in them; inside a sentence they stand as objects
OPAQUE = _names(
    """applet audio canvas code embed iframe kbd math noembed noframes noscript object pre rp rt samp script
    select style svg template textarea video xmp"""
)
VOID = _names(
    """area base basefont bgsound br col embed frame hr img input keygen link meta param source track wbr"""
)
IMPLIED = _names("p li dt dd option tr td th")
PieceKind = Literal["text", "open", "close", "object", "break"]


@dataclass(slots=True)
class Piece:
    """A piece `[start, end)` of a run; `pair` is the index of the matching tag, None without one."""

    kind: PieceKind
    start: int
    end: int
    name: str = ""
    pair: int | None = None


@dataclass(slots=True)
class Run:
    """Pieces in order, and the name of the block-level tag that came before them."""

    container: str
    pieces: list[Piece] = field(default_factory=list)


@dataclass(slots=True)
class Page:
    """The runs of a page.

    `tags` are the start tags outside of protected parts. `broken` says that a quote is missing somewhere, so
    that any new one would change the meaning of the tags behind it.
    """

    runs: list[Run]
    tags: list[Token]
    broken: bool


def parse(text: str) -> Page:
    """Return the runs and tags of an HTML source."""
    stream, broken = tokens(text)
    ends = _protected(text, stream)
    page = Page([Run("")], [], broken)
    index = 0
    while index < len(stream):
        token = stream[index]
        last = ends.get(index, index)
        if token.kind == "start" and last == index:
            page.tags.append(token)
        if token.kind in ("start", "end") and token.name in BLOCK:
            page.runs.append(Run(token.name if token.kind == "start" else ""))
        elif token.kind == "other" and text.startswith("<!d", token.start, token.start + 3):
            page.runs.append(Run(""))
        else:
            page.runs[-1].pieces.append(_piece(token, stream[last], last > index))
        index = last + 1
    for run in page.runs:
        _pair(run.pieces)
    return page


def _piece(token: Token, last: Token, protected: bool) -> Piece:
    """Return the piece of one token, or of all from it to the last of a protected element."""
    kind: PieceKind
    if protected or token.kind == "other" or (token.name in VOID and token.name != "br"):
        kind = "object"
    elif token.name == "br":
        kind = "break"
    else:
        kind = {"text": "text", "start": "open", "end": "close"}[token.kind]  # type: ignore[assignment]
    return Piece(kind, token.start, last.end, token.name)


def _protected(text: str, stream: Sequence[Token]) -> dict[int, int]:
    """Return first and last token index of every outermost element that must not be translated.

    An end tag that is left out where HTML allows it (`<p>`, `<li>`) is taken to stand before the next tag of
    that name. Any other element that is never closed protects nothing, so that it cannot hide the rest of a
    page.
    """
    closes, nexts = _matches(stream)
    found: dict[int, int] = {}
    beyond = -1
    for index, token in enumerate(stream):
        if index <= beyond or token.kind != "start" or token.name in VOID:
            continue
        if token.name in OPAQUE or _declined(text, token):
            last = closes.get(index, index)
            if last == index and token.name in RAW:
                last = min(index + 1, len(stream) - 1)
            elif last == index and token.name in IMPLIED:
                last = nexts.get(index, index + 1) - 1
            if last > index:
                found[index] = beyond = last
    return found


def _matches(stream: Sequence[Token]) -> tuple[dict[int, int], dict[int, int]]:
    """Return, by index of a start tag, its end tag (by depth) and the next start tag of its name."""
    closes: dict[int, int] = {}
    nexts: dict[int, int] = {}
    waiting: dict[str, list[int]] = {}
    latest: dict[str, int] = {}
    for index, token in enumerate(stream):
        if token.kind == "start" and token.name not in VOID:
            if token.name in latest:
                nexts[latest[token.name]] = index
            latest[token.name] = index
            waiting.setdefault(token.name, []).append(index)
        elif token.kind == "end" and waiting.get(token.name):
            closes[waiting[token.name].pop()] = index
    return closes, nexts


def _declined(text: str, tag: Token) -> bool:
    """Say whether the tag declines translation."""
    raw = text[tag.start : tag.end].lower()
    if "translate" not in raw:
        return False
    found = attributes(text, tag)
    classes = unescape(found["class"].value).split() if "class" in found else []
    return "notranslate" in classes or (
        "translate" in found and found["translate"].value.strip().lower() == "no"
    )


def _pair(pieces: Sequence[Piece]) -> None:
    """Match start and end tags within a run; an end tag closes the innermost start tag of its name."""
    stack: list[int] = []
    counts: dict[str, int] = {}
    for index, piece in enumerate(pieces):
        if piece.kind == "open":
            stack.append(index)
            counts[piece.name] = counts.get(piece.name, 0) + 1
        elif piece.kind == "close" and counts.get(piece.name):
            while True:
                start = stack.pop()
                name = pieces[start].name
                counts[name] -= 1
                if name == piece.name:
                    break
            pieces[start].pair, piece.pair = index, start


def peel(text: str, pieces: Sequence[Piece]) -> Sequence[Piece]:
    """Return the pieces without what can stay where it is.

    That is, at either edge: white space, objects, line breaks, unmatched tags, elements without text, note
    marks (a `sup` without letters); and elements around all that is left.
    """
    letters, inked = _sums(text, pieces)
    low, high = 0, len(pieces) - 1
    while low <= high:
        first, last = pieces[low], pieces[high]
        if first.pair == high:
            low, high = low + 1, high - 1
        elif _loose(text, first):
            low += 1
        elif first.kind == "open" and first.pair is not None and inked[first.pair] == inked[low]:
            low = first.pair + 1
        elif _loose(text, last):
            high -= 1
        elif last.kind == "close" and last.pair is not None and _bare(last, inked, letters, high):
            high = last.pair - 1
        else:
            break
    return pieces[low : high + 1]


def _loose(text: str, piece: Piece) -> bool:
    """Say whether a piece at the edge of a run can stay outside of its block."""
    if piece.kind == "text":
        return not unescape(text[piece.start : piece.end]).strip()
    return piece.kind in ("object", "break") or piece.pair is None


def _bare(last: Piece, inked: Sequence[int], letters: Sequence[int], at: int) -> bool:
    """Say whether the element that ends here holds no text, or is a note mark."""
    start = last.pair or 0
    return inked[at] == inked[start] or (last.name == "sup" and letters[at] == letters[start])


_LETTER = re.compile(r"[^\W\d_]")


def _sums(text: str, pieces: Sequence[Piece]) -> tuple[list[int], list[int]]:
    """Return running counts, before each piece, of pieces with a letter and of pieces with any ink."""
    words = [unescape(text[piece.start : piece.end]) if piece.kind == "text" else "" for piece in pieces]
    letters = itertools.accumulate((bool(_LETTER.search(word)) for word in words), initial=0)
    inked = itertools.accumulate((bool(word.strip()) for word in words), initial=0)
    return list(letters), list(inked)
