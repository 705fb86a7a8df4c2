"""What the verifier says of kept translations follows the glossary, and nothing is translated for it."""

from __future__ import annotations

import json
from pathlib import Path

from tests.conftest import Terjiman
from tests.pipeline.jobs import GLOSSARY, make_job

COLUMNS = GLOSSARY.splitlines()[0].split(",")


def _row(**cells: str) -> str:
    return ",".join(cells.get(column, "") for column in COLUMNS) + "\n"


# a name that the sources do not speak of, and whose Russian rendering a translation begins with
STRAY = _row(en="Nemo", type="person", gender="m", ru="Никто")
ELSEWHERE = _row(en="Timbuktu", type="place", kk="Тимбукту", ug="تىمبۇكتۇ", ru="Тимбукту", zh="廷巴克图")


def _write(job: Path, *rows: str) -> None:
    (job / "glossary.csv").write_text(GLOSSARY.rstrip("\n") + "\n" + "".join(rows), encoding="utf-8")


def _translations(job: Path) -> dict[tuple[str, str], bytes]:
    found = {}
    for path in (job / ".terjiman/manifests/translate").glob("*.json"):
        manifest = json.loads(path.read_bytes())
        unit = job / ".terjiman/units/translate" / manifest["key"]
        found[manifest["document"], manifest["lang"]] = (unit / "translations.jsonl").read_bytes()
    return found


def test_a_term_that_is_no_term_of_the_source_changes_doubts_without_a_new_translation(
    tmp_path: Path, terjiman: Terjiman
) -> None:
    job, fresh = (make_job(tmp_path / name, targets=("ru", "zh")) for name in ("job", "fresh"))
    assert terjiman("run", job).returncode == 0
    before = _translations(job)
    _write(job, STRAY)
    _write(fresh, STRAY)
    plan = [json.loads(line) for line in terjiman("plan", job, "--json").stdout.splitlines()]
    (unit,) = (item for item in plan if item["stage"] == "translate")
    assert (unit["document"], unit["lang"]) == ("news/report.md", "ru")
    assert unit["reason"] == "doubts about terms changed"
    assert not unit["segments"]
    done = json.loads(terjiman("run", job, "--json").stdout)
    assert done["segments translated"] == 0
    assert done["flags"]["ru"]["warning term-stray"] == 1
    assert terjiman("run", fresh).returncode == 0
    assert _translations(job) == _translations(fresh)
    _write(job)
    assert terjiman("run", job).returncode == 0
    assert _translations(job) == before


def test_a_term_that_stands_nowhere_leaves_everything_done(tmp_path: Path, terjiman: Terjiman) -> None:
    job = make_job(tmp_path / "job")
    assert terjiman("run", job).returncode == 0
    _write(job, ELSEWHERE)
    assert terjiman("plan", job).stdout.strip() == "nothing to do"
    done = json.loads(terjiman("run", job, "--json").stdout)
    assert done["units done"] == 0
