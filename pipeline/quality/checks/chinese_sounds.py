"""How the characters sound that Chinese spells foreign names with.

A table in `words.toml`, made by hand, of the characters of the usual transcription tables (Xinhua, Names of
the World's Peoples) and of frequent surnames, in the phonetic spelling of `glossary.sounds`. Good enough to
see that 特朗普 stands for Trump; a name that Chinese reads otherwise is not heard.
"""

from __future__ import annotations

import re
from functools import lru_cache

from glossary.sounds import closeness
from pipeline.quality.checks.wordlists import chinese_sounds

_PAIR = re.compile(r"([a-zJCX]+) ([\u4e00-\u9fff]+)")
_MARKS = "·・•-"
_RUN_MOST = 14


@lru_cache(maxsize=1)
def _readings() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for sound, characters in _PAIR.findall(chinese_sounds()):
        for character in characters:
            found[character] = (*found.get(character, ()), sound)
    return found


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
    readings = _readings()
    runs: list[tuple[str, ...]] = []
    run: list[str] = []
    for character in text:
        if character in readings:
            run.append(readings[character][0])
        elif character not in _MARKS:
            runs.append(tuple(run))
            run = []
    runs.append(tuple(run))
    return [one for one in runs if len(one) >= 2]


@lru_cache(maxsize=1 << 15)
def _joined(sounds: tuple[str, ...]) -> str:
    spelt = "".join(sounds)
    return "".join(letter for index, letter in enumerate(spelt) if not index or letter != spelt[index - 1])
