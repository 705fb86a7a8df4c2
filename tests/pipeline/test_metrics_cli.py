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
    for name, lines in (
        ("src", SOURCE),
        ("ref", REFERENCE),
        ("hyp", HYPOTHESIS),
        ("empty", []),
        ("blank", [""] * 3),
    ):
        (tmp_path / name).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    (tmp_path / "names.csv").write_text(GLOSSARY, encoding="utf-8")
    return tmp_path


def test_the_json_object_has_what_other_programs_rely_on(files: Path) -> None:
    done = terjiman("score", "hyp", "ref", "--lang", "ru", "--json", cwd=files)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert list(found) == ["chrf", "bleu", "ter", "spbleu", "terms", "aligned"]
    for name in ("chrf", "bleu", "ter"):
        assert list(found[name]) == ["score", "ci", "signature"]
        low, high = found[name]["ci"]
        assert low <= found[name]["score"] <= high
        assert "|bs:1000|seed:12345|" in found[name]["signature"]
    assert found["spbleu"] is found["terms"] is found["aligned"] is None


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
        "metric", "chrF2++", "BLEU", "TER", "spBLEU", "terms:",
    ]  # fmt: skip
    assert "1 of 2" in done.stdout
    assert "spBLEU is not computed: its tokenizer file is not on this machine" in done.stdout


def test_texts_that_do_not_line_up_are_aligned_and_it_is_said(tmp_path: Path) -> None:
    reference = [
        "Он родился в горной деревне.", "Суд приговорил её к десяти годам.", "Снег идёт с раннего утра.",
        "Моя мать сварила суп для гостей.", "Поезд в столицу опоздал на час.",
    ]  # fmt: skip
    joined = [f"{reference[0]} {reference[1]}", *reference[2:4]]
    (tmp_path / "ref").write_text("\n".join(reference), encoding="utf-8")
    (tmp_path / "hyp").write_text("\n".join(joined), encoding="utf-8")
    done = terjiman("score", "hyp", "ref", "--lang", "ru", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("the texts do not line up (3 and 5 lines): aligned first, 5 pairs; 1 part")
    found = json.loads(terjiman("score", "hyp", "ref", "--lang", "ru", "--json", cwd=tmp_path).stdout)
    assert found["aligned"] == {
        "lines": [3, 5], "pairs": 5, "only in translation": 0, "only in reference": 1,
    }  # fmt: skip
    assert 70 < found["chrf"]["score"] < 95, "what is missing costs, the rest is perfect"


def test_shifted_lines_are_warned_of(tmp_path: Path) -> None:
    lines = [
        f"Дело номер {number} рассмотрели в суде {place}."
        for number in ("семь", "восемь", "девять", "десять")
        for place in ("Астаны", "Шымкента", "Караганды")
    ]
    (tmp_path / "ref").write_text("\n".join(lines), encoding="utf-8")
    (tmp_path / "hyp").write_text("\n".join([*lines[1:], lines[0]]), encoding="utf-8")
    done = terjiman("score", "hyp", "ref", "--lang", "ru", cwd=tmp_path)
    assert done.returncode == 0
    assert "--align" in done.stderr
    assert terjiman("score", "ref", "ref", "--lang", "ru", cwd=tmp_path).stderr == ""


@pytest.fixture
def pieces(tmp_path: Path) -> Path:
    """A tokenizer file, trained on a few lines."""
    import sentencepiece

    text = tmp_path / "train.txt"
    text.write_text("\n".join([*SOURCE, *REFERENCE] * 20), encoding="utf-8")
    sentencepiece.SentencePieceTrainer.train(
        input=str(text), model_prefix=str(tmp_path / "tiny"), vocab_size=52, minloglevel=2
    )
    return tmp_path / "tiny.model"


def test_spbleu_reads_the_tokenizer_that_is_there(
    files: Path, pieces: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERJIMAN_SPM", str(pieces))
    found = json.loads(terjiman("score", "hyp", "ref", "--lang", "ru", "--json", cwd=files).stdout)
    assert 0 < found["spbleu"]["score"] < 100
    assert "|tok:tiny-" in found["spbleu"]["signature"]
    same = json.loads(terjiman("score", "ref", "ref", "--lang", "ru", "--json", cwd=files).stdout)
    assert same["spbleu"]["score"] == pytest.approx(100)
    monkeypatch.setenv("TERJIMAN_SPM", str(files / "none"))
    assert terjiman("score", "hyp", "ref", "--lang", "ru", cwd=files).returncode == 3
    monkeypatch.setenv("TERJIMAN_SPM", str(files / "hyp"))
    done = terjiman("score", "hyp", "ref", "--lang", "ru", cwd=files)
    assert (done.returncode, "SentencePiece" in done.stderr) == (2, True)


# stands in for comet-score: the same options, the score is how many words of the reference the text has
COMET = """#!{python}
import argparse, json, os
parser = argparse.ArgumentParser()
for name in ("-s", "-t", "-r", "--model", "--gpus", "--to_json"):
    parser.add_argument(name)
for name in ("--quiet", "--only_system"):
    parser.add_argument(name, action="store_true")
given = parser.parse_args()
assert os.environ["HF_HUB_OFFLINE"] == "1" and given.model.endswith(".ckpt")
lines = [open(name, encoding="utf-8").read().splitlines() for name in (given.s, given.t, given.r)]
rows = [
    {{"src": s, "mt": t, "ref": r, "COMET": len(set(t.split()) & set(r.split())) / len(r.split())}}
    for s, t, r in zip(*lines, strict=True)
]
json.dump({{given.t: rows}}, open(given.to_json, "w", encoding="utf-8"))
"""


def test_comet_runs_beside_us_on_a_local_model(files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    command = ("score", "hyp", "ref", "--lang", "ru", "--src", "src", "--comet", "model", "--json")
    monkeypatch.setenv("TERJIMAN_COMET", str(files / "comet-score"))
    (files / "model" / "checkpoints").mkdir(parents=True)
    done = terjiman(*command, cwd=files)
    assert (done.returncode, "no COMET checkpoint" in done.stderr) == (3, True)
    (files / "model" / "checkpoints" / "kiwi.ckpt").write_bytes(b"")
    assert terjiman(*command, cwd=files).returncode == 3, "no program yet"
    program = files / "comet-score"
    program.write_text(COMET.format(python=sys.executable), encoding="utf-8")
    program.chmod(0o700)
    found = json.loads(terjiman(*command, cwd=files).stdout)
    assert found["comet"]["score"] == pytest.approx(100 * (2 / 4 + 3 / 5 + 1) / 3, abs=12)
    low, high = found["comet"]["ci"]
    assert low <= found["comet"]["score"] <= high
    assert found["comet"]["signature"].startswith("comet:kiwi|ref|")
    program.write_text("#!/bin/sh\necho out of memory >&2\nexit 1\n", encoding="utf-8")
    done = terjiman(*command, cwd=files)
    assert (done.returncode, "out of memory" in done.stderr) == (1, True)


def test_two_models_are_compared_line_by_line(files: Path) -> None:
    done = terjiman("compare", "hyp", "ref", "--ref", "ref", "--lang", "ru", "--json", cwd=files)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["pairs"] == 3
    assert found["chrf"]["second"] == pytest.approx(100)
    assert found["chrf"]["difference"] > 0
    assert 0 < found["chrf"]["p_value"] <= 1
    shown = terjiman("compare", "hyp", "ref", "--ref", "ref", "--lang", "ru", cwd=files)
    assert "hyp → ref → ru (3 pairs)" in shown.stdout
    assert terjiman("compare", "hyp", "ref", "--ref", "ref", cwd=files).returncode == 2


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("hyp", "empty", "--lang", "ru"), 2, "hyp has 3, empty has 0"),
        (("empty", "empty", "--lang", "ru"), 2, "nothing to score"),
        (("hyp", "ref", "--lang", "tlh"), 2, "unknown language 'tlh'"),
        (("hyp", "none", "--lang", "ru"), 3, "none: no such file"),
        (("hyp", "ref", "--lang", "ru", "--glossary", "names.csv"), 2, "--src"),
        (("hyp", "blank", "--lang", "ru"), 2, "blank: no line has a word"),
    ],
)
def test_bad_calls_say_what_is_wrong(
    arguments: tuple[str, ...], code: int, message: str, files: Path
) -> None:
    done = terjiman("score", *arguments, cwd=files)
    assert done.returncode == code
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_a_text_in_another_language_is_warned_of(files: Path) -> None:
    done = terjiman("score", "src", "ref", "--lang", "ru", cwd=files)
    assert done.returncode == 0
    assert done.stderr == "warning: src: most lines read as 'en', not as 'ru'\n"
    done = terjiman("compare", "blank", "ref", "--ref", "ref", "--lang", "ru", cwd=files)
    assert done.returncode == 0
    assert done.stderr == "warning: blank: no line has a word\n"


def test_a_huge_line_leaves_out_ter_and_says_so(tmp_path: Path) -> None:
    (tmp_path / "big").write_text("слово и дело " * 20_000, encoding="utf-8")
    done = terjiman("score", "big", "big", "--lang", "ru", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "TER is not computed: segment 1 has 260,000 characters" in done.stdout
    found = json.loads(terjiman("score", "big", "big", "--lang", "ru", "--json", cwd=tmp_path).stdout)
    assert (found["chrf"]["score"], found["ter"]) == (pytest.approx(100), None)
    done = terjiman("compare", "big", "big", "--ref", "big", "--lang", "ru", cwd=tmp_path)
    assert "TER is not computed" in done.stdout


def test_compare_says_what_text_files_need(files: Path) -> None:
    done = terjiman("compare", "hyp", "ref", cwd=files)
    assert (done.returncode, "hyp: a file, where a job folder is meant" in done.stderr) == (2, True)
