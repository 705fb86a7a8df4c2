"""The ladder that makes translations true to a glossary; `glossary.verification` judges every step."""

from glossary.enforcement.ladder import enforce, enforce_each, translate
from glossary.enforcement.state import Enforced, Lexicon

__all__ = ["Enforced", "Lexicon", "enforce", "enforce_each", "translate"]
