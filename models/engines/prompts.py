"""How a text is put to a decoder-only model, and how its answer begins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from corpora.languages import language


@dataclass(frozen=True, slots=True)
class Template:
    """A prompt of plain text, filled with `str.format`.

    Attributes:
        prompt: fields `{text}` and `{target}` (the language's English name).
        answer: what stands between the prompt and the translation.
        hint: one term, fields `{source}` and `{target}`; empty where the model takes no terms.
        hints: the line of hints before the prompt, field `{hints}`.
        separator: stands between two hints.
        filler: text, language and translation of a short exchange that the model ends at once.
    """

    prompt: str
    answer: str
    hint: str = ""
    hints: str = ""
    separator: str = ""
    filler: tuple[str, str, str] = ("", "", "")

    def fill(self, text: str, lang: str, terms: Sequence[tuple[str, str]] = ()) -> str:
        """Return the prompt; white space of the text and the terms becomes single spaces.

        A line break in the text would look like the end of the prompt.
        """
        line = ""
        if self.hint and terms:
            pairs = [self.hint.format(source=flat(source), target=flat(target)) for source, target in terms]
            line = self.hints.format(hints=self.separator.join(pairs))
        return line + self.prompt.format(text=flat(text), target=language(lang).name)


def flat(text: str) -> str:
    """Return the text with runs of white space made single spaces, none at the ends."""
    return " ".join(text.split())


STARTER = Template(
    prompt="English: {text}\n{target}:",
    answer=" ",
    hint="{source} = {target}",
    hints="{hints}\n",
    separator="; ",
    filler=("Yes.", "ru", "Да."),
)
