"""Loading glossaries: every fault found at once, precedence, digests."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpora.errors import MissingError, UsageErrorGroup
from glossary.termbase import Glossary, adhoc, entries_digest, load
from glossary.terms import Target, Term

HEADER = (
    "id,en,aliases,type,gender,number,case,kk,ug,ru,zh,forbidden_ru,head_kk,irregular,context,status,note\n"
)


def _write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def _errors(*paths: Path) -> list[str]:
    with pytest.raises(UsageErrorGroup) as caught:
        load(paths)
    return [str(error) for error in caught.value.errors]


def test_all_columns_are_read(tmp_path: Path) -> None:
    path = _write(
        tmp_path / "g.csv",
        HEADER + 'gul,Ghulja,Kulja|Yining,place,,sg,inflect,Құлжа|Гулжа,غۇلجا,Кульджа,伊宁,"Инин|Инь-нин",0,'
        "ru:gen=Кульджи|kk:dat=Құлжаға,city|!river,reviewed,checked\n",
    )
    (term,) = load([path]).terms
    assert term.id == "gul"
    assert term.aliases == ("Kulja", "Yining")
    assert term.context == ("city", "!river")
    kazakh, russian = term.target("kk"), term.target("ru")
    assert kazakh is not None
    assert russian is not None
    assert kazakh.renderings == ("Құлжа", "Гулжа")
    assert kazakh.head == 0
    assert kazakh.irregular == (("dat", "Құлжаға"),)
    assert russian.forbidden == ("Инин", "Инь-нин")
    assert term.status == "reviewed"


@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_separators_and_byte_order_mark(tmp_path: Path, separator: str) -> None:
    text = "\ufeff" + separator.join(("en", "type", "kk")) + "\r\n" + separator.join(("Ili", "place", "Іле"))
    (term,) = load([_write(tmp_path / "g.csv", text)]).terms
    assert (term.id, term.en, term.lemmas("kk")[0].text) == ("ili", "Ili", "Іле")


def test_every_fault_is_told_with_file_and_line(tmp_path: Path) -> None:
    path = _write(
        tmp_path / "bad.csv",
        "en,type,gender,kk,ru,head_kk,irregular,status\n"
        "Ili,river,x,Іле,,,,\n"
        ",place,,Бір,,,,\n"
        "Kashgar,place,,,,,,\n"
        "Hotan,place,,=cmd(),,,,\n"
        "Altay,place,,Алтай\u202e,,,,\n"
        "Aksu,place,,Ақсу,,7,,\n"
        "Turpan,place,,Тұрпан,,,nonsense,\n"
        "Kulja,place,,Құлжа,,,,done\n",
    )
    errors = _errors(path)
    for line in range(2, 10):
        assert any(error.startswith(f"{path}:{line}: ") for error in errors), line
    assert any("U+202E" in error for error in errors)
    assert any("formula" in error for error in errors)
    assert sum(f"{path}:2: " in error for error in errors) == 2


def test_unknown_column_is_named_with_a_guess(tmp_path: Path) -> None:
    (error,) = _errors(_write(tmp_path / "g.csv", "en,kk,forbiden_kk\nIli,Іле,\n"))
    assert "'forbiden_kk'" in error
    assert "'forbidden_kk'" in error


def test_clashing_terms_are_told_with_both_lines(tmp_path: Path) -> None:
    path = _write(tmp_path / "g.csv", "en,aliases,kk\nGhulja,Kulja,Құлжа\nYining,Kulja,Инин\nGhulja,,Гулжа\n")
    errors = _errors(path)
    assert any(error.startswith(f"{path}:3: 'Kulja'") and f"{path}:2" in error for error in errors)
    assert any(error.startswith(f"{path}:4: the id 'ghulja'") for error in errors)


def test_spellings_that_the_matcher_cannot_tell_apart_clash(tmp_path: Path) -> None:
    path = _write(
        tmp_path / "g.csv", "id,en,kk\na,East Turkestan,Бір\nb,East-Turkestan,Екі\nc,Xi'an,Үш\nd,Xi’an,Төрт\n"
    )
    errors = _errors(path)
    assert [error.partition(" already")[0] for error in errors] == [
        f"{path}:3: 'East-Turkestan'",
        f"{path}:5: 'Xi’an'",
    ]


def test_an_irregular_form_of_no_known_features_is_told(tmp_path: Path) -> None:
    (error,) = _errors(_write(tmp_path / "g.csv", "en,ru,irregular\nIli,Или,ru:genitive=Или\n"))
    assert error.startswith(f"{tmp_path / 'g.csv'}:2: the irregular form 'ru:genitive=Или' names the unknown")


def test_a_shared_spelling_with_different_contexts_is_no_clash(tmp_path: Path) -> None:
    path = _write(
        tmp_path / "g.csv", "id,en,context,kk\na,Georgia,Tbilisi,Грузия\nb,Georgia,Atlanta,Джорджия\n"
    )
    assert len(load([path]).terms) == 2


def test_faults_of_all_files_come_together(tmp_path: Path) -> None:
    one = _write(tmp_path / "a.csv", "en,kk\n,x\n")
    two = _write(tmp_path / "b.csv", "en,kk\nIli,\n")
    assert len(_errors(one, two)) == 2


def test_earlier_files_take_precedence(tmp_path: Path) -> None:
    mine = _write(tmp_path / "mine.csv", "en,aliases,kk\nXinjiang,XUAR,Шыңжаң\n")
    base = _write(
        tmp_path / "base.csv",
        "en,aliases,kk,ru\nXinjiang,,Синьцзян,Синьцзян\nRegion,XUAR|SUAR,Аймақ,Регион\n",
    )
    glossary = load([mine, base])
    first, second = glossary.terms
    assert [lemma.text for lemma in first.lemmas("kk")] == ["Шыңжаң"]
    assert [lemma.text for lemma in first.lemmas("ru")] == ["Синьцзян"]
    assert second.aliases == ("SUAR",)


def test_spellings_of_later_files_are_taken_where_the_name_is_the_same(tmp_path: Path) -> None:
    mine = _write(tmp_path / "mine.csv", "en,aliases,ru\nGhulja,,Гульджа\nXinjiang,XUAR,Синьцзян\n")
    base = _write(
        tmp_path / "base.csv",
        "en,aliases,ru,forbidden_ru\nGhulja,Kulja|Yining,Кульджа,Гульджа\nXUAR,Uyghur Region,СУАР,\n",
    )
    first, second = load([mine, base]).terms
    assert (first.aliases, [lemma.text for lemma in first.lemmas("ru")]) == (("Kulja", "Yining"), ["Гульджа"])
    assert first.forbidden("ru") == ()
    assert second.aliases == ("XUAR",)


def test_rows_in_different_contexts_need_no_id(tmp_path: Path) -> None:
    rows = "Aynur,Айнур,!city|!town\nAynur,Айнур-Сити,city|town\n"
    path = _write(tmp_path / "g.csv", f"en,ru,context\n{rows}")
    assert [term.id for term in load([path]).terms] == ["aynur", "aynur-city-town"]
    again = _write(tmp_path / "h.csv", "en,kk,context\nAynur,Айнұр-Сити,city|town\n")
    person, city = load([path, again]).terms
    assert (person.translated("kk"), city.translated("kk")) == (False, True)
    (error,) = _errors(
        _write(tmp_path / "i.csv", "id,en,ru,context\na,Aynur,Айнур,!city\na,Aynur,Сити,city\n")
    )
    assert "the id 'a' is already taken" in error


def test_missing_unreadable_and_foreign_files(tmp_path: Path) -> None:
    with pytest.raises(MissingError):
        load([tmp_path / "none.csv"])
    latin = tmp_path / "latin.csv"
    latin.write_bytes("en,kk\nÜrümqi,x\n".encode("latin-1"))
    assert "not UTF-8" in _errors(latin)[0]
    assert f"{latin}:2" in _errors(latin)[0]
    assert "unknown glossary format" in _errors(_write(tmp_path / "g.docx", "en,kk\n"))[0]
    assert "empty" in _errors(_write(tmp_path / "e.csv", ""))[0]


def test_a_folder_is_told(tmp_path: Path) -> None:
    assert _errors(tmp_path) == [f"{tmp_path}: a folder, not a file. Name the glossary file in it"]


def test_invisible_characters_of_declared_terms_are_dropped() -> None:
    (term,) = adhoc({"\u202eGhulja\u200b": "Құл\u00adжа\u202c"}, "kk").terms
    assert (term.en, term.lemmas("kk")[0].text) == ("Ghulja", "Құлжа")


def test_text_is_brought_to_nfc_and_single_spaces(tmp_path: Path) -> None:
    (term,) = load([_write(tmp_path / "g.csv", "en,kk\nU\u0308ru\u0308mqi  city,Үрімжі\n")]).terms
    assert term.en == "Ürümqi city"


def test_keep_and_invariable(tmp_path: Path) -> None:
    (term,) = load([_write(tmp_path / "g.csv", "en,aliases,kk,case\nRFE/RL,RFERL,(keep),invariable\n")]).terms
    assert term.translated("kk")
    assert [lemma.text for lemma in term.lemmas("kk")] == ["RFE/RL", "RFERL"]
    assert [lemma.text for lemma in term.lemmas("kk", "RFERL")] == ["RFERL"]
    assert term.lemmas("kk")[0].invariable
    assert not term.translated("ru")


def test_without_target_and_digests() -> None:
    ili = Term("ili", "Ili", targets=(Target("kk", ("Іле",)), Target("ru", ("Или",), forbidden=("Или́",))))
    glossary = Glossary((ili, Term("x", "X", targets=(Target("kk", ("Икс",)),))))
    assert [term.id for term in glossary.without_target("ru")] == ["x"]
    noted = Term("ili", "Ili", targets=ili.targets, note="a note", status="reviewed", source="press")
    assert entries_digest([ili], "kk") == entries_digest([noted], "kk")
    changed = Term("ili", "Ili", targets=(Target("kk", ("Іле өзені",)),))
    assert entries_digest([ili], "kk") != entries_digest([changed], "kk")
    assert entries_digest(glossary.terms, "kk") == entries_digest(reversed(glossary.terms), "kk")
    assert glossary.forbidden_digest("ru") != Glossary(glossary.terms[1:]).forbidden_digest("ru")
    assert glossary.forbidden_digest("kk") == Glossary(glossary.terms[1:]).forbidden_digest("kk")


def test_terms_of_one_line() -> None:
    glossary = adhoc(
        {"Ghulja": "Құлжа", "Bilash": {"target": "Білаш", "type": "person", "gender": "m"}}, "kk"
    )
    assert [(term.en, term.type, term.gender) for term in glossary.terms] == [
        ("Ghulja", "", ""),
        ("Bilash", "person", "m"),
    ]
    with pytest.raises(UsageErrorGroup) as caught:
        adhoc({"a": 3, "b": {"target": "x", "type": "thing"}, "c": {"target": "x", "kind": ""}}, "kk", "f:1")
    assert len(caught.value.errors) == 3


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_give_terms_or_a_clear_error(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.mktemp("g") / "g.csv"
    path.write_bytes(b"en,kk,ru\n" + data)
    names: list[str] = []
    places: list[str] = []
    try:
        names = [term.en for term in load([path]).terms]
    except UsageErrorGroup as group:
        places = [error.place for error in group.errors]
        names = places or [""]  # an error group without errors tells nothing
    assert all(names)
    assert all(str(path) in place for place in places)
