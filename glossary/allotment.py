"""Which place in the target belongs to which occurrence in the source.

Places are disjoint, the longest rendering wins, and as many occurrences as possible get one of their own.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import replace

from glossary.fuller import Fuller
from glossary.inflection.russian_relational import KIND
from glossary.neighbourhood import Slot
from glossary.renderings import Found


def disjoint(found: Sequence[Found], needs: set[int], fuller: Fuller) -> list[Slot]:
    """Return the places where renderings stand, left to right.

    Args:
        found: the allowed renderings.
        needs: indices of the terms that the source calls for.
        fuller: tells for which of them a longer name may stand.
    """
    return _with_bare(_longest(found, needs), found, needs, fuller)


def allot(needs: Sequence[int], slots: Sequence[Slot], nouns: Set[int]) -> list[int | None]:
    """Return for each occurrence the index of its slot, None where it has none.

    Args:
        needs: index of the term of each occurrence.
        slots: the places.
        nouns: the occurrences that no adjective may render.
    """
    return _in_order(needs, _assign(needs, slots, nouns), slots, nouns)


def _longest(found: Sequence[Found], needs: set[int]) -> list[Slot]:
    """Resolve the places where renderings stand into disjoint ones, the longest first, left to right."""
    ranges: dict[tuple[int, int], dict[int, Found]] = {}
    for one in found:
        ranges.setdefault((one.first, one.last), {}).setdefault(one.term, one)
    maximal = [
        place
        for place in ranges
        if not any(other != place and other[0] <= place[0] and place[1] <= other[1] for other in ranges)
    ]
    maximal.sort(key=lambda place: (needs.isdisjoint(ranges[place]), place[0] - place[1], place))
    taken: list[tuple[int, int]] = []
    for place in maximal:
        if all(place[1] <= other[0] or other[1] <= place[0] for other in taken):
            taken.append(place)
    return [Slot(first, last, ranges[first, last]) for first, last in sorted(taken)]


def _with_bare(slots: Sequence[Slot], found: Sequence[Found], needs: set[int], fuller: Fuller) -> list[Slot]:
    """Note in each slot the terms of the source for which its fuller name may stand."""
    noted = []
    for slot in slots:
        bare = {
            one.term: one
            for one in found
            if one.term in needs - slot.found.keys()
            and slot.covers(one)
            and any(fuller.stands_for(longer, one.term) for longer in slot.found)
        }
        noted.append(replace(slot, bare=bare))
    return noted


def _assign(needs: Sequence[int], slots: Sequence[Slot], nouns: Set[int]) -> list[int | None]:
    """Give as many occurrences as possible a slot of their own (augmenting paths, Kuhn 1955).

    Fuller names are given only to occurrences that are left without a place; relational adjectives to none
    that is a noun in the source.
    """
    owner: dict[int, int] = {}
    mine: dict[int, int] = {}
    for bare in (False, True):
        fitting = _fitting(needs, slots, nouns, bare=bare)
        hopeless: set[tuple[int, bool]] = set()
        for need, term in enumerate(needs):
            kind = (term, need in nouns)
            if need not in mine and kind not in hopeless and not _augment(need, fitting, owner, mine):
                hopeless.add(kind)
    return [mine.get(need) for need in range(len(needs))]


def _fitting(
    needs: Sequence[int], slots: Sequence[Slot], nouns: Set[int], *, bare: bool
) -> list[Sequence[int]]:
    """Return for each occurrence the slots that it may have; those of one kind share the list."""
    lists: dict[tuple[int, bool], list[int]] = {}
    for term, noun in {(term, need in nouns) for need, term in enumerate(needs)}:
        ones = [slot.found.get(term) or (slot.bare.get(term) if bare else None) for slot in slots]
        lists[term, noun] = [
            index
            for index, one in enumerate(ones)
            if one is not None and not (noun and one.lemma.kind == KIND)
        ]
    return [lists[term, need in nouns] for need, term in enumerate(needs)]


def _augment(
    need: int, fitting: Sequence[Sequence[int]], owner: dict[int, int], mine: dict[int, int]
) -> bool:
    """Find a slot for an occurrence, moving others to other slots where that makes room for it."""
    reached: dict[int, int] = {}
    waiting = [need]
    for here in waiting:
        for index in fitting[here]:
            if index in reached:
                continue
            reached[index] = here
            if index in owner:
                waiting.append(owner[index])
                continue
            freed: int | None = index
            while freed is not None:
                taker = reached[freed]
                owner[freed], mine[taker], freed = taker, freed, mine.get(taker)
            return True
    return False


def _in_order(
    needs: Sequence[int], given: Sequence[int | None], slots: Sequence[Slot], nouns: Set[int]
) -> list[int | None]:
    """Among the occurrences of one term, nouns and others apart, let the first have the first place."""
    ordered = list(given)
    for kind in {(term, need in nouns) for need, term in enumerate(needs)}:
        mine = [
            need
            for need, term in enumerate(needs)
            if (term, need in nouns) == kind and given[need] is not None
        ]
        places = sorted(place for need in mine if (place := given[need]) is not None)
        for need, place in zip(mine, places, strict=True):
            ordered[need] = place
    return ordered
