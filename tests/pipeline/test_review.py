"""The review page, as a person sees it: in a real browser where one is installed, with hostile text in it."""

from __future__ import annotations

import base64
import hashlib
import http.server
import json
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from lxml import html as lxml_html

from corpora.records import Flag, Segment, Severity, Tag, TermUse, Translation, Verdict
from pipeline.publishing.marks import Mark, render
from pipeline.publishing.review import ReviewDocument, ReviewRow, render_review

WARNING = "starter: a small model made these drafts. They are not fit for publication."

# original sentences; per language: translation, [(term id, words in the source, form, case, rung, verdict)]
Use = tuple[str, str, str | None, str, int, Verdict]
NEWS: list[tuple[str, dict[str, tuple[str, list[Use]]]]] = [
    (
        "Gulnar Aliyeva told the BBC in Almaty on 3 March 2019 that she had no news of her brother.",
        {
            "kk": (
                "Гүлнар Әлиева 2019 жылғы 3 наурызда Алматыда BBC-ге бауырынан хабар жоғын айтты.",
                [
                    ("gulnar-aliyeva", "Gulnar Aliyeva", "Гүлнар Әлиева", "nom", 0, "passed"),
                    ("bbc", "BBC", "BBC-ге", "dat", 1, "passed"),
                    ("almaty", "Almaty", "Алматыда", "loc", 0, "passed"),
                ],
            ),
            "ug": (
                "گۈلنار ئالىيېۋا 2019-يىلى 3-مارت ئالمۇتىدا BBC غا ئىنىسىدىن خەۋەر يوقلۇقىنى ئېيتتى.",
                [
                    ("gulnar-aliyeva", "Gulnar Aliyeva", "گۈلنار ئالىيېۋا", "nom", 2, "passed"),
                    ("bbc", "BBC", "BBC", "nom", 0, "passed"),
                    ("almaty", "Almaty", "ئالمۇتىدا", "loc", 2, "passed"),
                ],
            ),
            "ru": (
                "Гульнар Алиева рассказала Би-би-си в Алма-Ате 3 марта 2019 года, что не знает, где брат.",
                [
                    ("gulnar-aliyeva", "Gulnar Aliyeva", "Гульнар Алиева", "nom", 0, "passed"),
                    ("bbc", "BBC", "Би-би-си", "dat", 0, "passed"),
                    ("almaty", "Almaty", None, "", 5, "failed"),
                ],
            ),
            "zh": (
                "古丽娜尔·阿丽耶娃2019年3月3日在阿拉木图对英国广播公司说，她没有弟弟的消息。",
                [
                    ("gulnar-aliyeva", "Gulnar Aliyeva", "古丽娜尔·阿丽耶娃", "", 4, "passed"),
                    ("bbc", "BBC", "英国广播公司", "", 0, "passed"),
                    ("almaty", "Almaty", "阿拉木图", "", 0, "passed"),
                ],
            ),
        },
    ),
    (
        "“They took my passport,” she said, “and told me to come back on Monday.”",
        {
            "kk": ("«Олар паспортымды алып қойды, — деді ол, — дүйсенбіде қайта кел деді».", []),
            "ug": ("«ئۇلار پاسپورتۇمنى ئېلىۋالدى، — دېدى ئۇ، — دۈشەنبە كۈنى قايتىپ كەل دېدى».", []),
            "ru": ("«У меня забрали паспорт, — сказала она, — и велели прийти в понедельник».", []),
            "zh": ("“他们拿走了我的护照，”她说，“叫我星期一再来。”", []),
        },
    ),
    (
        "The Border Committee answered by e-mail (press@border.example) within 48 hours.",
        {
            "kk": (
                "Шекара комитеті 48 сағат ішінде электрондық поштамен (press@border.example) жауап берді.",
                [("border-committee", "Border Committee", "Шекара комитеті", "nom", 0, "passed")],
            ),
            "ug": (
                "چېگرا كومىتېتى 48 سائەت ئىچىدە ئېلخەت (press@border.example) ئارقىلىق جاۋاب بەردى.",
                [("border-committee", "Border Committee", "چېگرا كومىتېتى", "nom", 0, "passed")],
            ),
            "ru": (
                "Пограничный комитет ответил по почте (press@border.example) в течение 48 часов.",
                [("border-committee", "Border Committee", None, "", 0, "untranslated")],
            ),
            "zh": (
                "边境委员会在48小时内通过电子邮件（press@border.example）作了答复。",
                [("border-committee", "Border Committee", "边境委员会", "", 0, "passed")],
            ),
        },
    ),
    (
        "Radio Free Europe counted 1,250 such cases between 2017 and 2019.",
        {
            "kk": ("Азат Еуропа радиосы 2017–2019 жылдары осындай 1 250 оқиғаны санады.", []),
            "ug": ("Radio Free Europe رادىيوسى 2017-2019-يىللىرى (جەمئىي 1,250) دېلونى ساناپ چىقتى.", []),
            "ru": ("Радио «Свободная Европа» насчитало 1250 таких случаев с 2017 по 2019 год.", []),
            "zh": ("自由欧洲电台统计，2017年至2019年间有1,250起这样的案件。", []),
        },
    ),
]
FLAGS: dict[tuple[str, int], list[tuple[str, Severity, str, str]]] = {
    ("kk", 3): [("latin-name", "info", "“Radio Free Europe” is not in the translation", "")],
    ("ug", 3): [("copied-source", "warning", "three words were copied from the source", "Radio Free Europe")],
    ("ru", 0): [
        ("term-missing", "error", "“Almaty” must be Алматы, Алматой or another form of Алматы", "Алма-Ате")
    ],
    ("ru", 2): [("term-untranslated", "warning", "the glossary has no Russian for “Border Committee”", "")],
    ("zh", 1): [("numbers", "warning", "a weekday was written as a number", "星期一")],
}


def row(path: str, lang: str, index: int) -> ReviewRow:
    source, versions = NEWS[index]
    text, terms = versions[lang]
    uses = tuple(
        TermUse(
            term,
            surface,
            (source.index(surface), source.index(surface) + len(surface)),
            form,
            (text.index(form), text.index(form) + len(form)) if form else None,
            case,
            rung if verdict != "untranslated" else None,
            verdict,
        )
        for term, surface, form, case, rung, verdict in terms
    )
    flags = tuple(
        Flag(check, severity, message, (text.index(at), text.index(at) + len(at)) if at else None)
        for check, severity, message, at in FLAGS.get((lang, index), [])
    )
    identity = f"{path}:{index // 2}:{index % 2}"
    return ReviewRow(
        Segment(identity, source),
        Translation(identity, lang, text, "starter", terms=uses),
        flags,
        reference=text if index == 1 else "",
        confidence=0.25 * (index + 1) if lang == "kk" else None,
    )


def documents() -> list[ReviewDocument]:
    score = {"score": 41.26, "ci": (38.0, 44.5), "signature": "nrefs:1|case:mixed"}
    return [
        ReviewDocument(
            path, lang, tuple(row(path, lang, index) for index in range(len(NEWS))), {"chrf": score}
        )
        for path in ("news/border.md", "talks/almaty.html")
        for lang in ("kk", "ug", "ru", "zh")
    ]


def review(found: list[ReviewDocument] | None = None) -> str:
    return render_review(
        documents() if found is None else found,
        title="Border stories",
        notices=[WARNING],
        generated="25 November 2026, terjiman 0.1.0",
    )


HOSTILE = (
    '</script><script>document.title="owned"</script><img src="//192.0.2.1/x" onerror="document.title=1">'
    "\"'><svg onload=alert(1)><!-- \u2028 &amp; <style>*{display:none}</style> javascript:alert(1)"
)


def parse(page: str) -> lxml_html.HtmlElement:
    return lxml_html.document_fromstring(page.encode(), parser=lxml_html.HTMLParser(encoding="utf-8"))


def browser() -> str:
    found = [shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome")]
    path = next((name for name in found if name), None)
    if path is None:
        pytest.skip("no Chromium or Chrome is installed")
    return path


def browse(folder: Path, page: str, fragment: str = "", *options: str) -> tuple[str, str]:
    """Open the page in a real browser; return the page as it is then, and what the browser logged."""
    file = folder / "page.html"
    file.write_text(page, encoding="utf-8")
    return browse_url(folder, file.as_uri() + fragment, *options)


def browse_url(folder: Path, url: str, *options: str) -> tuple[str, str]:
    command = [
        browser(), "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
        "--disable-dev-shm-usage",
        f"--user-data-dir={folder / 'profile'}", "--enable-logging=stderr", "--virtual-time-budget=2000",
        *options, "--dump-dom", url,
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, timeout=120, check=True)
    return done.stdout.decode(), done.stderr.decode(errors="replace")


def visible(page: str) -> list[lxml_html.HtmlElement]:
    return [one for one in parse(page).xpath("//article") if "hidden" not in one.attrib]


def text_of(page: str, identity: str) -> str:
    return str(parse(page).get_element_by_id(identity).text_content())


def test_the_page_is_one_file_with_a_policy_that_names_its_parts() -> None:
    root = parse(review())
    (policy,) = root.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    (style,), (script,) = root.xpath("//style"), root.xpath("//script")
    for part, element in (("style-src", style), ("script-src", script)):
        digest = base64.b64encode(hashlib.sha256((element.text or "").encode()).digest()).decode()
        assert f"{part} 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'; ")
    for element in root.iter(etree.Element):
        assert not [
            name for name in element.attrib if name.startswith("on") or name in ("style", "src", "action")
        ]
        assert element.get("href", "#").startswith(("#", "data:,"))
    assert not re.search(r"url\(|@import", style.text or "")


def test_doubts_come_first_and_nothing_is_hidden_without_the_script() -> None:
    root = parse(review())
    rows = root.xpath("//article")
    assert [one.get("data-sev") for one in rows] == ["error"] * 2 + ["warning"] * 6 + ["info"] * 2 + [
        "clean"
    ] * 22
    assert not root.xpath("//main//*[@hidden][not(@id='none' or @id='filtered')]")
    assert "hidden" in root.get_element_by_id("controls").attrib
    assert WARNING in root.xpath("string(//aside[@class='notice'])")


def test_every_text_says_its_language_and_direction() -> None:
    root = parse(review())
    directions = {one.get("lang"): one.get("dir") for one in root.xpath("//p[@class='target']")}
    assert directions == {"kk": "ltr", "ug": "rtl", "ru": "ltr", "zh-Hans": "ltr"}
    assert {one.get("dir") for one in root.xpath("//p[@class='source']")} == {"ltr"}
    assert all(
        one.get("lang") and one.get("dir") for one in root.xpath("//*[@class='form' or @class='surface']")
    )


def test_terms_are_marked_on_both_sides_and_told_in_words() -> None:
    row = parse(review()).xpath("//article[@data-lang='ru'][@data-sev='error']")[0]
    assert row.xpath("string(.//p[@class='source']//mark[contains(@class, 'failed')])") == "Almaty"
    assert row.xpath(".//p[@class='target']//mark[contains(@class, 'passed')]/text()") == [
        "Гульнар Алиева",
        "Би-би-си",
    ]
    details = row.xpath(".//details[@class='terms']")[0]
    assert "open" in details.attrib
    assert "3 terms, 1 wrong" in details.text_content()
    assert "rung 5: could not be enforced" in details.text_content()
    assert [one.get("data-n") for one in row.xpath(".//p[@class='source']//*[@class='figure']")] == [
        "1",
        "2",
        "3",
    ]


def test_latin_words_and_numbers_keep_their_direction_in_uyghur() -> None:
    shown = render(
        "رادىيوسى (Radio Free Europe، BBCنىڭ) 2019-05-12 +998-71-5 1,250 2017-2019 press@a.example.", (), "ug"
    )
    isolated = re.findall(r'<bdi dir="ltr">(.*?)</bdi>', shown)
    assert isolated == ["Radio Free Europe", "BBC", "2019-05-12", "+998-71-5", "1,250", "press@a.example"]
    assert "<bdi" not in render("Радио BBC 1,250", (), "ru")


def test_what_cannot_be_seen_is_named() -> None:
    shown = render("a\u202eb\x07\u200fc\u2066 ئا\u200cب", (), "ug")
    assert "\u202e" not in shown
    assert "\x07" not in shown
    assert "\u2066" not in shown
    assert re.findall(r">([A-Z0-9+]+)</span>", shown) == ["RLO", "U+0007", "RLM", "LRI"]
    assert "\u200c" in shown


@settings(max_examples=100, deadline=None)
@given(
    st.text(st.sampled_from("ab <>&\"'éŌ1.-:٣ئۆңӘ中，\u0301"), max_size=30),
    st.lists(st.tuples(st.integers(-2, 32), st.integers(-2, 32), st.booleans()), max_size=5),
    st.sampled_from(["en", "kk", "ug", "ru", "zh", "de"]),
)
def test_marks_never_change_the_text(text: str, spans: list[tuple[int, int, bool]], lang: str) -> None:
    marks = [Mark((start, end), "term", "t<", "1" if numbered else "") for start, end, numbered in spans]
    shown = render(text, marks, lang)
    root = etree.fromstring(f"<p>{shown}</p>")
    assert root.xpath("string()") == text
    fitting = [mark for mark in marks if 0 <= mark.span[0] < mark.span[1] <= len(text)]
    assert bool(root.xpath("//mark")) == bool(fitting)
    figures = root.findall(".//*[@class='figure']")
    assert len(figures) == len({mark.span[1] for mark in fitting if mark.number})


def hostile_review() -> str:
    use = TermUse(HOSTILE, HOSTILE, (0, 9), HOSTILE, (3, 12), HOSTILE, 2, "failed")
    identity = f"{HOSTILE}:0:0"
    row = ReviewRow(
        Segment(identity, HOSTILE, (Tag((0, 5), HOSTILE, HOSTILE, HOSTILE),)),
        Translation(identity, "ug", HOSTILE, HOSTILE, terms=(use,)),
        (Flag(HOSTILE, "error", HOSTILE, (0, 8)), Flag("x", "error", "beyond the text", (5, 9999))),
        reference=HOSTILE,
    )
    found = [ReviewDocument(HOSTILE, "ug", (row,), {HOSTILE: {"score": 1.0, "signature": HOSTILE}})]
    return render_review(found, title=HOSTILE, notices=[HOSTILE], generated=HOSTILE)


def test_hostile_text_does_no_harm(tmp_path: Path) -> None:
    page = hostile_review()
    dom, log = browse(tmp_path, page)
    for source in (page, dom):
        root = parse(source)
        assert len(root.xpath("//script")) == len(root.xpath("//style")) == 1
        assert not root.xpath(
            "//img | //svg | //comment() | //iframe | //object | //a[not(starts-with(@href, '#'))]"
        )
        assert root.xpath("string(//title)").startswith("</script><script>")
        assert HOSTILE.replace("\u2028", "LS") == root.xpath("string(//p[@class='target'])")
    assert "Content Security Policy" not in log
    assert text_of(dom, "count") == "All segments shown: 1"


def test_the_policy_would_be_noticed_if_it_were_broken(tmp_path: Path) -> None:
    """The log of the browser is what other tests trust; here it must speak."""
    broken = review().replace(
        "<main", '<p style="color: red">x</p><script>document.title = "owned"</script><main'
    )
    dom, log = browse(tmp_path, broken)
    assert log.count("Content Security Policy") >= 2
    assert parse(dom).xpath("string(//title)") == "Border stories"


def test_the_browser_asks_for_the_page_and_for_nothing_else(
    tmp_path: Path, served: tuple[str, list[str]]
) -> None:
    address, requests = served
    dom, log = browse_url(tmp_path, f"{address}/review.html")
    assert requests == ["/review.html"]
    assert "Content Security Policy" not in log
    assert text_of(dom, "count") == "All segments shown: 32"


@pytest.fixture
def served() -> Iterator[tuple[str, list[str]]]:
    """Serve the page on this machine, and keep the paths that were asked for."""
    requests: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            requests.append(self.path)
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(review().encode())

        def log_message(self, format: str, *args: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", requests
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize(
    ("state", "shown", "expected"),
    [
        ({"lang": "ug", "order": "document"}, 8, "lang"),
        ({"q": "border COMMITTEE", "lang": "ru", "doc": "news/border.md"}, 1, "q"),
        ({"q": "گۈلنار ئالىيېۋا", "sev": "clean"}, 2, "q"),
        ({"sev": "any", "lang": "zh"}, 2, "sev"),
        ({"check": "term-missing", "term": "failed"}, 2, "check"),
        ({"lang": "nonsense", "q": "no such words anywhere"}, 0, "q"),
    ],
    ids=["language", "search", "uyghur", "doubts", "check", "nothing"],
)
def test_a_link_opens_the_page_with_its_filters(
    tmp_path: Path, state: dict[str, str], shown: int, expected: str
) -> None:
    dom, log = browse(tmp_path, review(), "#" + urlencode(state))
    rows = visible(dom)
    assert len(rows) == shown
    assert text_of(dom, "count") == f"{shown} of 32 segments shown"
    assert ("hidden" in parse(dom).get_element_by_id("none").attrib) == (shown > 0)
    assert "Content Security Policy" not in log
    for name in ("lang", "doc"):
        if name in state and shown:
            assert {one.get(f"data-{name}") for one in rows} == {state[name]}
    order = [int(one.get("data-order")) for one in parse(dom).xpath("//article")]
    assert (order == sorted(order)) == (state.get("order") == "document")
    sizes = [int(one.text) for one in parse(dom).xpath("//h2[@class='group'][not(@hidden)]/span")]
    assert sum(sizes) == shown
    assert all(sizes)


ACTIONS = """<script>
const said = [];
const key = (name, code = "") => (document.activeElement ?? document.body).dispatchEvent(
  new KeyboardEvent("keydown", { key: name, code, bubbles: true, cancelable: true }));
const say = () => said.push(document.activeElement.id || document.activeElement.tagName);
for (const name of ["j", "j", "k", "/", "j", "Escape"]) { key(name); say(); }
for (const [name, code] of [["о", "KeyJ"], ["ت", "KeyJ"], ["л", "KeyK"]]) { key(name, code); say(); }
document.activeElement.blur();
const q = document.getElementById("q");
q.value = "passport"; q.dispatchEvent(new Event("input"));
said.push(location.hash, document.getElementById("count").textContent);
dispatchEvent(new Event("beforeprint"));
said.push(document.querySelectorAll("main details:not([open])").length);
dispatchEvent(new Event("afterprint"));
said.push(document.querySelectorAll("main details:not([open])").length > 0);
document.getElementById("reset").click();
said.push(location.hash, document.getElementById("count").textContent);
location.hash = "#lang=kk";
addEventListener("hashchange", () => {
  said.push(document.getElementById("count").textContent);
  document.title = JSON.stringify(said);
});
</script></body>"""


def test_keys_search_print_and_reset_do_what_they_say(tmp_path: Path) -> None:
    page = re.sub(r"<meta http-equiv[^>]*>", "", review()).replace("</body>", ACTIONS)
    dom, _ = browse(tmp_path, page)
    first, second = [str(one) for one in parse(dom).xpath("//article/@id")[:2]]
    assert json.loads(parse(dom).xpath("string(//title)")) == [
        *(first, second, first, "q", "q", "BODY"),
        *(first, second, first),
        *("#q=passport", "8 of 32 segments shown", 0, True),
        *("", "All segments shown: 32", "8 of 32 segments shown"),
    ]


def test_a_link_to_a_segment_shows_it_among_all(tmp_path: Path) -> None:
    dom, _ = browse(tmp_path, review(), "#r12")
    assert text_of(dom, "count") == "All segments shown: 32"


def test_no_documents_make_a_page_all_the_same(tmp_path: Path) -> None:
    dom, _ = browse(tmp_path, review([]))
    assert text_of(dom, "count") == "All segments shown: 0"


def test_a_missing_translation_is_said(tmp_path: Path) -> None:
    row = ReviewRow(Segment("a:0:0", "One."), Translation("a:0:0", "kk", "", ""), ())
    page = review([ReviewDocument("a", "kk", (row,), {})])
    assert "no translation" in parse(page).xpath("string(//p[@class='target'])")
