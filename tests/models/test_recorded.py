"""Replaying recorded translations."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpora.errors import MissingError, UsageError
from corpora.records import Hypothesis, Request
from corpora.text import visible
from models import registry
from models.engines.recorded import RecordedEngine

ROWS = [
    ("She left Almaty.", "Ол Алматыдан кетті."),
    ("The camp was closed.", "لاگېر تاقالدى، ئۇ ئۆيىگە قايتتى؟"),
    ("He wrote a letter.", "Он написал письмо."),
    ("In 2017 they were detained.", "2017年，他们被拘留。"),
    ("She left Almaty.", "Ол Алматыны тастап кетті."),
]


def _file(tmp_path: Path, text: str, name: str = "recording.tsv") -> str:
    path = tmp_path / name
    path.write_bytes(text.encode())
    return str(path)


@pytest.fixture
def recording(tmp_path: Path) -> str:
    return _file(tmp_path, "".join(f"{source}\t{target}\n" for source, target in ROWS))


def _texts(engine: RecordedEngine, *requests: Request) -> list[list[str]]:
    return [[hypothesis.text for hypothesis in found] for found in engine.translate(requests)]


def test_recorded_translations_are_replayed_in_file_order(recording: str) -> None:
    engine = RecordedEngine(recording)
    assert _texts(engine, Request("The camp was closed.", "ug"), Request("She left Almaty.", "kk")) == [
        ["لاگېر تاقالدى، ئۇ ئۆيىگە قايتتى؟"],
        ["Ол Алматыдан кетті."],
    ]
    assert _texts(engine, Request("She left Almaty.", "kk", n_best=5)) == [
        ["Ол Алматыдан кетті.", "Ол Алматыны тастап кетті."]
    ]
    assert engine.info.targets == ()
    assert engine.info.name == f"recorded:{recording}"
    assert (engine.info.batch_invariant, engine.info.reproducible) == (True, True)


def test_a_source_that_is_not_there_is_flagged_never_guessed(recording: str) -> None:
    [[hypothesis]] = RecordedEngine(recording).translate([Request("She left Almaty!", "kk")])
    assert hypothesis.text == ""
    assert [(flag.check, flag.severity) for flag in hypothesis.flags] == [("not-recorded", "error")]


def test_only_hypotheses_that_begin_as_asked_are_given(recording: str) -> None:
    engine = RecordedEngine(recording)
    assert _texts(engine, Request("She left Almaty.", "kk", prefix="Ол Алматыны")) == [
        ["Ол Алматыны тастап кетті."]
    ]
    [[hypothesis]] = engine.translate([Request("She left Almaty.", "kk", prefix="Біз")])
    assert (hypothesis.text, hypothesis.flags[0].check) == ("", "not-recorded")


def test_white_space_and_unicode_form_do_not_matter(recording: str) -> None:
    engine = RecordedEngine(recording)
    assert _texts(engine, Request("  She left\n Almaty. ", "kk"))[0][0].startswith("Ол")
    assert engine.translate([Request(" ", "kk")]) == [[Hypothesis(text="")]]


def test_a_column_of_languages_keeps_several_targets_apart(tmp_path: Path) -> None:
    text = "Yes.\tИә.\tkk\nYes.\tДа.\tru\n"
    engine = RecordedEngine(_file(tmp_path, text))
    assert _texts(engine, Request("Yes.", "kk"), Request("Yes.", "ru")) == [["Иә."], ["Да."]]
    assert engine.info.targets == ("kk", "ru")
    assert engine.translate([Request("Yes.", "zh")])[0][0].flags[0].check == "not-recorded"


def test_a_heading_names_the_columns(tmp_path: Path) -> None:
    text = "\ufeffsource\tlang\ttarget\r\nYes.\tug\tھەئە.\r\n\r\n"
    assert _texts(RecordedEngine(_file(tmp_path, text)), Request("Yes.", "ug")) == [["ھەئە."]]


def test_json_lines_are_read_too(tmp_path: Path) -> None:
    records = [
        {"source": "Yes.", "target": "是。", "lang": "zh", "score": 1},
        {"source": "No.", "target": "否。"},
    ]
    text = "".join(json.dumps(record) + "\n" for record in records)
    engine = RecordedEngine(_file(tmp_path, text, "bitext.jsonl"))
    assert _texts(engine, Request("Yes.", "zh"), Request("No.", "zh")) == [["是。"], ["否。"]]
    assert engine.info.targets == ()


@pytest.mark.parametrize("mark", ["\u2028", "\u2029", "\x85", "\v", "\f", "\x1e", "\0\n"])
def test_line_ends_and_marks_that_nobody_sees_are_taken_out(tmp_path: Path, mark: str) -> None:
    record = {"source": "Yes.", "target": f"ھە{mark}\u202eئە.", "lang": "ug"}
    engine = RecordedEngine(_file(tmp_path, json.dumps(record) + "\n", "bitext.jsonl"))
    [[hypothesis]] = engine.translate([Request("Yes.", "ug")])
    assert hypothesis.text == "ھە ئە."
    assert [(flag.check, flag.severity) for flag in hypothesis.flags] == [("invisible", "warning")]
    assert "U+202E" in hypothesis.flags[0].message


def test_nothing_visible_is_an_empty_translation(tmp_path: Path) -> None:
    [[hypothesis]] = RecordedEngine(_file(tmp_path, "Yes.\t\0\n")).translate([Request("Yes.", "ru")])
    assert hypothesis.text == ""
    assert [flag.check for flag in hypothesis.flags] == ["invisible", "empty-output"]


def test_an_empty_recorded_translation_is_flagged(tmp_path: Path) -> None:
    [[hypothesis]] = RecordedEngine(_file(tmp_path, "Yes.\t\n")).translate([Request("Yes.", "ru")])
    assert (hypothesis.text, hypothesis.flags[0].check) == ("", "empty-output")


@pytest.mark.parametrize(
    ("text", "name", "message"),
    [
        ("Yes.\tДа.\nNo tab here\n", "a.tsv", r"a\.tsv, line 2: no tab"),
        ("Yes.\tДа.\tru\tmore\n", "a.tsv", r"line 1: 4 columns"),
        ("Yes.\tДа.\txx\n", "a.tsv", r"line 1: unknown language 'xx'"),
        ("\tДа.\n", "a.tsv", r"line 1: the source is empty"),
        ("source\tid\n", "a.tsv", r"line 1: the heading names no column"),
        ("\n \n", "a.tsv", "holds no recorded translation"),
        ("", "a.tsv", "holds no recorded translation"),
        ('{"source": "x"}\n', "a.jsonl", r"line 1: not a JSON object with source and target"),
        ("\n[1]\n", "a.jsonl", r"line 2: not a JSON object"),
        ('{"source": "x", "target": 3}\n', "a.jsonl", r"line 1: .* must be text"),
    ],
)
def test_bad_lines_are_named(tmp_path: Path, text: str, name: str, message: str) -> None:
    with pytest.raises(UsageError, match=message) as error:
        RecordedEngine(_file(tmp_path, text, name))
    assert error.value.exit_code == 2


def test_every_bad_line_is_shown_at_once_up_to_twenty(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as error:
        RecordedEngine(_file(tmp_path, "no tab\n" * 30))
    lines = str(error.value).splitlines()
    assert len(lines) == 21
    assert "line 20: no tab" in lines[19]
    assert "10 more lines like these" in lines[20]


def test_a_file_that_is_not_utf8_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "cp1251.tsv"
    path.write_bytes(b"Yes.\tok\n" + "No.\tНет\n".encode("cp1251"))
    with pytest.raises(UsageError, match=r"cp1251\.tsv, line 2: not UTF-8"):
        RecordedEngine(str(path))


def test_a_missing_file_is_exit_3(tmp_path: Path) -> None:
    with pytest.raises(MissingError, match="no such file") as error:
        registry.describe(f"recorded:{tmp_path / 'gone.tsv'}")
    assert error.value.exit_code == 3
    with pytest.raises(UsageError, match="cannot be read"):
        registry.describe(f"recorded:{tmp_path}")


def test_the_digest_is_that_of_the_content(tmp_path: Path) -> None:
    first = registry.describe("recorded:" + _file(tmp_path, "a\tb\n", "one.tsv"))
    same = registry.describe("recorded:" + _file(tmp_path, "a\tb\n", "two.tsv"))
    other = registry.describe("recorded:" + _file(tmp_path, "a\tc\n", "three.tsv"))
    assert first.digest == same.digest != other.digest


WORDS = st.text(
    st.characters(codec="utf-8", exclude_characters="\t\n\r", exclude_categories=("Cc", "Zs", "Zl", "Zp")),
    min_size=1,
    max_size=20,
)


@settings(deadline=None, max_examples=50)
@given(pairs=st.dictionaries(WORDS, WORDS, min_size=1, max_size=8))
def test_what_is_recorded_comes_back(tmp_path_factory: pytest.TempPathFactory, pairs: dict[str, str]) -> None:
    path = tmp_path_factory.mktemp("recorded") / "r.tsv"
    heading = "source\ttarget\n"
    path.write_text(heading + "".join(f"{s}\t{t}\n" for s, t in pairs.items()), encoding="utf-8", newline="")
    engine = RecordedEngine(str(path))
    for source in pairs:
        key = unicodedata.normalize("NFC", source)
        wanted = [visible(t)[0].strip() for s, t in pairs.items() if unicodedata.normalize("NFC", s) == key]
        assert engine.translate([Request(source, "ru")])[0][0].text == wanted[0]
