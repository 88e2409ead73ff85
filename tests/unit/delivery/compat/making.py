"""Contracts of one operation, for tests that change one thing of them."""

from collections.abc import Mapping

from pydantic import JsonValue

from delivery.compat.contracts import compare
from delivery.compat.difference import Difference
from shared.contracts.contract import Contract, Operation, Parameter, Representation, Request, Response

JSON = "application/json"
OK = 200

Schema = Mapping[str, JsonValue]

TEXT: JsonValue = {"type": "string"}
WHOLE: JsonValue = {"type": "integer"}
NUMBER: JsonValue = {"type": "number"}
SCHEMAS: Schema = {"Text": TEXT}


def field(schema: JsonValue, *required: str) -> JsonValue:
    """Return the schema of a map with the field `a`."""
    return {"type": "object", "properties": {"a": schema}, **_required(required)}


def fields(*names: str, required: tuple[str, ...] = (), others: JsonValue = None) -> JsonValue:
    """Return the schema of a map with texts of those names."""
    properties: dict[str, JsonValue] = dict.fromkeys(names, TEXT)
    beside: Schema = {} if others is None else {"additionalProperties": others}
    return {"type": "object", "properties": properties, **beside, **_required(required)}


def _required(names: tuple[str, ...]) -> Schema:
    return {"required": [*names]} if names else {}


def operation(
    request: Request | None = None,
    responses: tuple[Response, ...] = (),
    parameters: tuple[Parameter, ...] = (),
    url_template: str = "/predict",
    name: str = "predict",
) -> Operation:
    """Return `POST /predict`."""
    return Operation(
        name=name,
        method="POST",
        url_template=url_template,
        backend_path="/predict",
        summary="Predict",
        description="",
        request=request,
        responses=responses,
        parameters=parameters,
    )


def contract(
    request: JsonValue = None, response: JsonValue = None, schemas: Schema | None = None
) -> Contract:
    """Return a contract of one operation, whose request or response has that schema."""
    named = {"Request": request, "Response": response}
    sent = Request("", (Representation(JSON, "Request"),)) if request is not None else None
    got = (Response(OK, "", (Representation(JSON, "Response"),) if response is not None else ()),)
    known = {name: schema for name, schema in named.items() if schema is not None}
    return Contract((operation(sent, got),), {**known, **(schemas or {})})


def requests(old: JsonValue, new: JsonValue, schemas: tuple[Schema, Schema] = ({}, {})) -> list[str]:
    """Return what is told of two schemas of a request: `breaking` or `compatible`, and the sentence."""
    return told(compare(contract(request=old, schemas=schemas[0]), contract(request=new, schemas=schemas[1])))


def responses(old: JsonValue, new: JsonValue, schemas: tuple[Schema, Schema] = ({}, {})) -> list[str]:
    """Return what is told of two schemas of a response."""
    return told(
        compare(contract(response=old, schemas=schemas[0]), contract(response=new, schemas=schemas[1]))
    )


def told(differences: tuple[Difference, ...]) -> list[str]:
    """Return verdicts and sentences, without the operation that all are about."""
    return [
        f"{'breaking' if each.breaking else 'compatible'}: {each.sentence.removeprefix('POST /predict: ')}"
        for each in differences
    ]
