"""TMX 1.4b (LISA/GALA), as Amazon Translate takes for terminology: one unit a spelling, all languages."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from corpora.errors import UsageError
from corpora.languages import LANGUAGES, SOURCE, TARGETS
from corpora.text import nfc
from glossary.formats import xml
from glossary.formats.build import drafted, families, none_of_ours
from glossary.formats.losses import Written, losses
from glossary.formats.sheet import base_code
from glossary.terms import KEEP, Term

_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_DOCTYPE = '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE tmx SYSTEM "tmx14.dtd">\n'
_HEADER = {
    **{"creationtool": "terjiman", "creationtoolversion": "1", "segtype": "phrase", "o-tmf": "terjiman"},
    **{"adminlang": "en", "srclang": "en", "datatype": "plaintext"},
}
_HELD = ("aliases", "(keep)", "note")


def write(terms: Sequence[Term], lang: str = "") -> Written:
    """Write terms as TMX; aliases become units of their own."""
    root = Element("tmx", {"version": "1.4"})
    SubElement(root, "header", _HEADER)
    body = SubElement(root, "body")
    langs = [code for code in TARGETS if lang in ("", code)]
    for term in terms:
        for name in term.names:
            _unit(body, term, name, langs)
    indent(root)
    return Written(_DOCTYPE.encode() + tostring(root, encoding="utf-8") + b"\n", losses(terms, _HELD, lang))


def _unit(body: Element, term: Term, name: str, langs: Sequence[str]) -> None:
    renderings = []
    for lang in langs:
        target = term.target(lang)
        if target is not None and (target.keep or target.renderings):
            renderings.append((lang, name if target.keep else target.renderings[0]))
    if not renderings:
        return
    unit = SubElement(body, "tu")
    if term.note:
        SubElement(unit, "note").text = term.note
    for lang, text in [("en", name), *renderings]:
        variant = SubElement(unit, "tuv", {"xml:lang": LANGUAGES[lang].tag})
        SubElement(variant, "seg").text = text


def read(data: bytes, place: str, lang: str = "") -> tuple[list[Term], list[UsageError]]:
    """Read a TMX file; units alike in all renderings become one term with aliases."""
    try:
        root = xml.parse(data, place)
    except UsageError as error:
        return [], [error]
    found: list[tuple[str, str, dict[str, str]]] = []
    faults: list[UsageError] = []
    for number, unit in enumerate(root.iter("tu"), start=1):
        where = f"{place}, unit {number}"
        texts = _texts(unit)
        doubled = next((code for code in TARGETS if len(texts.get(code, ())) > 1), "")
        if doubled:
            what = f"two texts in {doubled!r}: {', '.join(texts[doubled])}"
            faults.append(UsageError(what, place=where, fix="Delete one"))
            continue
        if not set(texts) & set(TARGETS) and set(texts) - {SOURCE}:
            continue  # told by `others.passed_over`
        cells = {code: texts[code][0] for code in TARGETS if code in texts and lang in ("", code)}
        note = unit.findtext("note")
        for english in texts.get(SOURCE, [""]):
            kept = {code: KEEP if text == english else text for code, text in cells.items()}
            found.append((where, english, kept | ({"note": nfc(note)} if note else {})))
    if not found and not faults:
        empty = UsageError("no translation units", place=place, fix="Is this a TMX file?")
        faults.append(none_of_ours(place) if root.find(".//tu") is not None else empty)
    terms, wrong = drafted(families(found))
    return terms, [*faults, *wrong]


def language(variant: Element) -> str:
    """Return the language of one text of a unit."""
    return base_code(variant.get(_XML_LANG) or variant.get("lang") or "")


def _texts(unit: Element) -> dict[str, list[str]]:
    """Return the texts of a unit by language, each once."""
    texts: dict[str, list[str]] = {}
    for variant in unit.iter("tuv"):
        code = language(variant)
        segment = variant.find("seg")
        text = "" if segment is None else " ".join(nfc("".join(segment.itertext())).split())
        if text and text not in texts.setdefault(code, []):
            texts[code].append(text)
    return texts
