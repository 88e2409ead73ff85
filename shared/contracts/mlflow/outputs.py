"""What an MLflow server answers.

Source: `predictions_to_json` in mlflow.pyfunc.scoring_server: a data frame becomes a list of maps, an array lists in
lists, anything else stays what it is. MLflow does not compare predictions with the signature.
"""

from pydantic import JsonValue

from shared.contracts.mlflow.types import ANY_SIZE, JSON_TYPES, Input, Kind, TensorInfo, Type


def response(outputs: tuple[Input, ...] | None) -> JsonValue:
    """Return the schema of an answer with predictions."""
    predictions: JsonValue = (
        {"description": "What the model predicts."} if not outputs else _predictions(outputs)
    )
    return {"type": "object", "required": ["predictions"], "properties": {"predictions": predictions}}


def _predictions(outputs: tuple[Input, ...]) -> JsonValue:
    is_tensor, is_named = outputs[0].type is Kind.TENSOR, outputs[0].name is not None
    values: dict[str, JsonValue] = {
        str(output.name): _tensor(output.tensor) if is_tensor else _value(output) for output in outputs
    }
    required: list[JsonValue] = [output.name for output in outputs if is_tensor or output.is_required]
    row: JsonValue = {
        "type": "object",
        **({"required": required} if required else {}),
        "properties": values,
    }
    if is_tensor:
        return row if is_named else _tensor(outputs[0].tensor)
    if is_named:
        return {"anyOf": [{"type": "array", "items": row}, row]}
    return {
        "description": "A list of predictions, each a value, a list of values or a map of columns by position.",
        "type": "array",
        "items": _unnamed([_value(output) for output in outputs]),
    }


def _unnamed(columns: list[JsonValue]) -> JsonValue:
    """Return the schema of a row of columns without names: which of them a value is of is not told."""
    kinds = [column for place, column in enumerate(columns) if column not in columns[:place]]
    if {} in kinds:
        return {}
    value: JsonValue = kinds[0] if len(kinds) == 1 else {"anyOf": kinds}
    rows: list[JsonValue] = [
        {"type": "array", "items": value},
        {"type": "object", "additionalProperties": value},
    ]
    return {"anyOf": [*kinds, *rows]}


def _value(of: Type) -> JsonValue:
    kind = JSON_TYPES.get(of.type)
    return {} if kind is None else {"type": kind, "nullable": True}


def _tensor(tensor: TensorInfo) -> JsonValue:
    schema = _element(tensor.dtype)
    for size in reversed(tensor.shape):
        count: dict[str, JsonValue] = {} if size == ANY_SIZE else {"minItems": size, "maxItems": size}
        schema = {"type": "array", **count, "items": schema}
    return schema


def _element(dtype: str) -> JsonValue:
    if dtype.startswith("float"):
        return {"type": "number"}
    if dtype.startswith(("int", "uint")):
        return {"type": "integer"}
    kind = {"bool": "boolean", "str": "string"}.get(dtype)
    return {} if kind is None else {"type": kind}
