import copy
import json
from typing import Any

import pytest
from pydantic import JsonValue

from shared.contracts.contract import Contract
from shared.contracts.open_inference import compile_contract
from shared.contracts.validation import why_not
from shared.documents import DocumentError, read_json
from shared.environments import REPOSITORY
from tests.support.contract_files import InMemory

_SOURCE = "models/iris-species/contracts/v1.json"
_ROW = [5.1, 3.5, 1.4, 0.2]


def _compiled(metadata: JsonValue) -> Contract:
    return compile_contract("contracts/v1.json", InMemory({"contracts/v1.json": json.dumps(metadata)}))


@pytest.fixture(scope="module")
def metadata() -> dict[str, Any]:
    document = read_json(REPOSITORY / _SOURCE, _SOURCE)
    assert isinstance(document, dict)
    return document


@pytest.fixture(scope="module")
def iris(metadata: dict[str, Any]) -> Contract:
    return _compiled(metadata)


def _tensors(kind: str, *shapes: tuple[str, list[int]]) -> dict[str, JsonValue]:
    tensors: list[JsonValue] = [
        {"name": f"t{position}", "datatype": datatype, "shape": list[JsonValue](shape)}
        for position, (datatype, shape) in enumerate(shapes)
    ]
    return {kind: tensors}


def _contract(*inputs: tuple[str, list[int]]) -> Contract:
    return _compiled({"name": "m", **_tensors("inputs", *inputs), **_tensors("outputs", ("FP32", [-1]))})


def _request(**changes: JsonValue) -> JsonValue:
    tensor: dict[str, JsonValue] = {
        "name": "features", "shape": [1, 4], "datatype": "FP64", "data": list[JsonValue](_ROW), **changes
    }  # fmt: skip
    return {"inputs": [{key: value for key, value in tensor.items() if value != "absent"}]}


def test_a_model_can_be_asked_for_predictions_metadata_and_readiness(iris: Contract) -> None:
    calls = {operation.name: (operation.method, operation.url_template) for operation in iris.operations}
    assert calls == {
        "predict": ("POST", "/predict"),
        "metadata": ("GET", "/metadata"),
        "ready": ("GET", "/ready"),
    }


def test_paths_of_the_server_are_those_of_the_protocol(iris: Contract) -> None:
    assert {operation.name: operation.backend_path for operation in iris.operations} == {
        "predict": "/v2/models/iris-species/infer",
        "metadata": "/v2/models/iris-species",
        "ready": "/v2/models/iris-species/ready",
    }


def test_the_name_of_a_model_is_escaped_in_paths(metadata: dict[str, Any]) -> None:
    contract = _compiled({**metadata, "name": "a/b c"})
    assert contract.operation("predict").backend_path == "/v2/models/a%2Fb%20c/infer"


def test_bodies_of_predictions_come_with_their_content_type(iris: Contract) -> None:
    for response in iris.operation("predict").responses:
        (header,) = response.headers
        assert (header.name, header.values) == ("Content-Type", ("application/json",))


def test_every_schema_that_is_referred_to_exists(iris: Contract) -> None:
    named = {
        representation.schema
        for operation in iris.operations
        for body in (operation.request, *operation.responses)
        if body is not None
        for representation in body.representations
    }
    assert named <= set(iris.schemas)
    for reference in _references(dict(iris.schemas)):
        assert reference.removeprefix("#/components/schemas/") in iris.schemas


def test_every_example_fits_its_schema(iris: Contract) -> None:
    bodies = [
        representation
        for operation in iris.operations
        for body in (operation.request, *operation.responses)
        if body is not None
        for representation in body.representations
    ]
    assert len(bodies) == 5
    for representation in bodies:
        assert why_not(representation.example, representation.schema, iris) is None


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(_request(), id="flat data"),
        pytest.param(_request(data=[list[JsonValue](_ROW)]), id="nested data"),
        pytest.param(_request(shape=[2, 4], data=list[JsonValue](_ROW * 2)), id="two rows, flat"),
        pytest.param(_request(shape=[2, 4], data=[list[JsonValue](_ROW)] * 2), id="two rows, nested"),
        pytest.param(_request(datatype="FP32"), id="another float"),
        pytest.param(_request(datatype="INT64", data=[5, 3, 1, 0]), id="integers for a model of floats"),
        pytest.param(_request(parameters={"content_type": "np"}), id="parameters"),
        pytest.param(_request(parameters=None), id="parameters that are null"),
        pytest.param({"id": "42", "parameters": None, **_request()}, id="an id"),  # type: ignore[dict-item]
        pytest.param({"outputs": [{"name": "predict_proba"}], **_request()}, id="outputs by name"),  # type: ignore[dict-item]
        pytest.param({"outputs": None, "id": None, **_request()}, id="members that are null"),  # type: ignore[dict-item]
    ],
)
def test_what_the_server_accepts_is_accepted(iris: Contract, body: JsonValue) -> None:
    assert why_not(body, "InferenceRequest", iris) is None


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        pytest.param({}, "'inputs' is a required property", id="nothing"),
        pytest.param({"inputs": []}, "", id="no input"),
        pytest.param(_request(name="petals"), "'petals' is not one of ['features']", id="unknown input"),
        pytest.param(
            _request(datatype="NO_SUCH_TYPE"), "'NO_SUCH_TYPE' is not one of", id="unknown datatype"
        ),
        pytest.param(_request(datatype="BYTES"), "'BYTES' is not one of", id="text for a model of numbers"),
        pytest.param(_request(shape=[4]), "[4] is too short", id="wrong rank"),
        pytest.param(_request(shape=["1", 4]), "'1' is not of type 'integer'", id="a shape of text"),
        pytest.param(_request(data=["a"] * 4), "", id="text as numbers"),
        pytest.param(_request(data=[[5.1, 3.5, 1.4]]), "", id="a row that is too short"),
        pytest.param(_request(data="absent"), "'data' is a required property", id="no data"),
    ],
)
def test_what_the_model_cannot_take_is_refused(iris: Contract, body: JsonValue, reason: str) -> None:
    problem = why_not(body, "InferenceRequest", iris)
    assert problem is not None
    assert reason in problem


def test_responses_hold_the_declared_outputs_and_those_asked_for_by_name(iris: Contract) -> None:
    declared: JsonValue = {"name": "predict", "shape": [2, 1], "datatype": "INT64", "data": [0, 1]}
    asked_for: JsonValue = {
        "name": "predict_proba",
        "shape": [1, 3],
        "datatype": "FP64",
        "data": [0.1, 0.2, 0.7],
    }
    body: JsonValue = {
        "model_name": "iris-species", "id": "1", "parameters": {}, "outputs": [declared, asked_for]
    }  # fmt: skip
    assert why_not(body, "InferenceResponse", iris) is None


@pytest.mark.parametrize(
    ("datatype", "good", "bad"),
    [
        ("BOOL", True, "yes"),
        ("INT8", 3, 3.5),
        ("UINT64", 3, "3"),
        ("UINT8", 0, -1),
        ("INT8", -1, 1.5),
        ("BF16", 3.5, "3.5"),
        ("FP16", 3.5, "3.5"),
        ("BYTES", "text", 3),
    ],
)
def test_elements_have_the_json_type_of_their_datatype(
    datatype: str, good: JsonValue, bad: JsonValue
) -> None:
    contract = _contract((datatype, [-1]))

    def body(element: JsonValue) -> JsonValue:
        return {"inputs": [{"name": "t0", "shape": [1], "datatype": datatype, "data": [element]}]}

    assert why_not(body(good), "InferenceRequest", contract) is None
    assert why_not(body(bad), "InferenceRequest", contract) is not None


@pytest.mark.parametrize(
    ("shape", "data"), [([3], [1, 2, 3]), ([3, 1], [1, 2, 3]), ([3, 1], [[1], [2], [3]])]
)
def test_a_column_may_be_written_with_or_without_its_second_dimension(
    shape: list[JsonValue], data: list[JsonValue]
) -> None:
    body: JsonValue = {"inputs": [{"name": "t0", "shape": shape, "datatype": "INT32", "data": data}]}
    assert why_not(body, "InferenceRequest", _contract(("INT32", [-1]))) is None


@pytest.mark.parametrize("declared", [[-1], [-1, 1]])
@pytest.mark.parametrize("shape", [[2], [2, 1]])
def test_a_column_of_either_form_is_declared(declared: list[int], shape: list[JsonValue]) -> None:
    body: JsonValue = {"inputs": [{"name": "t0", "shape": shape, "datatype": "FP64", "data": [1, 2]}]}
    assert why_not(body, "InferenceRequest", _contract(("FP64", declared))) is None


@pytest.mark.parametrize(
    ("declared", "shape", "data", "fits"),
    [
        ([1, 4], [1, 4], [1, 2, 3, 4], True),
        ([1, 4], [1, 4], [[1, 2, 3, 4]], True),
        ([1, 4], [1, 4], [1, 2, 3], False),
        ([1, 4], [9, 9], [1, 2, 3, 4], False),
        ([3, 3], [3, 2], [1, 2, 3, 4, 5, 6, 7, 8, 9], False),
        ([2], [2], [1, 2], True),
        ([2], [2], [1, 2, 3], False),
        ([-1, 4], [1, 4], [1, 2, 3], False),
        ([-1, 4], [0, 4], [], False),
        ([-1, 4], [0, 4], [[]], False),
        ([], [], [1], True),
        ([], [], [1, 2], False),
        ([], [1], [1], False),
    ],
)
def test_elements_are_counted_as_far_as_the_metadata_fixes_their_number(
    declared: list[int], shape: list[JsonValue], data: list[JsonValue], *, fits: bool
) -> None:
    body: JsonValue = {"inputs": [{"name": "t0", "shape": shape, "datatype": "INT32", "data": data}]}
    assert (why_not(body, "InferenceRequest", _contract(("INT32", declared))) is None) is fits


@pytest.mark.parametrize(
    ("declared", "fitting", "wrong"),
    [
        ([1, 28, 28], [[1, 28, 28]], [[28, 1, 28], [28, 28], [1, 28, 28, 1], [2, 28, 28], [1, 28, 27]]),
        ([], [[]], [[1]]),
        ([-1, 4], [[1, 4], [1000, 4], [4, 4]], [[4], [1, 5], [1, 4, 1], [0, 4], [1, 1]]),
        ([-1, 4, 6], [[9, 4, 6]], [[9, 4, 4], [6, 6, 6], [9, 6, 1]]),
        ([-1, -1], [[1, 1], [7, 9]], [[1], [1, 0]]),
        ([-1], [[3], [3, 1], [1, 1]], [[3, 2], [3, 1, 1], [0]]),
        ([-1, 1], [[3], [3, 1]], [[3, 2]]),
    ],
)
def test_a_shape_is_as_exact_as_openapi_can_say_it(
    declared: list[int], fitting: list[JsonValue], wrong: list[JsonValue]
) -> None:
    contract = _contract(("INT32", declared))
    schemas = {**contract.schemas, "Shape": contract.schemas["Input-t0"]["properties"]["shape"]}  # type: ignore[index, call-overload] # a tensor's schema
    only = Contract(operations=(), schemas=schemas)
    assert [shape for shape in fitting if why_not(shape, "Shape", only)] == []
    assert [shape for shape in wrong if not why_not(shape, "Shape", only)] == []


@pytest.mark.parametrize(
    ("inputs", "told"),
    [
        ([("INT32", [1, 28])], {}),
        ([("INT32", [-1])], {"#/inputs/0/shape": ["t0 has as many values"]}),
        ([("BYTES", [3])], {"#/inputs/0/shape": ["data of t0 is not counted"]}),
        ([("FP32", [-1, 4])], {"#/inputs/0/shape": ["[-1, 4], the number of sizes", "as many values"]}),
        (
            [("FP32", [2]), ("FP32", [-1, 4])],
            {"#/inputs": ["each input comes once"], "#/inputs/1/shape": ["of t1", "t1 has"]},
        ),
    ],
)
def test_what_is_left_to_the_server_is_told_with_its_place(
    inputs: list[tuple[str, list[int]]], told: dict[str, list[str]]
) -> None:
    found: dict[str, list[str]] = {}
    for gap in _contract(*inputs).gaps:
        found.setdefault(gap.path, []).append(gap.sentence)
    assert found.keys() == told.keys()
    for path, parts in told.items():
        assert [part in sentence for part, sentence in zip(parts, found[path], strict=True)] == [True] * len(
            parts
        )


def test_one_text_may_hold_the_bytes_of_several_elements() -> None:
    tensor: JsonValue = {"name": "t0", "shape": [3], "datatype": "BYTES", "data": ["YWJj"]}
    assert why_not({"inputs": [tensor]}, "InferenceRequest", _contract(("BYTES", [3]))) is None


def test_a_consumer_reads_what_the_gateway_does_not_check(iris: Contract) -> None:
    description = iris.operation("predict").description
    assert "Whether shape and data fit each other is for the model server to say." in description
    assert len(description) <= 1000


def test_what_a_server_says_beyond_the_protocol_is_left_alone(
    metadata: dict[str, Any], iris: Contract
) -> None:
    (tensor,) = metadata["inputs"]
    more = {**metadata, "backend": "onnx", "inputs": [{**tensor, "shape": ["-1", "4"], "stats": {}}]}
    assert _compiled(more) == iris


def test_a_model_of_several_inputs_needs_all_of_them() -> None:
    contract = _contract(("FP32", [-1, 2]), ("BYTES", [-1]))
    first: JsonValue = {"name": "t0", "shape": [1, 2], "datatype": "FP32", "data": [1, 2]}
    second: JsonValue = {"name": "t1", "shape": [1], "datatype": "BYTES", "data": ["a"]}
    assert why_not({"inputs": [first, second]}, "InferenceRequest", contract) is None
    assert why_not({"inputs": [first]}, "InferenceRequest", contract) is not None


def test_inputs_whose_names_are_alike_have_schemas_of_their_own(metadata: dict[str, Any]) -> None:
    changed = copy.deepcopy(metadata)
    changed["inputs"] = [{**changed["inputs"][0], "name": name} for name in ("a (cm)", "a [cm]", "b")]
    contract = _compiled(changed)
    assert {name for name in contract.schemas if name.startswith("Input-")} == {
        "Input-0-a-cm", "Input-1-a-cm", "Input-b"
    }  # fmt: skip


def test_a_long_example_is_left_out() -> None:
    request = _contract(("FP32", [-1, 224, 224, 3])).operation("predict").request
    assert request is not None
    assert request.representations[0].example is None


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": ""}, '`name` is ""; it must be the model\'s name on its server.'),
        ({"inputs": []}, "`inputs` is []; it must be a list of tensors, at least one."),
        (
            {"inputs": [{"name": "x", "datatype": "FP64"}]},
            "`inputs.0.shape` is missing. Add it: a list of sizes",
        ),
        (
            {"inputs": [{"name": "x", "datatype": "double", "shape": [1]}]},
            '`inputs.0.datatype` is "double"; it must be one of BOOL, UINT8',
        ),
        (
            {"inputs": [{"name": "x", "datatype": "FP64", "shape": [0]}]},
            "shape [0] holds 0; write the size, or -1",
        ),
        (
            {"inputs": [{"name": "x", "datatype": "FP64", "shape": ["n"]}]},
            '`inputs.0.shape.0` is "n"; it must be',
        ),
        (
            {"inputs": [{"name": "x", "datatype": "FP64", "shape": [-2]}]},
            "`inputs.0.shape.0` is -2; it must be",
        ),
        (
            {"inputs": [{"name": "x", "datatype": "FP64", "shape": [1.5]}]},
            "`inputs.0.shape.0` is 1.5; it must be",
        ),
        (
            {"inputs": [{"name": "x", "datatype": "FP64", "shape": [1]}] * 2},
            '`inputs` holds "x" more than once. Give each tensor a name of its own.',
        ),
    ],
)
def test_wrong_metadata_is_refused_with_file_key_value_and_remedy(
    metadata: dict[str, Any], changes: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(DocumentError) as caught:
        _compiled({**metadata, **changes})
    (problem,) = caught.value.problems
    assert problem.startswith(f"{_SOURCE}: ")
    assert sentence in problem


def _references(value: object) -> list[str]:
    if isinstance(value, list):
        return [reference for item in value for reference in _references(item)]
    if isinstance(value, dict):
        own = [value["$ref"]] if "$ref" in value else []
        return own + [reference for item in value.values() for reference in _references(item)]
    return []
