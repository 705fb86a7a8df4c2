"""Threads and batch sizes: measured once on a machine, kept, set by hand; answers never depend on them."""

from __future__ import annotations

import json
import logging
import math
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from corpora.protocols import Engine, EngineInfo
from corpora.records import Hypothesis, Request
from models import conversion, inspection, probing, profile, store, tuning
from models.engines import loading
from models.engines.ctranslate2_engine import GeneratorEngine
from models.tuning import Trial, Tuning
from pipeline.cli import models_tune
from tests.conftest import Terjiman
from tests.models import checkpoints, tiny

Cost = Callable[[int, int], float]  # threads, batch -> seconds a text


class _Clocked:
    """An engine that takes no time, and says how much it took."""

    info = EngineInfo("clocked", "d", ("ru",), 100, frozenset())

    def __init__(self, machine: _Machine, threads: int, batch: int) -> None:
        self._machine, self._threads, self._batch = machine, threads, batch

    def translate(self, batch: Sequence[Request]) -> list[list[Hypothesis]]:
        self._machine.now += self._machine.cost(self._threads, self._batch) * len(batch)
        other = (self._threads, self._batch) in self._machine.wrong
        return [[Hypothesis(f"{request.text}{'!' * other}", 0.0)] for request in batch]


class _Machine:
    """A clock and the engines that move it."""

    def __init__(self, cost: Cost, wrong: Sequence[tuple[int, int]] = ()) -> None:
        self.now, self.cost, self.wrong = 0.0, cost, set(wrong)
        self.opened: list[tuple[int, int]] = []

    def measure(self, cores: int, batch: int) -> Tuning:
        def open_(threads: int, size: int) -> Engine:
            self.opened.append((threads, size))
            return _Clocked(self, threads, size)

        return probing.measure(open_, cores=cores, batch=batch, clock=lambda: self.now)


def _chosen(found: Tuning) -> tuple[int, int]:
    return found.threads, found.batch


def test_the_default_stays_unless_another_setting_is_clearly_faster() -> None:
    assert _chosen(_Machine(lambda threads, batch: 0.02).measure(8, 64)) == (8, 64)
    slightly = _Machine(lambda threads, batch: 0.019 if threads == 4 else 0.02)
    assert _chosen(slightly.measure(8, 64)) == (8, 64)
    assert slightly.opened == [(8, 64), (4, 64), (8, 16), (8, 32), (8, 128)]


def test_the_fastest_threads_and_batch_are_found_together() -> None:
    two_to_a_core = _Machine(lambda threads, batch: 0.01 * (2 if threads == 8 else 1) * (1 + 64 / batch))
    assert _chosen(two_to_a_core.measure(8, 64)) == (4, 128)
    assert _chosen(_Machine(lambda threads, batch: 0.01).measure(1, 0)) == (1, 0)


def test_a_setting_with_other_answers_is_never_taken() -> None:
    tempting = _Machine(lambda threads, batch: 0.001 if threads == 1 else 0.02, wrong=[(1, 64)])
    found = tempting.measure(2, 64)
    assert _chosen(found) == (2, 64)
    assert [trial.same for trial in found.trials] == [True, False, True, True, True]


def test_a_slow_model_is_not_tried_for_long() -> None:
    slow = _Machine(lambda threads, batch: 1.0)
    assert _chosen(slow.measure(2, 64)) == (2, 64)
    assert slow.opened == [(2, 64)]
    assert slow.now == 1.0
    middling = _Machine(lambda threads, batch: 0.2)
    middling.measure(2, 64)
    assert middling.now < probing.BUDGET


def test_probes_hold_as_much_as_a_run_puts_to_a_model_at_once() -> None:
    assert len(set(probing.TEXTS)) == 64


def test_what_was_measured_is_kept_for_this_machine(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert tuning.recall("a") is None
    kept = Tuning(2, 128, "measured", "2026-01-01T00:00:00+00:00", (Trial(2, 64, 1.5), Trial(2, 128, 1.0)))
    tuning.remember("a", kept)
    tuning.remember("b", Tuning(1))
    assert (tuning.recall("a"), tuning.recall("b")) == (kept, Tuning(1))
    assert (home / tuning.FILE).stat().st_mode & 0o777 == 0o600
    assert {path.name for path in home.iterdir()} == {tuning.FILE, f".{tuning.FILE}.lock"}
    monkeypatch.setattr(tuning, "cores", lambda: 400)
    assert tuning.machine().endswith("400 cores")
    assert tuning.recall("a") is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        '{"schema": 1}',
        '{"schema": 0, "tunings": {}}',
        '{"schema": 1, "tunings": {"a": {"m": {"threads": 0, "trials": []}}}}',
        '{"schema": 1, "tunings": {"a": {"m": {"threads": true, "trials": []}}}}',
        '{"schema": 1, "tunings": {"a": {"m": {"threads": 1, "batch": -1, "trials": []}}}}',
        '{"schema": 1, "tunings": {"a": {"m": {"threads": 1, "more": 1, "trials": []}}}}',
    ],
)
def test_a_broken_file_is_told_and_begun_anew(
    home: Path, caplog: pytest.LogCaptureFixture, text: str
) -> None:
    home.mkdir()
    (home / tuning.FILE).write_text(text, encoding="utf-8")
    with caplog.at_level(logging.WARNING):
        assert tuning.recall("a") is None
    [record] = caplog.records
    assert str(home / tuning.FILE) in record.getMessage()
    tuning.remember("a", Tuning(3))
    assert tuning.recall("a") == Tuning(3)


def _group(folder: Path, **files: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name.replace("__", ".")).write_text(text)


def test_limits_of_control_groups_count(tmp_path: Path) -> None:
    groups, proc = tmp_path / "cgroup", tmp_path / "proc"
    assert tuning.quota(proc, groups) == math.inf
    _group(proc / "self", cgroup="0::/a.slice/b.service\n")
    _group(groups, cpu__max="max 100000\n")
    _group(groups / "a.slice", cpu__max="150000 100000\n")
    _group(groups / "a.slice" / "b.service", cpu__max="400000 100000\n")
    assert tuning.quota(proc, groups) == 1.5
    _group(proc / "self", cgroup="7:memory:/x\n4:cpuacct,cpu:/docker/1\n0::/\n")
    _group(groups / "cpu" / "docker", cpu__cfs_quota_us="-1\n", cpu__cfs_period_us="100000\n")
    assert tuning.quota(proc, groups) == math.inf
    _group(groups / "cpu" / "docker" / "1", cpu__cfs_quota_us="50000\n", cpu__cfs_period_us="100000\n")
    assert tuning.quota(proc, groups) == 0.5


def test_a_limited_process_uses_a_whole_core_at_least(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tuning, "quota", lambda: 0.3)
    assert tuning.cores() == 1
    monkeypatch.setattr(tuning, "quota", lambda: math.inf)
    assert tuning.cores() >= 1


REQUESTS = [Request(text, "ru", n_best=2) for text in probing.TEXTS[::3]]


def test_threads_and_batches_change_no_answer_of_a_decoder(tiny_model: Path) -> None:
    decoding = tiny.engine(tiny_model)._decoding
    known = tiny.engine(tiny_model)

    def answers(threads: int, batch: int) -> list[list[Hypothesis]]:
        engine = GeneratorEngine(
            tiny_model, known.info, known._template, decoding, threads=threads, batch=batch
        )
        return engine.translate(REQUESTS)

    first = answers(1, 0)
    assert len({found[0].text for found in first}) > 5
    for threads, batch in ((1, 1), (1, 7), (2, 16), (3, 128), (4, 4096)):
        assert answers(threads, batch) == first


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a tiny sequence-to-sequence model, converted to 8 bits."""
    root = tmp_path_factory.mktemp("tuned")
    checkpoint = checkpoints.MAKERS["marian"](root / "checkpoint")
    target = root / "m.odel"
    target.mkdir()
    made = conversion.convert(checkpoint, inspection.inspect(checkpoint), target, quantisation="int8")
    profile.write(made, target)
    return target


def test_threads_and_batches_change_no_answer_of_a_translator(folder: Path) -> None:
    first = loading.load("m", "0", folder, threads=1).translate(REQUESTS)
    for threads, batch in ((1, 1), (1, 7), (2, 16), (3, 128), (4, 4096)):
        assert loading.load("m", "0", folder, threads=threads, batch=batch).translate(REQUESTS) == first


def test_a_model_is_tuned_once_or_by_hand(home: Path, folder: Path, terjiman: Terjiman) -> None:
    def tune(*more: str) -> tuple[str, str]:
        result = terjiman("models", "tune", str(folder), *more, env={"TERJIMAN_HOME": str(home)})
        assert result.returncode == 0, result.stderr
        return result.stdout, result.stderr

    first, said = tune()
    assert "measuring" in said
    assert first.count("\n") >= 2
    assert tune() == (first, "")
    given, _ = tune("--threads", "1", "--batch", "32")
    assert "1 thread, batches of 32  (given " in given
    assert tune() == (given, "")
    (home / tuning.FILE).write_text("{", encoding="utf-8")
    out, said = tune()
    assert "cannot be read" in said
    assert "begun anew" in said
    assert "(measured " in out
    assert json.loads((home / tuning.FILE).read_bytes())["schema"] == tuning.SCHEMA


def test_a_new_model_is_measured_and_the_list_tells_it(
    home: Path, folder: Path, terjiman: Terjiman, capsys: pytest.CaptureFixture[str]
) -> None:
    def make(target: Path) -> store.Facts:
        shutil.copytree(folder, target, dirs_exist_ok=True)
        return store.Facts("ctranslate2", "ours", "", "")

    manifest = store.install("mine", make)
    models_tune.tune_new(manifest)
    assert "runs fastest here with " in capsys.readouterr().err
    models_tune.tune_new(manifest)
    assert capsys.readouterr().err == ""
    kept = tuning.recall(manifest.digest)
    assert kept
    rows = json.loads(terjiman("models", "list", "--json", env={"TERJIMAN_HOME": str(home)}).stdout)
    mine = next(row for row in rows if row["name"] == "mine")
    assert (mine["tuning"]["by"], mine["tuning"]["threads"]) == ("measured", kept.threads)
    assert next(row for row in rows if row["name"] == "starter")["tuning"] is None
    shown = terjiman("models", "list", env={"TERJIMAN_HOME": str(home)}).stdout
    assert f"Runs here with {kept}." in shown


def test_models_whose_answers_depend_on_the_batch_are_not_tuned(
    home: Path, folder: Path, terjiman: Terjiman
) -> None:
    result = terjiman("models", "tune", str(folder.parent / "checkpoint"), env={"TERJIMAN_HOME": str(home)})
    assert (result.returncode, result.stdout) == (2, "")
    assert "its answers could change" in result.stderr
