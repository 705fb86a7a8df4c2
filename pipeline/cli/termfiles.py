"""Glossaries as the commands take them: files for all lines, or terms declared line by line."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import typer

from corpora.errors import TerjimanError, UsageError, UsageErrorGroup
from corpora.languages import TARGETS
from glossary.enforcement import Lexicon
from glossary.lint import look_alikes
from glossary.matching import Matcher
from glossary.termbase import Glossary, adhoc, load
from pipeline.cli.common import read_lines


def lexicons(files: Sequence[str], per_line: str, lang: str, count: int) -> list[Lexicon]:
    """Return the glossary of each of `count` lines, from glossary files or from a file of terms per line.

    Raises:
        UsageError: neither or both are given, a file is faulty, or its lines do not fit.
    """
    if bool(files) == bool(per_line):
        raise UsageError("give either --glossary or --terms-per-line")
    if per_line:
        made = [Lexicon(glossary, Matcher(glossary)) for glossary in _declared(per_line, lang)]
        if len(made) != count:
            raise UsageError(f"{per_line} has {len(made)} lines, the texts have {count}")
        return made
    glossary = load([Path(name) for name in files])
    for line in look_alikes(glossary.terms):
        typer.echo(line, err=True)
    return [Lexicon(glossary, Matcher(glossary))] * count


def target_language(code: str) -> str:
    """Return the code of a target language; raise `UsageError` naming them all."""
    if code not in TARGETS:
        raise UsageError(
            f"no target language {code!r}", place="--to", fix=f"Use one of: {', '.join(TARGETS)}"
        )
    return code


def _declared(path: str, lang: str) -> list[Glossary]:
    glossaries: list[Glossary] = []
    errors: list[TerjimanError] = []
    for number, line in enumerate(read_lines(path), start=1):
        place = f"{path}, line {number}"
        try:
            glossaries.append(_of_line(line, lang, place))
        except UsageErrorGroup as group:
            errors += group.errors
        except UsageError as error:
            errors.append(error)
    if errors:
        raise UsageErrorGroup(errors)
    return glossaries


def _of_line(line: str, lang: str, place: str) -> Glossary:
    fix = 'Write one object a line, as in {"terms": {"Ghulja": "Құлжа"}}'
    try:
        record = json.loads(line)
    except ValueError as error:
        raise UsageError(f"not JSON: {error}", place=place, fix=fix) from None
    terms = record.get("terms", {}) if isinstance(record, dict) else None
    if not isinstance(terms, dict):
        raise UsageError("no object 'terms'", place=place, fix=fix)
    return adhoc(terms, lang, place)
