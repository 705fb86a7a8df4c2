"""Terms gathered piece by piece from formats that spread them over elements or rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from corpora.errors import UsageError
from corpora.languages import TARGETS
from glossary.formats.table import term_from
from glossary.terms import KEEP, Term


@dataclass
class Draft:
    """A term in the making: cells as in the table, and renderings in the order they are found."""

    place: str
    cells: dict[str, str] = field(default_factory=dict)
    unused: set[str] = field(default_factory=set)
    texts: dict[str, dict[str, list[str]]] = field(default_factory=dict)

    def add(self, lang: str, text: str, status: str = "accepted", notes: Sequence[str] = ()) -> None:
        """Add a spelling or rendering: `preferred`, `accepted` or `forbidden`."""
        if "keep=1" in notes:
            text = KEEP
        kinds = self.texts.setdefault(lang, {})
        kinds.setdefault(status, []).append(text)
        for note in notes:
            name, _, value = note.partition("=")
            if name == "head":
                self.cells[f"head_{lang}"] = value
            elif name == "irregular":
                joined = [self.cells.get("irregular", ""), f"{lang}:{value}"]
                self.cells["irregular"] = "|".join(filter(None, joined))

    def finished(self) -> dict[str, str]:
        """Return the cells of the whole term."""
        cells = dict(self.cells)
        for lang, kinds in self.texts.items():
            allowed = [*kinds.get("preferred", ()), *kinds.get("accepted", ())]
            if lang == "en":
                cells["en"] = allowed[0] if allowed else ""
                cells["aliases"] = "|".join(allowed[1:])
            else:
                cells[lang] = "|".join(allowed)
                cells[f"forbidden_{lang}"] = "|".join(kinds.get("forbidden", ()))
        return cells


def drafted(drafts: Iterable[Draft]) -> tuple[list[Term], list[UsageError]]:
    """Return the terms that the drafts make, and the faults of those that make none."""
    terms: list[Term] = []
    faults: list[UsageError] = []
    for draft in drafts:
        cells = draft.finished()
        if draft.unused and not any(lang != "en" for lang in draft.texts):
            continue  # told by `others.passed_over`
        term, wrong = term_from(cells, draft.place)
        faults += wrong
        terms += [term] if term else []
    return terms, faults


def none_of_ours(place: str) -> UsageError:
    """Return the fault of a file that holds terms, but only in languages that are not translated into."""
    return UsageError(
        f"no term has a text in {', '.join(TARGETS)}", place=place, fix="Is this the right file?"
    )


def families(rows: Iterable[tuple[str, str, dict[str, str]]]) -> list[Draft]:
    """Return drafts of rows (place, English, cells); rows alike in all but the English are aliases."""
    drafts: dict[tuple[tuple[str, str], ...], Draft] = {}
    for place, english, cells in rows:
        key = tuple(sorted(cells.items()))
        draft = drafts.get(key)
        if draft is None or not cells:
            draft = drafts[key] = Draft(
                place, {name: value for name, value in cells.items() if len(name) != 2}
            )
            for lang, text in cells.items():
                if lang in TARGETS:
                    draft.add(lang, text, "preferred")
        draft.add("en", english)
    return list(drafts.values())
