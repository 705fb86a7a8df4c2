"""Markdown: blocks, inline markup both ways, text that must not become markup."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpora.documents import markdown
from corpora.documents.inline import tidy
from corpora.errors import InputError
from corpora.records import Block, Tag

SAMPLE = """---
title: Stays
---
Heading *one*
===

## Second one ##

A paragraph that goes
over two lines, with [a link](https://example.org/a_b "A title").

> A quote{two}
> with a break.
>
> 1. a number
>    goes on

- [ ] a task
- a bullet

| Name | What |
|:-----|------|
| one \\| two | `x\\|y` |

```text
code stays
```

    indented code stays

<!-- a comment stays -->

<div class="x">
Words in <b>HTML</b>
</div>

> [!NOTE]
> Mind this.

A note.[^1]

[^1]: What it says,
    and more.
[^2]: What that says.

[ref]: https://example.org "Stays"
""".replace("{two}", "  ")


def read(source: str) -> list[Block]:
    return markdown.read(source.encode(), "x.md")


def render(source: str, blocks: list[Block], lang: str = "kk") -> str:
    return markdown.render(source.encode(), "x.md", blocks, lang).decode()


def test_every_kind_of_block_is_read_in_order() -> None:
    assert [(block.kind, block.text) for block in read(SAMPLE)] == [
        ("heading", "Heading one"),
        ("heading", "Second one"),
        ("paragraph", "A paragraph that goes over two lines, with a link."),
        ("quote", "A quote\nwith a break."),
        ("item", "a number goes on"),
        ("item", "a task"),
        ("item", "a bullet"),
        ("cell", "Name"),
        ("cell", "What"),
        ("cell", "one | two"),
        ("paragraph", "Words in HTML"),
        ("quote", "Mind this."),
        ("paragraph", "A note."),
        ("paragraph", "What it says, and more."),
        ("paragraph", "What that says."),
    ]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_only_the_text_changes(newline: str) -> None:
    source = SAMPLE.replace("\n", newline)
    upper = [replace(block, text=block.text.upper()) for block in read(source)]
    expected = (
        SAMPLE.replace("Heading *one*", "HEADING *ONE*")
        .replace("Second one", "SECOND ONE")
        .replace(
            "A paragraph that goes\nover two lines, with [a link]",
            "A PARAGRAPH THAT GOES OVER TWO LINES, WITH [A LINK]",
        )
        .replace("A quote", "A QUOTE")
        .replace("with a break", "WITH A BREAK")
        .replace("a number\n>    goes on", "A NUMBER GOES ON")
        .replace("a task", "A TASK")
        .replace("a bullet", "A BULLET")
        .replace("| Name | What |", "| NAME | WHAT |")
        .replace("one \\| two", "ONE \\| TWO")
        .replace("Words in <b>HTML", "WORDS IN <b>HTML")
        .replace("Mind this", "MIND THIS")
        .replace("A note", "A NOTE")
        .replace("What it says,\n    and more", "WHAT IT SAYS, AND MORE")
        .replace("What that says", "WHAT THAT SAYS")
    )
    assert render(source, upper) == expected.replace("\n", newline)


PLACES = [
    "{}\n",
    "# {} #\n",
    "{}\n---\n",
    "- a\n\n  > 1. {}\n",
    "* * {}\n",
    "| a | {} | b |\n|---|---|---|\n",
    "[z]: y\n\n{}",
]
TEXTS = st.text(
    alphabet=st.one_of(
        st.sampled_from("\\`*_{}[]()#+-.!|<>&~=:;\"'^$%/ \n"),
        st.sampled_from("aбە中1қ。”“»،ا️\u0301\u200c"),
    ),
    min_size=1,
    max_size=24,
)
MARKS = [
    ("em", "*", "*"),
    ("strong", "__", "__"),
    ("s", "~~", "~~"),
    ("link", "[", '](<a_(b> "c\\"d")'),
    ("b", "<b>", "</b>"),
]
OBJECTS = [
    ("code_inline", "``a`b``"),
    ("image", '![x](<a b> "c")'),
    ("footnote", "[^1]"),
    ("autolink", "<http://a.b>"),
]


@st.composite
def marked(draw: st.DrawFn) -> Block:
    """Draw a block with tags that nest and objects anywhere."""
    text = "x" + draw(TEXTS) + "y"
    tags: list[Tag] = []
    spans: list[tuple[int, int]] = []
    for kind, left, right in draw(st.lists(st.sampled_from(MARKS), max_size=3, unique=True)):
        start, end = sorted((draw(st.integers(0, len(text))), draw(st.integers(0, len(text)))))
        crossing = any(a < start < b < end or start < a < end < b for a, b in spans)
        crossing |= any(
            unicodedata.category(char)[0] == "M" for char in text[start : start + 1] + text[end : end + 1]
        )
        if start < end and not crossing and (start, end) not in spans and text[start:end].strip():
            spans.append((start, end))
            tags.append(Tag((start, end), kind, left, right))
    for kind, raw in draw(st.lists(st.sampled_from(OBJECTS), max_size=2, unique=True)):
        at = draw(st.integers(0, len(text)))
        if not any(tag.kind == "link" and tag.span[0] < at < tag.span[1] for tag in tags):
            tags.append(Tag((at, at), kind, raw))
    return tidy(Block(text, "paragraph", tuple(tags)))


@pytest.mark.parametrize("place", PLACES)
@given(block=marked())
@settings(max_examples=60, deadline=None)
def test_any_text_and_markup_is_read_back_as_it_was_written(place: str, block: Block) -> None:
    source = place.format("word")
    index = [known.text for known in read(source)].index("word")
    blocks = read(source)
    blocks[index] = replace(block, kind=blocks[index].kind)
    again = read(render(source, blocks))
    assert len(again) == len(blocks)
    assert again[index].text == block.text
    assert [(tag.span, tag.kind) for tag in again[index].markup] == [
        (tag.span, tag.kind) for tag in block.markup
    ]
    kept = {"link", "image", "code_inline", "footnote", "autolink", "b"}
    assert [tag for tag in again[index].markup if tag.kind in kept] == [
        tag for tag in block.markup if tag.kind in kept
    ]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("# not a heading", "\\# not a heading"),
        ("- not a list", "\\- not a list"),
        ("1. not a list", "1\\. not a list"),
        ("2018. жылы", "2018\\. жылы"),
        ("> not a quote", "\\> not a quote"),
        ("*not* _emphasis_ but snake_case", "\\*not\\* \\_emphasis\\_ but snake_case"),
        ("[not](a-link) ![x](y)", "\\[not\\](a-link) !\\[x\\](y)"),
        ("<b>not</b> <script>alert(1)</script>", "\\<b>not\\</b> \\<script>alert(1)\\</script>"),
        ("&amp; R&D", "&amp;amp; R&D"),
        ("«Сөз» — 5 % (сұрақ?)", "«Сөз» — 5 % (сұрақ?)"),
        ("ئۇيغۇر: «سىناق»؟", "ئۇيغۇر: «سىناق»؟"),
    ],
)
def test_text_cannot_become_markup(text: str, written: str) -> None:
    assert render("word\n", [Block(text)]) == written + "\n"


def test_emphasis_that_markdown_cannot_express_becomes_html() -> None:
    block = Block("他说“你好”。", "paragraph", (Tag((2, 6), "strong", "**", "**"),))
    assert render("word", [block], "zh") == "他说<strong>“你好”</strong>。"
    suffix = Block("Алматыда", "paragraph", (Tag((0, 6), "em", "_", "_"),))
    assert render("word", [suffix]) == "*Алматы*да"


def test_hard_breaks_keep_the_marks_of_the_lines_before_them() -> None:
    source = "> - one\\\n>   two\n"
    assert read(source)[0].text == "one\ntwo"
    assert render(source, [Block("бір\nекі\nүш", "item")]) == "> - бір\\\n>   екі\\\n>   үш\n"
    assert render("# word\n", [Block("a\nb", "heading")]) == "# a<br>b\n"


def test_html_tags_that_cross_emphasis_do_not_break_it() -> None:
    source = "<b>*a</b> b* [c <i>d](u)</i>\n"
    block = read(source)[0]
    assert [tag.kind for tag in block.markup if tag.close] == ["em", "link"]
    assert render(source, [replace(block, text=block.text.upper())]) == "<b>*A</b> B* [C <i>D](u)</i>\n"


def test_a_footnote_of_one_word_is_text() -> None:
    source = "A[^1] word.\n\n[^1]: Note\n"
    assert [block.text for block in read(source)] == ["A word.", "Note"]
    assert render(source, [read(source)[0], Block("Ескерту")]) == "A[^1] word.\n\n[^1]: Ескерту\n"


def test_a_reference_link_keeps_its_address() -> None:
    source = "See [it][ref].\n\n[ref]: https://example.org/ä?a=1&b=2 (Title)\n"
    changed = [replace(block, text=block.text.replace("See", "Қар")) for block in read(source)]
    assert render(source, changed).startswith('Қар [it](https://example.org/ä?a=1&b=2 "Title").\n')


@pytest.mark.parametrize("mark", ["> ", "- "])
def test_absurd_nesting_is_refused_with_its_line(mark: str) -> None:
    with pytest.raises(InputError, match=r"x\.md, line 3: lists or quotes are nested too deeply"):
        read("ok\n\n" + mark * 60 + "word")


@pytest.mark.parametrize(
    "source", ["[" * 20_000, "*a " * 20_000, "<" * 20_000, "a" + "`" * 9_999 + "a", "![" * 9_000 + "a"]
)
def test_hostile_input_is_read_like_any_other(source: str) -> None:
    blocks = read(source + "\n\nend")
    assert blocks[-1].text == "end"
    assert render(source + "\n\nend", blocks) == source + "\n\nend"
