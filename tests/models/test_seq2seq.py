"""Sequence-to-sequence models: tiny checkpoints through inspection, conversion and both backends."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from corpora.errors import MissingError, UsageError
from corpora.protocols import Engine
from corpora.records import Hypothesis, Request
from models import conversion, inspection, profile
from models.engines import loading, seq2seq_batching
from models.engines.seq2seq_batching import filler, plan, task
from models.engines.splitting import split_long
from tests.models import checkpoints

FAMILIES = sorted(checkpoints.MAKERS)
LONG = [
    " ".join(random.Random(number).choices(checkpoints.WORDS["en"], k=2 + number % 17))
    for number in range(24)
]


@dataclass(frozen=True)
class Model:
    """A family's checkpoint, and what was made of it."""

    family: str
    checkpoint: Path
    converted: Callable[[str, int], Path]

    def engine(self, kind: str, beam: int = 1) -> Engine:
        """Return the engine over the checkpoint (`checkpoint`) or over it converted to a quantisation."""
        if kind != "checkpoint":
            return loading.load(self.family, "0", self.converted(kind, beam), threads=1)
        profile.write(replace(inspection.inspect(self.checkpoint), beam=beam), self.checkpoint)
        return loading.load(self.family, "0", self.checkpoint, threads=1)


@pytest.fixture(scope="module", params=FAMILIES)
def model(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Model:
    family: str = request.param
    root = tmp_path_factory.mktemp(family)
    checkpoint = checkpoints.MAKERS[family](root / "checkpoint")
    made: dict[str, Path] = {}

    def converted(kind: str, beam: int) -> Path:
        if kind not in made:
            folder = root / kind
            folder.mkdir()
            found = inspection.inspect(checkpoint)
            made[kind] = folder
            profile.write(conversion.convert(checkpoint, found, folder, quantisation=kind), folder)
        profile.write(replace(profile.read(made[kind]), beam=beam), made[kind])
        return made[kind]

    return Model(family, checkpoint, converted)


def _requests(engine: Engine, n_best: int = 1) -> list[Request]:
    return [
        Request(text, lang, n_best=n_best) for lang in engine.info.targets for text in checkpoints.SENTENCES
    ]


def test_nothing_of_the_recommended_decoding_is_taken_over(model: Model) -> None:
    """Old checkpoints say in `config.json` what newer ones say in `generation_config.json`."""
    before = model.engine("checkpoint")
    requests = _requests(before)
    advice = {"do_sample": True, "temperature": 5.0, "num_beams": 3, "repetition_penalty": 2.0}
    path, config = model.checkpoint / "generation_config.json", model.checkpoint / "config.json"
    kept = [(one, one.read_bytes() if one.exists() else None) for one in (path, config)]
    for one, data in kept:
        one.write_text(json.dumps({**json.loads(data or b"{}"), **advice}), encoding="utf-8")
    try:
        assert model.engine("checkpoint").translate(requests) == before.translate(requests)
    finally:
        for one, data in kept:
            one.unlink()
            if data is not None:
                one.write_bytes(data)


def _checks(answer: Hypothesis) -> set[str]:
    return {flag.check for flag in answer.flags}


def test_both_backends_say_the_same(model: Model) -> None:
    plain, fast = model.engine("checkpoint"), model.engine("float32")
    requests = _requests(fast)
    here, there = plain.translate(requests), fast.translate(requests)
    assert [found[0].text for found in here] == [found[0].text for found in there]
    assert [found[0].score for found in here] == pytest.approx([one[0].score for one in there], abs=2e-3)
    assert [_checks(found[0]) for found in here] == [_checks(found[0]) for found in there]
    assert len({found[0].text for found in there}) > len(checkpoints.SENTENCES) / 2


def test_forced_beginnings_are_scored_alike(model: Model) -> None:
    plain, fast = model.engine("checkpoint"), model.engine("float32")
    requests = [
        Request(text, lang, prefix="он ") for lang in fast.info.targets for text in checkpoints.SENTENCES[:2]
    ]
    here, there = plain.translate(requests), fast.translate(requests)
    assert [found[0].text for found in here] == [found[0].text for found in there]
    assert [found[0].score for found in here] == pytest.approx([one[0].score for one in there], abs=2e-3)


def test_eight_bits_do_not_depend_on_the_batch(model: Model) -> None:
    for beam in (1, 3):
        engine = model.engine("int8", beam)
        assert engine.info.batch_invariant
        requests = [Request(text, lang) for lang in engine.info.targets for text in LONG]
        whole = engine.translate(requests)
        assert engine.translate(requests) == whole
        some = random.Random(beam).sample(range(len(requests)), 8)
        assert [engine.translate([requests[at]])[0] for at in some] == [whole[at] for at in some]
    assert not model.engine("float32").info.batch_invariant


def test_n_best_is_distinct_and_best_first(model: Model) -> None:
    for kind in ("int8", "checkpoint"):
        for found in model.engine(kind).translate(_requests(model.engine(kind), 3)[:8]):
            assert 1 <= len(found) <= 3
            assert len({one.text for one in found}) == len(found)
            scores = [one.score for one in found]
            assert scores == pytest.approx(sorted(scores, reverse=True), abs=1e-4)


@pytest.mark.parametrize("prefix", ["ол лагерь", "лаг", "ئۇ لاگېر", "她离", "он, ", "2017"])
def test_output_begins_with_the_prefix(model: Model, prefix: str) -> None:
    engine = model.engine("int8")
    for lang in engine.info.targets:
        [found] = engine.translate([Request(checkpoints.SENTENCES[0], lang, n_best=2, prefix=prefix)])
        assert all(one.text.startswith(prefix.rstrip()) for one in found)
        assert any(len(one.text) > len(prefix) for one in found)


def test_alignment_points_into_both_texts(model: Model) -> None:
    engine = model.engine("int8")
    assert "alignment" in engine.info.abilities
    assert "alignment" not in model.engine("int8", 2).info.abilities
    engine = model.engine("int8")
    aligned = 0
    for request, [answer] in zip(_requests(engine), engine.translate(_requests(engine)), strict=True):
        for (start, end), (first, last) in answer.alignment:
            assert request.text[start:end].strip()
            assert answer.text[first:last].strip()
        ends = [last for _, (_, last) in answer.alignment]
        assert ends == sorted(ends)
        aligned += bool(answer.alignment)
    assert aligned  # some answers of random weights are nothing but unknown tokens


def test_a_long_text_is_split_and_flagged(model: Model) -> None:
    folder = model.converted("int8", 1)
    known = profile.read(folder)
    profile.write(replace(known, max_input=24), folder)
    try:
        engine = loading.load("m", "0", folder, threads=1)
        text = "The camp was closed, and nobody answered; they were detained in 2017. " * 3
        [[answer]] = engine.translate([Request(text, "ru")])
        assert "split-input" in _checks(answer)
        pieces = split_long(" ".join(text.split()), engine._tokens.count, 24)  # type: ignore[attr-defined]
        parts = [engine.translate([Request(piece, "ru")])[0][0].text for piece in pieces]
        assert len(pieces) > 2
        assert answer.text == " ".join(part for part in parts if part)
    finally:
        profile.write(known, folder)


def test_what_the_model_cannot_read_is_told(model: Model) -> None:
    [[answer]] = model.engine("int8").translate([Request("The ☃ camp.", "ru")])
    told = [flag for flag in answer.flags if flag.check == "unknown-token" and flag.severity == "warning"]
    assert len(told) == 1
    assert "☃" in told[0].message


def test_bare_marks_and_nothing_are_kept(model: Model) -> None:
    engine = model.engine("int8")
    [[marks], [nothing]] = engine.translate([Request("1. 2.", "ru"), Request(" ", "ru")])
    assert (marks.text, _checks(marks)) == ("1. 2.", {"no-letters"})
    assert nothing == Hypothesis(text="")


def test_other_languages_are_refused(model: Model) -> None:
    engine = model.engine("int8")
    with pytest.raises(UsageError, match="does not translate into 'en'"):
        engine.translate([Request("x", "en")])
    with pytest.raises(UsageError, match="n_best"):
        engine.translate([Request("x", "ru", n_best=0)])


def test_what_is_found_again_in_the_converted_folder(model: Model) -> None:
    before, after = inspection.inspect(model.checkpoint), inspection.inspect(model.converted("int8", 1))
    assert (after.family, after.codes, after.source) == (before.family, before.codes, before.source)
    assert (before.runtime, after.runtime) == ("transformers", "ctranslate2")


def test_answers_without_letters_for_them_are_flagged(model: Model) -> None:
    engine = model.engine("int8")
    text = engine._tokens.decode(["<unk>", "<unk>"])  # type: ignore[attr-defined]
    assert text == "\ufffd\ufffd"
    from models.engines.seq2seq import _lost

    [flag] = _lost(f"он{text} дом")
    assert (flag.check, flag.severity, flag.span) == ("unknown-token", "error", (2, 4))


def test_cut_answers_are_flagged(model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seq2seq_batching, "_LENGTH", (2, 0))
    for kind in ("int8", "checkpoint"):
        [[answer]] = model.engine(kind).translate([Request(checkpoints.SENTENCES[0], "ru")])
        assert "length-limit" in _checks(answer)


def test_damaged_files_are_one_clear_line(model: Model, tmp_path: Path) -> None:
    made = model.converted("int8", 1)
    for file in made.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes() if file.name != "model.bin" else b"x")
    with pytest.raises(MissingError, match="model cannot be loaded"):
        loading.load("m", "0", tmp_path, threads=1)
    for file in (*tmp_path.glob("*.spm"), *tmp_path.glob("*.model")):
        file.unlink()
    with pytest.raises(MissingError, match="tokenizer is missing"):
        loading.load("m", "0", tmp_path, threads=1)


def test_a_plan_depends_on_content_alone_and_decodes_duplicates_once() -> None:
    chance = random.Random(3)
    tasks = [
        task(("a",) * chance.randint(1, 60), ("x",) * chance.randint(0, 2), beam=4, n_best=1, marks=0)
        for _ in range(400)
    ]
    batches = plan(tasks)
    assert sorted(one for batch in batches for one in batch) == sorted(set(tasks))
    assert all(len({(one.limit, len(one.forced)) for one in batch}) == 1 for batch in batches)
    chance.shuffle(tasks)
    assert plan(tasks) == batches
    assert len(batches) < len(set(tasks)) / 6


def test_batches_are_as_wide_as_a_processor_counts() -> None:
    for length in range(1, 100):
        one = task((*("a",) * (length - 1), "</s>"), (), beam=4, n_best=1, marks=0)
        more = filler([one])
        wide = len(more.source) if more else length
        assert (wide % 16, wide - length < 16) == (0, True)
        assert more is None or (more.source[-1], more.limit) == ("</s>", one.limit)
