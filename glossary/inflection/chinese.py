"""Chinese: one form. Nouns do not inflect (赵元任, A Grammar of Spoken Chinese, 1968).

What does vary is the dot between the parts of a foreign name. The national standard prescribes U+00B7
(GB/T 15834—2011, 4.14); texts in the wild also have the dots of Japanese and of other keyboards. Those are
accepted, never preferred. A name without its dot is another string and not accepted.
"""

from __future__ import annotations

from corpora.text import nfc
from glossary.inflection import Form, Lemma

MIDDLE_DOT = "·"
DOTS = "··•・‧∙⋅．"
"""Middle dots seen in foreign names; the first is the standard's."""


def forms(lemma: Lemma) -> tuple[Form, ...]:
    """Return the lemma, then its spellings with other middle dots, which are accepted only."""
    text = nfc(lemma.text)
    found = [Form(text, "nom")]
    plain = text
    for dot in DOTS:
        plain = plain.replace(dot, MIDDLE_DOT)
    if MIDDLE_DOT in plain:
        found += [Form(plain.replace(MIDDLE_DOT, dot), "nom", preferred=False) for dot in DOTS]
    found += [Form(nfc(form), features) for features, form in lemma.irregular]
    kept: dict[str, Form] = {}
    for form in found:
        kept.setdefault(nfc(form.text), Form(nfc(form.text), form.features, form.preferred))
    return tuple(kept.values())
