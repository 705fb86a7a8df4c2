"""`translate.fallback`: what the first model cannot say, the next one does; nothing is lost."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import Terjiman, tree
from tests.pipeline.jobs import DRAFTS, drafts, make_job

LOOPED = "I never went back."
LACKING = "I left in 2017."
LANGS = ("kk", "ug", "ru", "zh")


@pytest.fixture
def job(tmp_path: Path) -> Path:
    """A job whose first recording loops on one sentence and lacks another; a second recording has both."""
    folder = make_job(tmp_path / "job")
    table = {source: dict(texts) for source, texts in DRAFTS.items() if source != LACKING}
    table[LOOPED] = {
        lang: f"{text.rstrip('.。')}{'' if lang == 'zh' else ' '}" * 8
        for lang, text in DRAFTS[LOOPED].items()
    }
    (folder / "drafts.tsv").write_text(drafts(table), encoding="utf-8")
    (folder / "second.tsv").write_text(drafts(DRAFTS), encoding="utf-8")
    text = (folder / "job.toml").read_text(encoding="utf-8")
    text = text.replace("[translate]\n", '[translate]\nfallback = ["recorded:second.tsv"]\n')
    (folder / "job.toml").write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize("lang", LANGS)
def test_the_next_model_says_what_the_first_could_not(job: Path, terjiman: Terjiman, lang: str) -> None:
    result = terjiman("run", job, "--to", lang)
    assert result.returncode == 0, result.stderr
    story = (job / "out" / lang / "story.txt").read_text(encoding="utf-8")
    assert DRAFTS[LOOPED][lang] in story
    assert DRAFTS[LACKING][lang] in story
    written = [
        json.loads(line)
        for path in (job / ".terjiman").rglob("translations.jsonl")
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    by_model = {record["text"]: record["model"] for record in written}
    assert by_model[DRAFTS[LOOPED][lang]] == "recorded:second.tsv"
    assert by_model[DRAFTS["I was born in Kashgar."][lang]] == "recorded:drafts.tsv"
    told = [flag for record in written for flag in record["flags"] if flag["check"] == "retried"]
    assert len(told) == 2
    assert all("recorded:second.tsv" in flag["message"] for flag in told)


def test_a_changed_fallback_is_a_change_of_the_model_and_a_second_run_does_nothing(
    job: Path, terjiman: Terjiman
) -> None:
    assert terjiman("run", job).returncode == 0
    assert terjiman("plan", job).stdout.strip() == "nothing to do"
    before = tree(job / "out")
    text = (job / "job.toml").read_text(encoding="utf-8")
    (job / "job.toml").write_text(text.replace('fallback = ["recorded:second.tsv"]\n', ""), encoding="utf-8")
    assert "model changed" in terjiman("plan", job).stdout
    assert terjiman("run", job).returncode == 0
    after = tree(job / "out")
    assert after["kk/story.txt"] != before["kk/story.txt"]
    (job / "job.toml").write_text(text, encoding="utf-8")
    assert terjiman("run", job).returncode == 0
    assert tree(job / "out") == before


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('fallback = "starter"', "fallback"),
        ("fallback = { tr = ['starter'] }", "unknown languages: tr"),
        ("fallback = ['no-such-model']", "no-such-model"),
    ],
)
def test_a_wrong_fallback_is_told_before_any_work(
    job: Path, terjiman: Terjiman, line: str, words: str
) -> None:
    text = (job / "job.toml").read_text(encoding="utf-8")
    (job / "job.toml").write_text(text.replace('fallback = ["recorded:second.tsv"]', line), encoding="utf-8")
    result = terjiman("run", job)
    assert result.returncode == 2
    assert words in result.stderr
    assert not (job / "out").exists()
