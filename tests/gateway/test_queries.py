"""Which parts of a query reach the model server: those that the contract names, and never a key."""

import pytest

from local_azure.gateway.configuration import Operation
from shared.contracts import contract
from shared.contracts.contract import Parameter, ParameterPlace
from shared.model.backend_paths import rewriting
from shared.policies import Base, PolicyDocument, render
from tests.gateway.documents import KEY, service
from tests.gateway.servers import Backend, Gateway


def _operation(url_template: str, backend_path: str, *query: str) -> Operation:
    described = contract.Operation(
        name="score",
        method="GET",
        url_template=url_template,
        backend_path=backend_path,
        summary="Score",
        description="",
        request=None,
        responses=(),
        parameters=tuple(
            Parameter(name, ParameterPlace.QUERY, "", required=False, schema={}) for name in query
        ),
    )
    document = PolicyDocument(inbound=(Base(), rewriting(described)))
    return Operation("score", "GET", url_template, policy=render(document))


@pytest.mark.parametrize(
    ("asked", "sent"),
    [
        ("/score/a%2Fb?top=3", "/api/score/a%2Fb?top=3"),
        ("/score/a?top=3&fields=x%26y&other=1", "/api/score/a?top=3&fields=x%26y"),
        ("/score/a?fields=%7Btenant%7D%20caf%C3%A9", "/api/score/a?fields=%7Btenant%7D%20caf%C3%A9"),
        ("/score/a?fields=a&fields=b", "/api/score/a?fields=a%2Cb"),
        (f"/score/a?subscription-key={KEY}&top=1", "/api/score/a?top=1"),
        ("/score/a?other=1", "/api/score/a"),
        ("/score/a?top=", "/api/score/a?top="),
        ("/score/a%20%3Fx", "/api/score/a%20%3Fx"),
        ("/score/a?top=%3F%26x", "/api/score/a?top=%3F%26x"),
    ],
)
def test_declared_parameters_go_along_and_no_others(
    gateway: Gateway, backend: Backend, asked: str, sent: str
) -> None:
    operation = _operation("/score/{tenant}", "/api/score/{tenant}", "top", "fields", "subscription-key")
    gateway.deploy(service(backend.url, operations=(operation,)))
    response = gateway.get(f"/species/v1{asked}", ocp_apim_subscription_key=KEY)
    assert response.status_code == 200
    got = backend.last
    assert f"{got.path}{'?' if got.query else ''}{got.query}" == sent


def test_names_that_csharp_and_urls_write_in_another_way(gateway: Gateway, backend: Backend) -> None:
    operation = _operation("/score", '/a"\\b', 'x"y\\', "a b")
    gateway.deploy(service(backend.url, operations=(operation,)))
    assert gateway.get("/species/v1/score?a%20b=1", ocp_apim_subscription_key=KEY).status_code == 200
    assert backend.last.query == "a%20b=1"
