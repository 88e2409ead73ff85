"""`<base />`: https://learn.microsoft.com/azure/api-management/api-management-howto-policies."""

from dataclasses import replace

import pytest

from local_azure.gateway.configuration import Service
from tests.gateway.documents import KEY, PRODUCT_KEY, header, policy, service
from tests.gateway.servers import Backend, Gateway

FORWARD = "<forward-request />"


def marked(scope: str, base: str = "<base />") -> str:
    mark = header("x-order", scope, "append")
    return policy(
        inbound=base + mark, outbound=base + mark, backend=FORWARD if scope == "global" else "<base />"
    )


def four_scopes(url: str) -> Service:
    base = service(url, policy=marked("api"))
    api = base.apis[0]
    operations = tuple(replace(operation, policy=marked("operation")) for operation in api.operations)
    return replace(
        base,
        policy=marked("global", base=""),
        apis=(replace(api, operations=operations),),
        products=(replace(base.products[0], policy=marked("product")),),
    )


def test_scopes_run_from_broad_to_narrow_on_request_and_response(gateway: Gateway, backend: Backend) -> None:
    gateway.deploy(four_scopes(backend.url))
    response = gateway.get("/species/v1/ready", ocp_apim_subscription_key=PRODUCT_KEY)
    assert backend.last.values("x-order") == ["global,product,api,operation"]
    assert response.headers["x-order"] == "global,product,api,operation"


def test_scopes_run_from_broad_to_narrow_on_error(gateway: Gateway, backend: Backend) -> None:
    def on_error(scope: str, base: str = "<base />") -> str:
        return policy(
            inbound=base,
            backend=FORWARD if scope == "global" else "<base />",
            outbound=base,
            on_error=base + header("x-order", scope, "append"),
        )

    base = service(backend.url, policy=on_error("api"))
    limit = '<rate-limit calls="0" renewal-period="60" />'
    failing = policy(inbound=limit, on_error="<base />" + header("x-order", "operation", "append"))
    operations = tuple(replace(operation, policy=failing) for operation in base.apis[0].operations)
    gateway.deploy(
        replace(
            base,
            policy=on_error("global", base=""),
            apis=(replace(base.apis[0], operations=operations),),
            products=(replace(base.products[0], policy=on_error("product")),),
        )
    )
    response = gateway.get("/species/v1/ready", ocp_apim_subscription_key=PRODUCT_KEY)
    assert (response.status_code, response.headers["x-order"]) == (429, "global,product,api,operation")


def test_product_policy_does_not_run_for_a_key_of_the_api(gateway: Gateway, backend: Backend) -> None:
    gateway.deploy(four_scopes(backend.url))
    gateway.get("/species/v1/ready", ocp_apim_subscription_key=KEY)
    assert backend.last.values("x-order") == ["global,api,operation"]


@pytest.mark.parametrize(
    ("inbound", "order"),
    [
        ("", ["operation"]),
        (header("x-order", "api", "append") + "<base />", ["api,global,operation"]),
        ("<base />", ["global,operation"]),
    ],
)
def test_base_stands_where_the_outer_scopes_run(
    gateway: Gateway, backend: Backend, inbound: str, order: list[str]
) -> None:
    deployed = four_scopes(backend.url)
    gateway.deploy(replace(deployed, apis=(replace(deployed.apis[0], policy=policy(inbound=inbound)),)))
    gateway.get("/species/v1/ready", ocp_apim_subscription_key=KEY)
    assert backend.last.values("x-order") == order


def test_a_section_that_is_absent_inherits(gateway: Gateway, backend: Backend) -> None:
    deployed = four_scopes(backend.url)
    only_inbound = f"<policies><inbound><base />{header('x-order', 'api', 'append')}</inbound></policies>"
    gateway.deploy(replace(deployed, apis=(replace(deployed.apis[0], policy=only_inbound),)))
    response = gateway.get("/species/v1/ready", ocp_apim_subscription_key=KEY)
    assert backend.last.values("x-order") == ["global,api,operation"]
    assert response.headers["x-order"] == "global,operation"


def test_an_empty_backend_section_forwards_nothing(gateway: Gateway, backend: Backend) -> None:
    gateway.deploy(service(backend.url, policy=policy(backend="")))
    response = gateway.get("/species/v1/ready", ocp_apim_subscription_key=KEY)
    assert (response.status_code, response.content) == (200, b"")
    assert backend.received == []


def test_without_a_global_policy_requests_are_forwarded(gateway: Gateway, backend: Backend) -> None:
    gateway.deploy(service(backend.url))
    assert gateway.post("/species/v1/predict", {"a": 1}, ocp_apim_subscription_key=KEY).json() == {
        "echo": '{"a": 1}'
    }
