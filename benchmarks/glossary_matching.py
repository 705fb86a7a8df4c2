"""How long the matcher takes: 100,000 invented aliases over 1,000,000 invented words.

    python -m benchmarks.glossary_matching

Must stay under 10 seconds and 1 GB, building included. Processor time is measured, so that other work on the
machine does not count.
"""

from __future__ import annotations

import random
import resource
import time

from glossary.matching import Matcher
from glossary.terms import Glossary, Term

ALIASES, WORDS, SEGMENT = 100_000, 1_000_000, 20


def main() -> None:
    """Build, match, and print time and memory."""
    rng = random.Random(1)
    letters = "abcdefghijklmnopqrstuvwxyz"
    words = ["".join(rng.choices(letters, k=rng.randint(3, 9))) for _ in range(50_000)]
    names: dict[str, None] = {}
    while len(names) < ALIASES:
        names[" ".join(word.capitalize() for word in rng.choices(words, k=rng.randint(1, 3)))] = None
    aliases = list(names)
    glossary = Glossary(tuple(Term(str(number), name, type="place") for number, name in enumerate(aliases)))
    segments = [
        " ".join(rng.choice(aliases) if rng.random() < 0.05 else rng.choice(words) for _ in range(SEGMENT))
        for _ in range(WORDS // SEGMENT)
    ]
    start = time.process_time()
    matcher = Matcher(glossary)
    built = time.process_time()
    found = sum(len(matcher.find(segment)) for segment in segments)
    taken = time.process_time()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{ALIASES} aliases, {WORDS} words: {found} matches")
    print(f"built in {built - start:.1f} s, matched in {taken - built:.1f} s, at most {memory:.0f} MB")


if __name__ == "__main__":
    main()
