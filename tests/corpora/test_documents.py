"""Documents of every format: what is read, what is written back, what is refused."""

from __future__ import annotations

import pickle
from dataclasses import replace
from pathlib import PurePath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpora import documents
from corpora.documents.source import MAX_BYTES
from corpora.errors import InputError
from corpora.records import Block, Tag
from corpora.tags import is_object

PLACES = ("a.txt", "a.md", "a.html")

_PIECES = """word Алматы ئۇيغۇر 新疆 Ж. i̇ é e\u0301 U.S. a_b *x* ** __ `c` `` [l](u) ![i](s) <b> </b> <br> <p>
</p> <td> &amp; &nbsp; &lt <!-- --> </a> <pre> </pre> <script> </script> <code> </code> # > - 1. | |---| ~~ \\
< > [ ] </span> • <title> </title> [^1] [^1]: <sup>1</sup> <html> <head> ---"""
WORDS = st.sampled_from(
    [
        *_PIECES.split(),
        *(
            "\n",
            "\n\n",
            "\r\n",
            "\r",
            "\t",
            "  \n",
            "\\\n",
            "    ",
            "---\n",
            "===\n",
            "```\n",
            "\u202e",
            "\u00a0",
        ),
        *("Q: ", "The Diplomat: ", "[x]: http://y\n", "[ ] ", "# ", "> ", "- ", "1. ", "[^1]: "),
        *("<img alt='some text'>", '<a title="', "<span translate=no>", "<a href='x'>"),
    ]
)
SOURCES = st.one_of(
    st.text(max_size=60),
    st.lists(WORDS, max_size=30).map(" ".join),
    st.lists(WORDS, max_size=30).map("".join),
)


@pytest.mark.parametrize("place", PLACES)
@given(source=SOURCES)
@settings(max_examples=150, deadline=None)
def test_what_was_read_is_written_back_byte_for_byte(place: str, source: str) -> None:
    data = source.encode("utf-8", "surrogatepass").replace(b"\0", b"")
    try:
        blocks = documents.read(data, place)
    except InputError:
        return
    assert documents.render(data, place, blocks, "ug") == data
    assert documents.render(b"\xef\xbb\xbf" + data, place, blocks, "ug") == b"\xef\xbb\xbf" + data


def objects(block: Block, at: int) -> tuple[Tag, ...]:
    """Return what stands in the text of a block, to be kept at a place of its translation."""
    return tuple(replace(tag, span=(at, at), open=tag.open.strip()) for tag in block.markup if is_object(tag))


@pytest.mark.parametrize("place", PLACES)
@given(
    source=SOURCES,
    text=st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=40),
)
@settings(max_examples=150, deadline=None)
def test_a_translation_is_text_again_when_read(place: str, source: str, text: str) -> None:
    data = source.replace("\0", "").encode()
    try:
        blocks = documents.read(data, place)
    except InputError:
        return
    words = " ".join(("слово " + text).replace("\u202e", "").split())
    new = [Block(words, block.kind, objects(block, 1)) for block in blocks]
    written = documents.render(data, place, new, "ru").decode()
    if place != "a.txt":
        fresh = documents.read(written.encode(), place) if new else []
        plain = documents.read(documents.render(b"x y", "a.txt", [Block(words)], "ru"), "a.txt")[0].text
        letters = ["".join(block.text.split()) for block in fresh]
        assert letters == ["".join(plain.split())] * len(new)
        assert all(is_object(tag) for block in fresh for tag in block.markup)
    else:
        assert written.count("слово") >= len(new)


@pytest.mark.parametrize("place", PLACES)
@given(source=SOURCES)
@settings(max_examples=100, deadline=None)
def test_blocks_are_clean_and_their_tags_nest(place: str, source: str) -> None:
    try:
        blocks = documents.read(source.replace("\0", "").encode(), place)
    except InputError:
        return
    for block in blocks:
        assert block.text == block.text.strip()
        assert block.text
        assert not set(block.text) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2069\u00a0\r\t")
        ends: list[int] = []
        for tag in block.markup:
            start, end = tag.span
            assert 0 <= start <= end <= len(block.text)
            assert (start == end) == (not tag.close)
            while ends and ends[-1] <= start:
                ends.pop()
            assert not ends or end <= ends[-1]
            if start < end:
                ends.append(end)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "empty"),
        (b" \r\n\t\n", "empty"),
        (b"\xef\xbb\xbf \n", "empty"),
        ("ok\nслово".encode("cp1251"), "line 2: the text is not UTF-8. Save the file as UTF-8"),
        ("word".encode("utf-16"), "UTF-16"),
        ("word".encode("utf-16-le"), "binary"),
        (b"word\0word", "binary"),
        (b"\x89PNG\r\n\x1a\n", "binary"),
        (b"PK\x03\x04 docx", "binary"),
        (b"%PDF-1.7 text", "binary"),
        (b"a" * (MAX_BYTES + 1), "too big: 20 MB"),
    ],
)
def test_bad_input_is_refused_with_one_clear_line(place: str, data: bytes, message: str) -> None:
    with pytest.raises(InputError) as caught:
        documents.read(data, place)
    assert message in str(caught.value)
    assert str(caught.value).startswith(place)
    assert "\n" not in str(caught.value)
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


def test_formats_are_found_by_suffix_and_others_refused() -> None:
    assert documents.format_for(PurePath("x/Y.MARKDOWN")).name == "markdown"
    assert documents.format_for(PurePath("page.HTM")).name == "html"
    with pytest.raises(
        InputError, match=r"x\.docm: the format '\.docm' is not supported\. Use one of: \.txt"
    ):
        documents.format_for(PurePath("x.docm"))
    with pytest.raises(InputError, match="no suffix"):
        documents.format_for(PurePath("README"))


@pytest.mark.parametrize("place", PLACES)
def test_another_number_of_blocks_is_an_error(place: str) -> None:
    blocks = documents.read(b"Some words", place)
    with pytest.raises(ValueError, match="has 1 blocks, but 2 were given"):
        documents.render(b"Some words", place, blocks * 2, "kk")
    with pytest.raises(ValueError, match="has 1 blocks, but 0 were given"):
        documents.render(b"Some words", place, [], "kk")


@pytest.mark.parametrize("place", PLACES)
def test_override_characters_never_reach_the_text_but_stay_in_an_unchanged_file(place: str) -> None:
    data = "Pay \u202eevil\u202c now, \u2066please\u2069".encode()
    blocks = documents.read(data, place)
    assert [block.text for block in blocks] == ["Pay evil now, please"]
    assert documents.render(data, place, blocks, "kk") == data
    changed = documents.render(data, place, [replace(blocks[0], text="Қазір төле")], "kk").decode()
    assert "\u202e" not in changed
    assert "Қазір төле" in changed


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(
    "text",
    [
        "Қазақша: әіңғүұқөһ ӘІҢҒҮҰҚӨҺ",
        "ئۇيغۇرچە: ې ۇ ۆ ۈ ۋ ە ڭ ئ، ؛ ؟ «سىناق» ئ‍ۆ BBC 2018",
        "Русский: ёЁ — «ёлка»",
        "中文：你好，“世界”！（2018）",
    ],
)
def test_every_language_goes_in_and_comes_back(place: str, text: str) -> None:
    data = f"Before.\n\n{text}\n\nAfter.".encode()
    data = data if place != "a.html" else b"<p>Before.<p>" + text.encode() + b"<p>After."
    blocks = documents.read(data, place)
    assert "".join(block.text for block in blocks[1:-1]).replace(" ", "") == text.replace(
        ": ", "" if len(blocks) == 4 else ":"
    ).replace(" ", "")
    shifted = [blocks[0], *reversed(blocks[1:-1]), blocks[-1]]
    assert documents.read(documents.render(data, place, shifted, "ug"), place)[0].text == "Before."
