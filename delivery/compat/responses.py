"""How the responses of an operation differ: statuses, bodies and headers."""

from collections.abc import Iterator, Mapping

from delivery.compat.bodies import Body, Side
from delivery.compat.difference import Difference, Part, Place
from delivery.compat.representations import representation_differences
from delivery.compat.rules import Rule
from delivery.compat.schemas.normal import Components
from delivery.report.words import Quoted, Words, listed, say
from shared.contracts.contract import Header, Response

_SUCCESSES = range(200, 300)


def response_differences(
    old: tuple[Response, ...],
    new: tuple[Response, ...],
    components: tuple[Components, Components],
    operation: str,
) -> Iterator[Difference]:
    """Yield the differences of each status, and those that come and go.

    An error that no longer happens is missed by nobody, and one that is new is met as any error is.
    """
    before, after = ({response.status: response for response in responses} for responses in (old, new))
    for status in sorted(before.keys() | after.keys()):
        place = Place(operation, Part.RESPONSE, str(status))
        if status not in after:
            what = say(f"the response {status} is gone")
            yield Difference(status in _SUCCESSES, Rule.STATUS, place, what)
        elif status not in before:
            what = say(f"the response {status} is new")
            yield Difference(breaking=False, rule=Rule.STATUS, place=place, what=what)
        else:
            yield from _changed(before[status], after[status], components, place)


def _changed(
    old: Response, new: Response, components: tuple[Components, Components], place: Place
) -> Iterator[Difference]:
    body = Body(Side.RESPONSE, place, say(f"the response {place.name}"))
    yield from representation_differences(old.representations, new.representations, components, body)
    before, after = _keyed(old), _keyed(new)
    for name in sorted(before.keys() | after.keys()):
        was, now = before.get(name), after.get(name)
        for rule, what, breaking in _header(was, now):
            called = (now or was or Header(name, "")).name
            subject = say(f"the response {place.name}'s header ", Quoted(called), " ")
            yield Difference(breaking, rule, place, say(subject, what))


def _keyed(response: Response) -> Mapping[str, Header]:
    return {header.name.lower(): header for header in response.headers}


def _header(old: Header | None, new: Header | None) -> Iterator[tuple[Rule, Words, bool]]:
    if new is None:
        yield Rule.HEADER, say("is gone"), True
    elif old is None:
        yield Rule.HEADER, say("is new"), False
    else:
        if old.required is not new.required:
            what = "is always there now" if new.required else "may be missing now"
            yield Rule.HEADER_REQUIRED, say(what), old.required
        yield from _values(old, new)


def _values(old: Header, new: Header) -> Iterator[tuple[Rule, Words, bool]]:
    """Yield how the values differ; without any listed, all are possible."""
    came = [value for value in new.values if value not in old.values]
    gone = [value for value in old.values if value not in new.values]
    if old.values and not new.values:
        yield Rule.HEADER_VALUES, say("may now have any value"), True
    elif old.values and came:
        yield Rule.HEADER_VALUES, say("may now be ", listed(Quoted(value) for value in came)), True
    elif new.values and not old.values:
        yield Rule.HEADER_VALUES, say("is now always ", listed(Quoted(value) for value in came)), False
    elif gone:
        yield Rule.HEADER_VALUES, say("is no longer ", listed(Quoted(value) for value in gone)), False
