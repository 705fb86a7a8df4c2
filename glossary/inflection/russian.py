"""Russian: from a lemma to its cases, with gender and agreement.

Features are `nom gen dat acc ins loc` in the lemma's own number, and with `pl.` before them the plural of a
concept or title. `loc` is the prepositional, also where в and на ask for -у (в Крыму, о Крыме). A word given
as an adjective adds its gender (`f.gen`), a verb has the features of `russian_dictionary.verb`.

Doublets (-ой/-ою, ё/е, Айгули/Айгуль, Иванова/Иваново) are all listed, one of them preferred. A person whose
gender is not given and cannot be told has the forms of both genders. Sources are named in the other modules.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from corpora.text import nfc
from glossary.inflection import Form, Lemma, russian_people, russian_relational
from glossary.inflection import russian_dictionary as dictionary
from glossary.inflection.russian_endings import CASES, Cases, recase, same
from glossary.inflection.russian_phrases import phrase
from glossary.inflection.russian_words import PARTICLES, TITLES


def forms(lemma: Lemma) -> tuple[Form, ...]:
    """Return every form of a Russian lemma, the lemma itself first.

    Curated irregular forms replace those the rules give for the same features; an invariable lemma has one
    text for all six cases.
    """
    text = nfc(lemma.text)
    if lemma.kind == russian_relational.KIND:
        return _unique(russian_relational.forms(lemma))
    if lemma.invariable:
        ruled: Iterable[Form] = _listed(same(text))
    elif lemma.kind == "person":
        ruled = _person(text, lemma.gender)
    else:
        ruled = _other(text, lemma)
    curated = [Form(nfc(form), features) for features, form in lemma.irregular]
    replaced = {form.features for form in curated}
    kept = [form for form in _with_plain_e(ruled, text) if form.features not in replaced]
    return _unique([Form(text, "nom"), *curated, *kept])


def _listed(cases: Cases, prefix: str = "", *, preferred: bool = True) -> Iterator[Form]:
    for case in CASES:
        for i, text in enumerate(cases.get(case, ())):
            yield Form(text, prefix + case, preferred and i == 0)


def _person(text: str, gender: str) -> Iterator[Form]:
    titles, name = _split_title(text.split(" "))
    guess, sure = russian_people.guess_gender(name)
    genders = [gender] if gender in ("m", "f") else [guess] if sure else [guess, "f" if guess == "m" else "m"]
    for i, one in enumerate(genders):
        words = (*titles, *russian_people.decline(name, one))
        yield from _listed(_spaced(words), preferred=i == 0)


def _split_title(words: list[str]) -> tuple[list[Cases], tuple[str, ...]]:
    """Take the title off a name (бывший президент Нурсултан Назарбаев): it declines as a common noun."""
    end = 0
    while end < len(words) - 1 and (words[end].islower() or words[end].lower() in TITLES):
        end += 1
    if end == 0 or words[0] in PARTICLES:
        return [], tuple(words)
    return [phrase(" ".join(words[:end]), "title", "sg", None).cases], tuple(words[end:])


def _spaced(words: Iterable[Cases]) -> Cases:
    """Join the words of a name; variants go in step, so that a name is declined one way throughout."""
    tables = list(words)
    joined: dict[str, tuple[str, ...]] = {}
    for case in CASES:
        longest = max(len(table[case]) for table in tables)
        columns = [table[case] + table[case][-1:] * (longest - len(table[case])) for table in tables]
        joined[case] = tuple(dict.fromkeys(" ".join(row) for row in zip(*columns, strict=True)))
    return joined


def _other(text: str, lemma: Lemma) -> Iterator[Form]:
    """A place, organisation, title or concept; without a kind, also an adjective or a verb."""
    whole_word = list(_verb_or_adjective(text)) if not lemma.kind and " " not in text else []
    if whole_word:
        yield from whole_word
        return
    found = phrase(text, lemma.kind, lemma.number, lemma.head)
    yield from _listed(found.cases)
    yield from _listed(found.plural, "pl.")


def _verb_or_adjective(text: str) -> Iterator[Form]:
    for features, form in dictionary.verb(text):
        yield Form(recase(text, form), features)
    reading = dictionary.adjective(text)
    if reading is None or not reading.known or dictionary.known_nouns(text):
        return
    for key, cases in reading.table.items():
        agreement = key.removesuffix(".anim")
        prefix = "" if agreement == "m" else f"{agreement}."
        yield from _listed(
            {case: tuple(recase(text, form) for form in cases[case]) for case in CASES}, prefix
        )


def _with_plain_e(ruled: Iterable[Form], lemma: str) -> Iterator[Form]:
    """Add each form with ё in its other spelling; a lemma written with е for ё keeps е throughout."""
    listed = list(ruled)
    nominative = next((form.text for form in listed if form.features == "nom"), lemma)
    plain = "ё" in nominative and nominative.replace("ё", "е") == lemma
    for form in listed:
        if "ё" not in form.text:
            yield form
            continue
        yield Form(form.text, form.features, form.preferred and not plain)
        yield Form(form.text.replace("ё", "е"), form.features, form.preferred and plain)


def _unique(listed: Iterable[Form]) -> tuple[Form, ...]:
    """Keep one form of each text and features, the preferred one where there is a choice."""
    kept: dict[tuple[str, str], Form] = {}
    for form in listed:
        key = (form.text, form.features)
        if key not in kept or (form.preferred and not kept[key].preferred):
            kept[key] = form
    return tuple(kept.values())
