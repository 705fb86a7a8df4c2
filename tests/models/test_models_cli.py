"""From a checkpoint on a disk to a translation, as a user goes: pull, add, convert, verify, translate."""

from __future__ import annotations

import json
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from corpora.errors import UsageError
from models import conversion, inspection, installing, profile, registry, store
from models.fetching.progress import Silence
from pipeline.cli import model_list, translate
from tests.conftest import Terjiman
from tests.models import checkpoints
from tests.pipeline.test_offline import GUARD

Call = Callable[..., str]


@pytest.fixture(scope="module")
def marian(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a tiny OPUS-MT checkpoint for Russian."""
    return checkpoints.marian(tmp_path_factory.mktemp("disk") / "Opus MT (copy)")


@pytest.fixture(scope="module")
def converted(marian: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the same in CTranslate2's format, as a user may be given it: without a profile."""
    place = tmp_path_factory.mktemp("disk") / "Opus MT (copy)"
    place.mkdir()
    conversion.convert(marian, inspection.inspect(marian), place, quantisation="int8")
    return place


@pytest.fixture
def call(home: Path, tmp_path: Path, terjiman: Terjiman) -> Call:
    """Return a function that runs a command, must succeed, opens no connection, and returns its stdout."""
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "sitecustomize.py").write_text(GUARD, encoding="utf-8")

    def run(*arguments: str | Path, stdin: str | None = None) -> str:
        environment = {"TERJIMAN_HOME": str(home), "PYTHONPATH": str(tmp_path / "site")}
        result = terjiman(*arguments, stdin=stdin, env=environment)
        assert "SOCKET" not in result.stderr
        assert result.returncode == 0, result.stderr
        return result.stdout

    return run


def test_a_catalog_model_from_a_stick_to_a_translation(call: Call, marian: Path, tmp_path: Path) -> None:
    stick = tmp_path / "opus.tar.gz"
    with tarfile.open(stick, "w:gz") as tar:
        tar.add(marian, arcname="opus")
    said = call("models", "pull", "opus-mt-en-ru", "--from", stick, "--accept-licence")
    assert said.startswith("opus-mt-en-ru  installed, ")
    assert call("models", "convert", "opus-mt-en-ru").startswith("opus-mt-en-ru-int8  installed, ")
    assert "sound" in call("models", "verify", "opus-mt-en-ru").splitlines()[0]
    checkpoint, converted = store.read_manifest("opus-mt-en-ru"), store.read_manifest("opus-mt-en-ru-int8")
    assert converted.facts.made_from == checkpoint.digest
    assert (converted.facts.entry, converted.facts.licence) == ("opus-mt-en-ru", "Apache-2.0")
    call("models", "remove", "opus-mt-en-ru", "--yes")
    assert {registry.resolve(name, "ru") for name in ("auto", "opus-mt-en-ru")} == {"opus-mt-en-ru-int8"}
    assert registry.resolve("auto", "kk") == "starter"
    text = "\n".join(checkpoints.SENTENCES) + "\n"
    lines = call("translate", "--to", "ru", "--model", "opus-mt-en-ru", stdin=text).splitlines()
    assert len(lines) == len(checkpoints.SENTENCES)
    listed = json.loads(call("models", "list", "--json"))
    opus = next(row for row in listed if row["name"] == "opus-mt-en-ru")
    assert (opus["state"], opus["forms"]) == ("installed", ["opus-mt-en-ru-int8"])


def test_a_model_of_ones_own_is_added_or_used_where_it_lies(call: Call, converted: Path, home: Path) -> None:
    added = call("models", "add", converted, "--licence", "ours", "--language", "ru=")
    assert added.startswith("opus-mt-copy  installed, ")
    assert store.verify("opus-mt-copy").facts.licence == "ours"
    before = {path: path.stat().st_mtime_ns for path in converted.iterdir()}
    info = registry.describe(str(converted))
    assert (info.name, info.targets) == ("Opus MT (copy)", ("ru",))
    assert registry.describe(str(converted)).digest == info.digest
    assert registry.describe("opus-mt-copy").digest == info.digest  # the same files, the same translations
    stored = call("translate", "--to", "ru", "--model", "opus-mt-copy", stdin="The camp was closed.\n")
    assert call("translate", "--to", "ru", "--model", converted, stdin="The camp was closed.\n") == stored
    assert {path: path.stat().st_mtime_ns for path in converted.iterdir()} == before
    assert "opus-mt-copy  " in call("models", "list")


def test_a_checkpoint_translates_where_it_lies(home: Path, marian: Path) -> None:
    """In this process: a new one would spend its time on loading torch."""
    before = {path: path.stat().st_mtime_ns for path in marian.iterdir()}
    result = CliRunner().invoke(
        translate.app, ["--to", "ru", "--model", str(marian)], input="The camp was closed.\n"
    )
    assert (result.exit_code, result.stdout.count("\n")) == (0, 1), result.output
    assert {path: path.stat().st_mtime_ns for path in marian.iterdir()} == before


def test_no_model_takes_the_place_of_another_unasked(home: Path, marian: Path, converted: Path) -> None:
    settings = installing.Settings(codes={"ru": ""})
    for name, place in (("a", marian), ("b", converted)):
        installing.bring(place, name, None, progress=Silence(), settings=settings)
    before = store.verify("b")
    with pytest.raises(UsageError, match="there is a model 'b' already"):
        installing.bring(marian, "b", None, progress=Silence())
    with pytest.raises(UsageError, match="there is a model 'b' already"):
        installing.convert("a", "int8", "b", progress=Silence())
    with pytest.raises(UsageError, match=r"'b' is no checkpoint.*ctranslate2"):
        installing.convert("b", "int8", "c", progress=Silence())
    assert store.verify("b") == before
    made = installing.convert("a", "float32", "c", progress=Silence())
    assert installing.convert("a", "float32", "c", progress=Silence()) == made  # it is there
    assert installing.bring(marian, "b", None, progress=Silence(), replace=True).digest != before.digest


def test_a_conversion_asks_for_the_room_of_what_it_makes(
    home: Path, marian: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = installing.bring(marian, "a", None, progress=Silence())
    weights = before.files["model.safetensors"].size
    asked: list[int] = []
    monkeypatch.setattr("models.store.require_space", lambda place, needed: asked.append(needed))
    made = [installing.convert("a", kind, f"a-{kind}", progress=Silence()) for kind in ("int8", "float32")]
    assert 0.7 * weights < asked[1] - asked[0] < 0.9 * weights
    assert all(one.size < room for one, room in zip(made, asked, strict=True))


def test_a_conversion_that_is_stopped_leaves_nothing(
    home: Path, marian: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installing.bring(marian, "a", None, progress=Silence())

    def stopped(source: Path, known: profile.Profile, target: Path, *, quantisation: str) -> None:
        (target / "model.bin").write_bytes(b"half")
        raise KeyboardInterrupt

    monkeypatch.setattr(conversion, "convert", stopped)
    with pytest.raises(KeyboardInterrupt):
        installing.convert("a", "int8", "a-int8", progress=Silence())
    assert store.installed() == ["a"]
    assert {path.name for path in (home / "models").iterdir()} == {"a", ".a.lock", ".a-int8.lock"}


def test_the_list_fits_a_terminal_and_is_a_line_a_model_in_a_pipe(home: Path) -> None:
    listed = model_list.rows()
    shown = model_list.paragraphs(listed, 80)
    assert max(len(line) for one in shown for line in one.split("\n")) < 80
    lines = model_list.lines(listed)
    assert len(lines) == len(shown) == len(listed)
    for row, line, paragraph in zip(listed, lines, shown, strict=True):
        assert line.split()[0] == paragraph.split()[0] == row.name
        assert row.licence in line
        assert row.licence in " ".join(paragraph.split())


def test_a_changed_file_changes_the_digest_of_a_folder(home: Path, tmp_path: Path) -> None:
    place = checkpoints.marian(tmp_path / "mine")
    digest = registry.describe(str(place)).digest
    path = place / "model.safetensors"
    data = path.read_bytes()
    path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    assert registry.describe(str(place)).digest != digest


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("pull", "nllb-200-3.3b", "--accept-licence", "--from", "{disk}"), 2, "files of nllb-200-3.3b?"),
        (("pull", "nllb-200-3.3b", "--accept-licence", "--from", "/nowhere"), 3, "no such file or folder"),
        (("pull", "opus-mt-en-ru", "--from", "{disk}"), 2, "--accept-licence"),
        (("add", "{disk}", "--name", "opus-mt-en-ru"), 2, "pull opus-mt-en-ru --from"),
        (("add", "{disk}", "--name", "A/B"), 2, "no model name"),
        (("add", "{disk}", "--language", "ru"), 2, "no LANG=CODE"),
        (("add", "/nowhere"), 3, "no such file or folder"),
        (("convert", "opus-mt-en-ru"), 3, "models pull opus-mt-en-ru"),
        (("convert", "nothing"), 3, "no model 'nothing' in the store. See: terjiman models list"),
        (("convert", "opus-mt-en-ru", "--name", "opus-mt-en-zh"), 2, "a model of the catalog"),
        (("add", "{disk}", "--name", "auto"), 2, "a meaning of its own"),
        (("add", "{disk}", "--template", "instruct"), 2, "a prompt is for chat models"),
        (("add", "{disk}", "--quantisation", "int8"), 2, "chooses among GGUF files"),
        (("add", "{disk}", "--language", "ru=", "--language", "ru=rus"), 2, "two codes for ru: '' and 'rus'"),
        (("tune", "auto"), 2, "name one"),
        (("add", ""), 3, "no such file or folder"),
        (("pull", "starter", "--from", "{disk}"), 2, "made from what is installed"),
        (("remove", "opus-mt-en-ru", "--yes"), 3, "not installed"),
    ],
)
def test_what_cannot_be_done_is_one_line(
    home: Path, terjiman: Terjiman, marian: Path, arguments: tuple[str, ...], code: int, message: str
) -> None:
    given = [one.replace("{disk}", str(marian)) for one in arguments]
    result = terjiman("models", *given, env={"TERJIMAN_HOME": str(home)})
    assert (result.returncode, result.stdout) == (code, "")
    assert message in result.stderr.splitlines()[-1]
    assert "Traceback" not in result.stderr
    assert store.installed() == []


def test_an_empty_or_scheming_folder_leaves_nothing(home: Path, terjiman: Terjiman, tmp_path: Path) -> None:
    changes: dict[str, dict[str, bytes | None]] = {
        "pickle": {"model.safetensors": None, "pytorch_model.bin": b"\x80"},
        "empty": {"model.safetensors": b""},
        "code": {"config.json": b'{"auto_map": {"AutoModel": "x.Y"}}'},
        "nonsense": {"config.json": b"{"},
    }
    for name, change in changes.items():
        place = checkpoints.marian(tmp_path / name)
        for file, data in change.items():
            (place / file).unlink(missing_ok=True)
            if data is not None:
                (place / file).write_bytes(data)
        result = terjiman("models", "add", place, env={"TERJIMAN_HOME": str(home)})
        assert result.returncode == (3 if name == "empty" else 2), name
        assert "Traceback" not in result.stderr
    assert store.installed() == []


def test_a_job_may_name_a_folder_beside_it_and_its_outputs_hold_no_path(
    call: Call, converted: Path, tmp_path: Path
) -> None:
    job = tmp_path / "job"
    (job / "sources").mkdir(parents=True)
    (job / "sources" / "a.txt").write_text("The camp was closed.\n", encoding="utf-8")
    (job / "mine").symlink_to(converted)
    settings = 'targets = ["ru"]\n[translate]\nmodel = "./mine"\n[publish]\nformats = ["document", "tsv"]\n'
    (job / "job.toml").write_text(settings, encoding="utf-8")
    call("run", job, "--quiet")
    assert (job / "out" / "ru" / "a.txt").is_file()
    written = [path.read_bytes() for path in (job / "out").rglob("*") if path.is_file()]
    assert written
    assert not any(str(converted).encode() in data for data in written)
