"""How the parameters of an operation differ: in the path, the query and the headers of a request."""

import re
from collections.abc import Iterator, Mapping

from delivery.compat.bodies import Body, Side, body_differences
from delivery.compat.difference import Difference, Part, Place
from delivery.compat.rules import Rule
from delivery.report.words import Quoted, Words, say
from shared.contracts.contract import Operation, Parameter, ParameterPlace

_TEMPLATE_PARAMETER = re.compile(r"\{([^{}/]*)\}")
_CALLED: Mapping[ParameterPlace, str] = {
    ParameterPlace.PATH: "the path parameter ",
    ParameterPlace.QUERY: "the query parameter ",
    ParameterPlace.HEADER: "the request header ",
}


def parameter_differences(old: Operation, new: Operation, operation: str) -> Iterator[Difference]:
    """Yield the differences; `operation` is how a consumer calls it."""
    before, after = _keyed(old), _keyed(new)
    for key in sorted(before.keys() | after.keys()):
        was, now = before.get(key), after.get(key)
        if was is None or now is None:
            parameter = was or now
            if parameter is not None:
                yield _one_sided(parameter, operation, is_new=was is None)
        else:
            yield from _changed(was, now, operation)


def _keyed(operation: Operation) -> Mapping[tuple[str, str], Parameter]:
    """Return the parameters by what a request knows them by: those of the path by their place in it."""
    names = _TEMPLATE_PARAMETER.findall(operation.url_template)
    found: dict[tuple[str, str], Parameter] = {}
    for parameter in operation.parameters:
        name = parameter.name
        if parameter.place is ParameterPlace.HEADER:
            name = name.lower()
        elif parameter.place is ParameterPlace.PATH:
            name = str(names.index(name)) if name in names else name
        found[parameter.place.value, name] = parameter
    return found


def _one_sided(parameter: Parameter, operation: str, *, is_new: bool) -> Difference:
    """Return what it means that a parameter is on one side alone. What one asked for is no longer done without it."""
    if not is_new:
        return _difference(
            parameter, operation, Rule.PARAMETER, "is gone; what it asks for is no longer done"
        )
    if parameter.required:
        return _difference(parameter, operation, Rule.PARAMETER, "is new and required")
    return _difference(parameter, operation, Rule.PARAMETER, "is new and optional", breaking=False)


def _changed(old: Parameter, new: Parameter, operation: str) -> Iterator[Difference]:
    if new.required and not old.required:
        yield _difference(new, operation, Rule.PARAMETER_REQUIRED, "is required now")
    if old.required and not new.required:
        yield _difference(new, operation, Rule.PARAMETER_REQUIRED, "is optional now", breaking=False)
    body = Body(Side.REQUEST, _place(new, operation), _called(new))
    yield from body_differences(dict(old.schema), dict(new.schema), ({}, {}), body)


def _difference(
    parameter: Parameter, operation: str, rule: Rule, what: str, *, breaking: bool = True
) -> Difference:
    return Difference(breaking, rule, _place(parameter, operation), say(_called(parameter), " ", what))


def _place(parameter: Parameter, operation: str) -> Place:
    return Place(operation, Part.PARAMETER, parameter.name)


def _called(parameter: Parameter) -> Words:
    return say(_CALLED[parameter.place], Quoted(parameter.name))
