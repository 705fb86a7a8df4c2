"""Which letters stand in the text, and what they give away: wrong script, wrong language, look-alikes.

Letter evidence suffices to tell our languages apart: Kazakh has nine letters Russian lacks, Uyghur writes
every vowel and lacks the emphatics of Arabic, simplified characters differ from traditional ones.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from corpora.languages import LANGUAGES
from corpora.records import Flag, Severity
from pipeline.quality import language
from pipeline.quality.checks.pair import Pair, script
from pipeline.quality.checks.wordlists import russian_words
from pipeline.quality.traditional import is_traditional

SCRIPT_OF = {code: "Hani" if one.script == "Hans" else one.script for code, one in LANGUAGES.items()}
_NAMES = {
    "Latn": "Latin letters",
    "Cyrl": "Cyrillic letters",
    "Arab": "Arabic letters",
    "Hani": "Chinese characters",
    "Kana": "Japanese kana",
    "Hang": "Korean letters",
    "Othr": "letters of another script",
}
_KAZAKH = frozenset("әғқңөұүһіӘҒҚҢӨҰҮҺІ")
_UKRAINIAN = frozenset("їєґЇЄҐ")
_UYGHUR = frozenset("ئېەۇۆۈۋڭ")
_NOT_UYGHUR = frozenset("ةأإؤثحذصضطظعیکهٰٴٵٶٷٸ")
_KEYBOARD = {"ی": "ى or ي", "ک": "ك", "ه": "ھ or ە", "ۀ": "ە"}
_TELLING = 30  # letters of the script asked for, before a kindred language is told
_FEW_LETTERS = 14  # of 1,367 Kazakh lines read for this, only two lack such a letter, of 10 and 11 letters
_MANY_LETTERS = 22
_FEW_ARABIC = 10
_LOOKALIKES = frozenset("aceopxyiABCEHKMOPTXYIhBb")
_LOOKALIKE = re.compile(r"[A-Za-z](?=[\u0400-\u04ff])|(?<=[\u0400-\u04ff])[A-Za-z]")
_WORD = re.compile(r"[^\W\d_]+")
_TITLE = re.compile(r"«[^«»]{1,40}»")  # a newspaper, a party: quoted as it calls itself


def wrong_script(pair: Pair) -> Iterator[Flag]:
    """Most of the text is not in the script of its language."""
    expected = SCRIPT_OF.get(pair.lang)
    counts = pair.scripts
    total = sum(counts.values())
    if expected is None or total < 3:
        return
    if counts[expected] / total < 0.5:
        other = max((name for name in counts if name != expected), key=lambda name: counts[name])
        message = f"the text is in {_NAMES[other]}, not in {_NAMES[expected]}"
        yield Flag("wrong-script", "error", message, (0, len(pair.target)))


def foreign_letters(pair: Pair) -> Iterator[Flag]:
    """Letters of a third script, neither the target's nor Latin, that the source does not have."""
    expected = SCRIPT_OF.get(pair.lang)
    counts = pair.scripts
    third = counts.keys() - {expected, "Latn", "Zyyy"}
    if expected is None or not third or counts[expected] < 0.5 * sum(counts.values()):
        return
    for match in _WORD.finditer(pair.target):
        for name in dict.fromkeys(map(script, match[0])):
            if name not in (expected, "Latn", "Zyyy") and match[0] not in pair.source:
                found = "".join(letter for letter in match[0] if script(letter) == name)
                severity: Severity = "error" if len(found) > 1 else "warning"
                message = f"“{found[:30]}” is in {_NAMES[name]}"
                places = [i for i, letter in enumerate(match[0], match.start()) if script(letter) == name]
                yield Flag("foreign-letters", severity, message, (places[0], places[-1] + 1))
                return


def mixed_letters(pair: Pair) -> Iterator[Flag]:
    """Look-alike letters of another alphabet inside a word: right to the eye, wrong to every search."""
    if pair.lang == "ug":
        yield from _keyboard_letters(pair)
        return
    if SCRIPT_OF.get(pair.lang) != "Cyrl" or not _LOOKALIKE.search(pair.target):
        return
    for match in _WORD.finditer(pair.target):
        latin = [letter for letter in match[0] if script(letter) == "Latn"]
        cyrillic = len(match[0]) - len(latin)
        if latin and cyrillic >= 2 and set(latin) <= _LOOKALIKES and not _suffixed(match[0]):
            message = f"“{match[0]}” mixes Latin {' '.join(dict.fromkeys(latin))} into Cyrillic"
            yield Flag("mixed-letters", "warning", message, match.span())


def _suffixed(word: str) -> bool:
    """Tell a Latin acronym with a native ending (BBCде) from look-alikes."""
    return re.fullmatch(r"[A-Z]{2,}[\u0400-\u04ff]+", word) is not None


def _keyboard_letters(pair: Pair) -> Iterator[Flag]:
    if _KEYBOARD.keys().isdisjoint(pair.target):
        return
    for i, letter in enumerate(pair.target):
        if letter in _KEYBOARD and letter not in pair.source:
            message = f"{letter} (U+{ord(letter):04X}) is no Uyghur letter; {_KEYBOARD[letter]} is"
            yield Flag("mixed-letters", "warning", message, (i, i + 1))
            return


def wrong_language(pair: Pair) -> Iterator[Flag]:
    """The right script, but by its letters another language."""
    judge = {"kk": _kazakh, "ru": _russian, "ug": _uyghur, "zh": _chinese}.get(pair.lang)
    message = judge(pair.target) if judge else ""
    if message:
        yield Flag("wrong-language", "error", message, (0, len(pair.target)))
        return
    if pair.lang == "zh":
        yield from _some_traditional(pair)
    other = language.identify(pair.target)
    if not other or other == pair.lang or pair.lang not in SCRIPT_OF:
        return
    if sum(script(letter) == SCRIPT_OF[pair.lang] for letter in pair.target) >= _TELLING:
        message = f"by its letters and words this reads as {other!r}"
        yield Flag("wrong-language", "warning", message, (0, len(pair.target)))


def _kazakh(text: str) -> str:
    counts = Counter(text)
    letters = sum(count for letter, count in counts.items() if script(letter) == "Cyrl")
    own = sum(counts[letter] for letter in _KAZAKH)
    russian = counts["ё"] + sum(word in russian_words() for word in _WORD.findall(text.lower()))
    # a short Kazakh sentence may do without them: then it takes a Russian word to tell
    least = _FEW_LETTERS if russian else _MANY_LETTERS
    if own == 0 and letters >= least and language.identify(text) != "kk":
        return "no letter that only Kazakh has: this reads as Russian"
    if letters and russian >= 3 and own / letters < 0.03:
        return "the text reads as Russian"
    return ""


def _russian(text: str) -> str:
    if _KAZAKH.isdisjoint(text) and _UKRAINIAN.isdisjoint(text):
        return ""
    told = _TITLE.sub(" ", text)
    words = [word for word in _WORD.findall(told) if script(word[0]) == "Cyrl"]
    kazakh = sum(not _KAZAKH.isdisjoint(word) for word in words)
    if kazakh >= 2 or (kazakh and kazakh / len(words) >= 0.1):
        return "letters of Kazakh stand in the text"
    if any(letter in _UKRAINIAN for letter in text):
        return "letters of Ukrainian stand in the text"
    return ""


def _uyghur(text: str) -> str:
    counts = Counter(text)
    letters = sum(count for letter, count in counts.items() if script(letter) == "Arab")
    other = sum(counts[letter] for letter in _NOT_UYGHUR) / letters if letters else 0.0
    # a short Uyghur sentence may do without a letter of its own: then it takes one that Uyghur lacks
    if letters < _FEW_ARABIC or (letters < _MANY_LETTERS and not other):
        return ""
    # ى stands for a vowel anywhere in Uyghur, only at the end of a word in Arabic
    own = (sum(counts[letter] for letter in _UYGHUR) + len(re.findall(r"ى(?=\w)", text))) / letters
    if own < 0.1 or other > 0.08:
        return "the letters are those of Arabic, Persian or Urdu rather than Uyghur"
    if text.count("ٴ") > 1:
        return "the letters are those of Kazakh in Arabic script"
    return ""


def _chinese(text: str) -> str:
    characters = [letter for letter in text if script(letter) == "Hani"]
    if any(script(letter) == "Kana" and letter not in "ーの" for letter in text):
        return "kana stand in the text: this reads as Japanese"
    traditional = sum(is_traditional(letter) for letter in characters)
    if traditional >= 3 and traditional / len(characters) >= 0.05:
        return "traditional characters where simplified ones are asked for"
    return ""


def _some_traditional(pair: Pair) -> Iterator[Flag]:
    for i, letter in enumerate(pair.target):
        if is_traditional(letter) and letter not in pair.source:
            message = f"{letter} is a traditional character"
            yield Flag("wrong-language", "warning", message, (i, i + 1))
            return
