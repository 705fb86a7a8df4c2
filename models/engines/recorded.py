"""An engine that replays translations made elsewhere, from a file; it never guesses."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from corpora.errors import MissingError, TerjimanError, UsageError, UsageErrorGroup
from corpora.languages import LANGUAGES
from corpora.protocols import EngineInfo
from corpora.records import Flag, Hypothesis, Request
from corpora.text import invisible_flag, nfc, visible

_ANY = ""  # the language of a row that names none
_SHOWN = 20  # faults of one file shown at once
VERSION = 2  # raised by hand when the same file gives other text
Row = tuple[str, str, str]  # source, hypothesis, language


class RecordedEngine:
    """Replays `source -> hypothesis` rows of a file; see `corpora.protocols.Engine`.

    TSV: `source<TAB>hypothesis`, or `source<TAB>hypothesis<TAB>language`; a first row whose first cell is
    `source` names the columns. JSON Lines (`.jsonl`): objects with `source`, `target` and, if there are
    several languages, `lang`. Rows with the same source are an n-best list in file order. White space is
    compared loosely, everything else exactly. A source that is not there gets an empty hypothesis and an
    error flag. Hypotheses are one line of visible text: see `corpora.text.visible`; what it changes is
    flagged `invisible`.

    Raises:
        MissingError: no such file.
        UsageErrorGroup: malformed rows, each with its line.
    """

    def __init__(self, file: str) -> None:
        try:
            data = Path(file).read_bytes()
        except FileNotFoundError:
            raise MissingError("no such file of recorded translations", place=file) from None
        except OSError as error:
            raise UsageError(f"cannot be read: {error.strerror}", place=file) from None
        self._rows: dict[tuple[str, str], dict[str, tuple[Flag, ...]]] = {}
        for source, hypothesis, lang in _rows(data, file):
            text, fell = visible(hypothesis)
            known = self._rows.setdefault((lang, _key(source)), {})
            known.setdefault(text.strip(), invisible_flag(fell, "the recorded translation"))
        languages = sorted({lang for lang, _ in self._rows})
        self._info = EngineInfo(
            name=f"recorded:{file}",
            digest=hashlib.sha256(b"recorded %d\0" % VERSION + data).hexdigest(),
            targets=() if _ANY in languages else tuple(languages),
            max_tokens=1_000_000,
            abilities=frozenset({"n-best"}),
            batch_invariant=True,
        )

    @property
    def info(self) -> EngineInfo:
        """Return what the engine says of itself."""
        return self._info

    def translate(self, batch: Sequence[Request]) -> list[list[Hypothesis]]:
        """Return the recorded hypotheses of each request in order; those that begin with its prefix."""
        return [self._answer(request) for request in batch]

    def _answer(self, request: Request) -> list[Hypothesis]:
        key = _key(request.text)
        if not key:
            return [Hypothesis(text="")]
        rows = {**self._rows.get((request.lang, key), {})}
        for text, flags in self._rows.get((_ANY, key), {}).items():
            rows.setdefault(text, flags)
        texts = [text for text in rows if text.startswith(nfc(request.prefix))]
        if not texts:
            return [Hypothesis(text="", flags=(Flag("not-recorded", "error", _missing(request)),))]
        return [_hypothesis(text, rows[text]) for text in texts[: request.n_best]]


def _missing(request: Request) -> str:
    if request.prefix:
        return "the recording holds no translation of this text that begins as asked"
    return "the recording holds no translation of this text"


def _hypothesis(text: str, flags: tuple[Flag, ...]) -> Hypothesis:
    if not text:
        flags = (*flags, Flag("empty-output", "error", "the recorded translation is empty"))
    return Hypothesis(text=text, flags=flags)


def _key(text: str) -> str:
    return " ".join(nfc(text).split())


def _rows(data: bytes, file: str) -> list[Row]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UsageError("not UTF-8", place=f"{file}, line {line}", fix="Save the file as UTF-8") from None
    lines = [line.removesuffix("\r") for line in text.split("\n")]
    read = _read_jsonl if file.lower().endswith((".jsonl", ".ndjson")) else _read_tsv
    rows: list[Row] = []
    faults: list[TerjimanError] = []
    for row in read(lines, file):
        if isinstance(row, TerjimanError):
            faults.append(row)
        else:
            rows.append(row)
    if len(faults) > _SHOWN:
        faults[_SHOWN:] = [UsageError(f"and {len(faults) - _SHOWN} more lines like these", place=file)]
    if faults:
        raise UsageErrorGroup(faults)
    if not rows:
        raise UsageError("holds no recorded translation", place=file)
    return rows


def _read_tsv(lines: list[str], file: str) -> Iterator[Row | TerjimanError]:
    columns = {"source": 0, "hypothesis": 1, "lang": 2}
    start = 0
    first = [cell.strip().lower() for cell in lines[0].split("\t")]
    if first[0] == "source":
        named = {"target": "hypothesis", "language": "lang"}
        columns = {named.get(cell, cell): place for place, cell in enumerate(first)}
        start = 1
        if "hypothesis" not in columns:
            fix = (
                "Name the columns source and target (or hypothesis), and lang if there are several languages"
            )
            yield UsageError("the heading names no column of translations", place=f"{file}, line 1", fix=fix)
            return
    for number, line in enumerate(lines[start:], start + 1):
        if line.strip():
            yield _tsv_row(line.split("\t"), columns, f"{file}, line {number}")


def _tsv_row(cells: list[str], columns: dict[str, int], place: str) -> Row | TerjimanError:
    if len(cells) <= max(columns["source"], columns["hypothesis"]):
        return UsageError("no tab between source and translation", place=place)
    lang = columns.get("lang", len(cells))
    if len(cells) > max(columns.values()) + 1:
        return UsageError(f"{len(cells)} columns, at most {max(columns.values()) + 1} expected", place=place)
    return _row(
        cells[columns["source"]],
        cells[columns["hypothesis"]],
        cells[lang] if lang < len(cells) else _ANY,
        place,
    )


def _read_jsonl(lines: list[str], file: str) -> Iterator[Row | TerjimanError]:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        place = f"{file}, line {number}"
        try:
            record = json.loads(line)
            source, target, lang = record["source"], record["target"], record.get("lang", _ANY)
        except (ValueError, TypeError, KeyError, AttributeError):
            yield UsageError("not a JSON object with source and target", place=place)
            continue
        if not all(isinstance(value, str) for value in (source, target, lang)):
            yield UsageError("source, target and lang must be text", place=place)
            continue
        yield _row(source, target, lang, place)


def _row(source: str, hypothesis: str, lang: str, place: str) -> Row | TerjimanError:
    lang = lang.strip()
    if lang and lang not in LANGUAGES:
        return UsageError(
            f"unknown language {lang!r}", place=place, fix=f"Use one of: {', '.join(LANGUAGES)}"
        )
    if not source.strip():
        return UsageError("the source is empty", place=place)
    return source, hypothesis.strip(), lang
