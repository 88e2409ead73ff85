"""A schema as one set of constraints: references followed, `allOf` merged.

The subset of JSON Schema is OpenAPI 3.0's, which means what draft 4 means, with `nullable`. Titles, descriptions,
examples, defaults, `discriminator`, `readOnly` and `writeOnly` refuse nothing and are left out.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import reduce
from typing import TypeAlias

from pydantic import JsonValue

from delivery.compat.schemas.atoms import ALL, Atom, types_of
from shared.contracts.dialect.formats import told

Schema: TypeAlias = JsonValue
"""A schema: a map, or true (takes everything), or false (takes nothing)."""
Components: TypeAlias = Mapping[str, JsonValue]
"""The named schemas of a contract."""

_REFERENCE = "#/components/schemas/"


@dataclass(frozen=True)
class Bound:
    """The smallest or largest number that is taken."""

    value: Fraction
    is_excluded: bool = False
    """Whether the number itself is refused."""


@dataclass(frozen=True)
class Span:
    """How many characters, items or properties there may be."""

    least: int = 0
    most: int | None = None
    """None where any number is taken."""

    def within(self, other: "Span") -> "Span":
        """Return what both spans take."""
        most = [each for each in (self.most, other.most) if each is not None]
        return Span(max(self.least, other.least), min(most, default=None))


@dataclass(frozen=True)
class Choice:
    """Alternatives of which a value has to fit one."""

    schemas: tuple[Schema, ...]
    is_exclusive: bool
    """Whether it may fit one alone: `oneOf` and not `anyOf`."""


@dataclass(frozen=True)
class Normal:
    """What a schema demands of a value; each constraint is about values of its type alone."""

    types: frozenset[Atom] = ALL
    values: tuple[JsonValue, ...] | None = None
    """`enum`; None where any value is taken."""
    lower: Bound | None = None
    upper: Bound | None = None
    multiples: frozenset[Fraction] = frozenset()
    """`multipleOf`, each of which a number has to be a multiple of."""
    length: Span = Span()
    patterns: frozenset[str] = frozenset()
    formats: frozenset[str] = frozenset()
    count: Span = Span()
    """Of the items of a list."""
    is_unique: bool = False
    items: Schema = True
    size: Span = Span()
    """Of the properties of a map."""
    required: frozenset[str] = frozenset()
    properties: Mapping[str, Schema] = field(default_factory=dict)
    others: Schema = True
    """Of the properties that `properties` does not name: `additionalProperties`."""
    choices: tuple[Choice, ...] = ()
    forbidden: tuple[Schema, ...] = ()
    """`not`, each of which a value must not fit."""
    beside: frozenset[str] = frozenset()
    """Properties that alternatives beside this one name, so that they may be sent with it."""

    def of(self, name: str) -> Schema:
        """Return the schema of the values of a property."""
        return self.properties.get(name, self.others)

    @property
    def is_open(self) -> bool:
        """Tell whether properties that are not named may be anything."""
        return self.others is True or self.others == {}


def reference_of(schema: Schema) -> str | None:
    """Return the name of the schema that one stands for; None where it is written out."""
    if not isinstance(schema, dict):
        return None
    target = schema.get("$ref")
    return target.removeprefix(_REFERENCE) if isinstance(target, str) else None


def target(schema: Schema, components: Components) -> Schema:
    """Return the last reference of a chain of references; any other schema as it is."""
    seen: set[str] = set()
    while (name := reference_of(schema)) is not None and name not in seen:
        seen.add(name)
        following = components[name]
        if reference_of(following) is None:
            break
        schema = following
    return schema


def names_of(one: Normal, components: Components, depth: int = 8) -> frozenset[str]:
    """Return the properties that a schema names, itself or in its alternatives down to a depth."""
    found = frozenset(one.properties)
    if depth:
        for choice in one.choices:
            for schema in choice.schemas:
                found |= names_of(normal(schema, components), components, depth - 1)
    return found


def normal(schema: Schema, components: Components, seen: frozenset[str] = frozenset()) -> Normal:
    """Return what a schema demands; `seen` are the names that are being followed.

    Raises KeyError when it refers to a schema that is not there.
    """
    name = reference_of(schema)
    if name is not None:
        # A schema that is no more than itself demands nothing.
        return Normal() if name in seen else normal(components[name], components, seen | {name})
    if schema is False:
        return Normal(types=frozenset())
    if not isinstance(schema, dict):
        return Normal()
    parts = [normal(part, components, seen) for part in _list(schema.get("allOf"))]
    return reduce(both, parts, _own(schema))


def both(one: Normal, other: Normal) -> Normal:
    """Return what two schemas demand together."""
    return Normal(
        types=one.types & other.types,
        values=_common(one.values, other.values),
        lower=_tighter((one.lower, other.lower), is_lower=True),
        upper=_tighter((one.upper, other.upper), is_lower=False),
        multiples=one.multiples | other.multiples,
        length=one.length.within(other.length),
        patterns=one.patterns | other.patterns,
        formats=one.formats | other.formats,
        count=one.count.within(other.count),
        is_unique=one.is_unique or other.is_unique,
        items=all_of(one.items, other.items),
        size=one.size.within(other.size),
        required=one.required | other.required,
        properties={
            name: all_of(one.of(name), other.of(name)) for name in {**one.properties, **other.properties}
        },
        others=all_of(one.others, other.others),
        choices=(*one.choices, *other.choices),
        forbidden=(*one.forbidden, *other.forbidden),
        beside=one.beside | other.beside,
    )


def all_of(*schemas: Schema) -> Schema:
    """Return the schema of what fits all of some, always the same for the same ones: recursion has to end."""
    parts = {text(part): part for schema in schemas for part in _parts(schema)}
    if any(part is False for part in parts.values()):
        return False
    kept = [parts[key] for key in sorted(parts) if parts[key] is not True and parts[key] != {}]
    return (kept[0] if len(kept) == 1 else {"allOf": kept}) if kept else True


def text(value: JsonValue) -> str:
    """Return a value as text that is the same for equal values alone: 1.0 is 1, and true is not."""
    return json.dumps(_plain(value), sort_keys=True)


def _plain(value: JsonValue) -> JsonValue:
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _parts(schema: Schema) -> Iterable[Schema]:
    if isinstance(schema, dict) and schema.keys() == {"allOf"}:
        return _list(schema["allOf"])
    return (schema,)


def _own(schema: Mapping[str, JsonValue]) -> Normal:
    """Return what the keywords of a schema demand, but for `allOf`."""
    values = schema.get("enum")
    multiple = _number(schema.get("multipleOf"))
    properties = schema.get("properties")
    return Normal(
        types=types_of(schema),
        values=tuple(values) if isinstance(values, list) else None,
        lower=_bound(schema, "minimum", "exclusiveMinimum"),
        upper=_bound(schema, "maximum", "exclusiveMaximum"),
        multiples=frozenset() if multiple is None else frozenset({multiple}),
        length=_span(schema, "Length"),
        patterns=_texts(schema.get("pattern")),
        formats=_texts(_format(schema)),
        count=_span(schema, "Items"),
        is_unique=schema.get("uniqueItems") is True,
        items=schema.get("items", True),
        size=_span(schema, "Properties"),
        required=frozenset(name for name in _list(schema.get("required")) if isinstance(name, str)),
        properties=properties if isinstance(properties, dict) else {},
        others=schema.get("additionalProperties", True),
        choices=tuple(
            Choice(tuple(_list(schema[keyword])), is_exclusive)
            for keyword, is_exclusive in (("anyOf", False), ("oneOf", True))
            if keyword in schema
        ),
        forbidden=tuple(_denied(schema["not"])) if "not" in schema else (),
    )


def _denied(schema: Schema) -> Sequence[Schema]:
    """Return what `not` forbids: each alternative by itself, so that one more of them is told as one."""
    if isinstance(schema, dict) and schema.keys() == {"anyOf"}:
        return _list(schema["anyOf"])
    return [schema]


def _format(schema: Mapping[str, JsonValue]) -> JsonValue:
    """Return the format, which stands in the description where the gateway is not to check it; the server does."""
    description = schema.get("description")
    return schema.get("format") or (told(description) if isinstance(description, str) else None)


def _bound(schema: Mapping[str, JsonValue], keyword: str, exclusive: str) -> Bound | None:
    value = _number(schema.get(keyword))
    return None if value is None else Bound(value, schema.get(exclusive) is True)


def _span(schema: Mapping[str, JsonValue], of: str) -> Span:
    least, most = _number(schema.get(f"min{of}")), _number(schema.get(f"max{of}"))
    return Span(0 if least is None else int(least), None if most is None else int(most))


def _number(value: JsonValue) -> Fraction | None:
    """Return a number as it is written in decimals; None for anything else."""
    return Fraction(str(value)) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _texts(value: JsonValue) -> frozenset[str]:
    return frozenset({value}) if isinstance(value, str) else frozenset()


def _list(value: JsonValue) -> list[JsonValue]:
    return value if isinstance(value, list) else []


def _common(
    one: tuple[JsonValue, ...] | None, other: tuple[JsonValue, ...] | None
) -> tuple[JsonValue, ...] | None:
    if one is None or other is None:
        return other if one is None else one
    known = {text(value) for value in other}
    return tuple(value for value in one if text(value) in known)


def _tighter(bounds: Iterable[Bound | None], *, is_lower: bool) -> Bound | None:
    sign = 1 if is_lower else -1
    given = [bound for bound in bounds if bound is not None]
    return max(given, key=lambda bound: (sign * bound.value, bound.is_excluded), default=None)
