"""Damage of every kind done to true translations: none of it may pass."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glossary.inflection import Form, Lemma, paradigm
from glossary.matching import Matcher
from glossary.termbase import Glossary
from glossary.terms import Target, Term
from glossary.verification import verify

SOURCE = "She spoke of {} for a long time that evening."
FRAMES = {
    "kk": "Ол сол кеште {} туралы ұзақ айтты.",
    "ug": "ئۇ شۇ كەچتە {} توغرىسىدا ئۇزۇن سۆزلىدى.",
    "ru": "В тот вечер она долго говорила: {}, и только.",
    "zh": "那天晚上她说了很久：{}，还有别的。",
}
NAMES = (
    ("Kashgar", "place", "", "Қашқар", "قەشقەر", "Кашгар", "喀什噶尔"),
    ("Urumqi", "place", "", "Үрімжі", "ئۈرۈمچى", "Урумчи", "乌鲁木齐"),
    ("Korla", "place", "", "Қорла", "كورلا", "Корла", "库尔勒"),
    ("Kazakhstan", "place", "", "Қазақстан", "قازاقىستان", "Казахстан", "哈萨克斯坦"),
    (
        "Serikzhan Bilash",
        "person",
        "m",
        "Серікжан Білаш",
        "سېرىكجان بىلاش",
        "Серикжан Билаш",
        "赛尔克坚·比拉什",
    ),
    (
        "Sayragul Sauytbay",
        "person",
        "f",
        "Сайрагүл Сауытбай",
        "سايراگۈل ساۋۇتباي",
        "Сайрагуль Сауытбай",
        "沙依拉古丽·沙吾提拜",
    ),
)
TERMS = tuple(
    Term(
        name.lower(),
        name,
        type=kind,
        gender=gender,
        targets=tuple(Target(lang, (text,)) for lang, text in zip(FRAMES, texts, strict=True)),
    )
    for name, kind, gender, *texts in NAMES
)
GLOSSARY = Glossary(TERMS)
MATCHER = Matcher(GLOSSARY)
HOMOGLYPHS = dict(zip("аеорсхіАВЕКМНОРСТХ", "aeopcxiABEKMHOPCTX", strict=True))
INVISIBLE = "\u200b\u200e\u200f\u202a\u202e\u2066\u2060\ufeff\u061c"
HARMONY = {
    "kk": str.maketrans("аеыіғгқкұү", "еаіыггкқүұ"),
    "ug": str.maketrans("اەقكغگۇۈ", "ەاكقگغۈۇ"),
    "ru": str.maketrans("аяуюыи", "яаюуиы"),
}
SISTERS = {
    "kk": ("дың", "нин", "гә", "лар ", "дин", "ом", "ами", "ның"),
    "ug": ("нің", "ға", "نىڭنى", "قاغا", "дан", "ов"),
    "ru": ("дың", "ның", "ға", "да", "дан", "лар", "ымы", "уй", "емом"),
}
OTHER = {"kk": "бастық", "ug": "باشلىق", "ru": "начальник"}
TRUE_FORMS = [
    (term, lang, form) for term in TERMS for lang in FRAMES for form in paradigm(term.lemmas(lang)[0])
]


def _lemma(term: Term, lang: str) -> Lemma:
    return term.lemmas(lang)[0]


def _passes(term: Term, lang: str, written: str) -> bool:
    text = FRAMES[lang].format(written)
    return verify(SOURCE.format(term.en), text, lang, GLOSSARY, MATCHER).ok


def _spelt(form: str, lang: str, rng: random.Random) -> Iterator[tuple[str, str]]:
    """Yield what slips of the hand make of a form; behind a hyphen they may make another word."""
    name = form.partition("-")[0]
    at = rng.randrange(len(name) - 1)
    yield "a letter dropped", form[:at] + form[at + 1 :]
    yield "two letters swapped", form[:at] + form[at + 1] + form[at] + form[at + 2 :]
    if lang != "zh" and form[at].isalpha():  # 沙沙… may be another word and the name, as in 新疆疆域
        yield "a letter doubled", form[: at + 1] + form[at:]
    yield "halved", form[: len(form) // 2]
    glyphs = [i for i, letter in enumerate(name) if letter in HOMOGLYPHS]
    if glyphs:
        i = rng.choice(glyphs)
        yield "a look-alike letter", form[:i] + HOMOGLYPHS[form[i]] + form[i + 1 :]
    mark = rng.choice(INVISIBLE)
    inside = [i for i in range(1, len(name)) if form[i - 1].isalpha() and form[i].isalpha()]
    i = rng.choice(inside)
    if lang != "zh":  # each character is a word there, and an invisible one between two of them joins nothing
        yield "an invisible character", form[:i] + mark + form[i:]
    if lang in ("kk", "ru"):
        yield "a joiner", form[:i] + "\u200c" + form[i:]


def _formed(form: str, lemma: Lemma, rng: random.Random) -> Iterator[tuple[str, str]]:
    """Yield what slips of grammar make of a form."""
    lang = lemma.lang
    if lang == "zh":
        return
    yield "a suffix of a sister language", form + rng.choice(SISTERS[lang]).strip()
    stem = min(len(form), len(lemma.text)) - 1
    yield "wrong harmony", form[:stem] + form[stem:].translate(HARMONY[lang])
    yield "inside another word", form + OTHER[lang]
    yield "behind another word", OTHER[lang] + form
    yield "no capitals", form.lower() if lang != "ug" else form + OTHER[lang]


def _placed(form: str, term: Term, lang: str, rng: random.Random) -> Iterator[tuple[str, str]]:
    """Yield what slips of the mind make of a form."""
    others = [other for other in TERMS if other is not term]
    yield "another name", _lemma(rng.choice(others), lang).text
    yield "left in English", term.en
    yield "left out", "…"
    yield "doubled", f"{form} {form}" if lang != "zh" else form + form


@settings(max_examples=250, deadline=None)
@given(st.sampled_from(TRUE_FORMS), st.randoms(use_true_random=False))
def test_no_damage_passes(true: tuple[Term, str, Form], rng: random.Random) -> None:
    term, lang, form = true
    lemma = _lemma(term, lang)
    assert _passes(term, lang, form.text)
    allowed = {one.text for one in paradigm(lemma)}
    made = [
        *_spelt(form.text, lang, rng),
        *_formed(form.text, lemma, rng),
        *_placed(form.text, term, lang, rng),
    ]
    for kind, written in made:
        same = written.strip() in allowed or written == form.text
        if not same:
            assert not _passes(term, lang, written), (kind, lang, form, written)


@pytest.mark.parametrize("lang", FRAMES)
def test_what_makes_no_difference_passes(lang: str) -> None:
    for term in TERMS:
        text = _lemma(term, lang).text
        assert _passes(term, lang, f"“{text}”")
        assert _passes(term, lang, text.replace(" ", "\n  "))
        assert _passes(term, lang, text.replace(" ", "\u00a0"))
