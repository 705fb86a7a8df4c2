"""Models from folders and archives, honest and hostile ones."""

from __future__ import annotations

import gzip
import io
import os
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpora.errors import MissingError, TerjimanError, UsageError
from models.fetching import archive, folder, selection
from models.fetching.progress import Silence

GOOD = {
    "config.json": b'{"architectures": ["MarianMTModel"]}',
    "model.safetensors": b"weights" * 1000,
    "source.spm": b"pieces",
    "target.spm": b"pieces",
    "vocab.json": b"{}",
    "README.md": b"# A model",
    "pytorch_model.bin": b"\x80",
    "modeling.py": b"import os",
}
TAKEN = set(GOOD) - {"pytorch_model.bin", "modeling.py"}


def _write(place: Path, files: Mapping[str, bytes]) -> Path:
    for name, data in files.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_bytes(data)
    return place


def _tar(path: Path, files: Mapping[str, bytes], *extra: tarfile.TarInfo) -> Path:
    mode = "w:gz" if path.name.endswith("gz") else "w"
    with tarfile.open(path, mode) as tar:  # type: ignore[call-overload]
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
        for info in extra:
            tar.addfile(info)
    return path


def _zip(path: Path, files: Mapping[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in files.items():
            file.writestr(name, data)
    return path


def _make(kind: str, place: Path, files: Mapping[str, bytes]) -> Path:
    path = place / f"model{kind}"
    return _zip(path, files) if kind == ".zip" else _tar(path, files)


def test_of_a_folder_only_what_is_needed_is_copied(tmp_path: Path) -> None:
    found = folder.find(_write(tmp_path / "in", GOOD))
    (tmp_path / "out").mkdir()
    folder.copy(found, tmp_path / "out", Silence())
    assert found.form == "safetensors"
    assert {path.name for path in (tmp_path / "out").iterdir()} == TAKEN
    assert (tmp_path / "out" / "model.safetensors").read_bytes() == GOOD["model.safetensors"]


@pytest.mark.parametrize("kind", archive.SUFFIXES)
@pytest.mark.parametrize("inside", ["", "nllb/", "./a/b c/"])
def test_of_an_archive_only_what_is_needed_is_unpacked(tmp_path: Path, kind: str, inside: str) -> None:
    files = {inside + name: data for name, data in GOOD.items()} | {"notes.txt": b"hello"}
    contents = archive.look(_make(kind, tmp_path, files))
    (tmp_path / "out").mkdir()
    archive.unpack(contents, tmp_path / "out", Silence())
    assert {path.name for path in (tmp_path / "out").iterdir()} == TAKEN
    assert all((tmp_path / "out" / name).read_bytes() == GOOD[name] for name in TAKEN)


@pytest.mark.parametrize("kind", archive.SUFFIXES)
@pytest.mark.parametrize("name", ["../x", "/etc/x", "a/../../x", "a\\..\\x"])
def test_a_path_that_leads_out_refuses_the_whole_archive(tmp_path: Path, kind: str, name: str) -> None:
    with pytest.raises(UsageError, match="leads out of the folder"):
        archive.look(_make(kind, tmp_path, {**GOOD, name: b""}))


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE])
def test_links_and_devices_in_an_archive_are_refused(tmp_path: Path, kind: bytes) -> None:
    info = tarfile.TarInfo("tokenizer.json")
    info.type, info.linkname = kind, "/etc/passwd"
    with pytest.raises(UsageError, match=r"is a (link|device): refused"):
        archive.look(_tar(tmp_path / "m.tar", GOOD, info))


def test_a_link_in_a_zip_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "m.zip", "w") as file:
        info = zipfile.ZipInfo("config.json")
        info.external_attr = 0o120777 << 16
        file.writestr(info, "/etc/passwd")
    with pytest.raises(UsageError, match="is a link: refused"):
        archive.look(tmp_path / "m.zip")


@pytest.mark.parametrize("kind", [".zip", ".tar.gz"])
def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path, kind: str) -> None:
    bomb = {**GOOD, "model.safetensors": bytes(80_000_000)}
    with pytest.raises(UsageError, match="far more than its size"):
        archive.look(_make(kind, tmp_path, bomb))


@pytest.mark.parametrize("kind", archive.SUFFIXES)
def test_a_cut_archive_is_one_line(tmp_path: Path, kind: str) -> None:
    path = _make(kind, tmp_path, GOOD | {"model.safetensors": os.urandom(50_000)})
    path.write_bytes(path.read_bytes()[:20_000])
    (tmp_path / "out").mkdir()
    with pytest.raises(MissingError, match="damaged"):
        archive.unpack(archive.look(path), tmp_path / "out", Silence())


@settings(deadline=None, max_examples=40)
@given(data=st.binary(max_size=600), kind=st.sampled_from(archive.SUFFIXES))
def test_no_bytes_at_all_make_an_archive_crash(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, kind: str
) -> None:
    path = tmp_path_factory.mktemp("fuzz") / f"x{kind}"
    path.write_bytes(data)
    with pytest.raises(TerjimanError):
        archive.look(path)


def test_several_models_in_one_archive_are_named(tmp_path: Path) -> None:
    two = {f"{place}/{name}": data for place in ("a", "b") for name, data in GOOD.items()}
    with pytest.raises(UsageError, match="several models in one archive: a, b"):
        archive.look(_tar(tmp_path / "m.tar", two))


Source = Callable[[Path, Mapping[str, bytes]], object]
SOURCES: list[Source] = [
    lambda place, files: folder.find(_write(place / "in", files)),
    lambda place, files: archive.look(_zip(place / "m.zip", files)),
    lambda place, files: archive.look(_tar(place / "m.tar", files)),
]


@pytest.mark.parametrize("look", SOURCES)
@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"model.safetensors": None}, r"only pickles \(pytorch_model.bin\)"),
        (
            {"model.safetensors": None, "pytorch_model.bin": None},
            "no weights in safetensors, GGUF or CTranslate2",
        ),
        ({"config.json": None}, "config.json is missing"),
    ],
)
def test_what_is_no_model_is_refused_with_the_reason(
    tmp_path: Path, look: Source, change: dict[str, bytes | None], message: str
) -> None:
    files = {name: data for name, data in {**GOOD, **change}.items() if data is not None}
    with pytest.raises(UsageError, match=message):
        look(tmp_path, files)


@pytest.mark.parametrize("look", SOURCES)
def test_empty_weights_are_damaged_ones(tmp_path: Path, look: Source) -> None:
    with pytest.raises(MissingError, match="empty"):
        look(tmp_path, {**GOOD, "model.safetensors": b""})


@pytest.mark.parametrize("text", ["{", "[]", "\x00", '{"auto_map": {"AutoModel": "x.Y"}}', "[" * 100_000])
def test_a_senseless_or_scheming_configuration_is_refused(tmp_path: Path, text: str) -> None:
    found = folder.find(_write(tmp_path / "in", {**GOOD, "config.json": text.encode()}))
    (tmp_path / "out").mkdir()
    with pytest.raises(UsageError, match=r"config\.json"):
        folder.copy(found, tmp_path / "out", Silence())
    assert not (tmp_path / "out" / "model.safetensors").exists()


def test_a_link_out_of_the_folder_is_refused_and_a_hub_cache_is_not(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("private")
    place = _write(tmp_path / "in", {name: GOOD[name] for name in TAKEN if name != "README.md"})
    (place / "README.md").symlink_to(tmp_path / "secret")
    with pytest.raises(UsageError, match="leads out of the folder"):
        folder.find(place)
    cache = tmp_path / "models--a--b"
    _write(cache / "blobs", {f"{name}-blob": GOOD[name] for name in TAKEN})
    snapshot = cache / "snapshots" / "abc"
    snapshot.mkdir(parents=True)
    for name in TAKEN:
        (snapshot / name).symlink_to(f"../../blobs/{name}-blob")
    assert set(folder.find(snapshot).files) == TAKEN
    (snapshot / "config.json").unlink()
    (snapshot / "config.json").symlink_to("../../nothing")
    with pytest.raises(UsageError, match=r"config\.json"):
        folder.find(snapshot)


def test_shards_come_with_their_index_and_nothing_twice() -> None:
    shards = [f"model-0000{number}-of-00002.safetensors" for number in (1, 2)]
    names = [*shards, "model.safetensors.index.json", "config.json", "model.fp16.safetensors", "tf_model.h5"]
    chosen = selection.choose(names, "safetensors", "", place="x")
    assert chosen == sorted([*shards, "model.safetensors.index.json", "config.json"])
    assert selection.order(chosen)[-2:] == shards


def test_split_gguf_files_come_together() -> None:
    names = ["m-Q4_K_M-00001-of-00002.gguf", "m-Q4_K_M-00002-of-00002.gguf", "m-Q8_0.gguf"]
    assert selection.choose(names, "gguf", "q4_k_m", place="x") == names[:2]
    with pytest.raises(UsageError, match=r"there are: m-Q4_K_M, m-Q8_0.*--quantisation"):
        selection.choose(names, "gguf", "", place="x")


def test_a_ctranslate2_folder_is_told_from_a_pickle() -> None:
    assert (
        selection.detect(["model.bin", "shared_vocabulary.json", "config.json"], place="x") == "ctranslate2"
    )
    with pytest.raises(UsageError, match="only pickles"):
        selection.detect(["model.bin", "config.json"], place="x")


def test_nothing_there_is_missing(tmp_path: Path) -> None:
    for look in (folder.find, archive.look):
        with pytest.raises(MissingError):
            look(tmp_path / "none.zip")
    (tmp_path / "x.txt").write_text("hello")
    os.mkfifo(tmp_path / "x.gguf")
    for path in (tmp_path / "x.txt", tmp_path / "x.gguf", Path("/dev/zero")):
        with pytest.raises(UsageError, match="neither a folder"):
            folder.find(path)


def test_one_module_alone_knows_the_hub() -> None:
    root = Path(selection.__file__).parents[2]
    rooms = [root / room for room in ("corpora", "glossary", "models", "pipeline")]
    texts = {path: path.read_text(encoding="utf-8") for room in rooms for path in room.rglob("*.py")}
    assert [path.name for path, text in texts.items() if "huggingface_hub" in text] == ["hub.py"]


@pytest.mark.parametrize("kind", [".tar", ".tar.gz"])
@pytest.mark.parametrize("number", [1, 3])
def test_a_damaged_entry_is_not_taken_for_the_end(tmp_path: Path, kind: str, number: int) -> None:
    """Python's library stops there and says nothing."""
    path = _tar(tmp_path / "model.tar", GOOD)
    with tarfile.open(path) as tar:
        place = tar.getmembers()[number].offset
    data = bytearray(path.read_bytes())
    data[place + 20] ^= 255
    path = path.rename(tmp_path / f"model{kind}")
    path.write_bytes(gzip.compress(data) if kind == ".tar.gz" else data)
    with pytest.raises(MissingError, match="breaks off"):
        archive.look(path)


def test_a_checksum_of_gzip_counts(tmp_path: Path) -> None:
    path = _tar(tmp_path / "model.tar.gz", GOOD)
    data = bytearray(path.read_bytes())
    data[-6] ^= 255
    path.write_bytes(data)
    with pytest.raises(MissingError, match="damaged archive"):
        archive.look(path)


def test_a_folder_may_be_called_like_an_archive(tmp_path: Path) -> None:
    assert not archive.is_archive(_write(tmp_path / "model.tar", GOOD))
    assert folder.find(tmp_path / "model.tar").form == "safetensors"


def test_links_in_a_circle_are_refused(tmp_path: Path) -> None:
    place = _write(tmp_path / "in", GOOD)
    (place / "vocab.json").unlink()
    (place / "vocab.json").symlink_to("vocab.json")
    with pytest.raises(UsageError, match="link to nothing"):
        folder.find(place)


def test_a_stick_that_fails_is_not_the_stores_fault(tmp_path: Path) -> None:
    found = folder.find(_write(tmp_path / "in", GOOD))
    (tmp_path / "out").mkdir()
    found.files["vocab.json"].unlink()
    with pytest.raises(MissingError, match=r"vocab\.json: cannot be read"):
        folder.copy(found, tmp_path / "out", Silence())


@pytest.mark.parametrize("kind", ["safetensors", "gguf"])
def test_shards_are_taken_together_or_not_at_all(tmp_path: Path, kind: str) -> None:
    stem = "model" if kind == "safetensors" else "m-Q8_0"
    names = [f"{stem}-{number:05}-of-00003.{kind}" for number in (1, 2, 3)]
    place = _write(tmp_path / "in", {"config.json": b"{}", **dict.fromkeys(names, b"part")})
    assert set(names) < set(folder.find(place).files)
    (place / names[1]).unlink()
    with pytest.raises(MissingError, match=f"is missing: {names[1]}"):
        folder.find(place)
    files = {path.name: path.read_bytes() for path in place.iterdir()}
    with pytest.raises(MissingError, match=f"is missing: {names[1]}"):
        archive.look(
            _zip(tmp_path / "m.zip", {"README.txt": b"read me", **{f"m/{k}": v for k, v in files.items()}})
        )
