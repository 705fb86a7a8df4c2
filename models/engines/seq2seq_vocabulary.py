"""The vocabularies of sequence-to-sequence models: which token has which number.

A CTranslate2 folder lists its tokens. A checkpoint's numbers follow from its tokenizer files, by a rule of
each family (as its authors trained it, and as `transformers` has it):

- marian: `vocab.json`;
- m2m100, small100: `vocab.json`, one token a language (`__kk__`), made-up words up to the model's size;
- nllb: `<s> <pad> </s> <unk>`, the pieces of SentencePiece from its fourth on, one token a language
  (`kaz_Cyrl`), `<mask>`, made-up words;
- t5: the pieces of SentencePiece, then spare tokens up to the model's size.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import sentencepiece

from corpora.errors import MissingError, UsageError

SPM_FILES: Mapping[str, tuple[str, str]] = {  # family -> source side, target side
    "marian": ("source.spm", "target.spm"),
    "m2m100": ("sentencepiece.bpe.model",) * 2,
    "small100": ("sentencepiece.bpe.model",) * 2,
    "nllb": ("sentencepiece.bpe.model",) * 2,
    "t5": ("spiece.model",) * 2,
}
_LISTS = (
    "shared_vocabulary.json",
    "source_vocabulary.json",
    "shared_vocabulary.txt",
    "source_vocabulary.txt",
)
# languages of M2M-100 in the order of their tokens (arXiv 2010.11125)
_M2M100 = """
    af am ar ast az ba be bg bn br bs ca ceb cs cy da de el en es et fa ff fi fr fy ga gd gl gu ha
    he hi hr ht hu hy id ig ilo is it ja jv ka kk km kn ko lb lg ln lo lt lv mg mk ml mn mr ms my ne
    nl no ns oc or pa pl ps pt ro ru sd si sk sl so sq sr ss su sv sw ta th tl tn tr uk ur uz vi wo
    xh yi yo zh zu
"""
_BASIC = frozenset({"<s>", "<pad>", "</s>", "<unk>"})
_MOST = 5_000_000  # the largest vocabulary of a published model has 262,144
_FIX = "Bring the whole model folder, tokenizer files too"


def load_pieces(path: Path) -> sentencepiece.SentencePieceProcessor:
    """Return a SentencePiece model; raise `MissingError` where it is not there or damaged."""
    if not path.is_file():
        raise MissingError("the tokenizer is missing", place=str(path), fix=_FIX)
    try:
        return sentencepiece.SentencePieceProcessor(model_file=str(path))
    except (RuntimeError, OSError):
        raise MissingError("damaged, or no SentencePiece model", place=str(path), fix=_FIX) from None


def read_json(path: Path) -> dict[str, Any]:
    """Return a JSON object, empty where there is no such file.

    Raises:
        UsageError: it is no JSON object.
    """
    try:
        data = json.loads(path.read_bytes())
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, RecursionError) as error:
        raise UsageError(f"cannot be read ({error})", place=str(path)) from None
    if not isinstance(data, dict):
        raise UsageError("no JSON object", place=str(path))
    return data


def listed(folder: Path) -> list[str]:
    """Return the tokens that a CTranslate2 folder lists, by number; none where it lists none."""
    for name in _LISTS:
        path = folder / name
        if path.is_file():
            try:
                text = path.read_text(encoding="utf-8")
                tokens = json.loads(text) if name.endswith(".json") else text.split("\n")
            except (OSError, ValueError, RecursionError) as error:
                raise MissingError(f"the vocabulary cannot be read ({error})", place=str(path)) from None
            if not isinstance(tokens, list):
                raise MissingError("the vocabulary is no list", place=str(path))
            return [str(token) for token in tokens]
    return []


def tokens(folder: Path, family: str) -> list[str]:
    """Return all tokens of a model by number.

    Raises:
        MissingError: a tokenizer file is missing or damaged.
        UsageError: a file is no JSON object.
    """
    known = listed(folder)
    if known:
        return known
    size = read_json(folder / "config.json").get("vocab_size")
    found = _BY_FAMILY[family](folder)
    if not isinstance(size, int):
        return found
    if size > _MOST:
        raise UsageError(f"a vocabulary of {size} tokens", place=str(folder / "config.json"))
    return _sized(found, size, "<extra_id_{}>" if family == "t5" else "madeupword{}")


def _sized(found: list[str], size: int, spare: str) -> list[str]:
    known = set(found)
    names = (name for number in range(size) if (name := spare.format(number)) not in known)
    return [*found, *(next(names) for _ in range(size - len(found)))][:size]


def _numbered(path: Path) -> list[str]:
    numbers = read_json(path)
    if not numbers:
        raise MissingError("the vocabulary is missing", place=str(path), fix=_FIX)
    if any(type(number) is not int for number in numbers.values()):
        raise UsageError("a token without a number", place=str(path))
    found = sorted(numbers.items(), key=lambda item: item[1])
    if [number for _, number in found] != list(range(len(found))):
        raise UsageError("the numbers of its tokens have gaps", place=str(path))
    return [token for token, _ in found]


def _marian(folder: Path) -> list[str]:
    return _numbered(folder / "vocab.json")


def _m2m100(folder: Path) -> list[str]:
    return [*_numbered(folder / "vocab.json"), *(f"__{code}__" for code in _M2M100.split())]


def _nllb(folder: Path) -> list[str]:
    model = load_pieces(folder / SPM_FILES["nllb"][0])
    pieces = [model.id_to_piece(number) for number in range(3, model.get_piece_size())]
    names = _additional(folder)
    if not names:
        raise MissingError(
            "the list of the model's languages is missing (additional_special_tokens)",
            place=str(folder / "special_tokens_map.json"),
            fix=_FIX,
        )
    return ["<s>", "<pad>", "</s>", "<unk>", *pieces, *(name for name in names if name != "<mask>"), "<mask>"]


def _t5(folder: Path) -> list[str]:
    model = load_pieces(folder / SPM_FILES["t5"][0])
    return [model.id_to_piece(number) for number in range(model.get_piece_size())]


_BY_FAMILY = {"marian": _marian, "m2m100": _m2m100, "small100": _m2m100, "nllb": _nllb, "t5": _t5}


def _additional(folder: Path) -> list[str]:
    """Return the tokens of the languages in the order of their numbers.

    Raises:
        UsageError: a file lists them in no way that makes sense.
    """
    path = folder / "tokenizer.json"
    try:
        added = read_json(path).get("added_tokens") or ()
        found = sorted((int(one["id"]), str(one["content"])) for one in added)
        names = [name for _, name in found if name not in _BASIC]
        if names:
            return names
        for file in ("special_tokens_map.json", "tokenizer_config.json"):
            path = folder / file
            data = read_json(path)
            for key in ("additional_special_tokens", "extra_special_tokens"):
                if data.get(key):
                    return [str(one["content"] if isinstance(one, dict) else one) for one in data[key]]
    except (KeyError, TypeError, ValueError) as error:
        raise UsageError(f"its added tokens make no sense ({error})", place=str(path)) from None
    return []
