"""The texts that `benchmarks/checks.py` reads from the folder named by TERJIMAN_EVAL."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from glossary.chinese_script import SIMPLIFIED, converted

LANGS = ("kk", "ug", "ru", "zh")
SYSTEMS = ("CurTermNLLB", "tower", "TranssionMT", "laniqo")
_UDHR = {"en": "eng", "kk": "kaz", "ug": "uig_arab", "ru": "rus", "zh": "cmn_hans"}
Lines = dict[str, list[str]]


def parallel(root: Path, name: str) -> Lines:
    """Return the parallel lines of NTREX-128 or the domain set, by language."""
    files = {lang: root / name / f"{name}.{lang}" for lang in ("en", *LANGS)}
    return {lang: path.read_text(encoding="utf-8").splitlines() for lang, path in files.items()}


def declaration(root: Path) -> Lines:
    """Return the paragraphs of the Universal Declaration, of the articles that are cut alike everywhere."""
    texts = {lang: _articles(root / "udhr" / f"udhr_{code}.xml") for lang, code in _UDHR.items()}
    lines: Lines = {lang: [] for lang in texts}
    for article in texts["en"]:
        parts = {lang: text.get(article, []) for lang, text in texts.items()}
        if len({len(part) for part in parts.values()}) == 1:
            for lang, part in parts.items():
                lines[lang] += part
    return lines


def _articles(path: Path) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for part in ET.parse(path).getroot():
        name = part.tag.rsplit("}")[-1] + part.get("number", "")
        paragraphs = [" ".join(one.itertext()).split() for one in part.iter() if one.tag.endswith("}para")]
        found[name] = [" ".join(words) for words in paragraphs if words]
    return found


def russian(root: Path) -> Lines:
    """Return the sentences of the WMT25 terminology task with their human translations."""
    records = _records(root / "wmt25-terminology" / "en-ru.jsonl")
    return {"en": [one["en"] for one in records], "ru": [one["ru"] for one in records]}


def chinese(root: Path) -> Lines:
    """Return the paragraphs of the WMT25 documents of which both sides have as many.

    The human translations are from Hong Kong; they are put into simplified characters.
    """
    lines: Lines = {"en": [], "zh": []}
    for _, document in _documents(root, ""):
        sides = {lang: [one for one in document[lang].split("\n") if one.strip()] for lang in lines}
        if len(sides["en"]) == len(sides["zh"]):
            lines["en"] += sides["en"]
            lines["zh"] += [converted(one, SIMPLIFIED) for one in sides["zh"]]
    return lines


def outputs(root: Path) -> Iterator[tuple[str, str, str, str]]:
    """Yield (system, source, translation, language) of what real systems wrote in the WMT25 task."""
    sources = russian(root)["en"]
    for system in SYSTEMS:
        path = root / "wmt25-terminology" / f"en-ru.noterm.{system}.txt"
        for source, target in zip(sources, path.read_text(encoding="utf-8").split("\n"), strict=False):
            yield system, source, target, "ru"
    for system in ("MADLAD", "NLLB"):
        for source, document in _documents(root, f".noterm.organizers_{system}"):
            yield f"{system} documents", source, document["zh"], "zh"


def names_lost(root: Path, lang: str) -> Iterator[tuple[int, list[str]]]:
    """Yield (line of NTREX-128, forms of one name that stand in its human translation)."""
    forms: dict[tuple[int, str], list[str]] = {}
    for one in _records(root / "ntrex" / "term_occurrences.jsonl"):
        if one["lang"] == lang:
            forms.setdefault((int(one["line"]), str(one["term"])), []).append(str(one["form"]))
    for (line, _), found in forms.items():
        yield line, found


def _documents(root: Path, kind: str) -> Iterator[tuple[str, dict[str, Any]]]:
    folder = root / "wmt25-terminology" / "en-zh-documents"
    for year in ("2015", "2017"):
        sources = _records(folder / f"{year}.jsonl")
        for source, document in zip(sources, _records(folder / f"{year}{kind}.jsonl"), strict=True):
            yield source["en"], document


def _records(path: Path) -> list[dict[str, Any]]:
    # a text may hold other line separators, so lines are cut at newlines only
    lines = path.read_text(encoding="utf-8").split("\n")
    return [json.loads(line) for line in lines if line.strip()]
