"""Find every rendering of a glossary's terms in a target text: all forms of all lemmas, as whole tokens.

This is the verifier's eye. A text is cut into tokens (words, single Chinese characters, single punctuation
marks); a form is found where its tokens stand side by side with its capitals. Forms are made lazily: a
token's consonants say which lemmas may begin there, so that a large glossary costs little on a short text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace
from functools import lru_cache

from corpora.records import Span
from corpora.text import nfc
from glossary.chinese_script import in_both_scripts
from glossary.folding import fold
from glossary.inflection import Form, Lemma, paradigm
from glossary.inflection.russian_relational import KIND, relational
from glossary.suffixes import clinging
from glossary.terms import Glossary, Term

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_TOKEN = re.compile(rf"[{_HAN}]|[^\W_{_HAN}](?:[^\W_{_HAN}]|[\u0300-\u036f])*|[^\w\s]|_")
_HAN_LETTER = re.compile(f"[{_HAN}]")
_VOWELS = frozenset("аәеёиіоөуұүыэюяйьъاەېىوۇۆۈئيۋaeiouy")
_VOICED = str.maketrans("қкпфтчсقكپتچ", "ғгбвджзغگبدج")
# the same Uyghur letter under other code points (Arabic and Persian keyboards)
_UYGHUR = str.maketrans("\u06a9\u06cc\u0647", "\u0643\u0649\u06d5")
_PRESENTATION = re.compile("[\ufb50-\ufdff\ufe70-\ufefc]")


@dataclass(frozen=True, slots=True)
class Token:
    """A token of the even text: in lower case, as it stands, and where it stands in the original."""

    lower: str
    plain: str
    span: Span
    joined: bool  # nothing stands between it and the token before


@dataclass(frozen=True, slots=True)
class Found:
    """A form that stands in the text.

    Attributes:
        term: index of its term in the glossary.
        forbidden: the form belongs to a forbidden rendering.
        lemma: the lemma it is a form of.
        form: the form with its features.
        first: index of its first token.
        last: index behind its last token.
    """

    term: int
    forbidden: bool
    lemma: Lemma
    form: Form
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class _Pattern:
    tokens: tuple[str, ...]
    plain: tuple[str, ...]
    form: Form


@dataclass(frozen=True, slots=True)
class _Entry:
    term: int
    forbidden: bool
    lemma: Lemma


def tokenize(text: str, lang: str) -> tuple[Token, ...]:
    """Cut an NFC text into tokens whose spans index that text."""
    folded = fold(text)
    tokens: list[Token] = []
    end = -1
    for match in _TOKEN.finditer(folded.plain):
        start, stop = match.span()
        plain = _even(match.group(), lang)
        lower = plain.lower()
        tokens.append(Token(lower, plain, folded.span(start, stop), start == end))
        end = stop
    return tuple(tokens)


def is_han(token: str) -> bool:
    """Tell whether a token is a Chinese character."""
    return _HAN_LETTER.fullmatch(token) is not None


def _even(token: str, lang: str) -> str:
    if lang != "ug":
        return token
    if _PRESENTATION.search(token):
        token = unicodedata.normalize("NFKC", token)
    return token.translate(_UYGHUR)


class Renderings:
    """All forms of all renderings of a glossary in one language, allowed and forbidden."""

    def __init__(self, glossary: Glossary, lang: str) -> None:
        self.glossary = glossary
        self.lang = lang
        self._by_key: dict[str, list[_Entry]] = {}
        self._patterns: dict[Lemma, dict[str, list[_Pattern]]] = {}
        for order, term in enumerate(glossary.terms):
            for lemma in term.lemmas(lang):
                self._add(_Entry(order, False, lemma))
                if lang == "ru" and (adjective := relational(lemma)) is not None:
                    self._add(_Entry(order, False, adjective))
            for lemma in term.forbidden(lang):
                for text in in_both_scripts(lemma.text) if lang == "zh" else (lemma.text,):
                    self._add(_Entry(order, True, replace(lemma, text=text)))

    def _add(self, entry: _Entry) -> None:
        texts = [entry.lemma.text, *(form for _, form in entry.lemma.irregular)]
        for key in {key for text in texts for key in self._keys(text)}:
            self._by_key.setdefault(key, []).append(entry)

    def _keys(self, text: str) -> Iterator[str]:
        """Yield the keys of the first token of a form, with and without an opening quotation mark."""
        tokens = tokenize(nfc(text), self.lang)
        for token in (tokens[:1], [token for token in tokens if token.lower != '"'][:1]):
            yield from (_key(first.lower) for first in token)

    def find(self, tokens: Sequence[Token], attributive: Set[int] = frozenset()) -> list[Found]:
        """Return every form that stands in the tokens, nested and overlapping ones included.

        Args:
            tokens: the text.
            attributive: indices of the terms whose relational adjectives count (пекинский for Пекин).
        """
        return [found for index in range(len(tokens)) for found in self._at(tokens, index, attributive)]

    def _at(self, tokens: Sequence[Token], index: int, attributive: Set[int]) -> Iterator[Found]:
        lower = tokens[index].lower
        key = _key(lower)
        for size in range(len(key) + 1):
            for entry in self._by_key.get(key[:size], ()):
                if entry.lemma.kind == KIND and entry.term not in attributive:
                    continue
                for pattern in self._of(entry.lemma).get(lower, ()):
                    last = index + len(pattern.tokens)
                    if _stands(pattern, tokens, index, last) and not clinging(tokens, last, self.lang):
                        yield Found(entry.term, entry.forbidden, entry.lemma, pattern.form, index, last)

    def _of(self, lemma: Lemma) -> dict[str, list[_Pattern]]:
        patterns = self._patterns.get(lemma)
        if patterns is None:
            patterns = self._patterns[lemma] = _compile(lemma)
        return patterns


@lru_cache(maxsize=64)
def renderings(glossary: Glossary, lang: str) -> Renderings:
    """Return the renderings of a glossary, made once."""
    return Renderings(glossary, lang)


def _compile(lemma: Lemma) -> dict[str, list[_Pattern]]:
    by_first: dict[str, list[_Pattern]] = {}
    seen: set[tuple[str, ...]] = set()
    for form in sorted(paradigm(lemma), key=lambda form: not form.preferred):
        whole = [(token.lower, token.plain) for token in tokenize(form.text, lemma.lang)]
        for pairs in (whole, [pair for pair in whole if pair[0] != '"']):
            plain = tuple(word for _, word in pairs)
            if pairs and plain not in seen:
                seen.add(plain)
                pattern = _Pattern(tuple(low for low, _ in pairs), plain, form)
                by_first.setdefault(pattern.tokens[0], []).append(pattern)
    return by_first


def _stands(pattern: _Pattern, tokens: Sequence[Token], first: int, last: int) -> bool:
    if last > len(tokens):
        return False
    here = tokens[first:last]
    return all(
        low == token.lower and _case_fits(word, token.plain)
        for low, word, token in zip(pattern.tokens, pattern.plain, here, strict=True)
    )


def _case_fits(form: str, found: str) -> bool:
    """Allow the form as it is, with a capital first letter, or wholly in capitals.

    A code with a digit in it is no word that a headline puts in capitals: `Aa1` and `AA1` are two ratings.
    """
    if found in (form, form[:1].upper() + form[1:]):
        return True
    return found.isupper() and not any(map(str.isdigit, form))


def _key(token: str) -> str:
    """Return the first two consonants, voiced: the part of a word that no ending changes."""
    return "".join(letter for letter in token.translate(_VOICED) if letter not in _VOWELS)[:2]


def preferred(term: Term, lang: str) -> str:
    """Return the text a person is told to use for a term."""
    lemmas = term.lemmas(lang)
    return lemmas[0].text if lemmas else ""
