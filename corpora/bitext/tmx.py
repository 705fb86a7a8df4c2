"""Bitext as TMX 1.4b (LISA OSCAR, 2005), the translation memory every translator's tool takes.

The file is valid against `tmx14.dtd`. It holds no dates, so the same pairs always give the same bytes. What a
machine wrote says so three times: in a note in the header, as `creationid` of the target, which tools show
beside a match, and as property `x-notice` of the unit, which stays with it when memories are merged.

A control character, which XML cannot hold, becomes a placeholder `<ph type="x-terjiman-char">0007</ph>` in a
segment, so that the text survives, and U+FFFD in names and notes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from importlib.metadata import version

from corpora.bitext import Pair, check_origin, encode, noticed
from corpora.bitext.cells import format_flags, format_terms, parse_flags, parse_terms
from corpora.bitext.tags import code_of, tag_of
from corpora.bitext.xml import ILLEGAL, XML_LANG, attribute, parse, text
from corpora.errors import UsageError
from corpora.text import nfc

_CHARACTER = "x-terjiman-char"
_CODE = re.compile("00[01][0-9A-F]|FFF[EF]")
_CODES = ("bpt", "ept", "it", "ph", "ut")


def write(pairs: Sequence[Pair], *, source_lang: str, lang: str, notice: str = "") -> bytes:
    """Return the pairs as TMX, one unit each, also where one side is empty."""
    del lang  # each pair knows its own
    pairs = noticed(pairs, notice)
    notices = dict.fromkeys(pair.notice for pair in pairs if pair.notice)
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<!DOCTYPE tmx SYSTEM "tmx14.dtd">',
        '<tmx version="1.4">',
        f'<header creationtool="terjiman" creationtoolversion={attribute(version("terjiman"))}'
        f' segtype="sentence" o-tmf="terjiman" adminlang="en" srclang={attribute(tag_of(source_lang))}'
        ' datatype="plaintext">',
        *(f"<note>{text(line)}</note>" for line in notices),
        "</header>",
        "<body>",
        *(_unit(pair, source_lang) for pair in pairs),
        "</body>",
        "</tmx>",
    ]
    return encode("\n".join(lines) + "\n")


def _unit(pair: Pair, source_lang: str) -> str:
    properties = [
        ("x-document", pair.document),
        ("x-model", pair.model),
        ("x-origin", pair.origin),
        ("x-notice", pair.notice),
        ("x-flags", format_flags(pair.flags)),
        ("x-terms", format_terms(pair.terms)),
    ]
    creator = f"{pair.origin}:{pair.model}" if pair.model else pair.origin
    return "\n".join(
        [
            f"<tu tuid={attribute(pair.id)}>",
            *([f"<note>{text(pair.note)}</note>"] if pair.note else []),
            *(f'<prop type="{name}">{text(value)}</prop>' for name, value in properties if value),
            f"<tuv xml:lang={attribute(tag_of(source_lang))}><seg>{_segment(pair.source)}</seg></tuv>",
            f"<tuv xml:lang={attribute(tag_of(pair.lang))} creationid={attribute(creator)}>"
            f"<seg>{_segment(pair.target)}</seg></tuv>",
            "</tu>",
        ]
    )


def _segment(value: str) -> str:
    parts, last = [], 0
    for match in ILLEGAL.finditer(value):
        parts.append(text(value[last : match.start()]))
        parts.append(f'<ph type="{_CHARACTER}">{ord(match[0]):04X}</ph>')
        last = match.end()
    return "".join([*parts, text(value[last:])])


def read(data: bytes, place: str) -> list[Pair]:
    """Read pairs from TMX of any tool: one pair for each target a unit has, its codes left out.

    The source of a unit is the variant in its `srclang`, or in the header's, or else the first one.

    Raises:
        UsageError: with the line, for anything that is not such a file.
    """
    handler = _Reader(place)
    parse(data, handler, place)
    if not handler.found:
        raise UsageError("no TMX file: the root element is not <tmx>", place=place)
    return handler.pairs


@dataclass(slots=True)
class _Variant:
    lang: str
    text: str = ""
    creator: str = ""


@dataclass(slots=True)
class _Unit:
    line: int
    id: str
    source_lang: str
    properties: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    variants: list[_Variant] = field(default_factory=list)


class _Reader:
    """Builds pairs while the file goes by, so that a memory of any length needs only its text."""

    def __init__(self, place: str) -> None:
        self.place, self.line = place, 0
        self.pairs: list[Pair] = []
        self.found = False
        self.source_lang = ""
        self.unit: _Unit | None = None
        self.parts: list[str] = []
        self.prop = ""
        self.in_text = False
        self.codes = 0
        self.character = False

    def fail(self, message: str, line: int) -> UsageError:
        return UsageError(message, place=f"{self.place}, line {line}")

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if not self.found:
            if tag != "tmx":
                raise self.fail(f"no TMX file: the root element is <{tag}>", self.line)
            self.found = True
        elif tag == "header":
            self.source_lang = attributes.get("srclang", "")
        elif tag == "tu":
            lang = attributes.get("srclang", self.source_lang)
            self.unit = _Unit(self.line, attributes.get("tuid", ""), lang)
        elif self.unit is not None:
            self._start_inside(self.unit, tag, attributes)

    def _start_inside(self, unit: _Unit, tag: str, attributes: dict[str, str]) -> None:
        if tag == "tuv":
            lang = attributes.get(XML_LANG) or attributes.get("lang", "")
            if not lang:
                raise self.fail("a <tuv> does not say its language (xml:lang)", self.line)
            unit.variants.append(_Variant(lang, creator=attributes.get("creationid", "")))
        elif tag in ("seg", "note", "prop"):
            if tag == "seg" and not unit.variants:
                raise self.fail("a <seg> stands outside of a <tuv>", self.line)
            self.parts, self.in_text, self.prop = [], True, attributes.get("type", "")
        elif tag in _CODES:
            self.character = tag == "ph" and attributes.get("type") == _CHARACTER
            self.codes += 1

    def data(self, text: str) -> None:
        if not self.in_text:
            return
        if self.character:
            self.parts.append(self._character(text))
        elif not self.codes:
            self.parts.append(text)

    def _character(self, code: str) -> str:
        if not _CODE.fullmatch(code):
            raise self.fail("a <ph> holds no code of a control character", self.line)
        return chr(int(code, 16))

    def end(self, tag: str) -> None:
        unit = self.unit
        if unit is None:
            return
        if tag in _CODES:
            self.codes, self.character = self.codes - 1, False
        elif tag in ("seg", "note", "prop"):
            value, self.in_text = nfc("".join(self.parts)), False
            if tag == "seg":
                unit.variants[-1].text = value
            elif tag == "note":
                unit.notes.append(value)
            else:
                unit.properties[self.prop] = value
        elif tag == "tu":
            self.pairs += self._pairs(unit)
            self.unit = None

    def _pairs(self, unit: _Unit) -> list[Pair]:
        if len(unit.variants) < 2:
            return []
        place = f"{self.place}, line {unit.line}"
        lang = code_of(unit.source_lang)
        source = next((one for one in unit.variants if code_of(one.lang) == lang), unit.variants[0])
        get = unit.properties.get
        pair = Pair(
            id=unit.id or str(len(self.pairs)),
            source=source.text,
            target="",
            lang="",
            document=get("x-document", ""),
            model=get("x-model", ""),
            origin=check_origin(get("x-origin", "human"), place),
            flags=parse_flags(get("x-flags", ""), place),
            terms=parse_terms(get("x-terms", ""), place),
            note="\n".join(unit.notes),
            notice=get("x-notice", ""),
        )
        targets = [variant for variant in unit.variants if variant is not source]
        return [replace(pair, target=target.text, lang=code_of(target.lang)) for target in targets]
