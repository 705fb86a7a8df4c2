"""Mend translations made elsewhere, line by line: each term is sought in the sentence that should hold it.

A line may be a whole paragraph. Both of its sides are cut into sentences and aligned, each group of
sentences is mended by itself, and the whole line is judged again by the verifier. A Chinese text is brought
into the script of its glossary first: a name in traditional characters has no place in a simplified text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from corpora.alignment import align
from corpora.protocols import Encoder, Engine
from corpora.records import Span, TermUse
from corpora.segments import split
from corpora.text import nfc
from glossary.chinese_script import conversion_to_script_of, converted
from glossary.enforcement import Enforced, Lexicon, enforce_each
from glossary.matching import Match, Matcher
from glossary.terms import Glossary
from glossary.verification import verify

_LAST_RUNG = 5


@dataclass(frozen=True, slots=True)
class _Piece:
    """Some sentences of a line and what translates them, as spans; the target is empty where nothing does."""

    line: int
    source: Span
    target: Span
    lexicon: Lexicon


def script_conversion(lexicons: Sequence[Lexicon], texts: Sequence[str], lang: str) -> str:
    """Return the conversion that brings all texts into the script of their glossaries; empty for none.

    Args:
        lexicons: the glossary of each text.
        texts: the translations.
        lang: their language; only Chinese is written in two scripts here.
    """
    if lang != "zh":
        return ""
    glossaries = {id(one.glossary): one.glossary for one in lexicons}.values()
    renderings = (lemma.text for one in glossaries for term in one.terms for lemma in term.lemmas(lang))
    return conversion_to_script_of(renderings, texts)


def enforce_lines(
    pairs: Sequence[tuple[str, str]],
    lang: str,
    lexicons: Sequence[Lexicon],
    engine: Engine | None = None,
    encoder: Encoder | None = None,
) -> list[Enforced]:
    """Make translations made elsewhere true to their glossaries, changing as little as possible.

    Args:
        pairs: source and translation of each line, a sentence or several.
        lang: language of the translations.
        lexicons: the glossary of each line.
        engine: a model for what cannot be mended in place; without one it is stopped.
        encoder: aligns the sentences of long lines and finds wrong renderings by meaning.

    Returns:
        One `Enforced` per line, in order. All lines are in one script, whether they hold terms or not.
    """
    conversion = script_conversion(lexicons, [text for _, text in pairs], lang)
    even = [(nfc(source), nfc(converted(text, conversion) if conversion else text)) for source, text in pairs]
    cut: dict[int, list[_Piece]] = {}
    for line, ((source, text), lexicon) in enumerate(zip(even, lexicons, strict=True)):
        if encoder is not None and (pieces := _pieces(line, source, text, lang, lexicon, encoder)):
            cut[line] = pieces
    whole = [line for line in range(len(even)) if line not in cut]
    parts = [piece for pieces in cut.values() for piece in pieces]
    asked = [even[line] for line in whole]
    asked += [(even[one.line][0][slice(*one.source)], even[one.line][1][slice(*one.target)]) for one in parts]
    rules = [*(lexicons[line] for line in whole), *(one.lexicon for one in parts)]
    done = enforce_each(asked, lang, rules, engine, encoder)
    found = dict(zip(whole, done[: len(whole)], strict=True))
    mended = iter(done[len(whole) :])
    for line, pieces in cut.items():
        here = [(piece, next(mended)) for piece in pieces]
        found[line] = _joined(here, *even[line], lang, lexicons[line])
    return [found[line] for line in range(len(even))]


def _pieces(line: int, source: str, text: str, lang: str, lexicon: Lexicon, encoder: Encoder) -> list[_Piece]:
    """Cut a line that is at fault into its aligned groups of sentences; none where it is one group."""
    left = split(source, "en")
    if len(left) < 2 or verify(source, text, lang, lexicon.glossary, lexicon.matcher).ok:
        return []
    matches = lexicon.matcher.find(source)
    if any(not match.surface for match in matches):
        return []  # a term that cannot be seen belongs to no sentence
    right = split(text, lang)
    beads = align(
        [source[slice(*span)] for span in left],
        [text[slice(*span)] for span in right],
        encoder,
        source_lang="en",
        target_lang=lang,
    )
    pieces: list[_Piece] = []
    end = 0
    for bead in beads:
        mine = [left[int(place)] for place in bead.source]
        theirs = [right[int(place)] for place in bead.target]
        target = (theirs[0][0], theirs[-1][1]) if theirs else (end, end)
        end = target[1]
        if mine:
            span = mine[0][0], mine[-1][1]
            pieces.append(_Piece(line, span, target, _narrowed(lexicon, matches, span)))
    return pieces if len(pieces) > 1 else []


def _narrowed(lexicon: Lexicon, matches: Sequence[Match], span: Span) -> Lexicon:
    """Return the glossary of a piece: of terms declared for the line, only those that stand in it."""
    if not any(term.declared for term in lexicon.glossary.terms):
        return lexicon
    inside = {match.term.id for match in matches if span[0] <= match.span[0] and match.span[1] <= span[1]}
    glossary = Glossary(tuple(term for term in lexicon.glossary.terms if term.id in inside))
    return Lexicon(glossary, Matcher(glossary))


def _joined(
    pieces: Sequence[tuple[_Piece, Enforced]], source: str, text: str, lang: str, lexicon: Lexicon
) -> Enforced:
    """Put mended pieces back into their line and let the verifier judge it as a whole."""
    parts: list[str] = []
    end = 0
    rungs: dict[tuple[str, Span], int | None] = {}
    for piece, one in pieces:
        parts += [text[end : piece.target[0]], one.text]
        end = piece.target[1]
        for use in one.terms:
            rungs[use.term, _shifted(use, piece.source[0])] = use.rung
    whole = "".join([*parts, text[end:]])
    found = verify(source, whole, lang, lexicon.glossary, lexicon.matcher)
    highest = max((one.rung for _, one in pieces if one.rung < _LAST_RUNG), default=0)
    uses = tuple(_with_rung(use, rungs.get((use.term, use.source_span)), highest) for use in found.terms)
    models = dict.fromkeys(one.model for _, one in pieces if one.model)
    said = [flag for _, one in pieces for flag in one.flags if not flag.check.startswith("term-")]
    flags = (*found.flags, *said)
    return Enforced(whole, 0.0, uses, flags, highest if found.ok else _LAST_RUNG, ", ".join(models))


def _with_rung(use: TermUse, before: int | None, highest: int) -> TermUse:
    """Give an occurrence judged in the whole line the rung that its piece took, where that passed too."""
    if use.verdict == "untranslated":
        return use
    passed = highest if before in (None, _LAST_RUNG) else before
    return replace(use, rung=_LAST_RUNG if use.verdict == "failed" else passed)


def _shifted(use: TermUse, by: int) -> Span:
    return use.source_span[0] + by, use.source_span[1] + by
