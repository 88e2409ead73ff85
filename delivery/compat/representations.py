"""How a body differs over all of its media types."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from delivery.compat.bodies import Body, Side, body_differences
from delivery.compat.difference import Difference
from delivery.compat.rules import Rule
from delivery.compat.schemas.normal import Components
from delivery.report.words import Quoted, say
from shared.contracts.contract import Representation, reference


def representation_differences(
    old: Sequence[Representation],
    new: Sequence[Representation],
    components: tuple[Components, Components],
    body: Body,
) -> Iterator[Difference]:
    """Yield the differences of each media type, and those that come and go."""
    before, after = _keyed(old), _keyed(new)
    for media_type in sorted(before.keys() | after.keys()):
        of_type = replace(body, place=replace(body.place, media_type=media_type))
        if media_type not in after:
            yield _one_sided(of_type, "no longer takes ", "no longer comes as ", breaking=True)
        elif media_type not in before:
            yield _one_sided(of_type, "now also takes ", "may now also come as ", breaking=False)
        else:
            if len(before.keys() | after.keys()) > 1:
                of_type = replace(of_type, owner=say(body.owner, " as ", Quoted(media_type)))
            schemas = (reference(before[media_type].schema), reference(after[media_type].schema))
            yield from body_differences(*schemas, components, of_type)


def _keyed(representations: Sequence[Representation]) -> Mapping[str, Representation]:
    return {each.media_type.lower(): each for each in representations}


def _one_sided(body: Body, request: str, response: str, *, breaking: bool) -> Difference:
    verb = request if body.side is Side.REQUEST else response
    what = say(body.owner, " ", verb, Quoted(body.place.media_type))
    return Difference(breaking, Rule.MEDIA_TYPE, body.place, what)
