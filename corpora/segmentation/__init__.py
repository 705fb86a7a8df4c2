"""Sentence boundaries: tables per language and the rules that read them."""
