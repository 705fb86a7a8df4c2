"""GGUF models in this process: a tiny random one, and by choice the real one that the starter is made of.

The real one takes half a minute: TERJIMAN_TEST_GGUF=1 pytest tests/models/test_gguf.py
"""

from __future__ import annotations

import importlib
import os
import struct
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from corpora.errors import MissingError
from corpora.protocols import Engine
from corpora.records import Request
from models import inspection, machine, profile
from models.engines import endpoint, gguf_header, loading
from models.engines.endpoint_client import Patience
from tests.models import chat_checkpoints

pytest.importorskip("xllamacpp")
TEXTS = ["The camp was closed.", "She left Almaty in June.", "Nobody answered his letter, and so on."]
PREFIXES = {"kk": "Ол маусымда", "ug": "لاگېر ", "ru": "Он, ", "zh": "2017年，"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a tiny model."""
    place = tmp_path_factory.mktemp("gguf")
    chat_checkpoints.write_gguf(place / "tiny-F32.gguf")
    profile.write(inspection.inspect(place), place)
    return place


@pytest.fixture(scope="module")
def engine(folder: Path) -> Engine:
    """Return the engine over it."""
    return loading.load("tiny", "d", folder, threads=1)


def _requests() -> list[Request]:
    plain = [Request(text, lang) for lang in PREFIXES for text in TEXTS]
    return [*plain, *(Request(TEXTS[0], lang, prefix=prefix) for lang, prefix in PREFIXES.items())]


def test_each_text_is_answered_by_itself(engine: Engine, folder: Path) -> None:
    requests = _requests()
    found = engine.translate(requests)
    assert engine.translate(requests[::-1])[::-1] == found
    assert loading.load("tiny", "d", folder, threads=1).translate(requests[:3]) == found[:3]
    assert all(len(answers) == 1 and answers[0].text and answers[0].score < 0 for answers in found)
    assert len({answers[0].text for answers in found}) > len(TEXTS)
    for request, [answer] in zip(requests, found, strict=True):
        assert answer.text.startswith(request.prefix.rstrip())


def test_what_it_says_of_itself(engine: Engine, folder: Path) -> None:
    info = loading.info("tiny", "d", folder)
    assert info == engine.info
    assert info.abilities == {"prefix", "terms", "context"}  # no n-best: llama.cpp has no beam search
    assert info.batch_invariant
    assert info.reproducible
    [answers] = engine.translate([Request(TEXTS[0], "ru", n_best=4)])
    assert len(answers) == 1


def test_the_prompt_reaches_the_model_as_it_is(engine: Engine) -> None:
    """Terms and context change the answer; the token before the prompt stands once."""
    speaker = engine._speaker  # type: ignore[attr-defined]
    number, words = speaker._tokens("<|begin_of_text|>The camp")
    assert (number, words) == (1, "The camp")
    assert speaker._tokens("The camp") == "The camp"
    plain, hinted, after = engine.translate(
        [
            Request(TEXTS[0], "ru"),
            Request(TEXTS[0], "ru", terms=(("camp", "лагерь"),)),
            Request(TEXTS[0], "ru", context=("He came.",)),
        ]
    )
    assert len({plain[0].text, hinted[0].text, after[0].text}) == 3


def test_nothing_of_the_recommended_sampling_is_taken_over(engine: Engine, tmp_path: Path) -> None:
    """What the file recommends (general.sampling): penalties would count at temperature 0 too."""
    chat_checkpoints.write_gguf(tmp_path / "tiny-F32.gguf", sampled=True)
    profile.write(inspection.inspect(tmp_path), tmp_path)
    other = loading.load("tiny", "d", tmp_path, threads=1)
    assert other.translate(_requests()) == engine.translate(_requests())


def test_an_answer_that_does_not_end_is_flagged(engine: Engine) -> None:
    [[answer]] = engine.translate([Request("Who?", "ru")])
    assert "length-limit" in {flag.check for flag in answer.flags}


def test_the_port_of_the_library_is_locked(engine: Engine) -> None:
    address = engine._speaker._server.listening_address  # type: ignore[attr-defined]
    for path in ("/slots", "/props", "/v1/chat/completions", "/metrics"):
        with pytest.raises(urllib.error.HTTPError) as caught:
            urllib.request.urlopen(address + path, data=b"{}" if "chat" in path else None, timeout=5)
        assert caught.value.code in (401, 403, 404, 501)


@pytest.mark.parametrize("size", [0, 3, 100, 20_000, -3000])
def test_a_damaged_file_is_one_clear_line(folder: Path, size: int, tmp_path: Path) -> None:
    whole = (folder / "tiny-F32.gguf").read_bytes()
    (tmp_path / "tiny-F32.gguf").write_bytes(whole[:size])
    (tmp_path / profile.FILE).write_bytes((folder / profile.FILE).read_bytes())
    with pytest.raises(MissingError, match="tiny-F32"):
        loading.load("tiny", "d", tmp_path, threads=1)


@pytest.mark.parametrize(
    "header",
    [
        b"GGUX" + bytes(40),
        b"GGUF" + struct.pack("<IQQ", 9, 0, 0),
        b"GGUF" + struct.pack("<IQQ", 3, 0, 1 << 60),
        b"GGUF" + struct.pack("<IQQQ", 3, 0, 1, 1 << 62),
        b"GGUF" + struct.pack("<IQQQ", 3, 0, 1, 1) + b"a" + struct.pack("<IIQ", 9, 8, 1 << 50),
        b"GGUF" + struct.pack("<IQQQ", 3, 0, 1, 1) + b"a" + struct.pack("<IIQ", 9, 9, 1),
        b"GGUF" + struct.pack("<IQQQ", 3, 0, 1, 1) + b"\xff" + struct.pack("<I", 7),
    ],
)
def test_a_hostile_header_is_refused(header: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.gguf"
    path.write_bytes(header)
    with pytest.raises(MissingError, match="damaged"):
        gguf_header.read(path)


def test_a_model_without_a_chat_template_is_refused(tmp_path: Path) -> None:
    chat_checkpoints.write_gguf(tmp_path / "a.gguf", template="")
    with pytest.raises(MissingError, match="instruct version"):
        inspection.inspect(tmp_path)
    profile.write(profile.Profile("llama.cpp", "causal", {"ru": "Russian"}, weights="a.gguf"), tmp_path)
    with pytest.raises(MissingError, match="instruct version"):
        loading.load("a", "d", tmp_path, threads=1)


def test_a_model_larger_than_the_memory_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "here", lambda _: machine.Machine(memory=1000, disk=1 << 40))
    with pytest.raises(MissingError, match="memory"):
        loading.load("tiny", "d", folder, threads=1)


def test_without_the_extra_it_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr(importlib, "import_module", missing)
    with pytest.raises(MissingError, match=r"terjiman\[llama\]"):
        loading.load("tiny", "d", folder, threads=1)


def _server(path: Path) -> Any:
    """Start llama.cpp as a server."""
    import xllamacpp

    settings = xllamacpp.CommonParams()
    settings.model.path = str(path)
    settings.n_ctx, settings.n_parallel, settings.verbosity, settings.warmup = 2048, 1, -1, False
    settings.cpuparams.n_threads = 1
    return xllamacpp.Server(settings)


def test_llama_cpp_as_a_server_of_ones_own(folder: Path) -> None:
    """The endpoint engine against the real thing."""
    server = _server(folder / "tiny-F32.gguf")
    asked = endpoint.load(f"endpoint:{server.listening_address}", patience=Patience(5, 60, ()))
    assert asked.info.abilities == {"prefix", "terms", "context"}
    plain, forced = asked.translate([Request(TEXTS[0], "ru"), Request(TEXTS[0], "ru", prefix="Он, ")])
    assert plain[0].text
    assert plain[0].score < 0
    assert forced[0].text.startswith("Он,")
    assert not forced[0].text.startswith("Он, Он,")


def test_a_server_takes_over_nothing_of_the_recommended_sampling(folder: Path, tmp_path: Path) -> None:
    wild = chat_checkpoints.write_gguf(tmp_path / "tiny-F32.gguf", sampled=True)
    servers = [_server(folder / "tiny-F32.gguf"), _server(wild)]
    plain, other = (
        endpoint.load(f"endpoint:{server.listening_address}", patience=Patience(5, 60, ()))
        for server in servers
    )
    requests = [Request(text, "ru") for text in TEXTS]
    assert other.translate(requests) == plain.translate(requests)


@pytest.mark.skipif(not os.environ.get("TERJIMAN_TEST_GGUF"), reason="set TERJIMAN_TEST_GGUF=1: slow")
def test_the_real_path_with_the_base_of_the_starter(tmp_path: Path) -> None:
    """Gemma 3 270M in Q4_K_M, as the package carries it.

    It is no chat model, so it gets the plain prompt; untrained on it, it mostly repeats the source, which
    must be flagged.
    """
    from models.starter import base

    base.assemble(base.part_paths(), tmp_path)
    made = profile.Profile(
        "llama.cpp",
        "gemma",
        {"ru": "Russian", "zh": "Chinese"},
        template="starter",
        weights="base.gguf",
        beam=1,
    )
    profile.write(made, tmp_path)
    engine = loading.load("base", "d", tmp_path, threads=2)
    requests = [Request(text, lang) for lang in ("ru", "zh") for text in TEXTS]
    requests.append(Request(TEXTS[0], "ru", prefix="Лагерь "))
    found = engine.translate(requests)
    assert engine.translate(requests[::-1])[::-1] == found
    assert all(answers[0].text and answers[0].score < 0 for answers in found)
    assert found[-1][0].text.startswith("Лагерь ")
    assert "wrong-language" in {flag.check for flag in found[0][0].flags}
    assert loading.load("base", "d", tmp_path, threads=1).translate(requests[:2]) == found[:2]
