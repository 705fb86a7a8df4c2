"""Everything a run works with: the job, its state, glossary, engines and encoder, each opened once."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import models.registry as registry
from corpora.errors import MissingError, TerjimanError, UsageError, UsageErrorGroup
from corpora.protocols import Encoder, Engine, EngineInfo
from glossary.lint import look_alikes
from glossary.matching import Matcher
from glossary.termbase import Glossary
from glossary.termbase import load as load_glossary
from models.encoders import open_encoder
from models.encoders.cache import FILE as VECTORS
from models.engines.retrying import RetryingEngine, Voice, combined_info
from pipeline.executors import RemoteEngine
from pipeline.job import Job
from pipeline.progress import Reporter
from pipeline.quality.soundness import doubt
from pipeline.state import State
from pipeline.waivers import DEFAULT_FILE, Waiver
from pipeline.waivers import load as load_waivers

RECORDED = "recorded:"


class StopRun(Exception):  # noqa: N818
    """The run was asked to stop; what is finished stays, the rest is for the next run."""


@dataclass
class Workspace:
    """The things that stages share. Opened lazily, so that a run with nothing to do loads no model."""

    job: Job
    reporter: Reporter
    executor: Executor
    threads: int | None = None
    stop: threading.Event = field(default_factory=threading.Event)

    @cached_property
    def state(self) -> State:
        """The job's state folder."""
        return State(self.job.state)

    @cached_property
    def glossary(self) -> Glossary:
        """The job's glossaries as one, precedence applied."""
        return load_glossary(self.job.glossary_files())

    @cached_property
    def matcher(self) -> Matcher:
        """The matcher over the glossary."""
        return Matcher(self.glossary)

    @cached_property
    def waivers(self) -> tuple[Waiver, ...]:
        """The segments that reviewers have accepted; a file of another name than the usual must exist."""
        name = self.job.settings.review.waivers
        return load_waivers(self.job.folder / name, required=name != DEFAULT_FILE) if name else ()

    @cached_property
    def encoder(self) -> Encoder:
        """The sentence encoder of the job; loaded when first needed, its vectors kept beside the state."""
        return self._opened(self.job.settings.align.encoder)

    @cached_property
    def checks_encoder(self) -> Encoder:
        """The encoder that compares meanings: the aligner's where it is the same."""
        name, other = self.job.settings.checks.encoder, self.job.settings.align.encoder
        return self.encoder if name == other else self._opened(name)

    def _opened(self, name: str) -> Encoder:
        cache = self.job.state / VECTORS
        return open_encoder(name, cache=cache, threads=self.threads, say=self.reporter.warn)

    @cached_property
    def _infos(self) -> dict[str, EngineInfo]:
        return {name: registry.describe(name) for name in self.model_names()}

    def model_names(self) -> list[str]:
        """Return the names of the job's models as the registry takes them, sorted."""
        return sorted({name for lang in self.targets for name in self._models(lang)})

    def _models(self, lang: str) -> list[str]:
        """Return the model of a target and those to ask after it, each once, as the registry takes them."""
        settings = self.job.settings
        names = [settings.model_for(lang), *settings.fallback_for(lang)]
        leave = settings.translate.let_text_leave_this_machine
        found = (registry.resolve(name, lang, let_text_leave=leave) for name in names)
        return list(dict.fromkeys(map(self._found, found)))

    def _found(self, name: str) -> str:
        """Return a model's name; a recorded file or a folder is found from the job folder."""
        if name.startswith(RECORDED):
            return RECORDED + str(self.job.folder / name.removeprefix(RECORDED))
        if registry.is_endpoint(name):
            return name
        if registry.is_special(name):
            return str(self.job.folder / Path(name).expanduser())
        return name

    def _model(self, lang: str) -> str:
        return self._models(lang)[0]

    def model_name(self, lang: str) -> str:
        """Return the first model's name for people and files: it holds no path of this machine."""
        return _label(self._model(lang))

    @property
    def targets(self) -> Sequence[str]:
        """The languages to translate into."""
        return self.job.settings.targets

    def engine_info(self, lang: str) -> EngineInfo:
        """Return what the engine for a target says of itself, without loading it."""
        first, *others = (self._infos[name] for name in self._models(lang))
        return combined_info(first, [info for info in others if _writes(info, lang)])

    def engine(self, lang: str) -> Engine:
        """Return the engine for a target; its calls run in the executor, unsound answers asked again."""
        first, *others = (self._voice(name) for name in self._models(lang))
        able = [voice for voice in others if _writes(voice.engine.info, lang)]
        return RetryingEngine(first, able, doubt)

    def _voice(self, name: str) -> Voice:
        engine = RemoteEngine(name, self._infos[name], self.executor, self.threads)
        return Voice(engine, _label(name), any_text=not name.startswith(RECORDED))

    def engines(self) -> list[EngineInfo]:
        """Return the infos of all engines of the job."""
        return list(self._infos.values())

    def check_stop(self) -> None:
        """Raise `StopRun` if the run was asked to stop."""
        if self.stop.is_set():
            raise StopRun


def _label(name: str) -> str:
    if name.startswith(RECORDED):
        return RECORDED + Path(name).name
    if registry.is_endpoint(name):
        return name.removeprefix("remote-")
    return Path(name).name if registry.is_special(name) else name


def _writes(info: EngineInfo, lang: str) -> bool:
    return not info.targets or lang in info.targets


def check_configuration(workspace: Workspace, *, install: bool = False) -> None:
    """Open what can be wrong before any work, and report every fault at once.

    Args:
        install: build or mend a model that can be made on the spot (the starter), once all else is right.

    Raises:
        UsageErrorGroup: faults in glossaries, languages, models.
        MissingError: a model or a glossary is not there (alone, if nothing else is wrong).
    """
    faults: list[TerjimanError] = []
    for check in (_check_glossary, _check_waivers, _check_names):
        try:
            check(workspace)
        except UsageErrorGroup as group:
            faults += group.errors
        except TerjimanError as error:
            faults.append(error)
    if len(faults) == 1:
        raise faults[0]
    if faults:
        raise UsageErrorGroup(faults)
    if install:
        for name in workspace.model_names():
            registry.ensure(name, progress=workspace.reporter.say)
    _check_engines(workspace)


def _check_glossary(workspace: Workspace) -> None:
    """Warn of look-alike letters and of terms without a translation; under `strict` the latter are errors."""
    for line in look_alikes(workspace.glossary.terms):
        workspace.reporter.warn(line)
    faults: list[TerjimanError] = []
    for lang in workspace.targets:
        terms = workspace.glossary.without_target(lang)
        if not terms:
            continue
        names = ", ".join(term.en for term in terms[:5]) + (" …" if len(terms) > 5 else "")
        count = "1 term has" if len(terms) == 1 else f"{len(terms)} terms have"
        text = f"{count} no {lang} translation"
        if workspace.job.settings.glossary.strict:
            faults.append(UsageError(f"{text}: {names}", place="glossary", fix="Fill in the cells"))
        else:
            flagged = "segments with them are flagged"
            workspace.reporter.warn(f"warning: {text}: {names}; {flagged}", log=f"{text}; {flagged}")
    if faults:
        raise UsageErrorGroup(faults)


def _check_waivers(workspace: Workspace) -> None:
    """Raise for faults in the waivers."""
    _ = workspace.waivers


def _check_names(workspace: Workspace) -> None:
    """Raise for models and encoders that nobody knows, without opening them; one not installed may wait."""
    faults: list[TerjimanError] = []
    for name in workspace.model_names():
        try:
            registry.describe(name)
        except UsageError as error:
            faults.append(error)
        except MissingError:
            continue
    _ = workspace.encoder.digest
    if workspace.job.settings.checks.encoder:
        _ = workspace.checks_encoder.digest
    if faults:
        raise UsageErrorGroup(faults)


def _check_engines(workspace: Workspace) -> None:
    faults: list[TerjimanError] = []
    for lang in workspace.targets:
        info = workspace.engine_info(lang)
        if not _writes(info, lang):
            faults.append(
                UsageError(
                    f"model {info.name!r} does not write {lang}", place="job.toml, translate.model",
                    fix=f"It writes {', '.join(info.targets)}",
                )
            )  # fmt: skip
    if faults:
        raise UsageErrorGroup(faults)
