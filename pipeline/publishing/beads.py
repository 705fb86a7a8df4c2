"""An alignment as others take it: beads, TSV, JSON Lines, TMX, XLIFF, and a page to look at."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from html import escape

from corpora.bitext import Pair, tmx, xliff
from corpora.languages import LANGUAGES, joiner
from corpora.records import Bead
from pipeline.cli.common import json_lines
from pipeline.publishing.page import page
from pipeline.publishing.visible import shown

DOUBTFUL = 0.8  # beads less sure than this are marked on the page; of the surer ones some 97 in 100 are right
# what a spreadsheet would run; a dash of dialogue has a space behind it
_FORMULA = re.compile(r"\s*(?:[=+@＝＋＠]|[-－](?!\s))")
_RTL = frozenset({"ar", "ug", "fa", "he", "ur", "ps", "ckb", "sd", "yi", "dv"})


class Format(StrEnum):
    """What an alignment may be written as."""

    BEADS = "beads"
    TSV = "tsv"
    JSONL = "jsonl"
    TMX = "tmx"
    XLIFF = "xliff"
    HTML = "html"


@dataclass(frozen=True, slots=True)
class Text:
    """One side: its name, its sentences, the paragraph of each (None where not known), its language."""

    name: str
    sentences: Sequence[str]
    paragraphs: Sequence[int] | None
    lang: str

    def joined(self, ids: Sequence[str]) -> str:
        """The text of some sentences, as a translator would write them in a row."""
        return joiner(self.lang).join(self.sentences[int(key)] for key in ids)


def _primary(tag: str) -> str:
    return tag.split("-")[0].lower()


def write(format_: Format, beads: Sequence[Bead], source: Text, target: Text) -> str:
    """Return the beads in a format, every one of them, also those with one side empty."""
    return _WRITERS[format_](beads, source, target)


def _beads(beads: Sequence[Bead], source: Text, target: Text) -> str:
    return "".join(
        f"[{','.join(bead.source)}]:[{','.join(bead.target)}]:{bead.score:.4f}\n" for bead in beads
    )


def _tsv(beads: Sequence[Bead], source: Text, target: Text) -> str:
    def cell(text: str) -> str:
        return ("'" if _FORMULA.match(text) else "") + text.replace("\t", " ")

    return "".join(
        f"{cell(source.joined(bead.source))}\t{cell(target.joined(bead.target))}\t{bead.score:.4f}\n"
        for bead in beads
    )


def _jsonl(beads: Sequence[Bead], source: Text, target: Text) -> str:
    return json_lines(
        [
            {
                **asdict(bead),
                "source_text": source.joined(bead.source),
                "target_text": target.joined(bead.target),
            }
            for bead in beads
        ]
    )


def _pairs(beads: Sequence[Bead], source: Text, target: Text) -> list[Pair]:
    return [
        Pair(
            str(number),
            source.joined(bead.source),
            target.joined(bead.target),
            target.lang,
            document=source.name,
            origin="human",
            note=f"alignment {bead.confidence:.0%} sure" if bead.confidence < DOUBTFUL else "",
        )
        for number, bead in enumerate(beads)
    ]


def _tmx(beads: Sequence[Bead], source: Text, target: Text) -> str:
    return tmx.write(_pairs(beads, source, target), source_lang=source.lang, lang=target.lang).decode()


def _xliff(beads: Sequence[Bead], source: Text, target: Text) -> str:
    return xliff.write(_pairs(beads, source, target), source_lang=source.lang, lang=target.lang).decode()


def _html(beads: Sequence[Bead], source: Text, target: Text) -> str:
    doubts = sum(bead.confidence < DOUBTFUL for bead in beads)
    left_out, added = sum(not bead.target for bead in beads), sum(not bead.source for bead in beads)
    title = f"{source.name} and {target.name}"
    rows = "\n".join(_row(bead, source, target) for bead in beads)
    body = (
        f"<h1>{shown(title)}</h1>\n"
        f'<p class="meta">{len(beads)} beads. {doubts} are less than {DOUBTFUL:.0%} sure, and marked. '
        f"{left_out} have no translation, {added} no source.</p>\n"
        '<p class="meta">The numbers are those of the sentences, as <code>--locked</code> takes them.</p>\n'
        '<div class="wide"><table class="beads">\n<thead><tr>'
        f"{_head(source.lang)}{_head(target.lang)}"
        '<th scope="col">Sure</th></tr></thead>\n'
        f"<tbody>\n{rows}\n</tbody></table></div>"
    )
    return page(title, body, styles=["base.css", "beads.css"])


def _head(lang: str) -> str:
    known = LANGUAGES.get(lang)
    side = "end" if _rtl(lang) else "start"
    return f'<th scope="col" class="{side}">{escape(known.name if known else lang)}</th>'


def _row(bead: Bead, source: Text, target: Text) -> str:
    kind, row = ("number warning", ' class="doubtful"') if bead.confidence < DOUBTFUL else ("number", "")
    return (
        f"<tr{row}>{_cell(source, bead.source)}{_cell(target, bead.target)}"
        f'<td class="{kind}">{bead.confidence:.0%}</td></tr>'
    )


def _cell(text: Text, ids: Sequence[str]) -> str:
    if not ids:
        return f'<td class="none {"end" if _rtl(text.lang) else "start"}">nothing</td>'
    sentences = "".join(
        f'<p><span class="id">{escape(key)}</span><span>{shown(text.sentences[int(key)])}</span></p>'
        for key in ids
    )
    known = LANGUAGES.get(text.lang)
    tag = known.tag if known else text.lang
    return f'<td lang="{escape(tag)}" dir="{"rtl" if _rtl(text.lang) else "ltr"}">{sentences}</td>'


def _rtl(lang: str) -> bool:
    known = LANGUAGES.get(lang)
    return known.rtl if known else _primary(lang) in _RTL


_WRITERS: dict[Format, Callable[[Sequence[Bead], Text, Text], str]] = {
    Format.BEADS: _beads,
    Format.TSV: _tsv,
    Format.JSONL: _jsonl,
    Format.TMX: _tmx,
    Format.XLIFF: _xliff,
    Format.HTML: _html,
}
