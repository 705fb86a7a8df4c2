"""The main job, through the command line, on real files."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from tests.conftest import Terjiman, tree
from tests.pipeline.jobs import DRAFTS, GLOSSARY, NEWS, STORY, drafts, job_file, make_job


@pytest.fixture
def job(tmp_path: Path) -> Path:
    return make_job(tmp_path / "job")


def test_a_job_becomes_documents_bitext_and_pages(job: Path, terjiman: Terjiman) -> None:
    result = terjiman("run", job)
    assert result.returncode == 0, result.stderr
    out = job / "out"
    for lang, line in {
        "kk": "- Лагерьді іштен ешкім көрген жоқ.",
        "ug": "- لاگېرنى ھېچكىم ئىچىدىن كۆرمىدى.",
        "ru": "- Никто не видел лагерь изнутри.",
        "zh": "- 没有人从里面看到过营地。",
    }.items():
        report = (out / lang / "news/report.md").read_text(encoding="utf-8")
        assert line in report
        assert report.count("\n") == NEWS.count("\n")
        assert (out / lang / "story.txt").read_text(encoding="utf-8").count("\n\n") == 1
        talk = (out / lang / "talk.html").read_text(encoding="utf-8")
        assert DRAFTS["A talk in Almaty"][lang] in talk
        assert (out / "bitext" / f"news/report.md.{lang}.tsv").is_file()
        assert (out / "bitext" / f"news/report.md.{lang}.tmx").is_file()
    assert 'dir="rtl"' in (out / "ug/talk.html").read_text(encoding="utf-8")
    assert "**Алматыда**" in (out / "kk/news/report.md").read_text(encoding="utf-8")
    assert (out / "review.html").is_file()
    assert (out / "report.html").is_file()


def test_outputs_are_for_the_owner_alone(job: Path, terjiman: Terjiman) -> None:
    assert terjiman("run", job).returncode == 0
    for path in [*(job / "out").rglob("*"), *(job / ".terjiman").rglob("*")]:
        assert path.stat().st_mode & 0o077 == 0, path


def test_the_second_run_does_nothing_and_changes_nothing(job: Path, terjiman: Terjiman) -> None:
    assert terjiman("run", job).returncode == 0
    before = {path: path.stat().st_mtime_ns for path in (job / "out").rglob("*")}
    second = terjiman("run", job, "--json")
    assert second.returncode == 0
    assert json.loads(second.stdout)["units done"] == 0
    assert {path: path.stat().st_mtime_ns for path in (job / "out").rglob("*")} == before
    assert terjiman("plan", job).stdout.strip() == "nothing to do"


def test_quiet_says_nothing_when_there_is_nothing_to_say(job: Path, terjiman: Terjiman) -> None:
    result = terjiman("run", job, "--quiet", "--log-file", job / "run.log")
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")
    log = (job / "run.log").read_text(encoding="utf-8")
    assert "translate news/report.md → kk" in log
    assert not any(text in log for text in ("Aigul", "Айгүл", "Кашгар"))


def test_only_one_target(job: Path, terjiman: Terjiman) -> None:
    assert terjiman("run", job, "--to", "ug").returncode == 0
    assert (job / "out/ug/story.txt").is_file()
    assert not (job / "out/kk").exists()


def test_a_reference_is_aligned_and_scored(job: Path, terjiman: Terjiman) -> None:
    result = terjiman("run", job, "--json", "--to", "kk")
    assert result.returncode == 0, result.stderr
    scores = json.loads(result.stdout)["scores"]["kk"]
    assert 60 < scores["chrf"]["score"] < 100
    assert "nrefs:1" in scores["chrf"]["signature"]
    low, high = scores["chrf"]["ci"]
    assert low <= scores["chrf"]["score"] <= high


def test_one_changed_term_retranslates_only_the_segments_it_touches(job: Path, terjiman: Terjiman) -> None:
    assert terjiman("run", job).returncode == 0
    (job / "glossary.csv").write_text(GLOSSARY.replace("喀什", "喀什噶尔"), encoding="utf-8")
    plan = [json.loads(line) for line in terjiman("plan", job, "--json").stdout.splitlines()]
    touched = {(item["document"], item["lang"]): item for item in plan if item["stage"] == "translate"}
    assert set(touched) == {("news/report.md", "zh"), ("story.txt", "zh")}
    assert touched["story.txt", "zh"]["reason"] == "term changed"
    assert touched["story.txt", "zh"]["segments"] == {"story.txt:0:1": "term changed"}
    assert list(touched["news/report.md", "zh"]["segments"].values()) == ["term changed"]
    result = terjiman("run", job, "--json")
    assert json.loads(result.stdout)["segments translated"] == 2


def test_a_source_edited_in_the_middle_keeps_everything_else(job: Path, terjiman: Terjiman) -> None:
    assert terjiman("run", job, "--to", "kk").returncode == 0
    story = job / "sources/story.txt"
    story.write_text(STORY.replace("Kashgar.", "Kashgar. I saw the camp."), encoding="utf-8")
    plan = terjiman("plan", job, "--json").stdout.splitlines()
    units = [json.loads(line) for line in plan if '"lang":"kk"' in line]
    assert {item["document"] for item in units} == {"story.txt"}
    translate = next(item for item in units if item["stage"] == "translate")
    assert translate["reason"] == "source changed"
    assert translate["segments"] == {"story.txt:0:2": "new text"}
    assert terjiman("run", job, "--to", "kk").returncode == 0
    assert "Мен лагерьді көрдім." in (job / "out/kk/story.txt").read_text(encoding="utf-8")


def test_a_removed_source_takes_its_outputs_along(job: Path, terjiman: Terjiman) -> None:
    assert terjiman("run", job).returncode == 0
    (job / "sources/news/report.md").unlink()
    assert terjiman("run", job).returncode == 0
    assert not [path for path in tree(job / "out") if "report.md" in path]
    assert not (job / "out/kk/news").exists()
    assert (job / "out/kk/story.txt").is_file()


def test_a_changed_model_retranslates_all_and_plan_says_so(job: Path, terjiman: Terjiman) -> None:
    assert terjiman("run", job, "--to", "kk").returncode == 0
    changed = {**DRAFTS, "I never went back.": {"kk": "Мен кері қайтпадым."}}
    (job / "drafts.tsv").write_text(drafts(changed), encoding="utf-8")
    units = [json.loads(line) for line in terjiman("plan", job, "--json").stdout.splitlines()]
    translate = [item for item in units if item["stage"] == "translate" and item["lang"] == "kk"]
    assert {item["reason"] for item in translate} == {"model changed"}
    assert {why for item in translate for why in item["segments"].values()} == {"model changed"}
    assert terjiman("run", job, "--to", "kk").returncode == 0
    assert "кері қайтпадым" in (job / "out/kk/story.txt").read_text(encoding="utf-8")


def test_a_draft_that_is_not_recorded_is_flagged_never_guessed(job: Path, terjiman: Terjiman) -> None:
    short = {source: texts for source, texts in DRAFTS.items() if source != "I never went back."}
    (job / "drafts.tsv").write_text(drafts(short), encoding="utf-8")
    result = terjiman("run", job, "--to", "kk", "--json")
    assert result.returncode == 0
    assert json.loads(result.stdout)["flags"]["kk"]["error not-recorded"] == 1


def test_fail_on_error_flag_ends_with_1(job: Path, terjiman: Terjiman) -> None:
    short = {source: texts for source, texts in DRAFTS.items() if source != "I never went back."}
    (job / "drafts.tsv").write_text(drafts(short), encoding="utf-8")
    text = job_file(("kk",), '[run]\nfail_on = "error-flag"\n')
    (job / "job.toml").write_text(text, encoding="utf-8")
    assert terjiman("run", job).returncode == 1


def test_a_term_without_translation_warns_and_flags(job: Path, terjiman: Terjiman) -> None:
    (job / "glossary.csv").write_text(GLOSSARY.replace(",阿拉木图", ","), encoding="utf-8")
    result = terjiman("run", job)
    assert result.returncode == 0
    assert "1 term has no zh translation: Almaty" in result.stderr
    strict = job_file(("kk", "zh")).replace('"glossary.csv"]', '"glossary.csv"]\nstrict = true')
    (job / "job.toml").write_text(strict, encoding="utf-8")
    result = terjiman("run", job)
    assert result.returncode == 2
    assert "Almaty" in result.stderr


def test_an_edited_output_is_never_overwritten(job: Path, terjiman: Terjiman) -> None:
    assert terjiman("run", job, "--to", "kk").returncode == 0
    path = job / "out/kk/story.txt"
    path.write_text("менің түзетуім\n", encoding="utf-8")
    assert terjiman("run", job, "--to", "kk").returncode == 0
    assert path.read_text(encoding="utf-8") == "менің түзетуім\n"
    (job / "sources/story.txt").write_text(STORY + "\nI saw the camp.\n", encoding="utf-8")
    result = terjiman("run", job, "--to", "kk")
    assert "edited by hand" in result.stderr
    assert (job / "out/kk/story.edited-1.txt").read_text(encoding="utf-8") == "менің түзетуім\n"
    assert "Мен лагерьді көрдім." in path.read_text(encoding="utf-8")


def test_an_output_that_is_gone_comes_back(job: Path, terjiman: Terjiman) -> None:
    assert terjiman("run", job, "--to", "kk").returncode == 0
    path = job / "out/kk/story.txt"
    text = path.read_bytes()
    path.unlink()
    assert terjiman("run", job, "--to", "kk").returncode == 0
    assert path.read_bytes() == text


def test_status_config_gc(job: Path, terjiman: Terjiman) -> None:
    assert "not yet translated" in terjiman("status", job).stdout
    assert terjiman("run", job).returncode == 0
    (job / "sources/story.txt").write_text(STORY + "\nI saw the camp.\n", encoding="utf-8")
    assert terjiman("run", job).returncode == 0
    status = terjiman("status", job).stdout
    assert "story.txt → ug: 5 segments" in status
    assert json.loads(terjiman("config", job, "--show").stdout)["targets"] == ["kk", "ug", "ru", "zh"]
    before = tree(job / "out")
    gone = terjiman("gc", job)
    assert gone.returncode == 0
    assert gone.stderr != "removed 0 folders\n"
    assert terjiman("plan", job).stdout.strip() == "nothing to do"
    assert tree(job / "out") == before


def test_workers_give_the_same_bytes(job: Path, tmp_path: Path, terjiman: Terjiman) -> None:
    assert terjiman("run", job).returncode == 0
    other = make_job(tmp_path / "other")
    result = terjiman("run", other, "--executor", "processes", "--workers", "2")
    assert result.returncode == 0, result.stderr
    assert tree(other / "out") == tree(job / "out")


def test_init_refuses_a_folder_in_use(job: Path, terjiman: Terjiman) -> None:
    result = terjiman("init", job)
    assert result.returncode == 2
    assert "not an empty folder" in result.stderr


def test_only_a_stage(job: Path, terjiman: Terjiman) -> None:
    assert terjiman("run", job, "--only", "ingest").returncode == 0
    assert not (job / "out/kk").exists()
    assert terjiman("run", job, "--only", "publish").returncode == 1
    assert terjiman("run", job, "--only", "no-such").returncode == 2


def test_time_is_not_spent_when_there_is_nothing_to_do(job: Path, terjiman: Terjiman) -> None:
    assert terjiman("run", job).returncode == 0
    started = time.monotonic()
    assert terjiman("run", job).returncode == 0
    print(f"second run: {time.monotonic() - started:.2f} s")


def _made_by_another_version(job: Path, lang: str) -> None:
    for path in (job / ".terjiman").rglob("*.json"):
        text = path.read_text(encoding="utf-8")
        record = json.loads(text)
        if isinstance(record, dict) and (record.get("stage"), record.get("lang")) == ("score", lang):
            path.write_text(json.dumps({**record, "version": 1}), encoding="utf-8")


def test_what_another_version_made_empties_no_page(job: Path, terjiman: Terjiman) -> None:
    assert terjiman("run", job).returncode == 0
    _made_by_another_version(job, "kk")
    built = terjiman("review", "build", job)
    assert built.returncode == 0
    assert "warning: 3 translations are left out: made by another version" in built.stderr
    for lang in ("ru", "ug", "zh"):
        _made_by_another_version(job, lang)
    before = (job / "out/review.html").read_bytes()
    for command in (("review", "build"), ("export",)):
        done = terjiman(*command, job)
        assert done.returncode == 2
        assert "no translation can be shown: all are made by another version" in done.stderr
    assert (job / "out/review.html").read_bytes() == before
    assert terjiman("run", job).returncode == 0
    assert terjiman("review", "build", job).stderr == ""


def test_review_build_export_and_compare(job: Path, tmp_path: Path, terjiman: Terjiman) -> None:
    assert terjiman("run", job).returncode == 0
    (job / "out/review.html").unlink()
    built = terjiman("review", "build", job)
    assert built.returncode == 0, built.stderr
    assert "قەشقەردە" in (job / "out/review.html").read_text(encoding="utf-8")
    assert terjiman("export", job, "--format", "xliff", "-o", tmp_path / "x").returncode == 0
    assert len(list((tmp_path / "x").rglob("*.xliff"))) == 12
    assert terjiman("export", job, "--format", "pdf").returncode == 2
    early = terjiman("export", make_job(tmp_path / "early"))
    assert early.returncode == 2
    assert "nothing is translated yet. Run the job first: terjiman run" in early.stderr
    other = make_job(tmp_path / "other")
    changed = {**DRAFTS, "I never went back.": {**DRAFTS["I never went back."], "kk": "Қайтпадым."}}
    (other / "drafts.tsv").write_text(drafts(changed), encoding="utf-8")
    assert terjiman("run", other).returncode == 0
    result = terjiman("compare", job, other, "--json")
    assert result.returncode == 0, result.stderr
    records = [json.loads(line) for line in result.stdout.splitlines()]
    assert [item["document"] for item in records] == ["story.txt", ""]
    assert records[0]["chrf"]["difference"] != 0
    (job / "references/story.kk.txt").unlink()
    assert terjiman("run", job).returncode == 0
    assert terjiman("compare", job, other).returncode == 2
