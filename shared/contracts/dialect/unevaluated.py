"""What no other keyword has looked at."""

from collections.abc import Iterator

from pydantic import JsonValue

from shared.contracts.dialect.scope import Piece, Scope

ITEMS = "unevaluatedItems"
PROPERTIES = "unevaluatedProperties"

_NOUNS = {ITEMS: "items", PROPERTIES: "properties"}
_APPLICATORS = frozenset({"$ref", "$dynamicRef", "$recursiveRef", "allOf", "anyOf", "oneOf", "if", "not"})
"""Keywords that may have looked at items and properties already, which are then left alone."""
_MORE_APPLICATORS = {ITEMS: {"contains"}, PROPERTIES: {"dependentSchemas"}}
"""By keyword: those that may have looked at what it is about."""


def rest(scope: Scope, keyword: str) -> JsonValue:
    """Return the schema of all that no keyword names, where this one means the same; None where it does not."""
    return scope.schema[keyword] if _is_rest(scope, keyword) else None


def _is_rest(scope: Scope, keyword: str) -> bool:
    if not scope.dialect.has_ref_siblings or scope.schema.keys() & (
        _APPLICATORS | _MORE_APPLICATORS[keyword]
    ):
        return False
    return keyword in scope.schema


def unevaluated(scope: Scope) -> Iterator[Piece]:
    """Leave out `unevaluatedItems` and `unevaluatedProperties` where other keywords do not stand for them."""
    if not scope.dialect.has_ref_siblings:
        return
    for keyword, noun in _NOUNS.items():
        if scope.schema.get(keyword, True) is not True and not _is_rest(scope, keyword):
            scope.gap(keyword, f"Other {noun} than those that the schemas name are not refused.")
            yield Piece({}, exact=False)
