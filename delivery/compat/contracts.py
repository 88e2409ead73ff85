"""How two contracts of one version differ for its consumers."""

import re
from collections.abc import Iterator, Mapping

from delivery.compat.bodies import Body, Side
from delivery.compat.difference import Difference, Part, Place
from delivery.compat.parameters import parameter_differences
from delivery.compat.representations import representation_differences
from delivery.compat.responses import response_differences
from delivery.compat.rules import Rule
from delivery.compat.schemas.normal import Components
from delivery.report.words import Quoted, say
from shared.contracts.contract import Contract, Operation, Request

_TEMPLATE_PARAMETER = re.compile(r"\{[^{}/]*\}")


def compare(old: Contract, new: Contract) -> tuple[Difference, ...]:
    """Return the differences, breaking ones first and otherwise in the order of the operations.

    Names of operations, descriptions and examples are no differences: no call depends on them.
    """
    found = [difference for pair in _pairs(old, new) for difference in _operation(*pair, (old, new))]
    return tuple(sorted(_once(found), key=_harmless))


def _harmless(difference: Difference) -> bool:
    return not difference.breaking


def _once(found: list[Difference]) -> list[Difference]:
    return list({(each.place, each.rule, each.what): each for each in found}.values())


def address(operation: Operation) -> str:
    """Return how a consumer calls an operation: `POST /predict`."""
    return f"{operation.method.upper()} {operation.url_template}"


def _pairs(old: Contract, new: Contract) -> Iterator[tuple[Operation | None, Operation | None]]:
    """Yield the operations that belong together: by their address, or else by their name."""
    before, after = _addressed(old), _addressed(new)
    moved = {operation.name: operation for key, operation in after.items() if key not in before}
    for key, operation in before.items():
        if key in after:
            yield operation, after[key]
        else:
            yield operation, moved.pop(operation.name, None)
    for operation in moved.values():
        yield None, operation


def _addressed(contract: Contract) -> Mapping[str, Operation]:
    """Return the operations by their addresses; the names of parameters in a path are nothing that a call shows."""
    return {_TEMPLATE_PARAMETER.sub("{}", address(operation)): operation for operation in contract.operations}


def _operation(
    old: Operation | None, new: Operation | None, contracts: tuple[Contract, Contract]
) -> Iterator[Difference]:
    if old is None and new is not None:
        yield _whole(new, "the operation is new", breaking=False)
    elif old is not None and new is None:
        yield _whole(old, "the operation is gone: calls get 404", breaking=True)
    elif old is not None and new is not None:
        yield from _changed(old, new, contracts)


def _changed(old: Operation, new: Operation, contracts: tuple[Contract, Contract]) -> Iterator[Difference]:
    if _TEMPLATE_PARAMETER.sub("{}", address(old)) != _TEMPLATE_PARAMETER.sub("{}", address(new)):
        place = Place(address(old), Part.OPERATION)
        what = say("the operation becomes ", Quoted(address(new)), ": calls of the old address get 404")
        yield Difference(breaking=True, rule=Rule.ADDRESS, place=place, what=what)
    components = (contracts[0].schemas, contracts[1].schemas)
    yield from parameter_differences(old, new, address(new))
    yield from _request(old.request, new.request, components, new)
    yield from response_differences(old.responses, new.responses, components, address(new))


def _request(
    old: Request | None, new: Request | None, components: tuple[Components, Components], operation: Operation
) -> Iterator[Difference]:
    place = Place(address(operation), Part.REQUEST)
    if old is None or new is None:
        if new is not None:
            what = "the request has a body now" + (", which is required" if new.required else "")
            yield Difference(breaking=new.required, rule=Rule.BODY, place=place, what=say(what))
        if old is not None:
            gone = say("the request has no body any more; what it says is no longer read")
            yield Difference(breaking=True, rule=Rule.BODY, place=place, what=gone)
        return
    if old.required is not new.required:
        what = "the request's body is required now" if new.required else "the request's body is optional now"
        yield Difference(breaking=new.required, rule=Rule.BODY_REQUIRED, place=place, what=say(what))
    body = Body(Side.REQUEST, place, say("the request"))
    yield from representation_differences(old.representations, new.representations, components, body)


def _whole(operation: Operation, what: str, *, breaking: bool) -> Difference:
    return Difference(breaking, Rule.OPERATION, Place(address(operation), Part.OPERATION), say(what))
