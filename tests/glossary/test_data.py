"""The glossary that ships: complete, in the right scripts, free of look-alike letters and of clashes."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

import glossary
from corpora.languages import TARGETS
from glossary.matching import Matcher
from glossary.termbase import Glossary, Target, Term, load
from glossary.verification import verify

SHIPPED = Path(glossary.__file__).parent / "data" / "names.csv"

# Acronyms and names that are written in Latin letters whatever the language.
LATIN_NAMES = {"Amnesty International", "Campaign for Uyghurs", "China Cables"}
SCRIPTS = {"kk": "CYRILLIC", "ru": "CYRILLIC", "ug": "ARABIC", "zh": "CJK"}
MARKS = set(" /«»-·")
# Without a type, so that Russian may answer with an adjective or a participle (уйгурский, заключённый).
ADJECTIVES = {"Uyghur", "Kazakh", "Kyrgyz", "detainee", "human rights"}
KAZAKH_ONLY = set("әғқңөұүһі")
# The 32 letters of the Uyghur Arabic alphabet and the carrier ئ.
UYGHUR_LETTERS = set("ئابپتجچخدرزژسشغفقكگڭلمنھوۇۆۈۋېىيە")


@cache
def shipped() -> Glossary:
    return load([SHIPPED])


@cache
def rows() -> tuple[dict[str, str], ...]:
    with SHIPPED.open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def in_script(text: str, script: str) -> bool:
    return all(char in MARKS or unicodedata.name(char).startswith(script) for char in text)


def texts(target: Target) -> tuple[str, ...]:
    return (*target.renderings, *target.forbidden, *(form for _, form in target.irregular))


def test_every_row_becomes_a_term() -> None:
    assert len(shipped().terms) == len(rows())
    assert len(rows()) >= 130


def test_all_types_are_well_represented() -> None:
    counts = Counter(term.type for term in shipped().terms)
    assert counts["person"] >= 40
    assert counts["place"] >= 40
    assert counts["organisation"] >= 15
    assert counts["concept"] >= 20
    assert counts["title"] >= 3


def test_every_term_says_what_it_is_where_it_comes_from_and_that_it_is_a_draft() -> None:
    assert {term.en for term in shipped().terms if not term.type} == ADJECTIVES
    assert [term.id for term in shipped().terms if not term.source] == []
    assert [row["en"] for row in rows() if row["status"] != "draft"] == []


@pytest.mark.parametrize("lang", TARGETS)
def test_every_term_has_a_rendering(lang: str) -> None:
    assert [term.en for term in shipped().without_target(lang)] == []


def test_gender_is_given_for_every_person_and_for_nothing_else() -> None:
    wrong = [term.en for term in shipped().terms if (term.type == "person") != (term.gender in ("m", "f"))]
    assert wrong == []


def test_no_spelling_belongs_to_two_terms() -> None:
    owners = Counter(name for term in shipped().terms for name in {name.casefold() for name in term.names})
    assert [name for name, count in owners.items() if count > 1] == []


@pytest.mark.parametrize("lang", TARGETS)
def test_renderings_are_in_the_script_of_the_language(lang: str) -> None:
    wrong = [
        (term.en, text)
        for term in shipped().terms
        if (target := term.target(lang)) is not None
        for text in texts(target)
        if text not in LATIN_NAMES and not in_script(text, SCRIPTS[lang])
    ]
    assert wrong == []


def test_russian_renderings_hold_no_kazakh_letters() -> None:
    wrong = [
        (term.en, text)
        for term in shipped().terms
        if (target := term.target("ru")) is not None
        for text in texts(target)
        if KAZAKH_ONLY & set(text.casefold())
    ]
    assert wrong == []


def test_uyghur_renderings_are_spelt_with_the_uyghur_alphabet() -> None:
    wrong = [
        (term.en, text)
        for term in shipped().terms
        if (target := term.target("ug")) is not None
        for text in texts(target)
        if set(text) - UYGHUR_LETTERS - set(" -/«»")
    ]
    assert wrong == []


def test_uyghur_words_that_begin_with_a_vowel_have_the_carrier() -> None:
    bare = re.compile(r"(?<!\w)[اەېىوۇۆۈ]")
    wrong = [row["en"] for row in rows() if bare.search(row["ug"]) or bare.search(row["forbidden_ug"])]
    assert wrong == []


def test_english_spellings_are_latin() -> None:
    names = [name for term in shipped().terms for name in term.names]
    letters = {char for name in names for char in name} - set(" .,'/-")
    assert {char for char in letters if not unicodedata.name(char).startswith("LATIN")} == set()


def test_every_cell_is_in_nfc_and_trimmed() -> None:
    cells = [cell for row in rows() for cell in row.values()]
    assert [cell for cell in cells if cell != unicodedata.normalize("NFC", cell)] == []
    assert [cell for cell in cells if cell != cell.strip()] == []


def test_common_nouns_are_in_lower_case() -> None:
    common = ("camp", "re-education camp", "forced labour", "detainee", "genocide", "mosque")
    terms = {term.en: term for term in shipped().terms}
    wrong = [
        (en, lang)
        for en in common
        for lang in ("kk", "ru")
        if (target := terms[en].target(lang)) is None or any(text[0].isupper() for text in target.renderings)
    ]
    assert wrong == []


def test_people_are_never_written_with_forbidden_renderings_of_their_own() -> None:
    wrong = [
        (term.en, target.lang)
        for term in shipped().terms
        for target in term.targets
        if set(target.renderings) & set(target.forbidden)
    ]
    assert wrong == []


@pytest.mark.parametrize("lang", TARGETS)
def test_each_lemma_on_its_own_is_accepted_for_its_term(lang: str) -> None:
    terms, matcher = shipped(), Matcher(shipped())
    wrong = [
        (name, text)
        for term in terms.terms
        for name in term.names
        for text in accepted(term, name, lang)
        if any(flag.severity == "error" for flag in verify(name, text, lang, terms, matcher).flags)
    ]
    assert wrong == []


def accepted(term: Term, name: str, lang: str) -> tuple[str, ...]:
    target = term.target(lang)
    if target is None or target.keep:
        return (name,)
    return target.renderings


@pytest.mark.parametrize(
    ("source", "lang", "wrong"),
    [
        ("She lives in East Turkestan.", "kk", "Ол Шыңжаңда тұрады."),
        ("She lives in East Turkestan.", "ug", "ئۇ شىنجاڭدا ياشايدۇ."),
        ("She lives in East Turkestan.", "ru", "Она живёт в Синьцзяне."),
        ("She lives in East Turkestan.", "zh", "她住在新疆。"),
        ("She lives in Xinjiang.", "ru", "Она живёт в Восточном Туркестане."),
        ("She was held in a camp.", "kk", "Ол кәсіптік оқыту орталығында ұсталды."),
        ("She was held in a camp.", "ru", "Её держали в центре профессионального обучения."),
        ("She was held in a camp.", "zh", "她被关在职业技能培训中心。"),
        ("He was born in Ghulja.", "ru", "Он родился в Инине."),
    ],
)
def test_contested_renderings_and_euphemisms_are_refused(source: str, lang: str, wrong: str) -> None:
    flags = verify(source, wrong, lang, shipped(), Matcher(shipped())).flags
    assert "term-forbidden" in {flag.check for flag in flags}


@pytest.mark.parametrize(
    ("lang", "right"),
    [
        ("kk", "Лагерьді «кәсіптік оқыту орталығы» деп атады."),
        ("ru", "Лагерь назвали «центром профессионального обучения»."),
        ("zh", "他们称这座营地为“职业技能培训中心”。"),
    ],
)
def test_the_euphemism_is_allowed_where_the_source_quotes_it(lang: str, right: str) -> None:
    source = 'They called the camp a "vocational training centre".'
    flags = verify(source, right, lang, shipped(), Matcher(shipped())).flags
    assert [flag.message for flag in flags if flag.severity == "error"] == []


@pytest.mark.parametrize(
    ("spelling", "en"),
    [
        ("Sairagul Sauytbai", "Sayragul Sauytbay"),
        ("Atazhurt", "Atajurt"),
        ("XUAR", "Xinjiang Uyghur Autonomous Region"),
        ("Uighurs", "Uyghur"),
        ("Yining", "Ghulja"),
        ("Khotan", "Hotan"),
        ("reeducation camps", "re-education camp"),
        ("vocational training centers", "vocational training centre"),
        ("crime against humanity", "crimes against humanity"),
        ("OHCHR", "Office of the United Nations High Commissioner for Human Rights"),
    ],
)
def test_spellings_of_one_thing_are_one_term(spelling: str, en: str) -> None:
    found = Matcher(shipped()).find(f"They wrote about {spelling} again.")
    assert [match.term.en for match in found] == [en]


@pytest.mark.parametrize("source", ["The children went to a summer camp.", "They lived in a refugee camp."])
def test_other_camps_are_no_terms(source: str) -> None:
    assert Matcher(shipped()).find(source) == ()
