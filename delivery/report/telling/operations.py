"""Operations of an API: what a consumer sends and gets."""

from collections.abc import Iterator, Mapping

from delivery.report.telling.properties import PLACE
from delivery.report.told import Told, Topic
from delivery.report.values import Properties, between, differences, items_of, section_of, text_of, without
from delivery.report.words import Quoted, Words, say


def call(operation: Properties) -> Words:
    """Return `POST /predict`."""
    return say(Quoted(f"{text_of(operation, 'method')} {text_of(operation, 'urlTemplate')}".strip()))


def operation_changes(before: Properties | None, after: Properties | None, where: Words) -> Iterator[Told]:
    """Tell an operation of an API that comes or goes as a whole; of one that stays, the texts and the rest.

    What a change of a contract means is told of the whole of it (delivery/report/telling/contracts.py).
    """
    if before is None or after is None:
        operation = after or before or {}
        what = say("added" if before is None else "removed: calls to it get 404")
        yield Told(Topic.OPERATIONS, where, call(operation), what)
        return
    about = call(after)
    for name, side in (("", (before, after)), (" of the request", _requests(before, after))):
        yield from _texts(where, say(about), side, name)
    yield from _parts(where, say(about, ", request"), _requests(before, after))
    for key, name in _PARAMETERS.items():
        yield from _each(where, say(about, f", {name} "), _lists((before, after), key, "name"))
    for key, name in _OF_REQUEST.items():
        yield from _each(where, say(about, f", {name} "), _lists(_requests(before, after), key, "name"))
    for status, sides in _both(_lists((before, after), "responses", "statusCode")):
        here = say(about, ", response ", Quoted(status))
        yield from _texts(where, here, sides, "")
        yield from _parts(where, here, sides)
        yield from _each(where, say(here, ", header "), _lists(sides, "headers", "name"))
    known = (
        "templateParameters",
        "method",
        "urlTemplate",
        "displayName",
        "description",
        "request",
        "responses",
        "apiId",
    )
    for sides, told in (((before, after), (*known, *PLACE)), (_requests(before, after), _OF_REQUESTS)):
        for path, was, now in differences(without(sides[0], *told), without(sides[1], *told)):
            yield Told(Topic.OPERATIONS, where, say(about, ", ", Quoted(path)), between(was, now))


_OF_REQUESTS = ("queryParameters", "headers", "representations", "description")
_PARAMETERS = {"templateParameters": "path parameter"}
_OF_REQUEST = {"queryParameters": "query parameter", "headers": "request header"}
_Sides = tuple[Properties, Properties]


def _requests(before: Properties, after: Properties) -> _Sides:
    return section_of(before, "request"), section_of(after, "request")


def _lists(sides: _Sides, key: str, name: str) -> tuple[Mapping[str, Properties], Mapping[str, Properties]]:
    old, new = ({str(item.get(name)): item for item in items_of(side, key)} for side in sides)
    return old, new


def _both(
    found: tuple[Mapping[str, Properties], Mapping[str, Properties]],
) -> Iterator[tuple[str, _Sides]]:
    """Yield what is on both sides, by its name."""
    old, new = found
    for name in sorted(old.keys() & new.keys()):
        yield name, (old[name], new[name])


def _each(
    where: Words, about: Words, found: tuple[Mapping[str, Properties], Mapping[str, Properties]]
) -> Iterator[Told]:
    for name, sides in _both(found):
        yield from _texts(where, say(about, Quoted(name)), sides, "")


def _parts(where: Words, about: Words, sides: _Sides) -> Iterator[Told]:
    """Tell the examples of the bodies that stay, by their media types."""
    for media_type, (old, new) in _both(_lists(sides, "representations", "contentType")):
        if old.get("examples") != new.get("examples"):
            yield Told(
                Topic.TEXTS, where, say(about, " as ", Quoted(media_type), ", example"), say("changed")
            )


def _texts(where: Words, about: Words, sides: _Sides, of: str) -> Iterator[Told]:
    """Tell the name and the description."""
    for name, key in (("name", "displayName"), ("description", "description")):
        old, new = (side.get(key) for side in sides)
        if old != new:
            yield Told(Topic.TEXTS, where, say(about, f", {name}{of}"), between(old, new))
