"""Terms put right in what real systems wrote without them: WMT25 Terminology Shared Task, no model at hand.

    TERJIMAN_EVAL=FOLDER python -m benchmarks.glossary_wmt25 [--documents [N]]

FOLDER/wmt25-terminology holds the task's data (github.com/WMT-Terminology-Task, CC BY-NC 4.0):
`en-ru.jsonl`, one `{"en", "ru", "terms"}` a line, `en-ru.noterm.SYSTEM.txt`, what a system wrote without
the terms, and `en-zh-documents/YEAR.jsonl` with `YEAR.noterm.SYSTEM.jsonl`. The dictionary holds common
nouns, adjectives and verbs as well as names; a verb is put in the form of the verb that stood there, a
noun in its case and number.

Accuracy is by lemma, as in the task: a term counts if its words stand side by side in any of their
dictionary forms; flagged segments count as wrong. `--documents` measures the Chinese documents, sentence
by sentence; it embeds very many phrases and takes long (N: only so many documents of each year). A term
counts there where it stands by itself, not within a longer one. The dictionary and the references are in
traditional characters and the recorded output in simplified ones, so plain and appended are shown as
recorded and converted: what is gained by characters alone is told apart from what the terms gain.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import sacrebleu

from corpora.alignment import align
from corpora.protocols import Encoder
from corpora.segments import split
from glossary.chinese_script import converted
from glossary.enforcement import Enforced, Lexicon
from glossary.enforcement.russian import readings
from glossary.matching import Matcher
from glossary.termbase import adhoc
from models.encoders import load_encoder
from pipeline.enforcing import enforce_lines, script_conversion

PUBLISHED = """
Published (en-ru, all 500; accuracy at chrF++): plain NLLB .34, best systems .996 at 56.9, .990 at 65.6
Published (en-zh documents): best .966 at chrF 39.1, .854 at 46.1
Must reach: accuracy of what passes 1.0, at least .90 pass, chrF++ above plain and above appended lemmas
"""
Holds = Callable[[str, str], bool]


@dataclass(frozen=True, slots=True)
class Piece:
    """A segment with its terms and what a system wrote."""

    source: str
    target: str
    terms: dict[str, str]
    document: int = 0


@lru_cache(maxsize=1 << 15)
def _lemmas(word: str) -> frozenset[str]:
    found = {reading.normal_form for reading in readings(word.lower())}
    return frozenset(form.replace("ё", "е") for form in (*found, word.lower()))


def holds_russian(text: str, term: str) -> bool:
    """Tell whether the words of a term stand side by side in any of their forms."""
    words = [_lemmas(word) for word in re.findall(r"\w+", text)]
    wanted = [_lemmas(word) for word in re.findall(r"\w+", term)]
    starts = range(len(words) - len(wanted) + 1)
    return any(all(words[start + at] & wanted[at] for at in range(len(wanted))) for start in starts)


def holds_chinese(text: str, term: str) -> bool:
    """Tell whether a term stands in the text, with or without spaces between scripts (`CAMEL 評級`)."""
    return "".join(term.split()) in "".join(text.split())


def appended(piece: Piece, holds: Holds, mark: str) -> str:
    """Return the translation with the lemmas of its missing terms listed at its end."""
    missing = [term for term in piece.terms.values() if not holds(piece.target, term)]
    return f"{piece.target} {mark.join(missing)}" if missing else piece.target


def enforced(pieces: Sequence[Piece], lang: str, encoder: Encoder) -> list[Enforced]:
    """Run the ladder over the pieces without a model."""
    rules = [_lexicon(piece, lang) for piece in pieces]
    return enforce_lines([(piece.source, piece.target) for piece in pieces], lang, rules, None, encoder)


def _lexicon(piece: Piece, lang: str) -> Lexicon:
    glossary = adhoc(dict(piece.terms), lang)
    return Lexicon(glossary, Matcher(glossary))


def report(
    name: str,
    pieces: Sequence[Piece],
    texts: Sequence[str],
    score: float,
    holds: Holds,
    passed: Sequence[bool],
) -> None:
    """Print accuracy (flagged counts as wrong), accuracy of what passes, share that passes and chrF."""
    rows = [
        (ok, holds(text, term))
        for piece, text, ok in zip(pieces, texts, passed, strict=True)
        for term in piece.terms.values()
    ]
    right = sum(ok and held for ok, held in rows)
    of_passed = [held for ok, held in rows if ok]
    with_terms = [ok for piece, ok in zip(pieces, passed, strict=True) if piece.terms]
    print(
        f"{name:32} accuracy {right / len(rows):.3f}  of what passes {sum(of_passed) / len(of_passed):.4f}"
        f"  pass {sum(with_terms) / len(with_terms):.3f}  chrF {score:.2f}"
    )


def measure_russian(folder: Path, encoder: Encoder) -> None:
    """Measure every recorded system of en-ru."""
    rows = [json.loads(line) for line in (folder / "en-ru.jsonl").read_text().splitlines()]
    chrf = sacrebleu.CHRF(word_order=2)
    references = [[row["ru"] for row in rows]]
    for path in sorted(folder.glob("en-ru.noterm.*.txt")):
        system = path.name.split(".")[2]
        written = path.read_text().split("\n")[: len(rows)]
        pieces = [Piece(row["en"], text, row["terms"]) for row, text in zip(rows, written, strict=True)]
        start = time.monotonic()
        done = enforced(pieces, "ru", encoder)
        taken = time.monotonic() - start
        versions = {
            "plain": [piece.target for piece in pieces],
            "appended": [appended(piece, holds_russian, ", ") for piece in pieces],
            "enforced": [one.text for one in done],
        }
        for name, texts in versions.items():
            passed = [one.passed for one in done] if name == "enforced" else [True] * len(pieces)
            score = chrf.corpus_score(texts, references).score
            report(f"en-ru {system} {name}", pieces, texts, score, holds_russian, passed)
        print(f"{'':32} {taken:.1f} s")


def _sentences(text: str, lang: str) -> tuple[list[str], list[int]]:
    """Return the sentences of a document and the number of the line each stands in."""
    lines = [line for line in text.split("\n") if line.strip()]
    found = [(line[slice(*span)], number) for number, line in enumerate(lines) for span in split(line, lang)]
    return [sentence for sentence, _ in found], [number for _, number in found]


def _pieces(number: int, row: dict[str, object], target: str, encoder: Encoder) -> list[Piece]:
    """Pair the sentences of a document with those of its translation; give each the terms it holds."""
    source, source_lines = _sentences(str(row["en"]), "en")
    lines, target_lines = _sentences(target, "zh")
    terms = {name: texts[0] for name, texts in row["proper"].items()}  # type: ignore[attr-defined]
    found = []
    beads = align(
        source,
        lines,
        encoder,
        source_lang="en",
        target_lang="zh",
        source_paragraphs=source_lines,
        target_paragraphs=target_lines,
    )
    for bead in beads:
        left = " ".join(source[int(place)] for place in bead.source)
        right = "".join(lines[int(place)] for place in bead.target)
        near = {name: text for name, text in terms.items() if name.lower() in left.lower()}
        matches = Matcher(adhoc(near, "zh")).find(left)
        held = {match.term.en: near[match.term.en] for match in matches if match.surface}
        found.append(Piece(left, right, held, number))
    return found


def _joined(pieces: Sequence[Piece], texts: Sequence[str]) -> list[str]:
    documents: dict[int, list[str]] = {}
    for piece, text in zip(pieces, texts, strict=True):
        documents.setdefault(piece.document, []).append(text)
    return ["\n".join(lines) for lines in documents.values()]


def measure_documents(folder: Path, encoder: Encoder, most: int) -> None:
    """Measure the recorded systems of the Chinese documents."""
    chrf = sacrebleu.CHRF()
    for year in ("2015", "2017"):
        rows = [json.loads(line) for line in (folder / f"{year}.jsonl").read_text().splitlines()][:most]
        for path in sorted(folder.glob(f"{year}.noterm.*.jsonl")):
            system = path.name.split(".")[2]
            written = [json.loads(line)["zh"] for line in path.read_text().splitlines()][:most]
            pieces = [
                piece
                for number, (row, text) in enumerate(zip(rows, written, strict=True))
                for piece in _pieces(number, row, text, encoder)
            ]
            rules = [_lexicon(piece, "zh") for piece in pieces]
            texts = [piece.target for piece in pieces]
            conversion = script_conversion(rules, texts, "zh")
            same = [replace(piece, target=converted(piece.target, conversion)) for piece in pieces]
            done = enforced(pieces, "zh", encoder)
            versions = {
                "plain": texts,
                "appended": [appended(piece, holds_chinese, "、") for piece in pieces],
                f"plain, {conversion}": [piece.target for piece in same],
                f"appended, {conversion}": [appended(piece, holds_chinese, "、") for piece in same],
                "enforced": [one.text for one in done],
            }
            for name, texts in versions.items():
                passed = [one.passed for one in done] if name == "enforced" else [True] * len(pieces)
                score = chrf.corpus_score(_joined(pieces, texts), [[row["zh"] for row in rows]]).score
                report(f"en-zh {year} {system} {name}", pieces, texts, score, holds_chinese, passed)
            _explain(pieces, done)


def _explain(pieces: Sequence[Piece], done: Sequence[Enforced]) -> None:
    """Print how many sentences with terms have no translation, and what becomes of those that have one."""
    pairs = [(piece, one) for piece, one in zip(pieces, done, strict=True) if piece.terms]
    written = [(piece, one) for piece, one in pairs if piece.target.strip()]
    passed = sum(one.passed for _, one in written)
    uses = [use.verdict == "passed" for _, one in written for use in one.terms]
    print(
        f"{'':10} sentences with terms {len(pairs)}, translated {len(written)}, of these pass"
        f" {passed / len(written):.3f}; of their {len(uses)} occurrences right {sum(uses) / len(uses):.3f}"
    )


def main() -> None:
    """Run the measures and print them beside what is published."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--documents", nargs="?", type=int, const=1000, default=0)
    arguments = parser.parse_args()
    folder = Path(os.environ["TERJIMAN_EVAL"]) / "wmt25-terminology"
    encoder = load_encoder()
    if arguments.documents:
        measure_documents(folder / "en-zh-documents", encoder, arguments.documents)
    else:
        measure_russian(folder, encoder)
    print(PUBLISHED)


if __name__ == "__main__":
    main()
