"""XML from anywhere: read without entities, every fault a line for the editor."""

from __future__ import annotations

from xml.etree.ElementTree import Element

import defusedxml.ElementTree
from defusedxml import DefusedXmlException

from corpora.errors import UsageError


def parse(data: bytes, place: str) -> Element:
    """Return the root element.

    Raises:
        UsageError: not well-formed, or with entities (which can be made to fill the memory or read files).
    """
    try:
        root: Element = defusedxml.ElementTree.fromstring(data)
    except DefusedXmlException:
        fix = "Remove the document type's entities"
        raise UsageError("entities are not allowed", place=place, fix=fix) from None
    except defusedxml.ElementTree.ParseError as error:
        raise UsageError(f"not well-formed XML: {error}", place=f"{place}:{error.position[0]}") from None
    return root
