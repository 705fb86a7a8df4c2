"""`terjiman models pull` from a stand-in of the hub: whole, broken off, wrong, refused, twice at once.

What the files are is another test's matter: here a stand-in looks at them.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from corpora.errors import StorageError
from models import licences, store
from models.fetching import partial
from tests.models import hub_server

NLLB = "facebook/nllb-200-distilled-600M"
NAME = "nllb-200-distilled-600m"
WEIGHTS = bytes(range(256)) * 8192  # 2 MiB

# runs the real command line; only the look at the files is a stand-in
PROGRAM = textwrap.dedent(
    """
    import sys, types
    import models
    from models.profile import Profile

    fake = types.ModuleType("models.inspection")

    def inspect(folder, *, codes={}, template=""):
        if (folder / "model-q4_k_m.gguf").exists():
            return Profile("llama.cpp", "hunyuan", codes, template=template, weights="model-q4_k_m.gguf")
        return Profile("transformers", "nllb", codes, source="eng_Latn")

    fake.inspect = inspect
    models.inspection = sys.modules["models.inspection"] = fake
    from pipeline.cli import main
    main()
    """
)


@dataclass(frozen=True)
class Pulling:
    """A store of its own, and the stand-in to pull from."""

    hub: hub_server.Hub
    home: Path

    def start(self, *arguments: object, terminal: int | None = None, **more: str) -> subprocess.Popen[str]:
        """Start a command, on a terminal or with pipes, and with more in its environment."""
        environment = {
            "PATH": "/usr/bin:/bin",
            "HOME": str(self.home),
            "TERJIMAN_HOME": str(self.home),
            "HF_ENDPOINT": self.hub.address,
            "NO_PROXY": "127.0.0.1",
            **more,
        }
        command = [sys.executable, "-c", PROGRAM, *map(str, arguments)]
        root = Path(__file__).parents[2]
        pipe, none = subprocess.PIPE, subprocess.DEVNULL
        ends = (none, pipe, pipe) if terminal is None else (terminal, none, terminal)
        return subprocess.Popen(
            command, stdin=ends[0], stdout=ends[1], stderr=ends[2], text=True, env=environment, cwd=root
        )

    def run(self, *arguments: object, **more: str) -> tuple[int, str, str]:
        """Run a command; return its exit code and what it printed."""
        process = self.start(*arguments, terminal=None, **more)
        out, err = process.communicate(timeout=60)
        return process.returncode, out, err

    def pull(self, *options: object, **more: str) -> tuple[int, str, str]:
        """Pull the model of these tests."""
        return self.run("models", "pull", NAME, "--accept-licence", *options, **more)

    def nothing(self) -> bool:
        """Return whether no model is there."""
        return store.installed(self.home) == []


@pytest.fixture
def pulling(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Pulling]:
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("TERJIMAN_HOME", str(home))
    with hub_server.serve() as hub:
        hub.repositories[NLLB] = {
            "README.md": b"# NLLB",
            "config.json": b'{"model_type": "m2m_100"}',
            "model.safetensors": WEIGHTS,
            "pytorch_model.bin": b"\x80pickle",
            "sentencepiece.bpe.model": b"pieces",
            "modeling_x.py": b"import os",
            "tokenizer.json": b"{}",
        }
        yield Pulling(hub, home)


def test_a_pull_brings_the_files_that_are_needed_and_nothing_else(pulling: Pulling) -> None:
    code, out, err = pulling.pull()
    assert (code, out.split()[:2]) == (0, [NAME, "installed,"]), err
    assert "CC-BY-NC-4.0 (NO commercial use" in err
    assert "terjiman models convert" in err
    manifest = store.verify(NAME, pulling.home)
    assert set(manifest.files) == {
        "README.md",
        "config.json",
        "model.safetensors",
        "profile.json",
        "sentencepiece.bpe.model",
        "tokenizer.json",
    }
    assert (manifest.facts.entry, manifest.facts.revision) == (NAME, pulling.hub.commit(NLLB))
    assert manifest.facts.source == f"hub:{NLLB}@{pulling.hub.commit(NLLB)}"
    assert not [path for path in (pulling.home / "models").iterdir() if ".part" in path.name]
    asked = [path for path, _ in pulling.hub.asked]
    assert asked.index(next(path for path in asked if path.endswith("model.safetensors"))) == len(asked) - 1


def test_a_second_pull_fetches_nothing_and_asks_for_no_consent(pulling: Pulling) -> None:
    assert pulling.pull()[0] == 0
    before = len(pulling.hub.asked)
    code, _, err = pulling.run("models", "pull", NAME)
    assert code == 0, err
    assert "commercial" not in err
    assert [path for path, _ in pulling.hub.asked[before:]] == [f"/api/models/{NLLB}"]


def test_without_consent_nothing_is_fetched(pulling: Pulling) -> None:
    code, _, err = pulling.run("models", "pull", NAME)
    assert code == 2
    assert "add --accept-licence" in err
    assert "https://creativecommons.org" in err
    assert pulling.hub.asked == []
    assert not (pulling.home / licences.FILE).exists()


@pytest.mark.parametrize("ranges", [True, False])
def test_a_connection_that_breaks_is_gone_on_with(pulling: Pulling, ranges: bool) -> None:
    pulling.hub.cuts["model.safetensors"] = [700_000, 1_500_000]
    pulling.hub.ranges = ranges
    code, _, err = pulling.pull()
    assert code == 0, err
    starts = [
        int(sent.removeprefix("bytes=").rstrip("-") or 0) for sent in pulling.hub.fetched("model.safetensors")
    ]
    assert starts[0] == 0
    assert len(starts) == 3
    assert 0 < starts[1] <= 700_000
    assert (pulling.home / "models" / NAME / "model.safetensors").read_bytes() == WEIGHTS


def test_killed_in_the_middle_the_next_pull_goes_on(pulling: Pulling) -> None:
    pulling.hub.pause = 0.05
    process = pulling.start("models", "pull", NAME, "--accept-licence")
    part = pulling.home / "models" / f".{NAME}.part" / "model.safetensors"
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and not (part.exists() and part.stat().st_size > 0):
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    process.communicate()
    assert pulling.nothing()
    here = part.stat().st_size
    assert 0 < here < len(WEIGHTS)
    pulling.hub.pause = 0.0
    code, _, err = pulling.pull()
    assert code == 0, err
    assert pulling.hub.fetched("model.safetensors")[-1] == f"bytes={here}-"
    assert (pulling.home / "models" / NAME / "model.safetensors").read_bytes() == WEIGHTS


def test_pieces_of_another_commit_are_thrown_away(pulling: Pulling) -> None:
    parts = partial.Parts(store.parts_folder(NAME, pulling.home))
    (pulling.home / "models").mkdir()
    parts.open("something else")
    (parts.folder / "model.safetensors").write_bytes(b"old bytes")
    assert pulling.pull()[0] == 0
    assert pulling.hub.fetched("model.safetensors") == [""]


@pytest.mark.parametrize("file", ["model.safetensors", "config.json"])
def test_a_file_that_is_not_what_was_announced_is_refused(pulling: Pulling, file: str) -> None:
    right = pulling.hub.repositories[NLLB][file]
    pulling.hub.lies[file] = right[:-1] + bytes([right[-1] ^ 1])
    code, _, err = pulling.pull()
    assert (code, len(err.splitlines()[-1:])) == (3, 1)
    assert f"{file} is not the file that was announced" in err
    assert "Traceback" not in err
    assert pulling.nothing()
    assert not (store.parts_folder(NAME, pulling.home) / file).exists()
    pulling.hub.lies.clear()
    assert pulling.pull()[0] == 0


@pytest.mark.parametrize(
    ("status", "message"),
    [
        (401, "HF_TOKEN"),
        (403, "accept the terms on the page of facebook/nllb"),
        (404, "the hub has no facebook/nllb"),
        (500, "the hub answered 500"),
    ],
)
def test_what_the_hub_refuses_is_said_in_one_line(pulling: Pulling, status: int, message: str) -> None:
    pulling.hub.status = status
    code, out, err = pulling.pull()
    assert (code, out) == (3, "")
    assert message in err.splitlines()[-1]
    assert "Traceback" not in err
    assert pulling.nothing()


def test_an_unknown_revision_is_said(pulling: Pulling) -> None:
    code, _, err = pulling.pull("--revision", "nowhere")
    assert code == 3
    assert "no such revision" in err


def test_no_network_is_one_line(pulling: Pulling) -> None:
    code, _, err = pulling.pull("--from", "http://127.0.0.1:9")
    assert code == 3
    assert "cannot be reached" in err.splitlines()[-1]
    assert "--from PATH" in err
    assert "Traceback" not in err


def test_a_mirror_is_asked_instead_of_the_hub(pulling: Pulling) -> None:
    with hub_server.serve() as mirror:
        mirror.repositories = pulling.hub.repositories
        code, _, err = pulling.pull("--from", mirror.address)
        assert code == 0, err
        assert len(mirror.asked) == 6
    assert pulling.hub.asked == []


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_hub_is_asked_again_when_it_wants(pulling: Pulling, status: int) -> None:
    pulling.hub.busy = [(status, {"Retry-After": "0"}), (status, {"Retry-After": "1"})]
    code, _, err = pulling.pull()
    assert code == 0, err
    assert "the server is busy: asking again in 1 s" in err


def test_a_long_wait_is_told_and_what_has_arrived_is_kept(pulling: Pulling) -> None:
    """The hub is busy when the weights are asked for, and wants a day."""
    with hub_server.serve() as other:
        pulling.hub.elsewhere = other.address
        other.busy = [(503, {"Retry-After": "86400"})]
        code, _, err = pulling.pull()
    assert code == 3
    assert "the hub answered 503" in err.splitlines()[-1]
    assert "again in 86400 s: it goes on where it stopped" in err
    assert pulling.nothing()
    assert (store.parts_folder(NAME, pulling.home) / "config.json").exists()


def test_the_token_is_for_the_hub_alone(pulling: Pulling) -> None:
    """Large files lie on another server, which is not told who asks; neither is a mirror."""
    with hub_server.serve() as other:
        other.repositories = pulling.hub.repositories
        pulling.hub.elsewhere = other.address
        assert pulling.pull(HF_TOKEN="hf_secret")[0] == 0
        assert {sent for _, sent in pulling.hub.tokens} == {"Bearer hf_secret"}
        assert [path.split("/")[-1] for path, _ in other.tokens] == ["model.safetensors"]
        assert {sent for _, sent in other.tokens} == {""}
        assert pulling.run("models", "remove", NAME, "--yes")[0] == 0
        other.tokens.clear()
        code, _, err = pulling.pull("--from", other.address, HF_TOKEN="hf_secret")
        assert code == 0, err
        assert {sent for _, sent in other.tokens} == {""}


def test_a_proxy_is_asked(pulling: Pulling) -> None:
    """The stand-in does not mind being one: what it is asked for is the same."""
    code, _, err = pulling.pull(HF_ENDPOINT="http://hub.invalid", HTTP_PROXY=pulling.hub.address)
    assert code == 0, err
    assert pulling.hub.fetched("model.safetensors") == [""]


@pytest.mark.parametrize(
    "settings",
    [
        {"HTTP_PROXY": "http://127.0.0.1:9", "NO_PROXY": ""},
        {"HTTP_PROXY": "nonsense://x", "NO_PROXY": ""},
        {"HTTP_PROXY": "http://[", "NO_PROXY": ""},
        {"HF_ENDPOINT": "nonsense"},
        {"HF_ENDPOINT": "http://hub.invalid"},
        {"HF_TOKEN": "с\u0442окен"},
        {"HF_HUB_OFFLINE": "1"},
    ],
)
def test_wrong_settings_are_one_line(pulling: Pulling, settings: dict[str, str]) -> None:
    code, out, err = pulling.pull(**settings)
    assert (code in (2, 3), out) == (True, ""), err
    assert "Traceback" not in err
    assert err.splitlines()[-1].startswith("terjiman: ")
    assert pulling.nothing()


def test_stopped_with_control_c_the_next_pull_goes_on(pulling: Pulling) -> None:
    pulling.hub.pause = 0.05
    process = pulling.start("models", "pull", NAME, "--accept-licence")
    part = store.parts_folder(NAME, pulling.home) / "model.safetensors"
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and not (part.exists() and part.stat().st_size > 0):
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out) == (130, "")
    assert "Traceback" not in err
    assert [path.name for path in (pulling.home / "models").iterdir() if ".new-" in path.name] == []
    here = part.stat().st_size
    pulling.hub.pause = 0.0
    assert pulling.pull()[0] == 0
    assert pulling.hub.fetched("model.safetensors")[-1] == f"bytes={here}-"


def test_a_model_of_ones_own_is_not_replaced(pulling: Pulling) -> None:
    (pulling.home / "models").mkdir()

    def make(folder: Path) -> store.Facts:
        (folder / "model.bin").write_bytes(b"mine")
        return store.Facts("ctranslate2", "mine", "path:mine", "")

    store.install(NAME, make)
    code, _, err = pulling.pull()
    assert code == 2
    assert f"terjiman models remove {NAME}" in err
    assert (pulling.home / "models" / NAME / "model.bin").read_bytes() == b"mine"


def test_a_repository_of_pickles_is_refused_with_the_reason(pulling: Pulling) -> None:
    del pulling.hub.repositories[NLLB]["model.safetensors"]
    code, _, err = pulling.pull()
    assert code == 2
    assert "only pickles (pytorch_model.bin)" in err
    assert pulling.hub.fetched("pytorch_model.bin") == []


def test_the_hubs_own_conversion_of_pickles_is_taken_and_said(pulling: Pulling) -> None:
    files = pulling.hub.repositories[NLLB]
    pulling.hub.repositories[f"{NLLB}@refs/pr/7"] = dict(files)
    del files["model.safetensors"]
    pulling.hub.converted[NLLB] = [3, 7]
    code, _, err = pulling.pull()
    assert code == 0, err
    assert "pull request 7" in err
    assert store.verify(NAME, pulling.home).facts.revision == pulling.hub.commit(f"{NLLB}@refs/pr/7")


def test_code_of_its_own_is_refused_before_the_weights_come(pulling: Pulling) -> None:
    pulling.hub.repositories[NLLB]["config.json"] = json.dumps({"auto_map": {"AutoModel": "x.Y"}}).encode()
    code, _, err = pulling.pull()
    assert code == 2
    assert "auto_map" in err
    assert pulling.hub.fetched("model.safetensors") == []


def test_one_gguf_file_of_many_is_pulled(pulling: Pulling) -> None:
    pulling.hub.repositories["tencent/Hy-MT2-1.8B-GGUF"] = {
        "model-q4_k_m.gguf": b"GGUF4",
        "model-Q8_0.gguf": b"GGUF8",
        "README.md": b"",
    }
    code, _, err = pulling.run("models", "pull", "hy-mt2-1.8b", "--accept-licence")
    assert code == 0, err
    manifest = store.verify("hy-mt2-1.8b-q4_k_m", pulling.home)
    assert set(manifest.files) == {"model-q4_k_m.gguf", "README.md", "profile.json"}
    assert "euphemism" in (pulling.home / "models/hy-mt2-1.8b-q4_k_m/profile.json").read_text()
    code, _, err = pulling.run("models", "pull", "hy-mt2-1.8b", "--quantisation", "Q6_K")
    assert code == 2
    assert "there are: model-Q8_0, model-q4_k_m" in err


def test_of_two_pulls_one_fetches_and_the_other_waits(pulling: Pulling) -> None:
    pulling.hub.pause = 0.05
    both = [pulling.start("models", "pull", NAME, "--accept-licence") for _ in range(2)]
    results = [process.communicate(timeout=60) for process in both]
    assert [process.returncode for process in both] == [0, 0], results
    assert len(pulling.hub.fetched("model.safetensors")) == 1
    assert sum("waiting for it" in err for _, err in results) == 1


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_disk_that_fills_up_keeps_what_has_arrived(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    monkeypatch.setenv("TERJIMAN_HOME", str(tmp_path))
    expected = partial.Expected("model.safetensors", 10)

    def make(target: Path) -> store.Facts:
        parts = partial.Parts(store.parts_folder("tiny"))
        parts.open("a")

        def pieces(start: int) -> Iterator[tuple[int, bytes]]:
            yield 0, b"12345"
            raise OSError(number, "No space left on device")

        parts.receive(expected, pieces, lambda size: None)
        raise AssertionError

    with pytest.raises(StorageError, match=r"cannot be written.*TERJIMAN_HOME") as error:
        store.install("tiny", make)
    assert error.value.exit_code == 74
    assert (store.parts_folder("tiny") / "model.safetensors").read_bytes() == b"12345"
    assert store.remove("tiny") > 5
    assert store.installed() == []


def test_too_little_space_is_said_before_the_first_byte(
    pulling: Pulling, monkeypatch: pytest.MonkeyPatch
) -> None:
    from models import catalog, installing
    from models.fetching.hub import Listing
    from models.fetching.progress import Silence

    huge = Listing(NLLB, "0" * 40, (partial.Expected("model.safetensors", 10**18),))
    with pytest.raises(StorageError, match="MB are needed"):
        installing.pull(catalog.entries()[NAME], huge, NAME, progress=Silence())
    assert pulling.hub.asked == []


@pytest.mark.parametrize("answer", [b"n\n", b"\x04"])
def test_on_a_terminal_no_is_no(pulling: Pulling, answer: bytes) -> None:
    """Also where the terminal ends instead of answering (Ctrl-D)."""
    primary, secondary = os.openpty()
    process = pulling.start("models", "pull", NAME, terminal=secondary)
    os.close(secondary)
    said = b""
    while b"[y/N]" not in said:
        said += os.read(primary, 4096)
    os.write(primary, answer)
    with contextlib.suppress(OSError):  # how Linux says that nobody is at the other end any more
        while piece := os.read(primary, 4096):
            said += piece
    assert process.wait(timeout=30) == 2
    os.close(primary)
    assert b"NO commercial use" in said
    assert b"was not accepted" in said
    assert pulling.hub.asked == []
    assert pulling.nothing()


def test_a_model_that_is_removed_is_gone_and_its_space_told(pulling: Pulling) -> None:
    assert pulling.pull()[0] == 0
    assert pulling.run("models", "remove", NAME)[0] == 2
    code, out, _ = pulling.run("models", "remove", NAME, "--yes")
    assert (code, out) == (0, f"{NAME}  removed, 2 MB freed\n")
    assert pulling.nothing()
    assert pulling.run("models", "remove", NAME, "--yes")[0] == 3
    code, _, err = pulling.run("translate", "--to", "kk", "--model", NAME)
    assert code == 3
    assert f"terjiman models pull {NAME}" in err


@pytest.mark.parametrize("name", ["../x", "A B", ""])
def test_absurd_names_never_reach_the_disk(pulling: Pulling, name: str) -> None:
    for command in (("models", "remove", name, "--yes"), ("models", "verify", name or "-")):
        code, _, err = pulling.run(*command)
        assert code == 2
        assert "Traceback" not in err
