"""Names that a glossary lacks: found, put together, typed, and shown as a model renders them."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glossary.formats.table import COLUMNS
from glossary.matching import Matcher
from glossary.suggestion import Candidate, suggest
from glossary.suggestion.families import sounds_like
from glossary.suggestion.renderings import choose, rendered
from glossary.termbase import Glossary, load
from tests.conftest import Terjiman


def found(*texts: str, glossary: Glossary | None = None) -> dict[str, Candidate]:
    known = glossary or Glossary()
    return {one.name: one for one in suggest(texts, known, Matcher(known))}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("They met in Ghulja on Monday, 3 May.", ["Ghulja"]),
        ("Fortunately the road to Ghulja was open.", ["Ghulja"]),
        ("However, nobody answered in April.", []),
        ("When Aigul Serik came, she wept.", ["Aigul Serik"]),
        ("We saw that Bilash’s wife had left.", ["Bilash"]),
        ("They spoke to President Kassym-Jomart Tokayev.", ["Kassym-Jomart Tokayev"]),
        ("They wrote to the Office of the High Commissioner for Human Rights.",
         ["Office of the High Commissioner for Human Rights"]),
        ("He left the Ministry of Foreign Affairs and Kashgar.", ["Kashgar", "Ministry of Foreign Affairs"]),
        ("It is the heart of the Russia-led bloc, said the anti-China group.", ["China", "Russia"]),
        ("She asked al-Farabi and J. K. Rowling.", ["J. K. Rowling", "al-Farabi"]),
        ("He told The Diplomat’s Catherine Putz about it.", ["Catherine Putz", "The Diplomat"]),
        ("They fear the CCP, the U.N. and chapter IV.", ["CCP", "U.N."]),
        ("She said, “Perhaps Ghulja is free.”", ["Ghulja"]),
        ("See https://example.org/About/Kashgar or write to Aigul@example.org.", []),
        ("I think I’d ask if I’m late.", []),
        ("The East Turkestan Government in Exile met the Chinese Communist Party.",
         ["Chinese Communist Party", "East Turkestan Government in Exile"]),
        ("She is Kazakh, not Han.", ["Han", "Kazakh"]),
    ],
)  # fmt: skip
def test_what_is_a_name(text: str, names: list[str]) -> None:
    assert sorted(found(text)) == names


def test_a_heading_names_only_what_running_text_names() -> None:
    heading = "Brave Teachers Leave Ghulja For Unnamed Country"
    assert list(found(heading)) == []
    assert list(found("NEWS FROM GHULJA", "They left Ghulja.")) == ["Ghulja"]
    assert found(heading, "They left Ghulja.")["Ghulja"].count == 2


def test_a_word_that_is_also_written_small_is_no_name() -> None:
    texts = ["We praised Freedom there.", "They want freedom.", "Our freedom is near.", "Freedom came."]
    assert list(found(*texts)) == []


def test_spellings_of_one_name_are_put_together_and_told() -> None:
    texts = [
        "It was Sayragul Sauytbay who spoke.",
        "Then Sairagul Sauytbai wept.",
        "There Sayragul Sauytbay stood.",
        "The group Atajurt helped.",
        "Later the group Atazhurt closed.",
    ]
    names = found(*texts)
    assert names["Sayragul Sauytbay"].spellings == (("Sayragul Sauytbay", 2), ("Sairagul Sauytbai", 1))
    assert names["Sayragul Sauytbay"].aliases == ("Sairagul Sauytbai",)
    assert names["Atajurt"].aliases == ("Atazhurt",)
    assert len(names) == 2


def test_different_names_stay_apart() -> None:
    for one, other in [
        ("Iran", "Iraq"), ("Austria", "Australia"), ("Slovakia", "Slovenia"), ("Aigul", "Aigerim"),
        ("Kazakh", "Kazakhstan"), ("Niger", "Nigeria"), ("Sayragul Sauytbay", "Sayragul"),
        ("North Korea", "South Korea"), ("Argentina", "Argentine"), ("Kashgar", "Karakash"),
    ]:  # fmt: skip
        assert not sounds_like(one, other), (one, other)
    for one, other in [("Ürümqi", "Urumqi"), ("Uyghur", "Uighur"), ("Serikzhan", "Serikjan")]:
        assert sounds_like(one, other), (one, other)


def test_short_forms_acronyms_plurals() -> None:
    texts = [
        "They met Serikzhan Bilash there, and Bilash said no.",
        "The Chinese Communist Party (CCP) rules; the CCP denies it.",
        "Many Kazakhs and one Kazakh came.",
    ]
    names = found(*texts)
    assert names["Bilash"].short_for == ("Serikzhan Bilash",)
    assert names["Bilash"].kind == "person"
    assert names["Chinese Communist Party"].aliases == ("CCP",)
    assert names["Chinese Communist Party"].count == 3
    assert (names["Kazakh"].count, names["Kazakh"].aliases, names["Kazakh"].kind) == (2, (), "people")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Her brother Erlan, who knew, left.", "person"),
        ("That day Erlan said nothing.", "person"),
        ("They lived in Ghulja then.", "place"),
        ("He fled the Xinjiang Province at night.", "place"),
        ("It was the Ministry of Justice again.", "organisation"),
        ("After the Urumqi Massacre they left.", "concept"),
        ("She loves the Kazakh songs.", "people"),
        ("They asked the OSCE for help.", "organisation"),
        ("That was South Ossetia again.", "place"),
        ("There Alaska Senator Aigul Serik spoke.", "person"),
    ],
)
def test_what_kind_of_name(text: str, kind: str) -> None:
    assert [one.kind for one in found(text).values()] == [kind]


def test_what_the_glossary_has_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "names.csv"
    path.write_text(
        "en,aliases,type,kk\nGhulja,Yining,place,Құлжа\nSayragul Sauytbay,,person,Сайрагүл Сауытбай\n",
        encoding="utf-8",
    )
    texts = [
        "They left Ghulja and Yining.",
        "It was the Ghulja Incident.",
        "Then Sairagul Sauytbai and Sauytbay spoke.",
    ]
    names = found(*texts, glossary=load([path]))
    assert sorted(names) == ["Ghulja Incident", "Sairagul Sauytbai", "Sauytbay"]
    assert names["Sairagul Sauytbai"].like == ("Sayragul Sauytbay",)
    assert "Sayragul Sauytbay" in names["Sauytbay"].short_for


@settings(deadline=None, max_examples=150)
@given(st.lists(st.text(max_size=60), max_size=6))
def test_any_text(texts: list[str]) -> None:
    for one in suggest(texts, Glossary(), Matcher(Glossary())):
        assert one.count == sum(count for _, count in one.spellings)
        assert all(0 <= index < len(texts) for index in one.segments)
        assert one.name.strip() == one.name != ""


@settings(deadline=None, max_examples=80)
@given(
    st.lists(
        st.sampled_from(["In Ghulja", "to Aigul Serik", "the CCP", "she", "Atajurt", "However"]), min_size=1
    )
)
def test_order_of_the_texts_does_not_matter(parts: list[str]) -> None:
    texts = [f"They went {part.lower() if part == 'However' else part} again." for part in parts]
    forward, backward = found(*texts), found(*reversed(texts))
    assert {name: one.count for name, one in forward.items()} == {
        name: one.count for name, one in backward.items()
    }


@pytest.mark.parametrize(
    ("names", "lang", "outputs", "shown"),
    [
        (["Kashgar"], "kk", ["Мен Қашқарда тудым.", "Қашқардан келді.", "Кашгарға барды."],
         [("Қашқар", 2), ("Кашгар", 1)]),
        (["Ghulja"], "ug", ["ئۇ غۇلجىغا كەلدى", "غۇلجىدا تۇرىدۇ", "غۇلجا چوڭ"], [("غۇلجا", 3)]),
        (["Kashgar"], "ru", ["Он в Кашгаре.", "Из Кашгара.", "Кашгар далеко.", "Город Кашкар."],
         [("Кашгар", 3), ("Кашкар", 1)]),
        (["Kashgar"], "zh", ["我出生在喀什。", "他住在喀什噶尔。", "喀什很大"], [("喀什", 3)]),
        (["Sayragul Sauytbay", "Sairagul Sauytbay"], "kk",
         ["Сайрагүл Сауытбайдың сөзі", "Бүгін Сайрагуль Саутбаева келді", "Сайрагүл Сауытбайға"],
         [("Сайрагүл Сауытбай", 2), ("Сайрагуль Саутбаева", 1)]),
        (["CCP"], "ru", ["Это CCP.", "КПК и CCP"], [("CCP", 2)]),
        (["Germany"], "ru", ["Он в Германии.", "Из Германии.", "Германия далеко."], [("Германия", 3)]),
    ],
)  # fmt: skip
def test_renderings_are_found_and_inflection_is_folded(
    names: list[str], lang: str, outputs: list[str], shown: list[tuple[str, int]]
) -> None:
    result = rendered(names, outputs, [], lang, "place" if len(names) == 1 else "person")
    assert [(one.text, one.count) for one in result.renderings] == shown
    assert (result.looked, result.lost) == (len(outputs), 0)
    assert result.wavers is (len(shown) > 1)


def test_a_translated_name_is_found_by_what_the_outputs_share() -> None:
    outputs = ["Он в Китае.", "Китай молчит.", "Из Китая пишут.", "Она там."]
    others = ["Он молчит.", "Она пишет.", "Казахстан молчит.", "Там пишут."]
    result = rendered(["China"], outputs, others, "ru", "place")
    assert [(one.text, one.count) for one in result.renderings] == [("Китай", 3)]
    assert result.lost == 1


def test_a_word_that_sounds_more_like_another_name_is_not_taken() -> None:
    outputs = ["Ол Қазақстанда тұрды.", "Қазақ халқы."]
    result = rendered(["Kazakh"], outputs, [], "kk", "", ["Kazakhstan"])
    assert [(one.text, one.count) for one in result.renderings] == [("Қазақ", 1)]
    assert result.lost == 1


def test_an_ending_that_doubles_a_letter_is_taken_off() -> None:
    outputs = ["Шығыс Түркістанның үкіметі", "Шығыс Түркістанға"]
    result = rendered(["East Turkestan"], outputs, [], "kk", "place")
    assert [(one.text, one.count) for one in result.renderings] == [("Шығыс Түркістан", 2)]


def test_nothing_shared_is_nothing_found() -> None:
    result = rendered(["China"], ["Он молчит.", "Она пишет."], [], "ru", "place")
    assert (result.renderings, result.lost) == ((), 2)


def test_segments_are_spread_and_capped() -> None:
    chosen, own = choose([list(range(10)), [3], []], 4)
    assert own == {0: [0, 2, 5, 7], 1: [3], 2: []}
    assert chosen == [0, 2, 3, 5, 7]


BOOK = "Aigul Serik lived in Ghulja.\n\nThen Aigul Serik left Ghulja for Almaty.\n\nNobody in Ghulja knew.\n"
DRAFT = {
    "Aigul Serik lived in Ghulja.": "Айгүл Серік Құлжада тұрды.",
    "Then Aigul Serik left Ghulja for Almaty.": "Сосын Айгүл Серік Кульджадан Алматыға кетті.",
    "Nobody in Ghulja knew.": "Құлжада ешкім білмеді.",
}


@pytest.fixture
def book(tmp_path: Path) -> Path:
    folder = tmp_path / "book"
    (folder / "part").mkdir(parents=True)
    (folder / "one.txt").write_text(BOOK, encoding="utf-8")
    (folder / "part/two.md").write_text("# Notes\n\nThey asked about *Urumqi* in Ghulja.\n", encoding="utf-8")
    (folder / "part/photo.jpg").write_bytes(b"\xff\xd8")
    (tmp_path / "known.csv").write_text("en,type,kk\nAlmaty,place,Алматы\n", encoding="utf-8")
    drafts = {**DRAFT, "They asked about Urumqi in Ghulja.": "Олар Құлжадағы Үрімжі туралы сұрады."}
    (tmp_path / "drafts.tsv").write_text(
        "".join(f"{source}\t{text}\tkk\n" for source, text in drafts.items()), encoding="utf-8"
    )
    return folder


def test_the_command_lists_what_is_lacking(book: Path, terjiman: Terjiman) -> None:
    result = terjiman("glossary", "suggest", book, "--glossary", book.parent / "known.csv", "--json")
    assert result.returncode == 0, result.stderr
    data = json.loads(result.stdout)
    assert [(one["name"], one["count"], one["type"]) for one in data["names"]] == [
        ("Ghulja", 4, "place"),
        ("Aigul Serik", 2, "person"),
        ("Urumqi", 1, ""),
    ]
    assert data["segments"] == 5
    assert "3 names that the glossary lacks in 5 segments" in result.stderr


def test_the_command_shows_how_a_model_wavers(book: Path, terjiman: Terjiman) -> None:
    model = f"recorded:{book.parent / 'drafts.tsv'}"
    table = book.parent / "new.csv"
    result = terjiman("glossary", "suggest", book, "--to", "kk", "--model", model, "--csv", table)
    assert result.returncode == 0, result.stderr
    assert "! kk: Құлжа ×3, Кульджа ×1" in result.stdout
    assert "  kk: Айгүл Серік ×2" in result.stdout
    assert "translates 4 segments into kk: at most 6 for each name" in result.stderr
    glossary = load([table])
    terms = {term.en: term for term in glossary.terms}
    assert [lemma.text for lemma in terms["Ghulja"].lemmas("kk")] == ["Құлжа"]
    assert {term.status for term in glossary.terms} == {"draft"}
    assert "×4" in terms["Ghulja"].note
    assert "Құлжа ×3, Кульджа ×1" in terms["Ghulja"].note


def test_the_table_has_the_columns_of_a_glossary(book: Path, terjiman: Terjiman) -> None:
    table = book.parent / "new.tsv"
    result = terjiman("glossary", "suggest", book / "one.txt", "--csv", table, "--top", "2")
    assert result.returncode == 0, result.stderr
    rows = list(csv.DictReader(table.read_text(encoding="utf-8").splitlines(), delimiter="\t"))
    assert set(rows[0]) <= set(COLUMNS)
    assert [row["en"] for row in rows] == ["Ghulja", "Aigul Serik"]
    assert {row["kk"] for row in rows} == {""}


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["missing.txt"], 3, "no such document"),
        (["book", "--model", "starter"], 2, "--model without a language"),
        (["book", "--to", "de"], 2, "no target language 'de'"),
        (["book/part/photo.jpg"], 1, "'.jpg' is not supported"),
        (["empty"], 3, "no document in this folder"),
    ],
)
def test_bad_calls_are_told(
    book: Path, terjiman: Terjiman, arguments: list[str], code: int, message: str
) -> None:
    (book.parent / "empty").mkdir()
    result = terjiman("glossary", "suggest", *arguments, cwd=book.parent)
    assert (result.returncode, message in result.stderr) == (code, True), result.stderr
