"""Where the results of commands go: pipes, full disks, links, devices; and what never comes out."""

from __future__ import annotations

import json
import os
import subprocess
import threading
from pathlib import Path

import pytest

from corpora.errors import StorageError, UsageError
from pipeline.cli.common import check_outputs, write_output
from pipeline.quality.metrics import score
from tests.conftest import SCRIPT, Terjiman

FULL = Path("/dev/full")
needs_full = pytest.mark.skipif(not FULL.exists(), reason="there is no /dev/full here")


@pytest.fixture
def english(tmp_path: Path) -> Path:
    path = tmp_path / "a.en"
    path.write_text("He left. She came.\n" * 3, encoding="utf-8")
    return path


def _shell(command: str, *args: str | Path) -> subprocess.CompletedProcess[str]:
    script = ["bash", "-o", "pipefail", "-c", command, str(SCRIPT), *map(str, args)]
    return subprocess.run(script, capture_output=True, text=True, check=False, timeout=60)


@needs_full
@pytest.mark.parametrize("command", ['"$0" split "$1" --lang en', '"$0" models list', '"$0" --help'])
def test_a_full_stdout_is_one_line_and_exit_74(command: str, english: Path) -> None:
    done = _shell(f"{command} >/dev/full", english)
    assert done.returncode == 74
    assert done.stderr.startswith("terjiman: standard output")
    assert done.stderr.count("\n") == 1


def test_a_closed_stdout_is_one_line_and_exit_74(english: Path) -> None:
    done = _shell('"$0" split "$1" --lang en >&-', english)
    assert (done.returncode, done.stderr.count("\n")) == (74, 1)


@pytest.mark.parametrize("command", ['"$0" split "$1" --lang en', '"$0" models list', '"$0" --help'])
def test_a_broken_pipe_ends_quietly(command: str, english: Path) -> None:
    # the reader is gone before the command starts to print
    done = _shell(f"{{ sleep 0.1; {command}; }} | true", english)
    assert (done.returncode, done.stderr) == (141, "")


def test_a_link_stays_and_its_target_is_written_at_once(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    real, link = tmp_path / "there" / "real", tmp_path / "link"
    link.symlink_to("there/real")
    for text in ("Құлжа\n", "غۇلجا\n"):  # dangling at first
        write_output(text, str(link))
        assert link.is_symlink()
        assert real.read_text(encoding="utf-8") == text
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["link", "real", "there"]


def test_a_fifo_and_a_device_are_written_to_and_stay(tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    got: list[bytes] = []
    reader = threading.Thread(target=lambda: got.append(fifo.read_bytes()))
    reader.start()
    write_output("伊宁\n", str(fifo))
    reader.join(10)
    assert got == ["伊宁\n".encode()]
    assert fifo.is_fifo()
    check_outputs(str(fifo), "/dev/null", "-", None)
    write_output("nothing\n", "/dev/null")
    assert Path("/dev/null").is_char_device()


@pytest.mark.parametrize("place", ["/dev/stdout", "/dev/stderr", "out"])
def test_an_open_file_is_written_to_where_it_stands(place: str, tmp_path: Path, english: Path) -> None:
    (tmp_path / "out").symlink_to("/dev/stdout")
    log, recording = tmp_path / "log", tmp_path / "r.tsv"
    log.write_text("first\n", encoding="utf-8")
    recording.write_text("He left. She came.\tОн ушёл.\n", encoding="utf-8")
    command = 'cd "$1"; "$0" translate a.en --to ru --model recorded:r.tsv -o "$2" >>log 2>&1'
    assert _shell(command, tmp_path, place).returncode == 0
    assert log.read_text(encoding="utf-8") == "first\n" + "Он ушёл.\n" * 3


@needs_full
def test_what_may_not_be_written_is_exit_74(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="/dev/full: the disk is full"):
        write_output("x", str(FULL))

    def refuse(*_: object, **__: object) -> tuple[int, str]:
        raise PermissionError(13, "Permission denied", str(tmp_path / "hidden"))

    monkeypatch.setattr("tempfile.mkstemp", refuse)
    with pytest.raises(StorageError) as caught:
        check_outputs(str(tmp_path / "x"))
    assert caught.value.place == str(tmp_path / "x")
    assert caught.value.exit_code == 74


def test_places_that_cannot_be_are_refused(tmp_path: Path) -> None:
    for place in (tmp_path, tmp_path / "none" / "x"):
        with pytest.raises(UsageError):
            check_outputs(str(place))
        with pytest.raises(UsageError):
            write_output("x", str(place))
    (tmp_path / "link").symlink_to("x")
    with pytest.raises(UsageError, match="two results"):
        check_outputs(str(tmp_path / "x"), str(tmp_path / "link"))
    assert [path.name for path in tmp_path.iterdir()] == ["link"]


def test_stdin_stands_for_one_file_only(terjiman: Terjiman, english: Path) -> None:
    for args in (("-", "-"), ("-", str(english), "--terms-per-line", "-")):
        done = terjiman("verify", *args, "--to", "kk", stdin="x\n")
        assert done.returncode == 2
        assert "only once" in done.stderr
    assert terjiman("score", "-", "-", "--lang", "kk", stdin="x\n").returncode == 2


def test_enforce_writes_both_results_or_neither(terjiman: Terjiman, tmp_path: Path, english: Path) -> None:
    terms = tmp_path / "terms.jsonl"
    terms.write_text("{}\n" * 3, encoding="utf-8")
    start = ("enforce", "a.en", "a.en", "--to", "kk", "--no-meaning", "--terms-per-line", "terms.jsonl")
    done = terjiman(*start, "-o", "ok.kk", "--audit", "none/a.jsonl", cwd=tmp_path)
    assert done.returncode == 2
    assert "none/a.jsonl" in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.en", "terms.jsonl"]
    done = terjiman(*start, "-o", "ok.kk", "--audit", "a.jsonl", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "ok.kk").exists()
    assert (tmp_path / "a.jsonl").exists()


@pytest.mark.parametrize(
    ("lang", "text"),
    [("kk", "Ол кетті."), ("ug", "ئۇ مې\u200cكتەپكە كەتتى؟"), ("ru", "Он ушёл."), ("zh", "他走了。")],
)
def test_what_nobody_sees_does_not_reach_the_model(
    terjiman: Terjiman, tmp_path: Path, lang: str, text: str
) -> None:
    (tmp_path / "r.tsv").write_text(f"He left.\t{text}\n", encoding="utf-8")
    source = "He\u202e left\0.\u202c\nHe left.\n\n\0\n"
    args = ("translate", "--to", lang, "--model", "recorded:r.tsv")
    done = terjiman(*args, "--jsonl", stdin=source, cwd=tmp_path)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["text"] for row in rows] == [text, text, "", ""]
    flags = [[(flag["check"], flag["severity"]) for flag in row["flags"]] for row in rows]
    assert flags == [[("invisible", "warning")], [], [], [("invisible", "warning")]]
    assert "U+202E, U+0000, U+202C" in rows[0]["flags"][0]["message"]
    done = terjiman(*args, stdin=source, cwd=tmp_path)
    assert done.stdout == f"{text}\n{text}\n\n\n"
    assert done.stderr.count("warning: invisible: ") == 2


@pytest.mark.parametrize(
    "text", ["He left the house and never came back to it.", "他离开了那所房子，再也没有回来过。"]
)
def test_scores_keep_within_their_bounds(text: str) -> None:
    found = score([text] * 3, [text] * 3, "zh" if text[0] == "他" else "en")
    for name in ("bleu", "chrf"):
        assert found[name].score == 100
        assert found[name].ci == (100, 100)
    assert score(["a b c d"], ["x"], "en")["ter"].score > 100
