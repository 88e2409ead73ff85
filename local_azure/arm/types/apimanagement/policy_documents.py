"""Policy documents and fragments as they are kept: which there are, their scope, the two formats they are told in."""

import html
from collections.abc import Callable, Mapping

from local_azure.arm.errors import invalid_field
from local_azure.arm.json_values import JsonObject, text, with_properties
from local_azure.arm.resource_types import Read
from local_azure.arm.store import Entity, Store
from local_azure.arm.types.apimanagement.names import (
    API_POLICY,
    OPERATION_POLICY,
    POLICY,
    POLICY_FRAGMENT,
    PRODUCT_POLICY,
)
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


def fragments_of(store: Store, service: str) -> dict[str, str]:
    """Return the policy fragments of a service as `rawxml`, by name in lower case."""
    return {entity.name.lower(): raw_document(entity) for entity in store.below(service, POLICY_FRAGMENT)}


def raw_document(document: Entity) -> str:
    """Return a policy or fragment as `rawxml`, its named values still by their names."""
    value = text(document.body, "properties", "value")
    is_raw = text(document.body, "properties", "format") == PolicyContentFormat.RAWXML
    return value if is_raw else unescaped(value)


def content_format(name: str) -> PolicyContentFormat:
    """Return the format with this name; a link would have to be fetched, which a local service does not."""
    try:
        return PolicyContentFormat(name)
    except ValueError as error:
        known = ", ".join(PolicyContentFormat)
        raise invalid_field(
            "format", f"The local Azure takes policies as {known}, not as '{name}'."
        ) from error


def present_document(read: Read) -> JsonObject:
    """Tell a policy or fragment in the format that is asked for."""
    wanted = read.query.get("format", PolicyContentFormat.XML.value)
    if wanted == text(read.entity.body, "properties", "format"):
        return read.entity.body
    raw = raw_document(read.entity)
    value = raw if wanted == PolicyContentFormat.RAWXML else escaped(raw)
    return with_properties(read.entity.body, format=wanted, value=value)


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
