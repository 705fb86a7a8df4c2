"""`terjiman score`: a translation against a human reference."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from corpora.errors import UsageError
from pipeline.cli.common import json_lines, read_parallel, write_output

app = typer.Typer()

_NAMES = {"chrf": "chrF2++", "bleu": "BLEU", "ter": "TER"}


@app.command()
def score(
    hyp: Annotated[str, typer.Argument(metavar="HYP", help="The translation, one segment a line.")],
    ref: Annotated[str, typer.Argument(metavar="REF", help="The human translation, line by line.")],
    lang: Annotated[
        str, typer.Option("--lang", metavar="LANG", help="Language of both: kk, ug, ru, zh, en.")
    ],
    src: Annotated[str, typer.Option("--src", metavar="SRC", help="The source, for term accuracy.")] = "",
    glossary: Annotated[
        list[Path] | None, typer.Option(metavar="F", help="Glossary for term accuracy; may be repeated.")
    ] = None,
    json_: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Score a translation against a reference: chrF2++, BLEU and TER by sacreBLEU, with 95 % intervals.

    With --src and --glossary, also say how many terms are rendered as the glossary has them. The files must
    line up; texts that do not can be aligned first with `terjiman align`.

    Example: terjiman score news.mt.kk news.kk --lang kk --src news.en --glossary names.csv
    """
    from corpora.languages import language
    from pipeline.quality.metrics import score as scores

    language(lang, place="--lang")
    if glossary and not src:
        raise UsageError("term accuracy needs the source", place="--glossary", fix="Give it with --src")
    hypotheses, references, *sources = read_parallel(*filter(None, (hyp, ref, src)))
    found = scores(hypotheses, references, lang)
    terms = _terms(sources[0], hypotheses, lang, glossary) if glossary else None
    if json_:
        plain: dict[str, Any] = {
            name: {"score": one.score, "ci": one.ci, "signature": one.signature}
            for name, one in found.items()
        }
        write_output(json_lines([{**plain, "terms": terms}]), None)
        return
    lines = [f"{'metric':8} {'score':>6}  {'95 % interval':15} signature"]
    for name, one in found.items():
        bounds = f"{one.ci[0]:.1f} to {one.ci[1]:.1f}" if one.ci else "one segment"
        lines.append(f"{_NAMES[name]:8} {one.score:6.1f}  {bounds:15} {one.signature}")
    if terms:
        share = "none in the source" if terms["accuracy"] is None else f"{100 * terms['accuracy']:.1f} %"
        lines.append(f"terms: {terms['correct']} of {terms['occurrences']} as in the glossary ({share})")
    write_output("".join(f"{line}\n" for line in lines), None)


def _terms(
    sources: Sequence[str], targets: Sequence[str], lang: str, files: Sequence[Path]
) -> dict[str, Any]:
    """Count the terms of the sources that the translations render as the glossary has them."""
    from glossary.matching import Matcher
    from glossary.termbase import load
    from glossary.verification import verify

    rules = load(files)
    matcher = Matcher(rules)
    verdicts = [
        use.verdict
        for source, target in zip(sources, targets, strict=True)
        for use in verify(source, target, lang, rules, matcher).terms
        if use.verdict in ("passed", "failed")
    ]
    correct = verdicts.count("passed")
    return {
        "occurrences": len(verdicts),
        "correct": correct,
        "accuracy": correct / len(verdicts) if verdicts else None,
    }
