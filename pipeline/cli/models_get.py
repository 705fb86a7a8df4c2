"""`terjiman models pull`, `add` and `convert`: putting models into the store."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import typer

from corpora.errors import MissingError, UsageError
from corpora.languages import TARGETS
from models import catalog, installing, licences, machine, registry, store, taken
from models.catalog import RESERVED, Entry
from models.encoders.layout import is_encoder
from models.encoders.storing import bring as bring_encoder
from pipeline.cli.models_tune import tune_new
from pipeline.cli.transfer import shown_progress

_LANGUAGES = typer.Option(
    [], "--language", metavar="LANG=CODE", help="The model's own code for a language, such as kk=kaz_Cyrl."
)
_URL = re.compile(r"https?://")


def register(app: typer.Typer) -> None:
    """Put the commands of this module into `terjiman models`."""
    app.command()(pull)
    app.command()(add)
    app.command()(convert)


def stored(name: str) -> list[str]:
    """Return the names in the store of what a name means: itself, or every form of a model of the catalog."""
    store.folder(name)
    return registry.forms(name) or [name]


def confirmed(question: str) -> bool:
    """Ask on the terminal; an end of input (Ctrl-D) is a no."""
    try:
        return typer.confirm(question, err=True)
    except typer.Abort:
        typer.echo(err=True)
        return False


def pull(
    name: str = typer.Argument(..., help="Model of the catalog, see `terjiman models list`."),
    source: str | None = typer.Option(
        None,
        "--from",
        metavar="PATH|URL",
        help="A folder, .gguf file or archive; or the address of a mirror.",
    ),
    accept_licence: bool = typer.Option(False, "--accept-licence", help="Accept the licence, do not ask."),
    revision: str = typer.Option("", "--revision", help="Commit, branch or tag instead of the catalog's."),
    quantisation: str = typer.Option("", "--quantisation", help="Which GGUF file, such as Q8_0."),
    form: str = typer.Option("", "--format", help="safetensors or gguf, where there are both."),
) -> None:
    """Put a model in place: from the hub, a mirror, a folder or an archive on a stick.

    The starter is made from what is installed, without a network. A download that was interrupted goes on
    where it stopped. A sound model is left as it is. This is the only command that opens a connection.

    Example: terjiman models pull hy-mt2-1.8b --accept-licence
    """
    if name == registry.STARTER:
        if source is not None or revision or quantisation or form:
            raise UsageError(f"the {name} is made from what is installed: it comes from nowhere else")
        _starter(name)
        return
    if name == "auto" or registry.is_special(name):
        raise UsageError(f"{name!r} is no model that can be pulled", fix="Try: terjiman models pull starter")
    entry = catalog.entries().get(name)
    if entry is None:
        known = ", ".join(catalog.entries())
        own = f"Write an entry for it into {catalog.user_path()}, or add a folder: terjiman models add DIR"
        raise UsageError(f"unknown model {name!r}", fix=f"Known are: {known}. {own}")
    _consent(entry, accepted=accept_licence)
    if source is not None and not _URL.match(source):
        if revision or form:
            raise UsageError("--revision and --format are for the hub, not for a path", place="--from")
        _bring(Path(source), entry, quantisation)
    else:
        _fetch(entry, source or "", revision, quantisation, form)


def add(
    path: str = typer.Argument(..., help="Folder of a checkpoint or CTranslate2 model, .gguf, or archive."),
    name: str = typer.Option("", "--name", help="What to call it; the folder's own name by default."),
    language: list[str] = _LANGUAGES,
    template: str = typer.Option("", "--template", help="Name of the prompt, for chat models."),
    licence: str = typer.Option("not stated", "--licence", help="Of its weights, for the record."),
    quantisation: str = typer.Option("", "--quantisation", help="Which of several GGUF files."),
    replace: bool = typer.Option(False, "--replace", help="Take the place of a model of this name."),
) -> None:
    """Copy a model of your own into the store, after a look at what it is. Opens no connection.

    A sentence encoder (LaBSE, E5, BGE-M3 …) is added likewise; it aligns and checks, see docs/alignment.md.

    Example: terjiman models add Downloads/my-nllb --name my-nllb
    """
    place = Path(path)
    name = name or _slug(path)
    _own(name, f"Run: terjiman models pull {name} --from {path}; or choose another --name")
    settings = installing.Settings(_codes(language), template, licence, quantisation)
    with shown_progress() as progress:
        if place.is_dir() and is_encoder(place):
            taken.refuse(name, replace=replace)
            manifest = bring_encoder(place, name, licence=licence, progress=progress)
        else:
            manifest = installing.bring(
                place, name, None, progress=progress, settings=settings, replace=replace
            )
    _report(manifest)


def convert(
    name: str = typer.Argument(..., help="Checkpoint in the store."),
    quantisation: str = typer.Option(
        "", "--quantisation", help="int8, float16, bfloat16, float32 …; what suits this machine by default."
    ),
    new_name: str = typer.Option("", "--name", help="What to call it; NAME-QUANTISATION by default."),
    replace: bool = typer.Option(False, "--replace", help="Take the place of a model of that name."),
) -> None:
    """Convert a checkpoint to CTranslate2: several times as fast, a quarter of the memory, no torch needed.

    Example: terjiman models convert nllb-200-distilled-600m
    """
    registry.stay_offline()
    quantisation = quantisation or installing.suited()
    target = new_name or f"{name}-{quantisation}"
    if target == name:
        raise UsageError("the new model needs another name", place="--name")
    _own(target, "Choose another --name")
    if name not in catalog.entries() and not store.folder(name).exists():
        raise MissingError(f"there is no model {name!r} in the store", fix="See: terjiman models list")
    with shown_progress() as progress:
        manifest = installing.convert(name, quantisation, target, progress=progress, replace_any=replace)
    _report(manifest)
    before = store.read_manifest(name).size
    typer.echo(
        f"terjiman: the checkpoint is no longer needed to translate; to free {machine.gigabytes(before)}: "
        f"terjiman models remove {name}",
        err=True,
    )


def _starter(name: str) -> None:
    registry.ensure(name, progress=lambda message: typer.echo(f"terjiman: {message}", err=True))
    _report(store.glance(name))


def _fetch(entry: Entry, mirror: str, revision: str, quantisation: str, form: str) -> None:
    from models.fetching import hub

    variant = installing.variant_of(entry, form=form, quantisation=quantisation)
    name = installing.stored_name(entry, variant, quantisation)
    _warn(entry, variant)
    with shown_progress() as progress:
        asked = hub.listing(
            variant, revision=revision, quantisation=quantisation, endpoint=mirror, say=progress.say
        )
        if asked.note:
            progress.say(asked.note)
        manifest = installing.pull(entry, asked, name, progress=progress)
    _report(manifest)
    _advise(entry, variant, name)


def _bring(path: Path, entry: Entry, quantisation: str) -> None:
    with shown_progress() as progress:
        name = installing.name_of(path, entry, quantisation)
        settings = installing.Settings(quantisation=quantisation)
        manifest = installing.bring(path, name, entry, progress=progress, settings=settings)
    _report(manifest)


def _consent(entry: Entry, *, accepted: bool) -> None:
    """Show the licence and have it accepted, once; on a terminal by asking.

    Raises:
        UsageError: it was not accepted.
    """
    if licences.accepted(entry):
        return
    for line in licences.describe(entry.licence):
        typer.echo(f"terjiman: {line}", err=True)
    if not accepted:
        if not (sys.stdin.isatty() and sys.stderr.isatty()):
            raise UsageError(
                f"the licence of {entry.name} ({entry.licence.title}) has not been accepted",
                fix=f"Read it ({entry.licence.url}) and add --accept-licence",
            )
        if not confirmed(f"Accept it for {entry.name}?"):
            raise UsageError(f"the licence of {entry.name} was not accepted")
    licences.accept(entry)


def _warn(entry: Entry, variant: catalog.Variant) -> None:
    misfit = machine.misfit(entry, variant, machine.here(store.models_folder()))
    if misfit:
        typer.echo(f"terjiman: this model does not fit this machine: it {misfit}", err=True)


def _advise(entry: Entry, variant: catalog.Variant, name: str) -> None:
    extra = machine.missing_extra(variant.format)
    if extra:
        typer.echo(f"terjiman: to run it, install the extra: pip install 'terjiman[{extra}]'", err=True)
    if variant.format == "safetensors" and machine.convertible(entry):
        typer.echo(f"terjiman: much faster, smaller: terjiman models convert {name}", err=True)


def _report(manifest: store.Manifest) -> None:
    place = store.folder(manifest.name)
    typer.echo(f"{manifest.name}  installed, {manifest.size / 1e6:.0f} MB, {place}")
    typer.echo(f"terjiman: licence of the weights: {manifest.facts.licence}", err=True)
    warning = installing.memory_warning(manifest)
    if warning:
        typer.echo(f"terjiman: {manifest.name} {warning}", err=True)
    else:
        tune_new(manifest)


def _codes(pairs: list[str]) -> dict[str, str]:
    codes: dict[str, str] = {}
    for pair in pairs:
        lang, separator, code = pair.partition("=")
        if not separator or lang not in TARGETS:
            raise UsageError(f"{pair!r} is no LANG=CODE", place="--language", fix="Such as kk=kaz_Cyrl")
        if codes.setdefault(lang, code) != code:
            raise UsageError(f"two codes for {lang}: {codes[lang]!r} and {code!r}", place="--language")
    return codes


def _own(name: str, fix: str) -> None:
    """Raise `UsageError` for a name that a model of the user's cannot have."""
    store.folder(name)
    if name in catalog.entries():
        raise UsageError(f"{name!r} is a model of the catalog", fix=fix)
    if name in RESERVED:
        raise UsageError(f"{name!r} has a meaning of its own", fix="Choose another --name")


def _slug(given: str) -> str:
    """Return a model name made of a path's own name.

    Raises:
        MissingError: nothing is there.
        UsageError: nothing is left of it.
    """
    path = Path(given)
    if not given or not path.exists():
        raise MissingError("no such file or folder", place=given or "the path")
    base = re.sub(r"\.(tar|tar\.gz|tgz|zip|gguf)$", "", path.resolve().name.lower())
    name = re.sub(r"[^a-z0-9._-]+", "-", base).strip("-._")[:100]
    if not name:
        raise UsageError("no model name can be made of this", place=given, fix="Give --name")
    return name
