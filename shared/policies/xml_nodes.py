"""From the text of a document to a tree of plain nodes, through lxml.

XML is parsed without a document type, entities or any access to files and network.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lxml import etree

from shared.azure.policy_statements import PolicyContentFormat
from shared.policies.errors import PolicyError
from shared.policies.markup import Kind, Piece, pieces
from shared.policies.xml_text import escape_attribute, escape_text

_STRAY_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#[0-9]+|#x[0-9A-Fa-f]+);)")
_POSITION = re.compile(r", line \d+, column \d+$")  # where lxml found the fault, in a text that nobody wrote


@dataclass(frozen=True)
class Node:
    """An element of the parsed XML."""

    tag: str
    attributes: Mapping[str, str]
    text: str
    """All the text directly inside the element."""
    children: tuple["Node", ...]
    line: int
    """Where the start tag begins, counted from 1."""

    def error(self, message: str) -> PolicyError:
        """Return an error about this element."""
        return PolicyError(message, line=self.line, element=self.tag)


def read_xml(xml: str, content_format: PolicyContentFormat) -> Node:
    """Return the root of a document; PolicyError when it is not well-formed."""
    cut = tuple(pieces(xml.replace("\r\n", "\n"), content_format))
    raw = content_format is PolicyContentFormat.RAWXML
    well_formed = "".join(_well_formed(cut) if raw else (piece.text for piece in cut))
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(well_formed.encode("utf-8", "xmlcharrefreplace"), parser)
    except etree.XMLSyntaxError as error:
        reason = _POSITION.sub("", error.msg)
        raise PolicyError(f"the document is not well-formed XML: {reason}", line=error.lineno) from None
    lines = iter([piece.line for piece in cut if piece.kind is Kind.TAG])
    return _node(root, lines)


def _node(element: etree._Element, lines: Iterator[int]) -> Node:
    """Return an element as a node; start tags come in the same order in the text and in the tree."""
    line = next(lines)
    children = tuple(_node(child, lines) for child in element)
    text = (element.text or "") + "".join(child.tail or "" for child in element)
    attributes = {str(name): str(value) for name, value in element.attrib.items()}
    return Node(str(element.tag), attributes, text, children, line)


def _well_formed(cut: tuple[Piece, ...]) -> Iterator[str]:
    """Yield the pieces of a `rawxml` document as XML with the same lines."""
    moved_lines = 0
    for piece in cut:
        if piece.kind is Kind.ATTRIBUTE_EXPRESSION:
            moved_lines = piece.text.count("\n")
            yield escape_attribute(piece.text)
        elif piece.kind is Kind.TEXT_EXPRESSION:
            yield escape_text(piece.text)
        elif piece.kind is Kind.LITERAL:
            yield _STRAY_AMPERSAND.sub("&amp;", piece.text)
        else:
            yield piece.text
            yield (
                "\n" * moved_lines
            )  # line ends that the expression of an attribute cannot keep, after its quote
            moved_lines = 0
