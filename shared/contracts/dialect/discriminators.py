"""`discriminator`, which tells readers and clients which schema a body has. It refuses nothing by itself."""

from pydantic import JsonValue

from shared.contracts.contract import reference
from shared.contracts.dialect.references import hint
from shared.contracts.dialect.scope import Piece, Scope
from shared.contracts.json_values import mapping
from shared.documents import DocumentError


def discriminator(scope: Scope, piece: Piece) -> dict[str, JsonValue]:
    """Return the discriminator in the subset: beside a choice, its mapping with the names that schemas have here."""
    given = mapping(scope.schema.get("discriminator"))
    name = given.get("propertyName")
    if (
        not scope.dialect.is_openapi
        or not isinstance(name, str)
        or not piece.schema.keys() & {"oneOf", "anyOf"}
    ):
        return {}
    values = {value: _target(scope, str(target)) for value, target in mapping(given.get("mapping")).items()}
    known: dict[str, JsonValue] = {value: found for value, found in values.items() if found is not None}
    return {"discriminator": {"propertyName": name, **({"mapping": known} if known else {})}}


def _target(scope: Scope, given: str) -> str | None:
    """Return a reference to the schema that a value stands for: the document names it, or refers to it."""
    written = given if "/" in given or "." in given else str(reference(given)["$ref"])
    try:
        node = scope.referred(written)
    except DocumentError:
        scope.gap("discriminator", f'Which schema "{given}" stands for cannot be told: nothing stands there.')
        return None
    return str(reference(scope.name(node, hint(written)))["$ref"])
