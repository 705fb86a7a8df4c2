"""What `score` and `compare` say of the texts they are given before they score them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import typer

from corpora.errors import UsageError


def warn_of_texts(texts: Mapping[str, Sequence[str]], lang: str, *, reference: str) -> None:
    """Warn, on stderr, of a text without words and of one that reads as another language.

    Args:
        texts: the lines of each file, by its name.
        lang: the language that all of them should be in.
        reference: name of the human translation.

    Raises:
        UsageError: the human translation has no words, so that nothing can be scored against it.
    """
    from pipeline.quality.language import prevailing

    for name, lines in texts.items():
        if not any(letter.isalnum() for line in lines for letter in line):
            if name == reference:
                raise UsageError("no line has a word: there is nothing to score against", place=name)
            typer.echo(f"warning: {name}: no line has a word", err=True)
            continue
        found = prevailing(lines)
        if found and found != lang:
            typer.echo(f"warning: {name}: most lines read as {found!r}, not as {lang!r}", err=True)
