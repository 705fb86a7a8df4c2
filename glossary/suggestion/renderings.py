"""How translations render a name: found by sound, by letters left as they were, or by what the outputs share.

This is a guess to show an editor where a model wavers; it proves nothing.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from corpora.languages import LANGUAGES
from corpora.text import nfc
from glossary.inflection import Lemma, paradigm
from glossary.sounds import closeness, likeness, sounds

_WORD = re.compile(r"[^\W\d_](?:\w|[-'’·](?=\w))*")
_LATIN = re.compile(r"[A-Za-z]")
_HAN = re.compile("[\u3400-\u9fff·]+")
_BY_SOUND = 0.68
_STEMS = (4, 5)  # letters by which words are one word to the eye that looks for what outputs share
_LONGEST = 8  # Chinese characters of a rendering
# Chinese words of grammar that names neither begin nor end with
_CHINESE_SMALL = frozenset("在的了和是不有对与被从到于为也就都而及他她我你们这那之其将并由向把·")
_LONGEST_ENDING = 7
# what a dictionary form may end in where another form has lost or changed it
_ENDS = {"ru": ("", "а", "я", "й", "ь", "ия"), "ug": ("", "ا", "ە")}
_ADJECTIVE = frozenset("ый ий ой ого его ому ему ым им ом ем ая яя ей ую юю ое ее".split())  # noqa: SIM905
_HEARD = frozenset({"person", "place", "people", ""})  # types whose names of several words keep their sound
# words of many shapes, whose paradigms show the endings of their language
_SHOWN = {
    "kk": (
        "Алматы",
        "Құлжа",
        "Қазақстан",
        "Қытай",
        "Серік",
        "Үрімжі",
        "Айгүл",
        "Тарбағатай",
        "Атұш",
        "Қашқар",
    ),
    "ug": ("ئۈرۈمچى", "غۇلجا", "قازاقىستان", "خىتاي", "قەشقەر", "ئايگۈل", "خوتەن", "ئالمۇتا"),
    "ru": ("Кашгар", "Москва", "Россия", "Китай", "Казань", "Корла", "Или", "Кремль", "Дания"),
}


@dataclass(frozen=True, slots=True)
class Rendering:
    """One way a name is rendered: a form to call it by, how often, and all the forms found."""

    text: str
    count: int
    forms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rendered:
    """How one name is rendered in one language.

    Attributes:
        renderings: distinct ones, inflected forms folded, the most frequent first.
        looked: in how many translations it was looked for.
        lost: in how many of these nothing was found.
    """

    renderings: tuple[Rendering, ...]
    looked: int
    lost: int

    @property
    def wavers(self) -> bool:
        """Tell whether there is more than one rendering."""
        return len(self.renderings) > 1


def rendered(
    names: Sequence[str],
    outputs: Sequence[str],
    others: Sequence[str],
    lang: str,
    kind: str = "",
    rivals: Sequence[str] = (),
) -> Rendered:
    """Return how translations render a name.

    Args:
        names: its spellings.
        outputs: translations of segments that hold it.
        others: translations of segments that do not, to tell its rendering from frequent words.
        lang: their language.
        kind: type of the name, as in a glossary.
        rivals: other names of the texts; words that sound more like one of these are not taken.
    """
    own = {part for name in names for part in name.split()}
    apart = [sounds(name) for name in rivals if own.isdisjoint(name.split())]
    texts = [nfc(text) for text in outputs]
    by_sound = LANGUAGES[lang].spaced and (kind in _HEARD or " " not in names[0])
    found = [
        _by_letters(names, text) or (_by_sound(names, text, lang, apart) if by_sound else "")
        for text in texts
    ]
    heard = {form for form in found if form}
    left = [at for at, form in enumerate(found) if not form]
    background = [_pieces(nfc(text), lang, names, kind) for text in others]
    while form_at := _shared([_pieces(texts[at], lang, names, kind) for at in left], background, names):
        for place, form in form_at.items():
            found[left[place]] = form
        left = [at for at, form in enumerate(found) if not form]
    counts = Counter(form for form in found if form)
    lemmas = {form: _bare(form, names, lang, kind) for form in heard}
    return Rendered(_folded(counts, lemmas, lang, kind), len(texts), len(left))


def _by_letters(names: Sequence[str], text: str) -> str:
    """Return a spelling that was left as it is in the source."""
    for name in sorted(names, key=len, reverse=True):
        if match := re.search(rf"(?<![A-Za-z]){re.escape(name)}(?![A-Za-z])", text, re.IGNORECASE):
            return match.group()
    return ""


def _by_sound(names: Sequence[str], text: str, lang: str, rivals: Sequence[str]) -> str:
    """Return the words that sound most like one of the spellings, if each of them sounds like a part of it.

    A part that is translated (East, in East Turkestan) is taken to stand before those that are not.
    """
    words = [match for match in _WORD.finditer(text) if not _LATIN.match(match.group())]
    best, value = (0, 0), _BY_SOUND
    for name in names:
        parts = [sounds(part) for part in name.split()]
        for width in range(1, len(parts) + 1):
            for at in range(len(words) - width + 1):
                window = [sounds(match.group()) for match in words[at : at + width]]
                score = _score(parts, window)
                if score > value and not any(
                    likeness(rival, "".join(window))[0] > score for rival in rivals if rival
                ):
                    best, value = (at, at + width), score
    first, last = best
    size = len(names[0].split())
    while last and first and last - first < size and _goes_on(text, words[first - 1], words[first], lang):
        first -= 1
    return text[words[first].start() : words[last - 1].end()] if last else ""


def _score(parts: Sequence[str], window: Sequence[str]) -> float:
    """Return how alike a name and some words sound: whole, or in the parts that the words stand for."""
    heard = "".join(parts)
    if len(heard) < 3 or not all(window):
        return 0.0
    if len(window) == len(parts):
        pairs = [likeness(part, word)[0] for part, word in zip(parts, window, strict=True)]
        return min(likeness(heard, "".join(window))[0], 0.2 + min(pairs))
    if len(window) == 1:
        # one word of several: it must be long, and clearly the one
        return max((likeness(part, window[0])[0] for part in parts if len(part) > 4), default=0.0) - 0.1
    return 0.0


def _goes_on(text: str, before: re.Match[str], word: re.Match[str], lang: str) -> bool:
    """Tell whether the word before belongs to the same name."""
    if text[before.end() : word.start()] != " ":
        return False
    return lang == "ug" or before.group()[0].isupper()


def _pieces(text: str, lang: str, names: Sequence[str], kind: str) -> dict[str, str]:
    """Return what a rendering may be in a text, as it stands, by what it shares with its other forms."""
    pieces: dict[str, str] = {}
    if not LANGUAGES[lang].spaced:
        for match in _HAN.finditer(text):
            run = match.group()
            for size in range(2, _LONGEST + 1):
                for at in range(len(run) - size + 1):
                    piece = run[at : at + size]
                    if piece[0] not in _CHINESE_SMALL and piece[-1] not in _CHINESE_SMALL:
                        pieces.setdefault(piece, piece)
        return pieces
    words = [match.group() for match in _WORD.finditer(text)]
    capital = lang != "ug" and kind in ("person", "place", "organisation")
    for size in range(1, max(len(name.split()) for name in names) + 2):
        for at in range(len(words) - size + 1):
            part = words[at : at + size]
            if min(len(part[0]), len(part[-1])) > 2 and (part[0][0].isupper() or not capital):
                for stem in _STEMS:
                    pieces.setdefault(" ".join(word.lower()[:stem] for word in part), " ".join(part))
    return pieces


def _shared(
    own: Sequence[dict[str, str]], background: Sequence[dict[str, str]], names: Sequence[str]
) -> dict[int, str]:
    """Return the piece that most of the texts share and few others have, by index of text; empty for none.

    It must stand in three texts and in a third of them, and there ten times as often as elsewhere. Of
    several, the one with as many words as the name wins; in Chinese, the longest.
    """
    counts = Counter(key for pieces in own for key in pieces)
    elsewhere = Counter(key for pieces in background for key in pieces)
    size = len(names[0].split())
    best, value = "", (0.0, 0, 0)
    for key, count in counts.items():
        share = count / len(own)
        noise = elsewhere[key] / max(len(background), 1)
        if count < 3 or share < 1 / 3 or noise * 10 > share:
            continue
        rank = (share - noise, -abs(len(key.split()) - size), len(key))
        if rank > value or not best:
            best, value = key, rank
    return {at: pieces[best] for at, pieces in enumerate(own) if best and best in pieces}


def _bare(form: str, names: Sequence[str], lang: str, kind: str) -> str:
    """Return the form without its ending: of all words it may be a form of, the one most like the name."""
    if _LATIN.search(form) or lang not in _SHOWN:
        return form
    heard = [sounds(name) for name in names]
    best, value = form, max(closeness(name, sounds(form)) for name in heard)
    for cut in range(1, min(_LONGEST_ENDING, len(form) - 2) + 1):
        for end in _ENDS.get(lang, ("",)):
            stem = form[:-cut] + end
            score = max(closeness(name, sounds(stem)) for name in heard)
            # >=: Шыңжаңн and Шыңжаң sound the same
            if score >= value and form.lower() in _forms(stem, lang, kind):
                best, value = stem, score
    return best


def _folded(counts: Counter[str], lemmas: Mapping[str, str], lang: str, kind: str) -> tuple[Rendering, ...]:
    """Put the inflected forms of one rendering together, whatever order they come in."""

    def _one(form: str, other: str) -> bool:
        alike = form in lemmas and other in lemmas and lemmas[form].lower() == lemmas[other].lower()
        return alike or _same(form, other, lang, kind)

    groups: list[list[str]] = []
    for form in sorted(counts, key=lambda form: (len(form), form)):
        home = [group for group in groups if any(_one(form, other) for other in group)]
        groups = [group for group in groups if group not in home]
        groups.append([*(other for group in home for other in group), form])
    made = [
        Rendering(
            _lemma(group, counts, lemmas, lang, kind),
            sum(counts[form] for form in group),
            tuple(sorted(group, key=lambda form: (-counts[form], form))),
        )
        for group in groups
    ]
    return tuple(sorted(made, key=lambda one: (-one.count, one.text)))


def _lemma(
    group: Sequence[str], counts: Counter[str], lemmas: Mapping[str, str], lang: str, kind: str
) -> str:
    """Return the form that all are forms of; else what the sound of most shows; else what holds most."""
    held = {form: sum(other.lower() in _forms(form, lang, kind) for other in group) for form in group}
    holder = max(group, key=lambda form: (held[form], -len(form), counts[form]))
    if len(group) > 1 and held[holder] == len(group):
        return holder
    bare: Counter[str] = Counter()
    for form in group:
        if form in lemmas:
            bare[lemmas[form]] += counts[form]
    if bare:
        return max(bare, key=lambda lemma: (bare[lemma], -len(lemma)))
    return holder


@lru_cache(maxsize=1 << 12)
def _forms(form: str, lang: str, kind: str) -> frozenset[str]:
    if _LATIN.search(form) or not LANGUAGES[lang].spaced:
        return frozenset({form.lower()})
    genders = ("", "m", "f") if lang == "ru" else ("",)
    lemmas = (Lemma(form, lang, kind, gender) for gender in genders)
    return frozenset({form.lower(), *(one.text.lower() for lemma in lemmas for one in paradigm(lemma))})


@lru_cache(maxsize=4)
def _endings(lang: str) -> frozenset[str]:
    """Return the endings of the singular, as they follow what does not change."""
    found = {""}
    for word in _SHOWN.get(lang, ()):
        forms = [
            one.text for one in paradigm(Lemma(word, lang, "place")) if not one.features.startswith("pl")
        ]
        kept = min((_common(word, form) for form in forms), default=0)
        found |= {form[kept:].lower() for form in forms} | {form.removeprefix(word).lower() for form in forms}
    return frozenset(found)


def _common(one: str, other: str) -> int:
    at = 0
    while at < min(len(one), len(other)) and one[at] == other[at]:
        at += 1
    return at


def _same(one: str, other: str, lang: str, kind: str) -> bool:
    """Tell whether two words are forms of one: one is in the other's paradigm, or only endings differ."""
    low, lower = one.lower(), other.lower()
    if low == lower or low in _forms(other, lang, kind) or lower in _forms(one, lang, kind):
        return True
    if _LATIN.search(one) or _LATIN.search(other):
        return False
    words, others = one.split(), other.split()
    if len(words) > 1 and len(words) == len(others):
        return all(_same(a, b, lang, kind) for a, b in zip(words, others, strict=True))
    kept = _common(low, lower)
    least = max(3, min(len(low), len(lower)) // 2)
    tails = ({low[at:], lower[at:]} for at in range(kept, max(least, kept - 2) - 1, -1))
    return any(pair <= _endings(lang) or (lang == "ru" and _ADJECTIVE.issuperset(pair)) for pair in tails)


def choose(segments: Sequence[Sequence[int]], cap: int) -> tuple[list[int], dict[int, list[int]]]:
    """Choose which segments to translate: at most `cap` for each name, spread over the texts.

    Args:
        segments: for each name, the segments it occurs in.
        cap: the most for one name.

    Returns:
        All chosen segments in order, and for each name its own.
    """
    own: dict[int, list[int]] = defaultdict(list)
    for name, places in enumerate(segments):
        step = max(1.0, len(places) / cap)
        own[name] = list(dict.fromkeys(places[int(at * step)] for at in range(min(cap, len(places)))))
    return sorted({place for places in own.values() for place in places}), dict(own)


def excerpt(one: Rendered, limit: int = 6) -> Iterator[str]:
    """Yield the renderings for people: `Қашқар ×5`, and how often none was found."""
    for rendering in one.renderings[:limit]:
        yield f"{rendering.text} ×{rendering.count}"
    if len(one.renderings) > limit:
        yield f"and {len(one.renderings) - limit} more"
    if one.lost:
        yield f"not found ×{one.lost}"
