"""Choose the tokens that the starter keeps, and write `models/starter/kept_tokens.bits`.

    python -m models.starter.recipe.keep_tokens --corpus FOLDER --sure FILE... --names FILE... -o OUT

`--corpus`: folder of `*.tsv.gz` files, `English<TAB>translation` (further columns ignored); a token must
occur twice in all of them together. `--sure`: TSV files of which every token of every cell is kept.
`--names`: the same, each cell read as a word inside a sentence (a space before it). Bytes, control tokens,
the newline and all letters of our scripts are kept in any case, and with each token those it is merged from.

The shipped file was made from the general corpora, the domain sentences and the lists of names that README.md
names; the training used the tokenizer that results.
"""

from __future__ import annotations

import argparse
import gzip
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from tokenizers import Tokenizer

from models.starter import base, vocabulary

# Latin, Cyrillic, Arabic, punctuation, Arabic presentation forms, CJK punctuation, ideographs, full width
RANGES = (
    (0x20, 0x17F),
    (0x400, 0x52F),
    (0x600, 0x6FF),
    (0x2010, 0x2044),
    (0xFB50, 0xFDFF),
    (0xFE70, 0xFEFF),
    (0x3000, 0x303F),
    (0x4E00, 0x9FFF),
    (0xFF00, 0xFFEF),
)
_AT_A_TIME = 20_000


def cells(path: Path, columns: int | None = None) -> Iterator[str]:
    """Yield the cells of a TSV file (gzipped or not), of the first `columns` columns or of all."""
    with path.open("rb") as raw, gzip.open(raw) if path.suffix == ".gz" else raw as file:
        for line in file:
            yield from line.decode().rstrip("\n").split("\t")[:columns]


def count(tokenizer: Tokenizer, texts: Iterable[str]) -> Counter[int]:
    """Return how often each id occurs in texts."""
    counts: Counter[int] = Counter()
    source = iter(texts)
    while batch := list(islice(source, _AT_A_TIME)):
        for encoding in tokenizer.encode_batch_fast(batch, add_special_tokens=False):
            counts.update(encoding.ids)
    return counts


def letters(words: vocabulary.Vocabulary) -> set[int]:
    """Return the ids of all single characters of our scripts."""
    return {
        number
        for number, piece in enumerate(words.pieces)
        if len(piece) == 1 and any(first <= ord(piece) <= last for first, last in RANGES)
    }


def choose(
    words: vocabulary.Vocabulary, corpus: Iterable[str], sure: Iterable[str], names: Iterable[str]
) -> set[int]:
    """Return the ids to keep; see the module for the rule."""
    tokenizer = vocabulary.tokenizer(words, range(len(words.pieces)))
    kept = vocabulary.essential(words) | letters(words)
    kept |= {number for number, times in count(tokenizer, corpus).items() if times >= 2}
    kept |= set(count(tokenizer, sure))
    kept |= set(count(tokenizer, (" " + name for name in names if name)))
    return vocabulary.close(kept, words)


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description="Choose the tokens that the starter keeps.")
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--sure", type=Path, nargs="*", default=[])
    parser.add_argument("--names", type=Path, nargs="*", default=[])
    parser.add_argument("-o", "--output", type=Path, required=True)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        whole = base.assemble(base.part_paths(), Path(folder))
        words = vocabulary.read_vocabulary(base.read(whole))
    kept = choose(
        words,
        (cell for path in sorted(options.corpus.glob("*.tsv.gz")) for cell in cells(path, 2)),
        (cell for path in options.sure for cell in cells(path)),
        (cell for path in options.names for cell in cells(path)),
    )
    vocabulary.write_kept(kept, len(words.pieces), options.output)
    print(f"{len(kept)} of {len(words.pieces)} tokens kept")


if __name__ == "__main__":
    main()
