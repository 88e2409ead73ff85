"""Parameters of operations as API Management shows them. It gives them no schema of their own: type, values, default.

Source: `ParameterContract` of the ARM reference (2024-05-01).
"""

import json
from collections.abc import Mapping, Sequence

from pulumi_azure_native import apimanagement
from pydantic import JsonValue

from shared.contracts.contract import Operation, Parameter, ParameterPlace


def parameters_of(
    operation: Operation, place: ParameterPlace
) -> Sequence[apimanagement.ParameterContractArgs] | None:
    """Return the parameters in one place of a request; None where there are none."""
    return [_parameter(each) for each in operation.parameters if each.place is place] or None


def _parameter(parameter: Parameter) -> apimanagement.ParameterContractArgs:
    values = parameter.schema.get("enum")
    default = parameter.schema.get("default")
    example = parameter.example
    return apimanagement.ParameterContractArgs(
        name=parameter.name,
        description=parameter.description or None,
        type=_type(parameter.schema),
        required=parameter.required,
        values=[_text(value) for value in values if value is not None] if isinstance(values, list) else None,
        default_value=None if default is None else _text(default),
        examples=None
        if example is None
        else {"default": apimanagement.ParameterExampleContractArgs(value=_text(example))},
    )


def _type(schema: Mapping[str, JsonValue]) -> str:
    """Return the type that people read; whole numbers are `number` with a step in the subset."""
    kind = schema.get("type")
    step = schema.get("multipleOf")
    if kind == "number" and isinstance(step, int | float) and step == int(step):
        return "integer"
    return kind if isinstance(kind, str) else "string"


def _text(value: JsonValue) -> str:
    """Return a value as it stands in a request."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
