"""Names within names, look-alike letters and odd characters: each is matched or told, in every script."""

from __future__ import annotations

import pytest

from corpora.text import nfc
from glossary.enforcement import enforce
from glossary.matching import Matcher
from glossary.terms import Glossary, Target, Term
from glossary.verification import verify


def _term(name: str, kind: str, lang: str, *texts: str, gender: str = "") -> Term:
    return Term(name, name, type=kind, gender=gender, targets=(Target(lang, texts),))


GLOSSARIES = {
    "zh": Glossary(
        (
            _term("Xinjiang", "place", "zh", "新疆"),
            _term("Xinjiang Uyghur Autonomous Region", "place", "zh", "新疆维吾尔自治区"),
            _term("Uyghur", "", "zh", "维吾尔"),
            _term("Uyghur people", "", "zh", "维吾尔族"),
            _term("Kazakh", "", "zh", "哈萨克"),
            _term("Kazakhstan", "place", "zh", "哈萨克斯坦"),
            _term("Li Ming", "person", "zh", "李明"),
            _term("Li Mingbo", "person", "zh", "李明博"),
        )
    ),
    "ug": Glossary(
        (
            _term("Kashgar", "place", "ug", "قەشقەر"),
            _term("Xinjiang", "place", "ug", "شىنجاڭ"),
            _term("Korla", "place", "ug", "كورلا"),
            _term("Ghulja", "place", "ug", "غۇلجا"),
            _term("Uyghur", "", "ug", "ئۇيغۇر"),
            _term("Ilham Tohti", "person", "ug", "ئىلھام توختى", gender="m"),
        )
    ),
    "kk": Glossary(
        (
            _term("Ghulja", "place", "kk", "Құлжа"),
            _term("Ili", "place", "kk", "Іле"),
            _term("Ürümqi", "place", "kk", "Үрімжі"),
            _term("Öskemen", "place", "kk", "Өскемен"),
            _term("New York", "place", "kk", "Нью-Йорк"),
            _term("UN", "organisation", "kk", "БҰҰ"),
        )
    ),
    "ru": Glossary(
        (
            _term("Artyom", "person", "ru", "Артём", gender="m"),
            _term("Semenov", "person", "ru", "Семенов", gender="m"),
            _term("United States", "place", "ru", "Соединённые Штаты"),
            _term("Xinjiang", "place", "ru", "Синьцзян"),
            _term("plane", "concept", "ru", "самолёт"),
        )
    ),
}


def _passes(lang: str, source: str, target: str) -> bool:
    glossary = GLOSSARIES[lang]
    return verify(source, target, lang, glossary, Matcher(glossary)).ok


@pytest.mark.parametrize(
    ("lang", "source", "target"),
    [
        ("zh", "the Xinjiang Uyghur Autonomous Region and Xinjiang", "新疆维吾尔自治区和新疆"),
        ("zh", "Uyghur people", "维吾尔族"),
        ("zh", "Li Mingbo met Li Ming", "李明博会见了李明"),
        ("zh", "Xinjiang", "新 疆"),
        # the same letter under other code points, presentation forms, joiners that keyboards set
        ("ug", "in Kashgar", nfc("قەشقەردە").replace("ە", "\u0647")),
        ("ug", "Korla", "\u06a9ورلا"),
        ("ug", "Uyghur", "\ufe8b\ufbd8\ufef3\ufed0\ufbd8\ufead"),
        ("ug", "in Kashgar", "قەشقەر\u200cدە"),
        ("ug", "to Ghulja", "\u202bغۇلجىغا\u202c"),
        ("kk", "in New York", "Нью\u2011Йоркте"),
        ("kk", "to the UN", "БҰҰ-ға"),
        ("kk", "to Ghulja", "Құл\u00adжаға"),
        ("ru", "of Artyom", "Артема"),
        ("ru", "of Artyom", "Арте\u0308ма"),
        ("ru", "the United States", "Соединенных\u00a0Штатов"),
        ("ru", "plane", "самолет"),
        ("ru", "Xinjiang, http://Синьцзян.рф", "Синьцзян, http://Синьцзян.рф"),
    ],
)
def test_what_is_the_same_name_passes(lang: str, source: str, target: str) -> None:
    assert _passes(lang, source, target)


@pytest.mark.parametrize(
    ("lang", "source", "target"),
    [
        ("zh", "Xinjiang is far", "新疆维吾尔自治区很远"),
        ("zh", "the Xinjiang Uyghur Autonomous Region", "新疆"),
        ("zh", "the Xinjiang Uyghur Autonomous Region and Xinjiang", "新疆维吾尔自治区"),
        ("zh", "a Uyghur", "维吾尔族"),
        ("zh", "Uyghur people", "维吾尔人"),
        ("zh", "Kazakh herders", "哈萨克斯坦牧民"),
        ("zh", "Li Ming came", "李明博来了"),
        ("zh", "Xinjiang", "新彊"),
        ("zh", "Xinjiang", "新\u200b疆"),
        ("ug", "to Xinjiang", "شينجاڭغا"),
        ("ug", "Korla", "گورلا"),
        ("ug", "Uyghur", "ئۇيغور"),
        ("ug", "Uyghur", "ۇيغۇر"),
        ("ug", "Ilham Tohti", "ئىلھام توختي"),
        ("ug", "in Kashgar", "قەشقەر-دە"),
        ("ug", "in Kashgar", "قەشقەر دە"),
        ("ug", "Ghulja", "غۇلجـا"),
        ("ug", "Ghulja", "Ghulja"),
        ("kk", "to Ghulja", "Кұлжаға"),
        ("kk", "to Ghulja", "Құлжaға"),
        ("kk", "to Ghulja", "Құлжага"),
        ("kk", "to Ghulja", "Qūljağa"),
        ("kk", "to Ghulja", "Құлжа-ға"),
        ("kk", "to Ghulja", "Құлжа\u00a0ға"),
        ("kk", "to Ili", "Iлеге"),
        ("kk", "to Ili", "Илеге"),
        ("kk", "in Ürümqi", "Үрiмжіде"),
        ("kk", "to Öskemen", "Оскеменге"),
        ("kk", "to Öskemen", "\u04e8\u0441\u043a\u0435\u043cенгe"),
        ("kk", "to the UN", "БYY-ға"),
        ("kk", "to the UN", "БҰҰға"),
        ("ru", "of Semenov", "Семёнова"),
        ("ru", "the United States", "соединённых штатов"),
        ("ru", "of Xinjiang", "Cиньцзяна"),
        ("ru", "of Xinjiang", "Синьцзя\u0301на"),
        ("ru", "of Xinjiang", "Син\u200bьцзяна"),
        ("ru", "Xinjiang", "http://Синьцзян.рф"),
        ("ru", "Xinjiang", "a@Синьцзян.рф"),
    ],
)
def test_what_only_looks_like_the_name_is_told(lang: str, source: str, target: str) -> None:
    assert not _passes(lang, source, target)


CAMP = Term("camp", "concentration camp", type="concept", targets=(Target("ru", ("концлагерь",)),))
FORBIDDING = Glossary(
    (
        CAMP,
        Term("ghulja", "Ghulja", type="place", targets=(Target("ru", ("Кульджа",), forbidden=("Инин",)),)),
        _term("Bilash", "person", "ru", "Билаш", gender="m"),
    )
)


@pytest.mark.parametrize(
    ("source", "target", "mended"),
    [
        ("She was in a concentration camp in Ghulja.", "Она сидела в Инине.", "Она сидела в Кульдже."),
        ("Bilash left Ghulja.", "Из Инина он уехал.", "Из Кульджи он уехал."),
    ],
)
def test_what_is_forbidden_for_a_term_gives_way_to_that_term(source: str, target: str, mended: str) -> None:
    (done,) = enforce([(source, target)], "ru", FORBIDDING, Matcher(FORBIDDING))
    assert done.text == mended
    assert not done.passed


def test_the_end_of_a_compound_left_beside_it_is_told() -> None:
    glossary = Glossary((CAMP,))
    judged = verify("in a concentration camp", "в концлагере лагере", "ru", glossary, Matcher(glossary))
    assert [flag.check for flag in judged.flags] == ["term-repeated"]


@pytest.mark.parametrize("places", [1200, 1100])
def test_thousands_of_names_in_one_segment_are_counted(places: int) -> None:
    glossary = GLOSSARIES["ru"]
    judged = verify("Xinjiang, " * 1200, "Синьцзян, " * places, "ru", glossary, Matcher(glossary))
    assert sum(use.verdict == "passed" for use in judged.terms) == places


def test_many_addresses_in_one_segment_are_passed_over() -> None:
    glossary = GLOSSARIES["ru"]
    judged = verify("a@" * 4000, "б@" * 4000, "ru", glossary, Matcher(glossary))
    assert judged.terms == ()
