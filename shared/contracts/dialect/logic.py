"""Schemas made of schemas.

A wider schema inside of a negation would make the whole narrower, and a wider branch of `oneOf` may take values that
another branch takes alone. There a branch that is not exact gives the keyword up.
"""

from collections.abc import Iterator

from pydantic import JsonValue

from shared.contracts.dialect.scope import NOTHING, Piece, Scope, apart, merged
from shared.contracts.json_values import sequence

_NULL: dict[str, JsonValue] = {"enum": [None]}
_OF_ONE_TYPE = frozenset(
    {
        "type",
        "title",
        "description",
        "format",
        "default",
        "example",
        "minLength",
        "maxLength",
        "pattern",
        "minimum",
        "maximum",
        "exclusiveMinimum",
        "exclusiveMaximum",
        "multipleOf",
        "items",
        "minItems",
        "maxItems",
        "uniqueItems",
        "properties",
        "additionalProperties",
        "required",
        "minProperties",
        "maxProperties",
    }
)
"""Keywords beside which `nullable` adds null and nothing else."""


def logic(scope: Scope) -> Iterator[Piece]:
    """Translate combinations of schemas."""
    schema = scope.schema
    if "allOf" in schema:
        yield _all_of([scope.inner(part) for part in sequence(schema["allOf"])])
    if "anyOf" in schema:
        yield any_of([scope.inner(part) for part in sequence(schema["anyOf"])])
    if "oneOf" in schema:
        yield _one_of(scope)
    if "not" in schema:
        yield _not(scope)
    if "if" in schema and scope.dialect.has_conditions:
        yield from _conditional(scope)


def _all_of(parts: list[Piece]) -> Piece:
    exact = all(part.exact for part in parts)
    if any(part.schema == NOTHING for part in parts):
        return Piece(NOTHING, exact)
    schemas: list[JsonValue] = [part.schema for part in parts if not part.is_anything]
    return Piece({"allOf": schemas} if schemas else {}, exact)


def any_of(branches: list[Piece]) -> Piece:
    """Return the schema of values that fit one of several."""
    exact = all(branch.exact for branch in branches)
    if any(branch.is_anything for branch in branches):
        return Piece({}, exact)
    possible = [branch.schema for branch in branches if branch.schema != NOTHING]
    if not possible:
        return Piece(NOTHING, exact)
    others = [schema for schema in possible if schema != _NULL]
    if len(others) == 1 and len(possible) > 1 and (nullable := _nullable(others[0])) is not None:
        return apart(Piece(nullable, exact))
    return apart(Piece(possible[0], exact)) if len(possible) == 1 else Piece({"anyOf": list(possible)}, exact)


def _nullable(schema: dict[str, JsonValue]) -> dict[str, JsonValue] | None:
    """Return a schema that takes null as well, where `nullable` can say it."""
    if "type" not in schema or schema.keys() - _OF_ONE_TYPE:
        return None
    return {**schema, "nullable": True}


def _one_of(scope: Scope) -> Piece:
    branches = [scope.inner(part) for part in sequence(scope.schema["oneOf"])]
    if all(branch.exact for branch in branches):
        if sum(branch.is_anything for branch in branches) > 1:
            return Piece(NOTHING)
        if len(branches) == 1:
            return apart(branches[0])
        return _exclusive(branches)
    scope.gap("oneOf", "That no more than one of the schemas fits is not checked.")
    return Piece(any_of(branches).schema, exact=False)


def _exclusive(branches: list[Piece]) -> Piece:
    possible: list[JsonValue] = [branch.schema for branch in branches if branch.schema != NOTHING]
    return Piece({"oneOf": possible} if possible else NOTHING)


def _not(scope: Scope) -> Piece:
    return _negated(scope, scope.inner(scope.schema["not"]), "not", "What must not fit is not checked.")


def _negated(scope: Scope, piece: Piece, keyword: str, sentence: str) -> Piece:
    if not piece.exact:
        scope.gap(keyword, sentence)
        return Piece({}, exact=False)
    if piece.schema == NOTHING:
        return Piece({})
    return Piece({"not": piece.schema})


def _conditional(scope: Scope) -> Iterator[Piece]:
    """Translate `if`: it does not fit or `then` does, and it fits or `else` does."""
    condition = scope.inner(scope.schema["if"])
    if "then" in scope.schema:
        consequence = scope.inner(scope.schema["then"])
        if not consequence.is_anything:
            absent = _negated(
                scope, condition, "if", "Whether this fits is not checked, and so `then` is not."
            )
            yield _either(absent, consequence)
    if "else" in scope.schema:
        yield _either(condition, scope.inner(scope.schema["else"]))


def _either(one: Piece, other: Piece) -> Piece:
    """Return the schema of what fits one of two."""
    both = merged([]) if one.is_anything or other.is_anything else any_of([one, other])
    return Piece(both.schema, one.exact and other.exact)
