"""The run report: failures and doubts first, the numbers right, a few lines for a tired person."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from lxml import html as lxml_html

from corpora.records import Flag, Segment, Severity, TermUse, Translation, Verdict
from pipeline.publishing.report import (
    DocumentOutcome,
    FlagCount,
    ModelUse,
    RunReport,
    UnitOutcome,
    document_outcome,
    render_report,
    render_summary,
    total,
)
from pipeline.publishing.report_details import term_counts, worst_segments
from pipeline.publishing.report_doubts import doubts
from pipeline.publishing.report_history import PastRun, Point, StageTime, plot
from pipeline.publishing.review_data import ReviewDocument, ReviewRow
from pipeline.publishing.words import percent, score_text

WARNING = "a small model made these drafts; they are not fit for publication."


def chrf(score: float) -> dict[str, object]:
    signature = "nrefs:1|bs:1000|seed:12345|case:mixed|eff:yes|nc:6|nw:2|space:no|version:2.6.0"
    return {"score": score, "ci": (score - 3.2, score + 3.1), "signature": signature}


def outcome(document: str, lang: str, errors: int, score: float) -> DocumentOutcome:
    return DocumentOutcome(
        document=document,
        lang=lang,
        segments=40,
        passed=40 - errors - 5,
        errors=errors,
        warnings=5,
        flags=(
            FlagCount("numbers", "warning", 5),
            *(
                [FlagCount("term-missing", "error", errors), FlagCount("repetition", "error", 1)]
                if errors
                else []
            ),
        ),
        verdicts={"passed": 48, "failed": errors, "untranslated": 1 if lang == "ug" else 0},
        rungs={0: 40, 1: 8, 5: errors} if errors else {0: 40, 1: 8},
        scores={"chrf": chrf(score), "ter": {"score": 61.2, "ci": (58, 64), "signature": "nrefs:1|case:lc"}},
    )


def report(**changes: object) -> RunReport:
    made = RunReport(
        job="sample",
        when="25 November 2026, 17:30",
        versions={"terjiman": "0.1.0", "python": "3.11.7"},
        models=(
            ModelUse("starter", ("kk", "ug", "zh"), "a" * 64, WARNING),
            ModelUse("recorded:ru.tsv", ("ru",), "b" * 64),
        ),
        units=(
            UnitOutcome("ingest", "news/border.md", "", "done", seconds=0.1),
            UnitOutcome(
                "ingest", "notes/scan.txt", "", "failed", "not UTF-8, line 3. Save the file as UTF-8"
            ),
            UnitOutcome("translate", "news/border.md", "kk", "up to date"),
            UnitOutcome("translate", "talk.html", "ug", "failed", "a worker died"),
            UnitOutcome("translate", "talk.html", "kk", "done", seconds=41.5),
        ),
        documents=tuple(
            outcome(document, lang, errors, score)
            for document, more in (("news/border.md", 0), ("talk.html", 3))
            for lang, errors, score in (
                ("kk", 4 + more, 38.0),
                ("ug", 6 + more, 31.5),
                ("ru", 0, 52.25),
                ("zh", 1, 27.0),
            )
        ),
        scores={lang: {"chrf": chrf(score)} for lang, score in (("kk", 38.0), ("ug", 31.5), ("ru", 52.25))},
        exit_code=1,
        seconds=95.4,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def parse(page: str) -> lxml_html.HtmlElement:
    return lxml_html.document_fromstring(page.encode(), parser=lxml_html.HTMLParser(encoding="utf-8"))


def cells(root: lxml_html.HtmlElement, label: str) -> list[list[str]]:
    rows = root.xpath(f"//div[@aria-label='{label}']//tbody/tr")
    return [[" ".join(cell.text_content().split()) for cell in row] for row in rows]


def test_failures_then_doubts_then_tables() -> None:
    root = parse(render_report(report()))
    heads = [one.text_content() for one in root.xpath("//h2")]
    assert heads[:4] == ["Read this first", "Failed: 2 units", "What to doubt first", "By language"]
    assert "Done, but not everything could be done (exit code 1)" in root.xpath("string(//header)")
    assert WARNING in root.xpath("string(//aside)")
    assert cells(root, "Failed units")[0] == [
        *("ingest", "notes/scan.txt", "all", "not UTF-8, line 3. Save the file as UTF-8"),
    ]


def test_the_numbers_add_up() -> None:
    root = parse(render_report(report()))
    languages = cells(root, "By language")
    assert languages[0] == [
        *("Kazakh", "starter", "80", "59 of 80 (74 %)", "11", "10"),
        *("96 of 107 (90 %)", "38.0 (34.8–41.1)", "–"),
    ]
    assert [row[0] for row in languages] == ["Kazakh", "Uyghur", "Russian", "Chinese"]
    assert len(cells(root, "By document")) == 8
    assert cells(root, "Flags by check")[0] == ["term-missing", "error", "11", "15", "0", "2"]
    assert cells(root, "Terms by rung")[-1][2:] == ["28", "11", "15", "0", "2"]
    assert cells(root, "Units by stage")[1] == ["translate", "1", "1", "1", "41.5 s"]
    assert {row[0] for row in cells(root, "Signatures")} == {"chrF2++", "TER ↓"}


def test_documents_are_ranked_by_doubt() -> None:
    rows = cells(parse(render_report(report())), "By document")
    assert rows[0][:2] == ["talk.html", "Uyghur"]
    errors = [int(row[4]) for row in rows]
    assert errors == sorted(errors, reverse=True)


def past(when: str, chrf_: float, errors: int) -> PastRun:
    return PastRun(
        when=when,
        digest=when,
        models={"kk": "starter"},
        scores={"kk": {"chrf": {"score": chrf_, "ci": [chrf_ - 2, chrf_ + 2]}}},
        errors={"kk": (errors, 40)},
        terms={"kk": (45, 48)},
        stages=(StageTime("translate", 2, 80, 40.0), StageTime("score", 2, 80, 10.0)),
    )


def test_past_runs_are_plotted_with_their_intervals() -> None:
    runs = (past("Monday", 30.0, 9), past("Tuesday", 35.0, 4), past("Wednesday", 33.0, 4))
    root = parse(render_report(report(history=runs, stages=runs[-1].stages)))
    rows = cells(root, "Past runs")
    assert rows[0][0] == "Kazakh"
    assert [cell[-4:] for cell in rows[0][1:]] == ["33.0", "10.0", "93.8"]
    assert set(rows[1][1:]) == {"–"}, "nothing is known of the other languages"
    (line,) = root.xpath("//div[@aria-label='Past runs']//tr[1]/td[1]//polyline/@points")
    heights = [float(place.split(",")[1]) for place in line.split()]
    assert heights[1] < heights[2] < heights[0], "higher scores stand higher"
    assert root.xpath("//div[@aria-label='Past runs']//circle/title/text()")[0] == "Monday: 30.0"
    assert cells(root, "Time by stage")[0] == ["translate", "2", "80", "40.0 s", "80 %", "500 ms"]
    assert not parse(render_report(report(history=runs[:1]))).xpath("//div[@aria-label='Past runs']")


@pytest.mark.parametrize("values", [[1.0], [5.0, 5.0], [0.0, 100.0, 50.0]])
def test_a_plot_stays_in_its_frame(values: list[float]) -> None:
    drawn = plot([Point(value, "x", value - 1, value + 1) for value in values], "a plot")
    svg = etree.fromstring(drawn)
    for shape in svg.iterfind("*[@points]"):
        for place in str(shape.get("points")).split():
            x, y = map(float, place.split(","))
            assert 0 <= x <= float(svg.get("width") or 0)
            assert 0 <= y <= float(svg.get("height") or 0)


def rows_of(lang: str, text: str, *flags: Flag, verdict: Verdict = "passed") -> ReviewRow:
    use = TermUse("kashgar", "Kashgar", (0, 7), None, None, "", 0, verdict)
    return ReviewRow(Segment("a:0:0", "Kashgar."), Translation("a:0:0", lang, text, "m", terms=(use,)), flags)


def test_worst_segments_come_first_in_their_own_direction() -> None:
    wrong, odd = Flag("number", "error", "a number is missing"), Flag("length", "warning", "too long")
    documents = [
        ReviewDocument("a.md", "kk", (rows_of("kk", "Қашқар.", odd), rows_of("kk", "Жақсы.")), {}),
        ReviewDocument("b.md", "ug", (rows_of("ug", HOSTILE, wrong, odd, verdict="failed"),), {}),
    ]
    worst = worst_segments(documents)
    assert [(one.lang, one.doubt) for one in worst] == [("ug", 13), ("kk", 3)]
    root = parse(render_report(report(worst=worst, terms=term_counts(documents))))
    first, second = root.xpath("//ol[@class='worst']/li")
    assert first.xpath("p[@dir='rtl']/@lang") == ["ug"]
    assert "a number is missing" in first.text_content()
    assert second.xpath("p[@lang='kk']/@dir") == ["ltr"]
    assert not root.xpath("//script")
    assert cells(root, "Term by term")[0][:3] == ["Kashgar", "2 of 2 (100 %)", "0 of 1 (0 %)"]


def test_models_are_scored_apart_where_there_are_several() -> None:
    scores = {"starter": {"kk": {"chrf": chrf(30.0)}}, "nllb": {"ru": {"chrf": chrf(55.0)}}}
    found = cells(parse(render_report(report(model_scores=scores))), "By model")
    assert [row[:2] for row in found] == [["starter", "Kazakh"], ["nllb", "Russian"]]
    assert found[1][2].startswith("55.0 (")


def test_doubts_link_into_the_review_page() -> None:
    found = doubts(report())
    assert found[0].text.startswith("Uyghur: names and terms wrong or missing: 15 of 111")
    assert {"doc": "talk.html", "lang": "ug", "sev": "error"} in [dict(doubt.filter) for doubt in found]
    assert any(doubt.filter.get("check") == "repetition" for doubt in found)
    links = parse(render_report(report())).xpath("//ol[@class='doubts']//a/@href")
    assert links[0] == "review.html#lang=ug&term=failed"
    assert not parse(render_report(report(review=""))).xpath("//a")


def test_the_page_asks_for_nothing_and_runs_nothing() -> None:
    root = parse(render_report(report()))
    (policy,) = root.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "script-src 'none'" in policy
    assert not root.xpath("//script | //img | //@style | //@src | //link[not(@href='data:,')]")
    assert all(address.startswith("review.html") for address in root.xpath("//a/@href"))


HOSTILE = "</style><script>alert(1)</script>\"'><img src=x onerror=alert(1)>\u202e<!--"


def test_hostile_names_do_no_harm() -> None:
    flags = (FlagCount(HOSTILE, "error", 1),)
    document = replace(outcome(HOSTILE, "ug", 1, 1.0), flags=flags, scores={HOSTILE: {"score": HOSTILE}})
    page = render_report(
        report(
            job=HOSTILE,
            versions={HOSTILE: HOSTILE},
            models=(ModelUse(HOSTILE, ("ug",), HOSTILE, HOSTILE),),
            units=(UnitOutcome(HOSTILE, HOSTILE, HOSTILE, "failed", HOSTILE),),
            documents=(document,),
            scores={"ug": {"chrf": {"score": 1.0, "signature": HOSTILE}}},
            review=HOSTILE,
        )
    )
    root = parse(page)
    assert not root.xpath("//script | //img | //comment()")
    assert len(root.xpath("//style")) == 1
    assert "\u202e" not in page
    assert HOSTILE.replace("\u202e", "RLO") in root.xpath("string(//div[@aria-label='Failed units'])")


def test_nothing_at_all_is_a_report_too() -> None:
    empty = report(models=(), units=(), documents=(), scores={}, exit_code=0, seconds=None)
    assert "Done (exit code 0)" in parse(render_report(empty)).text_content()
    assert render_summary(empty) == "sample: done\n"


def test_a_clean_run_does_not_claim_too_much() -> None:
    clean = DocumentOutcome("a.md", "ru", 3, 3, 0, 0, verdicts={"passed": 2}, rungs={0: 2})
    root = parse(render_report(report(documents=(clean,), units=(), models=(), scores={}, exit_code=0)))
    assert "That does not make a translation right" in root.text_content()


def test_the_summary_says_failures_first_and_warns_last() -> None:
    lines = render_summary(report()).splitlines()
    assert lines[0] == "sample: done, but not everything could be done, 95 s"
    assert lines[1] == "Failed: ingest notes/scan.txt: not UTF-8, line 3. Save the file as UTF-8"
    assert lines[3].startswith(
        "Kazakh: 80 segments, 11 with errors, 10 with warnings, terms 96 of 107 (90 %)"
    )
    assert lines[3].endswith("chrF2++ 38.0 (34.8–41.1)")
    assert lines[-1] == f"starter (kk, ug, zh): {WARNING}"


def test_the_summary_sends_no_control_to_the_terminal() -> None:
    unit = UnitOutcome("ingest", "a\x1b[2J\u202e.md", "", "failed", "two\nlines\x07")
    text = render_summary(report(units=(unit,)))
    assert "Failed: ingest a[U+001B][2J[RLO].md: two lines[U+0007]\n" in text


def test_segments_flagged_as_errors_can_be_the_reason_for_exit_code_1() -> None:
    assert render_summary(report(units=())).startswith(
        "sample: done, but segments are flagged as errors, 95 s\n"
    )


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 60), st.integers(0, 40), st.integers(0, 30), st.text(max_size=400))
def test_the_summary_is_short_and_never_drops_a_warning(
    failures: int, languages: int, models: int, reason: str
) -> None:
    made = report(
        units=tuple(UnitOutcome("translate", f"{n}.md", "kk", "failed", reason) for n in range(failures)),
        documents=tuple(outcome("a.md", f"x{n}", n % 3, 1.0) for n in range(languages)),
        models=tuple(ModelUse(f"m{n}", ("kk",), "", f"warning {n}") for n in range(models)),
    )
    text = render_summary(made)
    lines = text.rstrip("\n").split("\n")
    assert len(lines) <= 25
    assert all(len(line) <= 250 for line in lines)
    assert lines[0].startswith("sample: ")
    if models:
        assert "warning 0" in text
    if failures:
        assert "Failed: " in text


severities = st.sampled_from(["error", "warning", "info"])
verdicts = st.sampled_from(["passed", "failed", "untranslated", "waived"])


@settings(max_examples=50, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.lists(severities, max_size=3), st.lists(st.tuples(verdicts, st.integers(0, 5)), max_size=3)
        ),
        max_size=12,
    )
)
def test_counts_of_documents_are_those_of_their_rows(
    shape: Sequence[tuple[Sequence[Severity], Sequence[tuple[Verdict, int]]]],
) -> None:
    rows = [
        ReviewRow(
            Segment(f"a:{n}:0", "One."),
            Translation(
                f"a:{n}:0",
                "kk",
                "Бір.",
                "starter",
                terms=tuple(
                    TermUse("t", "One", (0, 3), None, None, "", rung, verdict) for verdict, rung in uses
                ),
            ),
            tuple(Flag(f"check-{severity}", severity, "x") for severity in flags),
        )
        for n, (flags, uses) in enumerate(shape)
    ]
    counted = document_outcome("a", "kk", rows, {})
    assert counted.passed + counted.errors + counted.warnings == counted.segments == len(rows)
    assert counted.errors == sum("error" in flags for flags, _ in shape)
    assert sum(flag.count for flag in counted.flags) == sum(len(flags) for flags, _ in shape)
    assert (
        sum(counted.verdicts.values()) == sum(counted.rungs.values()) == sum(len(uses) for _, uses in shape)
    )
    both = total([counted, replace(counted, lang="ru")])
    assert both.segments == 2 * counted.segments
    assert total([counted, replace(counted, lang="ru")], "kk").flags == counted.flags
    assert json.loads(json.dumps(asdict(both)))["segments"] == both.segments


def test_reports_are_well_formed() -> None:
    page = render_report(report())
    parser = lxml_html.HTMLParser(recover=False, encoding="utf-8")
    with pytest.raises(etree.XMLSyntaxError):
        lxml_html.document_fromstring(b"<p><b></p></b>", parser=parser)
    for tag in ("table", "section", "tr", "td", "th", "ol", "li", "div"):
        assert page.count(f"<{tag}>") + page.count(f"<{tag} ") == page.count(f"</{tag}>")


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [
        (0, 0, "–"),
        (0, 5, "0 of 5 (0 %)"),
        (1, 900, "1 of 900 (1 %)"),
        (899, 900, "899 of 900 (99 %)"),
        (9, 9, "9 of 9 (100 %)"),
    ],
)
def test_a_share_never_rounds_to_all_or_none(part: int, whole: int, text: str) -> None:
    assert percent(part, whole) == text


def test_scores_are_shown_as_they_come() -> None:
    assert score_text({"score": 41.26, "ci": [38, 44.55]}) == "41.3 (38.0–44.5)"
    assert score_text(41.26) == "41.3"
    assert score_text(None) == "–"
    assert score_text({"score": 5.0, "ci": None}) == "5.0"
