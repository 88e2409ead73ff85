"""Policy documents as they are kept: which there are, their scope, and the two formats they are told in."""

import html
from collections.abc import Callable, Iterator, Mapping

from local_azure.arm.json_values import text
from local_azure.arm.store import Entity, Store
from local_azure.arm.types.apimanagement.names import API_POLICY, OPERATION_POLICY, POLICY, PRODUCT_POLICY
from shared.azure.policy_statements import PolicyContentFormat, Scope
from shared.policies.markup import Kind, pieces
from shared.policies.values import EXPRESSION_STARTS
from shared.policies.xml_text import escape_attribute, escape_text

SCOPES: Mapping[str, Scope] = {
    POLICY: Scope.GLOBAL,
    PRODUCT_POLICY: Scope.PRODUCT,
    API_POLICY: Scope.API,
    OPERATION_POLICY: Scope.OPERATION,
}
"""By type of resource."""

_ESCAPES: Mapping[Kind, Callable[[str], str]] = {
    Kind.ATTRIBUTE_EXPRESSION: escape_attribute,
    Kind.TEXT_EXPRESSION: escape_text,
}


def policies_with(store: Store, service: str, words: tuple[str, ...]) -> Iterator[tuple[Entity, Scope]]:
    """Yield the policies of a service whose documents hold one of these words."""
    for policy_type, scope in SCOPES.items():
        for policy in store.below(service, policy_type):
            value = text(policy.body, "properties", "value")
            if any(word in value for word in words):
                yield policy, scope


def raw_document(policy: Entity) -> str:
    """Return the document of a policy as `rawxml`, its named values still by their names."""
    value = text(policy.body, "properties", "value")
    is_raw = text(policy.body, "properties", "format") == PolicyContentFormat.RAWXML
    return value if is_raw else unescaped(value)


def unescaped(xml: str) -> str:
    """Return an `xml` document as `rawxml`: the C# of its expressions stands as it is.

    Statements are not read, because their values may still be the names of named values. Raises PolicyError
    for markup that never ends.
    """
    return "".join(
        _expression(piece.text) if piece.kind is Kind.LITERAL else piece.text
        for piece in pieces(xml, PolicyContentFormat.XML)
    )


def _expression(literal: str) -> str:
    return html.unescape(literal) if literal.lstrip().startswith(EXPRESSION_STARTS) else literal


def escaped(raw: str) -> str:
    """Return a `rawxml` document as `xml`: the C# of its expressions is escaped."""
    cut = pieces(raw, PolicyContentFormat.RAWXML)
    return "".join(
        _ESCAPES[piece.kind](piece.text) if piece.kind in _ESCAPES else piece.text for piece in cut
    )
