"""Lists."""

from collections.abc import Iterator

from pydantic import JsonValue

from shared.contracts.dialect import unevaluated
from shared.contracts.dialect.scope import NOTHING, Piece, Scope, one_of_several
from shared.contracts.json_values import sequence, whole


def arrays(scope: Scope) -> Iterator[Piece]:
    """Translate what is said of lists."""
    yield _items(scope)
    for keyword in ("minItems", "maxItems"):
        size = whole(scope.schema.get(keyword))
        if size is not None:
            yield Piece({keyword: size})
    if scope.schema.get("uniqueItems") is True:
        yield Piece({"uniqueItems": True})
    if "contains" in scope.schema and not scope.dialect.is_like_draft_4:
        yield from _contains(scope)


def _items(scope: Scope) -> Piece:
    """Translate schemas by position and that of the rest."""
    first, rest = _positions(scope)
    most = whole(scope.schema.get("maxItems"))
    if first and most is not None and most <= len(first):
        first, rest = first[:most], False  # no others can come
    others = Piece({}) if rest is None else scope.inner(rest)
    if not first:
        return _every(others)
    each = [scope.inner(item) for item in first]
    if all(piece == others for piece in each):
        return _every(others)
    if rest is False and all(piece == each[0] for piece in each):
        return Piece({**_any_of(each[:1]), "maxItems": len(first)}, each[0].exact)
    name = "prefixItems" if scope.dialect.has_prefix_items else "items"
    scope.gap(name, "Schemas by position are not checked in order: each item has to fit one of them.")
    if rest is False:
        return Piece({**_any_of(each), "maxItems": len(first)}, exact=False)
    return Piece(_any_of([*each, others]), exact=False)


def _positions(scope: Scope) -> tuple[list[JsonValue], JsonValue]:
    """Return the schemas by position, and that of the others (None where there is none)."""
    schema = scope.schema
    if scope.dialect.has_prefix_items:
        first, rest = sequence(schema.get("prefixItems")), schema.get("items")
    elif isinstance(schema.get("items"), list):
        first, rest = sequence(schema["items"]), schema.get("additionalItems")
    else:
        first, rest = [], schema.get("items")
    return first, unevaluated.rest(scope, unevaluated.ITEMS) if rest is None else rest


def _every(piece: Piece) -> Piece:
    if piece.schema == NOTHING:
        return Piece({"maxItems": 0}, piece.exact)
    return piece if piece.is_anything else Piece({"items": piece.schema}, piece.exact)


def _any_of(pieces: list[Piece]) -> dict[str, JsonValue]:
    """Return the schema of lists whose items fit one of several."""
    return _every(Piece(one_of_several(pieces))).schema


def _contains(scope: Scope) -> Iterator[Piece]:
    """Translate `contains`: not every item fails it."""
    has_counts = scope.dialect.has_ref_siblings
    least = whole(scope.schema.get("minContains")) if has_counts else None
    most = whole(scope.schema.get("maxContains")) if has_counts else None
    if most is not None:
        scope.gap("maxContains", "How many items fit `contains` at most is not checked.")
        yield Piece({}, exact=False)
    if least == 0:
        return
    wanted = scope.inner(scope.schema["contains"])
    if least is not None and least > 1:
        scope.gap("minContains", "How many items fit `contains` is not checked, only that one does.")
        yield Piece({"minItems": least}, exact=False)
    if wanted.is_anything:
        yield Piece({"minItems": 1}, wanted.exact)
    else:
        none: dict[str, JsonValue] = {"type": "array", "items": {"not": wanted.schema}}
        yield Piece({"not": none}, wanted.exact)
