"""Operations of a document."""

import re
from collections.abc import Iterator

from shared.contracts.contract import Operation, Parameter, ParameterPlace
from shared.contracts.dialect import Node
from shared.contracts.json_values import mapping
from shared.contracts.openapi.bodies import request, responses
from shared.contracts.openapi.drafts import Draft
from shared.contracts.openapi.names import operation_name
from shared.contracts.openapi.parameters import parameters
from shared.contracts.openapi.reading import Reading, text
from shared.contracts.openapi.servers import path_prefix
from shared.documents import DocumentError

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch")
_LONGEST_NAME = 300
"""Characters of the name that API Management shows (`displayName` of `OperationContractProperties`)."""


def operations(reading: Reading) -> tuple[Draft, ...]:
    """Return the operations in the document's order. Raises DocumentError when there is none."""
    names: list[str] = []
    drafts: list[Draft] = []
    for path, item in reading.entries(reading.root, "paths"):
        for method, node in _of_path(reading, item):
            name = operation_name(text(node, "operationId"), method, path, names)
            names.append(name)
            drafts.append(_draft(reading, (path, method, name), item, node))
    if not drafts:
        raise DocumentError(
            [f"{reading.documents.source}: `paths` has no operation. Add one, such as POST /score."]
        )
    return tuple(drafts)


def _of_path(reading: Reading, item: Node) -> Iterator[tuple[str, Node]]:
    if "trace" in mapping(item.contents):
        reading.gap(item, ("trace",), "The gateway offers no TRACE.")
    for method in _METHODS:
        contents = mapping(item.contents).get(method)
        if isinstance(contents, dict):
            yield method, item.below(contents)


def _draft(reading: Reading, address: tuple[str, str, str], item: Node, node: Node) -> Draft:
    path, method, name = address
    known = parameters(reading, item, node)
    body, request_bodies = request(reading, node, name)
    answers, response_bodies = responses(reading, node, name)
    for key, sentence in _LOSSES.items():
        if mapping(node.contents).get(key):
            reading.gap(node, (key,), sentence)
    operation = Operation(
        name=name,
        method=method.upper(),
        url_template=path,
        backend_path=path_prefix(reading, node, item, reading.root) + path,
        summary=(text(node, "summary") or text(node, "operationId") or f"{method.upper()} {path}")[
            :_LONGEST_NAME
        ],
        description=_description(node, item),
        request=body,
        responses=answers,
        parameters=_with_path(path, known),
    )
    return Draft(operation, request_bodies, response_bodies)


_LOSSES = {
    "callbacks": "The gateway takes no calls from the model server: callbacks are not offered.",
    "security": "Who may call is for `access` in model.yaml: the gateway's keys and tokens take the place of these.",
}


def _description(node: Node, item: Node) -> str:
    told = text(node, "description") or text(item, "description") or text(node, "summary")
    is_deprecated = mapping(node.contents).get("deprecated") is True
    parts = ["Deprecated: it may be gone in a later version." if is_deprecated else "", told]
    return "\n\n".join(part for part in parts if part)


def _with_path(path: str, known: tuple[Parameter, ...]) -> tuple[Parameter, ...]:
    """Return the parameters, those of the path in its order and before the others."""
    names = re.findall(r"\{([^{}]+)\}", path)
    of_path = {each.name: each for each in known if each.place is ParameterPlace.PATH}
    others = tuple(each for each in known if each.place is not ParameterPlace.PATH)
    return (*(of_path.get(name, _any_text(name)) for name in names), *others)


def _any_text(name: str) -> Parameter:
    """Return a parameter that the path has and the document does not describe."""
    return Parameter(
        name, ParameterPlace.PATH, "", required=True, schema={"type": "string"}, example="string"
    )
