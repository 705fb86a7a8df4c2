"""Names that are all but right: one letter off, or with an ending that is no ending of theirs.

Such a word is a fault even where the name also stands rightly elsewhere: a reader would take it for the name.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpora.languages import LANGUAGES
from corpora.records import Span
from glossary.inflection import Lemma, paradigm
from glossary.renderings import Token, tokenize
from glossary.suffixes import is_ending

_LEAST_LETTERS = 5  # shorter words are too often another word by a letter


@dataclass(frozen=True, slots=True)
class Misspelt:
    """A word or words that should have been a form of a lemma."""

    span: Span
    lemma: Lemma


def misspelt(
    tokens: Sequence[Token], held: set[int], lemmas: Sequence[Lemma], lang: str
) -> Iterator[Misspelt]:
    """Yield the places where a name is all but right.

    Args:
        tokens: the target text.
        held: indices of tokens that are renderings of some term; they are left alone.
        lemmas: the renderings of the names in the source.
        lang: language of the text; Chinese has no such faults that could be told from other words.
    """
    if lang == "zh":
        return
    taken: set[int] = set()
    for lemma in lemmas:
        forms = _forms(lemma)
        if not forms:
            continue
        sizes = sorted({len(form) for form in forms}, reverse=True)
        for index, token in enumerate(tokens):
            if LANGUAGES[lang].script == "Cyrl" and not token.plain[:1].isupper():
                continue
            for size in sizes:
                here = range(index, min(index + size, len(tokens)))
                if len(here) < size or not taken.isdisjoint(here) or not held.isdisjoint(here):
                    continue
                words = tuple(tokens[place].lower for place in here)
                if any(_all_but(words, form, lang) for form in forms):
                    taken.update(here)
                    yield Misspelt((token.span[0], tokens[index + size - 1].span[1]), lemma)
                    break


def _forms(lemma: Lemma) -> set[tuple[str, ...]]:
    letters = sum(map(str.isalpha, lemma.text))
    if letters < _LEAST_LETTERS or not lemma.text[:1].isalpha():
        return set()
    texts = {form.text for form in paradigm(lemma)}
    return {tuple(token.lower for token in tokenize(text, lemma.lang)) for text in texts}


def _all_but(words: tuple[str, ...], form: tuple[str, ...], lang: str) -> bool:
    if len(words) != len(form):
        return False
    wrong = [(word, right) for word, right in zip(words, form, strict=True) if word != right]
    if len(wrong) != 1:
        return False
    word, right = wrong[0]
    if len(right) < _LEAST_LETTERS - 1:
        return False
    return _one_off(word, right) or (word.startswith(right) and is_ending(word[len(right) :], lang))


def _one_off(word: str, right: str) -> bool:
    """Tell whether one letter is missing, too many or another (edit distance 1)."""
    if abs(len(word) - len(right)) > 1:
        return False
    shared = 0
    while shared < min(len(word), len(right)) and word[shared] == right[shared]:
        shared += 1
    rest, wanted = word[shared:], right[shared:]
    return rest[1:] == wanted[1:] or rest == wanted[1:] or rest[1:] == wanted
