"""Ctrl-C and SIGTERM end any command, at any moment, with one line and the right exit code."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

# says when it begins to import the library that all commands need, and takes its time
SLOW = """
import sys, time

class Slow:
    def find_spec(self, name, path=None, target=None):
        if name == "typer":
            print("importing", flush=True)
            time.sleep(60)

sys.meta_path.insert(0, Slow())
from pipeline.cli import main
main()
"""
# is in a library for minutes, which lets other threads run and hears no signal, as engines do
DEEP = """
import hashlib
from pipeline.cli import entry, main

def deep():
    print("deep", flush=True)
    hashlib.pbkdf2_hmac("sha256", b"", b"", 10**9)

entry._run = deep
main()
"""
SIGNALS = [(signal.SIGINT, 130, "interrupted"), (signal.SIGTERM, 143, "terminated")]


def _start(*command: str | Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", *map(str, command)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


@pytest.mark.parametrize(("number", "code", "word"), SIGNALS)
def test_a_signal_is_heard_while_the_program_still_starts(number: int, code: int, word: str) -> None:
    with _start(SLOW) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "importing\n"
        process.send_signal(number)
        stdout, stderr = process.communicate(timeout=30)
    assert (process.returncode, stdout, stderr) == (code, "", f"terjiman: {word}\n")


@pytest.mark.parametrize(("number", "code", "word"), SIGNALS)
def test_a_signal_ends_a_command_that_waits(tmp_path: Path, number: int, code: int, word: str) -> None:
    pipe = tmp_path / "text"
    os.mkfifo(pipe)
    process = _start("from pipeline.cli import main; main()", "split", pipe, "--lang", "en")
    with process, pipe.open("w"):  # as soon as the command reads
        process.send_signal(number)
        stdout, stderr = process.communicate(timeout=30)
    assert (process.returncode, stdout, stderr) == (code, "", f"terjiman: {word}\n")


@pytest.mark.parametrize(("number", "code", "word"), SIGNALS)
def test_a_signal_is_heard_where_a_library_does_not_let_go(number: int, code: int, word: str) -> None:
    with _start(DEEP) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "deep\n"
        process.send_signal(number)
        process.send_signal(number)
        stdout, stderr = process.communicate(timeout=30)
    assert (process.returncode, stdout, stderr) == (code, "", f"terjiman: {word}\n")
