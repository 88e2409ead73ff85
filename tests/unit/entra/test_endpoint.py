"""https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow."""

from collections.abc import Iterator, Mapping

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key

from local_azure.arm.app import arm_app
from local_azure.arm.messages import Answer
from local_azure.entra.endpoint import token_route
from local_azure.entra.issuing import Issuer
from local_azure.gateway.access_tokens import validated
from tests.gateway.servers import served

_TENANT = "11111111-2222-3333-4444-555555555555"
_FORM = {
    "grant_type": "client_credentials",
    "client_id": "the-application",
    "client_secret": "anything",
    "scope": "api://iris-species/.default",
}


@pytest.fixture(scope="module")
def issuer() -> Issuer:
    return Issuer(generate_private_key(65_537, 2_048))


@pytest.fixture(scope="module")
def client(issuer: Issuer) -> Iterator[httpx.Client]:
    app = arm_app(lambda _: Answer(404), {}, beside=(token_route(issuer),))
    with served(app) as url, httpx.Client(base_url=url, trust_env=False) as client:
        yield client


def _ask(client: httpx.Client, form: Mapping[str, str], host: str | None = None) -> httpx.Response:
    headers = {} if host is None else {"host": host}
    return client.post(f"/{_TENANT}/oauth2/v2.0/token", data=form, headers=headers)


def test_any_application_gets_a_token_for_the_audience_it_asks_for(
    client: httpx.Client, issuer: Issuer
) -> None:
    answer = _ask(client, _FORM)
    assert answer.status_code == 200
    assert (answer.json()["token_type"], answer.json()["expires_in"]) == ("Bearer", 3599)
    assert answer.headers["cache-control"] == "no-store"
    token = validated(answer.json()["access_token"], issuer.keys, _TENANT, ["api://iris-species"])
    assert token.application == "the-application"


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"client_id": ""}, "invalid_request"),
        ({"scope": "api://iris-species"}, "invalid_scope"),
        ({"scope": "/.default"}, "invalid_scope"),
    ],
)
def test_a_request_that_is_not_in_order_gets_no_token(
    client: httpx.Client, changes: Mapping[str, str], error: str
) -> None:
    answer = _ask(client, {**_FORM, **changes})
    assert (answer.status_code, answer.json()["error"]) == (400, error)
    assert "access_token" not in answer.json()


def test_a_page_on_the_web_gets_no_token(client: httpx.Client) -> None:
    assert _ask(client, _FORM, host="evil.example").status_code == 400
