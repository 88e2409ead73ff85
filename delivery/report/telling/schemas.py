"""How the schemas of an API differ: first as data, one difference at a time, then in words.

`schema_differences` judges nothing. Whether a difference breaks consumers depends on whether the schema is sent or
received; who knows that can decide by `SchemaDifference.keyword`, `before` and `after`.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from delivery.report.telling.properties import changed_properties
from delivery.report.told import Told, Topic
from delivery.report.values import ABSENT, Absent, Properties, Value, between, section_of, shown, without
from delivery.report.words import Quoted, Words, arrow, listed, say

SCHEMA = "schema"
"""The keyword of a whole schema that is added or removed."""
PROPERTY = "property"
"""The keyword of a property that is added or removed."""
ALTERNATIVE = "alternative"
"""The keyword of a schema in `anyOf`, `oneOf` or `allOf` that is added or removed."""

_TEXTS = frozenset({"title", "description", "example", "examples", "$comment"})
_SETS = {"enum": "allowed values", "required": "required properties"}
_CHOICES = ("anyOf", "oneOf", "allOf")
_NAMES: Mapping[str, str] = {
    "minimum": "smallest value",
    "maximum": "largest value",
    "exclusiveMinimum": "lower bound (excluded)",
    "exclusiveMaximum": "upper bound (excluded)",
    "minItems": "fewest items",
    "maxItems": "most items",
    "minLength": "shortest length",
    "maxLength": "longest length",
    "minProperties": "fewest properties",
    "maxProperties": "most properties",
    "$ref": "schema",
    "additionalProperties": "other properties",
}


@dataclass(frozen=True)
class SchemaDifference:
    """One difference between two schemas."""

    path: str
    """`InferenceRequest.inputs[].data`: items of an array are `[]`, the second alternative is `(2)`."""
    keyword: str
    """The keyword of JSON Schema that differs, or SCHEMA, PROPERTY, ALTERNATIVE."""
    before: Value
    """Its old value; ABSENT when there was none."""
    after: Value
    is_required: bool = False
    """Of a property that is added or removed: whether it has to be there."""


def schema_differences(
    before: Mapping[str, JsonValue], after: Mapping[str, JsonValue]
) -> Iterator[SchemaDifference]:
    """Yield the differences between the named schemas of an API, by name."""
    for name in sorted(before.keys() | after.keys()):
        old, new = before.get(name, ABSENT), after.get(name, ABSENT)
        if isinstance(old, Absent) or isinstance(new, Absent):
            yield SchemaDifference(name, SCHEMA, old, new)
        else:
            yield from _between(name, old, new)


def _between(path: str, before: JsonValue, after: JsonValue) -> Iterator[SchemaDifference]:
    if not isinstance(before, dict) or not isinstance(after, dict):
        if before != after:
            yield SchemaDifference(path, SCHEMA, before, after)
        return
    for keyword in sorted(before.keys() | after.keys()):
        old, new = before.get(keyword, ABSENT), after.get(keyword, ABSENT)
        if keyword == "properties" and isinstance(old, dict | Absent) and isinstance(new, dict | Absent):
            yield from _properties(path, before, after)
        elif keyword == "required":
            yield from _required(path, before, after)
        elif keyword in ("items", "additionalProperties") and isinstance(old, dict) and isinstance(new, dict):
            yield from _between(f"{path}{'[]' if keyword == 'items' else '.*'}", old, new)
        elif keyword in _CHOICES and isinstance(old, list) and isinstance(new, list):
            yield from _alternatives(path, old, new)
        elif old != new:
            yield SchemaDifference(path, keyword, old, new)


def _properties(path: str, before: Properties, after: Properties) -> Iterator[SchemaDifference]:
    old, new = section_of(before, "properties"), section_of(after, "properties")
    for name in sorted(old.keys() | new.keys()):
        here = f"{path}.{name}"
        if name in old and name in new:
            yield from _between(here, old[name], new[name])
        else:
            is_required = name in _names(after if name in new else before)
            yield SchemaDifference(here, PROPERTY, old.get(name, ABSENT), new.get(name, ABSENT), is_required)


def _required(path: str, before: Properties, after: Properties) -> Iterator[SchemaDifference]:
    """Yield the properties on both sides that become required or optional; new ones say it themselves."""
    both = section_of(before, "properties").keys() & section_of(after, "properties").keys()
    for name in sorted(_names(before) ^ _names(after)):
        was = name in _names(before)
        is_told = name not in both and name in {
            *section_of(before, "properties"),
            *section_of(after, "properties"),
        }
        if not is_told:
            yield SchemaDifference(f"{path}.{name}", "required", was, not was)


def _names(schema: Properties) -> frozenset[str]:
    value = schema.get("required")
    return frozenset(str(name) for name in value) if isinstance(value, list) else frozenset()


def _alternatives(
    path: str, before: Sequence[JsonValue], after: Sequence[JsonValue]
) -> Iterator[SchemaDifference]:
    """Compare alternatives in their order after those that are equal are set aside."""
    old = [(place, item) for place, item in enumerate(before) if item not in after]
    new = [(place, item) for place, item in enumerate(after) if item not in before]
    for (_, item), (place, other) in zip(old, new, strict=False):
        yield from _between(f"{path}({place + 1})", item, other)
    for place, item in old[len(new) :]:
        yield SchemaDifference(f"{path}({place + 1})", ALTERNATIVE, item, ABSENT)
    for place, item in new[len(old) :]:
        yield SchemaDifference(f"{path}({place + 1})", ALTERNATIVE, ABSENT, item)


def schema_changes(before: Properties | None, after: Properties | None, where: Words) -> Iterator[Told]:
    """Tell what a change of an API's schema resource means; either side is None when it is created or deleted."""
    old, new = (_components(side) for side in (before, after))
    if before is None or after is None:
        names = listed(Quoted(name) for name in sorted(new if before is None else old))
        what = "added: " if before is None else "removed: "
        yield Told(Topic.SCHEMAS, where, say("schemas"), say(what, names))
        return
    for difference in schema_differences(old, new):
        topic = Topic.TEXTS if difference.keyword in _TEXTS else Topic.SCHEMAS
        yield Told(topic, where, say(Quoted(difference.path), _label(difference)), _words(difference))
    yield from changed_properties(where, say("schemas"), (_rest(before), _rest(after)), {}, Topic.SCHEMAS)


def _rest(side: Properties) -> Properties:
    """Return what the resource has besides its schemas and its place."""
    components = without(section_of(side, "components"), "schemas")
    return {**without(side, "apiId", "schemaId"), "components": components}


def _components(side: Properties | None) -> Properties:
    return section_of(section_of(side or {}, "components"), "schemas")


def _label(difference: SchemaDifference) -> Words:
    """Return what stands between the path and the change, so that environments are compared by it."""
    if difference.keyword in (SCHEMA, PROPERTY, ALTERNATIVE, "required"):
        return ()
    name = _NAMES.get(difference.keyword) or _SETS.get(difference.keyword) or difference.keyword
    return say(f", {name}")


def _words(difference: SchemaDifference) -> Words:
    before, after = difference.before, difference.after
    match difference.keyword:
        case "required":
            return say("required now" if after else "no longer required")
        case "schema" | "property" | "alternative" if isinstance(before, Absent) or isinstance(after, Absent):
            return _whole(difference)
        case "enum" if isinstance(before, list) and isinstance(after, list):
            return _sets(before, after)
        case _:
            return (
                arrow(_side(before), _side(after)) if _are_numbers(before, after) else between(before, after)
            )


def _whole(difference: SchemaDifference) -> Words:
    is_added = isinstance(difference.before, Absent)
    value = difference.after if is_added else difference.before
    kind = _kind(value)
    need = ""
    if difference.keyword == PROPERTY:
        need = "required" if difference.is_required else "optional"
    nature = ", ".join(part for part in (need, kind) if part)
    return say("added" if is_added else "removed", f" ({nature})" if nature else "")


def _kind(value: Value) -> str:
    """Return the type of a schema as one word, where it is one that JSON Schema knows."""
    kind = value.get("type") if isinstance(value, dict) else None
    known = {"string", "integer", "number", "boolean", "object", "array", "null"}
    return kind if isinstance(kind, str) and kind in known else ""


def _sets(before: list[JsonValue], after: list[JsonValue]) -> Words:
    came = [shown(item) for item in after if item not in before]
    gone = [shown(item) for item in before if item not in after]
    if not came and not gone:
        return say("in another order")
    parts = [say(listed(came), " added")] if came else []
    parts += [say(listed(gone), " removed")] if gone else []
    return say(parts[0], *(("; ", parts[1]) if parts[1:] else ()))


def _are_numbers(*values: Value) -> bool:
    return any(isinstance(value, bool | int | float) for value in values)


def _side(value: Value) -> Words:
    """Return one side: numbers and truths as they are, everything else quoted."""
    return say(json.dumps(value)) if _are_numbers(value) else shown(value)
