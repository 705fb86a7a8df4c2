"""The model store: damage, crashes, two makers at once, disks that cannot be written."""

from __future__ import annotations

import errno
import json
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from corpora.errors import MissingError, StorageError, UsageError
from models import store
from tests.conftest import Terjiman

FACTS = store.Facts("test", "MIT", "made here", "recipe 1")


def _make(text: str = "weights") -> Callable[[Path], store.Facts]:
    def make(folder: Path) -> store.Facts:
        (folder / "model.bin").write_text(text)
        (folder / "sub").mkdir()
        (folder / "sub" / "tokenizer.json").write_text("{}")
        return FACTS

    return make


@pytest.fixture
def installed(home: Path) -> Path:
    store.install("tiny", _make())
    return home / "models" / "tiny"


def test_an_installed_model_is_found_sound_and_private(installed: Path) -> None:
    assert store.installed() == ["tiny"]
    manifest = store.verify("tiny")
    assert manifest == store.glance("tiny") == store.read_manifest("tiny")
    assert set(manifest.files) == {"model.bin", "sub/tokenizer.json"}
    assert (manifest.facts, manifest.size) == (FACTS, len("weights{}"))
    assert installed.stat().st_mode & 0o777 == 0o700
    assert installed.parent.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in installed.iterdir() if path.is_file()} == {0o600}
    assert not [path for path in installed.parent.iterdir() if ".new-" in path.name or ".old-" in path.name]


def test_the_digest_depends_on_the_content_alone(home: Path, tmp_path: Path) -> None:
    first = store.install("tiny", _make())
    again = store.install("other", _make(), root=tmp_path / "elsewhere")
    assert first.digest == again.digest
    assert store.install("tiny", _make("other weights")).digest != first.digest


def test_a_model_can_be_removed_from_a_full_disk(installed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """There is no room for a folder there; removing models is how room is made."""

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.mkdir", full)
    assert store.remove("tiny") > 0
    assert [path.name for path in installed.parent.iterdir()] == [".tiny.lock"]


def test_what_a_killed_build_left_can_be_removed(home: Path, terjiman: Terjiman) -> None:
    left = home / "models" / ".tiny.new-killed"
    left.mkdir(parents=True)
    (left / "model.bin").write_bytes(b"w" * 3_000_000)
    result = terjiman("models", "remove", "tiny", "--yes", env={"TERJIMAN_HOME": str(home)})
    assert (result.returncode, result.stdout) == (0, "tiny  removed, 3 MB freed\n")
    assert not left.exists()
    with pytest.raises(MissingError, match="not installed"):
        store.remove("tiny")


def test_of_a_model_behind_a_link_the_link_is_removed(home: Path, tmp_path: Path) -> None:
    store.install("tiny", _make())
    (home / "models" / "tiny").rename(tmp_path / "elsewhere")
    (home / "models" / "tiny").symlink_to(tmp_path / "elsewhere")
    store.remove("tiny")
    assert store.installed() == []
    assert (tmp_path / "elsewhere" / "model.bin").is_file()


@pytest.mark.parametrize("change", ["flip", "cut", "grow", "remove"])
def test_damage_to_a_file_is_found_and_named(installed: Path, change: str) -> None:
    path = installed / "model.bin"
    data = path.read_bytes()
    if change == "remove":
        path.unlink()
    else:
        path.write_bytes({"flip": b"W" + data[1:], "cut": data[:-1], "grow": data + b"!"}[change])
    with pytest.raises(MissingError, match=r"model\.bin.*damaged.*terjiman models pull tiny") as error:
        store.verify("tiny")
    assert error.value.exit_code == 3
    if change != "flip":
        with pytest.raises(MissingError, match="damaged"):
            store.glance("tiny")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "{}",
        '{"schema": 1, "name": "tiny", "facts": {}, "files": {}, "digest": "", "created": ""}',
    ],
)
def test_a_damaged_manifest_is_one_clear_line(installed: Path, text: str) -> None:
    (installed / store.MANIFEST).write_text(text)
    with pytest.raises(MissingError, match="damaged manifest"):
        store.read_manifest("tiny")


def test_a_manifest_that_was_edited_is_refused(installed: Path) -> None:
    path = installed / store.MANIFEST
    data = json.loads(path.read_text())
    data["files"]["model.bin"]["sha256"] = "0" * 64
    path.write_text(json.dumps(data))
    with pytest.raises(MissingError, match="damaged manifest"):
        store.verify("tiny")


@pytest.mark.parametrize("name", ["", "..", "../x", "a/b", ".hidden", "A", "x\0", "x" * 200])
def test_impossible_names_never_reach_the_disk(home: Path, name: str) -> None:
    with pytest.raises(UsageError, match="no model name"):
        store.folder(name)


def test_what_is_not_installed_is_said_with_the_command_that_helps(home: Path) -> None:
    with pytest.raises(MissingError, match=r"'tiny' is not installed.*terjiman models pull tiny"):
        store.verify("tiny")
    assert store.installed() == []


def test_a_model_is_replaced_in_one_step(installed: Path) -> None:
    store.install("tiny", _make("second"))
    assert (installed / "model.bin").read_text() == "second"
    store.verify("tiny")


def test_a_failed_build_leaves_the_old_model(installed: Path) -> None:
    def fail(folder: Path) -> store.Facts:
        (folder / "model.bin").write_text("half")
        raise RuntimeError("broken")

    with pytest.raises(RuntimeError, match="broken"):
        store.install("tiny", fail)
    assert (installed / "model.bin").read_text() == "weights"
    assert sorted(path.name for path in installed.parent.iterdir()) == [".tiny.lock", "tiny"]


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EDQUOT, errno.EACCES])
def test_a_disk_that_cannot_be_written_is_a_storage_error(home: Path, number: int) -> None:
    def fail(folder: Path) -> store.Facts:
        raise OSError(number, "injected", str(folder / "model.bin"))

    with pytest.raises(StorageError, match=r"model\.bin.*cannot be written.*TERJIMAN_HOME") as error:
        store.install("tiny", fail)
    assert error.value.exit_code == 74
    assert not (home / "models" / "tiny").exists()


def test_a_home_that_cannot_be_made_is_a_storage_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERJIMAN_HOME", "/dev/null/terjiman")
    with pytest.raises(StorageError, match="cannot be written"):
        store.install("tiny", _make())
    assert store.installed() == []
    with pytest.raises(MissingError):
        store.verify("tiny")


def test_too_little_space_is_said_before_any_work(home: Path) -> None:
    with pytest.raises(StorageError, match=r"1000000000 MB are needed, \d+ MB are free"):
        store.install("tiny", _make(), needed=10**15)


def test_the_default_home_is_the_users_data_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("TERJIMAN_HOME", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    assert tmp_path in store.models_folder().parents


MAKER = textwrap.dedent(
    """
    import sys, time
    from pathlib import Path
    from models import store

    def make(folder):
        (folder / "model.bin").write_text("made by " + sys.argv[1])
        print("making", flush=True)
        time.sleep(float(sys.argv[2]))
        return store.Facts("test", "MIT", "made here", "recipe 1")

    def current():
        return "tiny" in store.installed()

    store.install("tiny", make, current=current, waiting=lambda: print("waiting", flush=True))
    print("done", flush=True)
    """
)


def _start(name: str, seconds: float) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", MAKER, name, str(seconds)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def _line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def test_of_two_makers_one_makes_and_the_other_waits(home: Path) -> None:
    first = _start("first", 1.0)
    assert _line(first) == "making"
    second = _start("second", 0.0)
    assert (_line(second), _line(second)) == ("waiting", "done")
    assert (_line(first), first.wait(), second.wait()) == ("done", 0, 0)
    assert (home / "models/tiny/model.bin").read_text() == "made by first"
    store.verify("tiny")


def test_a_killed_build_leaves_no_model_and_is_swept_by_the_next(home: Path) -> None:
    killed = _start("killed", 60)
    assert _line(killed) == "making"
    killed.send_signal(signal.SIGKILL)
    assert killed.wait() == -signal.SIGKILL
    assert store.installed() == []
    assert [path for path in (home / "models").iterdir() if ".new-" in path.name]
    started = time.monotonic()
    store.install("tiny", _make("whole"))
    assert time.monotonic() - started < 30  # the dead process holds no lock
    assert sorted(path.name for path in (home / "models").iterdir()) == [".tiny.lock", "tiny"]
    assert (home / "models/tiny/model.bin").read_text() == "whole"
