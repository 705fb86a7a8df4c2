"""The whole ladder with a model: accuracy, what is flagged and why, chrF and time against no glossary.

    TERJIMAN_EVAL=FOLDER python -m benchmarks.glossary_starter [--model M] [--lang LANG]… [--lines N]
    [--domain TERMS]

FOLDER/ntrex as in `benchmarks/glossary_verifier.py`. The lines are a stretch of NTREX as it stands, with
and without names; N of them from the beginning, 60 by default. With `--domain`,
FOLDER/domain/domain.{en,kk,ug,ru,zh} and the glossary file TERMS instead.
"""

from __future__ import annotations

import argparse
import os
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import sacrebleu

from corpora.languages import TARGETS
from corpora.records import Request
from glossary.enforcement import Enforced, translate
from glossary.matching import Matcher
from glossary.termbase import load
from models.encoders import load_encoder
from models.registry import load_engine
from pipeline.quality.checks import check


def _chrf(texts: Sequence[str], references: Sequence[str], lang: str) -> float:
    metric = sacrebleu.CHRF(word_order=0 if lang == "zh" else 2)
    return float(metric.corpus_score(list(texts), [list(references)]).score)


def _report(lang: str, done: Sequence[Enforced], sources: Sequence[str]) -> None:
    named = [(one, source) for one, source in zip(done, sources, strict=True) if one.terms]
    if not named:
        print(f"{lang}  none of {len(done)} lines has a term: take more lines")
        return
    uses = [use for one, _ in named if one.passed for use in one.terms if use.verdict != "untranslated"]
    right = sum(use.verdict == "passed" for use in uses)
    by_terms = sum(not one.passed for one, _ in named)
    by_checks = sum(
        one.passed and any(flag.severity == "error" for flag in check(source, one.text, lang))
        for one, source in named
    )
    print(f"{lang}  {len(named)} of {len(done)} lines have terms; {right} of {len(uses)} that pass are right")
    print(f"    stopped by terms {by_terms / len(named):.3f}, by other checks {by_checks / len(named):.3f}")
    print(f"    settled on rung {dict(sorted(Counter(one.rung for one, _ in named).items()))}")


def main() -> None:
    """Translate with and without the glossary and print the differences."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", default="starter")
    parser.add_argument("--lang", action="append", choices=TARGETS)
    parser.add_argument("--lines", type=int, default=60)
    parser.add_argument("--domain", metavar="TERMS")
    arguments = parser.parse_args()
    name = "domain" if arguments.domain else "ntrex"
    folder = Path(os.environ["TERJIMAN_EVAL"]) / name
    glossary = load([Path(arguments.domain) if arguments.domain else folder / "terms.tsv"])
    matcher, engine, encoder = Matcher(glossary), load_engine(arguments.model), load_encoder()
    sources = (folder / f"{name}.en").read_text().split("\n")[: arguments.lines]
    for lang in arguments.lang or TARGETS:
        references = (folder / f"{name}.{lang}").read_text().split("\n")[: arguments.lines]
        start = time.monotonic()
        answers = engine.translate([Request(source, lang) for source in sources])
        plain = [answer[0].text for answer in answers]
        between = time.monotonic()
        done = translate(sources, lang, engine, glossary, matcher, encoder)
        end = time.monotonic()
        _report(lang, done, sources)
        before = _chrf(plain, references, lang)
        after = _chrf([one.text for one in done], references, lang)
        ratio = (end - between) / (between - start)
        print(f"    chrF {before:.2f} without, {after:.2f} with the glossary; time {ratio:.2f} x", flush=True)


if __name__ == "__main__":
    main()
