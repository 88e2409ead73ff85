"""Policies as trees that compare equal when API Management would do the same.

The project's parser reads the text, and the typed statements say how values are read and which a missing attribute
has. A statement that the catalogue does not know keeps its text, so policies that others wrote compare as well.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from shared.azure.policy_statements import PolicyContentFormat, Section
from shared.policies.attributes import Attribute
from shared.policies.errors import PolicyError
from shared.policies.registry import STATEMENTS
from shared.policies.schema import schema
from shared.policies.statement import Element
from shared.policies.values import attribute_text
from shared.policies.xml_nodes import Node, read_xml
from shared.policies.xml_text import XML_SPACE, escape_attribute, escape_literal

_INDENT = "  "
_EXPRESSION = ("@(", "@{")


@dataclass(frozen=True)
class Item:
    """A statement, or an element inside one."""

    tag: str
    attributes: tuple[tuple[str, str], ...]
    """In the order in which they are written; those with the reference's default value are left out."""
    text: str = ""
    children: tuple["Item", ...] = ()

    def get(self, name: str) -> str:
        """Return the text of an attribute; empty when it is missing or has the default."""
        return dict(self.attributes).get(name, "")

    def lines(self, indent: str = "") -> list[str]:
        """Return the element as `rawxml`."""
        written = "".join(f' {name}="{_escaped(value, in_tag=True)}"' for name, value in self.attributes)
        head = f"{indent}<{self.tag}{written}"
        if not self.children:
            text = _escaped(self.text, in_tag=False)
            return [f"{head}>{text}</{self.tag}>" if text else f"{head} />"]
        inner = [line for child in self.children for line in child.lines(indent + _INDENT)]
        inner += [f"{indent}{_INDENT}{_escaped(self.text, in_tag=False)}"] if self.text else []
        return [f"{head}>", *inner, f"{indent}</{self.tag}>"]


Sections: TypeAlias = Mapping[str, tuple[Item, ...]]
"""The statements of a policy by section."""


def _escaped(text: str, *, in_tag: bool) -> str:
    if text.startswith(_EXPRESSION):
        return text
    return escape_attribute(text) if in_tag else escape_literal(text)


def default_of(tag: str, name: str) -> str:
    """Return the text of the value that a missing attribute of a statement has; empty when none is known."""
    element = STATEMENTS.get(tag)
    attribute = None if element is None else schema(element).attributes.get(name)
    default = None if attribute is None else attribute.default
    return "" if default is None else attribute_text(default)


@lru_cache(maxsize=1024)
def sections(xml: str, content_format: str) -> Sections:
    """Return the statements of each section of a policy, or those of a fragment under the name `fragment`.

    Raises PolicyError when the text is not well-formed.
    """
    raw = content_format.startswith("rawxml")
    root = read_xml(xml, PolicyContentFormat.RAWXML if raw else PolicyContentFormat.XML)
    if root.tag != "policies":
        return {root.tag: tuple(_item(node, STATEMENTS.get(node.tag)) for node in root.children)}
    known = {section.value for section in Section}
    for place, node in enumerate(root.children):
        if node.tag not in known:
            raise node.error(f"<{node.tag}> is not a section")
        if any(other.tag == node.tag for other in root.children[:place]):
            raise node.error(f"<{node.tag}> appears twice")
    return {
        node.tag: tuple(_item(child, STATEMENTS.get(child.tag)) for child in node.children)
        for node in root.children
    }


def _item(node: Node, element: type[Element] | None) -> Item:
    known = {} if element is None else schema(element).attributes
    nested = {} if element is None else schema(element).elements
    attributes = ((name, _text(known.get(name), text)) for name, text in node.attributes.items())
    children = tuple(
        _item(child, nested[child.tag][1] if child.tag in nested else STATEMENTS.get(child.tag))
        for child in node.children
    )
    return Item(
        node.tag,
        tuple((name, text) for name, text in attributes if text is not None),
        node.text.strip(XML_SPACE),
        children,
    )


def _text(attribute: Attribute | None, text: str) -> str | None:
    """Return an attribute's text in its usual form; None for the value that it would have without being written."""
    if attribute is None:
        return text
    try:
        value = attribute.read(text)
    except PolicyError:
        return text
    if value == attribute.default and not attribute.required:
        return None
    return text if isinstance(value, str) else attribute_text(value)
