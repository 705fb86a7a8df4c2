"""Which characters are of traditional Chinese."""

from __future__ import annotations

from functools import lru_cache

_IN_BOTH = frozenset("瞭喆堃昇")  # right in simplified text too: 瞭望, and names


@lru_cache(maxsize=1 << 14)
def is_traditional(letter: str) -> bool:
    """Tell a character of traditional Chinese: among the frequent ones of Big5, and not in GB 2312 at all.

    GB 2312 (1980) holds simplified characters only; level 1 of Big5 (1984) holds the 5,401 frequent
    traditional ones.
    """
    if letter < "\u4e00" or letter > "\u9fff" or letter in _IN_BOTH:
        return False
    return not _encoded(letter, "gb2312") and b"" < _encoded(letter, "big5") < b"\xc6\xa1"


def _encoded(letter: str, charset: str) -> bytes:
    """Return the letter in a character set, nothing where it is not in it."""
    return letter.encode(charset, "ignore")
