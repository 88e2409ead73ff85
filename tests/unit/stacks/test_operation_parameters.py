"""Parameters of a contract as API Management shows them, and the address on the model server."""

import pytest
from pydantic import JsonValue

from shared.contracts.contract import Operation, Parameter, ParameterPlace
from shared.model.backend_paths import rewriting
from shared.model.operation_parameters import parameters_of
from shared.policies import Expression, RewriteUri


def _operation(*parameters: Parameter) -> Operation:
    return Operation("score", "GET", "/score", "/v1/score", "Score", "", None, (), parameters)


def _query(
    name: str, schema: dict[str, JsonValue], example: JsonValue = None, *, required: bool = False
) -> Parameter:
    return Parameter(name, ParameterPlace.QUERY, "", required, schema, example)


@pytest.mark.parametrize(
    ("schema", "kind", "values", "default"),
    [
        ({"type": "number", "multipleOf": 1, "default": 3}, "integer", None, "3"),
        ({"type": "number", "multipleOf": 0.5}, "number", None, None),
        ({"type": "integer"}, "integer", None, None),
        ({"type": "string", "enum": ["a", None], "nullable": True, "default": "a"}, "string", ["a"], "a"),
        ({"type": "boolean", "default": False}, "boolean", None, "false"),
        ({}, "string", None, None),
    ],
)
def test_types_values_and_defaults(
    schema: dict[str, JsonValue], kind: str, values: list[str] | None, default: str | None
) -> None:
    shown = parameters_of(_operation(_query("top", schema, 2, required=True)), ParameterPlace.QUERY)
    assert shown is not None
    (parameter,) = shown
    assert (parameter.name, parameter.type, parameter.required) == ("top", kind, True)
    assert (parameter.values, parameter.default_value) == (values, default)


def test_parameters_are_told_by_place() -> None:
    operation = _operation(
        _query("top", {}), Parameter("x-a", ParameterPlace.HEADER, "", required=False, schema={})
    )
    assert parameters_of(operation, ParameterPlace.PATH) is None
    assert [each.name for each in parameters_of(operation, ParameterPlace.HEADER) or ()] == ["x-a"]


def test_without_parameters_of_the_query_none_goes_along() -> None:
    headers = _operation(Parameter("x-a", ParameterPlace.HEADER, "", required=False, schema={}))
    assert rewriting(headers) == RewriteUri("/v1/score", copy_unmatched_params=False)


def test_a_parameter_of_the_query_goes_along_when_it_is_sent() -> None:
    sent = 'context.Request.OriginalUrl.Query.GetValueOrDefault("top")'
    has = 'context.Request.OriginalUrl.Query.ContainsKey("top")'
    template = Expression(
        f'("/v1/score" + "?" + ({has} ? "&top=" + Uri.EscapeDataString({sent}) : "")).Replace("?&", "?")'
    )
    assert rewriting(_operation(_query("top", {}))) == RewriteUri(template, copy_unmatched_params=False)


def test_a_key_never_goes_along() -> None:
    assert rewriting(_operation(_query("Subscription-Key", {}))) == RewriteUri(
        "/v1/score", copy_unmatched_params=False
    )
