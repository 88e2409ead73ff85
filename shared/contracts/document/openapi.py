"""The OpenAPI 3.0.3 document of a version, for the tools of its consumers."""

import json
from collections.abc import Iterable, Mapping

from pydantic import JsonValue

from shared.contracts.contract import (
    Contract,
    Header,
    Operation,
    Parameter,
    Representation,
    Request,
    Response,
    reference,
)
from shared.contracts.document.publication import Publication
from shared.contracts.json_values import mapping
from shared.contracts.version_place import VersionPlace

_OPENAPI = "3.0.3"
_KEY = "subscriptionKey"
_TOKEN = "entra"  # noqa: S105 - the name of a security scheme
_VERSION = "version"
_CONTENT_TYPE = "content-type"
"""OpenAPI tells media types by `content`; a header of this name "SHALL be ignored"."""


def openapi_text(contract: Contract, publication: Publication) -> str:
    """Return the document as JSON that people can read too, with a newline at its end."""
    return json.dumps(openapi_document(contract, publication), indent=2, ensure_ascii=False) + "\n"


def openapi_document(contract: Contract, publication: Publication) -> dict[str, JsonValue]:
    """Return the document that describes a version as its consumers meet it at the gateway."""
    return {
        "openapi": _OPENAPI,
        "info": {
            "title": publication.model,
            "version": publication.version,
            "description": publication.summary,
            "contact": {"email": publication.owner},
        },
        "servers": [{"url": publication.base_url}],
        "security": [_requirement(publication)],
        "paths": _paths(contract.operations, publication),
        "components": {
            "schemas": dict(contract.schemas),
            "securitySchemes": _schemes(publication),
            **_version_parameter(publication),
        },
    }


def _requirement(publication: Publication) -> JsonValue:
    """Return what a caller shows: everything that is asked for, at once."""
    key: dict[str, JsonValue] = {} if publication.key_header is None else {_KEY: []}
    token: dict[str, JsonValue] = (
        {} if publication.token is None else {_TOKEN: list[JsonValue](publication.token.scopes)}
    )
    return {**key, **token}


def _schemes(publication: Publication) -> JsonValue:
    schemes: dict[str, JsonValue] = {}
    if publication.key_header is not None:
        products = ", ".join(publication.products)
        schemes[_KEY] = {
            "type": "apiKey",
            "in": "header",
            "name": publication.key_header,
            "description": f"The key of a subscription to one of the products {products}.",
        }
    if publication.token is not None:
        audiences = ", ".join(publication.token.audiences)
        schemes[_TOKEN] = {
            "type": "openIdConnect",
            "openIdConnectUrl": publication.token.configuration_url,
            "description": f"A token of Microsoft Entra ID for {audiences}, as a bearer token.",
        }
    return schemes


def _version_parameter(publication: Publication) -> Mapping[str, JsonValue]:
    """Return the parameter that tells the version, where the path does not."""
    if publication.mark.place is VersionPlace.SEGMENT:
        return {}
    parameter: JsonValue = {
        "name": publication.mark.name,
        "in": publication.mark.place.value,
        "required": True,
        "description": "The version of the API.",
        "schema": {"type": "string", "enum": [publication.version]},
    }
    return {"parameters": {_VERSION: parameter}}


def _paths(operations: Iterable[Operation], publication: Publication) -> JsonValue:
    paths: dict[str, JsonValue] = {}
    for operation in operations:
        paths[operation.url_template] = {
            **mapping(paths.get(operation.url_template)),
            operation.method.lower(): _operation(operation, publication),
        }
    return paths


def _operation(operation: Operation, publication: Publication) -> JsonValue:
    parameters = [
        _parameter(parameter) for parameter in operation.parameters if not _is_mark(parameter, publication)
    ]
    if publication.mark.place is not VersionPlace.SEGMENT:
        parameters.append({"$ref": f"#/components/parameters/{_VERSION}"})
    return {
        "operationId": operation.name,
        "summary": operation.summary,
        "description": operation.description,
        **({"deprecated": True} if publication.ending is not None else {}),
        **({"parameters": parameters} if parameters else {}),
        **({} if operation.request is None else {"requestBody": _request(operation.request)}),
        "responses": {
            str(response.status): _response(response, publication.headers) for response in operation.responses
        },
    }


def _is_mark(parameter: Parameter, publication: Publication) -> bool:
    """Return whether the gateway tells the version by this parameter, whatever the model server means by it."""
    mark = publication.mark
    return parameter.place == mark.place.value and parameter.name.lower() == mark.name.lower()


def _parameter(parameter: Parameter) -> JsonValue:
    return {
        "name": parameter.name,
        "in": parameter.place.value,
        "description": parameter.description,
        "required": parameter.required,
        "schema": dict(parameter.schema),
        **({} if parameter.example is None else {"example": parameter.example}),
    }


def _request(request: Request) -> JsonValue:
    return {
        "description": request.description,
        "required": request.required,
        "content": _content(request.representations),
    }


def _response(response: Response, common: Iterable[Header]) -> JsonValue:
    headers: dict[str, JsonValue] = {
        header.name: _header(header)
        for header in (*common, *response.headers)
        if header.name.lower() != _CONTENT_TYPE
    }
    return {
        "description": response.description,
        **({"headers": headers} if headers else {}),
        **({"content": _content(response.representations)} if response.representations else {}),
    }


def _header(header: Header) -> JsonValue:
    values: dict[str, JsonValue] = {"enum": list[JsonValue](header.values)} if header.values else {}
    return {
        "description": header.description,
        "required": header.required,
        "schema": {"type": "string", **values},
    }


def _content(representations: Iterable[Representation]) -> JsonValue:
    return {
        body.media_type: {
            "schema": reference(body.schema),
            **({} if body.example is None else {"example": body.example}),
        }
        for body in representations
    }
