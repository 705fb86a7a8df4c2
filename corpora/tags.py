"""Inline tags: what holds for them in every text."""

from __future__ import annotations

from collections.abc import Iterable

from corpora.records import Tag


def is_object(tag: Tag) -> bool:
    """Say whether the tag stands in the text (an image, inline code) instead of around some of it."""
    return tag.span[0] == tag.span[1]


def ordered(tags: Iterable[Tag]) -> tuple[Tag, ...]:
    """Return the tags in the one order that records hold them.

    By start; at the same start objects first, then the outer before the inner. The sort is stable.
    """
    return tuple(sorted(tags, key=lambda tag: (tag.span[0], not is_object(tag), -tag.span[1])))


def shifted(tag: Tag, by: int) -> Tag:
    """Return the tag moved by a number of characters."""
    return Tag((tag.span[0] + by, tag.span[1] + by), tag.kind, tag.open, tag.close)
