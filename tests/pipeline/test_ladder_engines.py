"""The ladder over every kind of engine: what it calls passed is what the verifier calls passed, everywhere.

The models are tiny and random; now and then one of their answers is true all the same, and forced names
make more of them true. What is tested holds for any answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from corpora.protocols import Engine
from corpora.records import Hypothesis, Request
from glossary.enforcement import enforce, translate
from glossary.matching import Matcher
from glossary.terms import Glossary, Target, Term
from glossary.verification import verify
from models import conversion, inspection, profile
from models.encoders import LateEncoder
from models.engines import endpoint, loading
from models.engines.ctranslate2_engine import Decoding
from models.engines.endpoint_client import Patience
from models.engines.recorded import RecordedEngine
from models.engines.retrying import RetryingEngine, Voice
from tests.models import chat_checkpoints, chat_server, checkpoints, tiny

LANGS = ("kk", "ug", "ru", "zh")
NAMES = {
    "Almaty": ("Алматы", "ئالمۇتا", "Алматы", "阿拉木图"),
    "Urumqi": ("Үрімжі", "ئۈرۈمچى", "Урумчи", "乌鲁木齐"),
    "camp": ("лагерь", "لاگېر", "лагерь", "营地"),
}
GLOSSARY = Glossary(
    tuple(
        Term(
            en.lower(),
            en,
            type="concept" if en == "camp" else "place",
            targets=tuple(Target(lang, (text,)) for lang, text in zip(LANGS, texts, strict=True)),
        )
        for en, texts in NAMES.items()
    )
)
MATCHER = Matcher(GLOSSARY)
NAMED = (
    "Almaty closed the “camp”, and Urumqi's police left.",
    "“Almaty, Almaty!”",
)
UNNAMED = ("Nobody answered.", "…")
SHORT = 8  # tokens of an answer: random models seldom end one


def _starter(root: Path) -> Engine:
    beams = {"kk": 1, "ug": 1, "ru": 2, "zh": 1}
    short = Decoding(beams=beams, lengths=dict.fromkeys(beams, (SHORT, 0)), max_input=24)
    return tiny.engine(tiny.make(root / "tiny", tiny.write(root)), short)


def _loaded(folder: Path) -> Engine:
    profile.write(inspection.inspect(folder), folder)
    return loading.load("tiny", "0", folder, threads=1)


def _converted(folder: Path, target: Path) -> Engine:
    target.mkdir()
    made = conversion.convert(folder, inspection.inspect(folder), target, quantisation="int8")
    profile.write(made, target)
    return loading.load("tiny", "0", target, threads=1)


def _gguf(root: Path) -> Engine:
    pytest.importorskip("xllamacpp")
    chat_checkpoints.write_gguf(root / "tiny-F32.gguf")
    return _loaded(root)


def _recorded(root: Path) -> Engine:
    rows = []
    for place, lang in enumerate(LANGS):
        names = [texts[place] for texts in NAMES.values()]
        for source in (*NAMED, *UNNAMED):
            rows += [(source, "…", lang), (source, f"{names[0]} {names[2]} {names[1]}, {names[0]}.", lang)]
    file = root / "rows.tsv"
    file.write_text("".join("\t".join(row) + "\n" for row in rows), encoding="utf-8")
    return RecordedEngine(str(file))


def _retrying(root: Path) -> Engine:
    def doubt(request: Request, answer: Hypothesis) -> str:
        return "long" if len(answer.text) > 3 * len(request.text) else ""

    return RetryingEngine(Voice(_starter(root), "tiny"), [Voice(_recorded(root), "rows", False)], doubt)


MAKERS: dict[str, Callable[[Path], Engine]] = {
    "starter": _starter,
    "recorded": _recorded,
    "retrying": _retrying,
    "gguf": _gguf,
    "NLLB": lambda root: _loaded(checkpoints.nllb(root / "nllb")),
    "NLLB, converted": lambda root: _converted(checkpoints.nllb(root / "nllb"), root / "made"),
    "chat": lambda root: _loaded(chat_checkpoints.write(root / "gemma", "gemma")),
    "chat, converted": lambda root: _converted(
        chat_checkpoints.write(root / "gemma", "gemma"), root / "made"
    ),
}


@pytest.fixture(scope="module", params=[*MAKERS, "endpoint"])
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """Return an engine of each kind; those of checkpoints need torch."""
    name: str = request.param
    with ExitStack() as stack, pytest.MonkeyPatch.context() as patch:
        if name.startswith(("NLLB", "chat")):
            pytest.importorskip("torch")
            for module in (
                "causal_ctranslate2.LENGTH",
                "causal_transformers.LENGTH",
                "seq2seq_batching._LENGTH",
            ):
                patch.setattr(f"models.engines.{module}", (SHORT, 0))
        if name == "endpoint":
            server = stack.enter_context(chat_server.running(chat_server.Server()))
            quick = Patience(connect=1, reply=1, pauses=(0.01, 0.01))
            yield endpoint.load(f"endpoint:{server.url}", patience=quick)
        else:
            yield MAKERS[name](tmp_path_factory.mktemp("engine"))


def _agrees(source: str, one: Any, lang: str) -> None:
    """Compare what the ladder says of its text with what the verifier says."""
    judged = verify(source, one.text, lang, GLOSSARY, MATCHER)
    told = [flag for flag in one.flags if flag.check.startswith("term-")]
    assert told == list(judged.flags)
    assert not (one.passed and not judged.ok)
    assert (one.rung != 5) == judged.ok
    found = [(use.term, use.source_span, use.form, use.span, use.verdict) for use in judged.terms]
    assert [(use.term, use.source_span, use.form, use.span, use.verdict) for use in one.terms] == found
    assert all((use.rung == 5) == (use.verdict == "failed") for use in one.terms)


@pytest.mark.parametrize("lang", LANGS)
def test_what_passes_is_true_and_the_rest_is_plain(engine: Engine, lang: str) -> None:
    sources = [*NAMED, *UNNAMED]
    plain = [found[0] for found in engine.translate([Request(source, lang) for source in sources])]
    done = translate(sources, lang, engine, GLOSSARY, MATCHER, LateEncoder())
    for source, before, one in zip(sources, plain, done, strict=True):
        _agrees(source, one, lang)
        if source in UNNAMED or verify(source, before.text, lang, GLOSSARY, MATCHER).ok:
            assert (one.text, one.score, one.rung) == (before.text, before.score, 0)
    alone = translate(UNNAMED, lang, engine, GLOSSARY, MATCHER)
    if engine.info.batch_invariant:
        assert [one.text for one in alone] == [one.text for one in done[len(NAMED) :]]


@pytest.mark.parametrize("lang", LANGS)
def test_a_model_mends_what_was_translated_elsewhere(engine: Engine, lang: str) -> None:
    place = LANGS.index(lang)
    good = " ".join(texts[place] for texts in NAMES.values())
    pairs = [
        *((source, "…") for source in (*NAMED, *UNNAMED)),
        *((source, f"«{good}» ({good}).") for source in UNNAMED),
        ("Almaty and the camp, Urumqi.", f"{good}."),
    ]
    done = enforce(pairs, lang, GLOSSARY, MATCHER, engine)
    for (source, text), one in zip(pairs, done, strict=True):
        _agrees(source, one, lang)
        if source in UNNAMED or verify(source, text, lang, GLOSSARY, MATCHER).ok:
            assert (one.text, one.rung) == (text, 0)
