"""What a glossary lacks: the names and places in English texts, by how often they occur.

Rules over capitals (`runs`), not a trained model: they need no data, say why, and err on the side of leaving
out a word that only ever stands where every word has a capital.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from glossary.matching import Matcher
from glossary.suggestion import kinds
from glossary.suggestion.families import plain, short_forms, sounds_like, variants, written_out
from glossary.suggestion.lines import Line, read_line
from glossary.suggestion.runs import Run, find_runs, gather
from glossary.suggestion.words import HEADS, MIDDLE_TITLES, TITLES, is_people
from glossary.terms import Glossary

__all__ = ["Candidate", "suggest"]

_EXAMPLE = 100  # characters of a sentence that are shown


@dataclass(frozen=True, slots=True)
class Candidate:
    """A name that the glossary lacks.

    Attributes:
        name: its most frequent spelling.
        kind: a type of the glossary, `people` for a people, faith or language, empty where nothing tells.
        count: how often it occurs, in all spellings.
        spellings: each spelling with its count, the most frequent first.
        segments: indices of the segments it occurs in.
        short_for: full names that it may be short for, of this list or of the glossary.
        like: names of the glossary that sound like it, which may lack this spelling.
        example: the words around its first occurrence.
    """

    name: str
    kind: str
    count: int
    spellings: tuple[tuple[str, int], ...]
    segments: tuple[int, ...]
    short_for: tuple[str, ...] = ()
    like: tuple[str, ...] = ()
    example: str = ""

    @property
    def aliases(self) -> tuple[str, ...]:
        """Its other spellings, without those that only add an article or a plural ending to it."""
        main = self.name.casefold()
        return tuple(
            spelling
            for spelling, _ in self.spellings
            if main not in (low := spelling.casefold(), low.removeprefix("the "), low.removesuffix("s"))
        )


@dataclass
class _Found:
    """All that is known about one spelling."""

    count: int = 0
    segments: list[int] = field(default_factory=list)
    votes: Counter[str] = field(default_factory=Counter)
    acronym: bool = False
    example: str = ""


def suggest(texts: Sequence[str], glossary: Glossary, matcher: Matcher) -> list[Candidate]:
    """Return the names in the texts that the glossary lacks, the most frequent first.

    Args:
        texts: English sentences, in order; headings and captions as texts of their own.
        glossary: what is known; a name is left out where terms of it cover all its words.
        matcher: over that glossary.
    """
    lines = [read_line(text) for text in texts]
    found = _collect(lines, matcher)
    families = _families(found, lines)
    made = [_candidate(members, found) for members in families]
    made.sort(key=lambda one: (-one.count, one.name))
    return _related(made, glossary)


def _collect(lines: Sequence[Line], matcher: Matcher) -> dict[str, _Found]:
    evidence = gather(lines)
    found: dict[str, _Found] = defaultdict(_Found)
    for index, line in enumerate(lines):
        runs = list(find_runs(index, line, evidence))
        known = [match.span for match in matcher.find(line.text)] if runs else []
        for run in runs:
            first, titled = _without_title(line, run)
            words = line.words[first : run.last]
            names = [word for word in words if word.capital] or words
            if all(any(a <= w.span[0] and w.span[1] <= b for a, b in known) for w in names):
                continue
            start, end = words[0].span[0], words[-1].span[1]
            one = found[" ".join(line.text[start:end].split())]
            one.count += 1
            one.segments.append(index)
            one.votes += kinds.clues(line, first, run.last, titled)
            one.acronym = len(words) == 1 and words[0].acronym
            one.example = one.example or _around(line.text, start, end)
    return found


def _without_title(line: Line, run: Run) -> tuple[int, bool]:
    """Return where the name begins behind a person's title, and whether there was one."""
    words = [word.text.lower() for word in line.words[run.first : run.last]]
    at = 0
    while at < len(words) - 1 and words[at] in TITLES:
        at += 1
    at = max([at, *(place + 1 for place, word in enumerate(words[:-1]) if word in MIDDLE_TITLES)])
    rest = words[at:]
    if not at or any(word in HEADS or word in ("of", "for") for word in rest):
        return run.first, False
    return run.first + at, True


def _around(text: str, start: int, end: int) -> str:
    """Return the words around a span."""
    room = max(0, _EXAMPLE - (end - start)) // 2
    left, right = max(0, start - room), min(len(text), end + room)
    if left:
        left = text.find(" ", left, start) + 1 or start
    if right < len(text):
        right = text.rfind(" ", end, right) if " " in text[end:right] else end
    return ("…" if left else "") + " ".join(text[left:right].split()) + ("…" if right < len(text) else "")


def _families(found: dict[str, _Found], lines: Sequence[Line]) -> list[list[str]]:
    """Return the spellings in groups, each of one name."""
    same: dict[str, list[str]] = defaultdict(list)
    for name in found:
        same[plain(name)].append(name)
    counts = {
        max(names, key=lambda name: found[name].count): sum(found[name].count for name in names)
        for names in same.values()
    }
    leaders = variants({name: count for name, count in counts.items() if not found[name].acronym})
    short = dict(written_out(counts, (line.text for line in lines)))
    families: dict[str, list[str]] = defaultdict(list)
    for name in counts:
        spelt_out = short.get(name.replace(".", "")) if found[name].acronym else None
        leader = leaders.get(spelt_out, spelt_out) if spelt_out else leaders.get(name, name)
        families[leader] += same[plain(name)]
    return list(families.values())


def _candidate(members: Sequence[str], found: dict[str, _Found]) -> Candidate:
    plurals = {name for name in members if is_people(name) and len(plain(name)) < len(name)}
    order = sorted(
        members,
        key=lambda name: (found[name].acronym, name in plurals, -found[name].count, name),
    )
    votes: Counter[str] = Counter()
    for name in members:
        votes += found[name].votes
    count = sum(found[name].count for name in members)
    first = min(members, key=lambda name: found[name].segments[0])
    return Candidate(
        name=order[0],
        kind=kinds.guess(order, votes, count, all(found[name].acronym for name in members)),
        count=count,
        spellings=tuple((name, found[name].count) for name in order),
        segments=tuple(sorted({index for name in members for index in found[name].segments})),
        example=found[first].example,
    )


def _related(candidates: Sequence[Candidate], glossary: Glossary) -> list[Candidate]:
    """Say of each candidate which full name it is short for and which name of the glossary it sounds like."""
    spelt = {one.name: [name for name, _ in one.spellings] for one in candidates}
    people = {one.name: spelt[one.name] for one in candidates if one.kind == "person" and " " in one.name}
    known = {
        term.en: [name for name in term.names if " " in name]
        for term in glossary.terms
        if term.type == "person" and any(" " in name for name in term.names)
    }
    singles = [one.name for one in candidates if " " not in one.name and one.kind in ("person", "")]
    short = short_forms(singles, {**known, **people})
    related = []
    for one in candidates:
        owners = tuple(short.get(one.name, ()))
        like = tuple(dict.fromkeys(_like(one, glossary)))
        related.append(replace(one, kind="person" if owners else one.kind, short_for=owners, like=like))
    return related


def _like(one: Candidate, glossary: Glossary) -> Iterable[str]:
    for term in glossary.terms:
        for name in term.names:
            if name[:1].isupper() and sounds_like(one.name, name):
                yield term.en
