"""What a glossary holds: terms, and what each language must, may and must not say for them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass

from glossary.inflection import Lemma

KEEP = "(keep)"
TYPES = ("person", "place", "organisation", "title", "concept")
NAMES = frozenset({"person", "place", "organisation"})


@dataclass(frozen=True, slots=True)
class Target:
    """What one language says for a term.

    Attributes:
        lang: language code.
        renderings: lemmas, the preferred one first; empty where it is kept or only forbids.
        keep: leave the source words untranslated.
        forbidden: lemmas that must not be written for it.
        head: 0-based index of the word of the preferred lemma that inflects, None to let the rules find it.
        irregular: curated forms of the preferred lemma, pairs (features, form).
    """

    lang: str
    renderings: tuple[str, ...] = ()
    keep: bool = False
    forbidden: tuple[str, ...] = ()
    head: int | None = None
    irregular: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Term:
    """A name or word the glossary rules over.

    Attributes:
        id: stable identifier.
        en: the English lemma.
        aliases: other spellings of the same thing in English.
        type: one of `TYPES`, or empty.
        gender: `m`, `f` or empty.
        number: `sg`, or `pl` for a lemma that is plural.
        invariable: its renderings never inflect.
        targets: one entry per language that says anything.
        context: words of which one must stand in the same segment; those with a leading `!` must not.
        source: where the renderings come from.
        status: `draft` or `reviewed`.
        note: for people.
        place: file and line it was read from, for messages.
        declared: declared for one line; found there in any English inflection and capitals.
    """

    id: str
    en: str
    aliases: tuple[str, ...] = ()
    type: str = ""
    gender: str = ""
    number: str = "sg"
    invariable: bool = False
    targets: tuple[Target, ...] = ()
    context: tuple[str, ...] = ()
    source: str = ""
    status: str = "draft"
    note: str = ""
    place: str = ""
    declared: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """The English lemma and its aliases."""
        return (self.en, *self.aliases)

    def target(self, lang: str) -> Target | None:
        """Return what the language says for it, None where it says nothing."""
        return next((target for target in self.targets if target.lang == lang), None)

    def translated(self, lang: str) -> bool:
        """Tell whether the language has a rendering, be it the source words themselves."""
        target = self.target(lang)
        return target is not None and (target.keep or bool(target.renderings))

    def lemmas(self, lang: str, surface: str = "") -> tuple[Lemma, ...]:
        """Return the lemmas that may stand for it, the preferred one first.

        A term to be kept gives the `surface` found in the source, or its English names where that is empty.
        """
        target = self.target(lang)
        if target is None:
            return ()
        texts = target.renderings
        if target.keep:
            texts = (surface,) if surface else self.names
        return tuple(self._lemma(text, target, first=not index) for index, text in enumerate(texts))

    def forbidden(self, lang: str) -> tuple[Lemma, ...]:
        """Return the lemmas that must not stand for it, in any of their forms."""
        target = self.target(lang)
        if target is None:
            return ()
        return tuple(Lemma(text, lang, self.type, self.gender) for text in target.forbidden)

    def _lemma(self, text: str, target: Target, *, first: bool) -> Lemma:
        fixed = self.invariable or (target.keep and target.lang in ("ru", "zh"))
        return Lemma(
            text=text,
            lang=target.lang,
            kind=self.type,
            gender=self.gender,
            number=self.number,
            head=target.head if first and not target.keep else None,
            irregular=target.irregular if first else (),
            invariable=fixed,
        )


@dataclass(frozen=True, eq=False)
class Glossary:
    """Terms with unique ids; equality is identity, so that what is computed from it can be cached."""

    terms: tuple[Term, ...] = ()

    def without_target(self, lang: str) -> tuple[Term, ...]:
        """Return the terms that the language has no rendering for."""
        return tuple(term for term in self.terms if not term.translated(lang))

    def forbidden_digest(self, lang: str) -> str:
        """Return the sha256 of everything that decides which forbidden renderings are found.

        A forbidden rendering is looked for in every segment, so this belongs into the key of every segment.
        """
        return entries_digest((term for term in self.terms if term.forbidden(lang)), lang)


def entries_digest(terms: Iterable[Term], lang: str) -> str:
    """Return the sha256 of all fields of the terms that can change a result in this language.

    Notes, sources, status and the place in the file are left out; the order of the terms does not matter.
    """
    rows = sorted(json.dumps(_result_fields(term, lang), ensure_ascii=False) for term in terms)
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()


def _result_fields(term: Term, lang: str) -> list[object]:
    target = term.target(lang)
    fields: list[object] = [
        term.id,
        term.en,
        sorted(term.aliases),
        term.type,
        term.gender,
        term.number,
        term.invariable,
        sorted(term.context),
        term.declared,
    ]
    if target is not None:
        fields += [target.renderings, target.keep, sorted(target.forbidden), target.head, target.irregular]
    return fields
