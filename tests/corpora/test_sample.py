"""The sample job: complete, parallel, and true to its own glossary."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache
from pathlib import Path

import pytest

import corpora
from corpora.documents import read
from corpora.languages import TARGETS
from corpora.segments import split
from glossary.matching import Matcher
from glossary.termbase import Glossary, load
from glossary.verification import verify

SAMPLE = Path(corpora.__file__).parent / "sample"
DOCUMENTS = ("news/report.md", "testimony/testimony.txt", "interview/interview.html")
PAIRS = [(document, lang) for document in DOCUMENTS for lang in TARGETS]


@cache
def blocks(document: str) -> tuple[str, ...]:
    path = SAMPLE / "sources" / document
    return tuple(block.text for block in read(path.read_bytes(), str(path)))


@cache
def reference(document: str, lang: str) -> tuple[str, ...]:
    path = reference_path(document, lang)
    return tuple(block.text for block in read(path.read_bytes(), str(path)))


def reference_path(document: str, lang: str) -> Path:
    return SAMPLE / "references" / Path(document).with_suffix(f".{lang}.txt")


@cache
def terms() -> Glossary:
    return load([SAMPLE / "glossary.csv"])


@cache
def matcher() -> Matcher:
    return Matcher(terms())


def digits(text: str) -> list[str]:
    return re.findall(r"\d+", re.sub(r"(?<=\d),(?=\d{3})", "", text))


def test_the_job_file_names_everything_that_is_there() -> None:
    job = tomllib.loads((SAMPLE / "job.toml").read_text(encoding="utf-8"))
    assert job["source_language"] == "en"
    assert job["targets"] == list(TARGETS)
    found = {path.relative_to(SAMPLE / "sources").as_posix() for path in (SAMPLE / "sources").rglob("*.*")}
    assert found == set(DOCUMENTS)
    for name in job["glossary"]["files"]:
        assert (SAMPLE / name).is_file()
    for document, lang in PAIRS:
        path = Path(document).with_suffix("").as_posix()
        assert (SAMPLE / job["align"]["references"].format(path=path, lang=lang)).is_file()


@pytest.mark.parametrize(("document", "lang"), PAIRS)
def test_reference_has_one_line_per_block(document: str, lang: str) -> None:
    lines = reference_path(document, lang).read_text(encoding="utf-8").splitlines()
    assert len(lines) == len(blocks(document))
    assert reference(document, lang) == tuple(lines)


def test_there_are_enough_sentences() -> None:
    counts = {document: sum(len(split(text, "en")) for text in blocks(document)) for document in DOCUMENTS}
    assert sum(counts.values()) >= 60
    assert min(counts.values()) >= 25


@pytest.mark.parametrize(("document", "lang"), PAIRS)
def test_translators_joined_and_split_sentences(document: str, lang: str) -> None:
    pairs = zip(blocks(document), reference(document, lang), strict=True)
    changed = [source for source, target in pairs if len(split(source, "en")) != len(split(target, lang))]
    assert len(changed) >= 2


@pytest.mark.parametrize(("document", "lang"), PAIRS)
def test_no_number_of_the_source_is_lost(document: str, lang: str) -> None:
    lost = []
    for source, target in zip(blocks(document), reference(document, lang), strict=True):
        left = digits(target)
        for number in digits(source):
            if number in left:
                left.remove(number)
            else:
                lost.append((number, target))
    assert lost == []


@pytest.mark.parametrize(("document", "lang"), PAIRS)
def test_reference_obeys_the_glossary(document: str, lang: str) -> None:
    faults = [
        (flag.check, flag.message, target)
        for source, target in zip(blocks(document), reference(document, lang), strict=True)
        for flag in verify(source, target, lang, terms(), matcher()).flags
        if flag.severity == "error"
    ]
    assert faults == []


def test_every_term_of_the_glossary_occurs() -> None:
    found = {
        match.term.en for document in DOCUMENTS for text in blocks(document) for match in matcher().find(text)
    }
    assert {term.en for term in terms().terms} - found == set()
    assert len(found) >= 30


@pytest.mark.parametrize(("document", "lang"), PAIRS)
def test_reference_is_in_nfc_and_in_its_script(document: str, lang: str) -> None:
    text = reference_path(document, lang).read_text(encoding="utf-8")
    assert text == unicodedata.normalize("NFC", text)
    script = {"kk": "CYRILLIC", "ru": "CYRILLIC", "ug": "ARABIC", "zh": "CJK"}[lang]
    words = text.replace("Human Rights Watch", "")
    strange = {c for c in words if c.isalpha() and not unicodedata.name(c).startswith(script)}
    assert strange == set()


@pytest.mark.parametrize("document", DOCUMENTS)
@pytest.mark.parametrize(("lang", "wrong"), [("ug", "?,;"), ("zh", "?,;!.")])
def test_punctuation_is_that_of_the_language(document: str, lang: str, wrong: str) -> None:
    text = "\n".join(reference(document, lang))
    assert [mark for mark in wrong if mark in text] == []


@pytest.mark.parametrize("lang", TARGETS)
def test_every_quotation_mark_is_closed(lang: str) -> None:
    opening, closing = "«»" if lang != "zh" else "“”"
    for document in DOCUMENTS:
        for line in reference(document, lang):
            assert line.count(opening) == line.count(closing), line


def test_readme_says_that_nobody_has_reviewed_it() -> None:
    assert "No native speaker has reviewed them" in (SAMPLE / "README.md").read_text(encoding="utf-8")
