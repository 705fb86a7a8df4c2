"""Finding terms in English text."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpora.text import nfc
from glossary.matching import Matcher
from glossary.termbase import Glossary, adhoc
from glossary.terms import Target, Term


def _glossary(*rows: tuple[str, ...], kind: str = "place") -> Glossary:
    return Glossary(
        tuple(
            Term(row[0].lower(), row[0], aliases=row[1:], type=kind, targets=(Target("kk", ("Х",)),))
            for row in rows
        )
    )


def _found(glossary: Glossary, text: str) -> list[tuple[str, str]]:
    matches = Matcher(glossary).find(text)
    for match in matches:
        assert nfc(text)[slice(*match.span)] == match.surface
    return [(match.term.id, match.surface) for match in matches]


NAMES = _glossary(
    ("Xinjiang",),
    ("Xinjiang Uyghur Autonomous Region", "XUAR"),
    ("East Turkestan", "East Turkistan"),
    ("Sayragul Sauytbay", "Sairagul Sauytbay"),
    ("Sayragul",),
    ("Sauytbay",),
    ("Ürümqi", "Urumqi"),
    ("Ili",),
    ("US", "U.S."),
    ("Han",),
)


@pytest.mark.parametrize(
    ("text", "surfaces"),
    [
        ("Xinjiang’s north and Xinjiang's south", ["Xinjiang", "Xinjiang"]),
        ("the Sauytbays’ house", ["Sauytbays"]),
        ("the Xinjiang Uyghur Autonomous Region", ["Xinjiang Uyghur Autonomous Region"]),
        ("pre-Xinjiang, Xinjiang-based, “Xinjiang”", ["Xinjiang"] * 3),
        ("Sayragul\n   Sauytbay came", ["Sayragul\n   Sauytbay"]),
        ("Sayra\u00adgul Sauyt-\nbay came", ["Sayra\u00adgul Sauyt-\nbay"]),
        ("East\u00a0Turkestan and East-Turkistan", ["East\u00a0Turkestan", "East-Turkistan"]),
        ("PROTESTS IN XINJIANG AND THE XUAR", ["XINJIANG", "XUAR"]),
        ("U\u0308ru\u0308mqi, URUMQI", ["Ürümqi", "URUMQI"]),
        ("the U.S. and the US.", ["U.S.", "US"]),
        ("Xinjiangers, Xinjiangese, Ilinois, xuar, xinjiang, MyXinjiang", []),
        ("GIVE US BREAD", []),
        ("Hans and Ilis", []),
        ("https://xinjiang.example/Xinjiang or Xinjiang@example.org", []),
        ("O'Sayragul said", []),
        ("Xinjiang.com, xinjiang.gov.cn/Xinjiang, Xinjiang.pdf, @Xinjiang", []),
        ("_Xinjiang_ and __XUAR__, not map_Xinjiang_2", ["Xinjiang", "XUAR"]),
        (
            "Х\u0456njiang, Ｘｉｎｊｉａｎｇ, \u202eXinjiang\u202c",
            ["Х\u0456njiang", "Ｘｉｎｊｉａｎｇ", "Xinjiang"],
        ),
        ("Xin\u200bjiang and Xin\u202ejiang", ["Xin\u200bjiang", "Xin\u202ejiang"]),
        ("SAYRAGUL SAUYTBAY'S AND SAYRAGUL SAUYTBAY’S", ["SAYRAGUL SAUYTBAY"] * 2),
        ("Sayragul said Sauytbay left", ["Sayragul", "Sauytbay"]),
    ],
)
def test_what_counts_as_a_name(text: str, surfaces: list[str]) -> None:
    assert [surface for _, surface in _found(NAMES, text)] == surfaces


def test_a_name_that_is_an_address_itself_is_found() -> None:
    glossary = _glossary(("Change.org",), ("Azattyq",))
    assert [surface for _, surface in _found(glossary, "Change.org and Azattyq.org")] == ["Change.org"]


def test_regular_expressions_and_long_names_are_taken_literally() -> None:
    long = " ".join(f"Word{number}" for number in range(700))[:5000].strip()
    glossary = _glossary(("[a-z]+.*",), ("C++ (lang.)",), ("$1\\d",), (long,), kind="concept")
    text = f"abc, [a-z]+.*, C++ (lang.), $1\\d; {long}, {long.upper()}"
    surfaces = [surface for _, surface in _found(glossary, text)]
    assert surfaces == ["[a-z]+.*", "C++ (lang.)", "$1\\d", long, long.upper()]


def test_nested_terms_are_recorded() -> None:
    (match,) = Matcher(NAMES).find("Sayragul Sauytbay")
    assert set(match.over) == {"sayragul", "sauytbay"}


def test_common_words_match_in_any_case_and_number() -> None:
    glossary = _glossary(("concentration camp",), ("country",), kind="concept")
    text = "Concentration camps, CONCENTRATION CAMP, concentration-camp guards; countries, encamped, campus"
    assert [surface for _, surface in _found(glossary, text)] == [
        "Concentration camps",
        "CONCENTRATION CAMP",
        "concentration-camp",
        "countries",
    ]


def test_context_conditions() -> None:
    def term(name: str, *context: str) -> Term:
        return Term(name, "camp", context=context, targets=(Target("kk", ("Х",)),))

    glossary = Glossary((term("detention", "guard", "barbed wire"), term("holiday", "summer", "!guard")))
    assert _found(glossary, "a camp with barbed  wire") == [("detention", "camp")]
    assert _found(glossary, "a summer camp") == [("holiday", "camp")]
    assert _found(glossary, "the guard at the summer camp") == [("detention", "camp")]
    assert _found(glossary, "a camp") == []
    assert _found(glossary, "a camp with safeguards") == []


def test_capitals_choose_between_spellings() -> None:
    glossary = _glossary(("polish",), ("Polish",), kind="concept")
    assert [term for term, _ in _found(Glossary(glossary.terms[:1]), "Polish polish")] == ["polish", "polish"]
    two = Glossary((glossary.terms[0], Term("pl", "Polish", targets=(Target("kk", ("Х",)),))))
    assert [term for term, _ in _found(two, "Polish polish")] == ["pl", "polish"]


def test_declared_terms_are_found_in_any_inflection() -> None:
    glossary = adhoc({"edit": "өңдеу", "Purchase Order": "тапсырыс", "copy": "көшіру", "branch": "өту"}, "kk")
    text = "Branching: edited purchase orders were copied; editing"
    assert [match.surface for match in Matcher(glossary).find(text)] == [
        "Branching",
        "edited",
        "purchase orders",
        "copied",
        "editing",
    ]


def test_declared_terms_are_required_where_a_word_begins_with_them() -> None:
    terms = {
        "edit": "өңдеу",
        "set": "баптау",
        "Health and Safety": "қауіпсіздік",
        "AI": "ЖИ",
        "absent": "жоқ",
    }
    found = Matcher(adhoc(terms, "kk")).find("chooseEdit settings said in Health, and Safety")
    assert [(match.term.en, match.span) for match in found] == [
        ("edit", (0, 0)),
        ("set", (0, 0)),
        ("Health and Safety", (0, 0)),
    ]


words = st.sampled_from(
    ["Xinjiang", "Uyghur", "Autonomous", "Region", "East", "Turkestan", "the", "’s", "-", "“"]
)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.one_of(words, st.text(max_size=6)), max_size=12), st.sampled_from([" ", "", "\n"]))
def test_matches_never_overlap_and_spans_hold(parts: list[str], glue: str) -> None:
    text = nfc(glue.join(parts))
    matches = Matcher(NAMES).find(text)
    for left, right in pairwise(matches):
        assert left.span[1] <= right.span[0]
    for match in matches:
        assert text[slice(*match.span)] == match.surface


@settings(max_examples=40, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_order_of_terms_and_aliases_does_not_matter(rng: random.Random) -> None:
    text = "Sairagul Sauytbay fled Xinjiang, the XUAR, for Ürümqi; Sauytbay is in East Turkistan"
    terms = [
        Term(term.id, term.en, aliases=tuple(rng.sample(term.aliases, len(term.aliases))), type=term.type)
        for term in rng.sample(NAMES.terms, len(NAMES.terms))
    ]
    assert _found(Glossary(tuple(terms)), text) == _found(NAMES, text)


def test_a_large_glossary_finds_every_name() -> None:
    rng = random.Random(3)
    names = sorted({"".join(rng.choices("abcdefghij", k=7)).capitalize() for _ in range(5000)})
    glossary = Glossary(tuple(Term(name, name, type="place") for name in names))
    chosen = rng.sample(names, 300)
    assert [surface for _, surface in _found(glossary, ", ".join(chosen))] == chosen
