"""Plain text: paragraphs between blank lines, with bullets, numbers and speaker labels kept in place.

Lines without a blank line between them are either one paragraph wrapped by hand or one paragraph each. They
are taken as wrapped when all of this holds (`wrapped`):

- the longest line is 45 to 120 columns wide;
- each line but the last was full: the next word would not have fitted (one line in eight may be an
  exception);
- two lines alone fill the width of the other wrapped paragraphs; where there are none, no line of the
  document is wider than 120 columns;
- at least one line ends in the middle of a sentence: no final punctuation there, and the next line does not
  begin with a capital letter.

A wrapped paragraph is one block and is written back as one line.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterator, Sequence

from corpora.documents.inline import clean, tidy
from corpora.documents.source import Slot, decode, encode, rewrite, substitute, translatable
from corpora.records import Block

NARROWEST, WIDEST = 45, 120
_FULL_SHARE = 7 / 8
_LINE = re.compile(r"([^\r\n]*)(\r\n|\r|\n|$)")

# `- `, `• `, `* `, `1. `, `12) `, `(a) `, `[3] `; a dash of dialogue is no bullet
_BULLET = re.compile(
    r"(?:[-*+•‣◦▪●·][ \t\u00a0]+|\(?(?:\d{1,3}|[a-zA-Z])[.)][ \t\u00a0]+|\[\d{1,3}\][ \t\u00a0]+)(?=\S)"
)
# one letter and a colon marks question and answer in interviews; kept as it is
_LETTER_LABEL = re.compile(r"[^\W\d_][:：][ \t\u00a0]+(?=\S)")
# a speaker: one to five capitalised words and a colon; a block of its own, so that the name is always in
# reach
_SPEAKER = re.compile(
    r"(?:[^\W\d_][\w'’.\-]*)(?:[ \u00a0](?:[^\W\d_][\w'’.\-/]*)){0,4}(?=[:：][ \t\u00a0]+\S)"
)
_PARTICLES = frozenset({"of", "the", "and", "for", "de", "von", "van", "al", "el", "bin", "ibn"})
_FINAL = re.compile(r"[.!?…。！？؟۔:;：；؛]['\"”’»)\]」』]*$")

_BREAK = re.compile(r"(?<=\S)\s*[\r\n]\s*(?=\S)")

Line = tuple[int, int]


def read(data: bytes, place: str) -> list[Block]:
    """Return the blocks of a text file.

    Raises:
        InputError: not readable as UTF-8 text (see `source.decode`).
    """
    return [slot.block for slot in slots(decode(data, place))]


def render(data: bytes, place: str, blocks: Sequence[Block], lang: str) -> bytes:
    """Return the file with its blocks replaced; unchanged blocks keep their bytes.

    Raises:
        InputError: the source is not readable.
        ValueError: the number of blocks is not that of the source.
    """
    text = decode(data, place)
    return encode(substitute(text, rewrite(slots(text), blocks)), data)


def slots(text: str) -> list[Slot]:
    """Return the translatable stretches of a text."""
    runs = list(_runs(text))
    width = _width(text, runs)
    found: list[Slot] = []
    for run in runs:
        for lines in _paragraphs(text, run, width):
            found += _paragraph_slots(text, lines)
    return found


def _width(text: str, runs: Sequence[list[Line]]) -> int:
    """Return the width that two lines must fill to be one paragraph, 0 if none may be.

    That is the width of the wrapped paragraphs of three and more lines. Where there are none, pairs of lines
    are judged by their own width, unless longer lines in the document say that it is not wrapped.
    """
    longer = [[text[start:end] for start, end in run] for run in runs if len(run) > 2]
    widths = [width for lines in longer if wrapped(lines, width := max(map(_columns, lines)))]
    if widths:
        return max(widths)
    longest = max((_columns(text[start:end].rstrip()) for run in runs for start, end in run), default=0)
    return longest if longest <= WIDEST else 0


def _runs(text: str) -> Iterator[list[Line]]:
    """Yield runs of lines without a blank one between; a line is its span without the line end."""
    run: list[Line] = []
    for match in _LINE.finditer(text):
        if clean(match[1]).strip():
            run.append(match.span(1))
        elif run:
            yield run
            run = []
    if run:
        yield run


def _paragraphs(text: str, run: list[Line], width: int) -> Iterator[list[Line]]:
    """Split a run where a bullet, number or label begins a line, and where its lines are not wrapped."""
    items: list[list[Line]] = []
    for line in run:
        if not items or _begins(text, items[-1], line):
            items.append([])
        items[-1].append(line)
    own = max(_columns(text[start:end].rstrip()) for start, end in run)
    fill = own if len(run) > 2 else width and max(own, width)
    for item in items:
        if wrapped([text[start:end] for start, end in item], fill):
            yield item
        else:
            yield from ([line] for line in item)


def _begins(text: str, item: list[Line], line: Line) -> bool:
    """Say whether the line begins a paragraph: by a mark of its own, or by its indentation."""
    if _prefix(text, line) > (at := _indent(text, line)):
        return True
    marked = _prefix(text, item[0]) > _indent(text, item[0])
    return not marked and at - line[0] > _indent(text, item[-1]) - item[-1][0]


def wrapped(lines: Sequence[str], width: int) -> bool:
    """Say whether the lines are one paragraph, wrapped by hand at `width` columns (see the module)."""
    if len(lines) < 2 or not NARROWEST <= width <= WIDEST:
        return False
    pairs = [(first.rstrip(), second.strip()) for first, second in itertools.pairwise(lines)]
    full = sum(_columns(first) + 1 + _columns(second.split(None, 1)[0]) > width for first, second in pairs)
    return full >= _FULL_SHARE * len(pairs) and any(_flows(first, second) for first, second in pairs)


def _flows(first: str, second: str) -> bool:
    """Say whether a sentence runs on from one line to the next."""
    return not _FINAL.search(first) and not second[0].isupper()


def _columns(text: str) -> int:
    """Return the width on a terminal: wide East Asian characters take two columns, marks none."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        for char in text
    )


def _indent(text: str, line: Line) -> int:
    """Return where the line's own text begins."""
    start, end = line
    return start + len(text[start:end]) - len(text[start:end].lstrip())


def _prefix(text: str, line: Line) -> int:
    """Return where the text begins after indentation, bullet or number, and a label of one letter."""
    at = _indent(text, line)
    for pattern in (_BULLET, _LETTER_LABEL):
        if match := pattern.match(text, at, line[1]):
            at = match.end()
    return at


def _speaker(text: str, start: int, end: int) -> int:
    """Return where a speaker's name at the start ends, `start` where there is none."""
    match = _SPEAKER.match(text, start, end)
    if not match:
        return start
    words = match[0].split()
    named = all(word[0].isupper() or word in _PARTICLES for word in words)
    return match.end() if named and words[0][0].isupper() and len(match[0]) <= 50 else start


def _paragraph_slots(text: str, lines: Sequence[Line]) -> Iterator[Slot]:
    """Yield the slot of a paragraph, before it that of its speaker."""
    start, end = _prefix(text, lines[0]), lines[-1][1]
    kind = "item" if start > _indent(text, lines[0]) else "paragraph"
    label = _speaker(text, start, lines[0][1])
    if label > start:
        yield from _slot(text, start, label, "label")
        start = label + 1
    yield from _slot(text, start, end, kind)


def _slot(text: str, start: int, end: int, kind: str) -> Iterator[Slot]:
    """Yield a slot without the white space around it, if there is something to translate in it."""
    raw = text[start:end]
    start, end = start + len(raw) - len(raw.lstrip()), end - (len(raw) - len(raw.rstrip()))
    body = " ".join(clean(_BREAK.sub(_joint, text[start:end])).split())
    if translatable(body):
        yield Slot(start, end, Block(body, kind), _encode)


def _joint(match: re.Match[str]) -> str:
    """Return what joins two lines of a wrapped paragraph: nothing inside Chinese, else a space."""
    around = match.string[match.start() - 1], match.string[match.end()]
    return "" if all(unicodedata.east_asian_width(char) in "WF" for char in around) else " "


def _encode(block: Block) -> str:
    """Return the block as one line."""
    return " ".join(tidy(block).text.split())
