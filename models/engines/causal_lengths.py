"""How long an answer of a chat model may grow."""

from __future__ import annotations

# tokens: so many, and so many for each of the prompt or, where that is not counted, of the text. The longest
# human translations of NTREX-128 have 4.4 (kk), 9.6 (ug), 3.6 (ru) and 2.6 (zh) for one of English in Gemma's
# vocabulary, and 5.7 in 99 of 100 lines of Uyghur; the instructions of the prompt come on top.
LENGTH = (64, 5)
