"""Sentences for schema violations, in the words of Newtonsoft's validator, which API Management uses."""

import json
from collections.abc import Callable

from jsonschema.exceptions import ValidationError
from pydantic import JsonValue

_TYPE_NAMES = {"null": "Null", "boolean": "Boolean", "string": "String", "array": "Array", "object": "Object"}


def sentence(error: ValidationError) -> str:
    """Say what is wrong with a value, without its place."""
    say = _SENTENCES.get(str(error.validator))
    return error.message + "." if say is None else say(error.instance, error.validator_value, error)


def additional(error: ValidationError) -> list[str]:
    """Return the names that an `additionalProperties` violation is about."""
    schema = error.schema if isinstance(error.schema, dict) else {}
    known = schema.get("properties", {})
    return [name for name in error.instance if name not in known] if isinstance(error.instance, dict) else []


def type_of(value: JsonValue) -> str:  # noqa: PLR0911 - one return per type
    """Name a JSON value's type: `Integer`, `Float`, `Null`."""
    match value:
        case None:
            return "Null"
        case bool():
            return "Boolean"
        case int():
            return "Integer"
        case float():
            return "Float"
        case str():
            return "String"
        case list():
            return "Array"
        case dict():
            return "Object"


def _type_name(name: str) -> str:
    return _TYPE_NAMES.get(name, name.capitalize())


def _types(value: JsonValue, wanted: str | list[str], _: ValidationError) -> str:
    names = [wanted] if isinstance(wanted, str) else wanted
    return f"Invalid type. Expected {', '.join(_type_name(name) for name in names)} but got {type_of(value)}."


def _required(value: dict[str, JsonValue], wanted: list[str], _: ValidationError) -> str:
    missing = ", ".join(name for name in wanted if name not in value)
    return f"Required properties are missing from object: {missing}."


def _additional(_: JsonValue, __: JsonValue, error: ValidationError) -> str:
    name = additional(error)[0]
    return f"Property '{name}' has not been defined and the schema does not allow additional properties."


def _minimum(value: JsonValue, limit: JsonValue, _: ValidationError) -> str:
    if value == limit:
        return f"{type_of(value)} {value} equals minimum value of {limit} and exclusive minimum is true."
    return f"{type_of(value)} {value} is less than minimum value of {limit}."


def _maximum(value: JsonValue, limit: JsonValue, _: ValidationError) -> str:
    if value == limit:
        return f"{type_of(value)} {value} equals maximum value of {limit} and exclusive maximum is true."
    return f"{type_of(value)} {value} exceeds maximum value of {limit}."


def _enum(value: JsonValue, _: JsonValue, __: ValidationError) -> str:
    return f"Value {json.dumps(value)} is not defined in enum."


def _one_of(_: JsonValue, __: JsonValue, error: ValidationError) -> str:
    if "more than one" in error.message or "is valid under each of" in error.message:
        return "JSON is valid against more than one schema from 'oneOf'."
    return "JSON is valid against no schemas from 'oneOf'."


_SENTENCES: dict[str, Callable[..., str]] = {
    "type": _types,
    "required": _required,
    "additionalProperties": _additional,
    "minimum": _minimum,
    "maximum": _maximum,
    "enum": _enum,
    "oneOf": _one_of,
    "anyOf": lambda *_: "JSON does not match any schemas from 'anyOf'.",
    "not": lambda *_: "JSON is valid against schema from 'not'.",
    "multipleOf": lambda value, step, _: f"{type_of(value)} {value} is not a multiple of {step}.",
    "minLength": lambda value, limit, _: f"String '{value}' is less than minimum length of {limit}.",
    "maxLength": lambda value, limit, _: f"String '{value}' exceeds maximum length of {limit}.",
    "pattern": lambda value, pattern, _: f"String '{value}' does not match regex pattern '{pattern}'.",
    "format": lambda value, name, _: f"String '{value}' does not validate against format '{name}'.",
    "minItems": lambda value, limit, _: (
        f"Array item count {len(value)} is less than minimum count of {limit}."
    ),
    "maxItems": lambda value, limit, _: f"Array item count {len(value)} exceeds maximum count of {limit}.",
    "uniqueItems": lambda *_: "Non-unique array item.",
    "minProperties": lambda v, limit, _: (
        f"Object property count {len(v)} is less than minimum count of {limit}."
    ),
    "maxProperties": lambda v, limit, _: f"Object property count {len(v)} exceeds maximum count of {limit}.",
}
"""By JSON Schema keyword: from value, keyword's value and error to a sentence."""
