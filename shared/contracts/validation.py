"""Whether a body fits a schema of a contract."""

from jsonschema import Draft4Validator
from jsonschema.exceptions import best_match
from pydantic import JsonValue

from shared.contracts.contract import Contract, reference


def why_not(body: JsonValue, schema: str, contract: Contract) -> str | None:
    """Return why a body does not fit the named schema, as a phrase with the place, or None when it fits."""
    error = best_match(Draft4Validator(as_draft4(schema, contract)).iter_errors(body))
    return None if error is None else f"at {error.json_path}, {error.message}"


def as_draft4(schema: str, contract: Contract) -> dict[str, JsonValue]:
    """Return the named schema, with all that it refers to, in the words of JSON Schema draft 4.

    OpenAPI 3.0's subset means the same here, except for ``nullable``, which is translated.
    """
    components = {name: in_draft4(value) for name, value in contract.schemas.items()}
    return {**reference(schema), "components": {"schemas": components}}


def in_draft4(schema: JsonValue) -> JsonValue:
    """Return a schema, with those inside of it, in which ``nullable`` became a second type."""
    if isinstance(schema, list):
        return [in_draft4(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    # The keyword is a truth; a map of properties may hold one of that name, which is a schema. What is in a list of
    # values is none.
    translated = {
        key: value if key == "enum" and isinstance(value, list) else in_draft4(value)
        for key, value in schema.items()
        if key != "nullable" or isinstance(value, dict)
    }
    if schema.get("nullable") is True and "type" in schema:
        translated["type"] = [schema["type"], "null"]
    return translated
