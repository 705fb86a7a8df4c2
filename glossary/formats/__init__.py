"""Glossary files in and out: one module per family of formats, chosen by name or by the file's suffix."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

from corpora.errors import MissingError, UsageError
from corpora.languages import LANGUAGES, SOURCE, TARGETS
from glossary.formats import sheet

if TYPE_CHECKING:
    from glossary.formats.losses import Written
    from glossary.terms import Term

_CODE = re.compile(r"[a-z]{2,3}(?:[-_][a-z0-9]{2,8})*")

MAX_BYTES = 64 << 20

Reader = Callable[[bytes, str], "tuple[list[Term], list[UsageError]]"]


@dataclass(frozen=True, slots=True)
class Format:
    """A glossary format.

    Attributes:
        name: as given on the command line.
        module: below `glossary.formats`.
        reader: name of the function that reads it.
        writer: name of the function that writes it.
        suffixes: of files that are taken to be in it.
        one_language: a file holds one target language.
    """

    name: str
    module: str
    reader: str = "read"
    writer: str = "write"
    suffixes: tuple[str, ...] = ()
    one_language: bool = False


FORMATS = {
    made.name: made
    for made in (
        Format("table", "table", suffixes=(".csv", ".tsv", ".tab", ".txt")),
        Format("tbx", "tbx", suffixes=(".tbx", ".xml")),
        Format("tmx", "tmx", suffixes=(".tmx",)),
        Format("po", "weblate", "read_po", "write_po", (".po",), one_language=True),
        Format("weblate", "weblate", "read_csv", "write_csv", one_language=True),
        Format("deepl", "rows", "read_pairs", "write_pairs", one_language=True),
        Format("google", "rows", "read_grid", "write_grid"),
        Format("amazon", "rows", "read_grid", "write_grid"),
    )
}


def format_of(path: PurePath) -> Format:
    """Return the format that a file's suffix stands for; raise `UsageError` for none."""
    suffix = path.suffix.lower()
    found = next((one for one in FORMATS.values() if suffix in one.suffixes), None)
    if suffix in (".xlsx", ".xls", ".ods"):
        fix = "Save the table as CSV UTF-8 in the spreadsheet program"
        raise UsageError("a spreadsheet file", place=str(path), fix=fix)
    if found is None:
        known = ", ".join(suffix for one in FORMATS.values() for suffix in one.suffixes)
        raise UsageError(f"unknown glossary format {suffix!r}", place=str(path), fix=f"Use one of: {known}")
    return found


def reader_for(path: PurePath) -> Reader:
    """Return the function that reads a glossary file of a job: bytes and place to terms and faults."""
    found = format_of(path)
    reader: Reader = getattr(import_module(f"{__name__}.{found.module}"), found.reader)
    return reader


def read_bytes(path: Path) -> bytes:
    """Return the content of a glossary file.

    Raises:
        MissingError: it does not exist.
        UsageError: it cannot be read, or is larger than 64 MB.
    """
    place = str(path)
    try:
        if path.is_dir():
            raise UsageError("a folder, not a file", place=place, fix="Name the glossary file in it")
        if path.stat().st_size > MAX_BYTES:
            raise UsageError("larger than 64 MB", place=place, fix="Split the glossary")
        return path.read_bytes()
    except FileNotFoundError:
        raise MissingError("no such glossary file", place=place) from None
    except OSError as error:
        raise UsageError(f"cannot be read: {error.strerror}", place=place) from None


def sniff(data: bytes, path: PurePath) -> Format:
    """Guess the format of a file to be converted, by suffix and, for tables, by its first row."""
    found = format_of(path)
    if found.name != "table":
        return found
    from glossary.formats.table import COLUMNS

    cells = sheet.first_row(data, {*COLUMNS, "source", "target"})
    codes = [sheet.base_code(cell) for cell in cells]
    if {"source", "target"} <= set(cells):
        return FORMATS["weblate"]
    if len(cells) == 4 and SOURCE in codes[2:] and not set(codes[:2]) & set(LANGUAGES):
        return FORMATS["deepl"]
    own = set(COLUMNS) - set(LANGUAGES)
    others = set(cells) - set(LANGUAGES)
    if own & set(cells) or not others:
        return found
    if SOURCE not in codes:
        return found if set(codes) & set(TARGETS) else FORMATS["deepl"]
    if all(cell in ("pos", "description") or _CODE.fullmatch(cell) for cell in others):
        return FORMATS["google"]
    return found


def parse(data: bytes, place: str, name: str, lang: str = "") -> tuple[list[Term], list[UsageError]]:
    """Read a glossary in a format given by name.

    Args:
        lang: target language of a format that does not name its own.
    """
    found = FORMATS[name]
    reader: Any = getattr(import_module(f"{__name__}.{found.module}"), found.reader)
    terms, faults = reader(data, place) if found.name in ("table", "tbx") else reader(data, place, lang)
    return terms, faults


def render(terms: list[Term], name: str, lang: str = "", *, suffix: str = "") -> Written:
    """Write terms in a format given by name.

    Raises:
        UsageError: the format holds one language and none is given.
    """
    found = FORMATS[name]
    if found.one_language and lang not in TARGETS:
        fix = f"Say which with --lang ({', '.join(TARGETS)})"
        raise UsageError(f"a {name} glossary holds one target language", fix=fix)
    writer: Any = getattr(import_module(f"{__name__}.{found.module}"), found.writer)
    if suffix.lower() in (".tsv", ".tab") and found.module in ("table", "rows"):
        written: Written = writer(terms, lang, delimiter="\t")
    else:
        written = writer(terms, lang)
    return written
