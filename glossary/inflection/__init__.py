"""From a lemma to every form the language allows for it, by rules.

`paradigm` serves the verifier: a form counts only if it is listed. `realise` serves the ladder: it gives the
form to write for a case. Each language module offers `forms(lemma)` and is imported when first asked for;
those with hundreds of forms offer `plain_forms(lemma)` too.

Features are dot-separated, in the order of the suffixes: an optional `pl`, an optional possessive (`poss1sg`,
`poss2sg`, `poss2sgf`, `poss3`, `poss1pl`, `poss2pl`), then the case. Cases that several languages share have
one name: `nom gen dat acc loc abl ins`. What only some languages have is listed in their modules.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module

from corpora.text import nfc

_MODULES = {"kk": "kazakh", "ug": "uyghur", "ru": "russian", "zh": "chinese"}
# A paradigm takes some 50 kB.
_CACHE_SIZE = 2048
_PLAIN = frozenset(("nom", "gen", "dat", "acc", "loc", "abl", "ins"))


@dataclass(frozen=True, slots=True)
class Lemma:
    """A name or word of the glossary in its dictionary form.

    Attributes:
        text: the words as they stand in the nominative.
        lang: language code.
        kind: `person`, `place`, `organisation`, `title`, `concept`, or empty for unknown.
        gender: `m`, `f` or empty; matters in Russian.
        number: `sg`, or `pl` for a lemma that is already plural.
        head: 0-based index of the word that inflects, None to let the rules find it.
        irregular: pairs (features, form) curated by a person; they replace what the rules give there.
        invariable: the text never changes.
    """

    text: str
    lang: str
    kind: str = ""
    gender: str = ""
    number: str = "sg"
    head: int | None = None
    irregular: tuple[tuple[str, str], ...] = ()
    invariable: bool = False


_FEATURES = """
    nom gen dat acc loc abl ins pl attr equ lim pron rel priv emph mu la chu m f n
    poss1sg poss2sg poss2sgf poss3 poss1pl poss2pl
    cop1sg cop2sg cop2sgf cop3 cop1pl cop2pl cop2plf
"""
FEATURES = frozenset(_FEATURES.split())
"""The parts that the features of a form are made of, with dots between them."""


@dataclass(frozen=True, slots=True)
class Form:
    """One allowed form. `preferred` marks the one to write; the others are only recognised."""

    text: str
    features: str
    preferred: bool = True


@lru_cache(maxsize=1024)
def is_plain(features: str) -> bool:
    """Tell whether features are a case without a possessive, be it of the plural or of -дағы."""
    return features.rpartition(".")[2] in _PLAIN and "poss" not in features


@lru_cache(maxsize=_CACHE_SIZE)
def paradigm(lemma: Lemma) -> tuple[Form, ...]:
    """Return every form of the lemma, the lemma itself first, NFC, without duplicates.

    A text that serves several features (Russian accusative and genitive) is listed once for each. A language
    without a module, and an invariable lemma, have one form.
    """
    return _made(lemma, plain=False)


def plain_forms(lemma: Lemma) -> tuple[Form, ...]:
    """Return the forms of a paradigm whose features are plain; the many others are not even made."""
    return tuple(form for form in _made(lemma, plain=True) if is_plain(form.features))


def _made(lemma: Lemma, *, plain: bool) -> tuple[Form, ...]:
    own = Form(nfc(lemma.text), "nom")
    if lemma.invariable or lemma.lang not in _MODULES:
        return _unique([own, *_curated(lemma)])
    module = import_module(f"{__name__}.{_MODULES[lemma.lang]}")
    curated = list(_curated(lemma))
    replaced = {form.features for form in curated}
    forms = getattr(module, "plain_forms", module.forms) if plain else module.forms
    ruled = [form for form in forms(lemma) if form.features not in replaced]
    return _unique([own, *curated, *ruled])


def realise(lemma: Lemma, features: str) -> Form | None:
    """Return the form to write for these features, None where the lemma has none.

    An invariable lemma answers every request with its one form.
    """
    found = [form for form in paradigm(lemma) if form.features == features]
    if not found and lemma.invariable:
        return Form(nfc(lemma.text), features)
    return next((form for form in found if form.preferred), found[0] if found else None)


def _curated(lemma: Lemma) -> Iterator[Form]:
    seen: set[str] = set()
    for features, text in lemma.irregular:
        yield Form(nfc(text), features, preferred=features not in seen)
        seen.add(features)


def _unique(forms: Iterable[Form]) -> tuple[Form, ...]:
    """Keep the first of the forms that share text and features."""
    kept: dict[tuple[str, str], Form] = {}
    for form in forms:
        kept.setdefault((form.text, form.features), form)
    return tuple(kept.values())
