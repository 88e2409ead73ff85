"""Reading a document: the nodes of its XML become typed statements."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from difflib import get_close_matches
from typing import TypeVar

from shared.azure.policy_statements import PolicyContentFormat, Section
from shared.policies.document import PolicyDocument
from shared.policies.errors import PolicyError
from shared.policies.expressions import Expression
from shared.policies.fragments import read_fragment, with_fragments
from shared.policies.registry import STATEMENTS
from shared.policies.schema import schema
from shared.policies.statement import Element, Statement
from shared.policies.values import Value, read_expression
from shared.policies.xml_nodes import Node, read_xml
from shared.policies.xml_text import XML_SPACE

E = TypeVar("E", bound=Element)

_SECTION_FIELDS = {section.value: section.value.replace("-", "_") for section in Section}
_WANTED_TEXT = "write text or a policy expression"
_SECTION_NAMES = ", ".join(f"<{section}>" for section in Section)


def parse(
    xml: str,
    content_format: PolicyContentFormat = PolicyContentFormat.RAWXML,
    fragments: Mapping[str, str] | None = None,
) -> PolicyDocument:
    """Return the document that the text describes.

    `rawxml` holds the C# of its expressions as it is, `xml` holds it escaped. With `fragments`, `rawxml` by name in
    lower case, their statements stand in the place of each `<include-fragment>`. Raises PolicyError, with its line,
    for the first thing that API Management would refuse or that this project does not know.
    """
    root = read_xml(xml, content_format)
    if fragments is not None:
        root = with_fragments(root, fragments)
    if root.tag != "policies":
        raise root.error(
            f"the document is a <{root.tag}>: write a <policies> with the sections {_SECTION_NAMES}"
        )
    _refuse_content(root)
    sections: dict[str, tuple[Statement, ...]] = {}
    for node in root.children:
        field = _SECTION_FIELDS.get(node.tag)
        if field is None:
            raise node.error(_not_a_section(node.tag))
        if field in sections:
            raise node.error(f"<{node.tag}> appears twice: put its statements into one")
        sections[field] = _statements(node)
    return PolicyDocument(**sections)


def parse_fragment(
    xml: str, content_format: PolicyContentFormat = PolicyContentFormat.RAWXML
) -> tuple[Statement, ...]:
    """Return the statements of the policy fragment that the text describes; raises what `parse` raises."""
    return _statements(read_fragment(xml, content_format))


def _not_a_section(tag: str) -> str:
    if tag in STATEMENTS:
        return f"<{tag}> stands outside a section: move it into one of {_SECTION_NAMES}"
    return f"<{tag}> is not a section: {_nearest(tag, _SECTION_FIELDS)}"


def _statements(node: Node) -> tuple[Statement, ...]:
    """Return what a section or a fragment holds."""
    _refuse_content(node)
    return tuple(_statement(child, node.tag) for child in node.children)


def _statement(node: Node, parent: str) -> Statement:
    """Return the statement that a node is; its type comes from the registry."""
    statement = STATEMENTS.get(node.tag)
    if statement is None:
        raise node.error(
            f"<{node.tag}> in <{parent}> is not a statement known here: {_nearest(node.tag, STATEMENTS)}"
        )
    return _element(node, statement)


def _element(node: Node, element: type[E]) -> E:
    """Return the element of this type that a node is."""
    own = schema(element).text
    texts = {} if own is None else {own: _read_text(node)}
    if own is None and node.text.strip(XML_SPACE):
        raise node.error(f"<{node.tag}> holds the text {node.text.strip(XML_SPACE)!r}: leave it out")
    build: Callable[..., E] = element
    return build(**_attributes(node, element), **texts, **_children(node, element), line=node.line)


def _attributes(node: Node, element: type[Element]) -> dict[str, Value | None]:
    """Return the values of the fields that are attributes."""
    known = schema(element).attributes
    for name in node.attributes:
        if name in element.refused:
            raise node.error(f"<{node.tag}> has {name}, which is not supported here: {element.refused[name]}")
        if name not in known:
            raise node.error(f"<{node.tag}> has no attribute {name}: {_nearest(name, known)}")
    values: dict[str, Value | None] = {}
    for name, attribute in known.items():
        if name in node.attributes:
            with _about(node):
                values[attribute.field] = attribute.read(node.attributes[name])
        elif attribute.required:
            raise node.error(f"<{node.tag}> needs the attribute {name}: add it")
        else:
            values[attribute.field] = attribute.default
    return values


def _children(node: Node, element: type[Element]) -> dict[str, object]:
    """Return the values of the fields that are child elements."""
    shape = schema(element)
    values: dict[str, list[object]] = {}
    for child in node.children:
        if child.tag in shape.texts:
            values.setdefault(shape.texts[child.tag], []).append(_text(child))
        elif child.tag in shape.elements:
            field, item = shape.elements[child.tag]
            if field in shape.single and field in values:
                raise child.error(f"<{child.tag}> appears twice in <{node.tag}>: keep one")
            values.setdefault(field, []).append(_element(child, item))
        elif child.tag in element.refused:
            raise child.error(
                f"<{child.tag}> in <{node.tag}> is not supported here: {element.refused[child.tag]}",
            )
        elif shape.statements is not None:
            values.setdefault(shape.statements, []).append(_statement(child, node.tag))
        else:
            known = (*shape.texts, *shape.elements)
            remedy = _nearest(child.tag, known) if known or shape.text is None else _WANTED_TEXT
            raise child.error(f"<{child.tag}> does not belong in <{node.tag}>: {remedy}")
    return {field: items[0] if field in shape.single else tuple(items) for field, items in values.items()}


def _text(node: Node) -> str | Expression:
    """Return the text of an element that holds nothing else; white space around it is layout."""
    _refuse_attributes(node)
    for child in node.children:
        raise child.error(f"<{child.tag}> does not belong in <{node.tag}>: {_WANTED_TEXT}")
    return _read_text(node)


def _read_text(node: Node) -> str | Expression:
    with _about(node):
        expression = read_expression(node.text)
    return node.text.strip(XML_SPACE) if expression is None else expression


def _refuse_content(node: Node) -> None:
    """Refuse what <policies>, a section and a fragment do not have: attributes and text."""
    _refuse_attributes(node)
    if text := node.text.strip(XML_SPACE):
        raise node.error(f"<{node.tag}> holds the text {text!r}: leave it out")


def _refuse_attributes(node: Node) -> None:
    for name in node.attributes:
        raise node.error(f"<{node.tag}> has no attribute {name}: leave it out")


@contextmanager
def _about(node: Node) -> Iterator[None]:
    """Add the element and its line to errors about a value."""
    try:
        yield
    except PolicyError as error:
        raise node.error(f"<{node.tag}>: {error.message}") from None


def _nearest(name: str, known: Iterable[str]) -> str:
    """Return the remedy for an unknown name: the nearest known one, or all of them."""
    names = tuple(known)
    close = get_close_matches(name, names, n=1)
    if close:
        return f"did you mean {close[0]}?"
    return f"use {', '.join(names)}" if names else "leave it out"
