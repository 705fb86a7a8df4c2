"""Records as plain data: the same as `dataclasses.asdict`, which is too slow for every segment."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import pytest

from corpora.bitext import Pair
from corpora.records import Bead, Flag, Hypothesis, Request, Segment, Tag, TermUse, Translation, as_data

FLAG = Flag("number", "error", "the number 12 is missing", (0, 2))
USE = TermUse("camp", "camps", (3, 8), "лагерлер", (0, 8), "nom.pl", 2, "passed")
TAG = Tag((0, 3), "b", "<b>", "</b>")


@pytest.mark.parametrize(
    "record",
    [
        FLAG,
        Flag("empty", "error", "nothing"),
        USE,
        TAG,
        Segment("a.md:0:1", "Текст", (TAG, TAG)),
        Translation("a.md:0:1", "kk", "Мәтін", "m", "mt", (USE,), (FLAG, FLAG), (TAG,)),
        Bead(("a", "b"), (), 0.5, 0.25),
        Request("text", "ug", terms=(("a", "b"),), context=("c",)),
        Hypothesis("text", -0.5, (((0, 1), (2, 3)),), (FLAG,)),
        Pair("1", "a", "b", "kk", flags=(FLAG,), terms=(USE,)),
    ],
)
def test_plain_data_is_that_of_asdict(record: Any) -> None:
    assert as_data(record) == asdict(record)
    assert json.dumps(as_data(record)) == json.dumps(asdict(record))
