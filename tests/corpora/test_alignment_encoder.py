"""The aligner with the encoder that ships, in all four languages, and the command as a user calls it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree

import pytest

from corpora.alignment import align
from corpora.protocols import Encoder
from models.encoders import load_encoder

STORY = {
    "en": [
        "The village lies at the foot of the mountains.",
        "In spring the river rises and floods the lower fields.",
        "My grandmother kept bees behind the house.",
        "She sold 40 jars of honey at the market every year.",
        "My brother left for the city in 1998.",
        "He found work as a driver.",
        "We did not hear from him for three years.",
        "Then a letter came, and everyone wept.",
        "Today the school has new windows and a library.",
        "The children read there after class.",
    ],
    "kk": [
        "Ауыл таудың етегінде жатыр.",
        "Көктемде өзен тасып, төменгі егістіктерді су басады.",
        "Әжем үйдің артында ара өсіретін.",
        "Ол жыл сайын базарда 40 құты бал сататын.",
        "Ағам 1998 жылы қалаға кетті.",
        "Ол жүргізуші болып жұмысқа орналасты.",
        "Біз одан үш жыл бойы хабар алмадық.",
        "Содан кейін хат келді де, бәрі жылады.",
        "Бүгін мектептің жаңа терезелері мен кітапханасы бар.",
        "Балалар сабақтан кейін сонда кітап оқиды.",
    ],
    "ug": [
        "يېزا تاغنىڭ ئېتىكىدە.",
        "ئەتىيازدا دەريا تېشىپ، تۆۋەنكى ئېتىزلارنى سۇ باسىدۇ.",
        "مومام ئۆينىڭ كەينىدە ھەرە باقاتتى.",
        "ئۇ ھەر يىلى بازاردا 40 قۇتا ھەسەل ساتاتتى.",
        "ئاكام 1998-يىلى شەھەرگە كەتتى.",
        "ئۇ شوپۇرلۇق خىزمىتىنى تاپتى.",
        "بىز ئۈچ يىل ئۇنىڭدىن خەۋەر ئالالمىدۇق.",
        "كېيىن بىر پارچە خەت كەلدى، ھەممەيلەن يىغلىدى.",
        "بۈگۈن مەكتەپنىڭ يېڭى دېرىزىلىرى ۋە كۈتۈپخانىسى بار.",
        "بالىلار دەرستىن كېيىن ئۇ يەردە كىتاب ئوقۇيدۇ.",
    ],
    "ru": [
        "Деревня лежит у подножия гор.",
        "Весной река разливается и затопляет нижние поля.",
        "Моя бабушка держала пчёл за домом.",
        "Каждый год она продавала на рынке 40 банок мёда.",
        "Мой брат уехал в город в 1998 году.",
        "Он нашёл работу водителем.",
        "Три года мы ничего о нём не слышали.",
        "Потом пришло письмо, и все плакали.",
        "Сегодня в школе новые окна и библиотека.",
        "Дети читают там после уроков.",
    ],
    "zh": [
        "村子坐落在山脚下。",
        "春天河水上涨，淹没低处的田地。",
        "我的祖母在屋后养蜂。",
        "她每年在集市上卖40罐蜂蜜。",
        "我哥哥1998年去了城里。",
        "他找到了一份司机的工作。",
        "我们三年没有他的消息。",
        "后来来了一封信，大家都哭了。",
        "如今学校有了新窗户和图书馆。",
        "孩子们放学后在那里读书。",
    ],
}
TARGETS = ("kk", "ug", "ru", "zh")


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return load_encoder(threads=1)


def joined(lang: str, sentences: Sequence[str]) -> str:
    return ("" if lang == "zh" else " ").join(sentences)


def spoilt(lang: str) -> list[str]:
    """The story without its fourth sentence, the fifth and sixth in one."""
    text = STORY[lang]
    return [*text[:3], joined(lang, text[4:6]), *text[6:]]


SPOILT = ["[0]:[0]", "[1]:[1]", "[2]:[2]", "[3]:[]", "[4,5]:[3]", "[6]:[4]", "[7]:[5]", "[8]:[6]", "[9]:[7]"]


@pytest.mark.parametrize("lang", TARGETS)
def test_a_translation_aligns_sentence_by_sentence(lang: str, encoder: Encoder) -> None:
    beads = align(STORY["en"], STORY[lang], encoder, source_lang="en", target_lang=lang)
    assert [(bead.source, bead.target) for bead in beads] == [((str(i),), (str(i),)) for i in range(10)]
    assert all(bead.confidence > 0.5 for bead in beads)


@pytest.mark.parametrize("lang", TARGETS)
def test_a_dropped_and_a_merged_sentence_are_found(lang: str, encoder: Encoder) -> None:
    beads = align(STORY["en"], spoilt(lang), encoder, source_lang="en", target_lang=lang)
    assert [f"[{','.join(bead.source)}]:[{','.join(bead.target)}]" for bead in beads] == SPOILT


def terjiman(*arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from pipeline.cli import main; main()", *map(str, arguments)]
    return subprocess.run(
        command,
        cwd=cwd,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.fixture
def files(tmp_path: Path) -> Path:
    for lang, text in STORY.items():
        (tmp_path / f"lines.{lang}").write_text("\n".join(text) + "\n", encoding="utf-8")
        (tmp_path / f"spoilt.{lang}").write_text("\n".join(spoilt(lang)) + "\n", encoding="utf-8")
        paragraphs = joined(lang, text[:4]), joined(lang, text[4:8]), joined(lang, text[8:])
        (tmp_path / f"text.{lang}").write_text("\n\n".join(paragraphs) + "\n", encoding="utf-8")
    return tmp_path


def test_beads_of_presegmented_files(files: Path) -> None:
    done = terjiman("align", "lines.en", "spoilt.ug", "--langs", "en-ug", "--presegmented", cwd=files)
    assert done.returncode == 0, done.stderr
    assert [line.rsplit(":", 1)[0] for line in done.stdout.splitlines()] == SPOILT
    assert all(-1 <= float(line.rsplit(":", 1)[1]) <= 1 for line in done.stdout.splitlines())


@pytest.mark.parametrize("lang", ["ug", "zh"])
def test_running_text_is_split_first(lang: str, files: Path) -> None:
    done = terjiman(
        "align", "text.en", f"text.{lang}", "--langs", f"en-{lang}", "--format", "tsv", "-o", "out", cwd=files
    )
    assert done.returncode == 0, done.stderr
    rows = [row.split("\t") for row in (files / "out").read_text(encoding="utf-8").splitlines()]
    assert [row[:2] for row in rows] == [list(pair) for pair in zip(STORY["en"], STORY[lang], strict=True)]


def test_the_other_formats(files: Path) -> None:
    (files / "terms.tsv").write_text("honey\t蜂蜜\nriver\t河\n", encoding="utf-8")
    common = (
        "align",
        "lines.en",
        "spoilt.zh",
        "--langs",
        "en-zh-Hans",
        "--presegmented",
        "--anchors",
        "terms.tsv",
    )
    rows = [
        json.loads(line) for line in terjiman(*common, "--format", "jsonl", cwd=files).stdout.splitlines()
    ]
    assert list(rows[0]) == [
        "source", "target", "score", "confidence", "source_text", "target_text",
    ]  # fmt: skip
    assert rows[4]["target_text"] == STORY["zh"][4] + STORY["zh"][5]
    assert rows[3] == {
        "source": ["3"], "target": [], "score": 0.0, "confidence": rows[3]["confidence"],
        "source_text": STORY["en"][3], "target_text": "",
    }  # fmt: skip
    memory = ElementTree.fromstring(terjiman(*common, "--format", "tmx", cwd=files).stdout)
    assert len(memory.findall(".//tu")) == len(SPOILT)
    exchange = ElementTree.fromstring(terjiman(*common, "--format", "xliff", cwd=files).stdout)
    assert len([node for node in exchange.iter() if node.tag.endswith("trans-unit")]) == len(SPOILT)
    page = terjiman(*common, "--format", "html", cwd=files).stdout
    assert "default-src 'none'" in page
    assert STORY["zh"][0] in page
    assert 'lang="zh-Hans"' in page
    assert "9 beads. " in page
    assert "1 have no translation, 0 no source" in page
    assert '<td class="none start">nothing</td>' in page
    assert f'<span class="id">3</span><span>{STORY["zh"][4]}' in page


def test_the_page_of_a_text_written_from_the_right(files: Path) -> None:
    call = ("align", "lines.en", "spoilt.ug", "--langs", "en-ug", "--presegmented", "--format", "html")
    page = terjiman(*call, cwd=files).stdout
    assert page.count('<td lang="ug" dir="rtl">') == 8
    assert page.count('<td lang="en" dir="ltr">') == 9
    assert '<th scope="col" class="end">Uyghur</th>' in page
    assert '<td class="none end">nothing</td>' in page


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("lines.en", "none", "--langs", "en-kk"), 3, "none: no such file"),
        (("lines.en", "lines.kk", "--langs", "english"), 2, "'english' is no pair of languages"),
        (("lines.en", "lines.kk", "--langs", "en-kk", "--encoder", "x"), 2, "unknown encoder 'x'"),
        (
            ("lines.en", "lines.kk", "--langs", "en-kk", "--anchors", "lines.kk"),
            2,
            "line 1: is no pair of terms",
        ),
        (("lines.en", "lines.kk", "--langs", "en-kk", "--format", "docx"), 2, "docx"),
    ],
)
def test_bad_calls_say_what_is_wrong(
    arguments: tuple[str, ...], code: int, message: str, files: Path
) -> None:
    done = terjiman("align", *arguments, cwd=files)
    assert done.returncode == code
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_empty_files_and_any_language(files: Path) -> None:
    (files / "empty").write_text("", encoding="utf-8")
    assert terjiman("align", "empty", "empty", "--langs", "en-kk", cwd=files).stdout == ""
    done = terjiman("align", "lines.en", "empty", "--langs", "en-yue-Hant", "--presegmented", cwd=files)
    assert done.stdout.splitlines()[:2] == ["[0]:[]:0.0000", "[1]:[]:0.0000"]


def test_marked_up_documents_are_read_without_their_markup(files: Path) -> None:
    paragraphs = "\n\n".join(f"**{text}**" for text in STORY["en"])
    (files / "story.md").write_text(f"# Bees\n\n{paragraphs}\n", encoding="utf-8")
    rows = "".join(f"<p>{text}</p>\n" for text in STORY["ru"])
    page = f"<html><head><title></title></head><body><h1>Пчёлы</h1>\n{rows}</body></html>"
    (files / "story.html").write_text(page, encoding="utf-8")
    call = ("align", "story.md", "story.html", "--langs", "en-ru", "--format", "tsv")
    done = terjiman(*call, cwd=files)
    assert done.stderr == ""
    pairs = [row.split("\t")[:2] for row in done.stdout.splitlines()]
    assert pairs == [["Bees", "Пчёлы"], *map(list, zip(STORY["en"], STORY["ru"], strict=True))]
    (files / "story.html").write_text(" \n", encoding="utf-8")
    assert terjiman(*call, cwd=files).stdout.startswith("Bees\t\t")


def test_languages_that_change_places_are_told(files: Path) -> None:
    done = terjiman("align", "lines.en", "lines.ru", "--langs", "ru-en", "--presegmented", cwd=files)
    assert done.returncode == 0
    assert "warning: lines.en: most sentences read as 'en', not as 'ru' (--langs)" in done.stderr
    assert "warning: lines.ru: most sentences read as 'ru', not as 'en' (--langs)" in done.stderr


def test_an_answer_is_not_written_over_a_text(files: Path) -> None:
    before = (files / "lines.kk").read_bytes()
    done = terjiman("align", "lines.en", "lines.kk", "--langs", "en-kk", "-o", "lines.kk", cwd=files)
    assert (done.returncode, (files / "lines.kk").read_bytes()) == (2, before)
    assert "lines.kk: is one of the texts to be aligned" in done.stderr


def test_a_spreadsheet_runs_nothing(files: Path) -> None:
    (files / "one.en").write_text("=cmd|'/c calc'!A0\n– Yes.\n- No.\n", encoding="utf-8")
    (files / "one.ru").write_text("@SUM(A1)\n– Да.\n- Нет.\n", encoding="utf-8")
    call = ("align", "one.en", "one.ru", "--langs", "en-ru", "--presegmented", "--format", "tsv")
    cells = [cell for row in terjiman(*call, cwd=files).stdout.splitlines() for cell in row.split("\t")[:2]]
    assert {"'=cmd|'/c calc'!A0", "'@SUM(A1)", "- No.", "- Нет."} <= set(cells)
