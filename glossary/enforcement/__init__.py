"""The ladder that makes translations true to a glossary; `glossary.verification` judges every step."""

from glossary.enforcement.ladder import enforce, translate
from glossary.enforcement.state import Enforced

__all__ = ["Enforced", "enforce", "translate"]
