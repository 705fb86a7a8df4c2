"""Russian and Chinese inflection against human translations.

    TERJIMAN_EVAL=FOLDER python benchmarks/inflection_ru.py

FOLDER holds `ntrex/term_occurrences.jsonl` (one object a line: `lang`, `type`, `target` lemma, `form` as the
human translator wrote it; made from NTREX-128, github.com/MicrosoftTranslator/NTREX, CC BY-SA 4.0) and
`wmt25-terminology/en-ru.jsonl` (`ru` reference, `terms`: source term to target lemma; WMT25 Terminology
Shared Task, CC BY-NC 4.0). Reported: how often the human's form is in the paradigm we generate, what is
missing, which forms with another ending are in it too, and how often the reference of WMT25 contains a form
of the given lemma.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from glossary.inflection import Lemma, paradigm

_KINDS = {"org": "organisation"}
_MANGLES = ("ым", "ях", "ами", "ою", "ьё", "ей", "ов", "ого", "ому", "ые")


def _objects(path: Path) -> Iterator[dict[str, Any]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        yield json.loads(line)


def _texts(lemma: Lemma) -> set[str]:
    return {form.text for form in paradigm(lemma)}


def occurrences(root: Path) -> None:
    """Print, for Russian and Chinese, how many of the humans' forms are in the paradigm."""
    for lang in ("ru", "zh"):
        missing: Counter[tuple[str, str]] = Counter()
        total = 0
        for item in _objects(root / "ntrex" / "term_occurrences.jsonl"):
            if item["lang"] != lang:
                continue
            lemma = Lemma(item["target"], lang, _KINDS.get(item["type"], item["type"]))
            total += 1
            if item["form"] not in _texts(lemma):
                missing[item["target"], item["form"]] += 1
        found = total - sum(missing.values())
        print(f"{lang}: {found} of {total} forms in the paradigm ({found / total:.1%})")
        for (target, form), count in missing.most_common():
            print(f"    missing: {target} -> {form} ({count})")


def mangled(root: Path) -> None:
    """Print how many forms with a wrong ending a paradigm contains.

    A mangled form is the form in the reference with its last one or two letters replaced by each ending of
    a list of Russian endings. Some of these are right forms of another case (Россией), so the ones accepted
    are listed for a person to judge; gold non-forms, judged beforehand, are in
    `tests/glossary/gold/russian.tsv`.
    """
    accepted: Counter[str] = Counter()
    total = 0
    for item in _objects(root / "ntrex" / "term_occurrences.jsonl"):
        if item["lang"] != "ru":
            continue
        texts = _texts(Lemma(item["target"], "ru", _KINDS.get(item["type"], item["type"])))
        for cut in (1, 2):
            for ending in _MANGLES:
                form = item["form"][:-cut] + ending
                if form == item["form"]:
                    continue
                total += 1
                if form in texts:
                    accepted[form] += 1
    print(f"ru: {sum(accepted.values())} of {total} forms with another ending are forms of the paradigm")
    for form, count in accepted.most_common(20):
        print(f"    {form} ({count})")


def terminology(root: Path) -> None:
    """Print how often the WMT25 reference contains a form of the term the task gives."""
    total, missing = 0, []
    for item in _objects(root / "wmt25-terminology" / "en-ru.jsonl"):
        for target in item["terms"].values():
            total += 1
            forms = {text.lower() for text in _texts(Lemma(target, "ru"))}
            pattern = "|".join(map(re.escape, sorted(forms, key=len, reverse=True)))
            if not re.search(rf"(?<!\w)(?:{pattern})(?!\w)", item["ru"].lower()):
                missing.append((target, item["ru"][:90]))
    print(f"WMT25 en-ru: {total - len(missing)} of {total} references contain a form of the term")
    for target, reference in missing:
        print(f"    missing: {target} | {reference}")


def main() -> None:
    """Run all three on the folder of `TERJIMAN_EVAL` or the first argument."""
    root = Path(sys.argv[1] if len(sys.argv) > 1 else os.environ.get("TERJIMAN_EVAL", ""))
    if not (root / "ntrex").is_dir():
        sys.exit("give the evaluation folder as an argument or in TERJIMAN_EVAL; see the top of this file")
    occurrences(root)
    mangled(root)
    terminology(root)


if __name__ == "__main__":
    main()
