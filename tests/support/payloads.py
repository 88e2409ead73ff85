"""Values for a schema of OpenAPI 3.0's subset, and ways to spoil them, for property-based tests."""

import json
from collections.abc import Callable, Mapping
from math import ceil, floor
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

_REFERENCE = "#/components/schemas/"
_LONG = 12
"""Items from which on a list holds one value again and again: what is drawn stays small."""
_ANYTHING = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 300),
    st.floats(-9, 9, width=16),
    st.text(max_size=4),
    st.just([]),
    st.just({}),
)


def fitting(schema: Any, schemas: Mapping[str, Any]) -> SearchStrategy[Any]:
    """Draw values that fit a schema, or nearly: what `not`, `oneOf` and `format` say further is left to the caller."""
    if "$ref" in schema:  # which may lead back to where it stands
        return st.deferred(lambda: _nullable(schema, schemas))
    return _nullable(schema, schemas)


def _nullable(schema: Any, schemas: Mapping[str, Any]) -> SearchStrategy[Any]:
    known = _resolved(schema, schemas)
    value = _fitting(known, schemas)
    return st.one_of(value, st.none()) if known.get("nullable") is True else value


def _fitting(known: Mapping[str, Any], schemas: Mapping[str, Any]) -> SearchStrategy[Any]:
    if "enum" in known:
        return st.sampled_from(known["enum"])
    for forms in ("anyOf", "oneOf"):
        if forms in known:
            rest = {key: value for key, value in known.items() if key != forms}
            return st.one_of(
                *(_fitting(_both(rest, _resolved(form, schemas)), schemas) for form in known[forms])
            )
    drawn = _BY_TYPE.get(str(known.get("type")))
    return _ANYTHING if drawn is None else drawn(known, schemas)


def _objects(known: Mapping[str, Any], schemas: Mapping[str, Any]) -> SearchStrategy[Any]:
    properties = known.get("properties", {})
    required = {name: fitting(properties.get(name, {}), schemas) for name in known.get("required", [])}
    optional = {name: fitting(each, schemas) for name, each in properties.items() if name not in required}
    others = known.get("additionalProperties")
    if isinstance(others, dict):
        optional["other"] = fitting(others, schemas)
    return st.fixed_dictionaries(required, optional=optional)


def _arrays(known: Mapping[str, Any], schemas: Mapping[str, Any]) -> SearchStrategy[Any]:
    item = fitting(known.get("items", {}), schemas)
    least = known.get("minItems", 0)
    most = min(known.get("maxItems", least + 3), least + 3)
    if least > _LONG:
        return item.map(lambda value: [value] * least)
    held = _held(known)
    return st.lists(item, min_size=least, max_size=most).map(lambda items: _holding(items, held))


def _held(known: Mapping[str, Any]) -> list[Any]:
    """Return the values of which a list needs each: not all of its items are others."""
    found = []
    for part in (known, *known.get("allOf", [])):
        if isinstance(part.get("not"), dict) and "minItems" not in part["not"]:
            found += part["not"].get("items", {}).get("not", {}).get("enum", [])
    return found


def _holding(items: list[Any], held: list[Any]) -> list[Any]:
    return [*items[: max(len(items) - len(held), 0)], *held] if held else items


def _strings(known: Mapping[str, Any], _: Mapping[str, Any]) -> SearchStrategy[Any]:
    if "pattern" in known:
        return st.from_regex(known["pattern"])
    least = known.get("minLength", 0)
    most = min(known.get("maxLength", least + 5), least + 5)
    return st.text(st.characters(codec="utf-8"), min_size=least, max_size=most)


def _booleans(_: Mapping[str, Any], __: Mapping[str, Any]) -> SearchStrategy[Any]:
    return st.booleans()


def _integers(known: Mapping[str, Any], _: Mapping[str, Any]) -> SearchStrategy[Any]:
    step = known.get("multipleOf", 1)
    least = max(ceil(known.get("minimum", -1000)), -(10**15))
    most = min(floor(known.get("maximum", max(least, 0) + 1000)), 10**15)
    return st.integers(least, most).map(lambda number: number // step * step).filter(_within(known))


def _numbers(known: Mapping[str, Any], schemas: Mapping[str, Any]) -> SearchStrategy[Any]:
    halves = st.integers(-2000, 2000).map(lambda number: number / 2).filter(_within(known))
    return st.one_of(_integers(known, schemas), halves)


_BY_TYPE: Mapping[str, Callable[[Mapping[str, Any], Mapping[str, Any]], SearchStrategy[Any]]] = {
    "object": _objects,
    "array": _arrays,
    "string": _strings,
    "boolean": _booleans,
    "integer": _integers,
    "number": _numbers,
}


def _within(known: Mapping[str, Any]) -> Any:
    def is_within(number: float) -> bool:
        least, most = known.get("minimum"), known.get("maximum")
        return (
            (least is None or number > least or (number == least and not known.get("exclusiveMinimum")))
            and (most is None or number < most or (number == most and not known.get("exclusiveMaximum")))
            and number % known.get("multipleOf", 0.5) == 0
        )

    return is_within


def _resolved(schema: Any, schemas: Mapping[str, Any]) -> dict[str, Any]:
    """Return a schema with what it refers to and its `allOf` as one map, as far as one map can say it."""
    if "$ref" in schema:
        return _resolved(schemas[schema["$ref"].removeprefix(_REFERENCE)], schemas)
    merged = dict(schema)
    for part in schema.get("allOf", []):
        if "not" not in part:
            merged = _both(merged, _resolved(part, schemas))
    return merged


def _both(first: Mapping[str, Any], second: Mapping[str, Any]) -> dict[str, Any]:
    both = {**first, **second}
    if "properties" in first and "properties" in second:
        both["properties"] = {**first["properties"], **second["properties"]}
    if "required" in first and "required" in second:
        both["required"] = list(dict.fromkeys([*first["required"], *second["required"]]))
    return both


@st.composite
def spoiled(draw: st.DrawFn, value: Any) -> Any:
    """Change one place of a value: another type, something missing, more, twice, or another number."""
    copy = json.loads(json.dumps(value))
    places = list(_places(copy))
    if not places:
        return draw(_ANYTHING)
    holder, key = draw(st.sampled_from(places))
    match draw(st.sampled_from(("replace", "remove", "add", "repeat", "wrap"))):
        case "replace":
            holder[key] = draw(_ANYTHING)
        case "remove":
            del holder[key]
        case "add" if isinstance(holder, dict):
            holder["unknown"] = draw(_ANYTHING)
        case "repeat" if isinstance(holder, list):
            holder.append(holder[key])
        case _:
            holder[key] = [holder[key]]
    return copy


def _places(value: Any) -> Any:
    """Yield every place below a value as what holds it and its key or index; of a long list the first items."""
    items = (
        value.items() if isinstance(value, dict) else enumerate(value[:3]) if isinstance(value, list) else ()
    )
    for key, below in list(items):
        yield value, key
        yield from _places(below)
