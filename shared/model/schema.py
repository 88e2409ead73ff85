"""The JSON Schema of model.yaml, by which editors complete it and mark what is wrong while it is typed.

It is made from the types that check the file, with two differences. A file holds patches for environments as well,
in which every key may be left out or null. And the endpoint of a deployment may be missing above them, for it is
usually told for each environment. What one key says about another (weights, dates, successors) only the check tells.

The schema is in draft 7, the newest that the language servers of editors know as a whole.
"""

import json
from collections.abc import Iterable, Mapping
from typing import TypeAlias

from pydantic import JsonValue, TypeAdapter

from shared.model.description import Deployment, ModelDescription

PATH = "models/model.schema.json"
"""The file in the repository."""

LINE = "# yaml-language-server: $schema=../model.schema.json"
"""The first line of a model.yaml: it names the schema to editors."""

_DRAFT = "http://json-schema.org/draft-07/schema#"
_DEFINITIONS = "#/$defs/"
_PATCH = "Patch"
_ENVIRONMENT = "Environment"

_Schema: TypeAlias = dict[str, JsonValue]
_SCHEMA = TypeAdapter[_Schema](_Schema)


def rendered(environments: Iterable[str]) -> str:
    """Return the text of the file for a repository with those environments."""
    return json.dumps(model_schema(environments), indent=2, ensure_ascii=False) + "\n"


def model_schema(environments: Iterable[str]) -> JsonValue:
    """Return the schema of a model.yaml in a repository with those environments."""
    model = _tidy(_SCHEMA.validate_python(ModelDescription.model_json_schema()))
    definitions = _schemas(model.pop("$defs"))
    properties = _schemas(model["properties"])
    patches = {
        f"{name}{_PATCH}": _patch(each, definitions) for name, each in definitions.items() if _is_map(each)
    }
    deployment = definitions[Deployment.__name__]
    return {
        "$schema": _DRAFT,
        **model,
        "description": "A model: its API, and who may call it.",
        "properties": {**properties, "environments": _environments(environments)},
        "$defs": {
            **definitions,
            Deployment.__name__: {key: value for key, value in deployment.items() if key != "required"},
            **patches,
            _ENVIRONMENT: _patch(model, definitions),
        },
    }  # fmt: skip


def _environments(names: Iterable[str]) -> JsonValue:
    return {
        "type": "object",
        "description": "a map from environment to what differs there: a merge patch (RFC 7396), in which null removes",
        "additionalProperties": False,
        "properties": {name: {"$ref": f"{_DEFINITIONS}{_ENVIRONMENT}"} for name in names},
    }


def _tidy(schema: _Schema) -> _Schema:
    """Return a schema without titles and without defaults that nobody writes; a map has no keys but of its pattern."""
    tidied = {
        key: _tidied(key, value)
        for key, value in schema.items()
        if key != "title" and not (key == "default" and not isinstance(value, str | int))
    }
    return {**tidied, "additionalProperties": False} if "patternProperties" in schema else tidied


def _tidied(key: str, value: JsonValue) -> JsonValue:
    """Return the value of a schema's key with the schemas in it tidied."""
    if key in {"properties", "$defs", "patternProperties"}:
        return {name: _tidy(each) for name, each in _schemas(value).items()}
    if key in {"anyOf", "oneOf"} and isinstance(value, list):
        return [_tidy(each) for each in value if isinstance(each, dict)]
    if key in {"items", "additionalProperties"} and isinstance(value, dict):
        return _tidy(value)
    return value


def _patch(schema: _Schema, definitions: Mapping[str, _Schema]) -> _Schema:
    """Return the schema of what may be patched in what a schema describes. A list is replaced as a whole."""
    patched = {
        key: value for key, value in schema.items() if key not in {"required", "minProperties", "default"}
    }
    for key in ("properties", "patternProperties"):
        if key in schema:
            patched[key] = {
                name: _or_null(_patch(each, definitions)) for name, each in _schemas(schema[key]).items()
            }
    for key in ("anyOf", "oneOf"):
        members = schema.get(key)
        if isinstance(members, list):
            patched[key] = [_patch(each, definitions) for each in members if isinstance(each, dict)]
    referred = str(schema.get("$ref", "")).removeprefix(_DEFINITIONS)
    if referred in definitions and _is_map(definitions[referred]):
        patched["$ref"] = f"{_DEFINITIONS}{referred}{_PATCH}"
    return patched


def _or_null(schema: _Schema) -> _Schema:
    """Return a schema that takes null as well; its description stays where editors look for it."""
    described = {key: value for key, value in schema.items() if key == "description"}
    rest = {key: value for key, value in schema.items() if key != "description"}
    return {**described, "anyOf": [rest, {"type": "null"}]} if rest else schema


def _is_map(schema: _Schema) -> bool:
    return schema.get("type") == "object"


def _schemas(value: JsonValue) -> dict[str, _Schema]:
    """Return schemas by name."""
    return (
        {name: _SCHEMA.validate_python(each) for name, each in value.items()}
        if isinstance(value, dict)
        else {}
    )
