"""Kazakh inflection against forms and non-forms typed in by hand from the grammars."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glossary.inflection import Form, Lemma, paradigm, realise
from glossary.inflection.kazakh import forms, harmonies
from tests.glossary.turkic_gold import NO_FORM, assert_sound, missing, rows, wrongly_given

GOLD = "kazakh.tsv"
LETTERS = "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя"


def _texts(text: str, kind: str = "", features: str = "") -> list[str]:
    return [
        form.text for form in paradigm(Lemma(text, "kk", kind)) if not features or form.features == features
    ]


def _write(text: str, features: str, kind: str = "") -> str:
    form = realise(Lemma(text, "kk", kind), features)
    assert form is not None
    return form.text


def test_the_gold_table_is_large_and_consistent() -> None:
    table = rows(GOLD)
    assert sum(row["features"] != NO_FORM for row in table) >= 150
    assert sum(row["features"] == NO_FORM for row in table) >= 150
    assert all(row["reason"] for row in table)
    right = {(row["lemma"], row["form"]) for row in table if row["features"] != NO_FORM}
    wrong = {(row["lemma"], row["form"]) for row in table if row["features"] == NO_FORM}
    assert not right & wrong


def test_every_gold_form_is_given_with_its_features() -> None:
    assert missing(GOLD, "kk") == []


def test_no_gold_non_form_is_given() -> None:
    assert wrongly_given(GOLD, "kk") == []


@pytest.mark.parametrize(
    ("text", "features", "form"),
    [
        ("Қытай", "dat", "Қытайға"),
        ("Қазақстан Республикасы", "loc", "Қазақстан Республикасында"),
        ("Минск", "dat", "Минскіге"),
        ("Бангкок", "loc", "Бангкокта"),
        ("Шанхай Ынтымақтастық Ұйымы", "abl", "Шанхай Ынтымақтастық Ұйымынан"),
        ("Қасым-Жомарт Тоқаев", "gen", "Қасым-Жомарт Тоқаевтың"),
        ("Мұхтар Әуезов", "gen", "Мұхтар Әуезовтің"),
        ("Нұр-Сұлтан", "abl", "Нұр-Сұлтаннан"),
        ("Азат Еуропа/Азаттық радиосы", "dat", "Азат Еуропа/Азаттық радиосына"),
        ("Тайвань", "gen", "Тайваньның"),
        ("Сеул", "loc", "Сеулде"),
        ("Бьорн", "gen", "Бьорннің"),
        ("Скотт", "gen", "Скоттың"),
        ("Беларусь", "dat", "Беларуське"),
        ("Қауіпсіздік Кеңесі", "pl.nom", "Қауіпсіздік Кеңестері"),
        ("COVID-19", "gen", "COVID-19-дың"),
        ("Facebook", "ins", "Facebook-пен"),
    ],
)
def test_the_preferred_form(text: str, features: str, form: str) -> None:
    assert _write(text, features) == form


def test_quotation_marks_may_close_before_or_after_the_suffix() -> None:
    assert _write("«Атажұрт»", "gen") == "«Атажұрт»-тың"
    assert {"«Атажұрт»-тың", "«Атажұрттың»"} <= set(_texts("«Атажұрт»"))
    assert "«Атажұрт»-ның" not in _texts("«Атажұрт»")


def test_a_word_that_merely_ends_like_a_possessive_is_none() -> None:
    assert "Алматыға" in _texts("Алматы", "place")
    assert "Жаңа Алматыға" in _texts("Жаңа Алматы", "place")
    assert "Балқаш Серіге" in _texts("Балқаш Сері", "person")
    assert "Балқаш Серіне" not in _texts("Балқаш Сері", "person")


def test_an_unlisted_head_that_may_be_an_adjective_has_both_readings() -> None:
    texts = _texts("Тәуелсіз Теректі", "place")
    assert "Тәуелсіз Теректіге" in texts
    assert {"Оң Қапталына", "Оң Қапталыға"} <= set(_texts("Оң Қапталы", "organisation"))
    assert _texts("Кокаин картелі", "organisation", "dat") == ["Кокаин картеліне"]
    assert _texts("Бас хатшы", "title", "dat") == ["Бас хатшыға"]


def test_a_plural_lemma_takes_no_second_plural() -> None:
    for lemma in (Lemma("ерікті топ", "kk", number="pl"), Lemma("ерікті топтар", "kk")):
        assert not [form for form in paradigm(lemma) if form.features.startswith("pl")]
    assert _write("доллар", "pl.nom", "concept") == "долларлар"


def test_head_names_the_word_that_inflects() -> None:
    lemma = Lemma("Атажұрт еріктілері Алматыда", "kk", head=0)
    assert realise(lemma, "gen") == Form("Атажұрттың еріктілері Алматыда", "gen")


def test_curated_forms_replace_the_rules() -> None:
    lemma = Lemma("Шыңжаң", "kk", irregular=(("dat", "Шыңжаңға қарай"), ("dat", "Шыңжаңда")))
    assert realise(lemma, "dat") == Form("Шыңжаңға қарай", "dat")
    assert "Шыңжаңға" not in {form.text for form in paradigm(lemma)}
    assert [form.preferred for form in paradigm(lemma) if form.features == "dat"] == [True, False]


def test_an_invariable_lemma_has_one_form_and_answers_every_case() -> None:
    lemma = Lemma("Radio Free Asia", "kk", invariable=True)
    assert paradigm(lemma) == (Form("Radio Free Asia", "nom"),)
    assert realise(lemma, "dat") == Form("Radio Free Asia", "dat")


def test_no_such_features_is_none() -> None:
    assert realise(Lemma("Қытай", "kk"), "xyz") is None


def test_relation_is_recognised_but_not_preferred() -> None:
    forms_ = [form for form in paradigm(Lemma("Қазақстан", "kk", "place")) if form.features == "rel"]
    assert {form.text for form in forms_} == {"Қазақстандық", "қазақстандық"}
    assert not any(form.preferred for form in forms_)
    assert not _texts("Сайрагүл", "person", "rel")


@pytest.mark.parametrize("text", ["", "   ", "«»", "...", "抖音", "—", "№", "²"])
def test_a_lemma_without_a_readable_end_has_its_own_form_only(text: str) -> None:
    assert [form.features for form in forms(Lemma(text, "kk"))] == ["nom"]


@settings(deadline=None, max_examples=120)
@given(st.lists(st.text(LETTERS, min_size=1, max_size=9), min_size=1, max_size=3), st.booleans())
def test_every_paradigm_is_sound(words: list[str], named: bool) -> None:
    text = " ".join(word.capitalize() if named else word for word in words)
    lemma = Lemma(text, "kk", "place")
    listed = paradigm(lemma)
    assert_sound(listed, lemma)
    invariant = text[: text.rindex(" ") + 1] if " " in text else ""
    assert all(form.text.startswith(invariant) for form in listed if form.features != "rel")


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=12))
def test_any_text_at_all_is_taken(text: str) -> None:
    listed = forms(Lemma(text, "kk"))
    assert listed[0].features == "nom"
    assert len({(form.text, form.features) for form in listed}) == len(listed)


@settings(deadline=None, max_examples=120)
@given(st.text("бдзлмнрстқш", min_size=1, max_size=1), st.sampled_from("аоұы"), st.text("нрлзтс", max_size=1))
def test_a_native_back_word_takes_no_front_suffix(onset: str, vowel: str, coda: str) -> None:
    _assert_suffixes(onset + vowel + coda, front=False)


@settings(deadline=None, max_examples=120)
@given(st.text("бдзлмнрстш", min_size=1, max_size=1), st.sampled_from("әөүіе"), st.text("нрлзтс", max_size=1))
def test_a_native_front_word_takes_no_back_suffix(onset: str, vowel: str, coda: str) -> None:
    _assert_suffixes(onset + vowel + coda, front=True)


def _assert_suffixes(word: str, *, front: bool) -> None:
    """The suffixes -мен, -нікі and -ақ are the only ones without harmony (Muhamedowa 2016)."""
    assert harmonies(word) == (front,)
    barred = set("аоұықғ") if front else set("әөүеікг")
    for form in paradigm(Lemma(word, "kk", "concept")):
        if {"ins", "pron", "emph"} & set(form.features.split(".")):
            continue
        assert not barred & set(form.text[len(word) :]), form
