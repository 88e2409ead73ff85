"""From operations of a contract to operations of API Management."""

import pulumi
from pulumi_azure_native import apimanagement

from shared.contracts.contract import Header, Operation, ParameterPlace, Representation, Response
from shared.model.operation_parameters import parameters_of
from shared.model.publication import CORRELATION
from shared.place import ServicePlace

SCHEMA_ID = "components"
"""The identifier of the one schema of an API; representations name a type in it."""


def operation_args(
    operation: Operation, service: ServicePlace, api_id: pulumi.Input[str]
) -> apimanagement.ApiOperationArgs:
    """Return an operation as a resource of the API named ``api_id``."""
    return apimanagement.ApiOperationArgs(
        resource_group_name=service.resource_group_name,
        service_name=service.service_name,
        api_id=api_id,
        operation_id=operation.name,
        display_name=operation.summary,
        description=operation.description,
        method=operation.method,
        url_template=operation.url_template,
        template_parameters=parameters_of(operation, ParameterPlace.PATH),
        request=_request(operation),
        responses=[_response(response) for response in operation.responses],
    )


def _request(operation: Operation) -> apimanagement.RequestContractArgs | None:
    request = operation.request
    query = parameters_of(operation, ParameterPlace.QUERY)
    headers = parameters_of(operation, ParameterPlace.HEADER)
    if request is None and query is None and headers is None:
        return None
    representations = () if request is None else request.representations
    return apimanagement.RequestContractArgs(
        description=None if request is None else request.description,
        query_parameters=query,
        headers=headers,
        representations=[_representation(representation) for representation in representations],
    )


def _response(response: Response) -> apimanagement.ResponseContractArgs:
    return apimanagement.ResponseContractArgs(
        status_code=response.status,
        description=response.description,
        representations=[_representation(representation) for representation in response.representations],
        headers=[_header(header) for header in (*response.headers, CORRELATION)],
    )


def _representation(representation: Representation) -> apimanagement.RepresentationContractArgs:
    example = representation.example
    return apimanagement.RepresentationContractArgs(
        content_type=representation.media_type,
        schema_id=SCHEMA_ID,
        type_name=representation.schema,
        examples=None
        if example is None
        else {"default": apimanagement.ParameterExampleContractArgs(value=example)},
    )


def _header(header: Header) -> apimanagement.ParameterContractArgs:
    return apimanagement.ParameterContractArgs(
        name=header.name,
        description=header.description,
        type="string",
        required=header.required,
        values=list(header.values) or None,
    )
