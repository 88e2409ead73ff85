"""Maps."""

from collections.abc import Iterator

from pydantic import JsonValue

from shared.contracts.dialect import unevaluated
from shared.contracts.dialect.documents import Node
from shared.contracts.dialect.scope import NOTHING, Piece, Scope, one_of_several
from shared.contracts.json_values import mapping, sequence, whole


def objects(scope: Scope) -> Iterator[Piece]:
    """Translate what is said of maps."""
    yield from _properties(scope)
    for keyword in ("minProperties", "maxProperties"):
        size = whole(scope.schema.get(keyword))
        if size is not None:
            yield Piece({keyword: size})
    yield from _dependencies(scope)
    if "propertyNames" in scope.schema and not scope.dialect.is_like_draft_4:
        yield _names(scope)


def required_by(scope: Scope) -> Piece:
    """Translate `required`, without the properties that bodies in this direction need not have.

    OpenAPI: a required property that is read-only counts in responses alone, one that is write-only in requests.
    """
    names = sequence(scope.schema.get("required"))
    absent = _absent(scope) if names and scope.dialect.is_openapi else frozenset[str]()
    return required([name for name in names if name not in absent])


def _absent(scope: Scope) -> frozenset[str]:
    """Return the properties, those of schemas that this one is made of as well, that have the flag of the direction."""
    return frozenset(
        name
        for part in _parts(scope, scope.node)
        for name, value in mapping(mapping(part.contents).get("properties")).items()
        if any(mapping(each.contents).get(scope.absent) is True for each in _parts(scope, part.below(value)))
    )


def _parts(scope: Scope, node: Node) -> Iterator[Node]:
    """Yield a schema, what it refers to, and the parts of its `allOf`."""
    waiting, seen = [node], set[int]()
    while waiting:
        part = waiting.pop()
        if not isinstance(part.contents, dict) or id(part.contents) in seen:
            continue
        seen.add(id(part.contents))
        yield part
        reference = part.contents.get("$ref")
        if isinstance(reference, str):
            waiting.append(scope.follow(part, reference))
        waiting += [part.below(each) for each in sequence(part.contents.get("allOf"))]


def required(names: list[JsonValue]) -> Piece:
    """Return the schema of maps that have all of these keys."""
    distinct: list[JsonValue] = list(dict.fromkeys(name for name in names if isinstance(name, str)))
    return Piece({"required": distinct} if distinct else {})


def _properties(scope: Scope) -> Iterator[Piece]:
    """Translate the properties that have a name, and all others, which belong together."""
    schema: dict[str, JsonValue] = {}
    exact = True
    if properties := mapping(scope.schema.get("properties")):
        pieces = {name: scope.inner(value) for name, value in properties.items()}
        schema["properties"] = {name: piece.schema for name, piece in pieces.items()}
        exact = all(piece.exact for piece in pieces.values())
    others = _others(scope)
    if others is not None and not others.is_anything:
        schema["additionalProperties"] = False if others.schema == NOTHING else others.schema
    yield Piece(schema, exact and (others is None or others.exact))


def _others(scope: Scope) -> Piece | None:
    """Return the schema of properties that are not named; None where the source does not speak of them."""
    rest = scope.schema.get("additionalProperties")
    if rest is None:
        rest = unevaluated.rest(scope, unevaluated.PROPERTIES)
    patterns = mapping(scope.schema.get("patternProperties"))
    if not patterns or not scope.dialect.has_pattern_properties:
        return None if rest is None else scope.inner(rest)
    by_pattern = {pattern: scope.inner(value) for pattern, value in patterns.items()}
    scope.gap(
        "patternProperties",
        "Names are not compared with these patterns: a property that is not in `properties` has to fit the schema of "
        "one of them, or that of the others.",
    )
    others = Piece({}) if rest is None else scope.inner(rest)
    return Piece(one_of_several([*by_pattern.values(), others]), exact=False)


def _dependencies(scope: Scope) -> Iterator[Piece]:
    """Translate what the presence of a property asks for: it is absent, or this holds."""
    if scope.dialect.has_dependencies:
        names = schemas = mapping(scope.schema.get("dependencies"))
    elif scope.dialect.has_ref_siblings:
        names = mapping(scope.schema.get("dependentRequired"))
        schemas = mapping(scope.schema.get("dependentSchemas"))
    else:
        return
    for name, wanted in names.items():
        if isinstance(wanted, list) and wanted:
            yield _if_present(name, required(wanted))
    for name, wanted in schemas.items():
        if not isinstance(wanted, list):
            yield _if_present(name, scope.inner(wanted))


def _if_present(name: str, wanted: Piece) -> Piece:
    if wanted.is_anything:
        return wanted
    absent: dict[str, JsonValue] = {"not": {"type": "object", "required": [name]}}
    if wanted.schema == NOTHING:
        return Piece(absent, wanted.exact)
    return Piece({"anyOf": [absent, wanted.schema]}, wanted.exact)


def _names(scope: Scope) -> Piece:
    """Translate `propertyNames` where it lists the names or forbids all; no more can be said of them."""
    wanted = scope.inner(scope.schema["propertyNames"])
    if wanted.is_anything:
        return wanted
    if wanted.schema == NOTHING:
        return Piece({"maxProperties": 0}, wanted.exact)
    names = _listed(wanted)
    if names is not None:
        each: dict[str, JsonValue] = {name: {} for name in names}
        return Piece({"properties": each, "additionalProperties": False}, wanted.exact)
    scope.gap("propertyNames", "The names of properties are not checked.")
    return Piece({}, exact=False)


def _listed(names: Piece) -> list[str] | None:
    """Return the names that a schema lists, and None when it says anything else of them."""
    told = names.schema.keys() - {"type", "nullable", "title", "description", "default", "example"}
    if told != {"enum"}:
        return None
    return [name for name in sequence(names.schema["enum"]) if isinstance(name, str)]
