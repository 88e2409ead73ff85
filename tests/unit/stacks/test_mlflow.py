"""Contracts from the signature of an MLflow model."""

import json

import pytest
import yaml
from pydantic import JsonValue

from shared.contracts.contract import Contract
from shared.contracts.files import SchemaFiles
from shared.contracts.mlflow import compile_contract
from shared.contracts.validation import why_not
from shared.documents import DocumentError
from tests.support.contract_files import InMemory

_FILE = "contracts/v1/MLmodel"
_SOURCE = f"models/iris-species/{_FILE}"
_DOUBLES: list[JsonValue] = [
    {"type": "double", "name": "age", "required": True},
    {"type": "double", "name": "bmi", "required": True},
]
_TENSOR: list[JsonValue] = [{"type": "tensor", "tensor-spec": {"dtype": "float32", "shape": [-1, 2]}}]


def _compiled(inputs: JsonValue, *, type_hint: bool = False, **others: JsonValue) -> Contract:
    """Compile an `MLmodel` file that holds what MLflow writes besides the signature, too."""
    texts: dict[str, JsonValue] = {"outputs": None, "params": None, **others, "inputs": inputs}
    document = {
        "flavors": {"python_function": {"loader_module": "mlflow.sklearn"}},
        "is_signature_from_type_hint": type_hint,
        "mlflow_version": "3.17.2",
        "signature": {key: text and json.dumps(text) for key, text in texts.items()},
        "utc_time_created": "2026-11-24 12:00:00.000000",
    }
    return compile_contract(_FILE, InMemory({_FILE: yaml.safe_dump(document)}))


def _refusal(inputs: JsonValue, body: JsonValue, params: JsonValue = None) -> str | None:
    return why_not(body, "InvocationRequest", _compiled(inputs, params=params))


def _problems(document: JsonValue) -> tuple[str, ...]:
    with pytest.raises(DocumentError) as raised:
        compile_contract(_FILE, InMemory({_FILE: yaml.safe_dump(document)}))
    return raised.value.problems


def test_a_model_can_be_asked_for_predictions_and_readiness() -> None:
    assert {
        operation.name: (operation.method, operation.url_template, operation.backend_path)
        for operation in _compiled(_DOUBLES).operations
    } == {
        "predict": ("POST", "/predict", "/invocations"),
        "ready": ("GET", "/ready", "/ping"),
    }


@pytest.mark.parametrize("inputs", [_DOUBLES, _TENSOR], ids=["columns", "tensor"])
def test_the_examples_fit_the_schemas(inputs: JsonValue) -> None:
    contract = _compiled(
        inputs, outputs=[{"type": "tensor", "tensor-spec": {"dtype": "float64", "shape": [-1]}}]
    )
    predict = contract.operation("predict")
    assert predict.request is not None
    bodies = [
        *predict.request.representations,
        *(body for answer in predict.responses for body in answer.representations),
    ]
    assert bodies
    for body in bodies:
        assert body.example is not None
        assert why_not(body.example, body.schema, contract) is None


@pytest.mark.parametrize(
    "body",
    [
        {"dataframe_split": {"columns": ["age", "bmi"], "data": [[1.5, 2], [None, "3"]]}},
        {"dataframe_split": {"columns": ["bmi", "age"], "data": []}},
        {"dataframe_split": {"columns": ["age", "bmi", "remark"], "data": [[1.5, 2, "text"]]}},
        {"dataframe_records": [{"age": 1.5, "bmi": 2}, {"age": 3}]},
        {"inputs": {"age": [1.5], "bmi": [2]}},
        {"inputs": [{"age": 1.5, "bmi": True}]},
        {"instances": [{"age": 1.5, "bmi": 2}], "params": {"any": "thing"}, "remark": 1},
    ],
    ids=json.dumps,
)
def test_what_mlflow_takes_for_columns_fits(body: JsonValue) -> None:
    assert _refusal(_DOUBLES, body) is None


@pytest.mark.parametrize(
    "body",
    [
        [1, 2],
        {},
        {"age": 1.5, "bmi": 2},
        {"dataframe_split": {"columns": ["age"], "data": [[1.5]]}},
        {"dataframe_split": {"columns": ["age", "weight"], "data": [[1.5, 2]]}},
        {"dataframe_split": {"columns": ["age", "bmi"], "data": [[1.5, "high"]]}},
        {"dataframe_split": {"data": [[1.5, 2]]}},
        {"dataframe_split": {"columns": ["age", "bmi"], "data": [], "remark": 1}},
        {"dataframe_records": [{"age": 1.5}]},
        {"dataframe_records": [{"age": 1.5, "bmi": "high"}]},
        {"dataframe_records": []},
        {"dataframe_records": {"age": 1.5, "bmi": 2}},
        {"inputs": {"age": [1.5]}},
        {"inputs": {"age": [1.5], "bmi": ["high"]}},
        {"inputs": [1.5, 2]},
        {"instances": [{"age": 1.5}]},
        {"inputs": {"age": [1.5], "bmi": [2]}, "instances": []},
    ],
    ids=json.dumps,
)
def test_what_mlflow_refuses_for_columns_does_not_fit(body: JsonValue) -> None:
    assert _refusal(_DOUBLES, body) is not None


@pytest.mark.parametrize(
    ("body", "fits"),
    [
        ({"inputs": [[1, 2], [3, None]]}, True),
        ({"instances": [["1", True]]}, True),
        ({"dataframe_split": {"data": [[1, 2]]}}, True),
        ({"dataframe_records": [{"a": 1, "b": 2}]}, True),
        ({"inputs": [1, 2]}, False),
        ({"inputs": [[1, 2, 3]]}, False),
        ({"inputs": [[1, "high"]]}, False),
        ({"inputs": {"a": [[1, 2]]}}, False),
        ({"dataframe_split": {"data": [[1, 2, 3]]}}, False),
        ({"dataframe_records": [{"a": 1, "b": "high"}]}, False),
    ],
    ids=json.dumps,
)
def test_tensors_have_the_shape_and_elements_of_the_signature(body: JsonValue, fits: bool) -> None:  # noqa: FBT001 - a case's verdict
    assert (_refusal(_TENSOR, body) is None) is fits


def test_tensors_that_no_data_frame_holds_come_in_lists_only() -> None:
    fixed: JsonValue = [{"type": "tensor", "tensor-spec": {"dtype": "float32", "shape": [2, 2]}}]
    assert _refusal(fixed, {"inputs": [[1, 2], [3, 4]]}) is None
    assert _refusal(fixed, {"dataframe_split": {"data": [[1, 2], [3, 4]]}}) is not None


@pytest.mark.parametrize(
    ("value", "fits"),
    [
        ({"x": 1.5}, True),
        ({"x": 1.5, "tags": ["a"]}, True),
        ({"x": 1.5, "tags": None}, True),
        ({"x": 1.5, "strange": 1}, False),
        ({"x": None}, False),
        ({"tags": []}, False),
        ([], False),
        (None, False),
    ],
)
def test_a_map_has_the_properties_of_the_signature_and_no_others(value: JsonValue, fits: bool) -> None:  # noqa: FBT001 - a case's verdict
    properties: JsonValue = {
        "x": {"type": "double", "required": True},
        "tags": {"type": "array", "items": {"type": "string"}, "required": False},
    }
    inputs: JsonValue = [{"type": "object", "properties": properties, "name": "a", "required": True}]
    assert (_refusal(inputs, {"dataframe_records": [{"a": value}]}) is None) is fits


def test_an_optional_column_may_be_left_out() -> None:
    inputs: JsonValue = [*_DOUBLES, {"type": "long", "name": "visits", "required": False}]
    assert _refusal(inputs, {"dataframe_split": {"columns": ["age", "bmi"], "data": [[1, 2]]}}) is None
    assert _refusal(inputs, {"dataframe_records": [{"age": 1, "bmi": 2, "visits": "many"}]}) is not None


@pytest.mark.parametrize(
    ("params", "fits"),
    [
        ({}, True),
        (None, True),
        ({"quantile": 1}, True),
        ({"quantile": None, "strange": 1}, True),
        ({"labels": ["a"]}, True),
        ({"quantile": "0.5"}, False),
        ({"labels": "a"}, False),
        ([], False),
    ],
    ids=json.dumps,
)
def test_parameters_have_the_type_of_the_signature(params: JsonValue, fits: bool) -> None:  # noqa: FBT001 - a case's verdict
    of_signature: JsonValue = [
        {"name": "quantile", "default": 0.5, "shape": None, "type": "double"},
        {"name": "labels", "default": [], "shape": [-1], "dtype": "string"},
    ]
    body: JsonValue = {"inputs": {"age": 1, "bmi": 2}, "params": params}
    assert (_refusal(_DOUBLES, body, params=of_signature) is None) is fits


def test_a_column_of_a_chat_may_come_without_a_key_around_it() -> None:
    inputs: JsonValue = [{"type": "string", "name": "prompt", "required": True}]
    assert _refusal(inputs, {"prompt": "What is an iris?"}) is None
    assert _refusal(inputs, {"inputs": {"prompt": "What is an iris?"}}) is None
    assert _refusal(inputs, {"question": "What is an iris?"}) is not None


def test_a_signature_from_a_type_hint_leaves_inputs_to_the_server() -> None:
    inputs: JsonValue = [{"type": "string", "required": True}]
    contract = _compiled(inputs, type_hint=True)
    assert why_not({"inputs": [{"any": "thing"}]}, "InvocationRequest", contract) is None
    assert why_not({"dataframe_records": []}, "InvocationRequest", contract) is not None
    assert any("type hint" in gap.sentence for gap in contract.gaps)


def test_a_column_that_is_called_like_a_keyword_is_a_column() -> None:
    inputs: JsonValue = [
        {"type": "double", "name": name, "required": True} for name in ("required", "$ref", "é")
    ]
    body: JsonValue = {"dataframe_records": [{"required": 1, "$ref": 2, "é": 3}]}
    assert _refusal(inputs, body) is None
    assert _refusal(inputs, {"dataframe_records": [{"required": 1, "$ref": "no", "é": 3}]}) is not None


def test_what_is_left_to_the_server_is_told_with_its_place() -> None:
    gaps = _compiled([{"type": "datetime", "name": "since", "required": True}]).gaps
    assert {gap.path for gap in gaps} == {"#/signature/inputs", "#/signature/inputs/0"}
    assert any(gap.sentence.startswith('the column "since": whether a text is a date') for gap in gaps)


def test_a_model_without_a_signature_is_refused_with_a_remedy() -> None:
    (problem,) = _problems({"flavors": {}})
    assert problem.startswith(
        f"{_SOURCE}: `signature` is missing: the model was saved without one. Log the model with one"
    )


def test_a_signature_without_inputs_is_refused_with_a_remedy() -> None:
    (problem,) = _problems({"signature": {"inputs": None, "outputs": "[]"}})
    assert problem.startswith(f"{_SOURCE}: `signature.inputs` is missing. Log the model with one")


@pytest.mark.parametrize(
    ("inputs", "problem"),
    [
        ("[", "`signature.inputs`, line 1: is not JSON"),
        ("[]", "`signature.inputs` is []; it must be a list of columns or tensors, at least one."),
        (
            '[{"type": "decimal"}]',
            '`signature.inputs.0.type` is "decimal"; it must be one of boolean, integer,',
        ),
        ('[{"type": "array"}]', "lacks `items`"),
        (
            '[{"type": "double", "name": "a"}, {"type": "double"}]',
            "holds columns with a name and others without",
        ),
        (
            '[{"type": "double", "name": "a"}, {"type": "long", "name": "a"}]',
            '`inputs` holds "a" more than once',
        ),
        (
            '[{"type": "long", "name": "a"}, {"type": "tensor", "name": "b", "tensor-spec": {"dtype":"x","shape":[]}}]',
            "holds columns and tensors",
        ),
    ],
)
def test_a_signature_that_mlflow_would_not_write_is_refused(inputs: str, problem: str) -> None:
    (told,) = _problems({"signature": {"inputs": inputs}})
    assert told.startswith(_SOURCE)
    assert problem in told


def test_a_pair_of_schemas_is_no_signature() -> None:
    with pytest.raises(DocumentError, match="a contract of the kind mlflow is one file"):
        compile_contract(SchemaFiles("a", "b", "/c"), InMemory({}))


def test_a_tensor_with_an_empty_dimension_beside_a_long_one_has_no_example() -> None:
    tensor: JsonValue = {"type": "tensor", "tensor-spec": {"dtype": "object", "shape": [0, 10**30]}}
    request = _compiled([tensor]).operation("predict").request
    assert request is not None
    assert request.representations[0].example is None


@pytest.mark.parametrize(
    ("types", "fits", "refused"),
    [
        (["double"], [1.5, None, [2.5], {"0": 3}], "high"),
        (["string"], ["high", {"0": "low"}], 1.5),
        (["double", "string"], [1.5, "high", [1.5, "high"], {"0": 1.5, "1": "high"}], True),
        (["any"], [1.5, "high", {}], None),
    ],
)
def test_predictions_without_names_have_the_types_of_the_outputs(
    types: list[str], fits: list[JsonValue], refused: JsonValue
) -> None:
    outputs: list[JsonValue] = [{"type": each} for each in types]
    contract = _compiled(
        [{"type": "double", "name": "age", "required": True}], type_hint=False, outputs=outputs
    )
    (answer,) = contract.operation("predict").responses[0].representations
    assert why_not({"predictions": fits}, answer.schema, contract) is None
    if refused is not None:
        assert why_not({"predictions": [refused]}, answer.schema, contract) is not None
