"""What `terjiman models list` shows: the catalog and the store, side by side."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from corpora.errors import MissingError
from models import catalog, machine, profile, registry, store, tuning
from models.encoders.storing import KIND as ENCODER
from models.tuning import Tuning

_WORDS = {"absent": "available", "damaged": "damaged", "outdated": "made by another version"}


@dataclass(frozen=True, slots=True)
class Row:
    """A model as it is listed.

    Attributes:
        name: as a job calls it.
        state: `installed`, `absent`, `damaged` or `outdated`.
        forms: names in the store of all that is installed of it, best first.
        misfit: why this machine cannot hold or run it; empty where it can.
        size: bytes on disk of the best installed form; 0 where there is none.
        needs: what each form takes, computed; bytes.
        licence: what is known of its licence.
        entry: what the catalog says; None for a model of the user's that is in no catalog.
        tuning: how the best installed form runs on this machine; None where that was never measured.
        damaged: those of the forms that are, at a glance.
    """

    name: str
    state: registry.State
    forms: tuple[str, ...]
    misfit: str
    size: int
    needs: tuple[machine.Need, ...]
    licence: str
    languages: tuple[str, ...]
    entry: catalog.Entry | None
    tuning: Tuning | None = None
    damaged: tuple[str, ...] = ()

    def cells(self) -> tuple[str, str, str, str, str, str]:
        """Return name, state, languages, size, licence and note for people."""
        kind = "not in the catalog" if self.languages else "no translator (a sentence encoder, if sound)"
        note = self.entry.note if self.entry else f"{kind}: {store.folder(self.name)}"
        note += f" Runs here with {self.tuning}." if self.tuning else ""
        return self.name, self._state(), " ".join(self.languages), self._size(), self.licence, note

    def paragraph(self, widths: Sequence[int], width: int) -> str:
        """Return the same for a terminal: a line of facts, then state and note below it.

        Args:
            widths: of the columns of name, languages and size.
            width: of the terminal, in columns.
        """
        name, state, languages, size, licence, note = self.cells()
        columns = zip((name, languages, size), widths, strict=True)
        facts = "  ".join([*(cell.ljust(wide) for cell, wide in columns), licence])
        said = note if self.state == "absent" and not self.misfit else f"{state}. {note}"
        wrap = textwrap.TextWrapper(
            max(width - 1, 20), subsequent_indent="    ", break_long_words=False, break_on_hyphens=False
        )
        lines = wrap.wrap(facts)
        wrap.initial_indent = "    "
        return "\n".join([*lines, *wrap.wrap(said)])

    def as_json(self) -> dict[str, object]:
        """Return everything, for programs."""
        known: dict[str, object] = {}
        if self.entry is not None:
            known = {
                key: value
                for key, value in asdict(self.entry).items()
                if key not in {"name", "licence", "codes"}
            }
            known |= {"terms": asdict(self.entry.licence), "codes": dict(self.entry.codes)}
        return {
            "name": self.name,
            "state": self.state,
            "forms": list(self.forms),
            "damaged": list(self.damaged),
            "fits": not self.misfit,
            "misfit": self.misfit,
            "size": self.size,
            "needs": [asdict(need) for need in self.needs],
            "licence": self.licence,
            "languages": list(self.languages),
            "tuning": asdict(self.tuning) if self.tuning else None,
            **known,
        }

    def _state(self) -> str:
        if self.state == "installed":
            sound = [form for form in self.forms if form not in self.damaged]
            other = [form for form in sound if form != self.name]
            said = f"installed as {', '.join(other)}" if other else "installed"
            return f"{said}; damaged: {', '.join(self.damaged)}" if self.damaged else said
        if self.misfit and self.state == "absent":
            return f"too large: {self.misfit}"
        if self.state == "damaged" and self.name != registry.STARTER:
            return f"damaged: terjiman models verify {self.name}"  # which says how to mend it
        return f"{_WORDS[self.state]}: terjiman models pull {self.name}"

    def _size(self) -> str:
        if self.size:
            return machine.gigabytes(self.size)
        return f"~{machine.gigabytes(self.needs[0].disk)}" if self.needs else ""


def lines(listed: Sequence[Row]) -> list[str]:
    """Return a line a model, in columns: for programs that read lines, and for `grep`."""
    cells = [row.cells() for row in listed]
    widths = [max(len(row[column]) for row in cells) for column in range(5)]
    starts = [[cell.ljust(width) for cell, width in zip(row, widths, strict=False)] for row in cells]
    return ["  ".join([*start, row[5]]).rstrip() for start, row in zip(starts, cells, strict=True)]


def paragraphs(listed: Sequence[Row], width: int) -> list[str]:
    """Return what fits on a terminal: a paragraph a model."""
    cells = [row.cells() for row in listed]
    widths = [max(len(row[column]) for row in cells) for column in (0, 2, 3)]
    return [row.paragraph(widths, width) for row in listed]


def rows() -> list[Row]:
    """Return the models of the catalog in its order, then those of the store that are in no catalog."""
    here = machine.here(store.models_folder())
    listed = [_known(entry, here) for entry in catalog.entries().values()]
    shown = {form for row in listed for form in row.forms}
    return listed + [_stranger(name) for name in store.installed() if name not in shown]


def _known(entry: catalog.Entry, here: machine.Machine) -> Row:
    forms = registry.forms(entry.name)
    states = {form: registry.state(form) for form in forms}
    best = next((form for form in forms if states[form] == "installed"), forms[0] if forms else "")
    misfits = [machine.misfit(entry, variant, here) for variant in entry.variants]
    return Row(
        name=entry.name,
        state=states[best] if best else "absent",
        forms=tuple(forms),
        misfit=misfits[0] if misfits and all(misfits) else "",
        size=_size(best) if best else 0,
        needs=tuple(machine.needs(entry)),
        licence=entry.licence.title,
        languages=tuple(entry.codes),
        entry=entry,
        tuning=_tuning(best),
        damaged=tuple(form for form in forms if states[form] == "damaged"),
    )


def _stranger(name: str) -> Row:
    try:
        facts = store.read_manifest(name).facts
        licence = facts.licence
        codes = () if facts.kind == ENCODER else tuple(profile.read(store.folder(name)).codes)
    except MissingError:
        licence, codes = "", ()
    return Row(name, registry.state(name), (name,), "", _size(name), (), licence, codes, None, _tuning(name))


def _tuning(name: str) -> Tuning | None:
    try:
        return tuning.recall(store.read_manifest(name).digest) if name else None
    except MissingError:
        return None


def _size(name: str) -> int:
    try:
        return store.read_manifest(name).size
    except MissingError:
        return 0
