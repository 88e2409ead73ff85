"""What describes values and refuses none."""

from pydantic import JsonValue

from shared.contracts.dialect.formats import KEPT, described
from shared.contracts.dialect.scope import Scope
from shared.contracts.json_values import sequence

_KEPT = ("title", "default", "readOnly", "writeOnly", "deprecated", "xml", "externalDocs")


def annotations(scope: Scope) -> dict[str, JsonValue]:
    """Return what describes the values of a schema, in the words of the subset."""
    schema = scope.schema
    kept: dict[str, JsonValue] = {key: schema[key] for key in _KEPT if key in schema and _belongs(key, scope)}
    description = schema.get("description")
    text = description if isinstance(description, str) else ""
    text_format = _format(schema)
    if text_format is not None and text_format not in KEPT:
        text = described(text, text_format)
    elif text_format is not None:
        kept["format"] = text_format
    if text:
        kept["description"] = text
    if example := _examples(schema):
        kept["example"] = example[0]
    return kept


def _belongs(key: str, scope: Scope) -> bool:
    """Return whether a word means here what it means in the subset: both flags at once mean nothing there."""
    return key not in ("readOnly", "writeOnly") or not (
        scope.schema.get("readOnly") is True and scope.schema.get("writeOnly") is True
    )


def _format(schema: dict[str, JsonValue]) -> str | None:
    """Return the format, which the newest drafts say with other keywords where it is about bytes."""
    found = schema.get("format")
    if isinstance(found, str):
        return found
    if schema.get("contentEncoding") == "base64":
        return "byte"
    return "binary" if schema.get("contentMediaType") == "application/octet-stream" else None


def _examples(schema: dict[str, JsonValue]) -> list[JsonValue]:
    return [schema["example"]] if "example" in schema else sequence(schema.get("examples"))[:1]
