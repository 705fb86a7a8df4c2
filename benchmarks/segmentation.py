"""Sentence splitting: boundary precision, recall and F1 on NTREX-128, ours beside other splitters.

    python benchmarks/segmentation.py [FOLDER] [--errors LANG]

FOLDER (or the environment variable TERJIMAN_EVAL) holds `ntrex/ntrex.{en,kk,ug,ru,zh}`, line-parallel, and
`ntrex/ntrex.docs`, which names the document of each line. The data is NTREX-128 (CC BY-SA 4.0), from the
public repository MicrosoftTranslator/NTREX, files `newstest2019-src.eng.txt`,
`newstest2019-ref.{kaz,uig,rus,zho-CN}.txt` and `DOCUMENT_IDS.tsv`; the first 1,007 lines were used for the
figures in `docs/documents.md`.

The lines of a document are joined by a space (Chinese: by nothing); a boundary is the end of a line, counted
in characters other than white space. The end of a document is not counted. Lines without final punctuation
(headlines: 7 % of the lines) are left out, since nothing in a joined text tells where they end; `--headlines`
keeps them. Lines that hold two sentences count against every splitter alike. PyICU and pysbd take part if
they are installed.
"""

from __future__ import annotations

import argparse
import importlib
import itertools
import os
import re
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from corpora.languages import LANGUAGES
from corpora.segments import split

Splitter = Callable[[str, str], list[str]]

# a full stop, question or exclamation mark, closing punctuation, white space (none after Chinese marks)
_UNICODE_RULE = re.compile(r"(?<=[.!?؟۔…])([\"'\u201d\u2019»)\]]*)\s+|(?<=[。！？])([”’」』）\"]*)")
_FINAL = re.compile(r"[.!?…؟۔。！？][\"'“”’»)\]」』]*$")


def ours(text: str, lang: str) -> list[str]:
    """Split with `corpora.segments.split`."""
    return [text[start:end] for start, end in split(text, lang)]


def unicode_rule(text: str, lang: str) -> list[str]:
    """Split after final punctuation and what closes behind it: the one-line rule."""
    parts: list[str] = []
    begin = 0
    for match in _UNICODE_RULE.finditer(text):
        if match.end() > begin:
            parts.append(text[begin : match.end()].strip())
            begin = match.end()
    return [part for part in [*parts, text[begin:].strip()] if part]


def icu(module: Any) -> Splitter:
    """Return a splitter over ICU's sentence break iterator."""

    def run(text: str, lang: str) -> list[str]:
        breaker = module.BreakIterator.createSentenceInstance(module.Locale(lang))
        breaker.setText(text)
        encoded = text.encode("utf-16-le")
        edges = [0, *breaker]
        return [encoded[2 * a : 2 * b].decode("utf-16-le").strip() for a, b in itertools.pairwise(edges)]

    return run


def pysbd(module: Any) -> Splitter:
    """Return a splitter over pysbd; languages it lacks go by its English rules (Uyghur by its Urdu ones)."""

    def run(text: str, lang: str) -> list[str]:
        code = {"ug": "ur"}.get(lang, lang)
        return [str(part).strip() for part in module.Segmenter(language=code, clean=False).segment(text)]

    return run


def splitters() -> dict[str, Splitter]:
    """Return the splitters at hand by name."""
    found: dict[str, Splitter] = {"ours": ours, "unicode rule": unicode_rule}
    for name, module, make in (("ICU", "icu", icu), ("pysbd", "pysbd", pysbd)):
        try:
            found[name] = make(importlib.import_module(module))
        except ImportError:
            print(f"{name}: not installed, left out", file=sys.stderr)
    return found


def documents(folder: Path, lang: str, headlines: bool = False) -> Iterator[list[str]]:
    """Yield the lines of each document, those without final punctuation only if asked."""
    names = (folder / "ntrex.docs").read_text("utf-8").splitlines()
    lines = (folder / f"ntrex.{lang}").read_text("utf-8").splitlines()
    for _, group in itertools.groupby(zip(names, lines, strict=True), key=lambda pair: pair[0]):
        stripped = [line.strip() for _, line in group]
        kept = [line for line in stripped if headlines or _FINAL.search(line)]
        if kept:
            yield kept


def offsets(parts: Sequence[str]) -> set[int]:
    """Return the inner boundaries, as counts of characters that are not white space."""
    lengths = (len("".join(part.split())) for part in parts)
    edges = list(itertools.accumulate(lengths))
    return set(edges[:-1]) - {0}


def measure(split_text: Splitter, folder: Path, lang: str, headlines: bool) -> tuple[float, float, float]:
    """Return precision, recall and F1 of boundaries."""
    hits = found = wanted = 0
    for lines in documents(folder, lang, headlines):
        text = (" " if LANGUAGES[lang].spaced else "").join(lines)
        gold, got = offsets(lines), offsets(split_text(text, lang))
        hits, found, wanted = hits + len(gold & got), found + len(got), wanted + len(gold)
    precision, recall = hits / max(found, 1), hits / max(wanted, 1)
    return precision, recall, 2 * precision * recall / max(precision + recall, 1e-9)


def errors(folder: Path, lang: str) -> Iterator[str]:
    """Yield every boundary that ours misses (`-`) or adds (`+`), with its surroundings."""
    for lines in documents(folder, lang):
        text = (" " if LANGUAGES[lang].spaced else "").join(lines)
        places = [index for index, char in enumerate(text) if not char.isspace()]
        gold, got = offsets(lines), offsets(ours(text, lang))
        for offset in sorted(gold ^ got):
            at = places[offset - 1] + 1
            sign = "-" if offset in gold else "+"
            yield f"{sign} {text[max(0, at - 50) : at]} | {text[at : at + 40].strip()}"


def main() -> None:
    """Print the table, or the errors of one language."""
    parser = argparse.ArgumentParser(description="Boundary precision, recall and F1 on NTREX-128.")
    parser.add_argument("folder", nargs="?", default=os.environ.get("TERJIMAN_EVAL"))
    parser.add_argument("--errors", metavar="LANG", choices=list(LANGUAGES))
    parser.add_argument("--headlines", action="store_true", help="keep lines without final punctuation")
    options = parser.parse_args()
    if not options.folder or not (Path(options.folder) / "ntrex" / "ntrex.docs").is_file():
        parser.error(
            "no data: give the folder that holds ntrex/, or set TERJIMAN_EVAL (see the top of this file)"
        )
    folder = Path(options.folder) / "ntrex"
    if options.errors:
        print("\n".join(errors(folder, options.errors)))
        return
    print(f"{'splitter':14}{'lang':6}{'P':>7}{'R':>7}{'F1':>7}{'seconds':>9}")
    for name, splitter in splitters().items():
        for lang in LANGUAGES:
            began = time.perf_counter()
            precision, recall, f1 = measure(splitter, folder, lang, options.headlines)
            took = time.perf_counter() - began
            print(f"{name:14}{lang:6}{precision:7.3f}{recall:7.3f}{f1:7.3f}{took:9.2f}")


if __name__ == "__main__":
    main()
