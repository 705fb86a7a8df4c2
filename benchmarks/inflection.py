"""Kazakh and Uyghur inflection against human translations.

    TERJIMAN_EVAL=FOLDER python benchmarks/inflection.py [--names NAMES.tsv]

FOLDER holds `ntrex/term_occurrences.jsonl`, made from NTREX-128 (github.com/MicrosoftTranslator/NTREX,
CC BY-SA 4.0): one object a line with `lang`, `type`, `target` (the lemma) and `form` (what the human
translator wrote). With `--names` (columns en, aliases, type, kk, ug) and `domain/domain.{en,kk,ug}` in
FOLDER, every line of English that has a name is looked up in its translation too. Reported, per language:

- coverage: the human's form is in the paradigm we generate;
- production: `realise` writes the human's form, given its case;
- wrong forms accepted: the human's form with its suffix spoilt (other harmony, other class of consonants, the
  suffix of the sister language, a suffix twice) is in the paradigm; each is printed, for some are doublets;
- for Kazakh, qazaq-inflector 0.5.0 (MIT) on the same forms, where it is installed;
- time and size of a paradigm.
"""

from __future__ import annotations

import argparse
import csv
import importlib
import json
import os
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from glossary.inflection import Form, Lemma, paradigm, realise

Item = tuple[Lemma, str]
_KINDS = {"org": "organisation"}
_SWAPS = {
    "kk": (
        str.maketrans("аеыіғгқкоө", "еаіыгғкқөо"),
        str.maketrans("дтнғқгклмбп", "тднқғкгдбпм"),
    ),
    "ug": (
        str.maketrans("اەغگقكۇۈ", "ەاگغكقۈۇ"),
        str.maketrans("دتغقگك", "تدقغكگ"),
    ),
}
# Suffixes of sister languages: Uyghur, Kyrgyz and Uzbek ones for Kazakh, Kazakh ones for Uyghur.
_SISTER = {
    "kk": ("ниң", "нин", "нын", "дын", "дики", "даки", "дин", "тин", "гә", "кә", "нинг", "дә"),
    "ug": ("دىڭ", "تىڭ", "دى", "تى", "دان", "تان", "دەن", "نان", "داغى", "دەگى", "ندا", "نا"),
}


def occurrences(root: Path, lang: str) -> list[Item]:
    """Return lemma and form of every occurrence in the references."""
    lines = (root / "ntrex" / "term_occurrences.jsonl").read_text(encoding="utf-8").splitlines()
    found = [json.loads(line) for line in lines]
    return [
        (Lemma(item["target"], lang, _KINDS.get(item["type"], item["type"])), item["form"])
        for item in found
        if item["lang"] == lang
    ]


def forms_of(lemma: Lemma) -> dict[str, list[Form]]:
    """Return the paradigm by text."""
    by_text: dict[str, list[Form]] = {}
    for form in paradigm(lemma):
        by_text.setdefault(form.text, []).append(form)
    return by_text


def coverage(items: list[Item]) -> None:
    """Print how many of the humans' forms are in the paradigm, and those that are not."""
    missing = Counter((lemma.text, form) for lemma, form in items if form not in forms_of(lemma))
    found = len(items) - sum(missing.values())
    print(f"  coverage: {found} of {len(items)} forms in the paradigm ({found / len(items):.1%})")
    for (lemma_text, form), count in missing.most_common():
        print(f"    missing: {lemma_text} -> {form} ({count})")


def production(items: list[Item]) -> None:
    """Print how often the preferred form for the human's case is the human's form."""
    inflected = [(lemma, form) for lemma, form in items if form != lemma.text and form in forms_of(lemma)]
    other: Counter[str] = Counter()
    for lemma, form in inflected:
        written = {realised.text for f in forms_of(lemma)[form] if (realised := realise(lemma, f.features))}
        if form not in written:
            other[f"{form}, ours {', '.join(sorted(written))}"] += 1
    good = len(inflected) - sum(other.values())
    print(f"  production: {good} of {len(inflected)} inflected forms are the preferred ones")
    for text, count in other.most_common():
        print(f"    differs: {text} ({count})")


def spoilt(lemma: Lemma, form: str) -> Iterator[tuple[str, str]]:
    """Yield kinds of damage and the form so damaged."""
    length = next(
        (n for n, (a, b) in enumerate(zip(lemma.text, form, strict=False)) if a != b), len(lemma.text)
    )
    stem, suffix = form[:length], form[length:]
    harmony, consonant = _SWAPS[lemma.lang]
    yield "harmony", stem + suffix.translate(harmony)
    yield "consonant", stem + suffix[:1].translate(consonant) + suffix[1:]
    yield "doubled", form + suffix
    for sister in _SISTER[lemma.lang]:
        yield "sister", lemma.text + sister


def precision(items: list[Item]) -> None:
    """Print the share of spoilt forms that are accepted, and which."""
    made: Counter[str] = Counter()
    accepted: dict[str, Counter[str]] = {}
    for lemma, form in items:
        if form == lemma.text:
            continue
        for kind, text in spoilt(lemma, form):
            if text == form:
                continue
            made[kind] += 1
            if text in forms_of(lemma):
                accepted.setdefault(kind, Counter())[text] += 1
    wrong = sum(sum(texts.values()) for texts in accepted.values())
    print(f"  wrong forms accepted: {wrong} of {made.total()} ({wrong / made.total():.2%})")
    for kind, texts in accepted.items():
        print(f"    {kind}: {', '.join(f'{text} ({count})' for text, count in texts.most_common())}")


def beside(items: list[Item]) -> None:
    """Print how many inflected forms in a case qazaq-inflector 0.5.0 knows it gives too."""
    try:
        inflector = importlib.import_module("qazaq_inflector").QazaqNameInflector()
    except ModuleNotFoundError:
        print("  qazaq-inflector: not installed, not compared")
        return
    cases = {"gen": "genitive", "dat": "dative", "acc": "accusative", "loc": "locative", "abl": "ablative"}
    cases["ins"] = "instrumental"
    theirs = ours = total = 0
    for lemma, form in items:
        features = next((f.features for f in forms_of(lemma).get(form, ()) if f.features in cases), "")
        if not features:
            continue
        total += 1
        theirs += inflector.inflect(lemma.text, cases[features]) == form
        written = realise(lemma, features)
        ours += written is not None and written.text == form
    print(f"  the six cases alone: qazaq-inflector {theirs} of {total}, ours {ours} of {total}")


def domain(root: Path, names: Path, lang: str) -> None:
    """Print how many names in English lines have one of their forms in the translated line."""
    english = (root / "domain" / "domain.en").read_text(encoding="utf-8").splitlines()
    translated = (root / "domain" / f"domain.{lang}").read_text(encoding="utf-8").splitlines()
    total = found = 0
    with names.open(encoding="utf-8", newline="") as file:
        terms = [row for row in csv.DictReader(file, delimiter="\t") if row[lang]]
    for row in terms:
        known = [row["en"], *filter(None, row["aliases"].split("|"))]
        pattern = re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, known)) + r")(?!\w)")
        texts = forms_of(Lemma(row[lang], lang, row["type"]))
        for source, target in zip(english, translated, strict=True):
            if pattern.search(source):
                total += 1
                here = any(_stands(text, target) for text in texts)
                found += here
                if not here:
                    print(f"    not found: {row[lang]}: {target[:110]}")
    print(f"  names of the domain: {found} of {total} found in the translation")


def _stands(form: str, text: str) -> bool:
    first = form[0].upper() + form[1:]
    return any(re.search(rf"(?<!\w){re.escape(shape)}(?!\w)", text) for shape in (form, first))


def speed(items: list[Item]) -> None:
    """Print time and size of a paradigm computed afresh, the tables of endings at hand."""
    lemmas = sorted({lemma for lemma, _ in items}, key=lambda lemma: lemma.text)
    for lemma in lemmas:
        paradigm(lemma)
    paradigm.cache_clear()
    begin = time.perf_counter()
    sizes = [len(paradigm(lemma)) for lemma in lemmas]
    spent = (time.perf_counter() - begin) / len(lemmas)
    print(f"  a paradigm: {sum(sizes) / len(sizes):.0f} forms, {spent * 1000:.2f} ms")


def main() -> None:
    """Run all measures."""
    parser = argparse.ArgumentParser(description="Kazakh and Uyghur inflection against human translations.")
    parser.add_argument("--names", type=Path)
    options = parser.parse_args()
    folder = os.environ.get("TERJIMAN_EVAL")
    if not folder:
        sys.exit("Set TERJIMAN_EVAL to the folder of evaluation data. See the head of this file.")
    for lang in ("kk", "ug"):
        print(lang)
        items = occurrences(Path(folder), lang)
        coverage(items)
        production(items)
        precision(items)
        if lang == "kk":
            beside(items)
        if options.names:
            domain(Path(folder), options.names, lang)
        speed(items)


if __name__ == "__main__":
    main()
