"""Bitext as JSON Lines: one pair a line, every field named; the lossless form for other programs."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any, get_args

from corpora.bitext import Pair, check_origin, decode, encode, noticed
from corpora.errors import UsageError
from corpora.records import Severity, Verdict, as_data, flag_from, term_use_from
from corpora.text import nfc

_HALF_PAIR = re.compile("[\ud800-\udfff]")
_TEXTS = tuple(field.name for field in fields(Pair) if field.name not in ("flags", "terms"))


def write(pairs: Sequence[Pair], *, source_lang: str, lang: str, notice: str = "") -> bytes:
    """Return the pairs as JSON Lines; each line holds the fields of `Pair` and `source_lang`."""
    del lang  # each pair knows its own
    lines = []
    for pair in noticed(pairs, notice):
        record = {**as_data(pair), "source_lang": source_lang}
        # U+2028 and U+2029 are legal in JSON, but many programs split lines there
        line = json.dumps(record, ensure_ascii=False, separators=(",", ":"))
        lines.append(
            line.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029").replace("\x85", "\\u0085")
        )
    return encode("".join(f"{line}\n" for line in lines))


def read(data: bytes, place: str) -> list[Pair]:
    """Read pairs from JSON Lines; `source`, `target` and `lang` are needed, other names are left out.

    Raises:
        UsageError: with the line, for anything that is not such a file.
    """
    pairs: list[Pair] = []
    for number, line in enumerate(decode(data, place).split("\n"), 1):
        if line.strip():
            pairs.append(_pair(line, len(pairs), f"{place}, line {number}"))
    return pairs


def _pair(line: str, index: int, place: str) -> Pair:
    try:
        record = json.loads(line)
    except RecursionError:
        raise UsageError("JSON nested too deep", place=place) from None
    except ValueError as error:
        raise UsageError(f"not JSON ({error})", place=place) from None
    if not isinstance(record, Mapping):
        raise UsageError("not a JSON object", place=place)
    if _HALF_PAIR.search(json.dumps(record, ensure_ascii=False)):
        raise UsageError("half a surrogate pair stands in the text", place=place, fix="Mend the text")
    texts = {name: record[name] for name in _TEXTS if name in record}
    for name in ("source", "target", "lang"):
        if name not in texts:
            raise UsageError(f"no {name!r}", place=place)
    texts.setdefault("id", str(index))
    for name, value in texts.items():
        if not isinstance(value, str):
            raise UsageError(f"{name!r} is not a text", place=place)
        texts[name] = nfc(value)
    texts["origin"] = check_origin(texts.get("origin", ""), place)
    return Pair(**texts, **_annotations(record, place))


def _annotations(record: Mapping[str, Any], place: str) -> dict[str, Any]:
    try:
        flags = tuple(flag_from(flag) for flag in record.get("flags", ()))
        terms = tuple(term_use_from(term) for term in record.get("terms", ()))
        sound = all(flag.severity in get_args(Severity) for flag in flags) and all(
            term.verdict in get_args(Verdict) for term in terms
        )
    except (TypeError, ValueError, KeyError, IndexError, AttributeError):
        sound = False
    if not sound:
        raise UsageError("flags or terms that are not records of ours", place=place)
    return {"flags": flags, "terms": terms}
