"""`nullable` where it has no type to add null to."""

from shared.contracts.dialect.logic import any_of
from shared.contracts.dialect.scope import Piece, Scope


def with_null(scope: Scope, piece: Piece) -> Piece:
    """Return the schema, with null where the source names it nullable and says no type.

    OpenAPI 3.0.3 gives `nullable` a meaning beside `type` alone. Generators write it beside `$ref` and `allOf` as well,
    for servers that take null, so null is let through.
    """
    if scope.schema.get("nullable") is not True or not scope.dialect.is_openapi:
        return piece
    if not scope.dialect.has_nullable:
        scope.gap("nullable", "This has no meaning from OpenAPI 3.1 on; a type of null beside others has.")
        return piece
    if "type" in scope.schema or piece.is_anything:
        return piece
    scope.gap("nullable", "This has a meaning beside `type` alone; null is let through.")
    return Piece(any_of([piece, Piece({"enum": [None]})]).schema, exact=False)
