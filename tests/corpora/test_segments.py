"""Sentences: hand-written cases for each language, and what must hold for any text."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpora.documents.inline import tidy
from corpora.records import Block, Tag
from corpora.segments import assemble, segment, split

Translated = dict[str, tuple[str, tuple[Tag, ...]]]

# `|` marks the boundaries; the white space around it belongs to the text
CASES = {
    "en": [
        "Mr. Smith met Dr. J. K. Rowling. | She left.",
        "He lives in the U.S. | The move was hard.",
        "The U.S. Senate met Gen. Lee at 5 p.m. Friday. | It was late.",
        "It cost $3.5 million. | 27 people paid.",
        "See No. 5, p. 12, and Fig. 3. | Then stop.",
        "“Why?” she asked. | “Because.” | He left.",
        '"Stop!" he said. | "Why?" Smith asked. | She said: "No." | He went.',
        "He said he was “tired.” | Then he slept.",
        "Apple Inc. reported gains, e.g. in China, i.e. abroad. | Good.",
        "Visit https://example.org/a.b?c=d. | Mail me@example.org. | Done.",
        "Wait... what? | No. | Yes!",
        "Wait… | Then he left.",
        "It ended.[12] | A new one (it began in 2018.) | So it goes.",
        "George W. Bush and Robert F. Kennedy Jr. came. | So did I. | The end.",
        "1. First things first. | Then the rest.",
        "Assoc. Prof. Tohti and Asst. Prof. Li met Mme. Ye. | They left.",
        "III. The arrest",
        "IV. What happened next? | I do not know.",
        "Q. Where were you born? | A. In Ghulja.",
        "See vol. II, ch. IV. | It is there.",
        "“How many were you?” I asked. | “Twelve,” he said.",
        "“Stop!” I shouted at them, and ran. | “Why?” I asked the guard.",
        "“Stop!” | I said nothing. | “Why?” | I have no idea.",
        "It was Jan. 5, 2018, in St. Louis, Mo. | The rain fell.",
        "He worked for the C.I.A. and the F.B.I. until 1990.",
        "iPhone sales fell. | iPhones are dear.",
        "– Yes. | – No. | – Why?",
        "Yahoo! and others came. | Really?! | Yes.",
        "He read “War and Peace.” | “It is long,” he said.",
        "Prices rose by 3.5 percent vs. 2.1 a year before, according to Prof. Li et al. | They fell later.",
    ],
    "kk": [
        "Ж. Сауытбай т.б. адамдар келді. | Олар кетті.",
        "Ол 2018 ж. сәуірде шекарадан өтті. | Сот болды.",
        "Алматы қ. тұрғыны, проф. С. Қирабаев т.с.с. | Бұл рас.",
        "«Неге?» – деп сұрады ол. | «Білмеймін.» | Ол үндемеді.",
        "– Иә. | – Жоқ! – деді ол. | – Неге?",
        "Халық 19 млн. адамға жетті. | Бағасы 3,5 млн. теңге.",
        "Ол айтты: “Болды.” | ”Әрине”, – деді ол.",
        "Әңгіме ұзақ болды... | Бірақ ол үндемеді.",
        "АҚШ-тың 5-бабы. | БҰҰ есебі 10.05.2018 күні шықты.",
        "Кім? | Қайда! | Ғажап…",
    ],
    "ru": [
        "В 2018 г. она бежала. | Она жила в г. Алматы на ул. Абая.",
        "Это было в 2018 г. | Она бежала, т. е. ушла, и т. д. | Потом вернулась.",
        "А. С. Пушкин и Ж. Сауытбай им. Ленина. | Конец.",
        "В. Где вы родились? | О. В Кульдже.",
        "Дж. Буш и зам. Министра встретились. | Всё.",
        "«Почему?» — спросил он. | «Потому». | Он ушёл.",
        "– Да. | – Нет. | – Почему? – сказала она. | – Потому.",
        "Он сказал: «Хватит!» | Все ушли.",
        "Выпало 10 см. | Для юга это много, см. рис. 2.",
        "Это стоит 5 тыс. руб. | Дорого? | Да…",
        "См. ст. 5 и п. 3 закона. | В XIX в. его не было.",
        "Скорость 19 км/ч. | Ветер стих. | Он ждал... и ушёл.",
        "и др. авторы, напр. проф. Иванов, г-н Ли и т.п. | Всё.",
    ],
    "ug": [
        "ئۇ كەلدى. | ئۇ كەتتى. | نېمىشقا؟ | ياق!",
        "«نېمىشقا؟» دەپ سورىدى ئۇ. | «چۈنكى.» | ئۇ كەتتى.",
        "ئۇ 2018-يىلى 3.5 مىليون كىشىنى كۆردى. | BBC خەۋەر قىلدى.",
        "ئۇ «كېلىمەن.» دېدى. | بىز كۈتتۇق؛ ئۇ كەلمىدى۔ | بولدى.",
        "ج. سىمىت ۋە ئا. راخمان كەلدى. | ئۇلار كەتتى.",
        "ئۇ weather.com نى ئوقۇدى. | weather.com خەۋەر قىلدى.",
    ],
    "zh": [
        "他来了。|她走了！|为什么？|不知道……|好。",
        "“为什么？”她问。|“因为。”|他走了。",
        "他说：“够了！”|大家都走了。",
        "他在2018年花了3.5亿元。|BBC报道了此事。",
        "（他来了。）|她走了。",
        "「好。」他说。|「好。」|他走了。",
        "J. K. 罗琳和Mr. Smith来了。|他们走了.|她没走。",
        "《人民日报》报道。|“他说，好。”",
        "“他来了。“|她走了。",
    ],
}


@pytest.mark.parametrize(("lang", "case"), [(lang, case) for lang, cases in CASES.items() for case in cases])
def test_sentences_by_hand(lang: str, case: str) -> None:
    parts = [part.strip() for part in case.split("|")]
    text = ("" if lang == "zh" else " ").join(parts)
    assert [text[start:end] for start, end in split(text, lang)] == parts


def test_a_line_end_is_a_boundary_and_empty_text_has_no_sentence() -> None:
    text = "A headline\nThe text\r\n\r\n goes on. "
    assert [text[start:end] for start, end in split(text, "en")] == ["A headline", "The text", "goes on."]
    assert split("", "en") == []
    assert split(" \n\t", "zh") == []


def test_a_language_without_tables_goes_by_the_general_rules() -> None:
    assert len(split("Bir. İki. Üç?", "tr")) == 3


LANGS = st.sampled_from(["en", "kk", "ug", "ru", "zh", "tr"])
_MARKS = """. ! ? … ؟ ۔ 。 ！ ” “ " » « ) ( A b Ж ق 中 5 Mr U.S т.б г — [1] e\u0301 \u200c \u202e 😀"""
PIECES = st.sampled_from([*_MARKS.split(" "), " ", "\n", "\r", "\u00a0", "\u2028", "\x1c"])
TEXTS = st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=50).map("".join))


@given(text=TEXTS, lang=LANGS)
@settings(max_examples=500, deadline=None)
def test_sentences_cover_everything_but_white_space_once_and_in_order(text: str, lang: str) -> None:
    done = 0
    for start, end in split(text, lang):
        assert done <= start < end <= len(text)
        assert not text[done:start].strip()
        assert text[start:end] == text[start:end].strip()
        assert not set(text[start:end]) & {"\n", "\r"}
        done = end
    assert not text[done:].strip()


@given(text=TEXTS, lang=LANGS)
@settings(max_examples=200, deadline=None)
def test_nothing_without_letters_or_digits_is_a_sentence_beside_others(text: str, lang: str) -> None:
    for line in text.replace("\r", "\n").split("\n"):
        sentences = [line[start:end] for start, end in split(line, lang)]
        assert len(sentences) <= 1 or all(any(char.isalnum() for char in sentence) for sentence in sentences)


@pytest.mark.parametrize(
    "text", ["." * 10**6, ". " * 10**5, "a. " * 10**5, '." ' * 10**5, "。“" * 10**5, "«А. " * 10**5]
)
def test_hostile_text_is_split_like_any_other(text: str) -> None:
    spans = split(text, "ru")
    assert spans[0][0] == 0
    assert spans[-1][1] == len(text.rstrip())


MARKS = [("b", "<b>", "</b>"), ("a", "<a>", "</a>"), ("i", "<i>", "</i>")]


@st.composite
def blocks(draw: st.DrawFn) -> Block:
    """Draw a block of a few sentences with tags that nest, over sentence ends or not, and objects."""
    words = st.sampled_from(["Ab.", "Cd?", "ef", "Gh.", "5", "“Ij.”", "kl\nMn.", "Qazaq", "u.s.", "Жж."])
    text = " ".join(draw(st.lists(words, min_size=1, max_size=9)))
    tags: list[Tag] = []
    for kind, left, right in draw(st.lists(st.sampled_from(MARKS), max_size=3, unique=True)):
        start, end = sorted((draw(st.integers(0, len(text))), draw(st.integers(0, len(text)))))
        crossing = any(a < start < b < end or start < a < end < b for a, b in (tag.span for tag in tags))
        if text[start:end].strip() and not crossing:
            tags.append(Tag((start, end), kind, left, right))
    for at in draw(st.lists(st.integers(0, len(text)), max_size=2)):
        if not text[at : at + 1].isspace() and not text[max(at - 1, 0) : at].isspace():
            tags.append(Tag((at, at), "img", f"<img {at}>"))
    return tidy(Block(text, "paragraph", tuple(tags)))


@given(drawn=st.lists(blocks(), max_size=4))
@settings(max_examples=300, deadline=None)
def test_what_was_cut_is_joined_again_as_it_was(drawn: list[Block]) -> None:
    parts = segment("doc", drawn, "en")
    assert len({part.id for part in parts}) == len(parts)
    assert all(0 <= tag.span[0] <= tag.span[1] <= len(part.text) for part in parts for tag in part.markup)
    same = {part.id: (part.text, part.markup) for part in parts}
    assert assemble(drawn, parts, same, "en") == drawn


def test_ids_name_document_block_and_sentence() -> None:
    parts = segment("a/b.txt", [Block("One. Two."), Block("Three.")], "en")
    assert [part.id for part in parts] == ["a/b.txt:0:0", "a/b.txt:0:1", "a/b.txt:1:0"]
    assert [part.paragraph for part in parts] == [0, 0, 1]


def test_a_tag_over_two_sentences_is_one_again_and_two_tags_stay_two() -> None:
    bold = ("b", "<b>", "</b>")
    source = [Block("One. Two. Three.", markup=(Tag((0, 9), *bold), Tag((10, 16), *bold)))]
    parts = segment("d", source, "en")
    assert [part.markup for part in parts] == [
        (Tag((0, 4), *bold),),
        (Tag((0, 4), *bold),),
        (Tag((0, 6), *bold),),
    ]
    words = {"d:0:0": "Бір.", "d:0:1": "Екі.", "d:0:2": "Үш."}
    translated: Translated = {key: (text, (Tag((0, len(text)), *bold),)) for key, text in words.items()}
    assert assemble(source, parts, translated, "kk") == [
        Block("Бір. Екі. Үш.", markup=(Tag((0, 9), *bold), Tag((10, 13), *bold)))
    ]
    translated["d:0:1"] = ("Екі.", ())
    assert [tag.span for tag in assemble(source, parts, translated, "kk")[0].markup] == [(0, 4), (10, 13)]


@pytest.mark.parametrize(
    ("lang", "joined"), [("zh", "甲。乙。\n丙。"), ("ug", "甲。 乙。\n丙。"), ("ru", "甲。 乙。\n丙。")]
)
def test_sentences_are_joined_as_the_target_does_and_lines_stay(lang: str, joined: str) -> None:
    source = [Block("One. Two.\nThree.")]
    parts = segment("d", source, "en")
    translated = {part.id: (text, ()) for part, text in zip(parts, ["甲。", "乙。", "丙。"], strict=True)}
    assert assemble(source, parts, translated, lang) == [Block(joined)]


def test_chinese_sentences_are_joined_with_a_space_elsewhere() -> None:
    source = [Block("他来了。她走了。")]
    parts = segment("d", source, "zh")
    assert (
        assemble(source, parts, {"d:0:0": ("Ол келді.", ()), "d:0:1": ("Ол кетті.", ())}, "kk")[0].text
        == "Ол келді. Ол кетті."
    )


def test_nothing_is_ever_left_out_silently() -> None:
    source = [Block("One. Two."), Block("Three.")]
    parts = segment("d", source, "en")
    full = {part.id: (part.text, ()) for part in parts}
    with pytest.raises(ValueError, match="1 of 3 segments have no translation, the first is d:0:1"):
        assemble(source, parts, {key: value for key, value in full.items() if key != "d:0:1"}, "kk")
    with pytest.raises(ValueError, match="do not cover"):
        assemble(source, [parts[0], parts[2]], full, "kk")
    with pytest.raises(ValueError, match="more than the 1 blocks"):
        assemble(source[:1], parts, full, "kk")
    with pytest.raises(ValueError, match="does not belong"):
        assemble(source, [replace(parts[0], text="Other."), *parts[1:]], full, "kk")
    with pytest.raises(ValueError, match="do not cover"):
        assemble(source, parts[:2], full, "kk")


def command(*options: str, data: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    code = "from pipeline.cli import main; main()"
    return subprocess.run(
        [sys.executable, "-c", code, "split", *options], input=data, capture_output=True, check=False
    )


def test_the_command_writes_one_sentence_a_line() -> None:
    data = "Ол 2018 ж. келді. Ол кетті.\r\n\r\nТақырып\nСоңы.".encode()
    done = command("-", "--lang", "kk", data=data)
    assert done.returncode == 0
    assert done.stdout.decode().splitlines() == ["Ол 2018 ж. келді.", "Ол кетті.", "Тақырып", "Соңы."]
    assert done.stderr == b""


@pytest.mark.parametrize(
    ("options", "data", "code", "message"),
    [
        (("--lang", "xx"), b"A.", 2, "unknown language 'xx'"),
        (("missing.txt", "--lang", "en"), b"", 3, "missing.txt: no such file"),
        (("--lang", "en"), b"ok\n\xff", 2, "line 2: not UTF-8"),
        ((), b"A.", 2, "--lang"),
    ],
)
def test_the_command_says_what_is_wrong(
    options: tuple[str, ...], data: bytes, code: int, message: str
) -> None:
    done = command(*options, data=data)
    assert done.returncode == code
    assert message in done.stderr.decode()
    assert done.stdout == b""
