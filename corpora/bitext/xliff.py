"""Bitext as XLIFF 1.2 (OASIS, 2008), the file a translator works on and sends back.

1.2 and not 2.1, because every tool in use opens it and many, the free ones among them, open nothing newer;
what 2.1 adds (modules, inline typing) is nothing we have to say.

Each document is a `file`, each pair a `trans-unit`. Drafts come as `needs-review-translation`; a unit that
comes back as `translated`, `final` or `signed-off` was a person's decision, so its origin is `human`. Flags
stand as notes, where tools show them. Our own fields are `context` elements of `x-` types, which tools keep.

A control character, which XML cannot hold, becomes a placeholder `<x ctype="x-terjiman-0007"/>` in a segment,
so that the text survives, and U+FFFD in names and notes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from itertools import groupby

from corpora.bitext import Pair, check_origin, encode, noticed
from corpora.bitext.cells import format_flags, format_terms, parse_flags, parse_terms
from corpora.bitext.tags import code_of, tag_of
from corpora.bitext.xml import ILLEGAL, attribute, parse, text
from corpora.errors import UsageError
from corpora.text import nfc

_NAMESPACE = "urn:oasis:names:tc:xliff:document:1.2"
_STATES = {
    "mt": 'state="needs-review-translation" state-qualifier="leveraged-mt"',
    "memory": 'state="needs-review-translation" state-qualifier="leveraged-tm"',
    "human": 'state="translated"',
}
_DECIDED = ("translated", "final", "signed-off")
_PRIORITIES = {"error": 1, "warning": 3, "info": 6}
_CODES = ("bpt", "ept", "it", "ph")
_CHARACTER = re.compile("x-terjiman-(00[01][0-9A-F]|FFF[EF])")


def write(pairs: Sequence[Pair], *, source_lang: str, lang: str, notice: str = "") -> bytes:
    """Return the pairs as XLIFF, one unit each; neighbours of one document and target share a `file`."""
    pairs = noticed(pairs, notice)
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<xliff version="1.2" xmlns="{_NAMESPACE}">',
    ]
    for (document, target_lang), group in groupby(pairs, key=lambda pair: (pair.document, pair.lang)):
        lines += _file(document, list(group), source_lang, target_lang)
    if not pairs:
        lines += _file("", [], source_lang, lang)  # a file without files would not be valid
    return encode("\n".join([*lines, "</xliff>"]) + "\n")


def _file(document: str, pairs: Sequence[Pair], source_lang: str, lang: str) -> list[str]:
    notices = dict.fromkeys(pair.notice for pair in pairs if pair.notice)
    return [
        f"<file original={attribute(document)} source-language={attribute(tag_of(source_lang))}"
        f' target-language={attribute(tag_of(lang))} datatype="plaintext" tool-id="terjiman">',
        "<header>",
        f'<tool tool-id="terjiman" tool-name="terjiman" tool-version={attribute(version("terjiman"))}/>',
        *(f'<note from="terjiman" priority="1">{text(notice)}</note>' for notice in notices),
        "</header>",
        "<body>",
        *(_unit(pair, source_lang) for pair in pairs),
        "</body>",
        "</file>",
    ]


def _unit(pair: Pair, source_lang: str) -> str:
    contexts = [
        ("x-model", pair.model),
        ("x-origin", pair.origin),
        ("x-notice", pair.notice),
        ("x-flags", format_flags(pair.flags)),
        ("x-terms", format_terms(pair.terms)),
    ]
    target = f"xml:lang={attribute(tag_of(pair.lang))} {_STATES[pair.origin]}"
    return "\n".join(
        [
            f'<trans-unit id={attribute(pair.id)} xml:space="preserve">',
            f"<source xml:lang={attribute(tag_of(source_lang))}>{_segment(pair.source)}</source>",
            f"<target {target}>{_segment(pair.target)}</target>",
            '<context-group purpose="information">',
            *(f'<context context-type="{name}">{text(value)}</context>' for name, value in contexts if value),
            "</context-group>",
            *(
                f'<note from="terjiman" annotates="target" priority="{_PRIORITIES[flag.severity]}">'
                f"{text(f'{flag.severity}, {flag.check}: {flag.message}')}</note>"
                for flag in pair.flags
            ),
            *([f"<note>{text(pair.note)}</note>"] if pair.note else []),
            "</trans-unit>",
        ]
    )


def _segment(value: str) -> str:
    parts, last = [], 0
    for number, match in enumerate(ILLEGAL.finditer(value), 1):
        parts.append(text(value[last : match.start()]))
        parts.append(f'<x id="{number}" ctype="x-terjiman-{ord(match[0]):04X}"/>')
        last = match.end()
    return "".join([*parts, text(value[last:])])


def read(data: bytes, place: str) -> list[Pair]:
    """Read pairs from XLIFF 1.2 of any tool; a unit without a target has an empty one. Codes are left out.

    Raises:
        UsageError: with the line, for anything that is not such a file.
    """
    handler = _Reader(place)
    parse(data, handler, place)
    return handler.pairs


@dataclass(slots=True)
class _Unit:
    line: int
    id: str
    texts: dict[str, str] = field(default_factory=lambda: {"source": "", "target": ""})
    contexts: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    state: str = ""


class _Reader:
    """Builds pairs while the file goes by."""

    def __init__(self, place: str) -> None:
        self.place, self.line = place, 0
        self.pairs: list[Pair] = []
        self.found = False
        self.document = self.lang = ""
        self.unit: _Unit | None = None
        self.parts: list[str] | None = None
        self.context = ""
        self.ours = False
        self.codes = self.alternatives = 0

    def fail(self, message: str, fix: str = "") -> UsageError:
        return UsageError(message, place=f"{self.place}, line {self.line}", fix=fix)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = _local(tag)
        if not self.found:
            self._root(name, attributes)
        elif name == "file":
            self.document = nfc(attributes.get("original", ""))
            self.lang = attributes.get("target-language", "")
        elif name == "trans-unit":
            self.unit = _Unit(self.line, attributes.get("id", ""))
        elif name == "alt-trans":
            self.alternatives += 1
        elif self.unit is not None and not self.alternatives:
            self._start_inside(self.unit, name, attributes)

    def _root(self, name: str, attributes: dict[str, str]) -> None:
        if name != "xliff":
            raise self.fail(f"no XLIFF file: the root element is <{name}>")
        if not attributes.get("version", "1.2").startswith("1."):
            fix = "Let the tool export XLIFF 1.2"
            raise self.fail(f"XLIFF {attributes['version'][:10]}, but this reader takes 1.2", fix)
        self.found = True

    def _start_inside(self, unit: _Unit, name: str, attributes: dict[str, str]) -> None:
        if name in ("source", "target", "note", "context"):
            self.parts = []
            self.context = attributes.get("context-type", "")
            self.ours = attributes.get("from") == "terjiman"
            if name == "target":
                unit.state = attributes.get("state", "")
        elif name in _CODES:
            self.codes += 1
        elif name == "x" and self.parts is not None:
            match = _CHARACTER.fullmatch(attributes.get("ctype", ""))
            self.parts.append(chr(int(match[1], 16)) if match else "")

    def data(self, text: str) -> None:
        if self.parts is not None and not self.codes:
            self.parts.append(text)

    def end(self, tag: str) -> None:
        name = _local(tag)
        if name == "alt-trans":
            self.alternatives -= 1
        elif self.unit is None or self.alternatives:
            return
        elif name in _CODES:
            self.codes -= 1
        elif name == "trans-unit":
            self.pairs.append(self._pair(self.unit))
            self.unit = None
        elif name in ("source", "target", "note", "context"):
            self._take(self.unit, name, nfc("".join(self.parts or [])))
            self.parts = None

    def _take(self, unit: _Unit, name: str, value: str) -> None:
        if name == "note":
            unit.notes += [] if self.ours else [value]
        elif name == "context":
            unit.contexts[self.context] = value
        else:
            unit.texts[name] = value

    def _pair(self, unit: _Unit) -> Pair:
        place = f"{self.place}, line {unit.line}"
        get = unit.contexts.get
        origin = check_origin(get("x-origin", "human"), place)
        return Pair(
            id=nfc(unit.id) or str(len(self.pairs)),
            source=unit.texts["source"],
            target=unit.texts["target"],
            lang=code_of(self.lang),
            document=self.document,
            model=get("x-model", ""),
            origin="human" if unit.state in _DECIDED else origin,
            flags=parse_flags(get("x-flags", ""), place),
            terms=parse_terms(get("x-terms", ""), place),
            note="\n".join(unit.notes),
            notice=get("x-notice", ""),
        )


def _local(tag: str) -> str:
    """The name of an element without its namespace; elements of foreign namespaces keep theirs."""
    space, _, name = tag.rpartition("}")
    return name if space in ("", f"{{{_NAMESPACE}") or space.startswith("{urn:oasis:names:tc:xliff:") else tag
