"""Versions of a model with the policies that the stacks deploy: how a call tells one, and how one ends."""

from dataclasses import replace
from datetime import date

import httpx
import pytest

from local_azure.gateway.configuration import Api, Operation, Representation, Service, Subscription
from local_azure.gateway.configuration import Backend as BackendEntity
from shared.contracts.contract import Contract, Request, Response
from shared.contracts.contract import Operation as Promised
from shared.contracts.contract import Representation as Body
from shared.contracts.version_place import VersionPlace
from shared.model.access import Access
from shared.model.addresses import Addresses
from shared.model.announcement import Announcement
from shared.model.description import LargerBodies, Limits
from shared.model.entrance import entrance
from shared.model.lifecycle import ACTIVE, LifecycleStage, Stage
from shared.model.lifecycle_responses import as_served
from shared.model.policies import PolicyArgs, compiled
from shared.model.versioning import BY_SEGMENT, VersioningChoice
from shared.platform.policies import global_policy
from shared.policies import render
from tests.gateway.documents import KEY
from tests.gateway.servers import Backend, Gateway, error

_PREDICT = Promised(
    name="predict",
    method="POST",
    url_template="/predict",
    backend_path="/infer",
    summary="Predict",
    description="Predicts.",
    request=Request("A body.", (Body("application/json", "Body", {}),)),
    responses=(Response(200, "The answer."),),
)
_CONTRACT = Contract((_PREDICT,), {"Body": {"type": "object", "required": ["inputs"]}})
_DEPRECATED = LifecycleStage(
    stage=Stage.DEPRECATED, since=date(2026, 11, 24), sunset=date(2027, 5, 31), successor="v2"
)
_RETIRED = LifecycleStage(stage=Stage.RETIRED, successor="v2")
_ACCESS = Access(products=("standard",))
_LIMITS = Limits.model_validate({"calls": 5, "renewal-period": 60})
_BY_HEADER = VersioningChoice(header="Api-Version")
_BY_QUERY = VersioningChoice(query="api-version")
_SCHEMES = {VersionPlace.HEADER: "Header", VersionPlace.QUERY: "Query"}
_SUNSET = {"deprecation": "@1795478400", "sunset": "Mon, 31 May 2027 23:59:59 GMT"}


def _api(version: str, lifecycle: LifecycleStage, versioning: VersioningChoice) -> Api:
    announced = Announcement(version, lifecycle, lifecycle.successor, Addresses("species", versioning))
    told = None if lifecycle is ACTIVE else announced
    contract = as_served(_CONTRACT, told, _ACCESS)
    policies = compiled(
        PolicyArgs(entrance(_ACCESS, "tenant"), _LIMITS, version, LargerBodies.REFUSE, told), contract, None
    )
    bodies = (Representation("application/json", "components", "Body"),)
    predict = Operation("predict", "POST", "/predict", policies.operations.get("predict"), bodies)
    scheme = _SCHEMES.get(versioning.place, "Segment")
    api = Api(
        f"species-{version}", "species", version=version, version_name=versioning.name, policy=policies.api
    )
    schemas = {"components": {"components": {"schemas": dict(contract.schemas)}}}
    return replace(api, operations=(predict,), schemas=schemas, version_scheme=scheme)  # type: ignore[arg-type] # one of its literals


def _deploy(gateway: Gateway, backend: Backend, versioning: VersioningChoice, **of: LifecycleStage) -> None:
    serving = [version for version, lifecycle in of.items() if lifecycle.stage is not Stage.RETIRED]
    gateway.deploy(
        Service(
            name="contoso",
            policy=render(global_policy()),
            apis=tuple(_api(version, lifecycle, versioning) for version, lifecycle in of.items()),
            subscriptions=(Subscription("smoke", "/apis", primary_key=KEY),),
            backends=tuple(BackendEntity(version, f"{backend.url}/{version}") for version in serving),
            named_values={"model-backend-secret": "hunter2"},
        )
    )


def _predict(gateway: Gateway, path: str, body: object = None, **headers: str) -> httpx.Response:
    named = {"ocp_apim_subscription_key": KEY, **headers}
    return gateway.post(path, {"inputs": []} if body is None else body, **named)


@pytest.fixture
def ending(gateway: Gateway, backend: Backend) -> Gateway:
    _deploy(gateway, backend, BY_SEGMENT, v1=_DEPRECATED, v2=ACTIVE, v3=_RETIRED)
    return gateway


def test_several_versions_are_live_at_once(ending: Gateway, backend: Backend) -> None:
    for version in ("v1", "v2"):
        assert _predict(ending, f"/species/{version}/predict").status_code == 200
        assert backend.last.path == f"/{version}/infer"


def test_a_deprecated_version_answers_and_says_that_it_ends(ending: Gateway) -> None:
    headers = _predict(ending, "/species/v1/predict").headers
    assert {name: headers[name] for name in _SUNSET} == _SUNSET
    assert headers["link"] == '</species/v2>; rel="successor-version"'


def test_refusals_of_a_deprecated_version_say_so_too(ending: Gateway) -> None:
    for refused, status in (
        (_predict(ending, "/species/v1/predict", {}), 400),
        (_predict(ending, "/species/v1/predict", ocp_apim_subscription_key="wrong"), 401),
    ):
        assert refused.status_code == status
        assert refused.headers["sunset"] == _SUNSET["sunset"]


def test_links_of_the_model_server_are_kept(ending: Gateway, backend: Backend) -> None:
    backend.headers = {"Link": '</docs>; rel="help"', "Sunset": "its own"}
    headers = _predict(ending, "/species/v1/predict").headers
    assert headers["link"] == '</docs>; rel="help",</species/v2>; rel="successor-version"'
    assert headers["sunset"] == _SUNSET["sunset"]


def test_an_active_version_says_nothing_of_an_end(ending: Gateway) -> None:
    headers = _predict(ending, "/species/v2/predict").headers
    assert not {"deprecation", "sunset", "link"} & set(headers)


def test_a_retired_version_answers_410_with_its_successor_and_calls_nobody(
    ending: Gateway, backend: Backend
) -> None:
    response = _predict(ending, "/species/v3/predict", x_correlation_id="mine")
    assert error(response) == (410, "Version v3 of species is retired. Use version v2: /species/v2")
    assert response.headers["link"] == '</species/v2>; rel="successor-version"'
    assert response.headers["x-correlation-id"] == "mine"
    assert backend.received == []


def test_a_retired_version_does_not_look_at_bodies(ending: Gateway) -> None:
    assert _predict(ending, "/species/v3/predict", b"not JSON").status_code == 410


def test_a_retired_version_tells_nothing_without_a_key(ending: Gateway) -> None:
    refused = _predict(ending, "/species/v3/predict", ocp_apim_subscription_key="wrong")
    assert error(refused)[0] == 401
    assert "v2" not in refused.text


def test_calls_of_a_retired_version_are_limited_as_before(ending: Gateway) -> None:
    statuses = [_predict(ending, "/species/v3/predict").status_code for _ in range(6)]
    assert statuses == [410] * 5 + [429]


def test_a_header_tells_the_version(gateway: Gateway, backend: Backend) -> None:
    _deploy(gateway, backend, _BY_HEADER, v1=ACTIVE, v2=ACTIVE)
    for version in ("v1", "v2"):
        assert _predict(gateway, "/species/predict", api_version=version).status_code == 200
        assert backend.last.path == f"/{version}/infer"
    assert _predict(gateway, "/species/predict").status_code == 404
    assert _predict(gateway, "/species/v1/predict", api_version="v1").status_code == 404


def test_a_query_parameter_tells_the_version_and_stays_at_the_gateway(
    gateway: Gateway, backend: Backend
) -> None:
    _deploy(gateway, backend, _BY_QUERY, v1=ACTIVE, v2=ACTIVE)
    for version in ("v1", "v2"):
        assert _predict(gateway, f"/species/predict?api-version={version}").status_code == 200
        assert (backend.last.path, backend.last.query) == (f"/{version}/infer", "")
    assert _predict(gateway, "/species/predict").status_code == 404


def test_a_retired_version_says_by_which_header_its_successor_is_told(
    gateway: Gateway, backend: Backend
) -> None:
    _deploy(gateway, backend, _BY_HEADER, v1=_RETIRED, v2=ACTIVE)
    message = error(_predict(gateway, "/species/predict", api_version="v1"))[1]
    assert message.endswith(" Use version v2: /species, with the header Api-Version: v2")


def test_a_retired_version_says_by_which_query_its_successor_is_told(
    gateway: Gateway, backend: Backend
) -> None:
    _deploy(gateway, backend, _BY_QUERY, v1=_RETIRED, v2=ACTIVE)
    message = error(_predict(gateway, "/species/predict?api-version=v1"))[1]
    assert message.endswith(" Use version v2: /species?api-version=v2")
