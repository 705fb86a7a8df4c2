"""HTML: what is a block, what is never touched, and real-world tag soup."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpora.documents import html
from corpora.documents.html_tokens import tokens
from corpora.documents.inline import tidy
from corpora.errors import InputError
from corpora.records import Block, Tag

PAGE = """<!DOCTYPE html>
<html lang="en"><head>
<title>News &amp; views</title>
<meta name="description" content="What we know">
<style>p > b { color: red }</style>
<script>var a = "<p>not text</p>";</script>
</head><body>
<h1 class=big>First<br>second</h1>
<p> <b>Note:</b> see <a href="x?a=1&b=2">the <i>whole</i> page</a>.<sup><a href="#1">[1]</a></sup> </p>
<ul><li>one<li>two <img src=a.png alt="A gate"> more</ul>
<table><tr><td>cell</td><td>7</td></tr></table>
<pre>code stays</pre><code>x = 1</code>
<p class="notranslate">Keep this</p><p translate="no">And this</p>
<p>Say <span translate="no">Terjiman</span> &lt;twice&gt;</p>
<textarea>stays</textarea><noscript><p>stays</p></noscript>
<a href="b.html"><img src=b.png alt="A road"></a>
</body></html>
"""


def read(source: str) -> list[Block]:
    return html.read(source.encode(), "x.html")


def render(source: str, blocks: list[Block], lang: str = "kk") -> str:
    return html.render(source.encode(), "x.html", blocks, lang).decode()


def upper(source: str, lang: str = "kk") -> str:
    return render(source, [replace(block, text=block.text.upper()) for block in read(source)], lang)


def test_blocks_are_read_in_order_and_protected_parts_are_not() -> None:
    assert [(block.kind, block.text) for block in read(PAGE)] == [
        ("title", "News & views"),
        ("description", "What we know"),
        ("heading", "First\nsecond"),
        ("paragraph", "Note: see the whole page."),
        ("item", "one"),
        ("item", "two more"),
        ("cell", "cell"),
        ("paragraph", "Say <twice>"),
        ("alt", "A road"),
    ]


def test_only_the_text_the_language_and_the_encoding_change() -> None:
    expected = PAGE
    for old, new in [
        ('<html lang="en">', '<html dir="rtl" lang="ug">'),
        ("<head>", '<head><meta charset="utf-8">'),
        ("News &amp; views", "NEWS &amp; VIEWS"),
        ("What we know", "WHAT WE KNOW"),
        ("First<br>second", "FIRST<br>SECOND"),
        ("<b>Note:</b> see", "<b>NOTE:</b> SEE"),
        (">the <i>whole</i> page</a>", ">THE <i>WHOLE</i> PAGE</a>"),
        ("<li>one", "<li>ONE"),
        ("two <img", "TWO <img"),
        ("> more</ul>", "> MORE</ul>"),
        (">cell<", ">CELL<"),
        ("Say <span", "SAY <span"),
        ("&lt;twice&gt;", "&lt;TWICE&gt;"),
        ("A road", "A ROAD"),
    ]:
        assert expected.count(old) == 1
        expected = expected.replace(old, new)
    assert upper(PAGE, "ug") == expected


def test_a_tag_around_a_whole_block_and_objects_at_its_edges_stay_outside() -> None:
    assert read("<p><em><strong> Words </strong></em></p>") == [Block("Words", "paragraph")]
    assert read("<p><img src=a> Words <br><img src=b></p>") == [Block("Words", "paragraph")]
    assert upper("<p>&nbsp;<em>words</em>&nbsp;</p>") == "<p>&nbsp;<em>WORDS</em>&nbsp;</p>"


def test_inline_tags_nest_and_strays_are_objects() -> None:
    block = read("<p>a <b>b <i>c</b> d</i> e</p>")[0]
    assert block.text == "a b c d e"
    assert [(tag.span, tag.open, tag.close) for tag in block.markup] == [
        ((2, 5), "<b>", "</b>"),
        ((4, 4), "<i>", ""),
        ((7, 7), "</i>", ""),
    ]


@pytest.mark.parametrize(
    ("source", "texts"),
    [
        ("a < b and c > d", ["a < b and c > d"]),
        ("<p>one<p>two</div>three", ["one", "two", "three"]),
        ("<script>never closed <p>x", []),
        ("<p>before<code>open <p>after", ["beforeopen", "after"]),
        ("<p class=notranslate>kept<p>read", ["read"]),
        ("<!-- <p>comment</p> --><p>read<!-- unclosed", ["read"]),
        ('<p title="a > b">text</p>', ["a > b", "text"]),
        ('<a href="x>unclosed quote</a> <p>after', ["unclosed quote", "after"]),
        ("<P>UPPER</P><SCRIPT>no</SCRIPT>", ["UPPER"]),
        ("<td>a</td><td>b", ["a", "b"]),
        ("<?php echo '<p>' ?>text", ["' ?>text"]),
        ("&bogus; &copy &#x1F600; text", ["&bogus; © 😀 text"]),
    ],
)
def test_tag_soup_is_read_as_a_browser_shows_it(source: str, texts: list[str]) -> None:
    assert [block.text for block in read(source)] == texts
    assert render(source, read(source)) == source


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<html><p>a", '<html lang="{tag}"{dir}><p>A'),
        ("<HTML LANG=en DIR=ltr><p>a", '<HTML LANG="{tag}" DIR="{direction}"><p>A'),
        ("<html xml:lang='en'><p>a", "<html lang=\"{tag}\"{dir} xml:lang='{tag}'><p>A"),
        ("<p>a", "<p>A"),
    ],
)
@pytest.mark.parametrize(("lang", "tag"), [("kk", "kk"), ("ug", "ug"), ("ru", "ru"), ("zh", "zh-Hans")])
def test_language_and_direction_are_declared(source: str, expected: str, lang: str, tag: str) -> None:
    rtl = lang == "ug"
    wanted = expected.format(tag=tag, dir=' dir="rtl"' if rtl else "", direction="rtl" if rtl else "ltr")
    assert upper(source, lang) == wanted


@pytest.mark.parametrize(
    "head",
    [
        '<meta charset="windows-1251">',
        "<META http-equiv=Content-Type content='text/html; charset=koi8-r'>",
        '<?xml version="1.0" encoding="ISO-8859-1"?>',
    ],
)
def test_another_declared_encoding_is_refused(head: str) -> None:
    with pytest.raises(InputError, match=r"x\.html: the page declares the encoding .* Save it as UTF-8"):
        read(head + "<p>text")


def test_nesting_beyond_reason_is_refused_with_its_line() -> None:
    with pytest.raises(InputError, match=r"x\.html, line 2: tags are nested too deeply"):
        read("<p>\na" + "<i>a" * 200 + "</i>" * 200)
    assert read("<div>" * 50_000 + "word")[0].text == "word"


def test_text_cannot_become_markup() -> None:
    evil = Block('</p><script>alert("1 & 2")</script>')
    assert render("<p>word</p>", [evil]) == '<p>&lt;/p&gt;&lt;script&gt;alert("1 &amp; 2")&lt;/script&gt;</p>'
    assert render("<img alt=word>", [evil]).count("<") == 1
    assert render("<title>word</title>", [evil]).count("<") == 2


SOUP = st.lists(
    st.sampled_from(
        [
            "<",
            ">",
            '"',
            "'",
            "=",
            "a",
            " ",
            "/",
            "!",
            "--",
            "<a",
            "<p ",
            "</",
            "<!--",
            "-->",
            "<script>",
            "\n",
            "&",
        ]
    ),
    max_size=40,
).map("".join)


@given(source=SOUP)
@settings(max_examples=300, deadline=None)
def test_tokens_cover_the_source_without_a_gap(source: str) -> None:
    found, _ = tokens(source)
    assert "".join(source[token.start : token.end] for token in found) == source
    assert all(token.start < token.end for token in found)


@st.composite
def marked(draw: st.DrawFn) -> Block:
    """Draw a block with tags that nest, objects and line breaks."""
    text = "x" + draw(st.text(alphabet="a &<>\"'\n;aқې中.", max_size=20)) + "y"
    tags: list[Tag] = []
    for name in draw(st.lists(st.sampled_from(["b", "i", "a", "span"]), max_size=3)):
        start, end = sorted((draw(st.integers(1, len(text))), draw(st.integers(1, len(text)))))
        if text[start:end].strip() and not any(
            a < start < b < end or start < a < end < b for a, b in (tag.span for tag in tags)
        ):
            tags.append(Tag((start, end), name, f"<{name}>", f"</{name}>"))
    for at in draw(st.lists(st.integers(1, len(text) - 1), max_size=2)):
        tags.append(Tag((at, at), "img", "<img src='a'>"))
    return tidy(Block(text, "paragraph", tuple(tags)))


@given(block=marked())
@settings(max_examples=200, deadline=None)
def test_any_text_and_markup_is_read_back_as_it_was_written(block: Block) -> None:
    again = read(render("<p> one<br/>two </p>", [block]))
    assert [found.text for found in again] == [block.text]
    assert sorted((tag.span, tag.kind) for tag in again[0].markup) == sorted(
        (tag.span, tag.kind) for tag in block.markup
    )
