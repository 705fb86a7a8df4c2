"""`terjiman score` as a user calls it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

SOURCE = ["The teacher came to the school.", "She gave us two books.", "It rained."]
REFERENCE = ["Учитель пришёл в школу.", "Она дала нам две книги.", "Шёл дождь."]
HYPOTHESIS = ["Учитель пришёл в школу утром.", "Она дала нам два письма.", "Шёл дождь."]
GLOSSARY = "id,en,ru\nschool,school,школа\nbook,book,книга\n"


def terjiman(*arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from pipeline.cli import main; main()", *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False, timeout=120)


@pytest.fixture
def files(tmp_path: Path) -> Path:
    for name, lines in (("src", SOURCE), ("ref", REFERENCE), ("hyp", HYPOTHESIS), ("empty", [])):
        (tmp_path / name).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    (tmp_path / "names.csv").write_text(GLOSSARY, encoding="utf-8")
    return tmp_path


def test_the_json_object_has_what_other_programs_rely_on(files: Path) -> None:
    done = terjiman("score", "hyp", "ref", "--lang", "ru", "--json", cwd=files)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert list(found) == ["chrf", "bleu", "ter", "terms"]
    for name in ("chrf", "bleu", "ter"):
        assert list(found[name]) == ["score", "ci", "signature"]
        low, high = found[name]["ci"]
        assert low <= found[name]["score"] <= high
        assert "|bs:1000|seed:12345|" in found[name]["signature"]
    assert found["terms"] is None


def test_term_accuracy_counts_every_occurrence_in_the_source(files: Path) -> None:
    done = terjiman(
        "score", "hyp", "ref", "--lang", "ru", "--src", "src", "--glossary", "names.csv", "--json", cwd=files
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["terms"] == {"occurrences": 2, "correct": 1, "accuracy": 0.5}


def test_the_table_is_for_people(files: Path) -> None:
    done = terjiman(
        "score", "hyp", "ref", "--lang", "ru", "--src", "src", "--glossary", "names.csv", cwd=files
    )
    assert done.returncode == 0, done.stderr
    assert [line.split()[0] for line in done.stdout.splitlines()] == [
        "metric", "chrF2++", "BLEU", "TER", "terms:",
    ]  # fmt: skip
    assert "1 of 2" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("hyp", "empty", "--lang", "ru"), 2, "hyp has 3, empty has 0"),
        (("empty", "empty", "--lang", "ru"), 2, "nothing to score"),
        (("hyp", "ref", "--lang", "tlh"), 2, "unknown language 'tlh'"),
        (("hyp", "none", "--lang", "ru"), 3, "none: no such file"),
        (("hyp", "ref", "--lang", "ru", "--glossary", "names.csv"), 2, "--src"),
    ],
)
def test_bad_calls_say_what_is_wrong(
    arguments: tuple[str, ...], code: int, message: str, files: Path
) -> None:
    done = terjiman("score", *arguments, cwd=files)
    assert done.returncode == code
    assert message in done.stderr
    assert "Traceback" not in done.stderr
