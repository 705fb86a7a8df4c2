"""Bitext files: what goes in comes out, in every format and language, and nothing in a file does harm."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from corpora import bitext
from corpora.bitext import Pair, jsonl, tmx, tsv, xliff
from corpora.errors import UsageError
from corpora.records import Flag, TermUse

FORMATS = [tsv, jsonl, tmx, xliff]
WARNING = "Made by a small model: a draft, not fit for publication."
DTD = Path(__file__).parent / "data" / "tmx14.dtd"

SAMPLES = [
    Pair(
        "talk.md:0:0",
        "Gulnar Aliyeva spoke in Almaty on 3 March 2019.",
        "Гүлнар Әлиева 2019 жылғы 3 наурызда Алматыда сөз сөйледі.",
        "kk",
        "talk.md",
        "starter",
        flags=(Flag("numbers", "warning", "3 March | stands as; 3 наурыз", (19, 28)),),
        terms=(
            TermUse("gulnar", "Gulnar Aliyeva", (0, 14), "Гүлнар Әлиева", (0, 13), "nom", 0, "passed"),
            TermUse("almaty", "Almaty", (24, 30), "Алматыда", (29, 37), "loc", 2, "passed"),
        ),
    ),
    Pair(
        "talk.md:0:1",
        "“Where is my son?” she asked the BBC.",
        "«ئوغلۇم نەدە؟» دەپ سورىدى ئۇ BBC دىن.",
        "ug",
        "talk.md",
        "starter",
        terms=(TermUse("bbc", "BBC", (33, 36), None, None, "", 5, "failed"),),
        note="ask her again",
    ),
    Pair("talk.md:0:2", "=SUM(A1:A9) & <b>x</b>", "Он ответил: «нет».", "ru", origin="human"),
    Pair("talk.md:0:3", "'+1 for 'the' \"quoted", "他说：“没有。”\t第二行\n\\n 完", "zh", model="starter"),
    Pair("talk.md:0:4", '"I was there.', "", "zh", model="starter", origin="memory"),
]


def by_name(module: ModuleType) -> str:
    return module.__name__.rpartition(".")[2]


every_format = pytest.mark.parametrize("module", FORMATS, ids=by_name)


@every_format
def test_what_is_written_is_read_back(module: ModuleType) -> None:
    data = module.write(SAMPLES, source_lang="en", lang="kk")
    assert module.read(data, "x") == SAMPLES
    assert module.write(SAMPLES, source_lang="en", lang="kk") == data


@every_format
def test_the_notice_goes_with_what_a_machine_wrote(module: ModuleType) -> None:
    data = module.write(SAMPLES, source_lang="en", lang="kk", notice=WARNING)
    notices = [pair.notice for pair in module.read(data, "x")]
    assert notices == [WARNING, WARNING, "", WARNING, WARNING]


@every_format
def test_no_pairs_make_a_file_all_the_same(module: ModuleType) -> None:
    assert module.read(module.write([], source_lang="en", lang="ug"), "x") == []


plain = st.text(
    st.characters(exclude_categories=["Cs"], include_characters="=+-@'\"\t\n\r\\ ؟ئۆңӘ\u200c\u2028\x07\ufffe")
).map(lambda text: unicodedata.normalize("NFC", text))
names = plain.filter(lambda text: not any(ord(c) < 32 or ord(c) in (0xFFFE, 0xFFFF) for c in text))
spans = st.tuples(st.integers(0, 99), st.integers(0, 99))
flags = st.builds(
    Flag, plain, st.sampled_from(["error", "warning", "info"]), plain, st.one_of(st.none(), spans)
)
uses = st.builds(
    lambda term, surface, span, found, case, rung, verdict: TermUse(
        term, surface, span, found[0], found[1], case, rung, verdict
    ),
    plain,
    plain,
    spans,
    st.one_of(st.just((None, None)), st.tuples(plain, st.one_of(st.none(), spans))),
    plain,
    st.one_of(st.none(), st.integers(0, 9)),
    st.sampled_from(["passed", "failed", "untranslated", "waived"]),
)
pairs = st.builds(
    Pair,
    id=names.filter(bool),
    source=plain,
    target=plain,
    lang=st.sampled_from(["kk", "ug", "ru", "zh"]),
    document=names,
    model=names,
    origin=st.sampled_from(["mt", "memory", "human"]),
    flags=st.lists(flags, max_size=2).map(tuple),
    terms=st.lists(uses, max_size=2).map(tuple),
    note=names,
)


@every_format
@settings(max_examples=60, deadline=None)
@given(st.lists(pairs, max_size=3))
def test_any_text_comes_back(module: ModuleType, sample: list[Pair]) -> None:
    assert module.read(module.write(sample, source_lang="en", lang="kk"), "x") == sample


@every_format
@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_damaged_file_is_read_or_refused_but_never_crashes(module: ModuleType, data: st.DataObject) -> None:
    whole = bytearray(module.write(SAMPLES, source_lang="en", lang="kk", notice=WARNING))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(whole) - 1))
        whole[at : at + data.draw(st.integers(0, 9))] = data.draw(st.binary(max_size=4))
    told, read = "", []
    try:
        read = module.read(bytes(whole), "x")
    except UsageError as error:
        told = str(error)
    assert told.startswith("x") or module.write(read, source_lang="en", lang="kk")


@every_format
def test_half_a_surrogate_pair_is_refused(module: ModuleType) -> None:
    with pytest.raises(UsageError, match="surrogate"):
        module.write([Pair("a", "x\ud800", "y", "kk")], source_lang="en", lang="kk")


@every_format
def test_a_file_beyond_the_limit_is_refused(module: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bitext, "LIMIT", 100)
    with pytest.raises(UsageError, match=r"big\.tsv: 0 MB is more"):
        module.read(b"x" * 101, "big.tsv")


def test_a_spreadsheet_sees_no_formula_and_no_swallowed_line() -> None:
    data = tsv.write(SAMPLES, source_lang="en", lang="kk", notice=WARNING)
    assert not data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(data.decode(), newline=""), "excel-tab"))
    assert rows[0][:7] == ["id", "source", "target", "model", "origin", "flags", "terms"]
    assert len(rows) == len(SAMPLES) + 1
    assert all(not cell.lstrip().startswith(("=", "+", "-", "@", "＝")) for row in rows for cell in row)
    assert rows[5][1] == '"I was there.'


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "＝", " =", "'=", "''@", "\t=", "'", "''", "'x", "-'"])
def test_a_guarded_cell_comes_back_as_it_was(start: str) -> None:
    pair = Pair("a", f"{start}cmd|' /C calc'!A0", start, "ru")
    assert tsv.read(tsv.write([pair], source_lang="en", lang="ru"), "x") == [pair]


def test_a_table_saved_by_a_spreadsheet_is_understood() -> None:
    text = 'target\tSource\tlang\textra\r\n"Сәлем\tәлем ""достар"""\tHello\tkk\t1\r\n\t\t\t\r\n'
    for data in (text.encode(), b"\xef\xbb\xbf" + text.encode(), text.encode("utf-16")):
        assert tsv.read(data, "x") == [Pair("0", "Hello", 'Сәлем\tәлем "достар"', "kk")]


def test_escapes_do_not_join_with_a_combining_mark() -> None:
    pair = Pair("a", "one\n\u0301two", "\u0338three", "kk")
    for module in FORMATS:
        assert module.read(module.write([pair], source_lang="en", lang="kk"), "x") == [pair]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "x, line 1: no column named source and target"),
        (b"a\tb\nc\td\n", "x, line 1: no column named"),
        (b"source\ttarget\ttarget\n", "x, line 1: two columns are named 'target'"),
        (b"source\ttarget\na\tb\nc\n", "x, line 3: 1 columns, but the header has 2"),
        (b"source\ttarget\na\t\xff\n", "x, line 2: not UTF-8"),
        (b'source\ttarget\n"a\tb\nc\td\n', "x, line 2: not readable as tab-separated values"),
        (b"source\ttarget\torigin\na\tb\trobot\n", "x, line 2: unknown origin 'robot'"),
        (b"source\ttarget\tflags\na\tb\tvery bad\n", "x, line 2: the flags cannot be read"),
        (b"source\ttarget\tterms\na\tb\tpassed x\n", "x, line 2: the terms cannot be read: item 1, part 3"),
        (b"source\ttarget\n" + b"a" * 200_000 + b"\tb\n", "x, line 2: not readable"),
    ],
)
def test_a_bad_table_names_its_line(data: bytes, message: str) -> None:
    with pytest.raises(UsageError) as error:
        tsv.read(data, "x")
    assert str(error.value).startswith(message)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "x, line 2: not JSON"),
        ("[1]", "x, line 2: not a JSON object"),
        ("[" * 100_000, "x, line 2: JSON nested too deep"),
        ('{"source":"a","lang":"kk"}', "x, line 2: no 'target'"),
        ('{"source":1,"target":"b","lang":"kk"}', "x, line 2: 'source' is not a text"),
        ('{"source":"\\ud800","target":"b","lang":"kk"}', "x, line 2: half a surrogate"),
        ('{"source":"a","target":"b","lang":"kk","flags":[{"check":1}]}', "x, line 2: flags or terms"),
        ('{"source":"a","target":"b","lang":"kk","flags":7}', "x, line 2: flags or terms"),
        (
            '{"source":"a","target":"b","lang":"kk","flags":[{"check":"c","severity":"bad","message":""}]}',
            "x, line 2: flags or terms",
        ),
    ],
)
def test_a_bad_json_line_names_its_line(line: str, message: str) -> None:
    with pytest.raises(UsageError) as error:
        jsonl.read(f'{{"source":"a","target":"b","lang":"kk"}}\n{line}\n'.encode(), "x")
    assert str(error.value).startswith(message)


def test_tmx_is_valid_and_says_which_language_and_tool() -> None:
    dtd = etree.DTD(str(DTD))
    for sample in ([], SAMPLES, [Pair("\x01", "\x00\x1f", "\ufffe\r\n", "ug", note="\x02", model="\x03")]):
        root = etree.fromstring(tmx.write(sample, source_lang="en", lang="kk", notice=WARNING))
        assert dtd.validate(root), dtd.error_log
    root = etree.fromstring(tmx.write(SAMPLES, source_lang="en", lang="kk", notice=WARNING))
    assert root.xpath("string(header/@creationtool)") == "terjiman"
    assert root.xpath("string(header/note)") == WARNING
    lang = "{http://www.w3.org/XML/1998/namespace}lang"
    assert [tuv.get(lang) for tuv in root.iter("tuv")][1::2] == ["kk", "ug", "ru", "zh-CN", "zh-CN"]
    assert root.xpath("string(//tu[1]/tuv[2]/@creationid)") == "mt:starter"
    assert not root.xpath("//@creationdate | //@changedate")


def test_tmx_of_other_tools_is_read() -> None:
    data = """<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE tmx SYSTEM "tmx14.dtd">
<tmx version="1.4"><header creationtool="other" srclang="*all*"/><body>
<tu srclang="en-US"><tuv xml:lang="kk-KZ"><seg>Жаңа <bpt i="1">&lt;b><sub>x</sub></bpt>үй<ept i="1"/></seg>
</tuv><tuv lang="en-us"><prop type="p">v</prop><seg>New <hi>house</hi></seg></tuv>
<tuv xml:lang="ZH_cn"><seg>新房子</seg></tuv><tuv xml:lang="de"><seg>Haus</seg></tuv></tu>
<tu><tuv xml:lang="en"><seg>alone</seg></tuv></tu></body></tmx>""".encode("utf-16")
    read = tmx.read(data, "x")
    assert [(pair.source, pair.target, pair.lang, pair.origin) for pair in read] == [
        ("New house", "Жаңа үй", "kk", "human"),
        ("New house", "新房子", "zh", "human"),
        ("New house", "Haus", "de", "human"),
    ]


BOMB = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 9))
BODY = "<header/><body><tu><tuv xml:lang='en'><seg>{}</seg></tuv></tu></body>"
HALF = '<ph type="x-terjiman-char">D800</ph>'


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("", "x, line 1: not well-formed XML (no element found)"),
        ("<tmx>\n<header>", "x, line 2: not well-formed XML"),
        ("<html/>", "x, line 1: no TMX file: the root element is <html>"),
        (
            f'<!DOCTYPE tmx [<!ENTITY e0 "x">{BOMB}]><tmx>{BODY.format("&e8;")}</tmx>',
            "x, line 1: the file declares",
        ),
        (
            f'<!DOCTYPE tmx [<!ENTITY f SYSTEM "file:///etc/passwd">]><tmx>{BODY.format("&f;")}</tmx>',
            "x, line 1: the file declares",
        ),
        ("<tmx>" + "<a>" * 100_000, "x, line 1: elements nested too deep"),
        ("<tmx><header/><body><tu><seg>a</seg></tu></body></tmx>", "x, line 1: a <seg> stands outside"),
        (
            "<tmx><header/><body><tu>\n<tuv><seg>a</seg></tuv></tu></body></tmx>",
            "x, line 2: a <tuv> does not say",
        ),
        (f"<tmx>{BODY.format(HALF)}</tmx>", "x, line 1: a <ph> holds no code"),
        (
            '<?xml version="1.0" encoding="nonsense"?><tmx/>',
            "x: not readable as XML (unknown encoding: nonsense)",
        ),
    ],
)
def test_a_bad_or_hostile_tmx_is_refused(data: str, message: str) -> None:
    with pytest.raises(UsageError) as error:
        tmx.read(data.encode(), "x")
    assert str(error.value).startswith(message)


def test_xliff_says_what_a_translator_must_know() -> None:
    root = etree.fromstring(xliff.write(SAMPLES, source_lang="en", lang="kk", notice=WARNING))
    names = {"x": "urn:oasis:names:tc:xliff:document:1.2"}
    files = root.xpath("//x:file/@target-language", namespaces=names)
    assert files == ["kk", "ug", "ru", "zh-CN"]
    # the strict schema wants the names of context groups unique, so they have none
    assert not root.xpath("//x:context-group/@name", namespaces=names)
    states = root.xpath("//x:target/@state", namespaces=names)
    assert states == [*["needs-review-translation"] * 2, "translated", *["needs-review-translation"] * 2]
    assert root.xpath("string(//x:header/x:note)", namespaces=names) == WARNING
    note = root.xpath("string(//x:trans-unit[1]/x:note)", namespaces=names)
    assert note == "warning, numbers: 3 March | stands as; 3 наурыз"


def test_xliff_that_a_translator_sends_back() -> None:
    data = """<?xml version="1.0"?><xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2"
 xmlns:o="urn:other"><file original="a.md" source-language="en" target-language="kk-KZ"><body><group>
<trans-unit id="7"><source>New <g id="1">house</g><x id="2"/></source>
<target state="signed-off">Жаңа <mrk mtype="seg"><ph id="3">&lt;b></ph>үй</mrk></target>
<o:target>no</o:target>
<alt-trans><source>Old</source><target>Ескі</target></alt-trans>
<context-group><context context-type="x-origin">mt</context></context-group>
<note from="Aigul">checked</note><note from="terjiman">error, x: y</note></trans-unit>
<trans-unit id="8"><source>Open</source></trans-unit></group></body></file></xliff>"""
    assert xliff.read(data.encode(), "x") == [
        Pair("7", "New house", "Жаңа үй", "kk", "a.md", origin="human", note="checked"),
        Pair("8", "Open", "", "kk", "a.md", origin="human"),
    ]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("<tmx/>", "x, line 1: no XLIFF file: the root element is <tmx>"),
        ('<xliff version="2.1"/>', "x, line 1: XLIFF 2.1, but this reader takes 1.2"),
        ('<!DOCTYPE x [<!ENTITY e "e">]><xliff/>', "x, line 1: the file declares entities"),
        (
            "<xliff><file>\n<trans-unit><context context-type='x-origin'>robot</context>"
            "</trans-unit></file></xliff>",
            "x, line 2: unknown origin 'robot'",
        ),
    ],
)
def test_a_bad_or_hostile_xliff_is_refused(data: str, message: str) -> None:
    with pytest.raises(UsageError) as error:
        xliff.read(data.encode(), "x")
    assert str(error.value).startswith(message)


def test_every_writer_has_the_same_face() -> None:
    for module in FORMATS:
        writer: Callable[..., bytes] = module.write
        assert isinstance(writer(SAMPLES, source_lang="en", lang="kk", notice=""), bytes)
