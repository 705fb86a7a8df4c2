"""The name part of `benchmarks.checks`: false alarms and lost names on two halves of NTREX-128.

The documents are dealt alternately into two halves (`ntrex/ntrex.docs` names the document of each line). On
the first the thresholds and tables were set. The lines of the second were not read, but two thresholds were
lowered after its first count, to keep within 3 % of lines.

Two kinds of names are taken out of human translations. *Listed*: the names of `term_occurrences.jsonl`, in
all forms noted for the line. Most are of countries and places in the check's own table, and most of them
stand in both halves, so that on neither half are these figures what a new text would give. *Heard*: names
that no table has, of which a word of the translation sounds at least 0.7 alike; that word is taken out.
Names that cannot be heard (Chinese ones, most of all) are in neither, so that of all names fewer are found.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from benchmarks.checks_data import Lines, names_lost
from corpora.records import Flag
from glossary.matching import Matcher
from glossary.sounds import likeness, sounds
from glossary.termbase import load
from glossary.verification import verify
from pipeline.quality.checks.names import names, names_heard
from pipeline.quality.checks.pair import Pair

_HEARD = 0.7


def lost_names(root: Path, lines: Lines, lang: str) -> None:
    """Print, for each half, the share of lines with a doubted name and of names taken out that are found."""
    documents = (root / "ntrex" / "ntrex.docs").read_text(encoding="utf-8").splitlines()
    place = {document: i for i, document in enumerate(dict.fromkeys(documents))}
    for half, title in enumerate(("set on", "kept aside")):
        chosen = {i for i, document in enumerate(documents) if place[document] % 2 == half}
        _half(title, root, lines, lang, chosen)


def _half(title: str, root: Path, lines: Lines, lang: str, chosen: set[int]) -> None:
    flags = {i: list(names(Pair(lines["en"][i], lines[lang][i], lang))) for i in chosen}
    doubted = {
        severity: sum(any(flag.severity == severity for flag in found) for found in flags.values())
        for severity in ("warning", "info")
    }
    print(
        f"    names, {title + ':':11} warning {doubted['warning'] / len(chosen):.1%}, "
        f"information {doubted['info'] / len(chosen):.1%} of {len(chosen)} lines"
    )
    rules = load([root / "ntrex" / "terms.tsv"])
    matcher = Matcher(rules)
    listed = [(line, text) for line, text in _without_listed(root, lines, lang) if line in chosen]
    told = sum(
        bool(
            _warned(verify(lines["en"][line], text, lang, rules, matcher).flags)
            - _warned(verify(lines["en"][line], lines[lang][line], lang, rules, matcher).flags)
        )
        for line, text in listed
    )
    _say("listed, with a glossary", told, len(listed))
    _say("listed, without one", _found(listed, lines, lang, flags), len(listed))
    heard = [(line, text) for line in sorted(chosen) for text in _without_heard(lines, lang, line)]
    if heard:
        _say("heard, without one", _found(heard, lines, lang, flags), len(heard))


def _say(kind: str, found: int, of: int) -> None:
    print(f"        lost, {kind + ':':24} {found / of if of else 0.0:6.1%} found ({of} plants)")


def _warned(flags: list[Flag] | tuple[Flag, ...]) -> set[tuple[str, str]]:
    return {(flag.check, flag.message) for flag in flags if flag.severity != "info"}


def _found(plants: list[tuple[int, str]], lines: Lines, lang: str, flags: dict[int, list[Flag]]) -> int:
    return sum(
        bool(_warned(list(names(Pair(lines["en"][line], text, lang)))) - _warned(flags[line]))
        for line, text in plants
    )


def _without_listed(root: Path, lines: Lines, lang: str) -> Iterator[tuple[int, str]]:
    """Yield (line, its translation without the forms of one name)."""
    for line, forms in names_lost(root, lang):
        text = lines[lang][line]
        for form in forms:
            text = text.replace(form, "")
        if text != lines[lang][line]:
            yield line, text


def _without_heard(lines: Lines, lang: str, line: int) -> Iterator[str]:
    """Yield the translation of a line without the words that sound like a name that no table has."""
    pair = Pair(lines["en"][line], lines[lang][line], lang)
    if lang == "zh":  # the place that is heard is no word
        return
    for _, words in names_heard(pair):
        text = pair.target
        for word in words:
            best, place = max(
                ((likeness(sounds(word), sounds(one[0]))[0], one[0]) for one in pair.target_words),
                default=(0.0, ""),
            )
            if best < _HEARD:
                break
            text = text.replace(place, "")
        else:
            if text != pair.target:
                yield text
