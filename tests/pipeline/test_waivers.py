"""Waivers: a person lets a segment pass, with a name and a reason, counted and shown; through the command."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpora.bitext import tsv
from corpora.errors import UsageErrorGroup
from corpora.records import Flag, TermUse
from pipeline.waivers import COLUMNS, Standing, Waiver, find, idle, load, waive
from tests.conftest import Terjiman, tree
from tests.pipeline.jobs import DRAFTS, STORY, drafts, job_file, make_job

SOURCE = "I was born in Kashgar."
WRONG = {
    "kk": "Мен сонда тудым.",
    "ug": "مەن شۇ يەردە تۇغۇلغان.",
    "ru": "Я родилась там.",
    "zh": "我在那里出生。",
}
WHO, WHY = "Гүлнар", "the speaker asked for it"
LANGS = tuple(WRONG)
FAIL = '[run]\nfail_on = "error-flag"\n'


@pytest.fixture
def job(tmp_path: Path) -> Path:
    """A job whose drafts leave the name out of one segment of story.txt, and that stops for it."""
    folder = make_job(tmp_path / "job", extra=FAIL)
    (folder / "drafts.tsv").write_text(drafts({**DRAFTS, SOURCE: WRONG}), encoding="utf-8")
    return folder


def standing(job: Path, lang: str) -> str:
    """Return what the run wrote for the segment."""
    pairs = tsv.read((job / f"out/bitext/story.txt.{lang}.tsv").read_bytes(), "story")
    return next(pair.target for pair in pairs if pair.source == SOURCE)


def write(path: Path, rows: list[dict[str, str]], delimiter: str = ",") -> None:
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, delimiter=delimiter, restval="")
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(out.getvalue(), encoding="utf-8")


def accept(job: Path, *langs: str, **cells: str) -> None:
    rows = [
        {"lang": lang, "source": SOURCE, "target": standing(job, lang), "reason": WHY, "who": WHO, **cells}
        for lang in langs
    ]
    write(job / "waivers.csv", rows)


def errors(result_stdout: str) -> dict[str, int]:
    return dict(json.loads(result_stdout)["segments with errors"])


def test_a_waived_segment_no_longer_stops_the_run_and_is_counted(job: Path, terjiman: Terjiman) -> None:
    first = terjiman("run", job, "--json")
    assert first.returncode == 1, first.stderr
    before = errors(first.stdout)
    accept(job, *LANGS)
    second = terjiman("run", job, "--json")
    data = json.loads(second.stdout)
    assert second.returncode == 0, second.stderr
    assert before == dict.fromkeys(LANGS, 1)
    assert errors(second.stdout) == dict.fromkeys(LANGS, 0)
    assert data["segments waived"] == dict.fromkeys(LANGS, 1)
    assert data["segments translated"] == 0
    assert data["idle waivers"] == []
    for lang in LANGS:
        assert data["terms"][lang]["waived"] == 1
        assert "failed" not in data["terms"][lang]


def test_it_is_shown_wherever_the_segment_is(job: Path, terjiman: Terjiman) -> None:
    terjiman("run", job)
    accept(job, *LANGS, date="3 May 2026")
    assert terjiman("run", job).returncode == 0
    account = f"{WHO} (3 May 2026): {WHY}"
    report = (job / "out/report.html").read_text(encoding="utf-8")
    assert "Waived by people: 4 segments" in report
    assert account in report
    review = (job / "out/review.html").read_text(encoding="utf-8")
    assert review.count(f"Waived by {account}") == 4
    assert review.count(" data-waived>") == 4
    assert "Waived (4)" in review
    status = terjiman("status", job).stdout
    assert "1 segments waived" in next(line for line in status.splitlines() if "story.txt → ug" in line)
    for lang in LANGS:
        pairs = tsv.read((job / f"out/bitext/story.txt.{lang}.tsv").read_bytes(), "story")
        pair = next(pair for pair in pairs if pair.source == SOURCE)
        assert [use.verdict for use in pair.terms] == ["waived"]
        lowered = [flag for flag in pair.flags if flag.message.startswith(f"waived by {WHO}: {WHY} (was: ")]
        assert "term-missing" in {flag.check for flag in lowered}
        assert {flag.severity for flag in lowered} == {"info"}


def test_a_waiver_changes_no_document_and_no_other_language(job: Path, terjiman: Terjiman) -> None:
    terjiman("run", job)
    before = tree(job / "out")
    accept(job, "ug")
    plan = [json.loads(line) for line in terjiman("plan", job, "--json").stdout.splitlines()]
    assert {(unit["stage"], unit["document"], unit["lang"]) for unit in plan} == {
        ("score", "story.txt", "ug"),
        ("publish", "story.txt", "ug"),
    }
    assert next(unit["reason"] for unit in plan if unit["stage"] == "score") == "waivers changed"
    result = terjiman("run", job, "--json")
    assert result.returncode == 1
    assert errors(result.stdout) == {"kk": 1, "ug": 0, "ru": 1, "zh": 1}
    changed = {name for name, data in tree(job / "out").items() if data != before.get(name)}
    assert changed == {"bitext/story.txt.ug.tsv", "bitext/story.txt.ug.tmx"}


def test_it_ends_when_the_translation_changes(job: Path, terjiman: Terjiman) -> None:
    terjiman("run", job)
    accept(job, "ru")
    changed = {**WRONG, "ru": "Я там и родилась."}
    (job / "drafts.tsv").write_text(drafts({**DRAFTS, SOURCE: changed}), encoding="utf-8")
    result = terjiman("run", job, "--json")
    data = json.loads(result.stdout)
    assert result.returncode == 1
    assert data["segments waived"]["ru"] == 0
    assert [line.partition(": ")[2] for line in data["idle waivers"]] == [
        "this waiver no longer applies: the translation has changed"
    ]
    assert "waivers.csv:2: this waiver no longer applies" in result.stderr
    assert "waivers.csv:2: this waiver no longer applies" in terjiman("status", job).stdout
    assert "the translation has changed" in (job / "out/report.html").read_text(encoding="utf-8")


def test_it_ends_when_the_source_changes_or_is_gone(job: Path, terjiman: Terjiman) -> None:
    terjiman("run", job)
    accept(job, "kk", document="story.txt")
    story = job / "sources/story.txt"
    story.write_text(STORY.replace(SOURCE, "I was born in Almaty."), encoding="utf-8")
    assert "no segment has this source text" in terjiman("run", job).stderr
    story.unlink()
    assert "the job has no document 'story.txt'" in terjiman("run", job).stderr


def test_one_for_another_document_or_for_nothing_wrong_is_told(job: Path, terjiman: Terjiman) -> None:
    terjiman("run", job)
    accept(job, *LANGS, document="talk.html")
    result = terjiman("run", job, "--json")
    assert result.returncode == 1
    assert len(json.loads(result.stdout)["idle waivers"]) == 4
    right = DRAFTS["I never went back."]["kk"]
    row = {"lang": "kk", "source": "I never went back.", "target": right, "reason": WHY, "who": WHO}
    write(job / "waivers.csv", [row], "\t")
    result = terjiman("run", job, "--json")
    assert "the segment has no error left to accept" in json.loads(result.stdout)["idle waivers"][0]
    assert json.loads(result.stdout)["segments waived"]["kk"] == 0


def test_the_file_may_have_another_name_but_must_then_be_there(job: Path, terjiman: Terjiman) -> None:
    settings_ = FAIL + '[review]\nwaivers = "accepted/all.tsv"\n'
    (job / "job.toml").write_text(job_file(LANGS, settings_), encoding="utf-8")
    missing = terjiman("run", job)
    assert missing.returncode == 3
    assert "accepted/all.tsv: no such file of waivers" in missing.stderr
    (job / "accepted").mkdir()
    write(job / "accepted/all.tsv", [])
    assert terjiman("run", job).returncode == 1
    accept(job, *LANGS)
    (job / "waivers.csv").replace(job / "accepted/all.tsv")
    assert terjiman("run", job).returncode == 0


def test_every_fault_is_told_with_its_line_before_any_work(job: Path, terjiman: Terjiman) -> None:
    text = (
        "lang;source;target;reason;who\n"
        "kk;One.;Бір.;;Aigul\n"
        "ru;One.;Один.;said so;\n"
        '\nzh;"One\nmore.";一。;said so;Aigul\n'
        "de;One.;Eins.;said so;Aigul\n"
        "kk;One.;Бір.;bad\u202e;Aigul\n"
    )
    (job / "waivers.csv").write_text(text, encoding="utf-8")
    result = terjiman("run", job)
    assert result.returncode == 2
    assert not (job / "out").exists()
    for line in (
        "waivers.csv:2: a waiver without reason. Say why",
        "waivers.csv:3: a waiver without who. Say who",
        "waivers.csv:7: no target language 'de'. Use one of: kk, ug, ru, zh",
        "waivers.csv:8: the invisible character U+202E in column 'reason'",
    ):
        assert line in result.stderr
    assert "waivers.csv:5" not in result.stderr


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("lang,source,target,reason\n", "w.csv:1: no column 'who'"),
        ("lang,source,target,reason,who,whom\n", "w.csv:1: unknown column 'whom'. Did you mean 'who'?"),
        ("lang,source,target,reason,who,who\n", "w.csv:1: the column 'who' stands twice"),
        ('lang,source,target,reason,who\nkk,"a,b,c,d\n', "w.csv:2: broken quoting"),
        ("lang,source,target,reason,who\nkk,a,b,c,d,e\n", "w.csv:2: 6 cells under 5 columns"),
    ],
)
def test_a_table_that_is_none(tmp_path: Path, text: str, what: str) -> None:
    path = tmp_path / "w.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageErrorGroup) as caught:
        load(path)
    assert what in str(caught.value)


texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).filter(lambda text: text.strip())


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.sampled_from(LANGS), texts, texts), max_size=5), st.sampled_from(",\t;"))
def test_what_is_written_is_read_and_found(
    tmp_path_factory: pytest.TempPathFactory, cells: list[tuple[str, str, str]], delimiter: str
) -> None:
    path = tmp_path_factory.mktemp("w") / "waivers.csv"
    rows = [
        {"lang": lang, "source": source, "target": target, "reason": "r", "who": "w"}
        for lang, source, target in cells
    ]
    write(path, rows, delimiter)
    waivers = load(path)
    assert [one.lang for one in waivers] == [lang for lang, _, _ in cells]
    for _, source, target in cells:
        assert find(waivers, source, target) is not None
        assert find(waivers, source, f"{target} x") is None or any(
            " ".join(other.split()) == " ".join(f"{target} x".split()) for _, _, other in cells
        )


def test_only_what_is_wrong_is_lowered() -> None:
    passed = TermUse("a", "A", (0, 1), "А", (0, 1), "nom", 0, "passed")
    failed = TermUse("b", "B", (2, 3), None, None, "", 5, "failed")
    lacking = TermUse("c", "C", (4, 5), None, None, "", None, "untranslated")
    flags = [Flag("empty", "error", "no text"), Flag("length", "warning", "long"), Flag("x", "info", "y")]
    terms, lowered = waive(Waiver("", "kk", "s", "t", "why", "who"), [passed, failed, lacking], flags)
    assert [use.verdict for use in terms] == ["passed", "waived", "untranslated"]
    assert lowered[0] == Flag("empty", "info", "waived by who: why (was: no text)")
    assert list(lowered[1:]) == flags[1:]


def test_what_is_not_translated_yet_is_not_judged() -> None:
    one = Waiver("", "kk", "s", "t", "why", "who", place="w.csv:2")
    done = {("a.txt", "kk"): [Standing("other", "t", False)]}
    assert idle([one], done, ["a.txt", "b.txt"], ["kk"]) == []
    assert idle([one], done, ["a.txt"], ["ru"]) == []
    assert len(idle([one], done, ["a.txt"], ["kk"])) == 1
