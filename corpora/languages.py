"""The five languages: codes, names, scripts and direction. The one table every room reads."""

from __future__ import annotations

from dataclasses import dataclass

from corpora.errors import UsageError


@dataclass(frozen=True, slots=True)
class Language:
    """A language of this project.

    Attributes:
        code: BCP-47 code as used in jobs and options.
        name: English name, as prompts use it.
        own_name: the language's name for itself.
        script: ISO 15924 code of the script we write.
        rtl: written right to left.
        spaced: words are separated by spaces.
        tag: full tag for exported files (xml:lang, HTML lang).
    """

    code: str
    name: str
    own_name: str
    script: str
    rtl: bool = False
    spaced: bool = True
    tag: str = ""


LANGUAGES: dict[str, Language] = {
    language.code: language
    for language in (
        Language("en", "English", "English", "Latn", tag="en"),
        Language("kk", "Kazakh", "Қазақша", "Cyrl", tag="kk"),
        Language("ug", "Uyghur", "ئۇيغۇرچە", "Arab", rtl=True, tag="ug"),
        Language("ru", "Russian", "Русский", "Cyrl", tag="ru"),
        Language("zh", "Chinese", "中文（简体）", "Hans", spaced=False, tag="zh-Hans"),
    )
}
SOURCE = "en"
TARGETS = ("kk", "ug", "ru", "zh")


def language(code: str, *, place: str = "") -> Language:
    """Return the language of a code; raise `UsageError` naming the known codes."""
    try:
        return LANGUAGES[code]
    except KeyError:
        known = ", ".join(LANGUAGES)
        raise UsageError(f"unknown language {code!r}", place=place, fix=f"Use one of: {known}") from None


_UNSPACED = frozenset({"zh", "yue", "ja", "th", "lo", "km", "my"})


def joiner(tag: str) -> str:
    """Return what stands between two sentences in running text of any BCP-47 tag: a space, or nothing."""
    return "" if tag.split("-")[0].lower() in _UNSPACED else " "
