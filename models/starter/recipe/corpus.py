"""The training text: parallel sentences, mixed as the starter was trained on, the same in every run.

Example `number` of a mixture depends on the seed and the number alone, so training goes on after a stop with
the very examples that were next.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpora.errors import InputError
from corpora.languages import TARGETS
from corpora.text import nfc
from models.engines.prompts import STARTER

DOMAIN_SHARE = 0.6  # of the examples: sentences on the subject
HINTED = 0.5  # of the examples that hold names: the names are told in the prompt
_SENTENCE = 5  # words; what is shorter is mostly text of programs
_SHORT_WEIGHT = 0.15
_MOST_HINTS = 4
_STEM = 0.7  # of a rendering's letters must stand in the translation for the name to count as there


@dataclass(frozen=True, slots=True)
class Pair:
    """A sentence and its translation."""

    source: str
    target: str
    lang: str


@dataclass(frozen=True, slots=True)
class Example:
    """What the model sees, and what it must answer."""

    prompt: str
    answer: str


@dataclass(frozen=True, slots=True)
class Corpus:
    """All there is to train on.

    Attributes:
        domain, general: pairs by language, each with its weight summed up to there.
        names: language -> English name -> rendering.
    """

    domain: Mapping[str, Sequence[Pair]]
    general: Mapping[str, Sequence[Pair]]
    sums: Mapping[str, NDArray[np.float64]]
    names: Mapping[str, Mapping[str, str]]


def read(
    general: Sequence[Path], domain: Sequence[Path], names: Sequence[Path], held_out: Iterable[str] = ()
) -> Corpus:
    """Read the files.

    Args:
        general: TSV files named `SOURCE.LANG.tsv[.gz]`: English, tab, translation.
        domain: TSV files with a heading of language codes, `en` among them.
        names: the same, of names; further columns are passed over.
        held_out: English lines that must not be trained on, compared without case and punctuation.

    Raises:
        InputError: a file of another form, or nothing to train on.
    """
    barred = {key(line) for line in held_out}
    wide = [pair for path in domain for pair in _wide(path)]
    narrow = [pair for path in general for pair in _narrow(path)]
    found = {"domain": _by_language(wide, barred), "general": _by_language(narrow, barred)}
    if not any(pairs for kind in found.values() for pairs in kind.values()):
        raise InputError("nothing to train on", fix="Name TSV files with --general or --domain")
    sums = {lang: np.cumsum([_weight(pair) for pair in pairs]) for lang, pairs in found["general"].items()}
    renderings: dict[str, dict[str, str]] = {lang: {} for lang in TARGETS}
    for path in names:
        for pair in _wide(path):
            renderings[pair.lang].setdefault(pair.source, pair.target)
    return Corpus(found["domain"], found["general"], sums, renderings)


def key(line: str) -> str:
    """Return what two lines have in common that differ in case, punctuation and spaces alone."""
    return "".join(character for character in nfc(line).casefold() if character.isalnum())


def example(corpus: Corpus, seed: int, number: int) -> Example:
    """Return one example of the mixture: the language drawn first, then the kind, then the pair."""
    random = np.random.default_rng([seed, number])
    langs = [lang for lang in TARGETS if corpus.domain[lang] or corpus.general[lang]]
    lang = langs[int(random.integers(len(langs)))]
    domain, general = corpus.domain[lang], corpus.general[lang]
    if domain and (not general or random.random() < DOMAIN_SHARE):
        pair = domain[int(random.integers(len(domain)))]
    else:
        sums = corpus.sums[lang]
        pair = general[int(np.searchsorted(sums, random.random() * sums[-1], side="right"))]
    hinted = random.random() < HINTED
    hints = hints_of(pair, corpus.names[lang])[:_MOST_HINTS] if hinted else []
    return Example(STARTER.fill(pair.source, lang, hints), STARTER.answer + " ".join(pair.target.split()))


def hints_of(pair: Pair, names: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return the names in a source whose rendering stands in the translation, inflected or not."""
    words = pair.source.replace("’", "'").split()
    found: list[tuple[str, str]] = []
    start = 0
    while start < len(words):
        for end in range(min(len(words), start + 5), start, -1):
            name = " ".join(words[start:end]).strip(".,;:!?\"'()«»“”").removesuffix("'s")
            rendering = names.get(name)
            if rendering and rendering[: max(2, int(len(rendering) * _STEM))] in pair.target:
                found.append((name, rendering))
                start = end - 1
                break
        start += 1
    return list(dict.fromkeys(found))


def _by_language(pairs: Sequence[Pair], barred: set[str]) -> dict[str, list[Pair]]:
    allowed = [pair for pair in pairs if key(pair.source) not in barred]
    return {lang: [pair for pair in allowed if pair.lang == lang] for lang in TARGETS}


def _weight(pair: Pair) -> float:
    return 1.0 if len(pair.source.split()) >= _SENTENCE else _SHORT_WEIGHT


def _lines(path: Path) -> Iterator[list[str]]:
    try:
        with path.open("rb") as raw, gzip.open(raw) if path.suffix == ".gz" else raw as file:
            for line in file:
                yield nfc(line.decode("utf-8").rstrip("\r\n")).split("\t")
    except (OSError, UnicodeDecodeError, EOFError) as error:
        raise InputError(f"cannot be read ({error})", place=str(path)) from None


def _narrow(path: Path) -> Iterator[Pair]:
    lang = path.name.removesuffix(".gz").removesuffix(".tsv").rpartition(".")[2]
    if lang not in TARGETS:
        raise InputError("the name says no language", place=str(path), fix="Call it SOURCE.LANG.tsv.gz")
    for number, cells in enumerate(_lines(path), 1):
        if len(cells) < 2:
            raise InputError("no tab between English and translation", place=f"{path}, line {number}")
        if cells[0].strip() and cells[1].strip():
            yield Pair(cells[0].strip(), cells[1].strip(), lang)


def _wide(path: Path) -> Iterator[Pair]:
    lines = _lines(path)
    heading = next(lines, [])
    if "en" not in heading:
        raise InputError("no heading of language codes with en", place=f"{path}, line 1")
    for cells in lines:
        row = dict(zip(heading, cells, strict=False))
        for lang in TARGETS:
            if row.get("en", "").strip() and row.get(lang, "").strip():
                yield Pair(row["en"].strip(), row[lang].strip(), lang)
