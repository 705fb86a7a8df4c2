"""Flags and audit records as one line a person can read and a program can read back.

    error term-missing @3-9 "…" ; warning numbers "…"
    passed sauytbay "Sayragul Sauytbay" @0-17 → "Сайрагүл Сауытбайдың" @0-20 case gen rung 2

Items are separated by `;`. Words in quotes are JSON strings; `@` is a span of characters, end exclusive.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import cast, get_args

from corpora.errors import UsageError
from corpora.records import Flag, Severity, Span, TermUse, Verdict
from corpora.text import nfc

_TOKEN = re.compile(
    r'\s*(?:(?P<text>"(?:[^"\\]|\\.)*")|(?P<span>@\d+-\d+)|(?P<end>;)|(?P<word>[^\s";@][^\s";]*))'
)
_WORD = re.compile(r"[\w.+:/-]+", re.ASCII)
# controls, line separators and non-characters, which some file format or reader would not survive
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]")
_HALF_PAIR = re.compile("[\ud800-\udfff]")


def format_flags(flags: Sequence[Flag]) -> str:
    """Return the flags as one line, empty for none."""
    return " ; ".join(
        " ".join([flag.severity, _word(flag.check), *_at(flag.span), _quoted(flag.message)]) for flag in flags
    )


def format_terms(terms: Sequence[TermUse]) -> str:
    """Return the audit records as one line, empty for none."""
    return " ; ".join(_format_term(term) for term in terms)


def parse_flags(line: str, place: str) -> tuple[Flag, ...]:
    """Read back what `format_flags` wrote; raise `UsageError` at `place` for anything else."""
    return tuple(_flag(item) for item in _items_of(line, place, "flags"))


def parse_terms(line: str, place: str) -> tuple[TermUse, ...]:
    """Read back what `format_terms` wrote; raise `UsageError` at `place` for anything else."""
    return tuple(_term(item) for item in _items_of(line, place, "terms"))


def _format_term(term: TermUse) -> str:
    parts = [term.verdict, _word(term.term), _quoted(term.surface), *_at(term.source_span)]
    if term.form is not None:
        parts += ["→", _quoted(term.form), *_at(term.span)]
    if term.case:
        parts += ["case", _word(term.case)]
    if term.rung is not None:
        parts += ["rung", str(term.rung)]
    return " ".join(parts)


def _quoted(text: str) -> str:
    return _UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", json.dumps(text, ensure_ascii=False))


def _word(text: str) -> str:
    return text if _WORD.fullmatch(text) else _quoted(text)


def _at(span: Span | None) -> tuple[str, ...]:
    return () if span is None else (f"@{span[0]}-{span[1]}",)


def _items(line: str, place: str, what: str) -> Iterator[list[tuple[str, str]]]:
    """Yield the tokens (kind, text) of each item."""
    item: list[tuple[str, str]] = []
    position, end = 0, len(line.rstrip())
    while position < end:
        match = _TOKEN.match(line, position)
        if match is None or match.lastgroup is None:
            raise UsageError(f"the {what} cannot be read from character {position + 1} on", place=place)
        if match.lastgroup == "end":
            yield item
            item = []
        else:
            item.append((match.lastgroup, match[match.lastgroup]))
        position = match.end()
    if item:
        yield item


class _Item:
    """The tokens of one item, taken from the left."""

    def __init__(self, tokens: list[tuple[str, str]], place: str, what: str, number: int) -> None:
        self.tokens, self.place, self.what, self.number, self.next = tokens, place, what, number, 0

    def fail(self) -> UsageError:
        return UsageError(
            f"the {self.what} cannot be read: item {self.number}, part {self.next + 1}", place=self.place
        )

    def take(self, *kinds: str) -> str:
        """Return the next token, a string without its quotes; fail unless it is of one of the kinds."""
        if self.next == len(self.tokens) or self.tokens[self.next][0] not in kinds:
            raise self.fail()
        kind, text = self.tokens[self.next]
        self.next += 1
        if kind != "text":
            return text
        try:
            value = nfc(json.loads(text))
        except ValueError:
            raise self.fail() from None
        if _HALF_PAIR.search(value):
            raise self.fail()
        return value

    def took(self, word: str) -> bool:
        """Take the next token if it is this very word."""
        found = self.next < len(self.tokens) and self.tokens[self.next] == ("word", word)
        self.next += found
        return found

    def span(self) -> Span | None:
        """Take a span if one comes next."""
        if self.next == len(self.tokens) or self.tokens[self.next][0] != "span":
            return None
        start, _, end = self.take("span")[1:].partition("-")
        return int(start), int(end)

    def end(self) -> None:
        if self.next != len(self.tokens):
            raise self.fail()


def _items_of(line: str, place: str, what: str) -> Iterator[_Item]:
    for number, tokens in enumerate(_items(line, place, what), 1):
        yield _Item(tokens, place, what, number)


def _flag(item: _Item) -> Flag:
    severity = item.take("word")
    if severity not in get_args(Severity):
        raise item.fail()
    check, span, message = item.take("word", "text"), item.span(), item.take("text")
    item.end()
    return Flag(check, cast("Severity", severity), message, span)


def _term(item: _Item) -> TermUse:
    verdict = item.take("word")
    if verdict not in get_args(Verdict):
        raise item.fail()
    term, surface, source_span = item.take("word", "text"), item.take("text"), item.span()
    if source_span is None:
        raise item.fail()
    form, span = (item.take("text"), item.span()) if item.took("→") else (None, None)
    case = item.take("word", "text") if item.took("case") else ""
    rung = item.take("word") if item.took("rung") else ""
    item.end()
    if rung and not (rung.isascii() and rung.isdigit()):
        raise item.fail()
    return TermUse(
        term, surface, source_span, form, span, case, int(rung) if rung else None, cast("Verdict", verdict)
    )
