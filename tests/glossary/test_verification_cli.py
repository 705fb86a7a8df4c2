"""The commands `verify`, `enforce` and `glossary forms`, as a program calls them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

GLOSSARY = (
    "en,type,gender,kk,ug,ru,zh,forbidden_ru\n"
    "Ghulja,place,,Құлжа,غۇلجا,Кульджа,伊宁,Инин\n"
    "Bilash,person,m,Білаш,بىلاش,Билаш,比拉什,\n"
)
SOURCE = "Bilash went to Ghulja.\nNo name here.\n"
TRUE = {
    "kk": "Білаш Құлжаға барды.\nБұл жерде ат жоқ.\n",
    "ug": "بىلاش غۇلجىغا باردى.\nبۇ يەردە ئىسىم يوق.\n",
    "ru": "Билаш поехал в Кульджу.\nЗдесь нет имени.\n",
    "zh": "比拉什去了伊宁。\n这里没有名字。\n",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "g.csv").write_text(GLOSSARY, encoding="utf-8")
    (tmp_path / "src").write_text(SOURCE, encoding="utf-8")
    return tmp_path


def _run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from pipeline.cli import main; main()", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def _write(folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(text, encoding="utf-8")


@pytest.mark.parametrize("lang", TRUE)
def test_verify_prints_one_record_a_line(folder: Path, lang: str) -> None:
    _write(folder, "hyp", TRUE[lang])
    done = _run(folder, "verify", "src", "hyp", "--to", lang, "--glossary", "g.csv", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    first, second = map(json.loads, done.stdout.splitlines())
    assert (first["line"], first["ok"], second["line"], second["ok"]) == (0, True, 1, True)
    assert [term["source"] for term in first["terms"]] == ["Bilash", "Ghulja"]
    for term in first["terms"]:
        assert term["ok"]
        assert TRUE[lang].splitlines()[0][slice(*term["span"])] == term["form"]
    assert (second["terms"], first["forbidden"]) == ([], [])


def test_verify_tells_what_is_wrong_and_exits_with_1(folder: Path) -> None:
    _write(folder, "hyp", "Билаш поехал в Инин.\nЗдесь нет имени.\n")
    done = _run(folder, "verify", "src", "hyp", "--to", "ru", "--glossary", "g.csv", "--json")
    first = json.loads(done.stdout.splitlines()[0])
    assert (done.returncode, first["ok"]) == (1, False)
    assert [(term["ok"], term["form"]) for term in first["terms"]] == [(True, "Билаш"), (False, None)]
    assert [(one["form"], one["span"]) for one in first["forbidden"]] == [("Инин", [15, 19])]
    told = _run(folder, "verify", "src", "hyp", "--to", "ru", "--glossary", "g.csv")
    assert told.stdout.startswith("hyp:1: error: ")


def test_terms_per_line(folder: Path) -> None:
    _write(folder, "hyp", TRUE["ru"])
    terms = {"Ghulja": "Кульджа", "Bilash": {"target": "Билаш", "type": "person", "gender": "m"}}
    _write(folder, "terms", json.dumps({"terms": terms}, ensure_ascii=False) + '\n{"terms": {}}\n')
    done = _run(folder, "verify", "src", "hyp", "--to", "ru", "--terms-per-line", "terms", "--json")
    assert done.returncode == 0
    assert [term["ok"] for term in json.loads(done.stdout.splitlines()[0])["terms"]] == [True, True]


def test_enforce_mends_audits_and_reports(folder: Path) -> None:
    _write(folder, "src", SOURCE + "She left Ghulja.\n")
    _write(folder, "hyp", "Биляш поехал в Инин.\nЗдесь нет имени.\nОна ушла.\n")
    done = _run(
        folder,
        *("enforce", "src", "hyp", "--to", "ru", "--glossary", "g.csv", "-o", "out", "--audit", "audit"),
        "--no-meaning",
    )
    assert done.returncode == 1
    assert (folder / "out").read_text().splitlines() == [
        "Билаш поехал в Кульджу.",
        "Здесь нет имени.",
        "Она ушла.",
    ]
    assert done.stderr.startswith("hyp:3: stopped: ")
    records = [json.loads(line) for line in (folder / "audit").read_text().splitlines()]
    assert [(record["line"], record["passed"]) for record in records] == [(0, True), (1, True), (2, False)]
    assert [(use["form"], use["rung"], use["verdict"]) for use in records[0]["terms"]] == [
        ("Билаш", 4, "passed"),
        ("Кульджу", 4, "passed"),
    ]
    assert records[2]["terms"][0]["verdict"] == "failed"


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("--to", "xx", "--glossary", "g.csv"), 2, "no target language 'xx'"),
        (("--to", "en", "--glossary", "g.csv"), 2, "no target language 'en'"),
        (("--to", "ru"), 2, "either --glossary or --terms-per-line"),
        (("--to", "ru", "--glossary", "none.csv"), 3, "no such glossary file"),
        (("--to", "ru", "--terms-per-line", "bad"), 2, "bad, line 2: not JSON"),
        (("--to", "ru", "--terms-per-line", "short"), 2, "short has 1 lines, the texts have 2"),
    ],
)
def test_bad_calls_are_told_in_one_line(
    folder: Path, arguments: tuple[str, ...], code: int, message: str
) -> None:
    _write(folder, "hyp", TRUE["ru"])
    _write(folder, "bad", '{"terms": {}}\n{nonsense\n')
    _write(folder, "short", '{"terms": {}}\n')
    done = _run(folder, "verify", "src", "hyp", *arguments)
    assert done.returncode == code
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_files_of_different_length_are_refused(folder: Path) -> None:
    _write(folder, "hyp", "Одна строка.\n")
    done = _run(folder, "verify", "src", "hyp", "--to", "ru", "--glossary", "g.csv")
    assert done.returncode == 2
    assert "src has 2, hyp has 1" in done.stderr


def test_forms_prints_a_paradigm(folder: Path) -> None:
    done = _run(folder, "glossary", "forms", "Құлжа", "--lang", "kk", "--type", "place")
    rows = dict(reversed([line.split("\t")[::-1] for line in done.stdout.splitlines()]))
    assert done.returncode == 0
    assert (rows["nom"], rows["dat"], rows["loc"]) == ("Құлжа", "Құлжаға", "Құлжада")
    assert _run(folder, "glossary", "forms", "Құлжа", "--lang", "kk", "--type", "river").returncode == 2
