"""Whether a name is heard in a Chinese text, by the sounds of the characters that spell foreign names."""

from __future__ import annotations

from functools import lru_cache

from glossary.chinese_sounds import readings
from glossary.sounds import closeness

_MARKS = "·・•-"
_RUN_MOST = 14


def heard(name: str, text: str) -> float:
    """Return how much like a name the likeliest place of a text sounds, 0 to 1.

    The name is in the spelling of `glossary.sounds`. Places are runs of characters
    that have a sound in the table.
    """
    best = 0.0
    most = min(_RUN_MOST, len(name) + 1)
    for spelt in _runs(text):
        for start in range(len(spelt)):
            for end in range(start + 1, min(len(spelt), start + most) + 1):
                sound = _joined(spelt[start:end])
                if abs(len(sound) - len(name)) <= 1 + len(name) // 2:
                    best = max(best, closeness(name, sound))
    return best


def _runs(text: str) -> list[tuple[str, ...]]:
    """Return the runs of two or more sounding characters; of several sounds, a character has its first."""
    table = readings()
    runs: list[tuple[str, ...]] = []
    run: list[str] = []
    for character in text:
        if character in table:
            run.append(table[character][0])
        elif character not in _MARKS:
            runs.append(tuple(run))
            run = []
    runs.append(tuple(run))
    return [one for one in runs if len(one) >= 2]


@lru_cache(maxsize=1 << 15)
def _joined(sounds: tuple[str, ...]) -> str:
    spelt = "".join(sounds)
    return "".join(letter for index, letter in enumerate(spelt) if not index or letter != spelt[index - 1])
