"""Names of the source that stand in the translation in no form: neither copied nor as they sound.

English writes names with capitals; Kazakh, Uyghur, Russian and Chinese write them as they sound. So a word
like the name is sought by its sound. Names made of common words (White House) are translated by their sense
and are passed over, and so are the words for peoples and countries, whose names often differ.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from corpora.languages import LANGUAGES
from corpora.records import Flag, Severity
from glossary.common_words import COMMON_WORDS
from glossary.sounds import closeness, likeness, sounds
from pipeline.quality.checks.chinese_sounds import heard
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
assembly association aunt authority award awards bay bishop board bond branch bridge brother budget
buffer bureau calendar campaign capital captain career cash catalog chair champions championship
chancellor chart chatroom chief clearing click clinic cloud coalition code college colonel
commission committee conference congress connect conservative conservatives corps council country
county cup customs daily dashboard data database default defence defense democrat democrats
department desert details digital district division doctor drought duke elite embassy enforcement
environment equity exchange export express father federal federation festival field file fintech
folder form forum foundation front fund funds future gallery general global growth gulf hall hong
hospital human import impossible institute intelligence interior international invoice islands item
judge judiciary justice king kong label lady lake layout league liberal library link list log lord
magazine manage management mandatory manual mayor memorial menu minister ministry miss mission
module monitor monthly mount mrs museum national network northern object office olympic olympics
organisation organization palace panel parliament party peninsula plan pool portfolio post premier
primary prince princess prize process product prof professor profile prompts provident province
railway rapid rate referendum report republic republican republicans request research resource
resources revenue rights sandbox scheme secretary select senate senator sergeant series server
service setup shop sir sister social society southeast southern southwest square stadium stadiums
statement status stock street supreme survey system tab table tag task template text times title
token tool tour tower trade treasury type uncle university user value view warn web western wildlife
wizard workers
"""
_SENSES = frozenset(_SENSE.split())  # words that names of offices, events and places share
_SOUNDS = "aeiouXCJ" + "bdfghklmnpqrstvwxyzcj"  # letters of the phonetic spelling
_LEAST = 4  # letters of a name worth seeking
_BEST, _MEAN = 0.65, 0.6  # of the likenesses of its words, for a name to be heard
_CHINESE_DOUBT, _CHINESE_SURE = 0.58, 0.45


@lru_cache(maxsize=1 << 14)
def _is_plain(word: str) -> bool:
    """Tell a word that may be translated by its sense, or has a name of its own in other languages."""
    return len(word) < _LEAST or is_common(word) or not sounds(word)


@lru_cache(maxsize=1 << 14)
def is_common(word: str) -> bool:
    """Tell an English word that names are made of, or that looks like one by its ending."""
    bare = word.casefold()
    forms = {bare, bare.removesuffix("s"), f"{bare.removesuffix('ies')}y"}
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
    """A name of two words or more of which nothing in the translation sounds like any part."""
    language = LANGUAGES.get(pair.lang)
    if pair.source_lang != "en" or language is None or language.script == "Latn":
        return
    told = pair.target.casefold()
    seen: set[str] = set()
    for run in _runs(pair.source):
        name = " ".join(run)
        if len(run) < 2 or name in seen or any(_is_plain(word) for word in run):
            continue
        seen.add(name)
        if any(word.casefold() in told for word in run):
            continue
        severity = _unheard([_likeness(word, pair) for word in run], pair.lang)
        if severity:
            message = f"nothing in the translation sounds like the name {name} of the source"
            yield Flag("name", severity, message)


def _unheard(likenesses: list[float], lang: str) -> Severity | None:
    """Say how doubtful a name is whose words sound this much like something in the target."""
    best, mean = max(likenesses), sum(likenesses) / len(likenesses)
    if lang == "zh":  # many names have readings of their own there
        return None if best >= _CHINESE_DOUBT else "info" if best >= _CHINESE_SURE else "warning"
    return None if best >= _BEST and mean >= _MEAN else "warning"


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
