"""The real starter: made in the user's store if it is not there (half a minute), then asked."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import regex

from corpora.errors import MissingError
from corpora.protocols import Engine
from corpora.records import Request
from models import registry, store

pytestmark = pytest.mark.xdist_group("starter")

SCRIPTS = {"kk": r"\p{Cyrillic}", "ug": r"\p{Arabic}", "ru": r"\p{Cyrillic}", "zh": r"\p{Han}"}
TEXTS = [
    "The lawyer left Almaty in June.",
    "My brother was detained in 2017 and sentenced to fifteen years.",
    "“Nobody told us why,” she said.",
    "Why?",
]


@pytest.fixture(scope="module")
def starter() -> Engine:
    registry.ensure("starter", progress=lambda message: None)
    return registry.load_engine("starter")


@pytest.mark.parametrize("lang", SCRIPTS)
def test_it_writes_each_language_in_its_script(starter: Engine, lang: str) -> None:
    answers = starter.translate([Request(text, lang) for text in TEXTS])
    for [hypothesis] in answers:
        letters = regex.findall(r"\p{L}", hypothesis.text)
        ours = regex.findall(SCRIPTS[lang], hypothesis.text)
        assert letters
        assert len(ours) >= 0.75 * len(letters), hypothesis.text  # it leaves a word in English at times
        assert hypothesis.flags == ()
        assert -3 < hypothesis.score < 0
        assert "\n" not in hypothesis.text
        assert hypothesis.text == hypothesis.text.strip()


def test_its_output_depends_on_the_text_alone(starter: Engine) -> None:
    requests = [Request(text, lang, n_best=2) for lang in ("ru", "zh") for text in TEXTS]
    together = starter.translate(requests)
    assert starter.translate(requests[::-3]) == together[::-3]


@pytest.mark.parametrize("lang", SCRIPTS)
def test_a_heading_of_one_word_does_not_bring_its_prompt_back(starter: Engine, lang: str) -> None:
    """The shortest prompts are decoded beside the shortest filler."""
    [[hypothesis]] = starter.translate([Request("Words", lang)])
    assert hypothesis.text
    assert "English" not in hypothesis.text
    assert "\n" not in hypothesis.text


def test_it_takes_hints_and_prefixes(starter: Engine) -> None:
    name = "Гүлбаһар Хайтиуаджи"
    text = "The letter was written by Gulbahar Haitiwaji."
    hinted, plain = (
        starter.translate([Request(text, "kk", terms=terms)])[0][0].text
        for terms in ((("Gulbahar Haitiwaji", name),), ())
    )
    assert name[:8] in hinted
    assert hinted != plain
    [found] = starter.translate([Request(text, "ru", prefix="Это письмо", n_best=2)])
    assert all(hypothesis.text.startswith("Это письмо") for hypothesis in found)


def test_describing_it_tells_the_same_as_loading_it(starter: Engine) -> None:
    assert registry.describe("starter") == starter.info


def test_one_changed_byte_is_found_before_loading(
    starter: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(store.folder("starter"), tmp_path / "models" / "starter")
    monkeypatch.setenv("TERJIMAN_HOME", str(tmp_path))
    path = tmp_path / "models" / "starter" / "model.bin"
    with path.open("r+b") as file:
        file.seek(100_000_000)
        byte = file.read(1)
        file.seek(100_000_000)
        file.write(bytes([byte[0] ^ 1]))
    assert registry.describe("starter").name == "starter"  # at a glance it looks sound
    with pytest.raises(MissingError, match=r"model\.bin.*damaged"):
        registry.load_engine("starter")
