"""Names of the source that stand in the translation in no form: neither copied nor as they sound.

English writes names with capitals; Kazakh, Uyghur, Russian and Chinese write them as they sound. So a word
like the name is sought by its sound. Countries, peoples and places that are called otherwise are sought by
what they are called (`known_names`). Names made of common words (White House) are translated by their sense
and are passed over, and so is a word that English also writes small. How much like something in the
translation a name must sound was set on human translations (`benchmarks/checks.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from corpora.languages import LANGUAGES
from corpora.records import Flag, Severity, Span
from glossary.common_words import COMMON_WORDS
from glossary.sounds import closeness, likeness, sounds
from pipeline.quality.checks.chinese_sounds import heard
from pipeline.quality.checks.known_names import english_words, known_names
from pipeline.quality.checks.pair import Pair

_NAME = re.compile(r"[A-Z\u00c0-\u00de][\w’'-]*[a-z\u00df-\u024f][\w’'-]*")
_BETWEEN = re.compile(r"[ \u00a0](?:(?:al|bin|de|da|del|der|di|la|le|van|von|el|ibn)[ \u00a0-])?")
_POSSESSIVE = re.compile(r"['’]s?$")
_OTHER_NAMES = re.compile(
    r"(?:ians?|icans?|eans?|ese|ish|ism|ist|ists|ic|ics|[ts]ion|ment|ness|ity|ing|ed|ly|day|land|ers?|or"
    r"|[bintr]al|[ae]nc[ey]|[ao]ry|ive|able|ible|ful|less|ship|hood|ware|[a-z]{3}(?:ate|ite|ure|age))$"
)
_SENSE = """
academy accelerator account activities address agency aggregate alliance analysts artificial
assembly association aunt authority award awards bay bishop board bond branch brexit bridge brother
budget buffer bureau calendar campaign capital captain career cash catalog chair champions
championship chancellor chart chatroom chief clearing click clinic cloud coalition code college
colonel commission committee conference congress connect conservative conservatives corps council
country county cup customs daily dashboard data database default defence defense democrat democrats
department desert details detainee diaspora digital district division doctor drought duke elite
embassy enforcement environment episcopal equity exchange export express father federal federation
festival field file fintech folder form forum foundation front fund funds future gallery general
global growth gulf halal hall homestay hong hospital human import impossible institute intelligence
interior international invoice islands item judge judiciary justice king kong koran label lady lake
layout league liberal library link list log lord magazine manage management mandarin mandatory
manual mayor memorial menu minister ministry miss mission module monitor monthly mount mrs museum
national network northern object office olympic olympics online organisation organization palace
panel parliament party peninsula plan polysilicon pool portfolio post premier primary prince
princess prize process product prof professor profile prompts provident province quran railway
ramadan rapid rate referendum report republic republican republicans request research resource
resources revenue rights sandbox scheme secretary select senate senator sept sergeant series server
service setup shop sir sister social society southeast southern southwest square stadium stadiums
statement status steppe stock street supreme survey sweatshop system tab table tag task template
text times title token tool tour tower trade treasury type uncle university user value view warn
web wechat western wildlife wizard workers
"""
_SENSES = frozenset(_SENSE.split())  # words that names of offices, events and places share
_SOUNDS = "aeiouXCJ" + "bdfghklmnpqrstvwxyzcj"  # letters of the phonetic spelling
_LEAST = 4  # letters of a name worth seeking
_LEAST_SOUNDS = 5  # of a name that stands alone: shorter ones are like something by chance
_CUT = "_"  # in place of a name of the tables
_BESIDE = re.compile(  # Donald Trump: one of the two may do
    r"(?<![\w’'-])(?:[A-Z][\w’'-]* ){1,4}_|_(?: [A-Z][\w’'-]*){1,4}"
)
_JOINED = 5  # words of a name that may be written as one
_KNOWN = 0.8  # a name of the tables that is not found there must sound like this


@dataclass(frozen=True, slots=True)
class _Bar:
    """How much like something in the target a name must sound, 0 to 1, in a language.

    Attributes:
        single: a name of one word; below it is a warning.
        best, mean: the likest of several words, and all of them on average; below either is a warning.
        spared, spared_several: of one word, of several: below its bar but not below this is information.
    """

    single: float
    best: float
    mean: float
    spared: float = 0.0
    spared_several: float = 0.0


_BARS = {
    "kk": _Bar(0.6, 0.65, 0.6),
    "ug": _Bar(0.55, 0.65, 0.6, spared=0.45),
    "ru": _Bar(0.6, 0.65, 0.6),
    "zh": _Bar(0.4, 0.58, 0.0, spared=0.1, spared_several=0.45),
}


@lru_cache(maxsize=1 << 14)
def _is_plain(word: str) -> bool:
    """Tell a word that may be translated by its sense, or has a name of its own in other languages."""
    bare = re.split("['’]", word.casefold())[0]  # they're, o'clock
    if "-" in bare or len(bare) < _LEAST or not sounds(bare):
        return True
    return is_small(bare)


def is_small(word: str) -> bool:
    """Tell an English word that is also written small, whether in the plural or not."""
    bare = word.casefold()
    return is_common(bare) or bool({bare, bare.removesuffix("s"), bare.removesuffix("es")} & english_words())


@lru_cache(maxsize=1 << 14)
def is_common(word: str) -> bool:
    """Tell an English word that names are made of, or that looks like one by its ending."""
    bare = word.casefold()
    forms = {bare, bare.removesuffix("s")} | ({f"{bare[:-3]}y"} if bare.endswith("ies") else set())
    return any(one in COMMON_WORDS or one in _SENSES or _OTHER_NAMES.search(one) for one in forms)


def _runs(source: str) -> Iterator[list[str]]:
    """Yield the names of the source, each as its words, possessives off."""
    run: list[str] = []
    end = -1
    for match in _NAME.finditer(source):
        joined = bool(run) and _BETWEEN.fullmatch(source, end, match.start()) is not None
        if run and not joined:
            yield run
            run = []
        run.append(_POSSESSIVE.sub("", match[0]))
        end = match.end() if not _POSSESSIVE.search(match[0]) else -1
    if run:
        yield run


def names(pair: Pair) -> Iterator[Flag]:
    """A name of which nothing in the translation sounds like any part, and that has no other name there."""
    language = LANGUAGES.get(pair.lang)
    if pair.source_lang != "en" or language is None or language.script == "Latn" or pair.source.isupper():
        return
    told = pair.target.casefold()
    seen: set[str] = set()
    for _, _, known in known_names(_unjudged(pair), pair.lang):
        name = known.english
        if name in seen or name.casefold() in told:
            continue
        seen.add(name)
        if not known.pattern.search(told) and not _is_heard(name, pair):
            yield Flag("name", "warning", f"nothing in the translation stands for {name} of the source")
    for words, sought in names_heard(pair):
        name = " ".join(sought)
        if name in seen or any(word.casefold() in told for word in words):
            continue
        seen.add(name)
        severity = _unheard(words, sought, pair)
        if severity:
            message = f"nothing in the translation sounds like the name {name} of the source"
            yield Flag("name", severity, message)


def _is_heard(known: str, pair: Pair) -> bool:
    """Tell whether a name of the tables is there in a form that they do not have."""
    return len(known) >= _LEAST and _likeness(known, pair) >= _KNOWN


def names_heard(pair: Pair) -> Iterator[tuple[list[str], list[str]]]:
    """Yield (its words, those that are sought by their sound) for each name of the source no table has."""
    source = _unjudged(pair)
    rest = _without(source, [(start, stop) for start, stop, _ in known_names(source, pair.lang)])
    small = {match[0] for match in pair.source_words}
    for run in _runs(_BESIDE.sub(_CUT, rest)):
        sought = [word for word in run if not _is_plain(word) and word.casefold() not in small]
        if sought:
            yield run, sought


def _unjudged(pair: Pair) -> str:
    """Return the source without the terms that the verifier judges."""
    return _without(pair.source, pair.judged)


def _without(source: str, spans: Iterable[Span]) -> str:
    rest: list[str] = []
    end = 0
    for start, stop in spans:
        rest += [source[end:start], _CUT]
        end = stop
    return "".join([*rest, source[end:]])


def _unheard(run: list[str], sought: list[str], pair: Pair) -> Severity | None:
    """Say how doubtful a name of these words is, of which some are sought."""
    bar = _BARS.get(pair.lang)
    if bar is None or (len(sought) == 1 and len(sounds(sought[0])) < _LEAST_SOUNDS):
        return None
    likenesses = [_likeness(word, pair) for word in sought]
    best, mean = max(likenesses), sum(likenesses) / len(likenesses)
    several = len(sought) > 1 and sought == run
    if best >= (bar.best if several else bar.single) and not (several and mean < bar.mean):
        return None
    others = [word for word in run if word not in sought and len(word) >= _LEAST]
    if 1 < len(run) <= _JOINED:
        others.append("".join(run))
    if any(_likeness(other, pair) >= bar.best for other in others):
        return None  # written in one word, or by another of its words
    spared = bar.spared_several if several else bar.spared
    return "info" if best >= spared > 0.0 else "warning"


def _likeness(word: str, pair: Pair) -> float:
    """Return how much like a word of the source the likeliest place of the target sounds, 0 to 1."""
    wanted = sounds(word)
    if pair.lang == "zh":
        return heard(wanted, pair.target)
    words = {sounds(match[0]) for match in pair.target_words}
    best = 0.0
    for bound, found in sorted(((_bound(wanted, word), word) for word in words), reverse=True):
        if bound <= best:
            break
        best = max(best, likeness(wanted, found)[0])
    return best


def _bound(name: str, found: str) -> float:
    """Return what `likeness` can reach at most: a consonant with no kin in the other word costs 1."""
    lost, scale = 0.0, 0.0
    letters = frozenset(found)
    for letter in name:
        if letter in "aeiou":
            scale += 0.4
        else:
            scale += 1.0
            lost += letters.isdisjoint(_kin(letter))
    return 1.0 - lost / (scale + lost)


@lru_cache(maxsize=64)
def _kin(letter: str) -> frozenset[str]:
    """Return the sounds that may stand for a consonant at less than the full cost, itself among them."""
    return frozenset(other for other in _SOUNDS if closeness(letter, other) > 0.0)
