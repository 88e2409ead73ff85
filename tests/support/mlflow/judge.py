"""Runs in the model servers' environment: what MLflow itself says of requests.

The first line that it writes is a JSON map with an `MLmodel` file for each signature below, as MLflow writes it. Then
it answers each line `{"model": NAME, "body": BODY}` with null where MLflow takes the body, else with its reason.
"""

import json
import logging
import sys
import warnings
from collections.abc import Mapping

import numpy as np
from mlflow.models import Model, ModelSignature, infer_signature  # noqa: TID251 - this runs where MLflow is
from mlflow.pyfunc import _validate_prediction_input  # noqa: TID251 - as above
from mlflow.pyfunc.scoring_server import _parse_json_data  # noqa: TID251 - as above
from mlflow.types.schema import (  # noqa: TID251 - as above
    AnyType,
    Array,
    ColSpec,
    Map,
    Object,
    ParamSchema,
    ParamSpec,
    Property,
    Schema,
    TensorSpec,
)

_DEFAULTS = {
    "boolean": True,
    "integer": 1,
    "long": 1,
    "float": 0.5,
    "double": 0.5,
    "string": "text",
    "datetime": np.datetime64("2026-11-24"),
}
_TENSORS = {
    "vector": ("float64", (-1,), None),
    "table": ("float32", (-1, 2), None),
    "table of whole numbers": ("int64", (-1, 2), None),
    "images": ("uint8", (-1, 2, 2), None),
    "fixed": ("float64", (2, 2), None),
    "open inside": ("float64", (-1, -1), None),
    "column": ("float64", (-1, 1), None),
    "texts": ("str", (-1,), None),
    "objects": ("object", (-1,), None),
    "ragged": ("object", (-1, -1), None),
    "truths": ("bool", (-1, 2), None),
    "scalar": ("float64", (), None),
    "one named": ("float64", (-1, 2), "a"),
    "one named and fixed": ("float64", (1, 2), "a"),
    "dates": ("datetime64[ns]", (-1,), None),
    "bytes": ("bytes", (-1,), "a"),
}


def _columns(*columns: ColSpec, params: ParamSchema | None = None) -> ModelSignature:
    return ModelSignature(inputs=Schema(list(columns)), params=params)


def _tensor(dtype: str, shape: tuple[int, ...], name: str | None) -> TensorSpec:
    return TensorSpec(np.dtype(dtype), shape, name)


def _of_each_type() -> Mapping[str, ModelSignature]:
    found = {}
    for kind in (*_DEFAULTS, "binary"):
        found[f"{kind}"] = _columns(ColSpec(kind, "a"))
        found[f"optional {kind}"] = _columns(ColSpec("double", "z"), ColSpec(kind, "a", required=False))
        found[f"array of {kind}"] = _columns(ColSpec(Array(kind), "a"))
    for kind, default in _DEFAULTS.items():
        params = ParamSchema([ParamSpec("p", kind, default), ParamSpec("q", kind, [], (-1,))])
        found[f"parameters of {kind}"] = _columns(ColSpec("double", "a"), params=params)
    return found


def _of_other_columns() -> Mapping[str, ModelSignature]:
    point = Object(
        [
            Property("x", "double"),
            Property("y", "string", required=False),
            Property("z", Array("long"), required=False),
        ]
    )
    turn = Object([Property("role", "string"), Property("content", "string")])
    settings = Object([Property("x", "long"), Property("y", "string", required=False)])
    return {
        "inferred": infer_signature(
            {"a": np.array([1.5, 2.5]), "b": np.array([1, 2])}, np.array([0.5]), {"p": 0.5}
        ),
        "inferred from records": infer_signature([{"a": 1.5, "b": "text"}, {"a": 2.5}]),
        "two doubles": _columns(ColSpec("double", "a"), ColSpec("double", "b")),
        "mixed": _columns(ColSpec("double", "a"), ColSpec("long", "b"), ColSpec("string", "c")),
        "all optional": _columns(
            ColSpec("double", "a", required=False), ColSpec("long", "b", required=False)
        ),
        "unnamed doubles": _columns(ColSpec("double"), ColSpec("double")),
        "unnamed and mixed": _columns(ColSpec("double"), ColSpec("string")),
        "unnamed text": _columns(ColSpec("string")),
        "unnamed long": _columns(ColSpec("long")),
        "prompt": _columns(ColSpec("string", "prompt"), ColSpec("double", "heat", required=False)),
        "chat": _columns(ColSpec(Array(turn), "messages")),
        "object": _columns(ColSpec(point, "a"), ColSpec("long", "b")),
        "optional object": _columns(ColSpec(Object([Property("x", "double")]), "a", required=False)),
        "map": _columns(ColSpec(Map("double"), "a")),
        "map of arrays": _columns(ColSpec(Map(Array("string")), "a", required=False), ColSpec("double", "b")),
        "anything": _columns(ColSpec(AnyType(), "a"), ColSpec(Array(AnyType()), "b")),
        "array of arrays": _columns(ColSpec(Array(Array("double")), "a")),
        "parameter of maps": _columns(
            ColSpec("double", "a"), params=ParamSchema([ParamSpec("o", settings, {"x": 1})])
        ),
    }


def _of_tensors() -> Mapping[str, ModelSignature]:
    single = {name: [_tensor(*tensor)] for name, tensor in _TENSORS.items()}
    several = {
        "two named": [_tensor("int64", (-1, 2), "a"), _tensor("float64", (-1,), "b")],
        "two named columns": [_tensor("int32", (-1, 1), "a"), _tensor("str", (-1,), "b")],
    }
    return {
        f"tensor: {name}": ModelSignature(inputs=Schema(tensors))
        for name, tensors in {**single, **several}.items()
    }


class _Metadata:
    """What the scoring server asks of a model's metadata."""

    def __init__(self, signature: ModelSignature) -> None:
        self.signature = signature

    def get_params_schema(self) -> ParamSchema | None:
        return self.signature.params

    def _is_signature_from_type_hint(self) -> bool:
        return False


def _reason(signature: ModelSignature, body: object) -> str | None:
    """Do what `/invocations` and `PyFuncModel.predict` do before they call the model."""
    try:
        parsed = _parse_json_data(json.dumps(body).encode(), _Metadata(signature), signature.inputs)
        _validate_prediction_input(parsed.data, parsed.params, signature.inputs, signature.params, None)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return None


def main() -> None:
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    signatures = {**_of_each_type(), **_of_other_columns(), **_of_tensors()}
    files = {name: Model(signature=signature).to_yaml() for name, signature in signatures.items()}
    sys.stdout.write(json.dumps(files) + "\n")
    sys.stdout.flush()
    for line in sys.stdin:
        case = json.loads(line)
        sys.stdout.write(json.dumps(_reason(signatures[case["model"]], case["body"])) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
