"""Glossary files in and out: one module per family of formats, chosen by name or by the file's suffix."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from corpora.errors import UsageError
from corpora.languages import LANGUAGES, TARGETS

if TYPE_CHECKING:
    from glossary.formats.losses import Written
    from glossary.terms import Term

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
        Format("table", "table", suffixes=(".csv", ".tsv", ".txt")),
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
    if found is None:
        known = ", ".join(suffix for one in FORMATS.values() for suffix in one.suffixes)
        raise UsageError(f"unknown glossary format {suffix!r}", place=str(path), fix=f"Use one of: {known}")
    return found


def reader_for(path: PurePath) -> Reader:
    """Return the function that reads a glossary file of a job: bytes and place to terms and faults."""
    found = format_of(path)
    reader: Reader = getattr(import_module(f"{__name__}.{found.module}"), found.reader)
    return reader


def sniff(data: bytes, path: PurePath) -> Format:
    """Guess the format of a file to be converted, by suffix and, for tables, by its first row."""
    found = format_of(path)
    if found.name != "table":
        return found
    head = data[:65536].decode("utf-8-sig", errors="replace").partition("\n")[0]
    cells = next(csv.reader(io.StringIO(head), delimiter=max("\t,;", key=head.count)), [])
    names = {cell.strip().lower() for cell in cells}
    if {"source", "target"} <= names:
        return FORMATS["weblate"]
    if "en" not in names:
        return FORMATS["deepl"]
    codes = {name.split("-")[0] for name in names}
    if codes - set(LANGUAGES) and all(len(code) == 2 for code in codes):
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
    if suffix.lower() == ".tsv" and found.module in ("table", "rows"):
        written: Written = writer(terms, lang, delimiter="\t")
    else:
        written = writer(terms, lang)
    return written
