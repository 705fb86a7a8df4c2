"""What a job remembers between runs: units and their manifests, on disk, each written all or nothing.

.terjiman/
  state.json                 schema version
  lock
  manifests/{stage}/*.json   what is done: one per stage, document and target
  units/{stage}/{key}/       its results
  work/                      temporary folders and journals; nothing there counts
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from corpora.errors import UsageError
from pipeline.storage import (
    fsync_folder,
    make_folder,
    remove_tree,
    sha256,
    storage_errors,
    write_atomic,
)

SCHEMA = 1
_ANEW = "Move the .terjiman folder away and run again: everything is made anew"

Stats = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Unit:
    """A piece of work: one stage on one document, into one target (empty for ingest).

    `parts` are the digests that the key is made of, by name (`source`, `terms`, `model`…), so that a plan can
    say what changed.
    """

    stage: str
    document: str
    lang: str
    version: int
    parts: Mapping[str, str]

    @property
    def key(self) -> str:
        """The sha256 of everything that can change the result."""
        body = json.dumps(
            [self.stage, self.version, self.document, self.lang, sorted(self.parts.items())],
            ensure_ascii=False,
        )
        return sha256(body.encode())

    @property
    def title(self) -> str:
        """The unit's name in messages: `translate news/report.md → kk`."""
        return f"{self.stage} {self.document}" + (f" → {self.lang}" if self.lang else "")


@dataclass(frozen=True, slots=True)
class Manifest:
    """The record that a unit is done: its key, the digests of its files, its statistics."""

    stage: str
    document: str
    lang: str
    version: int
    key: str
    parts: Mapping[str, str]
    files: Mapping[str, str] = field(default_factory=dict)
    stats: Stats = field(default_factory=dict)


class State:
    """The state folder of one job. Only the coordinator of the one run that holds the lock writes here."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def open(self) -> None:
        """Create the folder, or check that this version understands it.

        Raises:
            UsageError: a newer version wrote it.
        """
        make_folder(self.folder)
        path = self.folder / "state.json"
        try:
            schema = int(json.loads(path.read_bytes())["schema"])
        except FileNotFoundError:
            if (self.folder / "manifests").exists():
                raise UsageError(
                    "gone, so nobody can say which version wrote the state around it",
                    place=str(path),
                    fix=_ANEW,
                ) from None
            write_atomic(path, json.dumps({"schema": SCHEMA}).encode() + b"\n")
            return
        except (OSError, ValueError, KeyError, TypeError):
            raise UsageError(
                "damaged, so the state around it cannot be trusted", place=str(path),
                fix=_ANEW,
            ) from None  # fmt: skip
        if schema > SCHEMA:
            raise UsageError(
                f"written by a newer terjiman (state schema {schema}, this version knows {SCHEMA})",
                place=str(path), fix="Install the newer version",
            )  # fmt: skip

    def manifest(self, stage: str, document: str, lang: str) -> Manifest | None:
        """Return the manifest of a unit, None where there is none or it is damaged."""
        return self._read(self._manifest_path(stage, document, lang))

    def has_manifest(self, unit: Unit) -> bool:
        """Tell whether there is a manifest for the unit's place, readable or not."""
        return self._manifest_path(unit.stage, unit.document, unit.lang).exists()

    def manifests(self) -> Iterator[Manifest]:
        """Iterate over all readable manifests, sorted by stage, document, target."""
        found = [self._read(path) for path in (self.folder / "manifests").glob("*/*.json")]
        whole = [manifest for manifest in found if manifest is not None]
        yield from sorted(whole, key=lambda item: (item.stage, item.document, item.lang))

    def is_done(self, unit: Unit) -> bool:
        """Tell whether the unit's manifest has its key and its files are there, unharmed."""
        manifest = self.manifest(unit.stage, unit.document, unit.lang)
        return manifest is not None and manifest.key == unit.key and self.is_whole(manifest)

    def is_whole(self, manifest: Manifest) -> bool:
        """Tell whether all files of a manifest are there with the digests it records."""
        folder = self.unit_folder(manifest)
        for name, digest in manifest.files.items():
            try:
                if sha256((folder / name).read_bytes()) != digest:
                    return False
            except OSError:
                return False
        return True

    def unit_folder(self, unit: Unit | Manifest) -> Path:
        """Return the keyed place of a unit's results."""
        return self.folder / "units" / unit.stage / unit.key

    def work_folder(self, unit: Unit) -> Path:
        """Return the place for a unit's journal and temporary folder; the same after a kill."""
        return self.folder / "work" / f"{unit.stage}-{unit.key}"

    def temporary(self, unit: Unit) -> Path:
        """Return an empty folder on the same filesystem for a unit to write into."""
        path = self.work_folder(unit) / "new"
        remove_tree(path)
        return make_folder(path)

    def commit(self, unit: Unit, folder: Path, stats: Stats) -> Manifest:
        """Make a unit's results count: fsync, rename to the keyed place, manifest last."""
        files = {
            path.relative_to(folder).as_posix(): sha256(path.read_bytes())
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        }
        target = self.unit_folder(unit)
        make_folder(target.parent)
        with storage_errors(target):
            for path in [folder, *(path for path in folder.rglob("*") if path.is_dir())]:
                fsync_folder(path)
            remove_tree(target)
            folder.replace(target)
            fsync_folder(target.parent)
        manifest = Manifest(
            unit.stage, unit.document, unit.lang, unit.version, unit.key, dict(unit.parts), files, stats
        )
        record = asdict(manifest)
        body = json.dumps({**record, "seal": _seal(record)}, ensure_ascii=False, indent=1, sort_keys=True)
        write_atomic(self._manifest_path(unit.stage, unit.document, unit.lang), body.encode() + b"\n")
        remove_tree(self.work_folder(unit))
        return manifest

    def forget(self, manifest: Manifest) -> None:
        """Remove a manifest, then its results."""
        self._manifest_path(manifest.stage, manifest.document, manifest.lang).unlink(missing_ok=True)
        remove_tree(self.unit_folder(manifest))

    def collect_garbage(self) -> list[Path]:
        """Remove results and work folders that no manifest refers to; return what went."""
        kept = {self.unit_folder(manifest) for manifest in self.manifests()}
        stale = [path for path in (self.folder / "units").glob("*/*") if path not in kept]
        stale += list((self.folder / "work").glob("*"))
        for path in stale:
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()
        return sorted(stale)

    def _manifest_path(self, stage: str, document: str, lang: str) -> Path:
        name = hashlib.sha256(f"{document}\0{lang}".encode()).hexdigest()[:32]
        return self.folder / "manifests" / stage / f"{name}.json"

    @staticmethod
    def _read(path: Path) -> Manifest | None:
        try:
            record = json.loads(path.read_bytes())
            seal = record.pop("seal")
            return Manifest(**record) if seal == _seal(record) else None
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            return None


def _seal(record: Mapping[str, Any]) -> str:
    """Return the digest of a manifest's content, by which damage that is still JSON is noticed."""
    return sha256(json.dumps(record, ensure_ascii=False, sort_keys=True).encode())
