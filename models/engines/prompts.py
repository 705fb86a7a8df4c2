"""How a text is put to a decoder-only model, and how its answer begins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

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

    def fill(
        self, text: str, lang: str, terms: Sequence[tuple[str, str]] = (), context: Sequence[str] = ()
    ) -> str:
        """Return the prompt; white space of the text and the terms becomes single spaces.

        A line break in the text would look like the end of the prompt. The sentences before are not used.
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


@dataclass(frozen=True, slots=True)
class ChatPrompt:
    """What a person says to a chat model that is to translate; filled with `str.format`.

    Attributes:
        ask: fields `{text}` and `{target}` (the language as the model calls it).
        hint: one term, fields `{source}` and `{target}`; empty where the model takes no terms.
        hints: stands before `ask` where there are terms, field `{hints}`, one a line.
        context: stands before that where there are sentences before, field `{context}`; empty for none.
        typed: the chat template writes the prompt itself and wants text and language codes in fields.
    """

    ask: str
    hint: str = ""
    hints: str = ""
    context: str = ""
    typed: bool = False

    @property
    def abilities(self) -> frozenset[str]:
        """What of a request the prompt can carry: of `terms`, `context`."""
        able = {"terms": self.hint, "context": self.context}
        return frozenset(name for name, wording in able.items() if wording)

    def fill(
        self, text: str, target: str, terms: Sequence[tuple[str, str]] = (), context: Sequence[str] = ()
    ) -> str:
        """Return the words; white space within the text, the terms and the context becomes single spaces."""
        before = ""
        if self.context and context:
            before += self.context.format(context=flat(" ".join(context)))
        if self.hint and terms:
            pairs = [self.hint.format(source=flat(source), target=flat(lemma)) for source, lemma in terms]
            before += self.hints.format(hints="\n".join(pairs))
        return before + self.ask.format(text=flat(text), target=target)


# Hy-MT2: its makers' wording for plain text and for terms (model card); they have none in English for
# context, so that one says what their Chinese one for HY-MT1.5 says.
# HY-MT1.5, Hunyuan-MT: their makers' wording for plain text; for terms and context they have Chinese alone.
# TranslateGemma: the chat template holds the wording. Instruct: our own wording for any model.
_HY_MT2 = ChatPrompt(
    ask=(
        "Translate the following text into {target}. Note that you should only output the translated "
        "result without any additional explanation:\n\n{text}"
    ),
    hint="{source} translates to {target}",
    hints="Reference the following translations:\n{hints}\n\n",
    context=("{context}\nWith the text above as reference only, not to be translated, do this:\n\n"),
)
CHAT: Mapping[str, ChatPrompt] = MappingProxyType(
    {
        "hy-mt2": _HY_MT2,
        "hy-mt1.5": replace(
            _HY_MT2,
            ask="Translate the following segment into {target}, without additional explanation.\n\n{text}",
        ),
        "translategemma": ChatPrompt(ask="{text}", typed=True),
        "instruct": ChatPrompt(
            ask=(
                "Translate the following English text into {target}. Answer with the translation alone: no "
                "explanation, no quotation marks, nothing before or after it.\n\n{text}"
            ),
            hint="{source} = {target}",
            hints="Use these translations of names and terms, inflected as the sentence needs:\n{hints}\n\n",
            context="The text follows these sentences, which are not to be translated:\n{context}\n\n",
        ),
    }
)

OLD_HY_MT = ("hy-mt1.5", "hy_mt1.5", "hunyuan-mt")  # in names of models that are asked as HY-MT1.5 is
PLAIN = "starter"  # a prompt of plain text, for models that are trained on it and know no turns
NAMES = (*CHAT, PLAIN)
