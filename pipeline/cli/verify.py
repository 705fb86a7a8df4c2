"""`terjiman verify`: does a translation hold every term of its source?"""

from __future__ import annotations

from typing import Annotated, Any

import typer

from corpora.records import TermUse
from glossary.enforcement import Lexicon
from glossary.renderings import preferred
from glossary.verification import Verification
from glossary.verification import verify as judge
from pipeline.cli.common import json_lines, read_parallel, stdin_once, write_output
from pipeline.cli.termfiles import lexicons, target_language

app = typer.Typer()


@app.command()
def verify(
    src: Annotated[str, typer.Argument(metavar="SRC", help="English, one segment a line.")],
    hyp: Annotated[str, typer.Argument(metavar="HYP", help="Its translation, line by line.")],
    to: Annotated[str, typer.Option("--to", metavar="LANG", help="Language of the translation.")],
    glossary: Annotated[list[str] | None, typer.Option(metavar="F", help="Glossary file.")] = None,
    terms_per_line: Annotated[str, typer.Option(metavar="F", help="Terms as JSON Lines.")] = "",
    strict: Annotated[bool, typer.Option("--strict", help="A term without a rendering is an error.")] = False,
    json_: Annotated[bool, typer.Option("--json", help="One JSON record a line.")] = False,
) -> None:
    """Check that every term is rendered, each in a form the language allows, and nothing forbidden stands.

    Exit code 1 where there are findings.

    Example: terjiman verify news.en news.kk --to kk --glossary names.csv
    """
    lang = target_language(to)
    stdin_once(src, hyp, terms_per_line, *(glossary or ()))
    sources, targets = read_parallel(src, hyp)
    rules = lexicons(glossary or (), terms_per_line, lang, len(sources))
    found = [
        judge(source, target, lang, rule.glossary, rule.matcher, strict=strict)
        for source, target, rule in zip(sources, targets, rules, strict=True)
    ]
    lines = list(enumerate(zip(found, targets, rules, strict=True)))
    if json_:
        write_output(json_lines([_record(number, *line, lang) for number, line in lines]), None)
    else:
        text = "".join(
            f"{hyp}:{number + 1}: {flag.severity}: {flag.message}\n"
            for number, (verification, _, _) in lines
            for flag in verification.flags
        )
        write_output(text, None)
    raise typer.Exit(0 if all(verification.ok for verification in found) else 1)


def _record(number: int, verification: Verification, target: str, rule: Lexicon, lang: str) -> dict[str, Any]:
    terms = {term.id: term for term in rule.glossary.terms}

    def row(use: TermUse) -> dict[str, Any]:
        term = terms[use.term]
        wanted = use.surface if not preferred(term, lang) else preferred(term, lang)
        return {
            "source": term.en,
            "target": wanted,
            "ok": use.verdict == "passed",
            "form": use.form,
            "span": use.span,
            "surface": use.surface,
            "source_span": use.source_span,
            "case": use.case,
        }

    return {
        "line": number,
        "ok": verification.ok,
        "terms": [row(use) for use in verification.terms if use.verdict != "untranslated"],
        "forbidden": [
            {"form": target[slice(*flag.span)], "span": flag.span, "message": flag.message}
            for flag in verification.flags
            if flag.check == "term-forbidden" and flag.span
        ],
        "untranslated": [terms[use.term].en for use in verification.terms if use.verdict == "untranslated"],
        "flags": [
            {"check": flag.check, "severity": flag.severity, "message": flag.message}
            for flag in verification.flags
        ],
    }
