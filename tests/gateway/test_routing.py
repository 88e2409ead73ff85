"""From Host and path to service, API version and operation."""

from dataclasses import replace

import pytest

from local_azure.gateway.configuration import Api, Operation, Service
from tests.gateway.documents import header, policy
from tests.gateway.servers import Backend, Gateway, error

NOT_FOUND = (404, "Resource not found")


def told(api: str, operation: str) -> str:
    return policy(inbound="<base />" + header("x-at", f"{api}/{operation}"))


def _method_and_path(template: str) -> tuple[str, str]:
    method, _, path = template.partition(" ")
    return method, path


def api(url: str, name: str, path: str, *templates: str, **more: object) -> Api:
    operations = tuple(
        Operation(str(number), *_method_and_path(template), policy=told(name, template))
        for number, template in enumerate(templates)
    )
    base = Api(name, path, subscription_required=False, service_url=url, operations=operations)
    return replace(base, **more)  # type: ignore[arg-type] # the caller names fields of Api


def at(gateway: Gateway, backend: Backend, path: str, method: str = "GET", **headers: str) -> str:
    backend.received.clear()
    response = gateway.client.request(method, path, headers=headers)
    return backend.last.values("x-at")[0] if backend.received else str(error(response))


@pytest.mark.parametrize(
    ("call", "template"),
    [
        ("GET /items/special", "GET /items/special"),
        ("GET /items/7", "GET /items/{id}"),
        ("GET /items/7/parts", "GET /items/{id}/parts"),
        ("GET /items/7/other/deep", "GET /items/*"),
        ("GET /files/a/b", "GET /files/{*rest}"),
        ("POST /items/special", "POST /items/{id}"),
        ("GET /ITEMS/Special", "GET /items/special"),
        ("DELETE /anything", "* /anything"),
        ("GET ", "GET /"),
        ("GET /", "GET /"),
    ],
)
def test_literal_beats_parameter_beats_wildcard(
    gateway: Gateway, backend: Backend, call: str, template: str
) -> None:
    templates = [
        "GET /items/*", "GET /files/{*rest}", "GET /items/{id}", "POST /items/{id}", "GET /items/{id}/parts",
        "GET /items/special", "* /anything", "GET /",
    ]  # fmt: skip
    gateway.deploy(Service("contoso", apis=(api(backend.url, "a", "shop", *templates),)))
    method, path = call.split(" ")
    assert at(gateway, backend, f"/shop{path}", method) == f"a/{template}"


@pytest.mark.parametrize(
    "call", ["POST /shop/items/7", "GET /shop/items", "GET /other", "GET /shopitems/7", "GET /"]
)
def test_what_fits_no_operation_is_not_found(gateway: Gateway, backend: Backend, call: str) -> None:
    gateway.deploy(Service("contoso", apis=(api(backend.url, "a", "shop", "GET /items/{id}"),)))
    method, path = call.split(" ")
    assert error(gateway.client.request(method, path)) == NOT_FOUND


def test_longest_path_and_version_choose_the_api(gateway: Gateway, backend: Backend) -> None:
    segment = {"version_scheme": "Segment"}
    gateway.deploy(
        Service(
            "contoso",
            apis=(
                api(backend.url, "root", "", "GET /items"),
                api(backend.url, "original", "shop", "GET /items"),
                api(backend.url, "v1", "shop", "GET /items", version="v1", **segment),
                api(backend.url, "v2", "shop", "GET /items", version="v2", **segment),
            ),
        )
    )
    calls = ["/items", "/shop/items", "/shop/v1/items", "/shop/v2/items"]
    assert [at(gateway, backend, path).split("/")[0] for path in calls] == ["root", "original", "v1", "v2"]
    assert at(gateway, backend, "/shop/v3/items") == str(NOT_FOUND)


def test_version_in_a_header(gateway: Gateway, backend: Backend) -> None:
    scheme = {"version": "v1", "version_scheme": "Header", "version_name": "Api-Version"}
    gateway.deploy(Service("contoso", apis=(api(backend.url, "a", "shop", "GET /items", **scheme),)))
    assert at(gateway, backend, "/shop/items", **{"api-version": "v1"}) == "a/GET /items"
    assert at(gateway, backend, "/shop/items", **{"api-version": "v2"}) == str(NOT_FOUND)
    assert at(gateway, backend, "/shop/items") == str(NOT_FOUND)


def test_version_in_the_query(gateway: Gateway, backend: Backend) -> None:
    scheme = {"version": "2024-01", "version_scheme": "Query", "version_name": "api-version"}
    gateway.deploy(Service("contoso", apis=(api(backend.url, "a", "shop", "GET /items", **scheme),)))
    assert at(gateway, backend, "/shop/items?api-version=2024-01") == "a/GET /items"
    assert at(gateway, backend, "/shop/items") == str(NOT_FOUND)


def test_host_chooses_the_service(gateway: Gateway, backend: Backend) -> None:
    gateway.deploy(Service("contoso", apis=(api(backend.url, "c", "shop", "GET /items"),)))
    assert at(gateway, backend, "/shop/items") == "c/GET /items"
    gateway.deploy(Service("fabrikam", apis=(api(backend.url, "f", "shop", "GET /items"),)))
    for host, name in [("contoso.azure-api.localhost:8080", "c"), ("Fabrikam.azure-api.net", "f")]:
        assert at(gateway, backend, "/shop/items", host=host) == f"{name}/GET /items"


def test_host_of_no_service_is_told_the_known_hosts(gateway: Gateway, backend: Backend) -> None:
    assert "deploy one first" in error(gateway.get("/shop/items"))[1]
    for name in ("contoso", "fabrikam"):
        gateway.deploy(Service(name, apis=(api(backend.url, "c", "shop", "GET /items"),)))
    status, message = error(gateway.get("/shop/items"))
    assert status == 404
    assert message.endswith(
        "send one of these as Host: contoso.azure-api.localhost, fabrikam.azure-api.localhost"
    )
