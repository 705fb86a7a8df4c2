"""Plain text: which lines make a paragraph, what stays before it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpora.documents import plain
from corpora.records import Block


def read(source: str) -> list[tuple[str, str]]:
    return [(block.kind, block.text) for block in plain.read(source.encode(), "x.txt")]


def texts(source: str) -> list[str]:
    return [text for _, text in read(source)]


WRAPPED = """The first paragraph was wrapped by hand at about sixty
columns, as people do in mail, so its lines end in the
middle of sentences. It is one block.

A second one follows. It has three lines and breaks where
the next word would have been too long for the line that
it stands on.

Only two lines here, but they fill the same width as those
above.
"""


def test_wrapped_lines_are_one_paragraph() -> None:
    assert len(texts(WRAPPED)) == 3
    assert texts(WRAPPED)[0].endswith(
        "as people do in mail, so its lines end in the middle of sentences. It is one block."
    )
    assert texts(WRAPPED)[2].endswith("as those above.")


def test_one_paragraph_a_line_stays_so() -> None:
    lines = [
        "What did you see there?",
        "I saw a long corridor with many doors, and behind each door people whom I knew.",
        "Did you speak to them?",
        "No. It was forbidden, and there were cameras everywhere, even in the room where we slept at night.",
    ]
    assert texts("\n".join(lines)) == lines
    verse = ["over the hills", "and far away", "the wind is cold"]
    assert texts("\n".join(verse)) == verse


def test_two_lines_are_not_joined_where_others_show_that_lines_are_paragraphs() -> None:
    caption = "A photograph of the courtroom in the summer of that year\nplease wait"
    long = "A line that is far too long to have been wrapped by anybody, since it goes on and on, " * 2
    assert texts(f"{long}\n\n{caption}")[1:] == caption.split("\n")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("- one\n- two\n  • three", [("item", "one"), ("item", "two"), ("item", "three")]),
        ("1. one\n2) two\n(a) three\n[4] four", [("item", t) for t in ("one", "two", "three", "four")]),
        ("Q: Why?\nA: Because.", [("item", "Why?"), ("item", "Because.")]),
        ("The Diplomat: Why?", [("label", "The Diplomat"), ("paragraph", "Why?")]),
        ("Sayragul: Because.", [("label", "Sayragul"), ("paragraph", "Because.")]),
        ("He said this: nothing.", [("paragraph", "He said this: nothing.")]),
        ("It began at 10:30 there", [("paragraph", "It began at 10:30 there")]),
        ("Тілші: Неге?", [("label", "Тілші"), ("paragraph", "Неге?")]),
        ("– Да. – Нет.", [("paragraph", "– Да. – Нет.")]),
        ("2018. That was the year.", [("paragraph", "2018. That was the year.")]),
        ("0:00 0:03:09\n\n* * *\n\nword", [("paragraph", "word")]),
        ("https://example.org/a\n\nme@example.org\n\nword", [("paragraph", "word")]),
    ],
)
def test_what_stands_before_the_text(source: str, expected: list[tuple[str, str]]) -> None:
    assert read(source) == expected


def test_only_the_text_changes() -> None:
    source = "\ufeff  1.  First line \r\n\r\n\tQ:\u00a0why?\r\n\x0c\r\nThe Diplomat:  last  \r\n\r\n"
    blocks = plain.read(source.encode(), "x.txt")
    changed = [replace(block, text=block.text.upper()) for block in blocks]
    expected = (
        source.replace("First line", "FIRST LINE")
        .replace("why", "WHY")
        .replace("The Diplomat", "THE DIPLOMAT")
    )
    assert plain.render(source.encode(), "x.txt", changed, "kk").decode() == expected.replace("last", "LAST")


def test_a_wrapped_paragraph_is_written_as_one_line() -> None:
    blocks = plain.read(WRAPPED.encode(), "x.txt")
    written = plain.render(WRAPPED.encode(), "x.txt", [Block("бір\nекі"), *blocks[1:]], "kk").decode()
    assert written.startswith("бір екі\n\nA second one follows.")


@pytest.mark.parametrize(
    ("line", "word"), [("数" * 30, ""), ("ئۇيغۇر " * 9 + "سۆز", " "), ("қазақ " * 9 + "сөз", " ")]
)
def test_lines_are_joined_as_the_script_does(line: str, word: str) -> None:
    assert texts(f"{line}\n{line}\n{line[:9]}。") == [f"{line}{word}{line}{word}{line[:9].strip()}。"]


@given(
    words=st.lists(st.text(alphabet="abcdefg", min_size=1, max_size=12), min_size=30, max_size=90),
    width=st.integers(50, 100),
)
@settings(max_examples=100, deadline=None)
def test_text_wrapped_at_any_width_is_put_together_again(words: list[str], width: int) -> None:
    import textwrap

    paragraph = " ".join(words)
    lines = textwrap.wrap(paragraph, width, break_long_words=False, break_on_hyphens=False)
    if max(map(len, lines)) >= plain.NARROWEST:
        assert texts("\n".join(lines)) == [paragraph]
