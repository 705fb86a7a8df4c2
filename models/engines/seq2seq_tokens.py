"""From text to the tokens of a sequence-to-sequence model and back, by the SentencePiece library alone.

What stands around the text differs by family (`S` the end mark `</s>`):

| family | source | answer begins with |
|---|---|---|
| marian | `>>cmn_Hans<<` text S (no mark where the model writes one language) | nothing |
| m2m100 | `__en__` text S | `__kk__` |
| small100 | `__kk__` text S | nothing |
| nllb | `eng_Latn` text S | `kaz_Cyrl` |
| t5 | `<2kk>` text S | nothing |

Marks that stand in the text itself are text: it gives the model no orders.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

import regex

from corpora.errors import MissingError
from corpora.records import Span
from corpora.text import nfc
from models.engines.batching import Tokens
from models.engines.seq2seq_vocabulary import SPM_FILES, load_pieces, tokens
from models.profile import Profile

EOS, UNK = "</s>", "<unk>"
SPACE = "\u2581"  # stands for a space inside pieces
LOST = "\ufffd"  # stands in an answer for a token that is no text
_MARK = regex.compile(r"<2\w+>")
_LANGUAGE = regex.compile(r">>\S+<<|<pad>")
_BYTE = regex.compile(r"<0x([0-9A-F]{2})>")


class Seq2SeqTokens:
    """The tokenizer of a model.

    Args:
        folder: the model's files.
        profile: what it is.

    Raises:
        MissingError: a tokenizer file, or the token of a language, is missing.
    """

    def __init__(self, folder: Path, profile: Profile) -> None:
        self._family, self._codes, self._from = profile.family, profile.codes, profile.source
        source, target = SPM_FILES[profile.family]
        self._source = load_pieces(folder / source)
        self._target = self._source if source == target else load_pieces(folder / target)
        self.tokens = tokens(folder, profile.family)
        self.ids = {token: number for number, token in enumerate(self.tokens)}
        for lang in profile.codes:
            for mark in (*self._before(lang), *self.forced(lang)):
                if mark not in self.ids:
                    raise MissingError(f"the model has no token {mark!r} for {lang!r}", place=str(folder))

    def source(self, text: str, lang: str) -> Tokens:
        """Return a whole input: the text, its marks and the end mark."""
        return (*self._before(lang), *self._known(self._text(text)), EOS)

    def forced(self, lang: str) -> Tokens:
        """Return the tokens that every answer in a language begins with."""
        code = self._codes[lang]
        if self._family == "m2m100":
            return (f"__{code}__",)
        return (code,) if self._family == "nllb" else ()

    def prefix(self, text: str) -> Tokens:
        """Return the tokens of a forced beginning."""
        return self._known(self._target.encode(text, out_type=str))

    def count(self, text: str) -> int:
        """Return how many tokens a text has, without marks."""
        return len(self._text(text))

    def unknown(self, text: str) -> list[str]:
        """Return the parts of a text that the model cannot read, each once."""
        return list(dict.fromkeys(piece for piece in self._text(text) if piece not in self.ids))

    def decode(self, answer: Sequence[str]) -> str:
        """Return the text of an answer; `LOST` stands for each token that is no text."""
        parts = []
        for lost, group in groupby(answer, key=self.is_lost):
            run = list(group)
            if lost:
                parts.append(LOST * len(run))
                continue
            text = self._target.decode_pieces(run)
            parts.append(f" {text}" if parts and run[0].startswith(SPACE) else text)
        return nfc("".join(parts))

    def is_lost(self, token: str) -> bool:
        """Return whether a token of an answer stands for no text: `<unk>`, a language, a spare token."""
        number = self._target.piece_to_id(token)
        if number == self._target.unk_id():
            # Marian's joint vocabulary has pieces of the source side, which are text too
            return self._family != "marian" or token == UNK or bool(_LANGUAGE.fullmatch(token))
        return bool(self._target.is_control(number) or _MARK.fullmatch(token))

    def source_spans(self, text: str, lang: str) -> list[Span | None]:
        """Return where in the text each token of `source` stands; None for marks and what is not found."""
        return [
            *(None for _ in self._before(lang)),
            *_places(self._text(text), text),
            None,
        ]

    def answer_spans(self, answer: Sequence[str], text: str) -> list[Span | None]:
        """Return where in an answer's text each of its tokens stands."""
        return list(_places(answer, text))

    def _before(self, lang: str) -> Tokens:
        code = self._codes[lang]
        match self._family:
            case "m2m100":
                return (f"__{self._from}__",)
            case "small100":
                return (f"__{code}__",)
            case "nllb":
                return (self._from,)
            case "t5":  # SentencePiece puts a space before it
                return tuple(self._source.encode(code, out_type=str))
        return (code,) if code else ()

    def _text(self, text: str) -> list[str]:
        pieces: list[str] = self._source.encode(text, out_type=str)
        if self._family != "t5":
            return pieces
        return [part for piece in pieces for part in (piece if _MARK.fullmatch(piece) else (piece,))]

    def _known(self, pieces: Sequence[str]) -> Tokens:
        return tuple(piece if piece in self.ids else UNK for piece in pieces)


def _places(pieces: Sequence[str], text: str) -> Iterator[Span | None]:
    """Yield where each piece stands in a text: sought from where the last one ended."""
    at = 0
    for piece in pieces:
        surface = piece.replace(SPACE, " ").strip()
        found = text.find(surface, at) if surface and not _BYTE.fullmatch(piece) else -1
        # a piece that normalisation changed is not found; one found far on belongs to another place
        if found < 0 or found - at > 8:
            yield None
            continue
        at = found + len(surface)
        yield found, at
