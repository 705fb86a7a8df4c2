"""Glossary formats: round trips, what is lost and said to be, files of other programs, hostile files."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from xml.etree.ElementTree import fromstring

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glossary.formats import FORMATS, format_of, parse, render, sniff
from glossary.terms import Target, Term

FULL = (
    Term(
        "gul",
        "Ghulja",
        aliases=("Kulja", "Yining"),
        type="place",
        targets=(
            Target("kk", ("Құлжа", "Гулжа"), forbidden=("Инин",), head=0, irregular=(("dat", "Құлжаға"),)),
            Target("ug", ("غۇلجا",)),
            Target("ru", ("Кульджа",), forbidden=("Инин", "Гулджа")),
            Target("zh", ("伊宁",)),
        ),
        context=("city", "!river"),
        source="press & books",
        status="reviewed",
        note='A "quoted", <marked> note',
    ),
    Term("bilash", "Bilash", type="person", gender="m", targets=(Target("ru", ("Билаш",)),), invariable=True),
    Term("us", "United States", type="place", number="pl", targets=(Target("ru", ("Соединённые Штаты",)),)),
    Term("bbc", "BBC", aliases=("the Beeb",), targets=(Target("kk", keep=True), Target("ru", keep=True))),
)


def _again(terms: tuple[Term, ...], name: str, lang: str = "", suffix: str = "") -> list[Term]:
    written = render(list(terms), name, lang, suffix=suffix)
    made, faults = parse(written.data, "f", name, lang)
    assert faults == []
    return [replace(term, place="") for term in made]


@pytest.mark.parametrize(("name", "suffix"), [("table", ".csv"), ("table", ".tsv"), ("tbx", ".tbx")])
def test_the_full_formats_lose_nothing(name: str, suffix: str) -> None:
    assert render(list(FULL), name).losses == ()
    assert _again(FULL, name, suffix=suffix) == list(FULL)


@pytest.mark.parametrize("name", ["deepl", "google", "amazon", "weblate", "po", "tmx"])
@pytest.mark.parametrize("lang", ["kk", "ru"])
def test_the_services_keep_names_and_renderings_and_say_what_they_lose(name: str, lang: str) -> None:
    lost = " ".join(render(list(FULL), name, lang).losses)
    for field in ("gender", "status", "context", "type", "head", "irregular"):
        assert field in lost
    made = {term.en: term for term in _again(FULL, name, lang)}
    assert made["Ghulja"].aliases == ("Kulja", "Yining")
    found, wanted = made["Ghulja"].target(lang), FULL[0].target(lang)
    assert found is not None
    assert wanted is not None
    assert found.renderings[0] == wanted.renderings[0]
    assert made["BBC"].target(lang) == Target(lang, keep=True)
    if name in ("weblate", "po"):
        assert found.forbidden == wanted.forbidden
        assert found.renderings == wanted.renderings
        assert made["Ghulja"].id == "gul"
    else:
        assert "forbidden" in lost


def test_a_second_round_trip_changes_nothing() -> None:
    for name in FORMATS:
        once = render(list(FULL), name, "ru").data
        terms, faults = parse(once, "f", name, "ru")
        assert faults == []
        assert render(terms, name, "ru").data == once, name


def test_tbx_is_well_formed_and_names_its_dialect() -> None:
    root = fromstring(render(list(FULL), "tbx").data)
    assert root.tag == "{urn:iso:std:iso:30042:ed-2}tbx"
    assert (root.get("type"), root.get("style")) == ("TBX-Basic", "dca")
    assert len(root.findall(".//{*}conceptEntry")) == len(FULL)


OLD_TBX = """<?xml version="1.0"?><!DOCTYPE martif SYSTEM "TBXBasiccoreStructV02.dtd">
<martif type="TBX-Basic" xml:lang="en"><text><body>
<termEntry id="1"><descrip type="subjectField">politics</descrip>
<langSet xml:lang="en"><ntig><termGrp><term>Hotan</term></termGrp></ntig></langSet>
<langSet xml:lang="ru-RU"><tig><term>Хотан</term></tig><tig><term>Хэтянь</term>
<termNote type="administrativeStatus">deprecatedTerm-admn-sts</termNote></tig></langSet>
<langSet xml:lang="fr"><tig><term>Hotan</term></tig></langSet></termEntry></body></text></martif>"""
DCT = """<tbx type="TBX-Basic" style="dct" xml:lang="en" xmlns="urn:iso:std:iso:30042:ed-2"
xmlns:min="http://www.tbxinfo.net/ns/min" xmlns:basic="http://www.tbxinfo.net/ns/basic"><text><body>
<conceptEntry id="c1"><min:subjectField>person</min:subjectField>
<langSec xml:lang="en"><termSec><term>Bilash</term>
<basic:grammaticalGender>masculine</basic:grammaticalGender></termSec></langSec>
<langSec xml:lang="kk"><termSec><term>Білаш</term>
<min:administrativeStatus>preferredTerm-admn-sts</min:administrativeStatus></termSec></langSec>
</conceptEntry></body></text></tbx>"""


def test_tbx_of_other_programs_is_read() -> None:
    ((old,), no_faults) = parse(OLD_TBX.encode(), "f", "tbx")
    assert no_faults == []
    assert (old.en, old.note) == ("Hotan", "subject: politics")
    assert old.targets == (Target("ru", ("Хотан",), forbidden=("Хэтянь",)),)
    ((new,), _) = parse(DCT.encode(), "f", "tbx")
    assert (new.en, new.type, new.gender, new.lemmas("kk")[0].text) == ("Bilash", "person", "m", "Білаш")


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("deepl", "Hotan,Хотан\nKhotan,Хотан\n", [("Hotan", ("Khotan",), "Хотан")]),
        ("deepl", "Hotan\tХотан\ten\tru\n", [("Hotan", (), "Хотан")]),
        ("google", "en,ru,fr\nHotan,Хотан,Hotan\n", [("Hotan", (), "Хотан")]),
        ("amazon", "en,ru\nHotan,Хотан\nIli,Или\n", [("Hotan", (), "Хотан"), ("Ili", (), "Или")]),
        ("weblate", "source,target,context\nHotan,Хотан,\n", [("Hotan", (), "Хотан")]),
        (
            "po",
            'msgid ""\nmsgstr "Language: ru\\n"\n\nmsgid "Ho"\n"tan"\nmsgstr "Хотан"\n',
            [("Hotan", (), "Хотан")],
        ),
    ],
)
def test_files_of_the_services_are_read(
    name: str, text: str, expected: list[tuple[str, tuple[str, ...], str]]
) -> None:
    terms, faults = parse(text.encode(), "f", name, "ru")
    assert faults == []
    assert [(term.en, term.aliases, term.lemmas("ru")[0].text) for term in terms] == expected


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("en,kk\na,б\n", "table"),
        ("source,target\na,b\n", "weblate"),
        ("Hotan,Хотан\n", "deepl"),
        ("en,fr,kk\n", "google"),
    ],
)
def test_a_table_is_told_by_its_first_row(text: str, name: str) -> None:
    assert sniff(text.encode(), Path("g.csv")).name == name


BOMB = '<!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><tbx>&b;</tbx>'


@pytest.mark.parametrize("name", ["tbx", "tmx"])
@pytest.mark.parametrize(
    "text", [BOMB, "<tbx>", "", "<x/>", '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>']
)
def test_hostile_and_broken_xml_is_told(name: str, text: str) -> None:
    terms, faults = parse(text.encode(), "f", name)
    assert terms == []
    assert faults
    assert "root:" not in str(faults[0])


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(sorted(FORMATS)), st.binary(max_size=120))
def test_any_bytes_give_terms_or_faults(name: str, data: bytes) -> None:
    terms, faults = parse(data, "f", name, "kk")
    assert all(isinstance(term, Term) for term in terms)
    assert all(str(fault).startswith("f") for fault in faults)


names = st.text(st.sampled_from("abcXYZ 'é-.,\"<&"), min_size=1, max_size=12).map(
    lambda text: " ".join(text.split())
)
texts = st.text(st.sampled_from('абвҚңіү «»-,"&<'), min_size=1, max_size=12).map(
    lambda text: " ".join(text.split())
)
sound = st.tuples(names, texts).filter(
    lambda pair: all(part[:1] != "-" and any(map(str.isalpha, part)) for part in pair)
)


@settings(max_examples=60, deadline=None)
@given(st.lists(sound, min_size=1, max_size=4, unique_by=lambda pair: pair[0]))
def test_any_sound_term_survives_the_full_formats(pairs: list[tuple[str, str]]) -> None:
    terms = tuple(
        Term(f"t{index}", english, targets=(Target("kk", (text,)),))
        for index, (english, text) in enumerate(pairs)
    )
    for name in ("table", "tbx"):
        assert _again(terms, name) == list(terms)


def test_the_command_converts_and_says_what_is_lost(tmp_path: Path) -> None:
    source, out, back = tmp_path / "g.csv", tmp_path / "g.tbx", tmp_path / "back.csv"
    source.write_bytes(render(list(FULL), "table").data)
    command = [sys.executable, "-c", "from pipeline.cli import main; main()", "glossary", "convert"]
    subprocess.run([*command, str(source), str(out)], check=True, capture_output=True)
    subprocess.run([*command, str(out), str(back)], check=True, capture_output=True)
    assert back.read_bytes() == source.read_bytes()
    done = subprocess.run(
        [*command, str(source), str(tmp_path / "d.csv"), "--as", "deepl", "--lang", "ru"],
        check=True,
        capture_output=True,
        text=True,
    )
    assert "not held by this format: forbidden renderings of 1 term" in done.stderr
    assert (tmp_path / "d.csv").read_text().startswith("Ghulja,Кульджа\nKulja,Кульджа\n")
    failed = subprocess.run(
        [*command, str(source), str(tmp_path / "d.csv"), "--as", "deepl"], capture_output=True
    )
    assert failed.returncode == 2


TMX = """<tmx version="1.4"><header/><body>
<tu><tuv xml:lang="en"><seg>Hotan</seg></tuv><tuv xml:lang="ru"><seg>Хотан</seg></tuv>
<tuv xml:lang="de"><seg>Chotan</seg></tuv></tu>
<tu><tuv xml:lang="en"><seg>Ili</seg></tuv><tuv xml:lang="fr"><seg>Ili</seg></tuv></tu></body></tmx>"""
FOREIGN_TBX = """<martif><text><body>
<termEntry><descrip type="definition">a town</descrip>
<langSet xml:lang="en"><tig><term>Hotan</term><termNote type="partOfSpeech">noun</termNote></tig></langSet>
<langSet xml:lang="ru"><tig><term>Хотан</term></tig></langSet>
<langSet xml:lang="de"><tig><term>Chotan</term></tig></langSet></termEntry>
<termEntry><langSet xml:lang="en"><tig><term>Ili</term></tig></langSet>
<langSet xml:lang="fr"><tig><term>Ili</term></tig></langSet></termEntry></body></text></martif>"""


@pytest.mark.parametrize(
    ("name", "text", "also"),
    [
        ("g.tmx", TMX, []),
        ("g.tbx", FOREIGN_TBX, ["definition of 1 entry", "partOfSpeech of 1 entry"]),
        ("g.csv", "en,ru,de,fr\nHotan,Хотан,Chotan,\nIli,,,Ili\n", []),
    ],
)
def test_what_is_not_taken_from_a_file_is_told(tmp_path: Path, name: str, text: str, also: list[str]) -> None:
    source, out = tmp_path / name, tmp_path / "out.csv"
    source.write_text(text, encoding="utf-8")
    command = [sys.executable, "-c", "from pipeline.cli import main; main()", "glossary", "convert"]
    done = subprocess.run([*command, str(source), str(out)], check=True, capture_output=True, text=True)
    told = [line for line in done.stderr.splitlines() if line.startswith("not taken from ")]
    expected = ["texts in de, fr", "1 entry has no text in kk, ug, ru, zh", *also]
    assert told == [f"not taken from {source}: {what}" for what in expected]
    assert out.read_text(encoding="utf-8").splitlines()[1:] == ["hotan,Hotan,,Хотан"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("tmx", TMX.replace('"ru"', '"it"')),
        ("tbx", FOREIGN_TBX.replace('"ru"', '"it"')),
        ("google", "en,de,ru\nHotan,Chotan,\n"),
    ],
)
def test_a_file_with_no_language_of_ours_is_a_fault(name: str, text: str) -> None:
    terms, faults = parse(text.encode(), "f", name)
    assert (terms, [str(fault) for fault in faults]) == (
        [],
        ["f: no term has a text in kk, ug, ru, zh. Is this the right file?"],
    )


def test_a_po_file_of_another_language_than_asked_for_is_refused() -> None:
    text = 'msgid ""\nmsgstr "Language: kk_KZ\\n"\n\nmsgid "Hotan"\nmsgstr "Хотан"\n'
    terms, faults = parse(text.encode(), "f", "po", "ru")
    assert terms == []
    assert "a file in 'kk', not in 'ru'" in str(faults[0])
    assert parse(text.encode(), "f", "po")[0][0].translated("kk")
    assert parse(text.replace("kk_KZ", "kaz").encode(), "f", "po", "kk")[0][0].translated("kk")


def test_suffixes_choose_formats() -> None:
    assert [format_of(Path(f"a{suffix}")).name for suffix in (".csv", ".TBX", ".po", ".tmx")] == [
        "table",
        "tbx",
        "po",
        "tmx",
    ]
