"""`glossary lint`: every kind of fault, with its line, and silence on what is right."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from corpora.errors import MissingError
from glossary.inflection import Lemma, is_plain, paradigm, plain_forms
from glossary.lint import Finding, lint, look_alikes
from glossary.termbase import load

HEADER = "en,aliases,type,gender,kk,ug,ru,zh,forbidden_ru,context\n"
CLEAN = "Ghulja,Kulja,place,,Құлжа,غۇلجا,Кульджа,伊宁,,\n"


def _lint(tmp_path: Path, *rows: str) -> list[Finding]:
    path = tmp_path / "g.csv"
    path.write_text(HEADER + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    found = lint([path])
    for one in found:
        assert one.place.startswith(str(path))
        assert one.what
        assert one.why
        assert one.fix
    return found


def test_a_sound_glossary_has_no_findings(tmp_path: Path) -> None:
    assert _lint(tmp_path, CLEAN.strip(), "Bilash,,person,m,Білаш,بىلاش,Билаш,比拉什,,") == []


@pytest.mark.parametrize(
    "lemma",
    [
        Lemma("Қазақстан Республикасы", "kk", "place"),
        Lemma("Минск", "kk", "place"),
        Lemma("«Атажұрт»", "kk", "organisation"),
        Lemma("лагерь", "kk", "concept", irregular=(("dat", "лагерге"), ("poss3.nom", "лагері"))),
        Lemma("شىنجاڭ", "ug", "place"),
        Lemma("قازاقىستان جۇمھۇرىيىتى", "ug", "place"),
        Lemma("ب د ت", "ug", "organisation"),
        Lemma("Петров", "ru", "person"),
        Lemma("Турсунай", "zh"),
    ],
    ids=lambda lemma: lemma.text,
)
def test_the_plain_forms_are_those_of_the_whole_paradigm(lemma: Lemma) -> None:
    plain = plain_forms(lemma)
    assert plain == tuple(form for form in paradigm(lemma) if is_plain(form.features))
    assert not any("poss" in form.features or form.features.endswith(("cop1sg", "mu")) for form in plain)


@pytest.mark.parametrize(
    ("rows", "check", "line"),
    [
        (["Ili,,place,,Іле,ئىلى,Или,伊犁,,", "Ile,Ili,place,,Ілe2,ئىلى,Иле,伊梨,,"], "alias-collision", 3),
        (
            ["East Turkestan,,place,,Шығыс,شەرق,Восток,东,,", "Turkestan,,place,,Түрік,تۈرك,Турк,突,,"],
            "nested",
            2,
        ),
        (
            [
                "Party Secretary,,title,,хатшы,سېكرېتار,секретарь,书记,,",
                "Secretary General,,title,,бас,باش,глава,长,,",
            ],
            "overlap",
            2,
        ),
        (["hope,,concept,,үміт,ئۈمىد,надежда,希望,,"], "common-word", 2),
        (["Ghulja,,place,,Kuldja,غۇلجا,Кульджа,伊宁,,"], "wrong-script", 2),
        (["Ghulja,,place,,Құлжa,غۇلجا,Кульджа,伊宁,,"], "look-alike", 2),
        (["Ghulja,,place,,Құлжа,غۇلجا,Құльджа,伊宁,,"], "look-alike", 2),
        (["Ghulja,,place,,Құлжа,غۇلجاھ\u06a9,Кульджа,伊宁,,"], "look-alike", 2),
        (["Aral,,place,,Арал\u0306,ئارال,Арал,阿拉尔,,"], "look-alike", 2),
        (["Aral,,place,,Атырай,ئارال,Араи\u0306,阿拉尔,,", CLEAN.strip()], "not-nfc", 2),
        ([CLEAN.strip(), "Ili,,place,,Іле,,Или,伊犁,,"], "missing-language", 3),
        (["Ili,,place,,Іле,ئىلى,Или,伊犁,Иле|Или,"], "unreadable", 2),
        (["Ili,,place,,Іле,ئىلى,Или,伊犁,,", "Ile,,place,,Іле,ئىلە,Иле,伊梨,,"], "shared-form", 3),
        (["Ili,,place,,Іле,ئىلى,Или,伊犁,,", "Ile,,place,,Илер,ئىلە,Иле,伊梨,Или,"], "forbidden-form", 3),
        (["Ili (river,,place,,Іле,ئىلى,Или,伊犁,,"], "unbalanced", 2),
        (["Ili,,place,,Іле,ئىلى\u202e,Или,伊犁,,"], "unreadable", 2),
        (["Ili,,place,,=Іле,ئىلى,Или,伊犁,,"], "unreadable", 2),
        (["Ili,,place,,Іле/Ле,ئىلى,Или,伊犁,,"], "several-names", 2),
        (["Ili / Ile,,place,,Іле,ئىلى,Или,伊犁,,"], "several-names", 2),
        (["Ili,,place,,Іле,ئىلى,Или; Иле,伊犁,,"], "several-names", 2),
        (["Han,,,,хань,خەنزۇ,хань,汉,,"], "short-rendering", 2),
        (["Sauytbay,,person,,Сауытбай,ساۋۇتباي,Сауытбай,沙,,"], "no-gender", 2),
    ],
)
def test_each_fault_is_found_on_its_line(tmp_path: Path, rows: list[str], check: str, line: int) -> None:
    found = _lint(tmp_path, *rows)
    assert any(one.check == check and one.place.endswith(f":{line}") for one in found), found


def test_a_context_makes_a_common_word_safe(tmp_path: Path) -> None:
    assert not _lint(tmp_path, "camp,,concept,,лагерь,لاگېر,лагерь,营地,,guard")


def test_findings_come_in_the_order_of_lines_and_once(tmp_path: Path) -> None:
    found = _lint(tmp_path, "Ili (x,,place,,Kuldja,,Или,伊犁,,", "Ile (x,,place,,Іле,ئىلە,Иле,伊梨,,")
    lines = [int(one.place.rpartition(":")[2]) for one in found]
    assert lines == sorted(lines)
    assert len(set(found)) == len(found)


def test_a_name_with_a_slash_of_its_own_is_left_alone(tmp_path: Path) -> None:
    assert not _lint(tmp_path, "RFE/RL,,organisation,,АЕ/АР,ئە/ئا,РСЕ/РС,自由/电台,,")


def test_few_of_many_look_alikes_are_told_at_each_use(tmp_path: Path) -> None:
    path = tmp_path / "g.csv"
    path.write_text("en,kk\n" + "".join(f"Ghulja{n},Құлжa{n}\n" for n in range(50)), encoding="utf-8")
    lines = look_alikes(load([path]).terms)
    assert len(lines) == 21
    assert lines[-1].startswith("warning: 30 more such words; ")


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(MissingError):
        lint([tmp_path / "none.csv"])


def _run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from pipeline.cli import main; main()", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_command_prints_findings_and_sets_the_exit_code(tmp_path: Path) -> None:
    path = tmp_path / "g.csv"
    path.write_text(HEADER + CLEAN, encoding="utf-8")
    assert _run("glossary", "lint", str(path)).returncode == 0
    path.write_text(HEADER + "hope,,concept,,үміт,ئۈمىد,надежда,希望,,\n", encoding="utf-8")
    done = _run("glossary", "lint", str(path))
    assert done.returncode == 1
    assert done.stdout.startswith(f"{path}:2: warning: ")
    assert "Why: " in done.stdout
    assert "Fix: " in done.stdout
    assert _run("glossary", "lint", str(tmp_path / "none.csv")).returncode == 3


def test_the_glossary_that_ships_has_nothing_to_mend() -> None:
    path = Path(__file__).parents[2] / "glossary" / "data" / "names.csv"
    assert [one for one in lint([path]) if one.severity != "info"] == []


def test_the_english_name_may_be_accepted_but_not_be_the_rendering(tmp_path: Path) -> None:
    (beside,) = _lint(tmp_path, "China Cables,,concept,,құжаттар|China Cables,ھۆججەت,файлы,电文,,")
    assert (beside.check, beside.severity) == ("wrong-script", "info")
    (first,) = _lint(tmp_path, "China Cables,,concept,,China Cables|құжаттар,ھۆججەت,файлы,电文,,")
    assert (first.check, first.severity) == ("wrong-script", "warning")


@pytest.mark.parametrize(
    "row", ["Ghuljа,,place,,Құлжа,غۇلجا,Кульджа,伊宁,,", "Ghulja,,place,,Құлжa,غۇلجا,Кульджа,伊宁,,"]
)
def test_letters_that_only_look_right_are_told_whenever_the_glossary_is_used(
    tmp_path: Path, row: str
) -> None:
    path, text = tmp_path / "g.csv", tmp_path / "t.txt"
    path.write_text(f"{HEADER}{row}\n", encoding="utf-8")
    text.write_text("x\n", encoding="utf-8")
    done = _run("verify", str(text), str(text), "--to", "kk", "--glossary", str(path))
    assert done.returncode == 0
    assert done.stderr.startswith(f"warning: {path}:2: ")
    assert "mixes" in done.stderr
