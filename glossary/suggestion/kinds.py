"""What a name probably is, a person, a place, an organisation: from its words and from those around it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from glossary.suggestion.lines import Line
from glossary.suggestion.words import (
    CONCEPT_HEADS,
    DIRECTIONS,
    HEADS,
    KIN,
    LOCATIVE,
    OPENERS,
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
    """Return what stands around one occurrence as votes for types.

    `the` counts the articles before it, `inside` the sure signs of a place.
    """
    words = line.words
    votes: Counter[str] = Counter()
    before = words[first - 1].text.lower() if first and words[first].gap in (" ", ", ") else ""
    after = words[last].text.lower() if last < len(words) and words[last].gap == " " else ""
    if titled:
        votes["person"] += 6
    if before in LOCATIVE:
        inside = before in ("in", "near", "across", "inside")
        votes["place"] += 2 if inside else 1
        votes["inside"] += inside
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
    words = main.lower().split()
    if words[0] in DIRECTIONS and len(words) == 2:
        return "place"
    if " " in main and _is_plain(main) and len(words) < 4 and votes["the"] * 2 < count:
        person += 2
    if person > place:
        return "person"
    return "place" if votes["inside"] or place * 3 >= count else ""


def _is_plain(name: str) -> bool:
    """Tell whether a name holds no acronym, people or common word, as a person's does."""
    return not any(
        word.lower() in OPENERS
        or is_people(word)
        or (len(word) > 1 and word.isupper())
        or word.count(".") > 1
        for word in name.split()
    )
