"""The editors' guide names every column and every flag that there is, and none that there is not."""

from __future__ import annotations

import re
from pathlib import Path

from glossary.formats.table import COLUMNS
from glossary.formats.table import read as read_table
from pipeline.quality.checks import CHECKS

GUIDE = (Path(__file__).parents[2] / "docs" / "for-editors.md").read_text(encoding="utf-8")
TERM_FLAGS = {
    "term-missing",
    "term-forbidden",
    "term-untranslated",
    "term-repeated",
    "term-tacked-on",
    "term-alone",
}


def first_cells(head: str) -> set[str]:
    """Return what stands in backquotes in the first column of the tables with this heading."""
    found: set[str] = set()
    for table in re.findall(rf"^\| {head} \|.*\n\|[-| ]+\n((?:\|.*\n)+)", GUIDE, re.MULTILINE):
        for row in table.splitlines():
            found |= set(re.findall(r"`([^`]+)`", row.split(" | ")[0]))
    return found


def test_every_column_is_explained() -> None:
    shown = first_cells("column")
    by_language = {name.split("_")[0] for name in COLUMNS if "_" in name}
    explained = shown | {"id"} | {name for name in COLUMNS if name.split("_")[0] in by_language}
    assert set(COLUMNS) <= explained
    assert shown <= set(COLUMNS)


def test_every_flag_is_explained() -> None:
    assert first_cells("flag") == set(CHECKS) | TERM_FLAGS


def test_the_examples_of_the_columns_can_be_read() -> None:
    cells = {
        name: example.replace(r"\|", "|")
        for name, example in re.findall(r"^\| `(\w+)` \| .* \| `([^`]+)` \|$", GUIDE, re.MULTILINE)
    }
    cells.update(en="Example", kk="Мысал", number="", irregular="")
    header, row = ",".join(cells), ",".join(f'"{cell}"' for cell in cells.values())
    terms, faults = read_table(f"{header}\n{row}\n".encode(), "example.csv")
    assert [str(fault) for fault in faults] == []
    assert [term.status for term in terms] == ["reviewed"]
