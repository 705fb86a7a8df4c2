"""Endings that stand apart from their word: the trace of a form put together wrongly.

Case, plural and possessive endings of Kazakh (Balakayev et al., Qazirgi qazaq tili, 1962) and Uyghur
(Hahn, Spoken Uyghur, 1991; de Jong, A Grammar of Modern Uyghur, 2007), and of Russian nouns (Russkaya
grammatika, 1980).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


_ENDINGS = {
    "kk": _set(
        """ның нің дың дің тың тің ға ге қа ке на не а е ны ні ды ді ты ті н да де та те нда нде
        дан ден тан тен нан нен мен бен пен менен бенен пенен лар лер дар дер тар тер
        дағы дегі тағы тегі ндағы ндегі нікі дікі тікі лық лік дық дік тық тік ша ше
        мын мін пын пін бын бін сың сің мыз міз быз біз пыз піз сы сі ы і сын сін"""
    ),
    "ug": _set(
        """نىڭ غا قا گە كە نى دا دە تا تە دىن تىن لار لەر نىڭكى دىكى تىكى غىچە قىچە گىچە كىچە
        چە لىرى لىق لىك لۇق لۈك دەك تەك سى ى"""
    ),
    "ru": _set(
        """а я у ю е ы и о й ом ем ём ой ей ою ею ов ев ам ям ами ями ах ях ого его ому ему
        ым им ых их ый ий ая яя ое ее"""
    ),
}
# endings that no word is spelt like, so that one standing alone is always a fault
_NEVER_WORDS = {
    "kk": _set(
        "ның нің дың дің тың тің ға ге қа ке ны ні ды ді ты ті дан ден тен нен лар лер дағы дегі тегі"
    ),
    "ug": _set("نىڭ غا قا گە كە نى تىن لار لەر دىكى تىكى غىچە قىچە گىچە كىچە"),
    "ru": _set("ому ым ых ами ями"),
}
# locatives that are also particles, behind quotation marks, digits and Latin words only
_NEVER_BEHIND_LETTERS = {"ug": _set("دا دە تا تە")}
# the emphatic particle of Kazakh, also with a Latin a: nothing else that is written small begins so behind
# the hyphen of a name, and a form that has it holds it itself
_PARTICLES = ("ақ", "ак", "a\u049b", "a\u043a")


class _Token(Protocol):
    @property
    def plain(self) -> str: ...

    @property
    def joined(self) -> bool: ...


def is_ending(text: str, lang: str) -> bool:
    """Tell whether a text is an ending of a language, or one of its sisters' in their own letters."""
    return text in _ENDINGS.get(lang, frozenset()) or (
        text.isalpha() and any(text in endings for other, endings in _ENDINGS.items() if other != lang)
    )


def clinging(tokens: Sequence[_Token], index: int, lang: str) -> bool:
    """Tell whether a bare ending follows a form that ends before `index`: `Қытай-дың`, `Қытай ның`.

    Forms that are written with a hyphen hold their ending themselves and end behind it.
    """
    if index >= len(tokens) or lang not in _ENDINGS:
        return False
    token = tokens[index]
    if token.plain in ("-", "'") and token.joined and index + 1 < len(tokens):
        tail = tokens[index + 1]
        if lang == "kk" and tail.joined and tail.plain.startswith(_PARTICLES):
            return True
        if tail.joined and len(tail.plain) == 1 and tail.plain.isalpha() and not tail.plain.isupper():
            return True
        return tail.joined and tail.plain.lower() in _ENDINGS[lang]
    if token.joined:
        return False
    apart = index > 0 and not tokens[index - 1].plain.isascii() and tokens[index - 1].plain.isalpha()
    return token.plain in _NEVER_WORDS[lang] or (
        apart and token.plain in _NEVER_BEHIND_LETTERS.get(lang, frozenset())
    )
