"""Chat models that are installed: which prompt they get, what they say of themselves, loading them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from corpora.errors import MissingError
from corpora.protocols import Engine, EngineInfo
from models.engines import chat, chat_engine, gguf_header
from models.engines.chat import ChatFiles, Dialogue
from models.engines.ctranslate2_engine import tokenizer_of
from models.engines.prompts import CHAT, PLAIN, STARTER, ChatPrompt, Template
from models.profile import Profile

FAMILIES = frozenset({"hunyuan", "gemma", "causal"})
_PACKAGES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "ctranslate2": ("", ("ctranslate2",)),
    "transformers": ("checkpoints", ("transformers", "torch")),
    "llama.cpp": ("llama", ("xllamacpp",)),
}


def describe(name: str, digest: str, folder: Path, profile: Profile) -> EngineInfo:
    """Return what a chat model says of itself; loads no weights.

    Args:
        name: as the job gives it.
        digest: of the model's files.

    Raises:
        MissingError: what runs it is not installed, or its files are damaged.
    """
    prompt = prompt_of(profile, _files(folder, profile))
    able = set(prompt.abilities if isinstance(prompt, ChatPrompt) else {"terms"}) | {"prefix"}
    if profile.runtime != "llama.cpp":
        able.add("n-best")
    return EngineInfo(
        name=name,
        digest=chat_engine.digest(digest, asdict(prompt), _versions(name, profile)),
        targets=tuple(profile.codes),
        max_tokens=profile.max_input,
        abilities=frozenset(able),
        warning=profile.warning,
        batch_invariant=_invariant(profile),
        reproducible=True,
    )


def load(name: str, digest: str, folder: Path, profile: Profile, *, threads: int, batch: int = 0) -> Engine:
    """Load a chat model from its verified folder.

    Args:
        threads: see `loading.load`, as `batch`.

    Raises:
        MissingError: damaged files, no chat template, or an extra is missing.
    """
    info = describe(name, digest, folder, profile)
    asker = _asker(folder, profile)
    if profile.runtime == "ctranslate2":
        from models.engines import causal_ctranslate2

        return causal_ctranslate2.load(folder, info, asker, profile, threads=threads, batch=batch)
    if profile.runtime == "llama.cpp":
        from models.engines import gguf

        return chat_engine.ChatEngine(info, gguf.Llama(folder / profile.weights, asker, threads=threads), {})
    from models.engines.causal_transformers import Checkpoint

    speaker = Checkpoint(folder, asker, threads=threads)
    return chat_engine.ChatEngine(info, speaker, beams_of(profile))


def check(folder: Path, profile: Profile) -> None:
    """See whether all that a chat model is asked with is there; needs no extra and opens no weights.

    Raises:
        MissingError: no chat template, no tokenizer, or one that is damaged; nothing ends an answer.
    """
    _asker(folder, profile)
    if profile.runtime == "llama.cpp":
        return
    vocabulary = tokenizer_of(folder).get_vocab()
    if not chat.ends(folder, {number: token for token, number in vocabulary.items()}):
        raise MissingError("nothing says which token ends an answer", place=str(folder))


def _asker(folder: Path, profile: Profile) -> Dialogue | Template:
    """Return what asks the model; a chat template that fails does so now."""
    files = _files(folder, profile)
    prompt = prompt_of(profile, files)
    if not isinstance(prompt, ChatPrompt):
        return prompt
    asker = Dialogue(files, prompt, profile.codes, profile.source)
    try:
        asker.fill("Yes.", next(iter(profile.codes)))
    except MissingError as error:
        error.place = error.place or str(folder / profile.weights)
        raise
    return asker


def _invariant(profile: Profile) -> bool:
    """Tell whether answers depend on the text alone.

    llama.cpp is asked one text at a time. On CTranslate2 integers add up to the same however many texts there
    are; floating-point numbers do not (tests hold both).
    """
    if profile.runtime == "ctranslate2":
        return profile.quantisation.startswith("int8")
    return profile.runtime == "llama.cpp"


def prompt_of(profile: Profile, files: ChatFiles) -> ChatPrompt | Template:
    """Return the prompt of a model: the one its profile names, else what its chat template and family want.

    Raises:
        MissingError: the profile names a prompt that this version does not know.
    """
    if profile.template == PLAIN:
        return STARTER
    if profile.template and profile.template not in CHAT:
        raise MissingError(
            f"the model's prompt {profile.template!r} is of another version", fix="Add the model again"
        )
    if profile.template:
        return CHAT[profile.template]
    if "source_lang_code" in files.template:
        return CHAT["translategemma"]
    return CHAT["hy-mt2" if profile.family == "hunyuan" else "instruct"]


def beams_of(profile: Profile) -> dict[str, int]:
    """Return the width of the search by target language."""
    return {lang: profile.beams.get(lang, profile.beam) for lang in profile.codes}


def _files(folder: Path, profile: Profile) -> ChatFiles:
    if profile.runtime != "llama.cpp":
        return chat.read(folder)
    return gguf_header.chat_files(gguf_header.read(folder / profile.weights))


def _versions(name: str, profile: Profile) -> list[str]:
    extra, packages = _PACKAGES[profile.runtime]
    try:
        return [f"{package} {version(package)}" for package in packages]
    except PackageNotFoundError as error:
        raise MissingError(
            f"{error.name} is needed to run {name!r}",
            fix=f'Install the extra: pip install "terjiman[{extra}]"',
        ) from None
