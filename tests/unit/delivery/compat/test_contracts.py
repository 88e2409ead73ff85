"""Operations, parameters, media types, statuses and headers."""

from dataclasses import replace

import pytest
from pydantic import JsonValue

from delivery.compat.contracts import compare
from shared.contracts.contract import (
    Contract,
    Header,
    Operation,
    Parameter,
    ParameterPlace,
    Representation,
    Request,
    Response,
)
from tests.unit.delivery.compat.making import JSON, OK, SCHEMAS, TEXT, contract, operation, told


def differences(old: Operation | None, new: Operation | None) -> list[str]:
    sides = [Contract(() if side is None else (side,), SCHEMAS) for side in (old, new)]
    return told(compare(*sides))


def query(name: str = "limit", *, required: bool = False, schema: JsonValue = None) -> Parameter:
    given = schema if isinstance(schema, dict) else {"type": "integer"}
    return Parameter(name, ParameterPlace.QUERY, "", required, given)


def request(*media_types: str, required: bool = True) -> Request:
    return Request("", tuple(Representation(media_type, "Text") for media_type in media_types), required)


def test_equal_contracts_do_not_differ() -> None:
    body: JsonValue = {"type": "object", "properties": {"a": TEXT}}

    assert compare(contract(request=body, response=body), contract(request=body, response=body)) == ()


def test_names_texts_and_examples_are_no_differences() -> None:
    old = operation(request(JSON))
    body = Representation(JSON, "Text", example="a")
    new = replace(
        old, name="infer", summary="Infer", description="Infers.", request=Request("A text.", (body,))
    )

    assert differences(old, new) == []


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (operation(), None, "breaking: the operation is gone: calls get 404"),
        (None, operation(), "compatible: the operation is new"),
        (
            operation(),
            operation(url_template="/infer"),
            "breaking: the operation becomes `POST /infer`: calls of the old address get 404",
        ),
        (
            operation(),
            operation(parameters=(query(),)),
            "compatible: the query parameter `limit` is new and optional",
        ),
        (
            operation(),
            operation(parameters=(query(required=True),)),
            "breaking: the query parameter `limit` is new and required",
        ),
        (
            operation(parameters=(query(),)),
            operation(),
            "breaking: the query parameter `limit` is gone; what it asks for is no longer done",
        ),
        (
            operation(parameters=(query(),)),
            operation(parameters=(query(required=True),)),
            "breaking: the query parameter `limit` is required now",
        ),
        (
            operation(parameters=(query(required=True),)),
            operation(parameters=(query(),)),
            "compatible: the query parameter `limit` is optional now",
        ),
        (
            operation(parameters=(query(),)),
            operation(parameters=(query(schema={"type": "integer", "maximum": 5}),)),
            "breaking: the query parameter `limit` no longer takes numbers above 5",
        ),
        (operation(), operation(request(JSON)), "breaking: the request has a body now, which is required"),
        (operation(), operation(request(JSON, required=False)), "compatible: the request has a body now"),
        (
            operation(request(JSON)),
            operation(),
            "breaking: the request has no body any more; what it says is no longer read",
        ),
        (
            operation(request(JSON, required=False)),
            operation(request(JSON)),
            "breaking: the request's body is required now",
        ),
        (
            operation(request(JSON)),
            operation(request(JSON, required=False)),
            "compatible: the request's body is optional now",
        ),
        (
            operation(request(JSON, "text/plain")),
            operation(request(JSON)),
            "breaking: the request no longer takes `text/plain`",
        ),
        (
            operation(request(JSON)),
            operation(request(JSON, "text/plain")),
            "compatible: the request now also takes `text/plain`",
        ),
    ],
)
def test_operations_parameters_and_bodies(
    old: Operation | None, new: Operation | None, sentence: str
) -> None:
    assert differences(old, new) == [sentence]


def test_a_parameter_of_the_path_is_known_by_its_place() -> None:
    def of(name: str, schema: JsonValue) -> Operation:
        given = schema if isinstance(schema, dict) else {}
        parameter = Parameter(name, ParameterPlace.PATH, "", required=True, schema=given)
        return operation(parameters=(parameter,), url_template=f"/items/{{{name}}}")

    old, new = of("id", {"type": "integer"}), of("item", {"type": "integer", "minimum": 1})

    assert compare(Contract((old,)), Contract((of("item", {"type": "integer"}),))) == ()
    assert [each.sentence for each in compare(Contract((old,)), Contract((new,)))] == [
        "POST /items/{item}: the path parameter `item` no longer takes numbers below 1"
    ]


def test_each_parameter_in_one_part_of_a_path_is_compared() -> None:
    def of(schema: JsonValue) -> Contract:
        schemas = {"year": schema, "month": {"type": "string"}}
        parameters = tuple(
            Parameter(
                name, ParameterPlace.PATH, "", required=True, schema=given if isinstance(given, dict) else {}
            )
            for name, given in schemas.items()
        )
        return Contract((operation(parameters=parameters, url_template="/items/{year}-{month}"),))

    assert [
        each.sentence for each in compare(of({"type": "integer"}), of({"type": "integer", "minimum": 1}))
    ] == ["POST /items/{year}-{month}: the path parameter `year` no longer takes numbers below 1"]


def test_a_request_header_has_a_name_without_case() -> None:
    old, new = (
        Parameter(name, ParameterPlace.HEADER, "", required=False, schema=SCHEMAS) for name in ("X-A", "x-a")
    )

    assert differences(operation(parameters=(old,)), operation(parameters=(new,))) == []


def response(*headers: Header, status: int = OK, media_types: tuple[str, ...] = ()) -> Operation:
    bodies = tuple(Representation(media_type, "Text") for media_type in media_types)
    return operation(responses=(Response(status, "", bodies, headers),))


@pytest.mark.parametrize(
    ("old", "new", "sentences"),
    [
        (
            response(status=200),
            response(status=201),
            ["breaking: the response 200 is gone", "compatible: the response 201 is new"],
        ),
        (
            response(status=400),
            response(status=422),
            ["compatible: the response 400 is gone", "compatible: the response 422 is new"],
        ),
        (
            response(media_types=(JSON, "text/plain")),
            response(media_types=(JSON,)),
            ["breaking: the response 200 no longer comes as `text/plain`"],
        ),
        (
            response(media_types=(JSON,)),
            response(media_types=(JSON, "text/plain")),
            ["compatible: the response 200 may now also come as `text/plain`"],
        ),
        (response(Header("ETag", "")), response(), ["breaking: the response 200's header `ETag` is gone"]),
        (response(), response(Header("ETag", "")), ["compatible: the response 200's header `ETag` is new"]),
        (
            response(Header("ETag", "")),
            response(Header("etag", "", required=False)),
            ["breaking: the response 200's header `etag` may be missing now"],
        ),
        (
            response(Header("X", "", ("a",))),
            response(Header("X", "", ("a", "b"))),
            ["breaking: the response 200's header `X` may now be `b`"],
        ),
        (
            response(Header("X", "", ("a",))),
            response(Header("X", "")),
            ["breaking: the response 200's header `X` may now have any value"],
        ),
        (
            response(Header("X", "", ("a", "b"))),
            response(Header("X", "", ("a",))),
            ["compatible: the response 200's header `X` is no longer `b`"],
        ),
    ],
)
def test_responses(old: Operation, new: Operation, sentences: list[str]) -> None:
    assert differences(old, new) == sentences


def test_breaking_differences_come_first() -> None:
    old = operation(request(JSON), parameters=(query("a"),))
    new = operation(request(JSON), parameters=(query("b"), query("c", required=True)))

    assert [sentence.partition(":")[0] for sentence in differences(old, new)] == [
        "breaking",
        "breaking",
        "compatible",
    ]
