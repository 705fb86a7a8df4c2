"""Let the verifier judge translations that are kept: what it says depends on the whole glossary.

A segment's key holds the terms of its source alone, so that a changed term touches no other segment. But the
verifier also looks for the renderings of all other terms: one that is added may be forbidden, may hold
another one, or may be a name that the source does not speak of.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from corpora.records import Flag, Segment, Translation
from glossary.terms import Glossary, entries_digest
from glossary.verification import CHECKS, VERSION, Verification, verify
from pipeline.stages.base import digest_of
from pipeline.workspace import Workspace


def judges_digest(workspace: Workspace, lang: str) -> str:
    """Return the digest of all that decides what the verifier says of a given pair of texts."""
    return _digest(workspace.glossary, lang)


@lru_cache(maxsize=16)
def _digest(glossary: Glossary, lang: str) -> str:
    terms = glossary.terms
    return digest_of([VERSION, [term.id for term in terms], entries_digest(terms, lang)])


def reverified(workspace: Workspace, segment: Segment, old: Translation, lang: str) -> Translation | None:
    """Return a kept translation with what the verifier says of it now, None where it must be made anew.

    It is made anew where other terms are found or missing, or other kinds of error. What the engine
    and the stages behind it said of the text stays, and so do the rungs, for the text is the same.
    """
    now = verify(segment.text, old.text, lang, workspace.glossary, workspace.matcher)
    said = [(use.term, use.verdict) for use in old.terms]
    if said != [(use.term, use.verdict) for use in now.terms] or _errors(now.flags) != _errors(old.flags):
        return None
    return _with(old, now)


def _with(old: Translation, now: Verification) -> Translation:
    uses = (replace(use, rung=before.rung) for use, before in zip(now.terms, old.terms, strict=True))
    others = (flag for flag in old.flags if not flag.check.startswith(CHECKS))
    return replace(old, terms=tuple(uses), flags=(*now.flags, *others))


def _errors(flags: tuple[Flag, ...]) -> set[str]:
    return {flag.check for flag in flags if flag.severity == "error" and flag.check.startswith(CHECKS)}
