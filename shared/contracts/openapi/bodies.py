"""Bodies of requests and responses, by media type."""

from collections.abc import Iterator

from shared.contracts.contract import Header, Request, Response
from shared.contracts.dialect import Direction, Node
from shared.contracts.json_values import mapping, sequence
from shared.contracts.openapi.drafts import Body
from shared.contracts.openapi.parameters import shown_examples
from shared.contracts.openapi.reading import Reading, text

_OF_RANGES = {"2XX": 200, "3XX": 300, "4XX": 400, "5XX": 500}
_SUCCESS = range(200, 300)
_OK = 200


def request(reading: Reading, operation: Node, name: str) -> tuple[Request | None, tuple[Body, ...]]:
    """Return what a consumer sends; None where it sends nothing, or nothing that the gateway can check."""
    node = reading.at(operation, "requestBody")
    content = mapping(mapping(node.contents).get("content"))
    if not content:
        return None, ()
    if any("*" in media_type for media_type in content):
        reading.gap(
            node, ("content",), "API Management has no ranges of media types: the body is not checked."
        )
        return None, ()
    bodies = tuple(_bodies(reading, node, f"{name}-request", Direction.REQUEST))
    description = text(node, "description") or "What the operation works on."
    return Request(description, (), required=mapping(node.contents).get("required") is True), bodies


def responses(
    reading: Reading, operation: Node, name: str
) -> tuple[tuple[Response, ...], tuple[tuple[Body, ...], ...]]:
    """Return what comes back, by number."""
    found: dict[int, tuple[Response, tuple[Body, ...]]] = {}
    for status, node in _by_status(reading, operation):
        bodies = tuple(_bodies(reading, node, f"{name}-{status}-response", Direction.RESPONSE))
        headers = tuple(_headers(reading, node))
        description = text(node, "description") or "The answer."
        if mapping(node.contents).get("links"):
            reading.gap(node, ("links",), "Links to other operations are not told.")
        found[status] = Response(status, description, (), headers), bodies
    ordered = [found[status] for status in sorted(found)]
    return tuple(response for response, _ in ordered), tuple(bodies for _, bodies in ordered)


def _by_status(reading: Reading, operation: Node) -> Iterator[tuple[int, Node]]:
    """Yield responses by number. A range stands for its first number, `default` for 200 where nothing else does."""
    holder = operation.below(mapping(operation.contents).get("responses"))
    entries = dict(reading.entries(operation, "responses"))
    numbers = {int(status) for status in entries if status.isdecimal()}
    for status, node in entries.items():
        number = int(status) if status.isdecimal() else _OF_RANGES.get(status.upper())
        if status.isdecimal() and number is not None:
            yield number, node
        elif number is not None and number not in numbers:
            reading.gap(
                holder, (status,), f"API Management has no ranges of statuses: {status} is told as {number}."
            )
            numbers.add(number)
            yield number, node
        elif status == "default" and not any(number in _SUCCESS for number in numbers):
            reading.gap(holder, (status,), f"API Management asks for a number: default is told as {_OK}.")
            yield _OK, node
        elif not status.startswith("x-"):
            reading.gap(holder, (status,), f"API Management asks for a number: {status} is not told.")


def _bodies(reading: Reading, holder: Node, name: str, direction: Direction) -> Iterator[Body]:
    known: set[str] = set()
    for written, media in reading.entries(holder, "content"):
        media_type = written.partition(";")[0].strip().lower()
        if "*" in media_type:
            reading.gap(
                holder,
                ("content", written),
                f"API Management has no ranges of media types: {written} is not told.",
            )
            continue
        if media_type in known:
            reading.gap(holder, ("content", written), f"Only one body of {media_type} is told.")
            continue
        known.add(media_type)
        if mapping(media.contents).get("encoding"):
            reading.gap(media, ("encoding",), "How parts are encoded is not told.")
        schema = media.below(mapping(media.contents).get("schema", {}))
        shown = next(shown_examples(reading, media), None)
        path = reading.documents.where(media.contents, *(shown.keys if shown is not None else ()))
        example = None if shown is None else shown.value
        yield Body(media_type, reading.want(name, schema, direction), example, path)


def _headers(reading: Reading, node: Node) -> Iterator[Header]:
    for name, header in reading.entries(node, "headers"):
        schema = reading.at(header, "schema")
        values = [value for value in sequence(mapping(schema.contents).get("enum")) if isinstance(value, str)]
        required = mapping(header.contents).get("required") is True
        yield Header(name, text(header, "description"), tuple(values), required)
