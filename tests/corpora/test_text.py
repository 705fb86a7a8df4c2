"""Text made visible: what falls, what stays, what is told."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpora.text import invisible_flag, visible


@pytest.mark.parametrize(
    "text",
    [
        "Ұлы Әлем: ғұмыр, қаңтар, өң, үкі, іні.",
        "ئۇ «مې\u200cكتەپ»كە ۋە ڭ، ؛ ؟ Covid-19 2017\u200f.",
        "Ещё один ёж\t№ 5",
        "他说：“２０１７年”。\u3000",
        "tab\tand\u00a0space",
    ],
)
def test_what_belongs_to_the_spelling_stays(text: str) -> None:
    assert visible(text) == (text, ())


@pytest.mark.parametrize("mark", ["\u2028", "\u2029", "\x85", "\v", "\f", "\n", "\r\n", " \u2028 \n"])
def test_a_line_end_becomes_one_space(mark: str) -> None:
    assert visible(f"Құлжа{mark}қаласы")[0] == "Құлжа қаласы"


@pytest.mark.parametrize("mark", ["\0", "\x1b", "\x7f", "\u202e", "\u2066", "\u2069", "\xad", "\ufeff"])
def test_what_nobody_sees_falls(mark: str) -> None:
    text, fell = visible(f"غۇل{mark}جا{mark}")
    assert text == "غۇلجا"
    (flag,) = invisible_flag(fell, "the source")
    assert (flag.check, flag.severity, flag.span) == ("invisible", "warning", None)
    assert flag.message.endswith(f": U+{ord(mark):04X}")


def test_nothing_is_told_where_nothing_fell() -> None:
    assert invisible_flag((), "the source") == ()


@settings(deadline=None, max_examples=200)
@given(st.text(st.characters(codec="utf-8") | st.sampled_from("\0\r\n\u2028\u202e\xad \u0301e")))
def test_visible_text_is_one_line_of_nfc_and_stays_as_it_is(text: str) -> None:
    once, fell = visible(text)
    assert len(once.splitlines()) <= 1
    assert once == unicodedata.normalize("NFC", once)
    assert visible(once) == (once, ())
    assert set(fell) <= set(text)
