"""XML as the bitext formats need it: written by hand, byte for byte; read with every danger switched off."""

from __future__ import annotations

import re
from typing import Protocol
from xml.sax.saxutils import escape, quoteattr

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser, ParseError

from corpora.bitext import check_size
from corpora.errors import UsageError

# what the production Char of XML 1.0 leaves out, but for half surrogates, which no encoding holds
ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_DEPTH = 100


def text(value: str) -> str:
    """Return the value as XML text. A carriage return is kept; what XML cannot hold becomes U+FFFD."""
    return escape(ILLEGAL.sub("\ufffd", value), {"\r": "&#13;"})


def attribute(value: str) -> str:
    """Return the value in quotes, for an attribute."""
    return quoteattr(ILLEGAL.sub("\ufffd", value), {"\r": "&#13;", "\n": "&#10;", "\t": "&#9;"})


class Handler(Protocol):
    """Takes the parts of an XML file as they come; `line` is where the current one begins."""

    line: int

    def start(self, tag: str, attributes: dict[str, str]) -> None: ...
    def end(self, tag: str) -> None: ...
    def data(self, text: str) -> None: ...


class _Target:
    """What the parser calls: keeps the line of the handler current and bounds the depth."""

    def __init__(self, handler: Handler, place: str) -> None:
        self.handler, self.place, self.depth = handler, place, 0
        self.parser = DefusedXMLParser(target=self, forbid_dtd=False)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.handler.line = self.parser.parser.CurrentLineNumber
        self.depth += 1
        if self.depth > _DEPTH:
            raise UsageError("elements nested too deep", place=f"{self.place}, line {self.handler.line}")
        self.handler.start(tag, attributes)

    def end(self, tag: str) -> None:
        self.depth -= 1
        self.handler.end(tag)

    def data(self, text: str) -> None:
        self.handler.data(text)

    def close(self) -> None:
        return None


def parse(data: bytes, handler: Handler, place: str) -> None:
    """Feed an XML file to the handler. Any encoding XML allows; entities and external files are refused.

    Raises:
        UsageError: too big, not well-formed, or hostile, with the line.
    """
    check_size(data, place)
    target = _Target(handler, place)
    try:
        target.parser.feed(data)
        target.parser.close()
    except DefusedXmlException:
        line = target.parser.parser.CurrentLineNumber
        raise UsageError(
            "the file declares entities or refers to other files, which is refused",
            place=f"{place}, line {line}",
            fix="Remove the declarations from its DOCTYPE",
        ) from None
    except ParseError as error:
        line = error.position[0]
        message = str(error).partition(":")[0]
        raise UsageError(f"not well-formed XML ({message})", place=f"{place}, line {line}") from None
    except (ValueError, LookupError) as error:
        raise UsageError(f"not readable as XML ({error})", place=place) from None
