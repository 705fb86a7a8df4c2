"""Which language a line is in, by its letters and a few telling words.

Five languages in four scripts need no statistical model: Kazakh has nine letters that Russian lacks, Uyghur
writes every vowel and begins words in a vowel with ئ, simplified characters differ from traditional ones.
Kindred languages in the same scripts are told by what they lack or have besides. The evidence is of the kind
a reader would give, so an answer can be explained; a line that fits nothing gets none.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.quality.checks.pair import script, without_addresses
from pipeline.quality.checks.wordlists import language_words
from pipeline.quality.traditional import is_traditional

_WORD = re.compile(r"[^\W\d_]+(?:['’ʼ-][^\W\d_]+)*")
_ENGLISH_SHAPE = re.compile(r"(?:s|ed|ing|tion|ty|ly|st|th|nt|al|ck|y)$")
_KAZAKH_SHAPE = re.compile(r"(?:[ая]ры|ында|нде|нда|ннен|ннан|ықтан|лған|йды|пты|ады)$")
_UYGHUR_SHAPE = re.compile(r"(?:миз|иңиз|ғили|диғу|диги|лири|кән)$")
_MONGOLIAN_SHAPE = re.compile(r"(?:ээс|аас|оос|өөс|ийг|ийн|аад|ээд|даг|дэг)$")
_LONG_VOWELS = re.compile(r"(?:аа|оо|уу|үү|өө|ээ|ии)")
_BULGARIAN = re.compile(r"[бвгджзклмнпрстфхцчшщ]ъ[^еёюя\W]|\bъг|\b(?:съм|път)")
_SAMPLE = 200  # lines looked at to tell the language of a text
_UNTOLD = 30  # letters within which a language need not show its own
_LEAST_OWN = 0.2  # share of letters that makes a text with Latin names one of its own script
_SHOWN_LATIN = 6  # words of Latin text without an English one that are English no more


@dataclass(frozen=True, slots=True)
class _Text:
    letters: Counter[str]
    words: frozenset[str]
    text: str

    def count(self, letters: str) -> int:
        return sum(self.letters[letter] for letter in letters)

    def shaped(self, pattern: re.Pattern[str]) -> int:
        """Return how many of its words have an ending."""
        return sum(len(word) > 5 and pattern.search(word) is not None for word in self.words)

    def has(self, lang: str) -> int:
        """Return how many telling words of a language it has."""
        return len(self.words & language_words(lang))


def identify(text: str) -> str:
    """Return the language of a line as a BCP-47 tag, empty where nothing can be told.

    `en`, `kk`, `ug`, `ru` and `zh` (simplified); `kk-Arab`, `kk-Latn`, `ug-Cyrl`, `ug-Latn`, `zh-Hant`, and
    kindred languages (`ky`, `tt`, `ba`, `mn`, `uk`, `bg`, `ar`, `ja`…) where their letters show them. `ar`
    stands for Persian and Urdu too.
    """
    plain = without_addresses(text).lower()
    letters = Counter({letter: count for letter, count in Counter(plain).items() if letter.isalpha()})
    scripts: Counter[str] = Counter()
    for letter, count in letters.items():
        scripts[script(letter)] += count
    if not scripts:
        return ""
    # a character of Chinese says as much as a word of three letters
    weights = {name: count * (3 if name in ("Hani", "Kana") else 1) for name, count in scripts.items()}
    main = max(weights, key=lambda name: (name != "Latn", weights[name]))
    if weights[main] < _LEAST_OWN * sum(weights.values()):
        main = "Latn"
    found = _Text(letters, frozenset(_WORD.findall(plain)), plain)
    judge = {"Latn": _latin, "Cyrl": _cyrillic, "Arab": _arabic, "Hani": _chinese}.get(main)
    if main == "Kana" or (main == "Hani" and scripts["Kana"] > 1):
        return "ja"
    return judge(found) if judge else ""


def prevailing(texts: Sequence[str]) -> str:
    """Return the language that most of up to 400 lines are in, empty where none prevails."""
    told = [text for text in texts if text.strip()]
    step = max(1, len(told) // _SAMPLE)
    found = Counter(identify(text) for text in told[::step])
    del found[""]
    if not found:
        return ""
    lang, count = found.most_common(1)[0]
    return lang if 2 * count > len(told[::step]) else ""


def _latin(text: _Text) -> str:
    english = text.has("en")
    if text.count("ğñışäŋ") or (text.count("öüé") and not english):
        turkic = text.has("ug-Latn") - text.has("kk-Latn")
        if turkic > 0 or (text.count("é") and text.count("öü") and not text.count("ğñış")):
            return "ug-Latn"
        return "kk-Latn" if text.count("ğñış") and not english else ("en" if english else "")
    shaped = sum(_ENGLISH_SHAPE.search(word) is not None for word in text.words)
    return "en" if english or shaped >= 2 or len(text.words) < _SHOWN_LATIN else ""


def _cyrillic(text: _Text) -> str:
    letters = sum(count for letter, count in text.letters.items() if script(letter) == "Cyrl")
    if text.count("їєґ"):
        return "uk"
    if text.count("ҙҫҡ"):
        return "ba"
    special = text.count("әғқңөұүһі")
    if not special:
        return _plain_cyrillic(text, letters)
    if special == text.count("і") and not text.count("ыъ") and letters > _UNTOLD:
        return "uk"
    if text.count("іұ") or (text.count("қғ") and letters <= _UNTOLD and not text.count("җ")):
        # a Kazakh name in a Russian sentence does not make it Kazakh
        return "ru" if text.has("ru") > text.has("kk") + 1 and special / letters < 0.06 else "kk"
    return _other_turkic(text, letters)


def _other_turkic(text: _Text, letters: int) -> str:
    """Tell Cyrillic text without the commonest Kazakh letters from its kin."""
    if text.count("қғ"):
        return "ug-Cyrl" if text.count("җ") or text.count("әи") / letters > 0.12 else "kk"
    if text.count("әҗһ"):
        if text.shaped(_UYGHUR_SHAPE):
            return "ug-Cyrl"
        return "tt" if text.count("җ") or text.has("tt") > text.has("kk") else "kk"
    if text.shaped(_MONGOLIAN_SHAPE) or text.has("mn"):
        return "mn"
    return "ky" if _LONG_VOWELS.search(text.text) or text.has("ky") > text.has("kk") else "kk"


def _plain_cyrillic(text: _Text, letters: int) -> str:
    """Tell Russian, Bulgarian, Kyrgyz and short Kazakh lines without a letter of their own."""
    russian, kazakh = text.has("ru"), text.has("kk") + text.shaped(_KAZAKH_SHAPE)
    if _BULGARIAN.search(text.text) or text.has("bg") > russian + kazakh:
        return "bg"
    if text.has("ky") > russian + kazakh and letters > _UNTOLD:
        return "ky"
    if kazakh >= 2 and not russian:
        return "kk"  # whatever the letters of its names
    if text.count("ёэщъ") or letters > 2 * _UNTOLD:
        return "ru"
    return "kk" if kazakh > russian else "ru"


def _arabic(text: _Text) -> str:
    letters = sum(count for letter, count in text.letters.items() if script(letter) == "Arab")
    # ى stands for a vowel anywhere in Uyghur and Kazakh, only at the end of a word in Arabic
    own = text.count("ئېەۇۆۈۋڭ") + len(re.findall(r"ى(?=\w)", text.text))
    if own / letters < 0.06 or text.count("ةأإؤثحذصضطظ") / letters > 0.08:
        return "ar"
    # Uyghur words begin a vowel with ئ and write غ; Kazakh has neither
    bare = sum(word[0] in "اەوۇىېۆۈ" for word in text.words)
    kazakh = "ٴ" in text.text or (text.count("ع") > text.count("غ")) or bare > text.count("ئغ")
    return "kk-Arab" if kazakh else "ug"


def _chinese(text: _Text) -> str:
    characters = [letter for letter in text.letters if script(letter) == "Hani"]
    count = sum(text.letters[letter] for letter in characters)
    traditional = sum(text.letters[letter] for letter in characters if is_traditional(letter))
    return "zh-Hant" if traditional >= 2 and traditional / count >= 0.08 else "zh"
