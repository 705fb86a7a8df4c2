"""Language tags in files that translators' tools read."""

from __future__ import annotations

from corpora.languages import LANGUAGES

# Translation tools key their memories by language and region: they take zh-CN for Simplified Chinese and do
# not know, or do not match, zh-Hans. The other four need no region.
_EXPORTED = {"zh": "zh-CN"}


def tag_of(lang: str) -> str:
    """Return the tag written for a language code; a code that is not ours is its own tag."""
    return _EXPORTED.get(lang) or (LANGUAGES[lang].tag if lang in LANGUAGES else lang)


def code_of(tag: str) -> str:
    """Return our code for a tag (`kk-KZ`, `ZH_cn`, `zh-Hans`); any other tag stays as it is."""
    code = tag.replace("_", "-").split("-")[0].lower()
    return code if code in LANGUAGES else tag
