"""Chinese: one form, and the dots of foreign names."""

from __future__ import annotations

import csv
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from glossary.inflection import Lemma, paradigm
from glossary.inflection.chinese import DOTS, forms

GOLD = Path(__file__).parent / "gold" / "chinese.tsv"


def _rows() -> list[dict[str, str]]:
    with GOLD.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def _texts(row: dict[str, str]) -> set[str]:
    return {form.text for form in paradigm(Lemma(row["lemma"], "zh", row["kind"], row["gender"]))}


def test_the_gold_table_is_large_enough() -> None:
    rows = _rows()
    assert sum(row["features"] != "*none*" for row in rows) >= 150
    assert sum(row["features"] == "*none*" for row in rows) >= 150


def test_every_gold_form_is_given() -> None:
    assert [row for row in _rows() if row["features"] != "*none*" and row["form"] not in _texts(row)] == []


def test_no_gold_non_form_is_given() -> None:
    assert [row for row in _rows() if row["features"] == "*none*" and row["form"] in _texts(row)] == []


def test_the_standard_dot_is_the_one_to_write() -> None:
    listed = forms(Lemma("古孜拉・阿瓦尔汗", "zh", "person"))
    assert listed[0].text == "古孜拉・阿瓦尔汗"
    assert "古孜拉·阿瓦尔汗" in {form.text for form in listed}
    assert [form.text for form in forms(Lemma("古孜拉·阿瓦尔汗", "zh")) if form.preferred] == [
        "古孜拉·阿瓦尔汗"
    ]


def test_curated_form_is_accepted() -> None:
    lemma = Lemma("新疆", "zh", "place", irregular=(("nom", "新疆省"),))
    assert {form.text for form in paradigm(lemma)} == {"新疆", "新疆省"}


@settings(deadline=None, max_examples=100)
@given(st.text(st.sampled_from("新疆维吾尔·・•ABC123，。"), min_size=1, max_size=10))
def test_nothing_but_dots_ever_varies(text: str) -> None:
    bare = {form.text.translate({ord(dot): None for dot in DOTS}) for form in forms(Lemma(text, "zh"))}
    assert bare == {text.translate({ord(dot): None for dot in DOTS})}
