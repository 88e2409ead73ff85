"""The parameters that a request may set.

Source: `_enforce_params_schema` and `_enforce_param_datatype` in mlflow.models.utils. Parameters that the signature
does not have are ignored, null is the same as none, and nothing but a whole number for a fraction is converted.
"""

from pydantic import JsonValue

from shared.contracts.mlflow.types import Kind, Param
from shared.contracts.mlflow.values import inside, single


def params(of: tuple[Param, ...]) -> JsonValue:
    """Return the schema of `params`."""
    return {
        "type": "object",
        "nullable": True,
        "description": "Parameters of this request. Each that is left out has its default.",
        "properties": {param.name: _param(param) for param in of},
    }


def _param(param: Param) -> JsonValue:
    if param.type is Kind.OBJECT:
        return inside(param, required=True)
    value = single(param.type, required=False)
    return value if param.shape is None else {"type": "array", "items": value}
