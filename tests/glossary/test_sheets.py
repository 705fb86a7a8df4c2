"""Glossaries as editors' spreadsheet programs and the translation services write them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from corpora.errors import UsageErrorGroup
from glossary.formats import parse, render, sniff
from glossary.formats.table import read
from glossary.termbase import load
from glossary.terms import Target, Term

ROWS = (
    ("en", "aliases", "type", "kk", "ug", "ru", "zh", "note"),
    ("Ghulja", "Kulja|Yining", "Place", "Құлжа", "غۇلجا", "Кульджа", "伊宁", 'a "note",\r\non; two\tlines'),
    ("Altay", "", "place", "Алтай", "ئالتاي", "Алтай", "阿勒泰", ""),
)


def _table(separator: str, end: str) -> str:
    def cell(text: str) -> str:
        return f'"{text.replace(chr(34), chr(34) * 2)}"' if set(text) & set('",;\t\n') else text

    return end.join(separator.join(map(cell, row)) for row in ROWS) + end


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_every_way_to_save_a_table_is_read_alike(separator: str, end: str, encoding: str) -> None:
    terms, faults = read(_table(separator, end).encode(encoding), "g")
    assert faults == []
    assert [(term.en, term.type) for term in terms] == [("Ghulja", "place"), ("Altay", "place")]
    assert terms[0].aliases == ("Kulja", "Yining")
    assert [target.renderings for target in terms[0].targets] == [
        ("Құлжа",),
        ("غۇلجا",),
        ("Кульджа",),
        ("伊宁",),
    ]
    assert terms[0].note == 'a "note",\non; two\tlines'
    assert [term.place for term in terms] == ["g:2", "g:4"]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("sep=;\r\nen;kk\r\nIli;Іле\r\n", 3),
        ("\r\n;;;;\r\nen;kk\r\n;;;\r\nIli;Іле\r\n", 5),
        ("en;kk;note\nIli;Іле;a, b, c, d\n", 2),
        (" EN ;\u00a0KK\nIli ; Іле\u00a0\n", 2),
    ],
)
def test_rows_above_and_around_the_table_do_no_harm(text: str, line: int) -> None:
    (term,), faults = read(text.encode(), "g")
    assert faults == []
    assert (term.en, term.place) == ("Ili", f"g:{line}")
    assert term.targets == (Target("kk", ("Іле",)),)


def test_commas_in_a_quoted_header_do_not_choose_the_separator() -> None:
    _, faults = read('en;kk;"my note, long, too, and more"\nIli;Іле;x\n'.encode(), "g")
    assert [str(fault).partition(". ")[0] for fault in faults] == [
        "g:1: unknown column 'my note, long, too, and more'"
    ]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("Our names,,\nen,kk,ru\n", "g:1: the first row does not name the columns"),
        ("Ghulja,Құлжа\n", "g:1: the first row does not name the columns"),
        ("en,Kazakh\nIli,Іле\n", "g:1: unknown column 'kazakh'. Did you mean 'kk'?"),
        ("en,ru_RU\nIli,Или\n", "g:1: unknown column 'ru_ru'. Did you mean 'ru'?"),
        ("en,kk\nIli,Іле\n,Құлжа\n", "g:3: no English lemma. Fill in the column 'en'; a merged cell counts"),
        ("en,aliases,kk\nIli,,Іле\n,Ile,\n", "g:3: no English lemma"),
        ('en,kk\nIli,Іле\n"Kulja,Құлжа\n', "g:3: broken quoting: unexpected end of data"),
        ("en,kk,ru\nIli,Іле,—\n", "g:2: '—' in column 'ru' is no name. Leave the cell empty"),
        ("en,kk,ru\nIli,Іле,?\n", "g:2: '?' in column 'ru' is no name"),
        ("en,aliases,kk\nIli,-|Ile,Іле\n", "g:2: '-' in column 'aliases' is no name"),
        (
            'en,aliases,kk\nIli,"Ile\nIly",Іле\n',
            "g:2: a line break in column 'aliases'. Write it on one line",
        ),
        ("en,aliases,kk\nIli,Ile|=1+1,Іле\n", "g:2: the cell in column 'aliases' begins like a spreadsheet"),
        ("en,kk\nIli,\uff1dІле\n", "g:2: the cell in column 'kk' begins like a spreadsheet formula"),
    ],
)
def test_each_slip_is_one_clear_line(text: str, fault: str) -> None:
    _, faults = read(text.encode(), "g")
    assert len(faults) == 1
    assert str(faults[0]).startswith(fault)


def test_other_encodings_are_told_with_the_line() -> None:
    _, faults = read("en;ru\r\nIli;Или\r\n".encode("cp1251"), "g")
    assert [str(fault) for fault in faults] == ["g:2: not UTF-8. Save the file as CSV UTF-8"]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32"])
def test_wide_letters_that_do_not_say_so_are_told(encoding: str) -> None:
    terms, faults = read("en,ru\nGhulja,Кульджа\n".encode(encoding), "g.csv")
    assert terms == []
    assert [str(fault).partition(",")[0] for fault in faults] == ["g.csv:1: not UTF-8"]


def test_keep_may_be_written_in_capitals() -> None:
    (term,), _ = read(b"en,kk\nBBC,(Keep)\n", "g")
    assert term.targets == (Target("kk", keep=True),)


def test_line_breaks_of_a_note_survive_tbx() -> None:
    term = Term("ili", "Ili", targets=(Target("kk", ("Іле",)),), note="one\ntwo")
    (again,), _ = parse(render([term], "tbx").data, "f", "tbx")
    assert again.note == term.note


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Ghulja,Кульджа,EN,RU\nHotan,Хотан,EN,RU\n", "deepl"),
        ("Ghulja\tКульджа\n", "deepl"),
        ("en,zh-CN,zh-TW,pos,description\nHotan,和田,和闐,noun,a city\n", "google"),
        ("en_US,ru_RU\nHotan,Хотан\n", "google"),
        ("en,ru,forbiden_ru\nHotan,Хотан,\n", "table"),
        ("en,ru,note\nHotan,Хотан,x\n", "table"),
        ("context,source,target\n", "weblate"),
    ],
)
def test_tables_of_the_services_are_told_apart(text: str, name: str) -> None:
    assert sniff(text.encode(), Path("g.csv")).name == name


@pytest.mark.parametrize(
    ("name", "text", "fault"),
    [
        ("google", "en,zh-CN,zh-TW\nHotan,和田,和闐\n", "f:1: two columns of one language: zh-CN, zh-TW"),
        ("deepl", "Hotan,Хотан,DE,RU\n", "f:1: a row that translates from 'de'"),
        ("deepl", "Hotan,Hotan,EN,FR\n", "f:1: no target language 'fr'. Delete the row"),
        ("weblate", "context,source,target\nx\n", "f:2: no English lemma"),
        (
            "tmx",
            "<tmx><body><tu><tuv lang='en'><seg>Hotan</seg></tuv><tuv lang='zh-CN'><seg>和田</seg></tuv>"
            "<tuv lang='zh-TW'><seg>和闐</seg></tuv></tu></body></tmx>",
            "f, unit 1: two texts in 'zh': 和田, 和闐",
        ),
    ],
)
def test_what_a_glossary_of_a_service_cannot_mean_is_told(name: str, text: str, fault: str) -> None:
    terms, faults = parse(text.encode(), "f", name, "ru")
    assert terms == []
    assert len(faults) == 1
    assert str(faults[0]).startswith(fault)


def test_descriptions_and_several_english_texts_are_kept() -> None:
    (city,), _ = parse("en,ru,description\nHotan,Хотан,a city\n".encode(), "f", "google")
    assert city.note == "a city"
    text = (
        "<tmx><body><tu><tuv lang='en-US'><seg>Center</seg></tuv><tuv lang='en-GB'><seg>Centre</seg></tuv>"
        "<tuv lang='ru-RU'><seg>Центр</seg></tuv></tu></body></tmx>"
    )
    (term,), _ = parse(text.encode(), "f", "tmx")
    assert (term.en, term.aliases) == ("Center", ("Centre",))


@pytest.mark.parametrize("name", ["deepl", "google", "amazon"])
def test_a_spelling_of_two_terms_is_written_once_and_told(name: str) -> None:
    terms = [
        Term("country", "Georgia", context=("Tbilisi",), targets=(Target("ru", ("Грузия",)),)),
        Term("state", "Georgia", context=("Atlanta",), targets=(Target("ru", ("Джорджия",)),)),
    ]
    written = render(terms, name, "ru")
    assert written.data.decode().count("Georgia") == 1
    assert "“Georgia” of “state”, which “country” has too" in written.losses


def _convert(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from pipeline.cli import main; main()", "glossary", "convert"]
    return subprocess.run([*command, *arguments], capture_output=True, text=True, check=False)


def test_a_glossary_is_not_overwritten_by_its_own_conversion(tmp_path: Path) -> None:
    path = tmp_path / "g.csv"
    path.write_text("en,aliases,ru\nIli,Ile,Или\n", encoding="utf-8")
    done = _convert(str(path), str(path), "--as", "deepl", "--lang", "ru")
    assert done.returncode == 2
    assert done.stderr == f"terjiman: {path}: IN and OUT are the same file. Choose another name for OUT\n"
    assert path.read_text(encoding="utf-8").startswith("en,")
    book = _convert(str(tmp_path / "g.xlsx"), str(tmp_path / "o.csv"))
    assert book.returncode == 3


def test_a_spreadsheet_file_is_told_how_to_be_saved(tmp_path: Path) -> None:
    path = tmp_path / "names.xlsx"
    path.write_bytes(b"PK\x03\x04")
    with pytest.raises(UsageErrorGroup, match=r"a spreadsheet file\. Save the table as CSV UTF-8"):
        load([path])
