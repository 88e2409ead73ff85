"""`validate-content`: https://learn.microsoft.com/azure/api-management/validate-content-policy."""

import gzip
import json
import logging
import threading
import time
from collections.abc import Iterator

import pytest
from jsonschema import Draft4Validator
from jsonschema.exceptions import ValidationError
from jsonschema.protocols import Validator
from pydantic import JsonValue

from local_azure.gateway.configuration import Operation, Representation, Response, Service
from local_azure.gateway.schemas import SchemaStore
from tests.gateway.documents import KEY, header, policy, service
from tests.gateway.servers import Backend, Gateway, error

LEAD = (
    "Body of the request does not conform to the definition Flowers, "
    "which is associated with the content type application/json. "
)
NOT_ALLOWED = "has not been defined and the schema does not allow additional properties."
INTERNAL = "The request could not be processed due to an internal error. Contact the API owner."
SCHEMAS = {
    "components": {
        "components": {
            "schemas": {
                "Flowers": {
                    "type": "object",
                    "required": ["flowers"],
                    "properties": {
                        "flowers": {
                            "type": "array",
                            "minItems": 1,
                            "items": {"$ref": "#/components/schemas/Flower"},
                        },
                        "note": {"type": "string", "nullable": True, "maxLength": 5},
                    },
                    "additionalProperties": False,
                },
                "Flower": {
                    "type": "object",
                    "required": ["length"],
                    "properties": {
                        "length": {"type": "number", "minimum": 0, "exclusiveMinimum": True},
                        "kind": {"enum": ["setosa", "virginica"], "type": "string"},
                        "count": {"type": "integer"},
                        "nullable": {"type": "string"},
                        "properties": {"type": "string"},
                    },
                },
            }
        }
    }
}
GOOD = {"flowers": [{"length": 1.5, "kind": "setosa"}], "note": None}


def validate(
    content: str = '<content type="application/json" validate-as="json" action="prevent" />',
    unspecified: str = "prevent",
    size: int = 200,
    exceeded: str = "prevent",
) -> str:
    return (
        f'<base /><validate-content unspecified-content-type-action="{unspecified}" max-size="{size}" '
        f'size-exceeded-action="{exceeded}" errors-variable-name="errors">{content}</validate-content>'
    )


def deployed(url: str, inbound: str = "<base />", outbound: str = "<base />", **more: object) -> Service:
    flowers = Representation("application/json", "components", "Flowers")
    operations = (
        Operation(
            "predict",
            "POST",
            "/predict",
            request_representations=(flowers, Representation("text/plain")),
            responses=(Response(200, (flowers,)),),
        ),
        Operation("ready", "GET", "/ready"),
    )
    document = policy(inbound=inbound, outbound=outbound)
    return service(url, policy=document, **{"operations": operations, "schemas": SCHEMAS, **more})


def post(gateway: Gateway, body: object, **headers: str) -> tuple[int, str]:
    response = gateway.post("/species/v1/predict", body, ocp_apim_subscription_key=KEY, **headers)
    return (200, "") if response.status_code == 200 else error(response)


@pytest.mark.parametrize("body", [GOOD, {"flowers": [{"length": 1, "nullable": "a", "properties": "b"}]}])
def test_what_conforms_reaches_the_backend(gateway: Gateway, backend: Backend, body: object) -> None:
    gateway.deploy(deployed(backend.url, validate()))
    assert post(gateway, body) == (200, "")
    assert len(backend.received) == 1


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b'{"flowers": 1}', "Invalid type. Expected Array but got Integer. Line: 1, Position: 13"),
        (b'{\n  "flowers": "a"\n}', "Invalid type. Expected Array but got String. Line: 2, Position: 16"),
        (b'{"note": null}', "Required properties are missing from object: flowers. Line: 1, Position: 14"),
        (b"[1]", "Invalid type. Expected Object but got Array. Line: 1, Position: 1"),
        (
            b'{"flowers": [{"length": true}]}',
            "Invalid type. Expected Number but got Boolean. Line: 1, Position: 28",
        ),
        (
            b'{"flowers": [{"length": 0}]}',
            "Integer 0 equals minimum value of 0 and exclusive minimum is true. Line: 1, Position: 25",
        ),
        (
            b'{"flowers": [{"length": 1}, {"length": -1.5}]}',
            "Float -1.5 is less than minimum value of 0. Line: 1, Position: 43",
        ),
        (
            b'{"flowers": [{"length": 1, "kind": "rose"}]}',
            'Value "rose" is not defined in enum. Line: 1, Position: 41',
        ),
        (
            b'{"flowers": [{"length": 1, "count": 1.0}]}',
            "Invalid type. Expected Integer but got Float. Line: 1, Position: 39",
        ),
        (b'{"flowers": []}', "Array item count 0 is less than minimum count of 1. Line: 1, Position: 14"),
        (
            b'{"flowers": [{"length": 1}], "note": "too long"}',
            "String 'too long' exceeds maximum length of 5. Line: 1, Position: 47",
        ),
        (
            b'{"flowers": [{"length": 1}], "more": 1}',
            f"Property 'more' {NOT_ALLOWED} Line: 1, Position: 38",
        ),
        (
            b'{"note": 1, "flowers": 1}',
            "Invalid type. Expected String, Null but got Integer. Line: 1, Position: 10",
        ),
    ],
)
def test_what_does_not_conform_is_told_with_its_place(
    gateway: Gateway, backend: Backend, body: bytes, says: str
) -> None:
    gateway.deploy(deployed(backend.url, validate()))
    assert post(gateway, body) == (400, LEAD + says)
    assert backend.received == []


@pytest.mark.parametrize(
    ("body", "logged"),
    [
        (b'{"flowers": NaN}', "NaN is not JSON."),
        (b"{\nbad}", "Expecting property name enclosed in double quotes. Line: 2, Position: 1"),
        (b'{"a": "\xff"}', "The byte at position 8 is not UTF-8."),
        (b"[" * 10_000, "The body, or what the schema makes of it, is nested too deeply."),
    ],
)
def test_body_that_is_not_json(
    gateway: Gateway, backend: Backend, caplog: pytest.LogCaptureFixture, body: bytes, logged: str
) -> None:
    caplog.set_level(logging.INFO)
    gateway.deploy(deployed(backend.url, validate(size=100_000)))
    assert post(gateway, body) == (400, INTERNAL)
    assert f"validate-content: RequestBody ValidationException {logged} [" in caplog.text


@pytest.mark.parametrize(
    ("schema", "body"),
    [
        ({"$ref": "#/components/schemas/Flowers"}, b"{}"),
        ({"type": "array", "items": {"$ref": "#/components/schemas/Flowers"}}, b"[" * 400 + b"]" * 400),
        ({"type": "nonsense"}, b"1"),
        ({"type": "string", "pattern": "("}, b'"a"'),
    ],
)
def test_schema_that_cannot_be_run_is_not_the_callers_fault(
    gateway: Gateway, backend: Backend, schema: dict[str, object], body: bytes
) -> None:
    schemas = {"components": {"components": {"schemas": {"Flowers": schema}}}}
    gateway.deploy(deployed(backend.url, validate(size=1000), schemas=schemas))
    assert post(gateway, body) == (400, INTERNAL)


@pytest.mark.parametrize(
    ("items", "status"),
    [
        ([1, True, "1", [1], {"a": 1}, {"a": True}], 200),
        ([1, 1.0], 400),
        ([{"a": 1, "b": [2]}, {"b": [2], "a": 1}], 400),
    ],
)
def test_unique_items(gateway: Gateway, backend: Backend, items: list[object], status: int) -> None:
    schemas = {"components": {"components": {"schemas": {"Flowers": {"uniqueItems": True}}}}}
    gateway.deploy(deployed(backend.url, validate(size=100_000), schemas=schemas))
    assert post(gateway, items)[0] == status


def test_unique_items_of_several_types_are_compared_in_little_time() -> None:
    items = [[number] if number % 2 else {"k": number} for number in range(6000)]
    store = SchemaStore({"s": {"components": {"schemas": {"T": {"uniqueItems": True}}}}})
    validator = store.validator("s", "T", allow_additional_properties=None)
    started = time.process_time()
    assert list(validator.iter_errors(items)) == []
    assert time.process_time() - started < 2


def list_of(kind: str) -> tuple[dict[str, JsonValue], Validator]:
    """Return the schema of a list of one type, and the gateway's validator of it."""
    schema: dict[str, JsonValue] = {"type": "array", "items": {"type": kind}}
    store = SchemaStore({"s": {"components": {"schemas": {"T": schema}}}})
    return schema, store.validator("s", "T", allow_additional_properties=None)


@pytest.mark.parametrize("kind", ["number", "integer", "string", "boolean"])
@pytest.mark.parametrize(
    "value", [[], [1, 2.5, True, "a", None], [1, 2], ["a"], [True, 1], {"not": "a list"}]
)
def test_items_of_one_type_are_told_as_the_reference_implementation_tells_them(
    kind: str, value: JsonValue
) -> None:
    schema, validator = list_of(kind)
    told, expected = (
        [(list(error.absolute_path), error.message) for error in each.iter_errors(value)]
        for each in (validator, Draft4Validator(schema))
    )
    assert told == expected


def test_numbers_of_a_tensor_take_no_validator_each(monkeypatch: pytest.MonkeyPatch) -> None:
    each_by_itself: list[object] = []

    def recording(_: Validator, __: object, value: object, ___: object) -> Iterator[ValidationError]:
        each_by_itself.append(value)
        yield from ()

    monkeypatch.setitem(Draft4Validator.VALIDATORS, "items", recording)
    _, validator = list_of("number")
    mixed: JsonValue = [0.5, "a"]
    for value in ([0.5] * 1000, mixed):
        list(validator.iter_errors(value))
    assert each_by_itself == [mixed]


def test_large_body_does_not_hold_up_other_requests(
    gateway: Gateway, backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[int] = []

    def recording(*arguments: object, **names: object) -> object:
        threads.append(threading.get_ident())
        return validator(*arguments, **names)  # type: ignore[arg-type] # passed through

    validator = SchemaStore.validator
    monkeypatch.setattr(SchemaStore, "validator", recording)
    gateway.deploy(deployed(backend.url, validate(size=100_000)))
    flower = {"length": 1}
    assert post(gateway, {"flowers": [flower]}) == (200, "")
    assert post(gateway, {"flowers": [flower] * 1000}) == (200, "")
    assert len(set(threads)) == 2


def test_log_tells_rule_and_place_and_not_what_the_caller_sent(
    gateway: Gateway, backend: Backend, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    gateway.deploy(deployed(backend.url, validate()))
    assert post(gateway, b'{"flowers": [{"length": 1}], "note": "confidential"}')[0] == 400
    lines = [record.getMessage() for record in caplog.records if "alidat" in record.getMessage()]
    assert [line.rpartition(" [")[0] for line in lines] == [
        "validate-content: RequestBody IncorrectMessage maxLength Line: 1, Position: 51"
    ]
    assert "confidential" not in caplog.text
    assert "400 BadRequest [" in caplog.text


def test_size(gateway: Gateway, backend: Backend) -> None:
    gateway.deploy(deployed(backend.url, validate(size=20)))
    large = b" " * 21
    assert post(gateway, large) == (
        400,
        "Request's body is 21 bytes long and it exceeds the limit of 20 bytes.",
    )
    for action in ("ignore", "detect"):
        gateway.deploy(deployed(backend.url, validate(size=20, exceeded=action)))
        assert post(gateway, large) == (200, "")


def test_compressed_body_is_read_to_the_limit_and_no_further(gateway: Gateway, backend: Backend) -> None:
    gateway.deploy(deployed(backend.url, validate(size=100)))
    packed = gzip.compress(b" " * 1000)
    assert post(gateway, packed, content_encoding="gzip") == (
        400,
        "Request's body is 101 bytes long and it exceeds the limit of 100 bytes.",
    )


def test_compressed_body_is_read_whole(gateway: Gateway, backend: Backend) -> None:
    gateway.deploy(deployed(backend.url, validate()))
    packed = gzip.compress(json.dumps(GOOD).encode())
    assert post(gateway, packed, content_encoding="gzip") == (200, "")
    assert post(gateway, packed[:-4], content_encoding="gzip") == (400, INTERNAL)
    assert post(gateway, packed + gzip.compress(b"more"), content_encoding="gzip") == (400, INTERNAL)


@pytest.mark.parametrize("content_type", ["application/json; charset=utf-8", "Application/JSON"])
def test_content_type_is_compared_without_parameters_and_case(
    gateway: Gateway, backend: Backend, content_type: str
) -> None:
    gateway.deploy(deployed(backend.url, validate()))
    assert post(gateway, GOOD, content_type=content_type) == (200, "")
    assert post(gateway, {}, content_type=content_type)[0] == 400


def test_unspecified_content_type(gateway: Gateway, backend: Backend) -> None:
    gateway.deploy(deployed(backend.url, validate()))
    assert post(gateway, b"a", content_type="text/csv") == (
        400,
        "Unspecified content type text/csv is not allowed.",
    )
    for action in ("ignore", "detect"):
        gateway.deploy(deployed(backend.url, validate(unspecified=action)))
        assert post(gateway, b"a", content_type="text/csv") == (200, "")


def test_specified_content_type_without_content_element_passes(gateway: Gateway, backend: Backend) -> None:
    gateway.deploy(deployed(backend.url, validate()))
    assert post(gateway, b"anything", content_type="text/plain") == (200, "")


def test_content_without_type_validates_every_type_with_a_schema(gateway: Gateway, backend: Backend) -> None:
    gateway.deploy(deployed(backend.url, validate('<content validate-as="json" action="prevent" />')))
    assert post(gateway, {})[0] == 400
    assert post(gateway, b"anything", content_type="text/plain") == (200, "")


def test_request_without_body_and_content_type_passes(gateway: Gateway, backend: Backend) -> None:
    gateway.deploy(deployed(backend.url, validate()))
    assert gateway.get("/species/v1/ready", ocp_apim_subscription_key=KEY).status_code == 200


@pytest.mark.parametrize(("action", "status"), [("ignore", 200), ("detect", 200), ("prevent", 400)])
def test_action(gateway: Gateway, backend: Backend, action: str, status: int) -> None:
    content = f'<content type="application/json" validate-as="json" action="{action}" />'
    known = header("x-errors", '@(context.Variables.ContainsKey("errors").ToString())')
    gateway.deploy(deployed(backend.url, validate(content) + known))
    assert post(gateway, {})[0] == status
    told = backend.last.values("x-errors") if backend.received else None
    assert told == {"ignore": ["False"], "detect": ["True"], "prevent": None}[action]


@pytest.mark.parametrize(("allow", "status"), [("true", 200), ("false", 400)])
def test_additional_properties_can_be_overridden(
    gateway: Gateway, backend: Backend, allow: str, status: int
) -> None:
    content = (
        '<content type="application/json" validate-as="json" action="prevent" '
        f'allow-additional-properties="{allow}" />'
    )
    gateway.deploy(deployed(backend.url, validate(content)))
    assert post(gateway, {**GOOD, "more": 1})[0] == status
    assert post(gateway, {"flowers": [{"length": 1, "more": 1}]})[0] == status


@pytest.mark.parametrize("schemas", [{}, {"components": {"components": {"schemas": {}}}}, {"components": {}}])
def test_schema_that_is_missing_is_not_the_callers_fault(
    gateway: Gateway, backend: Backend, schemas: dict[str, object]
) -> None:
    gateway.deploy(deployed(backend.url, validate(), schemas=schemas))
    assert post(gateway, GOOD) == (400, INTERNAL)


def test_reference_that_leads_nowhere_is_not_the_callers_fault(gateway: Gateway, backend: Backend) -> None:
    nowhere = {"components": {"components": {"schemas": {"Flowers": {"$ref": "#/components/schemas/Gone"}}}}}
    gateway.deploy(deployed(backend.url, validate(), schemas=nowhere))
    assert post(gateway, GOOD) == (400, INTERNAL)


def test_response_that_does_not_conform_is_a_bad_gateway(gateway: Gateway, backend: Backend) -> None:
    gateway.deploy(deployed(backend.url, outbound=validate()))
    backend.headers = {"content-type": "application/json"}
    backend.body = b'{"flowers": [{"length": 1}]}'
    assert post(gateway, GOOD) == (200, "")
    backend.body = b'{"flowers": []}'
    assert post(gateway, GOOD) == (502, INTERNAL)
