"""Types and values, numbers and texts."""

from collections.abc import Hashable, Iterator

from pydantic import JsonValue

from shared.contracts.dialect.patterns import why_not_portable
from shared.contracts.dialect.scope import NOTHING, Piece, Scope, with_items
from shared.contracts.json_values import number, sequence, whole

_ALL = ("null", "boolean", "object", "array", "number", "string")

_EXACT = 1024
"""The largest denominator of a step that binary fractions hold as written: 0.5 is one half, 0.01 is near 1/100."""

_TYPES: dict[type, set[str]] = {
    type(None): {"null"},
    bool: {"boolean"},
    int: {"integer", "number"},
    str: {"string"},
    list: {"array"},
    dict: {"object"},
}


def types_and_values(scope: Scope) -> Iterator[Piece]:
    """Translate `type`, `enum` and `const`, which meet in how null is allowed."""
    types, values = _types(scope), _values(scope)
    if values is None:
        yield from _typed(scope, types)
        return
    fitting = [value for value in values if types is None or _has_type(value, types, scope)]
    if not _null_by_nullable(scope) or None in values:
        yield _valued(fitting, scope, types)
        return
    scope.gap("enum", "This does not list null, and `nullable` allows it: null is let through.")
    yield Piece(_valued([*fitting, None], scope, types).schema, exact=False)


def _types(scope: Scope) -> tuple[str, ...] | None:
    """Return the types that a value may have; None where the schema does not say."""
    given = scope.schema.get("type")
    if given is None:
        return None
    names = tuple(str(name) for name in (given if isinstance(given, list) else [given]))
    if scope.schema.get("nullable") is True and scope.dialect.has_nullable and "null" not in names:
        names = (*names, "null")
    return tuple(name for name in names if name != "integer" or "number" not in names)


def _values(scope: Scope) -> list[JsonValue] | None:
    """Return the values that are allowed; None where the schema does not list them."""
    schema = scope.schema
    values = sequence(schema["enum"]) if "enum" in schema else None
    if "const" in schema and not scope.dialect.is_like_draft_4:
        constant = schema["const"]
        values = [constant] if values is None or _identity(constant) in map(_identity, values) else []
    return values


def _null_by_nullable(scope: Scope) -> bool:
    return scope.dialect.has_nullable and scope.schema.get("nullable") is True and "type" in scope.schema


def _identity(value: JsonValue) -> Hashable:
    """Return what values that are the same to JSON Schema have in common: 1 is 1.0, but neither is true."""
    if isinstance(value, dict):
        return dict, frozenset((key, _identity(each)) for key, each in value.items())
    if isinstance(value, list):
        return list, tuple(map(_identity, value))
    return isinstance(value, bool), value


def _has_type(value: JsonValue, types: tuple[str, ...], scope: Scope) -> bool:
    return bool(_types_of(value, like_draft_4=scope.dialect.is_like_draft_4) & set(types))


def _types_of(value: JsonValue, *, like_draft_4: bool) -> set[str]:
    if isinstance(value, float):
        return {"number"} if like_draft_4 or value != int(value) else {"integer", "number"}
    return _TYPES[type(value)]


def _valued(values: list[JsonValue], scope: Scope, types: tuple[str, ...] | None) -> Piece:
    """Return a schema of these values, with their type where they have one."""
    distinct: list[JsonValue] = list({_identity(value): value for value in reversed(values)}.values())[::-1]
    if not distinct:
        return Piece(NOTHING)
    kinds = {_kind(value, types, scope) for value in distinct if value is not None}
    enum: dict[str, JsonValue] = {"enum": distinct}
    if len(kinds) != 1:
        return Piece(enum)
    kind = kinds.pop()
    nullable: dict[str, JsonValue] = {"nullable": True} if None in distinct else {}
    return Piece({"type": kind, **nullable, **enum})


def _kind(value: JsonValue, types: tuple[str, ...] | None, scope: Scope) -> str:
    """Return the type to write for a value: 1 may be sent as 1.0, unless the dialect says otherwise."""
    found = _types_of(value, like_draft_4=scope.dialect.is_like_draft_4)
    if "number" not in found:
        return next(iter(found))
    is_integer = scope.dialect.is_like_draft_4 and types is not None and "number" not in types
    return "integer" if is_integer else "number"


def _typed(scope: Scope, types: tuple[str, ...] | None) -> Iterator[Piece]:
    if types is None or set(_ALL) <= set(types):
        return
    if types in ((), ("null",)):
        yield Piece({"enum": [None]} if types else NOTHING)
        return
    some = [_one_type(name, scope) for name in types if name != "null"]
    if "null" in types:
        some[0] = {**some[0], "nullable": True}
    yield Piece(some[0] if len(some) == 1 else {"anyOf": [with_items(one) for one in some]})


def _one_type(name: str, scope: Scope) -> dict[str, JsonValue]:
    if name != "integer" or scope.dialect.is_like_draft_4:
        return {"type": name}
    # 1.0 is an integer to the drafts from 6, but not to OpenAPI 3.0, whose `integer` would refuse it.
    is_whole_anyway = bool(whole(scope.schema.get("multipleOf")))
    return {"type": "number"} if is_whole_anyway else {"type": "number", "multipleOf": 1}


def numbers(scope: Scope) -> Iterator[Piece]:
    """Translate bounds, which are exclusive by a boolean in the subset, and `multipleOf`."""
    for bound, exclusive, sign in (
        ("minimum", "exclusiveMinimum", 1),
        ("maximum", "exclusiveMaximum", -1),
    ):
        yield from _bound(scope, bound, exclusive, sign)
    step = number(scope.schema.get("multipleOf"))
    if step is None:
        return
    if step.as_integer_ratio()[1] <= _EXACT:
        yield Piece({"multipleOf": step})
        return
    # 4.02 / 0.01 is 401.99999999999994 to a validator that counts in binary fractions, as most do.
    scope.gap(
        "multipleOf", f"Multiples of {step} are not checked: validators differ in how they divide fractions."
    )
    yield Piece({}, exact=False)


def _bound(scope: Scope, bound: str, exclusive: str, sign: int) -> Iterator[Piece]:
    limit = number(scope.schema.get(bound))
    if scope.dialect.is_like_draft_4:
        strict = limit if scope.schema.get(exclusive) is True else None
    else:
        strict = number(scope.schema.get(exclusive))
    if strict is not None and (limit is None or sign * strict >= sign * limit):
        yield Piece({bound: strict, exclusive: True})
    elif limit is not None:
        yield Piece({bound: limit})


def texts(scope: Scope) -> Iterator[Piece]:
    """Translate lengths, and a pattern that means the same to every engine."""
    for keyword in ("minLength", "maxLength"):
        length = whole(scope.schema.get(keyword))
        if length is not None:
            yield Piece({keyword: length})
    pattern = scope.schema.get("pattern")
    if not isinstance(pattern, str):
        return
    problem = why_not_portable(pattern)
    if problem is None:
        yield Piece({"pattern": pattern})
        return
    scope.gap("pattern", f"The pattern {pattern} is not checked: {problem}.")
    yield Piece({}, exact=False)
