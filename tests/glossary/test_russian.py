"""Russian inflection against forms and non-forms typed in by hand from the grammars."""

from __future__ import annotations

import csv
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glossary.inflection import Lemma, paradigm, realise
from glossary.inflection.russian import forms

GOLD = Path(__file__).parent / "gold" / "russian.tsv"
CASES = {"nom", "gen", "dat", "acc", "ins", "loc"}


def _rows() -> list[dict[str, str]]:
    with GOLD.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def _lemma(row: dict[str, str]) -> Lemma:
    return Lemma(row["lemma"], "ru", row["kind"], row["gender"])


def _texts(text: str, kind: str = "", gender: str = "", features: str = "", number: str = "sg") -> set[str]:
    listed = paradigm(Lemma(text, "ru", kind, gender, number))
    return {form.text for form in listed if not features or form.features == features}


def test_the_gold_table_is_large_enough() -> None:
    rows = _rows()
    assert sum(row["features"] != "*none*" for row in rows) >= 150
    assert sum(row["features"] == "*none*" for row in rows) >= 150


def test_every_gold_form_is_given_with_its_features() -> None:
    wanted = [row for row in _rows() if row["features"] != "*none*"]
    missing = [
        row
        for row in wanted
        if (row["form"], row["features"])
        not in {(form.text, form.features) for form in paradigm(_lemma(row))}
    ]
    assert missing == []


def test_no_gold_non_form_is_given() -> None:
    unwanted = [row for row in _rows() if row["features"] == "*none*"]
    given_anyway = [row for row in unwanted if row["form"] in {form.text for form in paradigm(_lemma(row))}]
    assert given_anyway == []


def test_unknown_gender_has_the_forms_of_both_and_prefers_one() -> None:
    assert {"Дональда Трампа", "Дональд Трамп"} <= _texts("Дональд Трамп", "person", features="gen")
    preferred = realise(Lemma("Дональд Трамп", "ru", "person"), "gen")
    assert preferred is not None
    assert preferred.text == "Дональда Трампа"


@pytest.mark.parametrize(
    ("text", "gender", "features", "written"),
    [
        ("Мишель Бачелет", "f", "gen", "Мишель Бачелет"),
        ("Айгуль", "f", "gen", "Айгули"),
        ("Саша", "m", "ins", "Сашей"),
        ("Кайша Акан", "f", "ins", "Кайшой Акан"),
    ],
)
def test_of_two_forms_the_usual_one_is_written(text: str, gender: str, features: str, written: str) -> None:
    form = realise(Lemma(text, "ru", "person", gender), features)
    assert form is not None
    assert form.text == written


def test_a_surname_that_tells_the_gender_has_only_its_forms() -> None:
    assert "Айман Умаровы" not in _texts("Айман Умарова", "person")


def test_lemma_written_without_yo_keeps_it_so_and_accepts_yo() -> None:
    lemma = Lemma("Соединенные Штаты", "ru", "place")
    form = realise(lemma, "gen")
    assert form is not None
    assert form.text == "Соединенных Штатов"
    assert "Соединённых Штатов" in {form.text for form in paradigm(lemma)}


def test_plural_lemma_has_its_cases_under_plain_names() -> None:
    assert _texts("лагеря", "concept", features="gen", number="pl") == {"лагерей"}
    assert _texts("Рабочие лагеря", "concept", features="ins", number="pl") == {"Рабочими лагерями"}


def test_given_head_decides_which_word_declines() -> None:
    listed = paradigm(Lemma("Хьюман Райтс Вотч", "ru", "place", head=2))
    assert "Хьюман Райтс Вотча" in {form.text for form in listed}
    listed = paradigm(Lemma("лагерь смерти", "ru", "concept", head=0))
    assert "лагеря смерти" in {form.text for form in listed}


def test_curated_forms_win() -> None:
    lemma = Lemma("Кашгар", "ru", "place", irregular=(("loc", "Кашгару"),))
    texts = {form.text for form in forms(lemma) if form.features == "loc"}
    assert texts == {"Кашгару"}


def test_an_invariable_lemma_has_one_text_for_all_cases() -> None:
    listed = forms(Lemma("Кашгар", "ru", "place", invariable=True))
    assert {form.text for form in listed} == {"Кашгар"}
    assert {form.features for form in listed} == CASES


@pytest.mark.parametrize(
    ("text", "features", "form"),
    [
        ("редактировать", "past.f", "редактировала"),
        ("редактировать", "imp.pl", "редактируйте"),
        ("общедоступный", "f.gen", "общедоступной"),
        ("общедоступный", "pl.dat", "общедоступным"),
        ("дата исполнения", "pl.gen", "дат исполнения"),
    ],
)
def test_words_that_are_no_names(text: str, features: str, form: str) -> None:
    assert form in _texts(text, features=features)


@pytest.mark.parametrize(
    "word", ["", "—", "Ürümqi", "610", "3 ГГ", "«»", "-", "а-", "Human Rights Watch", "ъ"]
)
@pytest.mark.parametrize("kind", ["", "person", "place", "organisation", "title", "concept"])
def test_odd_lemmas_keep_their_text(word: str, kind: str) -> None:
    assert forms(Lemma(word, "ru", kind))[0].text == word


def test_capitals_survive() -> None:
    assert "КИТАЯ" in _texts("КИТАЙ", "place")
    assert _texts("Джон МакКейн", "person", "m", "gen") == {"Джона МакКейна"}


def test_threads_share_the_dictionary() -> None:
    lemmas = [Lemma(row["lemma"], "ru", row["kind"], row["gender"]) for row in _rows()[:60]]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(forms, lemmas))
    assert together == [forms(lemma) for lemma in lemmas]


_LETTERS = st.sampled_from("абвгдежзийклмнопрстуфхцчшщъыьэюяё")
_WORD = st.text(_LETTERS, min_size=1, max_size=12).map(str.capitalize)
_NAME = st.lists(_WORD, min_size=1, max_size=3).map(" ".join)
_KIND = st.sampled_from(["", "person", "place", "organisation", "title", "concept"])


@settings(deadline=None, max_examples=150)
@given(_NAME, _KIND, st.sampled_from(["", "m", "f"]))
def test_any_name_has_a_whole_paradigm_that_begins_with_it(text: str, kind: str, gender: str) -> None:
    listed = forms(Lemma(text, "ru", kind, gender))
    assert listed[0].text == text
    assert listed[0].features == "nom"
    assert len(set(listed)) == len(listed)
    assert all(
        unicodedata.is_normalized("NFC", form.text) and form.text.strip() == form.text for form in listed
    )
    if not any(form.features in ("inf", "f.nom") for form in listed):
        assert {form.features for form in listed} >= CASES
    for features in {form.features for form in listed}:
        assert any(form.preferred for form in listed if form.features == features)


@settings(deadline=None, max_examples=150)
@given(_WORD)
def test_a_woman_with_a_name_in_a_consonant_never_changes(word: str) -> None:
    if word[-1].lower() in "бвгджзйклмнпрстфхцчшщ":
        assert {form.text for form in forms(Lemma(word, "ru", "person", "f"))} <= {
            word,
            word.replace("ё", "е"),
        }
