"""Our verdicts are those of oasdiff on the same pairs of documents, but where we say why not."""

from collections.abc import Mapping

import pytest
from pydantic import JsonValue

from delivery.compat.contracts import compare
from shared.contracts.contract import (
    Contract,
    Header,
    Parameter,
    ParameterPlace,
    Representation,
    Request,
    Response,
)
from tests.support import oasdiff
from tests.unit.delivery.compat.making import (
    JSON,
    NUMBER,
    OK,
    SCHEMAS,
    TEXT,
    WHOLE,
    contract,
    field,
    fields,
    operation,
)

BODIES: dict[str, tuple[JsonValue, JsonValue]] = {
    "an optional field more": (fields("a"), fields("a", "b")),
    "a required field more": (fields("a"), fields("a", "b", required=("b",))),
    "a field becomes required": (fields("a"), fields("a", required=("a",))),
    "another type": (field(TEXT), field(WHOLE)),
    "whole numbers alone": (field(NUMBER), field(WHOLE)),
    "null no more": (field({"type": "string", "nullable": True}), field(TEXT)),
    "a value less": (
        field({"type": "string", "enum": ["FP32", "FP64"]}),
        field({"type": "string", "enum": ["FP64"]}),
    ),
    "values are listed": (field(TEXT), field({"type": "string", "enum": ["a"]})),
    "a smallest value": (field(WHOLE), field({"type": "integer", "minimum": 1})),
    "a larger smallest value": (
        field({"type": "integer", "minimum": 1}),
        field({"type": "integer", "minimum": 2}),
    ),
    "a largest value": (field(WHOLE), field({"type": "integer", "maximum": 9})),
    "a smaller largest value": (
        field({"type": "integer", "maximum": 9}),
        field({"type": "integer", "maximum": 8}),
    ),
    "a shortest length": (
        field({"type": "string", "minLength": 1}),
        field({"type": "string", "minLength": 2}),
    ),
    "a longest length": (field(TEXT), field({"type": "string", "maxLength": 5})),
    "a shorter longest length": (
        field({"type": "string", "maxLength": 5}),
        field({"type": "string", "maxLength": 4}),
    ),
    "fewest items": (
        field({"type": "array", "items": TEXT, "minItems": 1}),
        field({"type": "array", "items": TEXT, "minItems": 2}),
    ),
    "most items": (
        field({"type": "array", "items": TEXT}),
        field({"type": "array", "items": TEXT, "maxItems": 3}),
    ),
    "fewer most items": (
        field({"type": "array", "items": TEXT, "maxItems": 3}),
        field({"type": "array", "items": TEXT, "maxItems": 2}),
    ),
    "a pattern": (field(TEXT), field({"type": "string", "pattern": "^a"})),
    "another pattern": (
        field({"type": "string", "pattern": "^a"}),
        field({"type": "string", "pattern": "^b"}),
    ),
    "items of another type": (
        field({"type": "array", "items": TEXT}),
        field({"type": "array", "items": WHOLE}),
    ),
    "an alternative less": (field({"anyOf": [TEXT, WHOLE]}), field({"anyOf": [TEXT]})),
    "an exclusive alternative less": (field({"oneOf": [TEXT, WHOLE]}), field({"oneOf": [TEXT]})),
    "another format": (
        field({"type": "string", "format": "date"}),
        field({"type": "string", "format": "date-time"}),
    ),
    "a wider format": (
        field({"type": "integer", "format": "int64"}),
        field({"type": "integer", "format": "int32"}),
    ),
    "other fields are refused": (
        {"type": "object", "properties": {"a": TEXT}},
        {"type": "object", "properties": {"a": TEXT}, "additionalProperties": False},
    ),
    "items once": (
        field({"type": "array", "items": TEXT}),
        field({"type": "array", "items": TEXT, "uniqueItems": True}),
    ),
    "a multiple": (field(WHOLE), field({"type": "integer", "multipleOf": 2})),
    "merged schemas": (field({"allOf": [TEXT]}), field({"allOf": [TEXT, {"maxLength": 3}]})),
    "the same": (field(TEXT), field(TEXT)),
}
"""Changes of a body that narrow it; turned around, they widen it."""


def query(*, required: bool = False, schema: JsonValue = None) -> Parameter:
    return Parameter(
        "limit",
        ParameterPlace.QUERY,
        "",
        required,
        schema if isinstance(schema, dict) else {"type": "integer"},
    )


def of(
    *media_types: str, required: bool = True, parameters: tuple[Parameter, ...] = (), url: str = "/predict"
) -> Contract:
    bodies = tuple(Representation(media_type, "Text") for media_type in media_types)
    request = Request("", bodies, required) if bodies else None
    return Contract((operation(request, (Response(OK, "Done."),), parameters, url),), SCHEMAS)


def answering(*responses: Response) -> Contract:
    return Contract((operation(responses=responses),), SCHEMAS)


def done(*headers: Header, status: int = OK, media_types: tuple[str, ...] = (JSON,)) -> Response:
    return Response(status, "Done.", tuple(Representation(each, "Text") for each in media_types), headers)


CONTRACTS: dict[str, tuple[Contract, Contract]] = {
    "an operation is gone": (
        Contract((*of().operations, operation(url_template="/other", name="other"))),
        of(),
    ),
    "an operation moves": (of(), of(url="/infer")),
    "a parameter comes": (of(), of(parameters=(query(),))),
    "a required parameter comes": (of(), of(parameters=(query(required=True),))),
    "a parameter becomes required": (of(parameters=(query(),)), of(parameters=(query(required=True),))),
    "a parameter is narrowed": (
        of(parameters=(query(),)),
        of(parameters=(query(schema={"type": "integer", "maximum": 5}),)),
    ),
    "a body comes": (of(), of(JSON)),
    "an optional body comes": (of(), of(JSON, required=False)),
    "a body becomes required": (of(JSON, required=False), of(JSON)),
    "a media type of a request is gone": (of(JSON, "text/plain"), of(JSON)),
    "a media type of a response is gone": (
        answering(done(media_types=(JSON, "text/plain"))),
        answering(done()),
    ),
    "a success is gone": (answering(done(), done(status=201)), answering(done())),
    "an error is gone": (answering(done(), done(status=422)), answering(done())),
    "a header is gone": (answering(done(Header("ETag", ""))), answering(done())),
    "an optional header is gone": (answering(done(Header("ETag", "", required=False))), answering(done())),
    "a header becomes optional": (
        answering(done(Header("ETag", ""))),
        answering(done(Header("ETag", "", required=False))),
    ),
}

_GONE = "who reads it where it is there gets it no more: that is what a new version is for"
_OTHERS = "oasdiff does not look at the fields that a schema does not name"
_SENT = "the gateway still takes who sends it"
DEVIATIONS: dict[str, str] = {
    "request: other fields are refused": _OTHERS,
    "response: other fields are refused, turned around": _OTHERS,
    "request: an optional field more, turned around": _SENT,
    "request: a required field more, turned around": _SENT,
    "response: an optional field more, turned around": _GONE,
    "an optional header is gone": _GONE,
}
"""By the name of a case: why our verdict is another one."""

FORTH = {
    **{
        f"request: {name}": (contract(request=old), contract(request=new))
        for name, (old, new) in BODIES.items()
    },
    **{
        f"response: {name}": (contract(response=old), contract(response=new))
        for name, (old, new) in BODIES.items()
    },
    **CONTRACTS,
}
CASES = {**FORTH, **{f"{name}, turned around": (new, old) for name, (old, new) in FORTH.items()}}


@pytest.fixture(scope="module")
def theirs(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, list[str]]:
    return oasdiff.breaking(CASES, tmp_path_factory.mktemp("documents"))


@pytest.mark.parametrize("name", CASES)
def test_the_verdict_is_that_of_oasdiff(name: str, theirs: Mapping[str, list[str]]) -> None:
    ours = [difference.sentence for difference in compare(*CASES[name]) if difference.breaking]

    assert (bool(ours) == bool(theirs[name])) is (name not in DEVIATIONS), (ours, theirs[name])


def test_every_deviation_is_of_a_case() -> None:
    assert DEVIATIONS.keys() <= CASES.keys()
