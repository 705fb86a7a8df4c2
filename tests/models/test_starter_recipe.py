"""The starter's training recipe, on a tiny model: it learns, it goes on after a stop, what it writes runs."""

from __future__ import annotations

import gzip
import tempfile
from pathlib import Path

import ctranslate2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpora.errors import InputError, UsageError
from models.starter import merge
from models.starter.recipe import adapter_file, corpus
from tests.models import tiny

torch = pytest.importorskip("torch")

DOMAIN = """en\tkk\tug\tru\tzh
She left Almaty.\tОл Алматыдан кетті.\tئۇ ئالمۇتادىن كەتتى.\tОна уехала из Алматы.\t她离开了阿拉木图。
The camp was closed.\tЛагерь жабылды.\tلاگېر تاقالدى.\tЛагерь закрыли.\t营地关闭了。
"""
NAMES = "en\tkk\tru\tsource\nAlmaty\tАлматы\tАлматы\tCLDR\n"


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tiny.Files:
    return tiny.write(tmp_path_factory.mktemp("tiny"))


@pytest.fixture(scope="module")
def text(tmp_path_factory: pytest.TempPathFactory) -> corpus.Corpus:
    folder = tmp_path_factory.mktemp("text")
    (folder / "domain.tsv").write_text(DOMAIN, encoding="utf-8")
    (folder / "names.tsv").write_text(NAMES, encoding="utf-8")
    with gzip.open(folder / "web.ru.tsv.gz", "wt", encoding="utf-8") as file:
        file.write(
            "Open\tОткрыть\nHe wrote her a letter.\tОн написал письмо.\nNobody came.\tНикто не пришёл.\n"
        )
    return corpus.read(
        [folder / "web.ru.tsv.gz"], [folder / "domain.tsv"], [folder / "names.tsv"], ["nobody came"]
    )


def test_an_example_is_a_function_of_seed_and_number_and_tells_names_half_of_the_time(
    text: corpus.Corpus,
) -> None:
    first = [corpus.example(text, 1, number) for number in range(400)]
    assert first == [corpus.example(text, 1, number) for number in range(400)]
    assert first != [corpus.example(text, 2, number) for number in range(400)]
    named = [one for one in first if "Almaty" in one.prompt and "Kazakh:" in one.prompt]
    hinted = [one for one in named if one.prompt.startswith("Almaty = Алматы\n")]
    assert 0.25 < len(hinted) / len(named) < 0.75
    assert {one.prompt.rsplit("\n", 1)[1] for one in first} == {"Kazakh:", "Uyghur:", "Russian:", "Chinese:"}
    assert all(one.answer.startswith(" ") for one in first)
    assert not any("Nobody came" in one.prompt for one in first)


def test_files_of_another_form_are_refused_with_their_place(tmp_path: Path) -> None:
    for name, content, words in (
        ("web.ru.tsv", "no tab here\n", "line 1"),
        ("web.tsv", "a\tb\n", "says no language"),
        ("web.tr.tsv", "a\tb\n", "says no language"),
        ("web.kk.tsv.gz", "not gzip", "cannot be read"),
    ):
        (tmp_path / name).write_text(content, encoding="utf-8")
        with pytest.raises(InputError, match=words):
            corpus.read([tmp_path / name], [], [])
    (tmp_path / "wide.tsv").write_text("kk\tru\nа\tб\n", encoding="utf-8")
    with pytest.raises(InputError, match="heading"):
        corpus.read([], [tmp_path / "wide.tsv"], [])
    with pytest.raises(InputError, match="nothing to train on"):
        corpus.read([], [], [])


@settings(deadline=None, max_examples=50)
@given(st.lists(st.floats(-1e4, 1e4, width=32), min_size=4, max_size=4))
def test_the_adapter_file_is_read_back_as_the_nearest_bfloat16(numbers: list[float]) -> None:
    values = np.array(numbers, np.float32).reshape(2, 2)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "adapter.safetensors"
        adapter_file.write({"x.A": values}, path)
        read = merge.read_adapter(path)["x.A"]
    exact = torch.from_numpy(values).to(torch.bfloat16).float().numpy()
    assert np.array_equal(read, exact)


@pytest.mark.parametrize("all_weights", [False, True])
def test_training_lowers_the_loss_and_goes_on_after_a_stop_as_if_there_had_been_none(
    files: tiny.Files, text: corpus.Corpus, tmp_path: Path, all_weights: bool
) -> None:
    from models.starter.recipe import train

    plan = train.Plan(12, batch=8, rate=5e-3, warmup=2, rank=tiny.RANK, all_weights=all_weights)
    kept = range(len(files.pieces))

    def trainer(name: str) -> train.Trainer:
        (tmp_path / name).mkdir(exist_ok=True)
        return train.Trainer(plan, files.gguf, kept, text, files.adapter, tmp_path / name)

    whole = trainer("whole")
    losses = [whole.one_step() for _ in range(plan.steps)]
    whole.save()
    assert np.mean(losses[-3:]) < np.mean(losses[:3]) - 0.2

    broken = trainer("broken")
    for _ in range(5):
        broken.one_step()
    broken.save()
    train.train(trainer("broken"), every=4)
    one, other = (tmp_path / name / "adapter.safetensors" for name in ("whole", "broken"))
    assert one.read_bytes() == other.read_bytes()
    assert one.read_bytes() != files.adapter.read_bytes()


def test_a_checkpoint_of_another_plan_is_not_continued(
    files: tiny.Files, text: corpus.Corpus, tmp_path: Path
) -> None:
    from models.starter.recipe import train

    def trainer(steps: int) -> train.Trainer:
        plan = train.Plan(steps, batch=4, rank=tiny.RANK)
        return train.Trainer(plan, files.gguf, range(len(files.pieces)), text, None, tmp_path)

    first = trainer(3)
    first.one_step()
    first.save()
    with pytest.raises(UsageError, match="another plan"):
        trainer(4)


def test_what_is_trained_is_what_runs(files: tiny.Files, text: corpus.Corpus, tmp_path: Path) -> None:
    """The torch model and the model that the build makes of its adapter give the same probabilities."""
    from models.starter import build
    from models.starter.recipe import train

    plan = train.Plan(3, batch=4, rate=5e-3, warmup=1, rank=tiny.RANK)
    trainer = train.Trainer(plan, files.gguf, range(len(files.pieces)), text, files.adapter, tmp_path)
    train.train(trainer, every=3)
    built = tmp_path / "built"
    built.mkdir()
    kept = range(len(files.pieces))
    build.write_model(files.gguf, tmp_path / "adapter.safetensors", kept, built, quantization=None)
    tokens = trainer.reader.batch(7)
    row = tokens.ids[0][tokens.ids[0] != 0].tolist()
    with torch.no_grad():
        logits = trainer.model(input_ids=torch.tensor([row])).logits[0]
    ours = torch.log_softmax(logits.float(), -1)[range(len(row) - 1), row[1:]].numpy()
    words = [files.pieces[number] for number in row]
    generator = ctranslate2.Generator(str(built), device="cpu", compute_type="float32")
    theirs = np.array(generator.score_batch([words])[0].log_probs)
    assert np.allclose(ours, theirs, atol=0.05)  # the adapter was rounded to bfloat16
