"""Operations of an API: what a consumer sends and gets."""

from collections.abc import Iterator, Mapping, Sequence

from delivery.report.told import Told, Topic
from delivery.report.values import (
    Properties,
    between,
    differences,
    items_of,
    section_of,
    text_of,
    without,
)
from delivery.report.words import Quoted, Words, say

_PLACES = ("apiId", "operationId", "resourceGroupName", "serviceName", "azureApiVersion")
"""Properties that say where the operation is, and not what it does."""


def call(operation: Properties) -> Words:
    """Return `POST /predict`."""
    return say(Quoted(f"{text_of(operation, 'method')} {text_of(operation, 'urlTemplate')}".strip()))


def operation_changes(before: Properties | None, after: Properties | None, where: Words) -> Iterator[Told]:
    """Tell what a change of an operation means to its callers."""
    if before is None or after is None:
        operation = after or before or {}
        what = say("added" if before is None else "removed: calls to it get 404")
        yield Told(Topic.OPERATIONS, where, call(operation), what)
        return
    about = call(after)
    if call(before) != call(after):
        yield Told(Topic.OPERATIONS, where, call(before), say("becomes ", call(after)))
    request, answer = section_of(before, "request"), section_of(after, "request")
    yield from _parameters(where, say(about, ", path parameter"), (before, after), "templateParameters")
    yield from _parameters(where, say(about, ", query parameter"), (request, answer), "queryParameters")
    yield from _parameters(where, say(about, ", request header"), (request, answer), "headers")
    yield from _bodies(where, say(about, ", request"), request, answer)
    yield from _responses(where, about, before, after)
    for name, key in (("name", "displayName"), ("description", "description")):
        if before.get(key) != after.get(key):
            yield Told(
                Topic.TEXTS,
                where,
                say(about, f", {name}"),
                between(before.get(key), after.get(key)),
            )
    if request.get("description") != answer.get("description"):
        yield Told(
            Topic.TEXTS,
            where,
            say(about, ", description of the request"),
            between(request.get("description"), answer.get("description")),
        )
    yield from _rest(where, about, before, after)


def _rest(where: Words, about: Words, before: Properties, after: Properties) -> Iterator[Told]:
    """Tell what nothing above tells."""
    told = (
        "templateParameters",
        "method",
        "urlTemplate",
        "displayName",
        "description",
        "request",
        "responses",
    )
    sides = [without(side, *_PLACES, *told) for side in (before, after)]
    requests = [without(section_of(side, "request"), *_OF_REQUEST) for side in (before, after)]
    for old, new in (sides, requests):
        for path, was, now in differences(old, new):
            yield Told(Topic.OPERATIONS, where, say(about, ", ", Quoted(path)), between(was, now))


_OF_REQUEST = ("queryParameters", "headers", "representations", "description")


def _keyed(items: Sequence[Properties], key: str) -> Mapping[str, Properties]:
    return {str(item.get(key)): item for item in items}


def _parameters(where: Words, about: Words, sides: tuple[Properties, Properties], key: str) -> Iterator[Told]:
    """Compare parameters; `about` ends with what they are called."""
    old, new = (_keyed(items_of(side, key), "name") for side in sides)
    for name in sorted(old.keys() | new.keys()):
        here = say(about, " ", Quoted(name))
        if name not in old:
            yield Told(Topic.OPERATIONS, where, here, say("added", _need(new[name])))
        elif name not in new:
            yield Told(Topic.OPERATIONS, where, here, say("removed"))
        else:
            yield from _parameter(where, here, old[name], new[name])


def _need(parameter: Properties) -> str:
    return " (required)" if parameter.get("required") else " (optional)"


def _parameter(where: Words, here: Words, before: Properties, after: Properties) -> Iterator[Told]:
    if bool(before.get("required")) != bool(after.get("required")):
        yield Told(
            Topic.OPERATIONS,
            where,
            here,
            say("required now" if after.get("required") else "no longer required"),
        )
    for path, was, now in differences(without(before, "required"), without(after, "required")):
        topic = Topic.TEXTS if path.startswith(("description", "examples")) else Topic.OPERATIONS
        yield Told(topic, where, say(here, ", ", Quoted(path)), between(was, now))


def _responses(where: Words, about: Words, before: Properties, after: Properties) -> Iterator[Told]:
    old, new = (_keyed(items_of(side, "responses"), "statusCode") for side in (before, after))
    for status in sorted(old.keys() | new.keys()):
        here = say(about, ", response ", Quoted(status))
        if status not in old or status not in new:
            yield Told(Topic.OPERATIONS, where, here, say("added" if status in new else "removed"))
            continue
        yield from _bodies(where, here, old[status], new[status])
        yield from _parameters(where, say(here, ", header"), (old[status], new[status]), "headers")
        rest = [without(side[status], "statusCode", "representations", "headers") for side in (old, new)]
        for path, was, now in differences(rest[0], rest[1]):
            yield Told(Topic.TEXTS, where, say(here, ", ", Quoted(path)), between(was, now))


def _bodies(where: Words, about: Words, before: Properties, after: Properties) -> Iterator[Told]:
    old, new = (_keyed(items_of(side, "representations"), "contentType") for side in (before, after))
    for media_type in sorted(old.keys() | new.keys()):
        here = say(about, " as ", Quoted(media_type))
        if media_type not in old or media_type not in new:
            schema = text_of((new if media_type in new else old)[media_type], "typeName")
            what = say(
                "added" if media_type in new else "removed",
                *((" (schema ", Quoted(schema), ")") if schema else ()),
            )
            yield Told(Topic.OPERATIONS, where, here, what)
            continue
        yield from _body(where, here, old[media_type], new[media_type])


def _body(where: Words, here: Words, before: Properties, after: Properties) -> Iterator[Told]:
    if before.get("typeName") != after.get("typeName"):
        schemas = between(before.get("typeName"), after.get("typeName"))
        yield Told(Topic.SCHEMAS, where, say(here, ", schema"), schemas)
    if before.get("examples") != after.get("examples"):
        yield Told(Topic.TEXTS, where, say(here, ", example"), say("changed"))
    known = ("typeName", "examples", "contentType")
    for path, was, now in differences(without(before, *known), without(after, *known)):
        yield Told(Topic.OPERATIONS, where, say(here, ", ", Quoted(path)), between(was, now))
