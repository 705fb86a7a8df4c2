"""An alignment as others take it: beads, TSV, JSON Lines, TMX, XLIFF, and a page to look at."""

from __future__ import annotations

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
        return text.replace("\t", " ")

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
    title = f"{source.name} and {target.name}"
    rows = "\n".join(_row(number, bead, source, target) for number, bead in enumerate(beads))
    body = (
        f"<h1>{shown(title)}</h1>\n"
        f'<p class="meta">{len(beads)} beads, {doubts} of them less than {DOUBTFUL:.0%} sure.</p>\n'
        '<div class="wide"><table>\n<thead><tr><th scope="col">Bead</th>'
        f'<th scope="col">{escape(source.lang)}</th><th scope="col">{escape(target.lang)}</th>'
        '<th scope="col">Sure</th></tr></thead>\n'
        f"<tbody>\n{rows}\n</tbody></table></div>"
    )
    return page(title, body, styles=["base.css"])


def _row(number: int, bead: Bead, source: Text, target: Text) -> str:
    kind = "number warning" if bead.confidence < DOUBTFUL else "number"
    return (
        f'<tr><td class="number">{number}</td>{_cell(source, bead.source)}{_cell(target, bead.target)}'
        f'<td class="{kind}">{bead.confidence:.0%}</td></tr>'
    )


def _cell(text: Text, ids: Sequence[str]) -> str:
    sentences = "".join(f"<p>{shown(text.sentences[int(key)])}</p>" for key in ids)
    known = LANGUAGES.get(text.lang)
    rtl = known.rtl if known else _primary(text.lang) in _RTL
    tag = known.tag if known else text.lang
    return f'<td lang="{escape(tag)}" dir="{"rtl" if rtl else "ltr"}">{sentences}</td>'


_WRITERS: dict[Format, Callable[[Sequence[Bead], Text, Text], str]] = {
    Format.BEADS: _beads,
    Format.TSV: _tsv,
    Format.JSONL: _jsonl,
    Format.TMX: _tmx,
    Format.XLIFF: _xliff,
    Format.HTML: _html,
}
