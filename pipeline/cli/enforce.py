"""`terjiman enforce`: make a translation made elsewhere true to a glossary."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Annotated, Any

import typer

from corpora.records import as_data
from glossary.chinese_script import SIMPLIFIED
from glossary.enforcement import Enforced
from models.encoders import LateEncoder
from models.registry import load_engine, resolve
from pipeline.cli.common import (
    LetTextLeave,
    check_outputs,
    json_lines,
    read_parallel,
    stdin_once,
    write_output,
)
from pipeline.cli.termfiles import lexicons, target_language
from pipeline.enforcing import enforce_lines, script_conversion

app = typer.Typer()
_SCRIPTS = {
    True: "the glossary writes simplified characters: the whole translation is brought into them",
    False: "the glossary writes traditional characters: the whole translation is brought into them",
}


@app.command()
def enforce(
    src: Annotated[str, typer.Argument(metavar="SRC", help="English, a segment or paragraph a line.")],
    hyp: Annotated[str, typer.Argument(metavar="HYP", help="Its translation, line by line.")],
    to: Annotated[str, typer.Option("--to", metavar="LANG", help="Language of the translation.")],
    output: Annotated[str, typer.Option("-o", "--output", metavar="OUT", help="The mended translation.")],
    glossary: Annotated[list[str] | None, typer.Option(metavar="F", help="Glossary file.")] = None,
    terms_per_line: Annotated[str, typer.Option(metavar="F", help="Terms as JSON Lines.")] = "",
    model: Annotated[str, typer.Option(metavar="M", help="Model for what cannot be mended in place.")] = "",
    audit: Annotated[str, typer.Option(metavar="A", help="Write the record of every term here.")] = "",
    meaning: Annotated[
        bool, typer.Option(help="Find wrong renderings by meaning too (loads a sentence encoder).")
    ] = True,
    let_text_leave_this_machine: LetTextLeave = False,
) -> None:
    """Put every name and place right, in the form the sentence needs; report the lines that cannot be.

    A line may hold several sentences; each term is sought in the one that should hold it. A Chinese
    translation is brought into the characters, traditional or simplified, of its glossary. A stopped line
    keeps its best text in OUT. Exit code 1 where lines were stopped.

    Example: terjiman enforce news.en news.ru --to ru --glossary names.csv -o true.ru --audit audit.jsonl
    """
    lang = target_language(to)
    stdin_once(src, hyp, terms_per_line, *(glossary or ()))
    check_outputs(output, audit)
    sources, targets = read_parallel(src, hyp)
    rules = lexicons(glossary or (), terms_per_line, lang, len(sources))
    leave = let_text_leave_this_machine
    engine = load_engine(resolve(model, lang, let_text_leave=leave)) if model else None
    pairs = list(zip(sources, targets, strict=True))
    if conversion := script_conversion(rules, targets, lang):
        print(f"{hyp}: {_SCRIPTS[conversion == SIMPLIFIED]}", file=sys.stderr)
    done = enforce_lines(pairs, lang, rules, engine, LateEncoder() if meaning else None)
    write_output("".join(f"{_one_line(one.text)}\n" for one in done), output)
    if audit:
        write_output(json_lines(_records(done)), audit)
    stopped = [number for number, one in enumerate(done) if not one.passed]
    for number in stopped:
        reasons = "; ".join(flag.message for flag in done[number].flags if flag.severity == "error")
        print(f"{hyp}:{number + 1}: stopped: {reasons}", file=sys.stderr)
    raise typer.Exit(1 if stopped else 0)


def _one_line(text: str) -> str:
    return " ".join(text.splitlines())


def _records(done: Sequence[Enforced]) -> list[dict[str, Any]]:
    return [
        {
            "line": number,
            "passed": one.passed,
            "rung": one.rung,
            "terms": [as_data(use) for use in one.terms],
            "flags": [as_data(flag) for flag in one.flags],
        }
        for number, one in enumerate(done)
    ]
