"""What the tests of Kazakh and Uyghur share: the gold tables and how they are read."""

from __future__ import annotations

import csv
import unicodedata
from pathlib import Path

from glossary.inflection import FEATURES, Form, Lemma, paradigm

GOLD = Path(__file__).parent / "gold"
NO_FORM = "*none*"


def rows(name: str) -> list[dict[str, str]]:
    """Return the lines of a gold table, headed lemma, kind, form, features, reason."""
    with (GOLD / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def missing(name: str, lang: str) -> list[dict[str, str]]:
    """Return the gold forms that the paradigm does not give with those features."""
    return [
        row
        for row in rows(name)
        if row["features"] != NO_FORM
        and (row["form"], row["features"])
        not in {(form.text, form.features) for form in paradigm(Lemma(row["lemma"], lang, row["kind"]))}
    ]


def wrongly_given(name: str, lang: str) -> list[dict[str, str]]:
    """Return the gold non-forms that the paradigm gives under any features."""
    return [
        row
        for row in rows(name)
        if row["features"] == NO_FORM
        and row["form"] in {form.text for form in paradigm(Lemma(row["lemma"], lang, row["kind"]))}
    ]


def assert_sound(forms: tuple[Form, ...], lemma: Lemma) -> None:
    """Check that the lemma comes first, all is NFC, nothing is double, a feature has one preferred form."""
    text = unicodedata.normalize("NFC", lemma.text)
    assert forms[0] == Form(text, "nom")
    assert all(unicodedata.is_normalized("NFC", form.text) for form in forms)
    assert all(FEATURES.issuperset(form.features.split(".")) for form in forms)
    assert len({(form.text, form.features) for form in forms}) == len(forms)
    preferred = [form.features for form in forms if form.preferred]
    assert len(preferred) == len(set(preferred))
