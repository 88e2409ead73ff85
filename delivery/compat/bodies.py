"""How two schemas of a body differ for consumers: what they send must still be taken, what they get be expected."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from delivery.compat.difference import Difference, Place
from delivery.compat.rules import Rule
from delivery.compat.schemas.normal import Components, Schema
from delivery.compat.schemas.refusals import Refusal
from delivery.compat.schemas.subset import refusals
from delivery.report.words import Quoted, Words, say


class Side(Enum):
    """Who writes a body."""

    REQUEST = "consumers"
    RESPONSE = "the model"


@dataclass(frozen=True)
class Body:
    """A body that is compared."""

    side: Side
    place: Place
    owner: Words
    """How sentences call it: `the request`."""


_NUMBERED = re.compile(r"\(\d+\)")
"""An alternative without a name, in a path."""
_UNDECIDED = frozenset({Rule.PATTERN, Rule.FORMAT, Rule.FORBIDDEN, Rule.ONE_ALTERNATIVE, Rule.TOO_LARGE})
"""Rules that cannot tell how much changes: told once, as breaking."""

_VERBS: Mapping[tuple[Side, bool], str] = {
    (Side.REQUEST, True): "no longer takes ",
    (Side.REQUEST, False): "now also takes ",
    (Side.RESPONSE, True): "may now be ",
    (Side.RESPONSE, False): "is no longer ",
}
_OF_FIELDS: Mapping[tuple[Side, bool], str] = {
    **_VERBS,
    (Side.RESPONSE, True): "may now hold ",
    (Side.RESPONSE, False): "no longer holds ",
}
_REQUIRED: Mapping[tuple[Side, bool], str] = {
    (Side.REQUEST, True): "is required now",
    (Side.REQUEST, False): "is optional now",
    (Side.RESPONSE, True): "may be missing now",
    (Side.RESPONSE, False): "is always there now",
}


def body_differences(
    old: Schema, new: Schema, components: tuple[Components, Components], body: Body
) -> tuple[Difference, ...]:
    """Return the differences; `components` are those of the old contract and of the new one."""
    is_by_name = body.side is Side.RESPONSE
    gone = refusals(old, new, components, is_by_name=is_by_name)
    came = refusals(new, old, components[::-1], is_by_name=is_by_name)
    fields = (*_fields_gone(gone, body), *_fields_come(came, gone, body))
    harm, help_ = (gone, came) if body.side is Side.REQUEST else (came, gone)
    told = {(difference.place.path, Rule.REQUIRED) for difference in fields}
    breaking = [_difference(each, body, breaking=True) for each in _others(harm, told)]
    undecided = {(each.path, each.rule) for each in harm if each.rule in _UNDECIDED}
    compatible = [_difference(each, body, breaking=False) for each in _others(help_, told | undecided)]
    return tuple(_spoken((*fields, *breaking, *compatible), body))


def _fields_gone(gone: Sequence[Refusal], body: Body) -> Iterator[Difference]:
    for field in _fields(gone):
        if body.side is Side.RESPONSE:
            yield _told(field, body, "is gone", breaking=True)
        elif field.is_strict:
            yield _told(
                field, body, "is gone, and fields without a name in the contract are refused", breaking=True
            )
        else:
            yield _told(field, body, "is gone; what it says is no longer checked", breaking=False)


def _fields_come(came: Sequence[Refusal], gone: Sequence[Refusal], body: Body) -> Iterator[Difference]:
    required = {refusal.path for refusal in gone if refusal.rule is Rule.REQUIRED}
    for field in _fields(came):
        if body.side is Side.REQUEST:
            is_required = field.path in required
            what = "is new and required" if is_required else "is new and optional"
            yield _told(field, body, what, breaking=is_required)
        elif field.is_strict:
            yield _told(field, body, "is new, where the contract ruled other fields out", breaking=True)
        else:
            yield _told(field, body, "is new", breaking=False)


def _fields(found: Sequence[Refusal]) -> list[Refusal]:
    return [refusal for refusal in found if refusal.rule is Rule.FIELD]


def _others(found: Sequence[Refusal], told: set[tuple[str, Rule]]) -> Iterator[Refusal]:
    """Yield what is no field that comes or goes, and not told already."""
    for refusal in found:
        if refusal.rule is not Rule.FIELD and (refusal.path, refusal.rule) not in told:
            yield refusal


def _difference(refusal: Refusal, body: Body, *, breaking: bool) -> Difference:
    kind = (body.side, breaking)
    if refusal.rule is Rule.REQUIRED:
        return _told(refusal, body, _REQUIRED[kind], breaking=breaking)
    verb = (_OF_FIELDS if refusal.rule is Rule.OTHER_FIELDS else _VERBS)[kind]
    made = _told(refusal, body, verb, breaking=breaking, what=refusal.what)
    is_from_old = breaking is (body.side is Side.REQUEST)
    given, allowed = refusal.given, refusal.allowed
    return replace(made, old=given if is_from_old else allowed, new=allowed if is_from_old else given)


def _told(refusal: Refusal, body: Body, verb: str, *, breaking: bool, what: Words = ()) -> Difference:
    """Return a difference whose sentence has no subject yet."""
    return Difference(breaking, refusal.rule, replace(body.place, path=refusal.path), say(verb, what))


def _spoken(found: Iterable[Difference], body: Body) -> Iterator[Difference]:
    """Yield the differences with their subjects; what alternatives without a name have in common is told once.

    A request in one of four forms would else tell each of its fields four times, as `(1).inputs` to `(4).inputs`.
    """
    alike: dict[tuple[bool, Rule, str, Words], list[Difference]] = {}
    for each in found:
        path = _NUMBERED.sub("", each.place.path).lstrip(".")
        alike.setdefault((each.breaking, each.rule, path, each.what), []).append(each)
    for (_, _, path, what), (first, *others) in alike.items():
        told = path if others else first.place.path
        subject = say(body.owner, "'s field ", Quoted(told)) if told else body.owner
        yield replace(first, place=replace(first.place, path=told), what=say(subject, " ", what))
