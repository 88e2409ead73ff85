"""`nullable` where it has no type to add null to."""

from shared.contracts.dialect.logic import any_of
from shared.contracts.dialect.scope import Piece, Scope


def with_null(scope: Scope, piece: Piece) -> Piece:
    """Return the schema, with null where the source names it nullable and says no type.

    OpenAPI 3.0.3 gives `nullable` a meaning beside `type` alone. Generators write it beside `$ref` and `allOf` as well,
    for servers that take null, so null is let through.
    """
    if scope.schema.get("nullable") is not True or "type" in scope.schema or piece.is_anything:
        return piece
    if not scope.dialect.has_nullable:
        if scope.dialect.is_openapi:
            scope.gap(
                "nullable",
                "This has no meaning from OpenAPI 3.1 on, so null is refused; write anyOf with null.",
            )
        return piece
    scope.gap("nullable", "This has a meaning beside `type` alone; null is let through.")
    return Piece(any_of([piece, Piece({"enum": [None]})]).schema, exact=False)
