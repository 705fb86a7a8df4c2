"""What a name probably is, a person, a place, an organisation: from its words and from those around it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from glossary.suggestion.lines import Line
from glossary.suggestion.words import (
    CONCEPT_HEADS,
    HEADS,
    KIN,
    LOCATIVE,
    ORGANISATION_HEADS,
    PERSON_VERBS,
    PLACE_ACRONYMS,
    PLACE_ENDINGS,
    PLACE_HEADS,
    TITLES,
    is_people,
)

PEOPLE = "people"
_SMALL = frozenset({"of", "for", "in", "on", "against", "to"})


def by_words(name: str) -> str:
    """Return the type that the words of a name show, empty where they show none.

    The word before the first *of* or *for* says what it is (Office of …), else the last one that says
    anything (… Province).
    """
    words = name.lower().split()
    if len(words) == 1:
        return PEOPLE if is_people(name) else ""
    head = next((words[at - 1] for at, word in enumerate(words) if word in _SMALL and at), "")
    known = HEADS | TITLES
    if head not in known:
        head = next((word for word in reversed(words) if word in HEADS), "")
    for kind, heads in (
        ("place", PLACE_HEADS),
        ("organisation", ORGANISATION_HEADS),
        ("concept", CONCEPT_HEADS),
        ("title", TITLES),
    ):
        if head in heads:
            return kind
    return ""


def clues(line: Line, first: int, last: int, titled: bool) -> Counter[str]:
    """Return what stands around one occurrence as votes for types; `the` counts the articles before it."""
    words = line.words
    votes: Counter[str] = Counter()
    before = words[first - 1].text.lower() if first and words[first].gap in (" ", ", ") else ""
    after = words[last].text.lower() if last < len(words) and words[last].gap == " " else ""
    if titled:
        votes["person"] += 6
    if before in LOCATIVE:
        votes["place"] += 2 if before in ("in", "near", "at", "across", "inside") else 1
    if before in KIN:
        votes["person"] += 3
    if after in PERSON_VERBS:
        votes["person"] += 3
    if words[last - 1].possessive and after in KIN:
        votes["person"] += 3
    if last < len(words) and words[last].gap == ", " and words[last].text.lower() == "who":
        votes["person"] += 3
    if before == "the":
        votes["the"] += 1
    return votes


def guess(spellings: Sequence[str], votes: Counter[str], count: int, acronym: bool) -> str:
    """Return the likeliest type of a name that occurs `count` times, empty where nothing tells."""
    for spelling in spellings:
        if kind := by_words(spelling):
            return kind
    if acronym:
        return "place" if spellings[0].replace(".", "") in PLACE_ACRONYMS else "organisation"
    person, place = votes["person"], votes["place"]
    main = spellings[0]
    if " " not in main and len(main) > 5 and main.lower().endswith(PLACE_ENDINGS):
        place += 3
    if main.startswith("The "):
        return "organisation"
    if " " in main and len(main.split()) < 4 and votes["the"] * 2 < count:
        person += 2
    if person > place:
        return "person"
    return "place" if place else ""
