"""The documentation page of a version, in Markdown."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import groupby

from pydantic import JsonValue

from shared.contracts.contract import Contract, Operation, Representation, Response
from shared.contracts.document.calls import KEY_VARIABLE, TOKEN_VARIABLE, call_example, curl, python
from shared.contracts.document.fields import Field, fields
from shared.contracts.document.literals import shown_json
from shared.contracts.document.markdown import bullets, code, fenced, one_line, shown_characters, table
from shared.contracts.document.publication import Publication
from shared.contracts.document.rules import is_whole, rule
from shared.contracts.media_types import is_json
from shared.contracts.version_place import VersionPlace

_EVERYWHERE = "What every operation may answer"
_NO_JSON = "The request could not be processed due to an internal error. Contact the API owner."
"""What API Management tells the caller of a body that it cannot read, as the same page says."""
_REFUSAL: JsonValue = {
    "statusCode": 400,
    "message": "Body of the request does not conform to the definition Request, which is associated with the content "
    "type application/json. Invalid type. Expected Number but got String. Line: 1, Position: 42",
}
"""A refusal in the words of API Management: "Validation errors" on the page of validate-content."""


def page(contract: Contract, publication: Publication) -> str:
    """Return what a consumer of the version has to know, as Markdown. Of a retired one that is what to use instead."""
    retired = publication.ending is not None and publication.ending.retired
    parts = [
        f"# {publication.model} {publication.version}",
        *_ending(publication),
        publication.summary,
        *_where(publication),
        *(() if retired else _first_call(contract, publication)),
        *(part for operation in contract.operations for part in _operation(operation, contract, publication)),
        *_everywhere(contract, publication),
        *(() if retired else _checks(contract, publication)),
    ]
    return shown_characters("\n\n".join(parts)) + "\n"


def _ending(publication: Publication) -> Iterator[str]:
    ending = publication.ending
    if ending is None:
        return
    successor = f" Use {ending.successor} instead." if ending.successor else ""
    if ending.retired:
        yield f"> **Retired.** Every call is answered 410.{successor}"
        return
    since = f" since {ending.since}" if ending.since else ""
    until = f": it serves until {ending.sunset}" if ending.sunset else ""
    yield f"> **Deprecated**{since}{until}.{successor}"


def _where(publication: Publication) -> Iterator[str]:
    limit = (
        f"{publication.calls:,} calls in {publication.renewal_period} seconds for each caller, whatever its product "
        "allows beyond. A call too many is answered 429, with `Retry-After` in seconds."
    )
    rows = [
        ("Address", code(publication.base_url)),
        ("Version", _version(publication)),
        ("Access", "<br>".join(_access(publication))),
        ("Limit", limit),
        ("Owner", publication.owner),
    ]
    yield table(("", ""), rows)


def _version(publication: Publication) -> str:
    mark, version = publication.mark, publication.version
    if mark.place is VersionPlace.SEGMENT:
        return f"{version}, in the path"
    kind = "header" if mark.place is VersionPlace.HEADER else "query parameter"
    return f"{version}, in the {kind} {code(mark.name)} of each call"


def _access(publication: Publication) -> Iterator[str]:
    if publication.key_header is not None:
        products = " or ".join(code(product) for product in publication.products)
        yield f"The key of a subscription to {products}, in the header {code(publication.key_header)}."
    if publication.token is not None:
        audiences = " or ".join(code(audience) for audience in publication.token.audiences)
        yield (
            f"A token of Microsoft Entra ID for {audiences}, in the header `Authorization: Bearer <token>`; "
            "the owner lists the applications that may call."
        )


def _first_call(contract: Contract, publication: Publication) -> Iterator[str]:
    operation = first_call(contract)
    call = call_example(operation, publication)
    yield "## A call"
    variables = " and ".join(
        text
        for text, wanted in (
            (f"your key in {code(KEY_VARIABLE)}", publication.key_header is not None),
            (f"a token in {code(TOKEN_VARIABLE)}", publication.token is not None),
        )
        if wanted
    )
    yield f"With {variables}:"
    yield fenced("sh", curl(call))
    if publication.token is not None:
        yield "A token for trying it out:"
        resource = publication.token.audiences[0]
        yield fenced(
            "sh",
            f"{TOKEN_VARIABLE}=$(az account get-access-token --resource {resource} --query accessToken -o tsv)",
        )
    yield "In Python:"
    yield fenced("python", python(call))


def first_call(contract: Contract) -> Operation:
    """Return the operation that shows a model at work: the first that takes a body, else the first."""
    taking = (operation for operation in contract.operations if operation.request is not None)
    return next(taking, contract.operations[0])


def _operation(operation: Operation, contract: Contract, publication: Publication) -> Iterator[str]:
    yield f"## {one_line(operation.summary)}"
    yield code(f"{operation.method} {publication.base_url}{operation.url_template}")
    if operation.description and operation.description != operation.summary:
        yield operation.description
    if operation.parameters:
        yield _parameters(operation)
    if operation.request is not None:
        yield "### Request"
        yield operation.request.description + ("" if operation.request.required else " It may be left out.")
        yield from _bodies(operation.request.representations, contract.schemas)
    common = _common(contract, publication)
    own = [response for response in operation.responses if response not in common]
    yield "### Answers"
    if own:
        yield _answers(own)
    if common:
        also = "And [what" if own else "[What"
        yield f"{also} every operation may answer](#{_anchor(_EVERYWHERE)})."
    for response in own:
        if response.representations:
            yield f"The body of {response.status}:"
            yield from _bodies(response.representations, contract.schemas)


def _common(contract: Contract, publication: Publication) -> list[Response]:
    """Return what all operations answer alike: of several whatever it is, of a single one the gateway's errors."""
    first, *others = contract.operations
    if others:
        return [each for each in first.responses if all(each in other.responses for other in others)]
    return [
        each
        for each in first.responses
        if any(body.schema == publication.gateway_error for body in each.representations)
        and (publication.ending is None or not publication.ending.retired)
    ]


def _everywhere(contract: Contract, publication: Publication) -> Iterator[str]:
    common = _common(contract, publication)
    if not common and not publication.headers:
        return
    yield f"## {_EVERYWHERE}"
    if common:
        yield _answers(common)
    bodies = [(each.status, body.example) for each in common for body in each.representations[:1]]
    if bodies:
        lines = (f"{status}  {json.dumps(body, ensure_ascii=False)}" for status, body in bodies)
        yield fenced("", "\n".join(lines))
    if publication.headers:
        yield "Each answer carries:"
        yield bullets(f"{code(header.name)}: {header.description}" for header in publication.headers)


def _anchor(heading: str) -> str:
    return heading.lower().replace(" ", "-")


def _answers(responses: Iterable[Response]) -> str:
    rows = [(str(each.status), each.description, _headers(each)) for each in responses]
    return table(("Status", "When", "Headers"), rows)


def _headers(response: Response) -> str:
    names = (header.name for header in response.headers)
    return ", ".join(code(name) for name in names if name.lower() != "content-type")


def _parameters(operation: Operation) -> str:
    rows = [
        (
            code(each.name),
            each.place.value,
            _kind(each.schema),
            _yes(required=each.required),
            _sentences(rule(each.schema), each.description),
        )
        for each in operation.parameters
    ]
    return table(("Parameter", "In", "Type", "Required", "Value"), rows)


def _kind(schema: Mapping[str, JsonValue]) -> str:
    kind = "integer" if is_whole(schema) else schema.get("type")
    return kind if isinstance(kind, str) else "text"


def _bodies(representations: Iterable[Representation], schemas: Mapping[str, JsonValue]) -> Iterator[str]:
    """Yield a table for each schema, and an example for each media type."""
    by_schema: dict[str, list[Representation]] = {}
    for each in representations:
        by_schema.setdefault(each.schema, []).append(each)
    for schema, bodies in by_schema.items():
        yield " or ".join(code(body.media_type) for body in bodies) + ":"
        yield _fields(schema, schemas)
        for body in bodies:
            if body.example is not None:
                yield fenced("json" if is_json(body.media_type) else "", example(body))


def _fields(schema: str, schemas: Mapping[str, JsonValue]) -> str:
    rows = [
        (paths, first.type, _yes(required=first.required), _sentences(first.rule, first.description))
        for paths, first in _alike(fields(schema, schemas))
    ]
    return table(("Field", "Type", "Required", "Value"), rows) if rows else "Any object."


def _alike(found: Iterable[Field]) -> Iterator[tuple[str, Field]]:
    """Yield fields, those of one object that follow each other and differ in their names alone as one."""
    for _, group in groupby(found, key=lambda each: (_parent(each), replace(each, path=""))):
        first, *others = group
        names = (each.path[len(_parent(each)) :] for each in others)
        yield ", ".join([code(first.path), *(code(name.lstrip(".")) for name in names)]), first


def _parent(field: Field) -> str:
    return field.path.rpartition(".")[0]


def _sentences(*parts: str) -> str:
    return ". ".join(part.strip().rstrip(".") for part in parts if part.strip())


def example(body: Representation) -> str:
    """Return the example of a body as people read it."""
    if isinstance(body.example, str) and not is_json(body.media_type):
        return body.example
    return shown_json(body.example)


def _checks(contract: Contract, publication: Publication) -> Iterator[str]:
    size = f"{publication.largest_checked:,} bytes"
    larger = (
        "a larger one goes to the model as it is."
        if publication.larger_pass
        else "a larger one is refused, with 400."
    )
    yield "## What the gateway checks"
    yield (
        f"The body of a request of up to {size} is compared with the tables above before the model is asked; {larger} "
        "A compressed body counts with its size after decompression. A body that does not fit is answered 400; the "
        "message tells what is wrong, and the line and position in the body as it was sent:"
    )
    yield fenced("json", shown_json(_REFUSAL))
    yield (
        "One that is no JSON at all, as with `NaN` or `Infinity` in it (write `null`), is answered 400 with "
        f"`{_NO_JSON}`"
    )
    if contract.gaps:
        yield "What is left to the model:"
        yield bullets(one_line(f"{gap.sentence} ({code(gap.path)})") for gap in contract.gaps)


def _yes(*, required: bool) -> str:
    return "yes" if required else ""
