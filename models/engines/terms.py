"""Which hints belong to which piece of a text."""

from __future__ import annotations

from collections.abc import Sequence


def terms_of(
    text: str, terms: Sequence[tuple[str, str]], texts: Sequence[str]
) -> tuple[tuple[str, str], ...]:
    """Return the hints that belong to a piece: its own, and those that belong to none.

    Args:
        text: the piece.
        terms: the hints of the whole text, (source words, target lemma).
        texts: all pieces.
    """
    if len(texts) == 1:
        return tuple(terms)
    folded = [piece.casefold() for piece in texts]
    return tuple(
        (source, target)
        for source, target in terms
        if source.casefold() in text.casefold() or not any(source.casefold() in piece for piece in folded)
    )
