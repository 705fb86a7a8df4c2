"""The suffixes of Kazakh nouns as data, and the chains they form.

Sources: Muhamedowa 2016, *Kazakh: A Comprehensive Grammar*, on nouns and phonology;
Қазақ тілінің негізгі емле ережелері (spelling rules, 1983), §35–36. In the tables `А Ы` are harmonic vowels
(а/е, ы/і) and `ғ қ` are harmonic consonants (г, к in front words); all else is fixed. The columns say what
stands before the suffix:

- V a vowel; R р, у, й and the glides и, ю; L л; N м н ң; Z з ж;
- T a voiceless consonant, or б в г д of a loan (§36);
- P the possessive of the third person; M the possessive of the first or second person singular.
"""

from __future__ import annotations

from functools import lru_cache

from glossary.inflection.turkic import Ending, Shape

_COLUMNS = "VRLNZTPM"
# Muhamedowa 2016, on case; equative -дай, pronominal -нікі, privative -сыз are set beside them.
_CASES = {
    #       V    R    L    N    Z    T    P    M
    "gen": "нЫң дЫң дЫң нЫң дЫң тЫң нЫң нЫң",
    "dat": "ғА ғА ғА ғА ғА қА нА А",
    "acc": "нЫ дЫ дЫ дЫ дЫ тЫ н дЫ",
    "loc": "дА дА дА дА дА тА ндА дА",
    "abl": "дАн дАн дАн нАн дАн тАн нАн нАн",
    "ins": "мен мен мен мен бен пен мен мен",
    "attr": "дАғЫ дАғЫ дАғЫ дАғЫ дАғЫ тАғЫ ндАғЫ дАғЫ",
    "equ": "дАй дАй дАй дАй дАй тАй ндАй дАй",
    "pron": "нікі дікі дікі дікі дікі тікі нікі дікі",
    "priv": "сЫз сЫз сЫз сЫз сЫз сЫз нсЫз сЫз",
}
_FIRST = {"V": "л", "R": "л", "L": "д", "N": "д", "Z": "д", "T": "т"}
_PLURAL = {column: first + "Ар" for column, first in _FIRST.items()}
_RELATION = {column: first + "Ық" for column, first in _FIRST.items()}
# Muhamedowa 2016, on possession: after a vowel, after a consonant, and the column that follows.
_POSSESSIVE = {
    "poss1sg": ("м", "Ым", "M"),
    "poss2sg": ("ң", "Ың", "M"),
    "poss2sgf": ("ңЫз", "ЫңЫз", "Z"),
    "poss3": ("сЫ", "Ы", "P"),
    "poss1pl": ("мЫз", "ЫмЫз", "Z"),
}
# Personal endings, Muhamedowa 2016 on predicates. The question particle ма/ме is a word of its own.
_COPULA = {
    #          V    R    L    N    Z    T    P    M
    "cop1sg": "мЫн мЫн мЫн мЫн бЫн пЫн мЫн мЫн",
    "cop2sg": "сЫң сЫң сЫң сЫң сЫң сЫң сЫң сЫң",
    "cop2sgf": "сЫз сЫз сЫз сЫз сЫз сЫз сЫз сЫз",
    "cop1pl": "мЫз мЫз мЫз мЫз бЫз пЫз мЫз мЫз",
    "cop2pl": "сЫңдАр сЫңдАр сЫңдАр сЫңдАр сЫңдАр сЫңдАр сЫңдАр сЫңдАр",
    "cop2plf": "сЫздАр сЫздАр сЫздАр сЫздАр сЫздАр сЫздАр сЫздАр сЫздАр",
}
_TABLE = {name: dict(zip(_COLUMNS, row.split(), strict=True)) for name, row in (_CASES | _COPULA).items()}
_FRONT = str.maketrans("АЫғқ", "еігк")
_BACK = str.maketrans("АЫ", "аы")
# Recognised, never written on our own account: they change what the name does in the sentence.
ACCEPTED = frozenset({"priv", "rel", "emph"})


@lru_cache(maxsize=64)
def endings(column: str, front: bool, *, plural: bool = True, relation: bool = True) -> tuple[Ending, ...]:
    """Return all endings of a stem of that column and harmony.

    Args:
        plural: whether the stem may take the plural.
        relation: whether the adjective of relation (қазақстандық) counts as a form of it.
    """
    chains = list(_singular(column))
    if plural and column not in "PM":
        chains += [Ending(_PLURAL[column] + e.text, _under("pl", e.features)) for e in _after_plural()]
    if relation and column not in "PM":
        chains.append(Ending(_RELATION[column], "rel"))
    table = _FRONT if front else _BACK
    return tuple(Ending(e.text.translate(table), e.features, e.shape) for e in chains)


@lru_cache(maxsize=64)
def plural_of_possessed(column: str, front: bool) -> tuple[Ending, ...]:
    """Return the plural endings of a possessive compound, set after its bare head: ұйым-дары, ұйым-дарына."""
    table = _FRONT if front else _BACK
    plural = _PLURAL[column] + "Ы"
    chains = [Ending(plural, "pl.nom")]
    chains += [Ending(plural + e.text, _under("pl", e.features)) for e in _cases("P")]
    return tuple(Ending(e.text.translate(table), e.features) for e in chains)


def _under(prefix: str, features: str) -> str:
    return f"{prefix}.{features}"


def _cases(column: str) -> list[Ending]:
    """Return the cases, what is built on the locative, and the personal endings."""
    row = {name: suffixes[column] for name, suffixes in _TABLE.items()}
    chains = [Ending(suffix, name) for name, suffix in row.items()]
    for name in _CASES:
        if name not in ("attr", "pron", "priv"):
            chains.append(Ending(row["attr"] + _TABLE[name]["V"], f"attr.{name}"))
    chains += [
        Ending(row[case] + _TABLE[person]["N" if case == "abl" else "V"], f"{case}.{person}")
        for case in ("loc", "abl")
        for person in _COPULA
    ]
    chains += [Ending(row[case] + "-ақ", f"{case}.emph") for case in ("dat", "loc", "abl", "ins")]
    return chains


def _possessed(column: str) -> list[Ending]:
    """Return the possessives with their cases."""
    chains = []
    for name, (after_vowel, after_consonant, following) in _POSSESSIVE.items():
        suffix = after_vowel if column == "V" else after_consonant
        shape: Shape = "full" if column == "V" else "open"
        chains.append(Ending(suffix, f"{name}.nom", shape))
        chains += [
            Ending(suffix + e.text, _under(name, e.features), shape)
            for e in _cases(following)
            if "." not in e.features and not e.features.startswith("cop")
        ]
    return chains


def _singular(column: str) -> list[Ending]:
    return _cases(column) if column in "PM" else _cases(column) + _possessed(column)


def _after_plural() -> list[Ending]:
    """Return what may follow the plural; the second person plural possessive is written poss2sg after it."""
    return [Ending("", "nom"), *(Ending(e.text, e.features) for e in _cases("R") + _possessed("R"))]
