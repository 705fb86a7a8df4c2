"""Inline markup on translations: what is placed by which evidence, what is flagged, that all of it nests."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpora.documents import markdown
from corpora.documents.markup import project
from corpora.records import Flag, Segment, Span, Tag
from corpora.segments import assemble, segment


def find(text: str, words: str) -> Span:
    start = text.index(words)
    return start, start + len(words)


def place(
    source: str, target: str, lang: str = "kk", pairs: dict[str, str] | None = None
) -> tuple[str, list[tuple[str, str]]]:
    """Translate one sentence of Markdown; return it as Markdown, and the flags (check, severity)."""
    blocks = markdown.read(source.encode(), "x.md")
    (part,) = segment("x", blocks, "en")
    anchors = [(find(part.text, left), find(target, right)) for left, right in (pairs or {}).items()]
    tags, flags = project(part, target, lang, anchors)
    new = assemble(blocks, [part], {part.id: (target, tags)}, lang)
    written = markdown.render(source.encode(), "x.md", new, lang).decode()
    return written, [(flag.check, flag.severity) for flag in flags]


@pytest.mark.parametrize(
    ("source", "target", "lang", "pairs", "expected"),
    [
        ("**All of it.**", "Барлығы.", "kk", {}, "**Барлығы.**"),
        ("**All of it**.", "Барлығы.", "kk", {}, "**Барлығы**."),
        ("“*All of it*”.", "«Барлығы».", "kk", {}, "*«Барлығы*»."),
        ("**Note:** words here.", "Ескерту: сөздер.", "kk", {}, "**Ескерту:** сөздер."),
        ("**Note**: words here.", "注意：一些话。", "zh", {}, "**注意**：一些话。"),
        ("It was **2018** then.", "Ол 2018 жыл еді.", "kk", {}, "Ол **2018** жыл еді."),
        ("He told the *BBC* so.", "ئۇ BBC غا ئېيتتى.", "ug", {}, "ئۇ *BBC* غا ئېيتتى."),
        (
            "She left *Almaty* then.",
            "Содан ол Алматыдан кетті.",
            "kk",
            {"Almaty": "Алматыдан"},
            "Содан ол *Алматыдан* кетті.",
        ),
        (
            "He met [Sayragul *Sauytbay*](u) there.",
            "Там он встретил Сайрагуль Сауытбай.",
            "ru",
            {"Sayragul": "Сайрагуль", "Sauytbay": "Сауытбай"},
            "Там он встретил [Сайрагуль *Сауытбай*](u).",
        ),
        (
            "It fell on *East Turkestan* alone.",
            "只有东突厥斯坦。",
            "zh",
            {"East Turkestan": "东突厥斯坦"},
            "只有*东突厥斯坦*。",
        ),
        ("A gate.[^1]", "Қақпа.", "kk", {}, "Қақпа.[^1]"),
        ("A gate[^1].", "Қақпа.", "kk", {}, "Қақпа[^1]."),
        ("![x](y) A gate.", "Қақпа.", "kk", {}, "![x](y) Қақпа."),
        ("In 2018[^1] it fell.", "Ол 2018 жылы құлады.", "kk", {}, "Ол 2018[^1] жылы құлады."),
    ],
)
def test_tags_go_where_the_evidence_says(
    source: str, target: str, lang: str, pairs: dict[str, str], expected: str
) -> None:
    assert place(source, target, lang, pairs) == (expected, [])


@pytest.mark.parametrize(
    ("source", "target", "expected", "flags"),
    [
        ("It was *not* so.", "Олай емес еді.", "Олай емес еді.", [("markup-lost", "warning")]),
        ("See [this page](u) now.", "Бетті қара.", "[Бетті қара.](u)", [("markup-moved", "warning")]),
        (
            "See [this](u) and [that](v) now.",
            "Мына және ана бетті қара.",
            "Мына [және](u) ана [бетті](v) қара.",
            [("markup-moved", "warning")] * 2,
        ),
        (
            "Press `x` to go on now.",
            "Жалғастыру үшін басыңыз.",
            "Жалғастыру `x` үшін басыңыз.",
            [("markup-moved", "info")],
        ),
        ("[one](u) and [two](v)", "۔", "۔", [("markup-lost", "error")] * 2),
    ],
)
def test_what_has_no_evidence_is_flagged(
    source: str, target: str, expected: str, flags: list[tuple[str, str]]
) -> None:
    assert place(source, target) == (expected, flags)


def test_anchors_that_contradict_a_tag_do_not_move_it() -> None:
    source = Segment("d:0:0", "Ana met Ben and Cleo.", (Tag((0, 11), "b", "<b>", "</b>"),))
    target = "Бен, Клео, Ана"
    anchors = [((0, 3), (11, 14)), ((8, 11), (0, 3)), ((16, 20), (5, 9))]
    tags, flags = project(source, target, "kk", anchors)
    assert tags == ()
    assert [flag.check for flag in flags] == ["markup-lost"]


def test_a_copied_sentence_keeps_its_markup_as_it_is() -> None:
    source = Segment("d:0:0", "a b", (Tag((0, 1), "b", "<b>", "</b>"), Tag((2, 2), "img", "<img>")))
    assert project(source, "a b", "kk", []) == (source.markup, ())
    assert project(Segment("d:0:1", "a b"), "в", "ru", []) == ((), ())


KINDS = [("a", "<a>", "</a>"), ("b", "<b>", "</b>"), ("i", "<i>", "</i>"), ("a", "<a x>", "</a>")]
TEXT = st.text(alphabet="ab BBC 2018 .:,қُ中“”", max_size=30).map(lambda text: f"x{text.strip()}y")
SPAN = st.tuples(st.integers(-2, 32), st.integers(-2, 32))


@given(
    source=TEXT,
    target=st.one_of(TEXT, st.sampled_from(["", " ", "."])),
    lang=st.sampled_from(["kk", "ug", "ru", "zh"]),
    drawn=st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 32), st.integers(0, 32)), max_size=5),
    anchors=st.lists(st.tuples(SPAN, SPAN), max_size=5),
)
@settings(max_examples=400, deadline=None)
def test_whatever_comes_in_tags_nest_and_none_disappears_unflagged(
    source: str,
    target: str,
    lang: str,
    drawn: list[tuple[tuple[str, str, str], int, int]],
    anchors: list[tuple[tuple[int, int], tuple[int, int]]],
) -> None:
    tags: list[Tag] = []
    for number, ((kind, left, right), one, two) in enumerate(drawn):
        start, end = sorted((min(one, len(source)), min(two, len(source))))
        if start == end:
            tags.append(Tag((start, start), "img", f"<img {number}>"))
        elif not any(a < start < b < end or start < a < end < b for a, b in (tag.span for tag in tags)):
            tags.append(Tag((start, end), kind, left, right))
    placed, flags = project(Segment("d:0:0", source, tuple(tags)), target, lang, anchors)
    lost = [flag for flag in flags if flag.check == "markup-lost"]
    assert len(placed) + len(lost) == len(tags)
    assert sum(tag.kind == "img" for tag in placed) == sum(tag.kind == "img" for tag in tags)
    if any(char.isalnum() for char in target) and sum(tag.kind == "a" for tag in tags) == 1:
        assert any(tag.kind == "a" for tag in placed)
    ends: list[int] = []
    for tag in placed:
        start, end = tag.span
        assert 0 <= start <= end <= len(target)
        while ends and ends[-1] <= start:
            ends.pop()
        assert not ends or end <= ends[-1]
        if start < end:
            ends.append(end)
    assert all(isinstance(flag, Flag) and flag.message for flag in flags)
