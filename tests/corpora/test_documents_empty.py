"""Blocks whose translation is empty are written, and nothing around them changes; objects before a stop."""

from __future__ import annotations

from dataclasses import replace

import pytest
from markdown_it import MarkdownIt

from corpora.documents import markdown_inline, read, render
from corpora.errors import InputError
from corpora.records import Block, Tag
from corpora.segments import segment

MARKDOWN = """# Head ##

Para one.

* item
* item2 **b**
- a

  more
- b
  - inner

> quote
> > nested

Set
===

a | b
--|--
c | d

| e | f |
|---|---|
| g | h |

1. [x](u) tail

- [ ] task

> [!NOTE]
> alert text

last ![img](x.png) words

<div>
text
<b title="some title">foo</b> bar
<p>
next
</p>
</div>

with <img src=a>
"""
HTML = (
    "<h1>Head</h1><p>Para <b>b</b> x <img src=x> y</p><ul><li>one<li>two</ul><table><tr><td>c</td><td>d</td>"
    "</tr></table><blockquote>q</blockquote><p title='tip'>first<br>second</p>"
)
TEXT = "Para one.\n\n- item\n- other\n\n   indented\n\nLast.\n"
DOCUMENTS = {"a.md": MARKDOWN, "crlf.md": MARKDOWN.replace("\n", "\r\n"), "a.html": HTML, "a.txt": TEXT}
PLACES = [(name, at) for name, text in DOCUMENTS.items() for at in range(len(read(text.encode(), name)))]


def _structure(text: str) -> list[tuple[str, int]]:
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    return [(token.type, token.level) for token in tokens if token.type != "inline"]


@pytest.mark.parametrize("objects", [False, True])
@pytest.mark.parametrize(("name", "at"), PLACES)
def test_an_empty_block_leaves_all_others_as_they_are(name: str, at: int, objects: bool) -> None:
    data = DOCUMENTS[name].encode()
    blocks = read(data, name)
    tags = tuple(replace(tag, span=(0, 0)) for tag in blocks[at].markup) if objects else ()
    empty = replace(blocks[at], text="", markup=tags)
    written = render(data, name, [*blocks[:at], empty, *blocks[at + 1 :]], "kk")
    again = read(written, name)
    assert [block.text for block in again] == [
        block.text for number, block in enumerate(blocks) if number != at
    ]
    if name.endswith(".md"):
        assert _structure(written.decode()) == _structure(data.decode())
    for tag in tags:
        assert tag.close or tag.open.strip().encode() in written


@pytest.mark.parametrize("name", DOCUMENTS)
def test_all_blocks_may_be_empty(name: str) -> None:
    data = DOCUMENTS[name].encode()
    empty = [replace(block, text="", markup=()) for block in read(data, name)]
    written = render(data, name, empty, "ug").decode()
    if name.endswith(".md"):
        assert _structure(written) == _structure(data.decode())
    assert not any(word in written for word in ("Para", "item", "Head", "first"))


def test_an_empty_speaker_and_an_empty_speech_stay_apart() -> None:
    data = b"Name Xu: says hello\n"
    label, speech = read(data, "a.txt")
    assert render(data, "a.txt", [replace(label, text=""), speech], "kk") == b": says hello\n"
    assert render(data, "a.txt", [label, replace(speech, text="")], "kk") == b"Name Xu: \n"


def test_what_cannot_be_written_is_named_by_its_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(markdown_inline, "_reread", lambda *_: None)
    data = b"# Title\n\nA secret name.\n"
    title, block = read(data, "a.md")
    with pytest.raises(InputError) as caught:
        render(data, "a.md", [title, replace(block, text="Құпия есім.")], "kk")
    assert caught.value.place == "a.md, line 3"
    assert "Құпия" not in str(caught.value)
    assert "secret" not in str(caught.value)


STOPPED = "Look here & AT&T <https://e.com/a>.\n"


def test_no_space_dangles_where_an_object_stood_before_a_stop() -> None:
    (block,) = read(STOPPED.encode(), "a.md")
    assert block.text == "Look here & AT&T."
    assert [part.text for part in segment("a.md", [block], "en")] == ["Look here & AT&T."]
    assert block.markup == (Tag((16, 16), "autolink", " <https://e.com/a>"),)
    html = b"<p>Use <code>x</code> and <code>y</code>, or .NET <img src=a> .NET <img src=b>.net.</p>"
    assert read(html, "a.html")[0].text == "Use and, or .NET .NET .net."


@pytest.mark.parametrize("words", ["AT&T қараңыз", "بۇ يەرگە AT&T", "这里 AT&T"])
@pytest.mark.parametrize("gap", ["", " "])
def test_an_object_before_a_stop_has_one_space_before_it_and_none_too_many(words: str, gap: str) -> None:
    at = len(words)
    tag = Tag((at, at), "autolink", " <https://e.com/a>")
    written = render(STOPPED.encode(), "a.md", [Block(f"{words}{gap}.", markup=(tag,))], "kk").decode()
    assert written.removesuffix("\n") == f"{words} <https://e.com/a>{gap}."
    (again,) = read(written.encode(), "a.md")
    assert again.text.replace(" ", "") == f"{words}.".replace(" ", "")
