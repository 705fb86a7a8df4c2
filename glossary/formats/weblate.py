"""Weblate's glossary files: CSV with its own columns, and gettext PO, one language a file.

Weblate marks glossary strings with flags: `forbidden` translations, `read-only` strings that stay
untranslated. The context of a string is our id, a forbidden rendering has the id with its number behind
it.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpora.errors import UsageError
from corpora.languages import TARGETS
from corpora.text import nfc
from glossary.formats import sheet
from glossary.formats.build import Draft, drafted
from glossary.formats.losses import Written, losses
from glossary.terms import Term

_HELD = ("aliases", "(keep)", "forbidden renderings", "note", "accepted renderings")
_COLUMNS = ("source", "target", "context", "developer_comments", "flags")
_FORBIDDEN = "forbidden"
_KEPT = "read-only"


@dataclass(frozen=True, slots=True)
class _Unit:
    source: str
    target: str
    context: str
    note: str
    flags: tuple[str, ...]


def _units(terms: Sequence[Term], lang: str) -> Iterator[_Unit]:
    for term in terms:
        target = term.target(lang)
        if target is None:
            continue
        flags = ("terminology", _KEPT) if target.keep else ("terminology",)
        number = 0
        for name in term.names:
            for text in (name,) if target.keep else target.renderings:
                yield _Unit(name, text, f"{term.id}#{number}", term.note, flags)
                number += 1
        for text in target.forbidden:
            yield _Unit(term.en, text, f"{term.id}#{number}", term.note, (_FORBIDDEN,))
            number += 1


def write_csv(terms: Sequence[Term], lang: str) -> Written:
    """Write one language as a Weblate CSV."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for unit in _units(terms, lang):
        writer.writerow([unit.source, unit.target, unit.context, unit.note, ",".join(unit.flags)])
    return Written(out.getvalue().encode(), losses(terms, _HELD, lang))


def write_po(terms: Sequence[Term], lang: str) -> Written:
    """Write one language as a gettext PO file."""
    lines = [
        'msgid ""',
        'msgstr ""',
        f'"Language: {lang}\\n"',
        '"Content-Type: text/plain; charset=UTF-8\\n"',
        "",
    ]
    for unit in _units(terms, lang):
        lines += [f"#. {part}" for part in unit.note.splitlines()]
        lines += [f"#, {', '.join(unit.flags)}"]
        lines += [f"msgctxt {_quoted(unit.context)}", f"msgid {_quoted(unit.source)}"]
        lines += [f"msgstr {_quoted(unit.target)}", ""]
    return Written("\n".join(lines).encode(), losses(terms, _HELD, lang))


def _quoted(text: str) -> str:
    return (
        '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t") + '"'
    )


def read_csv(data: bytes, place: str, lang: str = "") -> tuple[list[Term], list[UsageError]]:
    """Read a Weblate CSV of the language `lang`."""
    if lang not in TARGETS:
        return [], [_no_language(place)]
    rows, faults = sheet.read(data, place, _COLUMNS)
    header = [cell.lower() for cell in rows[0][1]] if rows else []
    if "source" not in header or "target" not in header:
        return [], faults or [UsageError("no columns 'source' and 'target'", place=f"{place}:1")]
    units = []
    for line, cells in rows[1:]:
        row = dict.fromkeys(header, "") | dict(zip(header, cells, strict=False))
        flags = tuple(re.split(r"[,\s]+", row.get("flags", "")))
        note = row.get("developer_comments", "")
        unit = _Unit(row["source"], row["target"], row.get("context", ""), note, flags)
        units.append((f"{place}:{line}", unit))
    terms, wrong = drafted(_gathered(units, lang))
    return terms, [*faults, *wrong]


def read_po(data: bytes, place: str, lang: str = "") -> tuple[list[Term], list[UsageError]]:
    """Read a gettext PO file; its header names the language, or `lang` does: both must not differ."""
    try:
        text = nfc(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return [], [UsageError("not UTF-8", place=place, fix="Save the file as UTF-8")]
    units: list[tuple[str, _Unit]] = []
    for line, entry in _entries(text):
        if not entry["msgid"]:
            named = re.search(r"^Language:[ \t]*([\w-]+)", entry["msgstr"], re.MULTILINE)
            own = sheet.base_code(named[1]) if named else ""
            if lang and own != lang and len(own) == 2:  # longer codes are not told apart
                fix = f"Leave --lang {lang} out, or mend the line 'Language:' of the file"
                return [], [
                    UsageError(f"a file in {own!r}, not in {lang!r}", place=f"{place}:{line}", fix=fix)
                ]
            lang = lang or own
            continue
        flags = tuple(re.split(r"[,\s]+", entry["#,"].strip()))
        unit = _Unit(entry["msgid"], entry["msgstr"], entry["msgctxt"], entry["#."], flags)
        units.append((f"{place}:{line}", unit))
    if lang not in TARGETS:
        return [], [_no_language(place)]
    return drafted(_gathered(units, lang))


def _no_language(place: str) -> UsageError:
    return UsageError("no target language", place=place, fix=f"Say which with --lang ({', '.join(TARGETS)})")


def _entries(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the entries of a PO file with the line each begins on."""
    blank = {"msgctxt": "", "msgid": "", "msgstr": "", "#.": "", "#,": ""}
    entry, start, field, seen = dict(blank), 1, "", False
    for number, line in enumerate([*text.splitlines(), ""], start=1):
        stripped = line.strip()
        if not stripped:
            if seen:
                yield start, entry
            entry, start, field, seen = dict(blank), number + 1, "", False
        elif stripped[:2] in ("#.", "#,"):
            entry[stripped[:2]] = f"{entry[stripped[:2]]} {stripped[2:].strip()}".strip()
        elif match := re.match(r'(msgctxt|msgid|msgstr)\s+"(.*)"$', stripped):
            field, seen = match[1], True
            entry[field] += _unquoted(match[2])
        elif field and (match := re.match(r'"(.*)"$', stripped)):
            entry[field] += _unquoted(match[1])


def _unquoted(text: str) -> str:
    return re.sub(r"\\(.)", lambda match: {"n": "\n", "t": "\t"}.get(match[1], match[1]), text)


def _gathered(units: Sequence[tuple[str, _Unit]], lang: str) -> list[Draft]:
    """Gather the units of one term: those whose context is alike but for the number behind it."""
    drafts: dict[str, Draft] = {}
    for place, unit in units:
        name, mark, _ = unit.context.rpartition("#")
        key = name if mark else f"{unit.context}\0{unit.source}"
        draft = drafts.get(key)
        if draft is None:
            draft = drafts[key] = Draft(place)
            if mark:
                draft.cells["id"] = name
            if unit.note:
                draft.cells["note"] = unit.note
        _add(draft, unit, lang)
    return list(drafts.values())


def _add(draft: Draft, unit: _Unit, lang: str) -> None:
    known = draft.texts.get("en", {}).get("accepted", [])
    if unit.source not in known:
        draft.add("en", unit.source)
    if _FORBIDDEN in unit.flags:
        draft.add(lang, unit.target, "forbidden")
        return
    text = "(keep)" if _KEPT in unit.flags else unit.target
    if text and text not in draft.texts.get(lang, {}).get("accepted", []):
        draft.add(lang, text)
