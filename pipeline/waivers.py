"""Waivers: segments that a person has accepted as they stand, in spite of errors, with a name and a reason.

They are kept in a table in the job folder (docs/job-file.md). A waiver holds for exactly one source text, one
target text and one language, and, if it names one, one document. When either text changes it no longer holds.
"""

from __future__ import annotations

import csv
import difflib
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from corpora.bitext import decode
from corpora.errors import MissingError, TerjimanError, UsageError, UsageErrorGroup
from corpora.languages import TARGETS
from corpora.records import Flag, TermUse
from corpora.text import nfc

COLUMNS = ("document", "lang", "source", "target", "reason", "who", "date")
REQUIRED = ("lang", "source", "target", "reason", "who")
DEFAULT_FILE = "waivers.csv"

_CONTROL = re.compile("[\u0000-\u001f\u007f-\u009f\u200b\u200e\u200f\u061c\u202a-\u202e\u2060-\u2069\ufeff]")


@dataclass(frozen=True, slots=True)
class Waiver:
    """One accepted segment.

    Attributes:
        document: path of the document below its root; empty for any document.
        source: the source text; like `target` in NFC, all white space counting as one space.
        target: the translation that was accepted.
        reason: why it may stand.
        who: the person who says so.
        date: when, as it was written; may be empty.
        place: file and line, for messages.
    """

    document: str
    lang: str
    source: str
    target: str
    reason: str
    who: str
    date: str = ""
    place: str = ""

    @property
    def account(self) -> str:
        """Who accepted it, when and why, for people."""
        return f"{self.who}{f' ({self.date})' if self.date else ''}: {self.reason}"

    def concerns(self, document: str, lang: str) -> bool:
        """Tell whether it can hold in a document and language."""
        return self.lang == lang and self.document in ("", document)


@dataclass(frozen=True, slots=True)
class Standing:
    """A segment as it stands: what a waiver is held against. `waived` tells whether one lowered anything."""

    source: str
    target: str
    waived: bool


def load(path: Path, *, required: bool = False) -> tuple[Waiver, ...]:
    """Read a table of waivers: CSV or TSV, UTF-8, a header row with the names of `COLUMNS` in any order.

    Args:
        path: the file; none is no waivers.
        required: a missing file is an error.

    Raises:
        MissingError: the file is required and not there.
        UsageErrorGroup: every fault, each with file and line.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        if required:
            raise MissingError("no such file of waivers", place=str(path)) from None
        return ()
    except OSError as error:
        raise UsageError(f"cannot be read: {error.strerror}", place=str(path)) from None
    faults: list[TerjimanError] = []
    waivers = tuple(_read(decode(data, str(path)), str(path), faults))
    if faults:
        raise UsageErrorGroup(faults)
    return waivers


def _read(text: str, place: str, faults: list[TerjimanError]) -> Iterator[Waiver]:
    header: list[str] = []
    line = 1
    head = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max("\t,;", key=head.count), strict=True)
    try:
        for row in reader:
            where, line = f"{place}:{line}", reader.line_num + 1
            if not any(cell.strip() for cell in row):
                continue
            if not header:
                header = [cell.strip().lower() for cell in row]
                faults += (wrong := list(_header_faults(header, where)))
                if wrong:
                    return
            elif any(cell.strip() for cell in row[len(header) :]):
                what = f"{len(row)} cells under {len(header)} columns"
                faults.append(UsageError(what, place=where, fix="Quote cells that hold the separator"))
            else:
                cells = {name: even(cell) for name, cell in zip(header, row, strict=False)}
                faults += (wrong := list(_row_faults(cells, where)))
                if not wrong:
                    yield Waiver(**{name: cells.get(name, "") for name in COLUMNS}, place=where)
    except csv.Error as error:
        where, fix = f"{place}:{line}", "Close every quotation mark"
        faults.append(UsageError(f"broken quoting: {error}", place=where, fix=fix))


def even(text: str) -> str:
    """Return a text as waivers compare it: NFC, all white space one space, none at the ends."""
    return " ".join(nfc(text).split())


def _header_faults(header: Sequence[str], place: str) -> Iterator[UsageError]:
    for name in dict.fromkeys(header):
        if name and name not in COLUMNS:
            near = difflib.get_close_matches(name, COLUMNS, 1)
            fix = f"Did you mean {near[0]!r}?" if near else f"Known columns: {', '.join(COLUMNS)}"
            yield UsageError(f"unknown column {name!r}", place=place, fix=fix)
        elif name and header.count(name) > 1:
            yield UsageError(f"the column {name!r} stands twice", place=place)
    missing = [name for name in REQUIRED if name not in header]
    if missing:
        names = ", ".join(map(repr, missing))
        yield UsageError(f"no column {names}", place=place, fix=f"A waiver needs {', '.join(REQUIRED)}")


def _row_faults(cells: Mapping[str, str], place: str) -> Iterator[UsageError]:
    asked = {
        "source": "Copy the source text of the segment",
        "target": "Copy the translation that is accepted",
        "reason": "Say why the segment may stand as it is",
        "who": "Say who accepts it",
    }
    for name, fix in asked.items():
        if not cells.get(name):
            yield UsageError(f"a waiver without {name}", place=place, fix=fix)
    if cells.get("lang") not in TARGETS:
        yield UsageError(
            f"no target language {cells.get('lang', '')!r}",
            place=place,
            fix=f"Use one of: {', '.join(TARGETS)}",
        )
    for name in ("document", "reason", "who", "date"):
        if hidden := _CONTROL.search(cells.get(name, "")):
            code = f"U+{ord(hidden.group()):04X}"
            yield UsageError(
                f"the invisible character {code} in column {name!r}", place=place, fix="Delete it"
            )


def concerning(
    waivers: Iterable[Waiver], document: str, lang: str, sources: Iterable[str]
) -> tuple[Waiver, ...]:
    """Return the waivers that can hold in a document with these source texts, into this language."""
    texts = set(map(even, sources))
    return tuple(one for one in waivers if one.concerns(document, lang) and one.source in texts)


def find(waivers: Iterable[Waiver], source: str, target: str) -> Waiver | None:
    """Return the first of the waivers that holds for a segment, None for none."""
    texts = even(source), even(target)
    return next((one for one in waivers if (one.source, one.target) == texts), None)


def waive(
    waiver: Waiver, terms: Sequence[TermUse], flags: Sequence[Flag]
) -> tuple[tuple[TermUse, ...], tuple[Flag, ...]]:
    """Return the terms and flags of a segment under a waiver: failed terms waived, errors made remarks."""
    return (
        tuple(replace(use, verdict="waived") if use.verdict == "failed" else use for use in terms),
        tuple(_lowered(flag, waiver) if flag.severity == "error" else flag for flag in flags),
    )


def _lowered(flag: Flag, waiver: Waiver) -> Flag:
    message = f"waived by {waiver.who}: {waiver.reason} (was: {flag.message})"
    return replace(flag, severity="info", message=message)


def idle(
    waivers: Iterable[Waiver],
    documents: Mapping[tuple[str, str], Sequence[Standing]],
    names: Iterable[str],
    langs: Iterable[str],
) -> list[str]:
    """Return a line for each waiver that holds for nothing any more, with its place and the cause.

    A waiver for a document or language that is not translated yet is not judged.

    Args:
        waivers: all of the job.
        documents: the segments of every document and language that is done.
        names: of all documents of the job.
        langs: all targets of the job.
    """
    known = list(names)
    judged = set(langs)
    lines = []
    for one in waivers:
        cause = _cause(one, documents, known) if one.lang in judged else ""
        if cause:
            lines.append(f"{one.place}: this waiver no longer applies: {cause}")
    return lines


def _cause(
    waiver: Waiver, documents: Mapping[tuple[str, str], Sequence[Standing]], names: Sequence[str]
) -> str:
    if waiver.document and waiver.document not in names:
        return f"the job has no document {waiver.document!r}"
    scope = [name for name in names if waiver.concerns(name, waiver.lang)]
    found = [
        segment
        for name in scope
        for segment in documents.get((name, waiver.lang), ())
        if even(segment.source) == waiver.source
    ]
    held = [segment for segment in found if even(segment.target) == waiver.target]
    if any(segment.waived for segment in held):
        return ""
    if any((name, waiver.lang) not in documents for name in scope):
        return ""
    if held:
        return "the segment has no error left to accept"
    return "the translation has changed" if found else "no segment has this source text"
