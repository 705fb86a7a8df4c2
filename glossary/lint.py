"""Find the faults in glossaries before they find their way into translations."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from corpora.errors import TerjimanError
from corpora.languages import TARGETS
from corpora.records import Severity
from glossary.common_words import COMMON_WORDS
from glossary.formats import format_of, read_bytes, reader_for
from glossary.formats.others import passed_over
from glossary.formats.sheet import encoding
from glossary.inflection import plain_forms
from glossary.lint_text import SEVERAL, Fault, faults
from glossary.matching import Matcher
from glossary.termbase import clashes
from glossary.terms import NAMES, Glossary, Term

# form -> the terms that have it, and whether it is one of their preferred rendering
Owners = dict[str, tuple[tuple[Term, bool], ...]]


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault in a glossary: where, how grave, what, why it matters, how to mend it.

    `info` tells of what is right but worth knowing; it is no reason to fail.
    """

    place: str
    severity: Severity
    check: str
    what: str
    why: str
    fix: str

    def __str__(self) -> str:
        """Return the finding as one line."""
        return f"{self.place}: {self.severity}: {self.what}. Why: {self.why}. Fix: {self.fix}. [{self.check}]"


def lint(paths: Sequence[Path]) -> list[Finding]:
    """Return the findings of each file, by line, errors before notes.

    Raises:
        MissingError: a file does not exist.
        UsageError: it cannot be read at all.
    """
    found: list[Finding] = []
    for path in paths:
        found += _of_file(path)
    return found


def _of_file(path: Path) -> list[Finding]:
    data = read_bytes(path)
    terms, wrong = reader_for(path)(data, str(path))
    findings = [
        *map(_unloadable, wrong),
        *map(_collision, clashes(terms)),
        *_denormal(data, str(path)),
        *of_terms(terms),
        *_passed_over(data, path),
    ]
    order = {"error": 0, "warning": 1, "info": 2}
    return sorted(
        dict.fromkeys(findings), key=lambda one: (_line(one.place), order[one.severity], one.check, one.what)
    )


def _line(place: str) -> int:
    tail = place.rpartition(":")[2]
    return int(tail) if tail.isdecimal() else 0


def of_terms(terms: Sequence[Term]) -> list[Finding]:
    """Return the findings on terms that could be read."""
    return [
        *_texts(terms),
        *_common(terms),
        *_nested(terms),
        *_overlapping(terms),
        *_gaps(terms),
        *_people(terms),
        *_shared_forms(terms),
    ]


def _unloadable(error: TerjimanError) -> Finding:
    return Finding(
        error.place,
        "error",
        "unreadable",
        error.message,
        "The glossary cannot be loaded",
        error.fix or "Mend the row",
    )


def _collision(error: TerjimanError) -> Finding:
    why = "The matcher could not tell which of the two is meant"
    return Finding(error.place, "error", "alias-collision", error.message, why, error.fix)


def _passed_over(data: bytes, path: Path) -> Iterator[Finding]:
    for what in passed_over(data, str(path), format_of(path).name):
        why = "Terjiman has no field for it, and it is not read"
        yield Finding(str(path), "info", "not-read", what, why, "Nothing to do if it is not needed")


def _denormal(data: bytes, place: str) -> Iterator[Finding]:
    for number, line in enumerate(data.decode(encoding(data), errors="replace").splitlines(), start=1):
        if not unicodedata.is_normalized("NFC", line):
            odd = next(word for word in line.split() if not unicodedata.is_normalized("NFC", word))
            yield Finding(
                f"{place}:{number}",
                "warning",
                "not-nfc",
                f"“{odd[:40]}” is not in Unicode NFC",
                "Other programs will not find it; it is brought to NFC when loaded",
                "Save the file with composed letters (NFC)",
            )


def _texts(terms: Sequence[Term]) -> Iterator[Finding]:
    for term in terms:
        texts = [("en", name) for name in term.names]
        for target in term.targets:
            texts += [(target.lang, text) for text in (*target.renderings, *target.forbidden)]
            texts += [(target.lang, form) for _, form in target.irregular]
        for lang, text in texts:
            english = text in term.names and text in _accepted(term, lang)
            for fault in faults(text, lang):
                if fault.check != SEVERAL or not _slashed(term):
                    yield _finding(term, fault, english=english)


def _slashed(term: Term) -> bool:
    """Tell whether the name has a slash of its own: Radio Free Europe/Radio Liberty, in all languages."""
    firsts = [target.renderings[0] for target in term.targets if target.renderings]
    return all("/" in text for text in (term.en, *firsts))


def look_alikes(terms: Sequence[Term], most: int = 20) -> list[str]:
    """Return a line for each word that no search will find: a Latin a in a Cyrillic one, and the like.

    A glossary with them loads, but what it says is never found, so every run tells them.

    Args:
        terms: the terms of the glossary.
        most: lines at the most; one behind them says how many were left out.
    """
    found = list(dict.fromkeys(one for one in _texts(terms) if one.check == "look-alike"))
    lines = [f"warning: {one.place}: {one.what}. Fix: {one.fix}" for one in found[:most]]
    if len(found) > most:
        lines.append(f"warning: {len(found) - most} more such words; `terjiman glossary lint` lists them")
    return lines


def _accepted(term: Term, lang: str) -> tuple[str, ...]:
    """Return the renderings behind the first, which are accepted and never written."""
    target = term.target(lang)
    return target.renderings[1:] if target else ()


def _finding(term: Term, fault: Fault, *, english: bool) -> Finding:
    """Make a finding; that the English name is accepted too, beside a rendering, is mostly meant."""
    severity: Severity = "error" if fault.check == "look-alike" else "warning"
    if english and fault.check == "wrong-script":
        fix = "Nothing to do if the English name may stand as it is"
        return Finding(term.place, "info", fault.check, fault.what, fault.why, fix)
    return Finding(term.place, severity, fault.check, fault.what, fault.why, fault.fix)


def _common(terms: Sequence[Term]) -> Iterator[Finding]:
    for term in terms:
        for name in term.names:
            acronym = name.isupper() and len(name) > 1
            if name.lower() in COMMON_WORDS and not acronym and not term.context:
                yield Finding(
                    term.place,
                    "warning",
                    "common-word",
                    f"“{name}” is also a common English word",
                    "It would be enforced wherever that word stands",
                    "Remove it, use a longer name, or give the term a context",
                )


def _nested(terms: Sequence[Term]) -> Iterator[Finding]:
    matcher = Matcher(Glossary(tuple(Term(term.id, term.en, term.aliases) for term in terms)))
    by_id = {term.id: term for term in terms}
    for term in terms:
        for inner in {other for match in matcher.find(term.en) for other in match.over}:
            other = by_id[inner]
            yield Finding(
                term.place,
                "info",
                "nested",
                f"“{other.en}” stands within “{term.en}”",
                "Where the longer name stands, only it is enforced",
                "Nothing to do if that is meant",
            )


def _overlapping(terms: Sequence[Term]) -> Iterator[Finding]:
    begins: dict[tuple[str, ...], list[Term]] = defaultdict(list)
    words = {term.id: [tuple(name.lower().split()) for name in term.names] for term in terms}
    for term in terms:
        for name in words[term.id]:
            for size in range(1, len(name)):
                begins[name[:size]].append(term)
    for term in terms:
        for name in words[term.id]:
            for size in range(1, len(name)):
                for other in begins.get(name[-size:], ()):
                    if other.id != term.id:
                        yield Finding(
                            term.place,
                            "info",
                            "overlap",
                            f"the end of “{term.en}” is the beginning of “{other.en}”",
                            "Where the two run together, only the first is enforced",
                            "Nothing to do unless they do; else add the joint name as a term of its own",
                        )


def _gaps(terms: Sequence[Term]) -> Iterator[Finding]:
    used = [lang for lang in TARGETS if any(term.translated(lang) for term in terms)]
    for term in terms:
        missing = [lang for lang in used if not term.translated(lang)]
        if missing:
            yield Finding(
                term.place,
                "warning",
                "missing-language",
                f"“{term.en}” has no rendering in {', '.join(missing)}",
                "Segments with it are flagged and left to the model in these languages",
                "Fill in the cell, or write (keep)",
            )


def _people(terms: Sequence[Term]) -> Iterator[Finding]:
    for term in terms:
        russian = term.target("ru")
        if (
            term.type == "person"
            and not term.gender
            and russian
            and russian.renderings
            and not term.invariable
        ):
            yield Finding(
                term.place,
                "warning",
                "no-gender",
                f"the person “{term.en}” has no gender",
                "Russian names decline by gender: Билаш of a man does, of a woman does not",
                "Fill in m or f",
            )
        for target in term.targets:
            small = [text for text in target.renderings if text[:1].islower()]
            if term.type in NAMES and small and target.lang in ("kk", "ru"):
                yield Finding(
                    term.place,
                    "info",
                    "small-letter",
                    f"the name “{small[0]}” begins with a small letter",
                    "Names are found and written with the capitals of the glossary",
                    "Check that it is meant",
                )


def _shared_forms(terms: Sequence[Term]) -> Iterator[Finding]:
    """Find forms that two terms share, and forbidden forms that are allowed ones elsewhere."""
    for lang in TARGETS:
        owners: Owners = {}
        for term in terms:
            preferred, accepted = (term, True), (term, False)
            for form, first in _forms(term, lang).items():
                sharing = owners.get(form, ())
                if all(other.id != term.id for other, _ in sharing):
                    owners[form] = (*sharing, preferred if first else accepted)
        yield from _clashing(owners, lang)
        for term in terms:
            for lemma in term.forbidden(lang):
                yield from _forbidden(term, owners.get(lemma.text, ()), lemma.text)


def _forms(term: Term, lang: str) -> dict[str, bool]:
    """Return the plain case forms of a term, and whether each is one of its preferred rendering."""
    target = term.target(lang)
    if target is None or target.keep:
        return {}
    found: dict[str, bool] = {}
    for index, lemma in enumerate(term.lemmas(lang)):
        for form in plain_forms(lemma):
            if form.preferred:
                found.setdefault(form.text, index == 0)
    return found


def _clashing(owners: Owners, lang: str) -> Iterator[Finding]:
    pairs: dict[tuple[str, str], tuple[Term, Term, str, bool]] = {}
    for form, sharing in owners.items():
        for (first, one), (second, other) in combinations(sharing, 2):
            pairs.setdefault((first.id, second.id), (first, second, form, one and other))
    for first, second, form, preferred in pairs.values():
        yield Finding(
            second.place,
            "warning" if preferred else "info",
            "shared-form",
            f"“{form}” ({lang}) is a form of both “{first.en}” ({first.place}) and “{second.en}”",
            "The verifier cannot tell which of the two a translation names",
            "Merge the terms, or give one of them another rendering",
        )


def _forbidden(term: Term, sharing: Sequence[tuple[Term, bool]], text: str) -> Iterator[Finding]:
    for other, _ in sharing:
        same = other.id == term.id
        yield Finding(
            term.place,
            "error" if same else "info",
            "forbidden-form",
            f"“{text}” is forbidden for “{term.en}” and a form of “{other.en}”",
            "No translation could be right" if same else "It is right only where the source names the latter",
            "Remove it from one of the columns" if same else "Nothing to do if that is meant",
        )
