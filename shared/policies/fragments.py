"""Policy fragments: statements that a service keeps under a name, for the documents that include them.

A fragment holds no section, no `<base />` and no other fragment, and stands as it is in the place of each
`<include-fragment>`. Page: learn.microsoft.com/azure/api-management/policy-fragments.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from shared.azure.policy_statements import PolicyContentFormat, Section
from shared.policies.base import Base
from shared.policies.control_flow import IncludeFragment
from shared.policies.xml_nodes import Node, read_xml

_INCLUDE = IncludeFragment.element
_REFUSED: Mapping[str, str] = {
    **dict.fromkeys(Section, "is a section: leave it out, the document that includes the fragment has it"),
    Base.element: "belongs to the document that includes the fragment: write it there",
    _INCLUDE: "would include a fragment in a fragment: include both in the document",
}
"""What a fragment cannot hold, by element, and why."""


def read_fragment(xml: str, content_format: PolicyContentFormat) -> Node:
    """Return the `<fragment>` that a text is; PolicyError when it is none, or holds what no fragment can."""
    root = read_xml(xml, content_format)
    if root.tag != "fragment":
        raise root.error(f"the policy fragment is a <{root.tag}>: write its statements into a <fragment>")
    for node in _inside(root):
        if node.tag in _REFUSED:
            raise node.error(f"<{node.tag}> in a policy fragment {_REFUSED[node.tag]}")
    return root


def with_fragments(node: Node, fragments: Mapping[str, str]) -> Node:
    """Return an element with the statements of fragments in the place of each `<include-fragment>` in it.

    `fragments` are `rawxml`, by name in lower case. The statements are told to stand on the line of the element that
    includes them. Raises PolicyError, in the service's words, for a fragment that is not among these.
    """
    children: list[Node] = []
    for child in node.children:
        if child.tag == _INCLUDE:
            children += _included(child, fragments)
        else:
            children.append(with_fragments(child, fragments))
    return replace(node, children=tuple(children))


def _included(include: Node, fragments: Mapping[str, str]) -> tuple[Node, ...]:
    name = include.attributes.get("fragment-id", "")
    fragment = fragments.get(name.lower())
    if fragment is None:
        raise include.error(f"Policy fragment with id '{name}' could not be found")
    return _at(read_fragment(fragment, PolicyContentFormat.RAWXML), include.line).children


def _at(node: Node, line: int) -> Node:
    """Return an element that stands on this line, with all that is in it."""
    return replace(node, line=line, children=tuple(_at(child, line) for child in node.children))


def _inside(node: Node) -> Iterator[Node]:
    for child in node.children:
        yield child
        yield from _inside(child)
