"""Spellings that are one name: variants that sound alike, plurals of peoples, short forms, acronyms."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from glossary.sounds import closeness, sounds
from glossary.suggestion.words import is_people

ALIKE = 0.94  # of whole names; each word of a name must reach `WORD_ALIKE`
WORD_ALIKE = 0.9
SHORTEST = 5  # letters; shorter names that sound alike are too often different ones (Iran, Iraq)


def plain(name: str) -> str:
    """Return what two writings of one spelling share: no case, accents, full stops, article or plural."""
    bare = unicodedata.normalize("NFKD", name.casefold().removeprefix("the ").replace(".", ""))
    bare = "".join(letter for letter in bare if not unicodedata.combining(letter))
    return bare[:-1] if is_people(bare) and bare.endswith("s") and is_people(bare[:-1]) else bare


def sounds_like(one: str, other: str) -> bool:
    """Tell whether two names may be spellings of one: word by word, they sound nearly the same."""
    left, right = plain(one).replace("-", " ").split(), plain(other).replace("-", " ").split()
    if is_people(one) != is_people(other):
        return False
    if len(left) != len(right) or min(map(len, ("".join(left), "".join(right)))) < SHORTEST:
        return False
    pairs = [(sounds(a), sounds(b)) for a, b in zip(left, right, strict=True)]
    if any(not a or not b or a[0] != b[0] for a, b in pairs):
        return False
    if any(
        a != b and min(len(x), len(y)) < SHORTEST for (a, b), x, y in zip(pairs, left, right, strict=True)
    ):
        return False
    near = [closeness(a, b) for a, b in pairs]
    return min(near) >= WORD_ALIKE and sum(near) / len(near) >= ALIKE


def variants(counts: Mapping[str, int]) -> dict[str, str]:
    """Return, for each spelling, the one that stands for its family: the most frequent that sounds like it.

    Args:
        counts: how often each spelling occurs; acronyms do not belong here.
    """
    leaders: dict[tuple[int, str], list[str]] = defaultdict(list)
    found: dict[str, str] = {}
    for name in sorted(counts, key=lambda name: (-counts[name], name)):
        heard = sounds(plain(name))
        bucket = leaders[len(plain(name).replace("-", " ").split()), heard[:1]]
        leader = next((other for other in bucket if sounds_like(name, other)), name)
        if leader == name:
            bucket.append(name)
        found[name] = leader
    return found


def short_forms(singles: Iterable[str], people: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Return, for each one-word name, the full names that it may be short for.

    Args:
        singles: names of one word.
        people: full names of persons, each with all its spellings.
    """
    found: dict[str, list[str]] = {}
    for single in singles:
        owners = [
            name
            for name, spellings in people.items()
            if any(
                plain(single) == plain(part) or sounds_like(single, part)
                for spelling in spellings
                for part in (spelling.split()[0], spelling.split()[-1])
            )
        ]
        if owners:
            found[single] = owners
    return found


def initials(name: str) -> str:
    """Return the initials of the capitalised words of a name."""
    return "".join(word[0] for word in name.replace("-", " ").split() if word[0].isupper())


def written_out(names: Iterable[str], texts: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield (acronym, full name) where a text writes the one in brackets behind the other."""
    fitting = [name for name in names if len(initials(name)) > 1]
    for text in texts:
        if "(" not in text:
            continue
        for name in fitting:
            short = initials(name.removeprefix("The "))
            if f"{name} ({short})" in text or f"{name} ({'.'.join(short)}.)" in text:
                yield short, name
