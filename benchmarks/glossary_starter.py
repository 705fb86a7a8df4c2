"""The whole ladder with a model: accuracy, what is stopped and why, chrF and time against no glossary.

    TERJIMAN_EVAL=FOLDER python -m benchmarks.glossary_starter [--model M] [--lang LANG]… [--lines N]
    [--domain TERMS] [--keep FOLDER] [--show]

FOLDER/ntrex as in `benchmarks/glossary_verifier.py`; N lines spread evenly over NTREX in document order,
with and without names, 101 by default and 1007 for all. With `--domain`,
FOLDER/domain/domain.{en,kk,ug,ru,zh} and the glossary file TERMS instead. `--keep` writes each shard of
lines to a folder and goes on from there when started again; take a new folder after a change of the ladder.

Time is CPU time of this process, since other programs may run beside it; both ways are timed shard by shard,
one after the other. What is stopped by terms failed the verifier; what is stopped by other checks passed it
and has another error flag, be it the engine's or one of the reference-free checks.
"""

from __future__ import annotations

import argparse
import os
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import sacrebleu

from benchmarks.ladder_run import Line, Measured, measure
from benchmarks.starter import read
from corpora.languages import TARGETS
from glossary.matching import Matcher
from glossary.termbase import load
from glossary.verification import verify
from models.encoders import load_encoder
from models.registry import ensure, load_engine
from pipeline.quality.checks import check


def _chrf(texts: Sequence[str], references: Sequence[str], lang: str) -> float:
    metric = sacrebleu.CHRF(word_order=0 if lang == "zh" else 2)
    return float(metric.corpus_score(list(texts), [list(references)]).score)


def _gain(name: str, lines: Sequence[Line], references: Sequence[str], lang: str) -> str:
    if not lines:
        return f"{name} (no lines)"
    kept = [references[line.place] for line in lines]
    before = _chrf([line.plain for line in lines], kept, lang)
    after = _chrf([line.text for line in lines], kept, lang)
    return f"{name} ({len(lines)}) {before:.2f} -> {after:.2f}"


def _doubts(line: Line, lang: str) -> list[str]:
    """Return what other checks find wrong with the final text."""
    own = [name for name in line.errors if not name.startswith("term-")]
    return [*own, *(flag.check for flag in check(line.source, line.text, lang) if flag.severity == "error")]


def _report(lang: str, found: Measured, references: Sequence[str], matcher: Matcher) -> None:
    named = [line for line in found.lines if line.named]
    true = [line for line in named if not any(name.startswith("term-") for name in line.errors)]
    passed = [line for line in true if not _doubts(line, lang)]
    doubted = sum(
        any(flag.severity == "error" for flag in check(one.source, one.plain, lang)) for one in named
    )
    changed = sum(not line.named and line.text != line.plain for line in found.lines)
    right, total = _counted(passed, lang, matcher)
    share = 1 / max(1, len(named))
    print(
        f"{lang}  {len(named)} of {len(found.lines)} lines have terms; {right} of {total} that pass are right"
    )
    print(f"    passed {len(passed) * share:.3f}, stopped by terms {(len(named) - len(true)) * share:.3f}")
    print(
        f"    stopped by other checks {(len(true) - len(passed)) * share:.3f},"
        f" plain translations of the same lines {doubted * share:.3f}"
    )
    print(f"    settled on rung {dict(sorted(Counter(line.rung for line in named).items()))}")
    reasons = Counter(name for line in named for name in dict.fromkeys((*line.errors, *_doubts(line, lang))))
    print(f"    reasons {dict(reasons.most_common())}")
    for name, lines in (("all", found.lines), ("with terms", named), ("passed", passed)):
        print(f"    chrF {_gain(name, lines, references, lang)}")
    print(f"    lines without terms that differ from plain: {changed}")
    parts = ", ".join(f"{name} {seconds:.1f}" for name, seconds in sorted(found.seconds.items()))
    print(f"    CPU {found.ladder / found.plain:.2f} x; plain {found.plain:.1f} s; {parts}", flush=True)


def _counted(passed: Sequence[Line], lang: str, matcher: Matcher) -> tuple[int, int]:
    """Return how many occurrences of what passes are right, and how many there are."""
    judged = [verify(line.source, line.text, lang, matcher.glossary, matcher).terms for line in passed]
    uses = [use for terms in judged for use in terms if use.verdict != "untranslated"]
    return sum(use.verdict == "passed" for use in uses), len(uses)


def _show(lang: str, found: Measured) -> None:
    for line in found.lines:
        if line.named:
            marks = " ".join(dict.fromkeys((*line.errors, *_doubts(line, lang))))
            print(f"  [{line.place}] rung {line.rung} {marks}")
            print(f"    en {line.source}\n    -  {line.plain}\n    +  {line.text}")


def main() -> None:
    """Translate with and without the glossary and print the differences."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", default="starter")
    parser.add_argument("--lang", action="append", choices=TARGETS)
    parser.add_argument("--lines", type=int, default=101)
    parser.add_argument("--domain", metavar="TERMS")
    parser.add_argument("--keep", type=Path, metavar="FOLDER")
    parser.add_argument("--show", action="store_true", help="print every line with terms, before and after")
    options = parser.parse_args()
    name = "domain" if options.domain else "ntrex"
    folder = Path(os.environ["TERJIMAN_EVAL"]) / name
    glossary = load([Path(options.domain) if options.domain else folder / "terms.tsv"])
    ensure(options.model, progress=print)
    matcher, engine, encoder = Matcher(glossary), load_engine(options.model), load_encoder()
    sources = read(folder / f"{name}.en", options.lines)
    for lang in options.lang or TARGETS:
        references = read(folder / f"{name}.{lang}", options.lines)
        found = measure(sources, lang, engine, matcher, encoder, options.keep)
        _report(lang, found, references, matcher)
        if options.show:
            _show(lang, found)


if __name__ == "__main__":
    main()
