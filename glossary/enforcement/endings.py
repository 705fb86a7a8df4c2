"""Read the features off a form that stands in a text, to give them to the form that takes its place."""

from __future__ import annotations

from functools import lru_cache

from glossary.inflection import Form, Lemma, paradigm
from glossary.sounds import closeness, sounds

# words of every harmony and ending, whose forms show all endings of their language
_SHOWN = {
    "kk": (
        "Бала",
        "Кісі",
        "Дос",
        "Ел",
        "Қазан",
        "Тең",
        "Қыз",
        "Күз",
        "Тау",
        "Би",
        "Ат",
        "Мектеп",
        "Тай",
        "Үй",
    ),
    "ug": ("بازار", "شەھەر", "كىتاب", "مەكتەپ", "ئوقۇغۇچى", "دۆلەت", "قىز", "كۆل", "ئورۇن", "تاغ", "ئۈرۈمچى"),
}
_CASES = ("gen", "dat", "acc", "loc", "abl", "ins", "attr", "equ")
_LEAST_STEM = 2
_SEEN = 0.05  # how much less alike the form may be whose ending was seen
_RARE = 0.1  # how much more alike than the others a rare form must be


@lru_cache(maxsize=8)
def _suffixes(lang: str) -> dict[str, str]:
    """Return the case endings of a language with their features, learnt from its own paradigms."""
    found: dict[str, str] = {}
    for word in _SHOWN[lang]:
        for form in paradigm(Lemma(word, lang)):
            tail = form.text.removeprefix(word)
            if tail and tail != form.text and _plain(form.features):
                found.setdefault(tail, form.features)
    return found


def _plain(features: str) -> bool:
    parts = features.split(".")
    return parts[-1] in _CASES and all(part in ("pl", "poss3") for part in parts[:-1])


def most_alike(lemma: Lemma, stood: str, wanted: tuple[str, ...]) -> Form:
    """Return the form of a lemma that sounds most like a misspelt one; among equals the one wanted first.

    Of a name of several words that stood there without the first ones, only as many are compared.
    """
    spelt, size = sounds(stood), len(stood.split())
    turkic = lemma.lang in _SHOWN  # in Russian a misspelt ending is read wrongly too often
    shown = next((features for features in wanted if features != "nom"), "") if turkic else ""
    forms = [form for form in paradigm(lemma) if form.preferred] or list(paradigm(lemma))
    values = [
        closeness(sounds(" ".join(form.text.split()[-size:])), spelt)
        - _RARE * _is_rare(form.features, lemma.kind)
        + _SEEN * (form.features == shown)
        for form in forms
    ]
    best = max(values)
    near = [form for form, value in zip(forms, values, strict=True) if value >= best - 0.02]
    order = {features: rank for rank, features in reversed(list(enumerate(wanted)))}
    return min(near, key=lambda form: order.get(form.features, len(order)))


def _is_rare(features: str, kind: str) -> bool:
    """Tell a form that few texts hold: my, your, I am …; of people and places also his."""
    rare = ("poss1", "poss2", "cop", "pron", "priv", *(("poss",) if kind in ("person", "place") else ()))
    return any(part.startswith(rare) for part in features.split("."))


def features_of(word: str, lang: str, tail: int = 0) -> tuple[str, ...]:
    """Return the features a Kazakh or Uyghur word may have, the likeliest first; `nom` elsewhere.

    Args:
        word: the word as it stands.
        lang: its language.
        tail: how many letters at its end are likely to be an ending, where that is known.
    """
    if lang not in _SHOWN:
        return ("nom",)
    stem, hyphen, apart = word.rpartition("-")
    suffixes = _suffixes(lang)
    if hyphen and stem and apart in suffixes:
        return (suffixes[apart], "nom")
    if word in suffixes:  # written apart from a name in Latin letters
        return (suffixes[word], "nom")
    fitting = [
        (abs(len(suffix) - tail) if tail else -len(suffix), suffix)
        for suffix in suffixes
        if word.endswith(suffix) and len(word) - len(suffix) >= _LEAST_STEM
    ]
    return (*dict.fromkeys(suffixes[suffix] for _, suffix in sorted(fitting)), "nom")


def closest(lemma: Lemma, wanted: tuple[str, ...]) -> Form:
    """Return the form of a lemma whose features come nearest to the wanted ones, in their order."""
    forms = [form for form in paradigm(lemma) if form.preferred] or list(paradigm(lemma))
    for features in wanted:
        for form in forms:
            if form.features == features:
                return form
    sets = [frozenset(features.split(".")) for features in wanted]
    best, value = forms[0], 0.0
    for form in forms:
        own = frozenset(form.features.split("."))
        for rank, other in enumerate(sets):
            score = len(own & other) / len(own | other) - 0.05 * rank
            if score > value:
                best, value = form, score
    return best
