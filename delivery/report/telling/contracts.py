"""The contract of an API that stays, before and after: what its changes mean to consumers, in the words of `compat`.

Rebuilt from the resources that hold it, those that change and those that stay, as API Management has them.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from pydantic import JsonValue

from delivery.compat.contracts import compare
from delivery.compat.difference import Difference
from delivery.compat.schemas.unchanged import referred
from delivery.kept import CONTRACT_TYPES
from delivery.records import KeptResource, ResourceChange
from delivery.report.told import Told, Topic
from delivery.report.values import Properties, items_of, section_of, text_of
from delivery.report.words import Quoted, Words, listed, say
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
from shared.model.lifecycle_responses import GONE, LIFECYCLE_HEADERS

_FIRST_ERROR = 400
_JSON_TYPES = frozenset({"string", "integer", "number", "boolean", "array", "object"})


@dataclass
class Sides:
    """The operations and schemas of one API, before and after."""

    before: list[Properties] = field(default_factory=list)
    after: list[Properties] = field(default_factory=list)


def contract_changes(
    changes: Iterable[ResourceChange], kept: Iterable[KeptResource], where: Words
) -> tuple[Told, ...]:
    """Tell how the contract of one API changes, from the resources of that API; breaking differences come first."""
    sides = Sides()
    for change in changes:
        if change.type in CONTRACT_TYPES:
            sides.before += [] if change.before is None else [change.before]
            sides.after += [] if change.after is None else [change.after]
    for resource in kept:
        sides.before.append(resource.inputs)
        sides.after.append(resource.inputs)
    before, after = _contract(sides.before), _contract(sides.after)
    if _is_retired(before) != _is_retired(after):
        return (_retirement(where, is_retired=_is_retired(after)),)
    told = tuple(_told(difference, where) for difference in compare(before, after))
    return (*told, *_ending_headers(_ending(sides.before), _ending(sides.after), where))


def _tells_end(header: Properties) -> bool:
    """Tell whether a header is what the gateway says of the version's end: no part of the contract of its model."""
    return LIFECYCLE_HEADERS.get(text_of(header, "name")) == text_of(header, "description")


def _ending(resources: Iterable[Properties]) -> frozenset[tuple[str, tuple[str, ...]]]:
    """Return the headers of a version's end that its operations document, with their values."""
    return frozenset(
        (text_of(header, "name"), _texts(header.get("values")))
        for properties in resources
        for response in items_of(properties, "responses")
        for header in items_of(response, "headers")
        if _tells_end(header)
    )


def _ending_headers(
    before: frozenset[tuple[str, tuple[str, ...]]],
    after: frozenset[tuple[str, tuple[str, ...]]],
    where: Words,
) -> Iterator[Told]:
    """Tell that the documented headers of a version's end change; the API's policy tells what they mean."""
    if before != after:
        names = listed(Quoted(name) for name in sorted({name for name, _ in before ^ after}))
        verb = "document" if after > before else "no longer document" if after < before else "document anew"
        yield Told(Topic.COMPATIBLE, where, say(f"its answers {verb} the headers of its end: ", names), ())


def _is_retired(contract: Contract) -> bool:
    """Tell whether every operation answers 410 and nothing better."""
    answers = [{response.status for response in operation.responses} for operation in contract.operations]
    return bool(answers) and all(GONE in of and min(of) >= _FIRST_ERROR for of in answers)


def _retirement(where: Words, *, is_retired: bool) -> Told:
    if is_retired:
        return Told(Topic.BREAKING, where, say(f"every operation answers {GONE}: the version is retired"), ())
    what = say("its operations answer again: the version is no longer retired")
    return Told(Topic.COMPATIBLE, where, what, ())


def _told(difference: Difference, where: Words) -> Told:
    topic = Topic.BREAKING if difference.breaking else Topic.COMPATIBLE
    operation = difference.place.operation
    return Told(topic, where, say(*((Quoted(operation), ": ") if operation else ()), difference.what), ())


def _contract(resources: Iterable[Properties]) -> Contract:
    schemas: dict[str, JsonValue] = {"": {}}
    operations: list[Operation] = []
    for properties in resources:
        if "components" in properties:
            schemas |= section_of(section_of(properties, "components"), "schemas")
        else:
            operations.append(_operation(properties))
    # What an operation names and nothing describes may be anything.
    named = {body.schema for operation in operations for body in _bodies(operation)} | set(referred(schemas))
    return Contract(tuple(operations), {**{name: {} for name in named}, **schemas})


def _bodies(operation: Operation) -> Iterator[Representation]:
    yield from operation.request.representations if operation.request else ()
    for response in operation.responses:
        yield from response.representations


def _operation(properties: Properties) -> Operation:
    request = section_of(properties, "request")
    bodies = _representations(request)
    return Operation(
        name=text_of(properties, "operationId"),
        method=text_of(properties, "method"),
        url_template=text_of(properties, "urlTemplate"),
        backend_path="",
        summary=text_of(properties, "displayName"),
        description="",
        request=Request("", bodies) if bodies else None,
        responses=tuple(_response(response) for response in items_of(properties, "responses")),
        parameters=(
            *_parameters(properties, "templateParameters", ParameterPlace.PATH),
            *_parameters(request, "queryParameters", ParameterPlace.QUERY),
            *_parameters(request, "headers", ParameterPlace.HEADER),
        ),
    )


def _parameters(properties: Properties, key: str, place: ParameterPlace) -> tuple[Parameter, ...]:
    return tuple(
        Parameter(text_of(each, "name"), place, "", _is_required(each, place), _schema(each))
        for each in items_of(properties, key)
    )


def _is_required(parameter: Properties, place: ParameterPlace) -> bool:
    return place is ParameterPlace.PATH or parameter.get("required") is True


def _schema(parameter: Properties) -> Mapping[str, JsonValue]:
    """Return what a parameter says of its value: a type, and perhaps all values that it may have."""
    kind = text_of(parameter, "type")
    values = parameter.get("values")
    said: dict[str, JsonValue] = {"type": kind} if kind in _JSON_TYPES else {}
    if isinstance(values, list) and values:
        said["enum"] = [_value(str(value), kind) for value in values]
    return said


def _value(text: str, kind: str) -> JsonValue:
    """Return the value that a text stands for: API Management keeps all as texts."""
    if kind == "string":
        return text
    try:
        value: JsonValue = json.loads(text)
    except json.JSONDecodeError:
        return text
    return value


def _response(properties: Properties) -> Response:
    status = properties.get("statusCode")
    headers = tuple(
        Header(text_of(each, "name"), "", _texts(each.get("values")), each.get("required") is True)
        for each in items_of(properties, "headers")
        if not _tells_end(each)
    )
    return Response(
        int(status) if isinstance(status, int | float) else 0, "", _representations(properties), headers
    )


def _representations(properties: Properties) -> tuple[Representation, ...]:
    found = items_of(properties, "representations")
    return tuple(Representation(text_of(each, "contentType"), text_of(each, "typeName")) for each in found)


def _texts(value: JsonValue) -> tuple[str, ...]:
    return tuple(str(each) for each in value) if isinstance(value, list) else ()
