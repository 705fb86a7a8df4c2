"""Whatever a model says, in every language: what passes is true, and what has no terms is left alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from corpora.protocols import EngineInfo
from corpora.records import Hypothesis, Request
from glossary.enforcement import enforce, translate
from glossary.enforcement.state import Enforced
from glossary.inflection import paradigm
from glossary.matching import Matcher
from glossary.terms import Glossary, Target, Term
from glossary.verification import verify

LANGS = ("kk", "ug", "ru", "zh")
LEMMAS = {
    "Ghulja": ("Құлжа", "غۇلجا", "Кульджа", "伊宁"),
    "Kashgar": ("Қашқар", "قەشقەر", "Кашгар", "喀什"),
    "Bilash": ("Білаш", "بىلاش", "Билаш", "比拉什"),
    "Moscow": ("Мәскеу", "موسكۋا", "Москва", "莫斯科"),
}
GLOSSARY = Glossary(
    tuple(
        Term(
            en.lower(),
            en,
            type="person" if en == "Bilash" else "place",
            gender="m" if en == "Bilash" else "",
            targets=tuple(Target(lang, (text,)) for lang, text in zip(LANGS, texts, strict=True)),
        )
        for en, texts in list(LEMMAS.items())[:3]
    )
)
MATCHER = Matcher(GLOSSARY)
SOURCES = (
    "Ghulja.",
    "“Ghulja”, she said.",
    "Kashgar, Kashgar and Kashgar!",
    "Bilash's house is in Ghulja, not in Kashgar; Bilash left.",
    "KASHGAR AND GHULJA",
    "Did (Bilash) go to Ghulja?",
    "Nothing of the kind.",
    "",
)
_OTHER = {
    "kk": ("Гулжаға", "үй", "кетті", "және"),
    "ug": ("غولجا", "ئۆي", "كەتتى", "ۋە"),
    "ru": ("Гульджу", "дом", "уехал", "и"),
    "zh": ("伊寧", "房子", "去了", "和"),
}
_MARKS = ("Ghulja", "Кashgar", ".", ",", "«", "»", "—", "\u200b", "")


def _pool(lang: str) -> list[str]:
    place = LANGS.index(lang)
    terms = [term.lemmas(lang)[0] for term in GLOSSARY.terms]
    forms = [form.text for lemma in terms for form in paradigm(lemma)][::7]
    return [*forms, *(texts[place] for texts in LEMMAS.values()), *_OTHER[lang], *_MARKS]


@dataclass(frozen=True)
class Babbler:
    """Answers by the request alone, from words it was given."""

    words: Sequence[Sequence[str]]
    abilities: frozenset[str]
    lang: str

    @property
    def info(self) -> EngineInfo:
        widths = {self.lang: 2} if "n-best" in self.abilities else {}
        return EngineInfo("babbler", "0", (), 512, self.abilities, widths=widths)

    def translate(self, batch: Sequence[Request]) -> list[list[Hypothesis]]:
        return [[self._answer(request, rank) for rank in range(request.n_best)] for request in batch]

    def _answer(self, request: Request, rank: int) -> Hypothesis:
        seed = sum(map(ord, f"{request.text}{request.prefix}{request.terms}")) + rank
        words = self.words[seed % len(self.words)]
        joint = "" if self.lang == "zh" else " "
        return Hypothesis(joint.join([request.prefix, *words] if request.prefix else words), -1.0 - rank)


def _check(source: str, one: Enforced, lang: str) -> None:
    judged = verify(source, one.text, lang, GLOSSARY, MATCHER)
    assert one.passed == judged.ok == (one.rung != 5)
    assert one.flags == judged.flags
    assert [(use.verdict, use.span, use.form) for use in one.terms] == [
        (use.verdict, use.span, use.form) for use in judged.terms
    ]
    assert all((use.rung == 5) == (use.verdict == "failed") for use in one.terms)


@settings(max_examples=120, deadline=None)
@given(st.data())
def test_what_passes_is_true_and_the_rest_is_plain(data: st.DataObject) -> None:
    lang = data.draw(st.sampled_from(LANGS))
    text = st.lists(st.sampled_from(_pool(lang)), max_size=9)
    words = data.draw(st.lists(text, min_size=1, max_size=5))
    able = data.draw(st.sets(st.sampled_from(("n-best", "prefix", "terms"))))
    sources = data.draw(st.lists(st.sampled_from(SOURCES), min_size=1, max_size=4))
    engine = Babbler(words, frozenset(able), lang)
    done = translate(sources, lang, engine, GLOSSARY, MATCHER)
    for source, one in zip(sources, done, strict=True):
        _check(source, one, lang)
        [[plain]] = engine.translate([Request(source, lang)])
        if not MATCHER.find(source) or verify(source, plain.text, lang, GLOSSARY, MATCHER).ok:
            assert (one.text, one.rung) == (plain.text, 0)
    assert done == translate(sources, lang, engine, GLOSSARY, MATCHER)


@settings(max_examples=120, deadline=None)
@given(st.data())
def test_what_was_translated_elsewhere_is_mended_or_stopped(data: st.DataObject) -> None:
    lang = data.draw(st.sampled_from(LANGS))
    text = st.lists(st.sampled_from(_pool(lang)), max_size=9)
    joint = "" if lang == "zh" else " "
    written = data.draw(st.lists(text.map(joint.join), min_size=1, max_size=4))
    pairs = [(data.draw(st.sampled_from(SOURCES)), one) for one in written]
    done = enforce(pairs, lang, GLOSSARY, MATCHER)
    for (source, before), one in zip(pairs, done, strict=True):
        _check(source, one, lang)
        if not MATCHER.find(source) or verify(source, before, lang, GLOSSARY, MATCHER).ok:
            assert (one.text, one.rung) == (before, 0)
