"""A job: a folder with a job file, its documents, and the places where state and results go."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from corpora.errors import UsageError
from pipeline.config import JOB_FILE, Settings, load_settings, validate

STATE_FOLDER = ".terjiman"
OUT_FOLDER = "out"


@dataclass(frozen=True, slots=True)
class Source:
    """A document to translate: `name` is its path below its root, posix; `path` is where it lies."""

    name: str
    path: Path


@dataclass(frozen=True, slots=True)
class Job:
    """A job folder with its settings. `all_targets` are those of the job file, whatever this run does."""

    folder: Path
    settings: Settings
    all_targets: tuple[str, ...]

    @property
    def state(self) -> Path:
        """Where units, manifests and logs live."""
        return self.folder / STATE_FOLDER

    @property
    def out(self) -> Path:
        """Where results go."""
        return self.folder / OUT_FOLDER

    def glossary_files(self) -> list[Path]:
        """Return the glossaries' paths, highest precedence first."""
        return [self.folder / name for name in self.settings.glossary.files]

    def reference(self, name: str, lang: str) -> Path | None:
        """Return where the human translation of a document is expected; None if it has none."""
        return self._beside(self.settings.align.references, name, lang)

    def locked(self, name: str, lang: str) -> Path | None:
        """Return where the settled beads of a document and its human translation are; None if none are."""
        return self._beside(self.settings.align.locked, name, lang)

    def _beside(self, template: str, name: str, lang: str) -> Path | None:
        if not template:
            return None
        stem = PurePosixPath(name).with_suffix("").as_posix()
        path = self.folder / template.replace("{path}", stem).replace("{lang}", lang)
        return path if path.is_file() else None

    def find_sources(self) -> list[Source]:
        """Return the documents, sorted by name.

        Hidden files, `~$*` (an editor's lock files) and anything in `out/` or the state folder are no
        sources.

        Raises:
            UsageError: two documents would be written to the same place.
        """
        found: dict[str, Source] = {}
        for pattern in self.settings.sources:
            root = _fixed_part(pattern)
            for path in sorted(self.folder.glob(pattern)):
                inner = path.relative_to(self.folder)
                if not _is_source(inner) or (path.is_dir() and not path.is_symlink()):
                    continue
                name = path.relative_to(self.folder / root).as_posix()
                other = found.setdefault(name, Source(name, path))
                if other.path != path:
                    raise UsageError(
                        f"{other.path.relative_to(self.folder)} and {inner} would both be written to "
                        f"{OUT_FOLDER}/…/{name}",
                        place=str(self.folder / JOB_FILE),
                        fix="Rename one of them",
                    )
        return [found[name] for name in sorted(found)]


def _fixed_part(pattern: str) -> PurePosixPath:
    """Return the leading folders of a pattern that hold no wildcard: the root of its documents."""
    fixed = []
    parts = PurePosixPath(pattern).parts
    for part in parts[:-1]:
        if any(sign in part for sign in "*?["):
            break
        fixed.append(part)
    return PurePosixPath(*fixed)


def _is_source(inner: Path) -> bool:
    if inner.parts[0] in (STATE_FOLDER, OUT_FOLDER) or inner.name == JOB_FILE:
        return False
    return not any(part.startswith((".", "~$")) for part in inner.parts)


def open_job(
    path: str | Path,
    *,
    targets: tuple[str, ...] = (),
    model: str = "",
    executor: str = "",
    workers: int = 0,
    let_text_leave: bool = False,
) -> Job:
    """Open a job folder, or the job file in it, with what the command line changes of its settings.

    Raises:
        MissingError: there is no job file.
        UsageError: faults in it, all of them; or an option that does not fit.
    """
    place = Path(path)
    file = place if place.is_file() else place / JOB_FILE
    settings = load_settings(file)
    data = settings.model_dump(mode="python")
    if targets:
        stray = [lang for lang in targets if lang not in settings.targets]
        if stray:
            raise UsageError(
                f"--to {', '.join(stray)} is not among the job's targets", place=str(file),
                fix=f"The job has {', '.join(settings.targets)}",
            )  # fmt: skip
        data["targets"] = tuple(lang for lang in settings.targets if lang in targets)
    if model:
        data["translate"]["model"] = model
    if let_text_leave:
        data["translate"]["let_text_leave_this_machine"] = True
    if executor:
        data["run"]["executor"] = executor
    if workers:
        data["run"]["workers"] = workers
    return Job(file.parent.resolve(), validate(data, file), settings.targets)
