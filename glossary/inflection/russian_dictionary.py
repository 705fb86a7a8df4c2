"""What the OpenCorpora dictionary (pymorphy3) knows of a Russian word.

The dictionary is loaded when first asked (about 0.1 s) and shared; looking words up changes nothing in it, so
threads may share it too. Words it does not know are left to the rules, except lower-case words of the common
vocabulary, whose declension it tells from their suffix.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from threading import Lock
from typing import Any

from glossary.inflection.russian_endings import CASES, Cases
from glossary.inflection.russian_words import ALSO_OV, PLURAL_WITHOUT

_CASE = {
    "nomn": "nom",
    "gent": "gen",
    "gen1": "gen",
    "gen2": "gen",
    "datv": "dat",
    "accs": "acc",
    "acc2": "acc",
    "ablt": "ins",
    "loct": "loc",
    "loc1": "loc",
    "loc2": "loc",
}
_GENDER = {"masc": "m", "femn": "f", "neut": "n", "ms-f": "mf"}
_UNUSUAL = frozenset(("Erro", "Dist", "Arch", "Infr", "Slng", "V-be", "V-ie", "V-bi", "Coun", "Fimp", "Litr"))
NAMES = frozenset(("Name", "Surn", "Patr", "Geox"))
_lock = Lock()


@dataclass(frozen=True, slots=True)
class Noun:
    """A reading of a word as a noun in the nominative.

    Attributes:
        gender: `m`, `f`, `n`, `mf` (common gender), or empty (plural only).
        number: `sg` or `pl`, of the word as given.
        animate: as the dictionary says.
        marks: OpenCorpora grammemes of the lexeme (`Name`, `Surn`, `Patr`, `Geox`, `Orgn`, `Abbr`, `Fixd` …).
        cases: forms in the number of the word as given.
        plural: forms of the plural, empty where there is none or the word is plural already.
        known: it is in the dictionary as it stands, not guessed from its suffix.
        score: how frequent this reading is, 0 to 1.
    """

    gender: str
    number: str
    animate: bool
    marks: frozenset[str]
    cases: Cases
    plural: Cases
    known: bool
    score: float


@dataclass(frozen=True, slots=True)
class Adjective:
    """A reading of a word as an adjective, participle or ordinal in the nominative.

    `agrees` is the gender (`m`, `f`, `n`) or `pl` of the word as given; `table` maps each of these and
    `m.anim`, `pl.anim` (accusative of living things) to the cases.
    """

    agrees: str
    table: Mapping[str, Cases] = field(default_factory=dict)
    known: bool = True


@lru_cache(maxsize=1)
def _load() -> Any:
    import pymorphy3

    return pymorphy3.MorphAnalyzer(lang="ru")


def _analyzer() -> Any:
    with _lock:
        return _load()


@lru_cache(maxsize=1 << 8)
def _parse(word: str) -> tuple[Any, ...]:
    """Return the readings of a word; the questions below are asked of one word, one after the other."""
    return tuple(_analyzer().parse(word))


@lru_cache(maxsize=1 << 12)
def is_known(word: str) -> bool:
    """Tell whether a word is in the dictionary, be it with ё; quicker than guessing how else to read it."""
    return bool(_analyzer().word_is_known(word))


def is_name(word: str) -> bool:
    """Tell whether a word can only be read as a name, in any case: ахун, unlike газа (Gaza, or of gas)."""
    return all(not NAMES.isdisjoint(parse.tag.grammemes) for parse in _parse(word))


def known_nouns(word: str) -> tuple[Noun, ...]:
    """Return the readings as a noun that are in the dictionary as they stand."""
    return tuple(noun for noun in nouns(word) if noun.known) if is_known(word) else ()


def _usual(tag: Any) -> bool:
    return _UNUSUAL.isdisjoint(tag.grammemes)


def _collect(forms: Iterable[Any]) -> dict[str, tuple[str, ...]]:
    """Group forms by case; rare endings (second genitive and locative, -ою) last."""
    found: dict[str, list[tuple[bool, str]]] = {}
    for form in forms:
        case = _CASE.get(form.tag.case)
        if case and _usual(form.tag):
            rare = "V-oy" in form.tag or form.tag.case in ("gen2", "loc2") or _old_instrumental(form)
            found.setdefault(case, []).append((rare, form.word))
    return {case: tuple(dict.fromkeys(word for _, word in sorted(pairs, key=lambda pair: pair[0])))
            for case, pairs in found.items()}  # fmt: skip


def _old_instrumental(form: Any) -> bool:
    single = form.tag.case == "ablt" and form.tag.number == "sing"
    return bool(single and form.word.endswith(("ою", "ею", "ёю")))


def _plural(lexeme: Iterable[Any], word: str) -> dict[str, tuple[str, ...]]:
    """Return the plural, with the norm's corrections of the dictionary."""
    cases = _collect(form for form in lexeme if form.tag.number == "plur")
    without = PLURAL_WITHOUT.get(word, "")
    cases = {case: tuple(form for form in forms if form != without) for case, forms in cases.items()}
    if word in ALSO_OV and cases:
        cases = {
            case: (*forms, word + "ов") if case in ("gen", "acc") else forms for case, forms in cases.items()
        }
    return cases


def _with_long_instrumental(cases: dict[str, tuple[str, ...]], word: str) -> dict[str, tuple[str, ...]]:
    """Add the bookish -ою beside -ой for nouns in -а and -я, which the dictionary leaves out."""
    ins = cases.get("ins", ())
    if not word.lower().endswith(("а", "я")) or not ins or not ins[0].endswith(("ой", "ей", "ёй")):
        return cases
    return {**cases, "ins": tuple(dict.fromkeys([*ins, *(form[:-1] + "ю" for form in ins)]))}


def _whole(table: Mapping[str, tuple[str, ...]]) -> bool:
    return all(case in table for case in CASES)


@lru_cache(maxsize=1 << 14)
def nouns(word: str) -> tuple[Noun, ...]:
    """Return the readings of a word as a noun in the nominative, the most frequent first."""
    return tuple(_nouns(word))


def _nouns(word: str) -> Iterator[Noun]:
    for parse in _parse(word):
        tag = parse.tag
        if tag.POS != "NOUN" or tag.case != "nomn" or "Init" in tag or not _usual(tag):
            continue
        lexeme = parse.lexeme
        number = "pl" if tag.number == "plur" else "sg"
        own = [
            form
            for form in lexeme
            if (form.tag.number, form.tag.gender, "Abbr" in form.tag)
            == (tag.number, tag.gender, "Abbr" in tag)
        ]
        base = str(parse.normal_form)
        cases = _with_long_instrumental(_collect(own), word) if number == "sg" else _plural(own, base)
        plural = _plural(lexeme, base) if number == "sg" else {}
        if _whole(cases):
            yield Noun(
                gender=_GENDER.get(str(tag.gender), "") or ("mf" if "ms-f" in tag else ""),
                number=number,
                animate="anim" in tag,
                marks=frozenset(map(str, tag.grammemes)),
                cases=cases,
                plural=plural if _whole(plural) else {},
                known=bool(parse.is_known),
                score=float(parse.score),
            )


@lru_cache(maxsize=1 << 12)
def adjective(word: str) -> Adjective | None:
    """Return the reading of a word as an adjective in the nominative, None where it has none."""
    for parse in _parse(word):
        tag = parse.tag
        if tag.POS not in ("ADJF", "PRTF") or tag.case != "nomn" or not _usual(tag):
            continue
        agrees = "pl" if tag.number == "plur" else _GENDER[str(tag.gender)]
        kin = [form for form in parse.lexeme if _same_participle(form.tag, tag)]
        table = _adjective_table(kin)
        if agrees in table:
            return Adjective(agrees, table, bool(parse.is_known))
    return None


def _same_participle(tag: Any, own: Any) -> bool:
    """Keep to one participle of the up to four in a verb's lexeme, and apart from the superlative."""
    return (tag.POS, tag.tense, tag.voice, "Supr" in tag) == (own.POS, own.tense, own.voice, "Supr" in own)


def _adjective_table(lexeme: Iterable[Any]) -> dict[str, Cases]:
    groups: dict[str, list[Any]] = {}
    for form in lexeme:
        tag = form.tag
        key = "pl" if tag.number == "plur" else _GENDER.get(str(tag.gender), "")
        if "inan" not in tag:
            groups.setdefault(f"{key}.anim", []).append(form)
        if "anim" not in tag:
            groups.setdefault(key, []).append(form)
    tables = {key: _collect(forms) for key, forms in groups.items()}
    return {key: table for key, table in tables.items() if _whole(table)}


@lru_cache(maxsize=1 << 8)
def numeral(word: str) -> Cases | None:
    """Return the cases of a numeral given in the nominative (две, пять), None where it is none.

    The accusative is that of things; of living beings it is the genitive.
    """
    for parse in _parse(word) if "-" in word or is_known(word) else ():
        if parse.tag.POS == "NUMR" and parse.tag.case == "nomn":
            table = _collect(form for form in parse.lexeme if "anim" not in form.tag)
            table = {**table, "nom": (word.lower(),), "acc": (word.lower(),)}
            return table if _whole(table) else None
    return None


@lru_cache(maxsize=1 << 8)
def counted(word: str) -> tuple[Cases, bool] | None:
    """Return the cases a noun takes after a numeral and whether it is animate; None if it takes none.

    The word is given as it stands after the numeral in the nominative: in the genitive (две сессии).
    """
    for parse in _parse(word):
        tag = parse.tag
        if tag.POS == "NOUN" and tag.case == "gent" and "Name" not in tag and "Surn" not in tag:
            plural = _plural(parse.lexeme, str(parse.normal_form))
            animate = "anim" in tag
            table = {
                **plural,
                "nom": (word.lower(),),
                "acc": plural.get("gen", ()) if animate else (word.lower(),),
            }
            return (table, animate) if _whole(plural) else None
    return None


@lru_cache(maxsize=1 << 10)
def verb(word: str) -> tuple[tuple[str, str], ...]:
    """Return (features, form) of every form of a verb given in the infinitive, empty where it is none."""
    for parse in _parse(word) if is_known(word) else ():
        if parse.tag.POS == "INFN" and parse.is_known:
            pairs = ((_verb_features(form.tag), form.word) for form in parse.lexeme if _usual(form.tag))
            return tuple(dict.fromkeys(pairs))
    return ()


def _verb_features(tag: Any) -> str:
    """Return features such as `inf`, `pres.3sg`, `past.f`, `imp.pl`, `ger`, `part.act.past.m.gen`."""
    number = {"sing": "sg", "plur": "pl"}.get(str(tag.number), "")
    gender = _GENDER.get(str(tag.gender), "")
    tense = {"pres": "pres", "past": "past", "futr": "fut"}.get(str(tag.tense), "")
    if tag.POS == "INFN":
        return "inf"
    if tag.POS == "GRND":
        return f"ger.{tense}"
    if tag.mood == "impr":
        return f"imp.{number}" + (".incl" if "incl" in tag else "")
    if tag.POS in ("PRTF", "PRTS"):
        voice = "act" if tag.voice == "actv" else "pass"
        case = "short" if tag.POS == "PRTS" else _CASE[tag.case]
        return ".".join(part for part in ("part", voice, tense, gender or number, case) if part)
    if tense == "past":
        return f"past.{gender or number}"
    return f"{tense}.{str(tag.person)[0]}{number}"
