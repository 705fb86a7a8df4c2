"""The aligner: which sentences of a text translate which of another, with a probability for each answer."""

from corpora.alignment.aligner import align
from corpora.alignment.locks import Lock, read_locks

__all__ = ["Lock", "align", "read_locks"]
