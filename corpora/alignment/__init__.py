"""The aligner: which sentences of a text translate which of another, with a probability for each answer."""

from corpora.alignment.aligner import align

__all__ = ["align"]
