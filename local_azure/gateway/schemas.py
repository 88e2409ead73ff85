"""The schemas of one API, compiled to validators on first use.

API Management holds OpenAPI 3.0 components; their dialect is that of JSON Schema draft 4 with `nullable`.
A `pattern` is run by Python's `re`, which backtracks: one such as `^(a+)+$` holds up every request for as long
as a body makes it try.
"""

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from jsonschema import Draft4Validator
from jsonschema.exceptions import ValidationError
from jsonschema.protocols import Validator
from jsonschema.validators import extend
from pydantic import JsonValue
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT4

_ONE = frozenset({"items", "additionalProperties", "not"})
_LIST = frozenset({"allOf", "anyOf", "oneOf"})
"""Keywords that hold one schema, or a list of them. `properties` holds a mapping; all others hold data."""


_LENIENT = frozenset({"minItems", "uniqueItems", "dependencies"})
"""Rules of draft 4 for schemas that a validator can do without: `required` may be empty."""


def _unique_items(_: Validator, wanted: bool, value: JsonValue, __: JsonValue) -> Iterator[ValidationError]:  # noqa: FBT001 - the keyword's value
    """Compare by hash: jsonschema compares each item with every other one."""
    if wanted and isinstance(value, list) and len({_key(item) for item in value}) < len(value):
        yield ValidationError("has non-unique elements")


def _key(value: JsonValue) -> Hashable:
    """Return what equal JSON values have in common: 1 is 1.0, but neither is true."""
    if isinstance(value, dict):
        return dict, frozenset((name, _key(item)) for name, item in value.items())
    if isinstance(value, list):
        return list, tuple(_key(item) for item in value)
    return isinstance(value, bool), value


def _items(
    validator: Validator, wanted: JsonValue, value: JsonValue, schema: JsonValue
) -> Iterator[ValidationError]:
    """Compare items that have a type to be of and nothing else at once: jsonschema takes a validator for each.

    Tensors are long lists of numbers. An item that is of another type is left to jsonschema to tell.
    """
    if isinstance(wanted, dict) and wanted.keys() == {"type"} and isinstance(value, list):
        kind, of_type = wanted["type"], validator.is_type
        if isinstance(kind, str) and all(of_type(item, kind) for item in value):
            return
    yield from Draft4Validator.VALIDATORS["items"](validator, wanted, value, schema)


_Validator: type[Validator] = extend(  # type: ignore[no-untyped-call] # jsonschema annotates all but this
    Draft4Validator, {"items": _items, "uniqueItems": _unique_items}
)


class SchemaMissingError(LookupError):
    """A representation names a schema or definition that the API does not have, in the service's words."""


@dataclass(frozen=True, slots=True)
class SchemaStore:
    """The schema documents of one API, by `ApiSchema` name."""

    documents: Mapping[str, JsonValue]
    _validators: dict[tuple[str, str, bool | None], Validator] = field(default_factory=dict, repr=False)

    def validator(
        self, schema_id: str, type_name: str, *, allow_additional_properties: bool | None
    ) -> Validator:
        """Return the compiled validator of `components.schemas.<type_name>`.

        `allow_additional_properties` overrides the schema's own word unless it is None.
        Raises `SchemaMissingError`.
        """
        key = (schema_id, type_name, allow_additional_properties)
        if key not in self._validators:
            self._validators[key] = self._compile(*key)
        return self._validators[key]

    def _compile(self, schema_id: str, type_name: str, allow: bool | None) -> Validator:  # noqa: FBT001 - a key's part
        document = self.documents.get(schema_id)
        if document is None:
            raise SchemaMissingError("API's schema does not exist or it could not be resolved.")
        if type_name not in _definitions(document):
            raise SchemaMissingError(f"API's schema does not contain definition {type_name}")
        schemas: dict[str, JsonValue] = {
            name: _to_draft4(schema, allow) for name, schema in _definitions(document).items()
        }
        contents: Mapping[str, JsonValue] = {"components": {"schemas": schemas}}
        resource: Resource[bool | Mapping[str, Any]] = Resource.from_contents(
            contents, default_specification=DRAFT4
        )
        registry = Registry().with_resource("urn:api-schema", resource)
        reference: dict[str, JsonValue] = {"$ref": f"urn:api-schema#/components/schemas/{type_name}"}
        return _Validator(reference, registry=registry, format_checker=Draft4Validator.FORMAT_CHECKER)


def fault(document: JsonValue) -> str | None:
    """Say what in a document's definitions no validator can run: an unknown type, a bad pattern; else None."""
    try:
        definitions = _definitions(document)
    except SchemaMissingError:
        return None
    checker = Draft4Validator(Draft4Validator.META_SCHEMA, format_checker=Draft4Validator.FORMAT_CHECKER)
    try:
        for name, schema in definitions.items():
            for error in checker.iter_errors(_to_draft4(schema, None)):
                if error.validator not in _LENIENT:
                    return f"{'/'.join(map(str, (name, *error.absolute_path)))}: {error.message}"
    except RecursionError:
        return "the definitions are nested too deeply"
    return None


def _definitions(document: JsonValue) -> dict[str, JsonValue]:
    components = document.get("components") if isinstance(document, dict) else None
    schemas = components.get("schemas") if isinstance(components, dict) else None
    if not isinstance(schemas, dict):
        raise SchemaMissingError("API's schema does not specify definitions.")
    return schemas


def _to_draft4(schema: JsonValue, allow: bool | None) -> JsonValue:  # noqa: FBT001 - three states, passed through
    """Rewrite `nullable`, and override `additionalProperties`, in a schema and all below it."""
    if not isinstance(schema, dict):
        return schema
    result = {keyword: _convert(keyword, value, allow) for keyword, value in schema.items()}
    if allow is not None and isinstance(result.get("properties"), dict):
        result["additionalProperties"] = allow
    return _with_null(result)


def _convert(keyword: str, value: JsonValue, allow: bool | None) -> JsonValue:  # noqa: FBT001 - as above
    if keyword == "properties" and isinstance(value, dict):
        return {name: _to_draft4(schema, allow) for name, schema in value.items()}
    if keyword in _LIST and isinstance(value, list):
        return [_to_draft4(schema, allow) for schema in value]
    return _to_draft4(value, allow) if keyword in _ONE else value


def _with_null(schema: dict[str, JsonValue]) -> dict[str, JsonValue]:
    if schema.get("nullable") is not True or not isinstance(schema.get("type"), str):
        return schema
    result: dict[str, JsonValue] = {**schema, "type": [schema["type"], "null"]}
    values = result.get("enum")
    return {**result, "enum": [*values, None]} if isinstance(values, list) and None not in values else result
