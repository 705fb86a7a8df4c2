"""Load glossaries: several files, with precedence, every fault reported at once."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from corpora.errors import TerjimanError, UsageError, UsageErrorGroup
from corpora.text import nfc
from glossary.folding import fold
from glossary.formats import read_bytes, reader_for
from glossary.formats.table import HIDDEN
from glossary.terms import KEEP, TYPES, Glossary, Target, Term, entries_digest

__all__ = ["Glossary", "Target", "Term", "adhoc", "entries_digest", "load", "merge", "slug"]


def load(paths: Sequence[Path]) -> Glossary:
    """Read glossary files into one glossary; earlier files take precedence over later ones.

    Where a later file has a term that an earlier one has (same id or same English lemma), the earlier entry
    stands and only the languages and the English spellings it lacks are taken from the later one. An alias
    that an earlier file gives to another term is dropped from the later term.

    Raises:
        MissingError: a file does not exist.
        UsageErrorGroup: every fault in every file, each with file and line.
    """
    errors: list[TerjimanError] = []
    files: list[list[Term]] = []
    for path in paths:
        terms, faults = _read(path)
        errors += faults
        errors += clashes(terms)
        files.append(terms)
    if errors:
        raise UsageErrorGroup(errors)
    return merge(files)


def _read(path: Path) -> tuple[list[Term], list[TerjimanError]]:
    try:
        data = read_bytes(path)
        terms, faults = reader_for(path)(data, str(path))
    except UsageError as error:
        return [], [error]
    return terms, list(faults)


def slug(text: str) -> str:
    """Return an identifier made of the letters and digits of an English name."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return re.sub(r"[^a-z0-9]+", "-", plain.encode("ascii", "ignore").decode()).strip("-") or nfc(text)


def clashes(terms: Sequence[Term]) -> list[TerjimanError]:
    """Return an error for each id or spelling that two terms of one file share.

    Two terms may share a spelling if their context conditions differ. Spellings are alike that the matcher
    cannot tell apart: hyphens and spaces, straight and curly apostrophes.
    """
    errors: list[TerjimanError] = []
    ids: dict[str, Term] = {}
    owners: dict[tuple[str, tuple[str, ...]], Term] = {}
    for term in terms:
        first = ids.setdefault(term.id, term)
        if first is not term:
            errors.append(
                UsageError(
                    f"the id {term.id!r} is already taken by {first.en!r} ({first.place})",
                    place=term.place,
                    fix="Give each term its own id, or merge the two rows",
                )
            )
            continue
        for name in dict.fromkeys(term.names):
            owner = owners.setdefault((_even(name), term.context), term)
            if owner is not term:
                errors.append(
                    UsageError(
                        f"{name!r} already belongs to {owner.en!r} ({owner.place})",
                        place=term.place,
                        fix="Keep it in one of the two, or give each a different context",
                    )
                )
    return errors


def merge(files: Sequence[Sequence[Term]]) -> Glossary:
    """Join the terms of several files, earlier ones taking precedence (see `load`)."""
    kept: dict[str, Term] = {}
    owners: dict[tuple[str, tuple[str, ...]], str] = {}
    for terms in files:
        fresh: dict[str, Term] = {}
        for term in terms:
            known = kept.get(owners.get((_even(term.en), term.context), "")) or kept.get(term.id)
            free = tuple(name for name in term.aliases if (_even(name), term.context) not in owners)
            if known is None:
                fresh[term.id] = replace(term, aliases=free)
                continue
            if (_even(known.en), known.context) == (_even(term.en), term.context):
                known = replace(known, aliases=(*known.aliases, *free))
            kept[known.id] = _filled(known, term)
        kept.update(fresh)
        for term in kept.values():
            for name in term.names:
                owners.setdefault((_even(name), term.context), term.id)
    return Glossary(tuple(kept.values()))


def _even(name: str) -> str:
    return fold(name).plain.replace("-", " ")


def _filled(term: Term, other: Term) -> Term:
    missing = [
        target
        for target in other.targets
        if not term.translated(target.lang) and term.target(target.lang) is None
    ]
    return replace(term, targets=(*term.targets, *missing)) if missing else term


def adhoc(terms: Mapping[str, Any], lang: str, place: str = "") -> Glossary:
    """Return the glossary of one line: `{"source term": "lemma" | {"target", "type", "gender"}}`.

    Its terms are found in any English inflection and capitals, and even where a word only begins with one.
    Invisible characters in them are dropped.

    Raises:
        UsageErrorGroup: every fault, each with its place.
    """
    errors: list[TerjimanError] = []
    made: dict[str, Term] = {}
    for source, value in terms.items():
        where = f"{place}, term {source!r}" if place else f"term {source!r}"
        try:
            term = _declared(source, value, lang, where)
        except UsageError as error:
            errors.append(error)
        else:
            made.setdefault(term.en, term)
    if errors:
        raise UsageErrorGroup(errors)
    return Glossary(tuple(made.values()))


def _declared(source: str, value: Any, lang: str, place: str) -> Term:
    entry = {"target": value} if isinstance(value, str) else value
    if not isinstance(entry, Mapping) or not isinstance(entry.get("target"), str):
        raise UsageError(
            "no target", place=place, fix='Write "lemma" or {"target": "lemma", "type": "place"}'
        )
    unknown = sorted(set(entry) - {"target", "type", "gender"})
    if unknown:
        raise UsageError(f"unknown key {unknown[0]!r}", place=place, fix="Use target, type, gender")
    kind, gender = str(entry.get("type") or ""), str(entry.get("gender") or "")
    if kind and kind not in TYPES:
        raise UsageError(f"unknown type {kind!r}", place=place, fix=f"Use one of: {', '.join(TYPES)}")
    if gender not in ("", "m", "f"):
        raise UsageError(f"unknown gender {gender!r}", place=place, fix="Use m, f or leave it out")
    name, lemma = (" ".join(HIDDEN.sub("", nfc(text)).split()) for text in (source, entry["target"]))
    if not name or not lemma:
        raise UsageError("empty source or target", place=place)
    target = Target(lang, keep=True) if lemma == KEEP else Target(lang, (lemma,))
    return Term(name, name, type=kind, gender=gender, targets=(target,), place=place, declared=True)
