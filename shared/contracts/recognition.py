"""What kind of contract a document is, told from what only documents of that kind have."""

from collections.abc import Callable, Mapping

from pydantic import JsonValue


def recognised(document: JsonValue) -> str | None:
    """Return the kind that a document looks like, in the words of ``kind`` in model.yaml; None where it is unclear."""
    if not isinstance(document, dict):
        return None
    return next((kind for kind, is_one in _SIGNS.items() if is_one(document)), None)


def _is_mlflow(document: Mapping[str, JsonValue]) -> bool:
    """Tell whether it is an `MLmodel` file: it lists flavors, whatever else it has."""
    return isinstance(document.get("flavors"), dict)


def _is_openapi(document: Mapping[str, JsonValue]) -> bool:
    return "openapi" in document or "swagger" in document


def _is_open_inference(document: Mapping[str, JsonValue]) -> bool:
    """Tell whether it is a model's metadata: named inputs with a datatype each."""
    inputs = document.get("inputs")
    return isinstance(inputs, list) and any(isinstance(each, dict) and "datatype" in each for each in inputs)


def _is_json_schema(document: Mapping[str, JsonValue]) -> bool:
    return "$schema" in document or ("type" in document and ("properties" in document or "items" in document))


_SIGNS: Mapping[str, Callable[[Mapping[str, JsonValue]], bool]] = {
    "openapi": _is_openapi,
    "mlflow": _is_mlflow,
    "open-inference-protocol": _is_open_inference,
    "json-schema": _is_json_schema,
}
