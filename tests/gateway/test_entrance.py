"""Who may call a model, with the policy that the stacks deploy."""

from dataclasses import replace

import pytest

from local_azure.gateway.configuration import Backend as BackendEntity
from shared.contracts.contract import Contract
from shared.model.access import Access
from shared.model.description import LargerBodies, Limits
from shared.model.entrance import entrance
from shared.model.policies import PolicyArgs, compiled
from shared.platform.policies import global_policy
from shared.policies import render
from tests.gateway.documents import KEY, service
from tests.gateway.servers import Backend, Gateway, error

_PATH = "/species/v1/ready"
_TENANT = "11111111-2222-3333-4444-555555555555"
_ONE, _OTHER = (f"aaaaaaaa-0000-0000-0000-00000000000{number}" for number in (1, 2))
_AUDIENCE = "api://species"
_LIMITED = "Rate limit is exceeded. Try again in 60 seconds."


def _deploy(gateway: Gateway, backend: Backend, *, key: bool) -> None:
    entra = {"audiences": [_AUDIENCE], "client-applications": [_ONE, _OTHER]}
    access = Access.model_validate({"products": ["standard"], "key": key, "entra": entra})
    limits = Limits.model_validate({"calls": 2, "renewal-period": 60})
    args = PolicyArgs(entrance(access, _TENANT), limits, "species", LargerBodies.REFUSE, None)
    texts = compiled(args, Contract(()), None)
    deployed = service(None, policy=texts.api, subscription_required=key)
    gateway.deploy(
        replace(
            deployed,
            policy=render(global_policy()),
            backends=(BackendEntity("species", backend.url),),
            named_values=dict.fromkeys(texts.named_values, "value"),
        )
    )


def _token(gateway: Gateway, application: str) -> dict[str, str]:
    return {"authorization": f"Bearer {gateway.issuer.token(_TENANT, application, _AUDIENCE)}"}


def test_without_keys_each_application_has_calls_of_its_own(gateway: Gateway, backend: Backend) -> None:
    _deploy(gateway, backend, key=False)
    for application in (_ONE, _OTHER):
        sent = _token(gateway, application)
        assert [gateway.get(_PATH, **sent).status_code for _ in range(3)] == [200, 200, 429]
    assert error(gateway.get(_PATH, **_token(gateway, _ONE))) == (429, _LIMITED)


def test_with_a_key_calls_are_counted_by_its_subscription(gateway: Gateway, backend: Backend) -> None:
    _deploy(gateway, backend, key=True)
    sent = [_token(gateway, application) for application in (_ONE, _OTHER, _ONE)]
    answers = [gateway.get(_PATH, ocp_apim_subscription_key=KEY, **token) for token in sent]
    assert [answer.status_code for answer in answers] == [200, 200, 429]


def test_a_call_without_a_token_is_not_counted(gateway: Gateway, backend: Backend) -> None:
    _deploy(gateway, backend, key=True)
    refused = [gateway.get(_PATH, ocp_apim_subscription_key=KEY).status_code for _ in range(5)]
    assert refused == [401] * 5
    allowed = gateway.get(_PATH, ocp_apim_subscription_key=KEY, **_token(gateway, _ONE))
    assert allowed.status_code == 200


@pytest.mark.parametrize("key", [True, False])
def test_the_model_server_sees_neither_key_nor_token(
    gateway: Gateway, backend: Backend, *, key: bool
) -> None:
    _deploy(gateway, backend, key=key)
    answer = gateway.get(_PATH, ocp_apim_subscription_key=KEY, **_token(gateway, _ONE))
    assert answer.status_code == 200
    assert backend.last.values("authorization") == []
    assert backend.last.values("ocp-apim-subscription-key") == []
