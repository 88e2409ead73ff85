"""What a value may be beyond its type, in words."""

import json
from collections.abc import Iterator, Mapping

from pydantic import JsonValue

from shared.contracts.json_values import mapping, sequence

_LONGEST_PATTERN = 30
"""Characters of a regular expression that a person may want to read."""
_ELSEWHERE = "the OpenAPI document tells"


def rule(schema: Mapping[str, JsonValue]) -> str:
    """Return what a value may be beyond its type, in words; empty where there is nothing to say."""
    parts = (_values(schema), _range(schema), *_counts(schema), *_others(schema))
    return "; ".join(dict.fromkeys(part for part in parts if part))


def is_whole(schema: Mapping[str, JsonValue]) -> bool:
    """Tell whether a schema is how a Contract says whole number: 1.0 is one to JSON Schema, none to Draft 4."""
    return schema.get("type") == "number" and schema.get("multipleOf") == 1


def literal(value: JsonValue) -> str:
    """Return a value as it stands in a sentence: text as it is, all else as JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _values(schema: Mapping[str, JsonValue]) -> str:
    values = schema.get("enum")
    if not isinstance(values, list):
        return ""
    shown = [f"`{literal(value)}`" for value in values if value is not None]
    return shown[0] if len(shown) == 1 else f"one of {', '.join(shown)}"


def _range(schema: Mapping[str, JsonValue]) -> str:
    least, most = schema.get("minimum"), schema.get("maximum")
    above, below = schema.get("exclusiveMinimum") is True, schema.get("exclusiveMaximum") is True
    if least is not None and most is not None and not above and not below:
        return f"{least} to {most}" if least != most else f"{least}"
    low = "" if least is None else f"{'more than' if above else 'at least'} {least}"
    high = "" if most is None else f"{'less than' if below else 'at most'} {most}"
    return ", ".join(part for part in (low, high) if part)


def _counts(schema: Mapping[str, JsonValue]) -> Iterator[str]:
    for kind, noun in (("Items", "item"), ("Length", "character"), ("Properties", "field")):
        least, most = schema.get(f"min{kind}", 0), schema.get(f"max{kind}")
        if most is None:
            yield "" if least == 0 else f"at least {_counted(least, noun)}"
        elif least == most:
            yield _counted(most, noun)
        else:
            yield f"at most {_counted(most, noun)}" if least == 0 else f"{least} to {_counted(most, noun)}"


def _counted(number: JsonValue, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _others(schema: Mapping[str, JsonValue]) -> Iterator[str]:
    if "format" in schema:
        yield f"format {schema['format']}"
    if "pattern" in schema:
        pattern = str(schema["pattern"])
        yield f"matches `{pattern}`" if len(pattern) <= _LONGEST_PATTERN else f"of a form that {_ELSEWHERE}"
    if "multipleOf" in schema and not is_whole(schema):
        yield f"a multiple of {schema['multipleOf']}"
    if schema.get("uniqueItems") is True:
        yield "no item twice"
    if schema.get("additionalProperties") is False:
        yield "no other fields"
    yield from _denied(schema)
    if "default" in schema:
        yield f"default `{literal(schema['default'])}`"


def _denied(schema: Mapping[str, JsonValue]) -> Iterator[str]:
    """Yield what `not` says: which values a list holds (not all of its items are others), or something rarer."""
    parts = (schema, *map(mapping, sequence(schema.get("allOf"))))
    denied = [part["not"] for part in parts if "not" in part]
    held = [value for each in denied for value in _held(each)]
    if held:
        yield f"holds {', '.join(f'`{literal(value)}`' for value in held)}"
    if len(held) < len(denied):
        yield f"with exceptions that {_ELSEWHERE}"


def _held(denied: JsonValue) -> list[JsonValue]:
    """Return the value that a list lacks where this holds; nothing where it is about something else."""
    if not {"items"} <= mapping(denied).keys() <= {"items", "type"}:
        return []
    held = mapping(mapping(mapping(denied)["items"]).get("not")).get("enum")
    return held if isinstance(held, list) and len(held) == 1 else []
