"""What the gateway lets through of a contract, against what the contract's schemas say."""

import gzip
import json
import os
from collections.abc import Mapping
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from openapi_schema_validator import OAS30Validator
from pydantic import JsonValue

from shared.contracts.contract import Contract, Operation, reference
from shared.contracts.validation import why_not
from shared.model.description import LargerBodies
from tests.gateway import contract_services
from tests.gateway.contract_services import deployed, json_schema, mlflow, open_inference, openapi
from tests.gateway.documents import KEY
from tests.gateway.servers import Backend, Gateway
from tests.support.payloads import fitting, spoiled

_CUSTOMER: Mapping[str, JsonValue] = {
    "type": "object",
    "required": ["age", "plan"],
    "additionalProperties": False,
    "properties": {
        "age": {"type": "integer", "minimum": 0, "exclusiveMaximum": 150},
        "plan": {"const": "basic"},
        "city": {"type": ["string", "null"], "maxLength": 3},
        "visits": {"type": "array", "items": {"type": "number"}, "minItems": 1, "maxItems": 4},
        "point": {"prefixItems": [{"type": "number"}, {"type": "string"}], "type": "array"},
    },
}
_CONTRACTS: Mapping[str, Contract] = {
    **contract_services.of_models(),
    "an OpenAPI document": contract_services.of_folder("plant-scores"),
    "a pair of JSON Schemas": contract_services.of_folder("leaf-area"),
    "a column": open_inference(("INT64", [-1])),
    "a picture": open_inference(("FP32", [1, 8, 8])),
    "pictures": open_inference(("UINT8", [-1, 4, 6])),
    "text and numbers": open_inference(("BYTES", [-1, 1]), ("FP32", [-1, 4]), ("BOOL", [1])),
    "mlflow columns": mlflow(
        [
            {"type": "double", "name": "age", "required": True},
            {"type": "long", "name": "visits", "required": False},
            {"type": "string", "name": "city", "required": True},
        ],
        [{"name": "threshold", "type": "double", "default": 0.5, "shape": None}],
    ),
    "a json schema": json_schema(_CUSTOMER),
    "openapi 3.1": openapi(_CUSTOMER),
    "an mlflow tensor": mlflow([{"type": "tensor", "tensor-spec": {"dtype": "float32", "shape": [-1, 2]}}]),
}
_LIMIT = 102_400

# What is drawn is the same for everybody in CI; a developer's runs look further.
_bounded = settings(
    max_examples=25,
    deadline=None,
    derandomize="CI" in os.environ,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.filter_too_much,
    ],
)


def _taking_bodies(contract: Contract) -> Operation:
    return next(each for each in contract.operations if each.request is not None)


def _schema_of_bodies(operation: Operation) -> str:
    assert operation.request is not None
    return operation.request.representations[0].schema


def _path(operation: Operation) -> str:
    path = operation.url_template
    for parameter in operation.parameters:
        path = path.replace(f"{{{parameter.name}}}", str(parameter.example))
    return path


def _post(
    gateway: Gateway,
    body: bytes,
    media_type: str = "application/json",
    *,
    path: str = "/predict",
    **headers: str,
) -> httpx.Response:
    return gateway.client.post(
        f"/species/v1{path}",
        content=body,
        headers={"Content-Type": media_type, "Ocp-Apim-Subscription-Key": KEY, **headers},
    )


@pytest.mark.parametrize("contract", _CONTRACTS.values(), ids=_CONTRACTS)
@_bounded
@given(data=st.data())
def test_the_gateway_says_of_a_body_what_the_schemas_say(
    gateway: Gateway, backend: Backend, contract: Contract, data: st.DataObject
) -> None:
    gateway.deploy(deployed(contract, backend.url))
    operation = _taking_bodies(contract)
    name = _schema_of_bodies(operation)
    value = data.draw(fitting(reference(name), contract.schemas))
    if data.draw(st.booleans()):
        value = data.draw(spoiled(value))
    body = json.dumps(value).encode()
    assume(len(body) <= _LIMIT)
    backend.received.clear()
    answer = _post(gateway, body, path=_path(operation))
    assert (answer.status_code == 200) is _fits(value, name, contract), answer.text
    assert (why_not(value, name, contract) is None) is _fits(value, name, contract)
    assert len(backend.received) == (answer.status_code == 200)
    if answer.status_code != 200:
        assert (answer.status_code, answer.json()["statusCode"]) == (400, 400)
        assert "Line: 1, Position: " in answer.json()["message"]


def _fits(value: Any, name: str, contract: Contract) -> bool:
    """Tell it with another validator than the gateway's."""
    document = {**reference(name), "components": {"schemas": dict(contract.schemas)}}
    return bool(OAS30Validator(document).is_valid(value))


@pytest.mark.parametrize("contract", _CONTRACTS.values(), ids=_CONTRACTS)
@_bounded
@given(data=st.data())
def test_a_body_that_was_cut_off_is_refused(
    gateway: Gateway, backend: Backend, contract: Contract, data: st.DataObject
) -> None:
    gateway.deploy(deployed(contract, backend.url))
    operation = _taking_bodies(contract)
    schema = reference(_schema_of_bodies(operation))
    body = json.dumps(data.draw(fitting(schema, contract.schemas))).encode()
    cut = data.draw(st.integers(1, len(body) - 1))
    assert _post(gateway, body[:cut], path=_path(operation)).status_code == 400
    assert backend.received == []


@pytest.mark.parametrize("contract", _CONTRACTS.values(), ids=_CONTRACTS)
def test_another_media_type_is_refused_by_name(
    gateway: Gateway, backend: Backend, contract: Contract
) -> None:
    gateway.deploy(deployed(contract, backend.url))
    answer = _post(gateway, b"{}", "text/csv", path=_path(_taking_bodies(contract)))
    assert (answer.status_code, answer.json()["message"]) == (
        400,
        "Unspecified content type text/csv is not allowed.",
    )


def _of_size(size: int, contract: Contract) -> bytes:
    """Return a body of this many bytes that fits the contract of one column of integers."""
    body = json.dumps({"inputs": [{"name": "t0", "shape": [1], "datatype": "INT64", "data": [1]}]}).encode()
    assert why_not(json.loads(body), "InferenceRequest", contract) is None
    return body + b" " * (size - len(body))


@pytest.mark.parametrize("larger", LargerBodies)
@pytest.mark.parametrize("compressed", [False, True])
def test_a_body_of_the_largest_size_is_validated(
    gateway: Gateway, backend: Backend, larger: LargerBodies, *, compressed: bool
) -> None:
    contract = _CONTRACTS["a column"]
    gateway.deploy(deployed(contract, backend.url, larger))
    good = _of_size(_LIMIT, contract)
    for body, status in ((good, 200), (good.replace(b"INT64", b"BYTES"), 400)):
        answer = _send(gateway, body, compressed=compressed)
        assert (len(body), answer.status_code) == (_LIMIT, status)


@pytest.mark.parametrize("compressed", [False, True])
def test_one_byte_more_is_refused_or_passed_as_the_version_chooses(
    gateway: Gateway, backend: Backend, *, compressed: bool
) -> None:
    contract = _CONTRACTS["a column"]
    body = _of_size(_LIMIT + 1, contract)
    gateway.deploy(deployed(contract, backend.url, LargerBodies.REFUSE))
    refused = _send(gateway, body, compressed=compressed)
    assert (refused.status_code, refused.json()["message"]) == (
        400,
        "Request's body is 102401 bytes long and it exceeds the limit of 102400 bytes.",
    )
    gateway.deploy(deployed(contract, backend.url, LargerBodies.PASS_UNVALIDATED))
    wrong = body.replace(b"INT64", b"BYTES")
    assert _send(gateway, wrong, compressed=compressed).status_code == 200
    sent = gzip.decompress(backend.last.body) if compressed else backend.last.body
    assert sent == wrong


def _send(gateway: Gateway, body: bytes, *, compressed: bool) -> httpx.Response:
    if not compressed:
        return _post(gateway, body)
    return _post(gateway, gzip.compress(body), **{"Content-Encoding": "gzip"})


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"name": "other"}, 'Value "other" is not defined in enum. Line: 1, Position: 28'),
        ({"datatype": "BYTES"}, 'Value "BYTES" is not defined in enum.'),
        ({"shape": [2, 4]}, "Value [2, 4] is not defined in enum."),
        ({"data": [1, 2, "3"]}, "Invalid type. Expected Number but got String."),
        ({"data": 1}, "Invalid type. Expected Array but got Integer."),
        ({"data": [1, 2]}, "Array item count 2 is less than minimum count of 3."),
    ],
)
def test_what_is_wrong_with_a_tensor_is_told_with_its_place(
    gateway: Gateway, backend: Backend, change: dict[str, Any], says: str
) -> None:
    gateway.deploy(deployed(open_inference(("FP32", [3])), backend.url))
    tensor = {"name": "t0", "shape": [3], "datatype": "FP32", "data": [1, 2, 3], **change}
    answer = _post(gateway, json.dumps({"inputs": [tensor]}).encode())
    assert (answer.status_code, says in answer.json()["message"]) == (400, True), answer.text


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"name": "other"}, 'Value "other" is not defined in enum.'),
        ({"name": 1}, "Invalid type. Expected String but got Integer."),
        ({"data": None}, "Required properties are missing from object: data."),
    ],
)
def test_what_all_inputs_have_in_common_is_told_first(
    gateway: Gateway, backend: Backend, change: dict[str, Any], says: str
) -> None:
    gateway.deploy(deployed(_CONTRACTS["text and numbers"], backend.url))
    good = [
        {"name": "t0", "shape": [1], "datatype": "BYTES", "data": ["a"]},
        {"name": "t1", "shape": [1, 4], "datatype": "FP32", "data": [1, 2, 3, 4]},
        {"name": "t2", "shape": [1], "datatype": "BOOL", "data": [True]},
    ]
    assert _post(gateway, json.dumps({"inputs": good}).encode()).status_code == 200
    bad = {key: value for key, value in {**good[1], **change}.items() if value is not None}
    answer = _post(gateway, json.dumps({"inputs": [good[0], bad, good[2]]}).encode())
    assert (answer.status_code, says in answer.json()["message"]) == (400, True), answer.text
