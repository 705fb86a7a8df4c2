"""What a format cannot hold of the terms at hand, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from corpora.languages import TARGETS
from glossary.terms import Term


@dataclass(frozen=True, slots=True)
class Written:
    """A glossary in some format, and what of it the format could not hold."""

    data: bytes
    losses: tuple[str, ...] = ()


_HAS: dict[str, Callable[[Term], bool]] = {
    "id": lambda term: True,
    "aliases": lambda term: bool(term.aliases),
    "type": lambda term: bool(term.type),
    "gender": lambda term: bool(term.gender),
    "number": lambda term: term.number != "sg",
    "case": lambda term: term.invariable,
    "accepted renderings": lambda term: any(len(target.renderings) > 1 for target in term.targets),
    "(keep)": lambda term: any(target.keep for target in term.targets),
    "forbidden renderings": lambda term: any(target.forbidden for target in term.targets),
    "head": lambda term: any(target.head is not None for target in term.targets),
    "irregular forms": lambda term: any(target.irregular for target in term.targets),
    "context": lambda term: bool(term.context),
    "source": lambda term: bool(term.source),
    "status": lambda term: term.status != "draft",
    "note": lambda term: bool(term.note),
}


def losses(terms: Sequence[Term], held: Iterable[str], lang: str = "") -> tuple[str, ...]:
    """Return a line for each field that some term has and the format does not hold.

    Args:
        terms: what is written.
        held: the fields that the format holds; the English lemma and one rendering always are.
        lang: the one target language of the format; empty if it holds all.
    """
    lost = []
    for name, has in _HAS.items():
        count = sum(map(has, terms)) if name not in held and name != "id" else 0
        if count:
            lost.append(f"{name} of {count} term{'s' if count > 1 else ''}")
    if lang:
        others = [other for other in TARGETS if other != lang and any(term.target(other) for term in terms)]
        if others:
            lost.append(f"renderings in {', '.join(others)}")
        without = sum(not term.translated(lang) for term in terms)
        if without:
            lost.append(f"{without} terms without a rendering in {lang}")
    return tuple(lost)
