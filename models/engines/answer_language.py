"""Tell an answer in another language by its letters.

Only what letters can prove is told: the script, and within it the letters that one language has and its
neighbour lacks. The lengths are such that a real text of the language has them all but always (measured on
translations of news by people, see docs/models.md).
"""

from __future__ import annotations

import regex

from corpora.languages import language

_SCRIPTS = {"Cyrl": r"\p{Cyrillic}", "Arab": r"\p{Arabic}", "Hans": r"\p{Han}"}
_LETTER = regex.compile(r"\p{L}")
_SMALL_WORD = regex.compile(r"(?<![\p{L}@./\\-])\p{Ll}{2,}")
_WORD = regex.compile(r"\p{Latin}+|\p{L}")
_KAZAKH = regex.compile(r"[әғқңөұүһіӘҒҚҢӨҰҮҺІ]")
_UYGHUR = regex.compile(r"[ەېۆۈۇۋڭ]")
_KANA = regex.compile(r"[\p{Hiragana}\p{Katakana}]")
_HAN_RUN = regex.compile(r"\p{Han}{2,}")
_FEWEST = {"kk": 60, "ug": 40}  # letters without one of the language's own before that proves anything
_SHORT = 8


def strange_language(text: str, source: str, lang: str) -> str:
    """Return why a text cannot be of a language, in a few words; nothing where it may be.

    Args:
        text: the answer.
        source: the English text; what stands in it may stand in the answer.
        lang: code of the target language.
    """
    letters = _LETTER.findall(text)
    name = language(lang).name
    own = regex.findall(_SCRIPTS[language(lang).script], text)
    if _few(len(own), text, source) and _SMALL_WORD.search(source):
        return f"not {name}: {len(own)} of {len(letters)} letters are of its script"
    if lang == "kk" and len(own) >= _FEWEST["kk"] and not _KAZAKH.search(text):
        return f"not {name}: no letter in {len(own)} that Russian lacks"
    if lang == "ru" and len(_KAZAKH.findall(text)) * 20 > len(own) >= _SHORT:
        return f"not {name}: it has letters of Kazakh"
    if lang == "ug" and len(own) >= _FEWEST["ug"] and not _UYGHUR.search(text):
        return f"not {name}: no letter in {len(own)} that Arabic lacks"
    if lang == "zh" and len(_KANA.findall(text)) >= 3 and not _KANA.search(source):
        return f"not {name}: it has Japanese letters"
    if lang != "zh" and any(run not in source for run in _HAN_RUN.findall(text)):
        return f"not all {name}: Chinese words stand in it"
    return ""


def _few(own: int, text: str, source: str) -> bool:
    """Tell whether too few letters are of the script: names may be copied from the source, sentences not."""
    letters = len(_LETTER.findall(text))
    if letters < _SHORT or 2 * own >= letters:
        return False
    given = set(_WORD.findall(source))
    strange = sum(len(word) for word in _WORD.findall(text) if word not in given)
    return 2 * own < strange or 10 * own < letters
