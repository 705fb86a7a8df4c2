"""Tables of the report."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pipeline.publishing.visible import plain, shown


def table_of(label: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table of ready cells (`<td>…</td>`); a head that begins with `#` stands above numbers."""
    cells = "".join(
        f'<th scope="col" class="number">{shown(head[1:])}</th>'
        if head.startswith("#")
        else f'<th scope="col">{shown(head)}</th>'
        for head in heads
    )
    lines = "".join(f"<tr>{''.join(row)}</tr>" for row in rows)
    return (
        f'<div class="wide" tabindex="0" role="region" aria-label="{plain(label)}"><table>'
        f"<thead><tr>{cells}</tr></thead><tbody>{lines}</tbody></table></div>"
    )


def text_cell(text: object, kind: str = "") -> str:
    """Return a cell with a text in it."""
    return f'<td class="{kind}">{shown(str(text))}</td>' if kind else f"<td>{shown(str(text))}</td>"


def number_cell(number: int, kind: str = "") -> str:
    """Return a cell with a number; `kind` marks one that is not zero."""
    return text_cell(f"{number:,}", f"number {kind}" if kind and number else "number")
