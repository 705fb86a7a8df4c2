"""Cut a text that is too long for a model into pieces, at the best boundaries there are; nothing is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import regex

# best first: sentence end, semicolon or colon, dash, comma, a conjunction, any white space
_BOUNDARIES = tuple(
    regex.compile(pattern)
    for pattern in (
        r"(?<=[.!?…。！？؟]['\"”’»)\]]*)\s+|(?<=[。！？])",
        r"(?<=[;:；：؛])\s+|(?<=[；：])",
        r"\s+(?=[–—-]\s)|(?<=—)(?=\p{L})",
        r"(?<=[,，、،])\s+|(?<=[，、])",
        r"\s+(?=(?:and|or|but|because|which|who|that|when|while|where|if|although|after|before)\b)",
        r"\s+",
    )
)


def split_long(text: str, count: Callable[[str], int], limit: int) -> list[str]:
    """Return pieces of a text, each of at most `limit` tokens as `count` counts them.

    A text within the limit is returned whole. Joined together, the pieces hold every character of the text
    but the white space at the cuts. A run without any boundary is cut between characters.
    """
    if count(text) <= limit:
        return [text]
    for boundary in _BOUNDARIES:
        cuts = [(text[: cut.start()], text[cut.end() :]) for cut in boundary.finditer(text)]
        cuts = [(left, right) for left, right in cuts if left.strip() and right.strip()]
        if cuts:
            left, right = min(cuts, key=lambda pair: max(len(pair[0]), len(pair[1])))
            return split_long(left, count, limit) + split_long(right, count, limit)
    return list(_grown(regex.findall(r"\X", text), count, limit))


def _grown(characters: list[str], count: Callable[[str], int], limit: int) -> Iterator[str]:
    """Cut a run without boundaries between user-perceived characters."""
    if len(characters) == 1 or count("".join(characters)) <= limit:
        yield "".join(characters)
        return
    middle = len(characters) // 2
    yield from _grown(characters[:middle], count, limit)
    yield from _grown(characters[middle:], count, limit)
