"""TBX, the term exchange format of ISO 30042:2019, as TBX-Basic in the DCA style.

Also reads the DCT style and the older TBX of ISO 30042:2008 (`martif`), by element names. What TBX has no
category for (head, irregular forms, context, case) travels in notes that begin with `terjiman:` and comes
back from them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from corpora.errors import UsageError
from corpora.languages import LANGUAGES, TARGETS
from corpora.text import nfc
from glossary.formats import xml
from glossary.formats.build import Draft, drafted, none_of_ours
from glossary.formats.losses import Written
from glossary.formats.sheet import base_code
from glossary.terms import TYPES, Term

_NAMESPACE = "urn:iso:std:iso:30042:ed-2"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_ENTRIES = ("conceptEntry", "termEntry")
_LANGUAGES = ("langSec", "langSet")
_TERMS = ("termSec", "tig", "ntig")
_STATUS = {
    "preferred": "preferredTerm-admn-sts",
    "accepted": "admittedTerm-admn-sts",
    "forbidden": "deprecatedTerm-admn-sts",
}
_MEANS = {
    **{value: key for key, value in _STATUS.items()},
    **{"preferred": "preferred", "admitted": "accepted", "deprecated": "forbidden", "forbidden": "forbidden"},
    "supersededTerm-admn-sts": "forbidden",
}
_READ = ("term", "hi", "subjectField", "administrativeStatus", "grammaticalGender")
_GENDERS = {"m": "masculine", "f": "feminine"}
_OWN = "terjiman:"


def write(terms: Sequence[Term], lang: str = "") -> Written:
    """Write terms as TBX-Basic (DCA); nothing is lost."""
    root = Element("tbx", {"type": "TBX-Basic", "style": "dca", "xml:lang": "en", "xmlns": _NAMESPACE})
    description = SubElement(SubElement(root, "tbxHeader"), "fileDesc")
    SubElement(SubElement(description, "sourceDesc"), "p").text = "Written by terjiman."
    body = SubElement(SubElement(root, "text"), "body")
    for number, term in enumerate(terms, start=1):
        _entry(body, number, term)
    indent(root)
    return Written(b'<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="utf-8") + b"\n")


def _entry(body: Element, number: int, term: Term) -> None:
    entry = SubElement(body, "conceptEntry", {"id": f"c{number}"})
    if term.type:
        SubElement(entry, "descrip", {"type": "subjectField"}).text = term.type
    for name, value in _own_fields(term):
        SubElement(entry, "note").text = f"{_OWN}{name}={value}"
    if term.note:
        SubElement(entry, "note").text = term.note
    english = SubElement(entry, "langSec", {"xml:lang": "en"})
    for index, name in enumerate(term.names):
        _term_section(english, name, "accepted" if index else "preferred", term)
    for target in term.targets:
        section = SubElement(entry, "langSec", {"xml:lang": LANGUAGES[target.lang].tag})
        if target.keep:
            _term_section(section, term.en, "preferred", term, ("keep=1",))
        for index, text in enumerate(target.renderings):
            notes = [] if index or target.head is None else [f"head={target.head}"]
            notes += [] if index else [f"irregular={features}={form}" for features, form in target.irregular]
            _term_section(section, text, "accepted" if index else "preferred", term, notes)
        for text in target.forbidden:
            _term_section(section, text, "forbidden", term)


def _own_fields(term: Term) -> Iterator[tuple[str, str]]:
    yield "id", term.id
    if term.number != "sg":
        yield "number", term.number
    if term.invariable:
        yield "case", "invariable"
    if term.context:
        yield "context", "|".join(term.context)
    if term.source:
        yield "source", term.source
    if term.status != "draft":
        yield "status", term.status


def _term_section(section: Element, text: str, status: str, term: Term, notes: Sequence[str] = ()) -> None:
    made = SubElement(section, "termSec")
    SubElement(made, "term").text = text
    if term.type:
        speech = "noun" if term.type in ("concept", "title") else "properNoun"
        SubElement(made, "termNote", {"type": "partOfSpeech"}).text = speech
    if term.gender:
        SubElement(made, "termNote", {"type": "grammaticalGender"}).text = _GENDERS[term.gender]
    SubElement(made, "termNote", {"type": "administrativeStatus"}).text = _STATUS[status]
    for note in notes:
        SubElement(made, "note").text = f"{_OWN}{note}"


def read(data: bytes, place: str) -> tuple[list[Term], list[UsageError]]:
    """Read a TBX file; return its terms and every fault."""
    try:
        root = xml.parse(data, place)
    except UsageError as error:
        return [], [error]
    found = list(entries(root))
    if not found:
        return [], [UsageError("no term entries", place=place, fix="Is this a TBX file?")]
    drafts = [_draft(entry, f"{place}, entry {number}") for number, entry in enumerate(found, start=1)]
    terms, faults = drafted(drafts)
    return terms, faults if terms or faults else [none_of_ours(place)]


def entries(root: Element) -> Iterator[Element]:
    """Yield the entries of a file, one a concept."""
    return (element for element in root.iter() if _local(element) in _ENTRIES)


def languages(entry: Element) -> Iterator[str]:
    """Yield the language of each section of an entry."""
    return (_language_of(child) for child in entry if _local(child) in _LANGUAGES)


def unread(entry: Element) -> Iterator[str]:
    """Yield what kinds of data an entry holds that are not read, such as `definition`."""
    for element in entry.iter():
        local, kind = _local(element), element.get("type", "")
        if local in _READ or kind in _READ or not (element.text or "").strip():
            continue
        if local == "note" and (element in list(entry) or _text(element).startswith(_OWN)):
            continue
        yield "note of a language" if local == "note" else kind or local


def _local(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]


def _draft(entry: Element, place: str) -> Draft:
    draft = Draft(place)
    for child in entry:
        local, kind, text = _local(child), child.get("type", ""), _text(child)
        if local == "subjectField" or kind == "subjectField":
            _subject(draft, text)
        elif local == "note":
            _note(draft, "\n".join(" ".join(line.split()) for line in _whole(child).splitlines()).strip())
        elif local in _LANGUAGES:
            _language(draft, child)
    return draft


def _subject(draft: Draft, text: str) -> None:
    if text.lower() in TYPES:
        draft.cells["type"] = text.lower()
    elif text:
        _note(draft, f"subject: {text}")


def _note(draft: Draft, text: str) -> None:
    if text.startswith(_OWN):
        name, _, value = text.removeprefix(_OWN).partition("=")
        draft.cells[name] = value
    else:
        draft.cells["note"] = f"{draft.cells.get('note', '')} {text}".strip()


def _language_of(section: Element) -> str:
    return base_code(section.get(_XML_LANG) or section.get("lang") or "")


def _language(draft: Draft, section: Element) -> None:
    lang = _language_of(section)
    if lang != "en" and lang not in TARGETS:
        draft.unused.add(lang or "?")
        return
    for part in section.iter():
        if _local(part) in _TERMS and part.find(".//{*}term") is not None:
            _rendering(draft, lang, part)


def _rendering(draft: Draft, lang: str, section: Element) -> None:
    text, status, notes = "", "accepted", []
    for part in section.iter():
        local, kind, value = _local(part), part.get("type", ""), _text(part)
        if local == "term":
            text = value
        elif "administrativeStatus" in (local, kind):
            status = _MEANS.get(value, "accepted")
        elif "grammaticalGender" in (local, kind):
            draft.cells["gender"] = {"masculine": "m", "feminine": "f"}.get(value, "")
        elif local == "note" and value.startswith(_OWN):
            notes.append(value.removeprefix(_OWN))
    draft.add(lang, text, status, notes)


def _text(element: Element) -> str:
    return " ".join(_whole(element).split())


def _whole(element: Element) -> str:
    return nfc("".join(element.itertext()))
