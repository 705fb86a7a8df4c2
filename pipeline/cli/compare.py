"""`terjiman compare`: is one run better than another, or was it luck?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

import typer

from corpora.errors import UsageError
from corpora.languages import language
from pipeline.cli.common import read_parallel
from pipeline.cli.scored_texts import warn_of_texts
from pipeline.job import open_job
from pipeline.quality.comparison import Comparison, compare
from pipeline.quality.metrics import METRICS, computable, huge
from pipeline.results import Results
from pipeline.state import State

app = typer.Typer()


@dataclass(frozen=True, slots=True)
class _Pairs:
    """The translations of both runs against the same human translations."""

    lang: str
    document: str
    first: list[str]
    second: list[str]
    references: list[str]


@app.command(name="compare")
def compare_runs(
    run_a: Annotated[
        str, typer.Argument(metavar="RUN_A", help="Job folder of the first run, or a translation.")
    ],
    run_b: Annotated[str, typer.Argument(metavar="RUN_B", help="Likewise, of the second.")],
    ref: Annotated[
        str, typer.Option("--ref", metavar="REF", help="Human translation, where A and B are text files.")
    ] = "",
    lang: Annotated[str, typer.Option("--lang", metavar="LANG", help="Language of the text files.")] = "",
    json_: Annotated[bool, typer.Option("--json", help="One JSON object a document and target.")] = False,
) -> None:
    """Compare two runs or two models, against the same human translations.

    Two job folders: over the documents that both translated, each and all of a target together. Two text
    files with --ref and --lang: what two models wrote, line by line. Prints the scores, the difference with
    its 95 % interval, and the p-value of a paired test.

    Examples: terjiman compare job-old job-new

    terjiman compare nllb.kk starter.kk --ref news.kk --lang kk
    """
    if bool(ref) != bool(lang):
        raise UsageError("--ref and --lang go together", place="--ref" if ref else "--lang")
    metrics: tuple[str, ...] = METRICS
    if ref:
        pairs = [_files(run_a, run_b, ref, lang)]
    else:
        for place in (run_a, run_b):
            if Path(place).is_file() and Path(place).suffix != ".toml":
                raise UsageError(
                    "a file, where a job folder is meant", place=place, fix="Text files need --ref and --lang"
                )
        pairs, metrics = _runs(run_a, run_b)
        for line in _models(run_a, run_b):
            typer.echo(line, err=True)
    for item in pairs:
        able = computable(metrics, (*item.first, *item.second), item.references)
        found = compare(item.first, item.second, item.references, item.lang, able)
        if json_:
            values = {name: asdict(found[name]) if name in found else None for name in metrics}
            record = {"lang": item.lang, "document": item.document, "pairs": len(item.first), **values}
            typer.echo(json.dumps(record, ensure_ascii=False))
            continue
        typer.echo(f"{item.document or 'all documents'} → {item.lang} ({len(item.first)} pairs)")
        for name, value in found.items():
            typer.echo(f"  {name:5} {_line(value)}")
        if len(able) < len(metrics):
            typer.echo(f"  {huge((*item.first, *item.second), item.references)}")


def _files(first: str, second: str, ref: str, lang: str) -> _Pairs:
    language(lang, place="--lang")
    ours, theirs, references = read_parallel(first, second, ref)
    warn_of_texts({first: ours, second: theirs, ref: references}, lang, reference=ref)
    return _Pairs(lang, f"{first} → {second}", ours, theirs, references)


def _runs(run_a: str, run_b: str) -> tuple[list[_Pairs], tuple[str, ...]]:
    """Return the shared documents of two runs, each and together, and the metrics of the first."""
    pairs = list(_common(run_a, run_b))
    if not pairs:
        raise UsageError(
            "the two runs share no document with the same human translation",
            place=f"{run_a}, {run_b}",
            fix="Run both over the same sources and references",
        )
    return [*pairs, *_together(pairs)], open_job(run_a).settings.score.metrics


def _models(*runs: str) -> Iterator[str]:
    """Yield a line for each run that names the models it was made with."""
    for run in runs:
        results = Results(State(open_job(run).state))
        names = dict.fromkeys(f"{results.model(*key)['name']} ({key[1]})" for key in results.done())
        yield f"{run}: {', '.join(names)}"


def _common(run_a: str, run_b: str) -> Iterator[_Pairs]:
    first, second = (Results(State(open_job(run).state)) for run in (run_a, run_b))
    done = set(second.done())
    for document, lang in first.done():
        if (document, lang) not in done:
            continue
        one, other = first.pairs(document, lang), second.pairs(document, lang)
        references = [pair["reference"] for pair in one]
        if references and references == [pair["reference"] for pair in other]:
            yield _Pairs(
                lang,
                document,
                [pair["hypothesis"] for pair in one],
                [pair["hypothesis"] for pair in other],
                references,
            )


def _together(pairs: list[_Pairs]) -> Iterator[_Pairs]:
    for lang in dict.fromkeys(item.lang for item in pairs):
        mine = [item for item in pairs if item.lang == lang]
        yield _Pairs(
            lang,
            "",
            [text for item in mine for text in item.first],
            [text for item in mine for text in item.second],
            [text for item in mine for text in item.references],
        )


def _line(value: Comparison) -> str:
    text = f"{value.first:6.2f} → {value.second:6.2f}  {value.difference:+6.2f}"
    if value.ci is None or value.p_value is None:
        return f"{text}  (one pair only: no test)"
    verdict = "significant" if value.significant else "may be luck"
    return f"{text} [{value.ci[0]:+.2f}, {value.ci[1]:+.2f}]  p = {value.p_value:.4f}: {verdict}"
