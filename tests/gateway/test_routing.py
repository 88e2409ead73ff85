"""From Host and path to service, API version and operation."""

from dataclasses import replace

import pytest

from local_azure.gateway.configuration import Api, Operation, Product, Service, Subscription
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
    ("call", "template"),
    [
        ("/search?q=iris", "/search?q={text}"),
        ("/search?Q=", "/search?q={text}"),
        ("/search?page=2&q=iris&more=1", "/search?q={text}&page={page}"),
        ("/search?mode=fast&q=iris", "/search?q={text}&mode=fast"),
        ("/search?mode=FAST&q=iris", "/search?q={text}&mode=fast"),
        ("/search?mode=slow&q=iris", "/search?q={text}&mode={mode}"),
        ("/search", "/search"),
        ("/search?page=2", "/search"),
        ("/other?id=7", "/{name}?id={id}"),
        ("/search?id=7", "/search"),
    ],
)
def test_query_of_a_template_chooses_the_operation(
    gateway: Gateway, backend: Backend, call: str, template: str
) -> None:
    templates = [
        "/search", "/search?q={text}", "/search?q={text}&mode={mode}", "/search?q={text}&mode=fast",
        "/search?q={text}&page={page}", "/{name}?id={id}",
    ]  # fmt: skip
    gateway.deploy(
        Service("contoso", apis=(api(backend.url, "a", "shop", *(f"GET {path}" for path in templates)),))
    )
    assert at(gateway, backend, f"/shop{call}") == f"a/GET {template}"


@pytest.mark.parametrize(
    ("query", "status"), [("", 404), ("?id=7", 404), ("?id=7&kind=y", 404), ("?kind=x&id", 200)]
)
def test_query_that_a_template_asks_for_is_required(
    gateway: Gateway, backend: Backend, query: str, status: int
) -> None:
    gateway.deploy(Service("contoso", apis=(api(backend.url, "a", "shop", "GET /items?id={id}&kind=x"),)))
    assert gateway.get(f"/shop/items{query}").status_code == status


def test_parameters_of_path_wildcard_and_query_are_decoded(gateway: Gateway, backend: Backend) -> None:
    marks = "".join(
        header(f"x-{name}", f'@(context.Request.MatchedParameters["{name}"])')
        for name in ("name", "rest", "text")
    )
    deployed = api(backend.url, "a", "shop", "GET /{name}.json/{*rest}?q={text}")
    operation = replace(deployed.operations[0], policy=policy(inbound="<base />" + marks))
    gateway.deploy(Service("contoso", apis=(replace(deployed, operations=(operation,)),)))
    assert gateway.get("/shop/a%2Bb.json/c/d%20e?q=f+g%26").status_code == 200
    got = [backend.last.values(f"x-{name}")[0] for name in ("name", "rest", "text")]
    assert got == ["a+b", "c/d e", "f g&"]


def test_head_is_a_method_of_its_own(gateway: Gateway, backend: Backend) -> None:
    templates = ("GET /read", "HEAD /asked", "* /any")
    gateway.deploy(Service("contoso", apis=(api(backend.url, "a", "shop", *templates),)))
    answers = [gateway.client.head(f"/shop{path}") for path in ("/read", "/asked", "/any")]
    assert [answer.status_code for answer in answers] == [404, 200, 200]
    assert [answer.content for answer in answers] == [b"", b"", b""]
    assert [got.method for got in backend.received] == ["HEAD", "HEAD"]
    assert gateway.client.get("/shop/asked").status_code == 404


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PURGE"])
def test_method_chooses_the_operation(gateway: Gateway, backend: Backend, method: str) -> None:
    templates = [f"{name} /items" for name in ("GET", "POST", "PUT", "PATCH", "DELETE")] + ["* /items"]
    gateway.deploy(Service("contoso", apis=(api(backend.url, "a", "shop", *templates),)))
    named = method if f"{method} /items" in templates else "*"
    assert at(gateway, backend, "/shop/items", method) == f"a/{named} /items"


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


@pytest.mark.parametrize(("scheme", "name"), [("Header", "Api-Version"), ("Query", "api-version")])
def test_version_told_beside_the_path_chooses_among_apis_of_one_path(
    gateway: Gateway, backend: Backend, scheme: str, name: str
) -> None:
    versions = [("original", None), ("one", "v1"), ("two", "v2")]
    gateway.deploy(
        Service(
            "contoso",
            apis=tuple(
                api(
                    backend.url, known, "shop", "GET /items",
                    version=version, version_scheme=scheme, version_name=name,
                )
                for known, version in versions
            ),
        )
    )  # fmt: skip

    def chosen(version: str | None) -> str:
        told_so = {name: version} if version else {}
        if scheme == "Header":
            return at(gateway, backend, "/shop/items", **told_so)
        return at(gateway, backend, "/shop/items" + "".join(f"?{key}={told_so[key]}" for key in told_so))

    assert [chosen(version).split("/")[0] for _, version in versions] == ["original", "one", "two"]


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


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("/iris/predict", "one/GET /predict"),
        ("/iris;rev=1/predict", "one/GET /predict"),
        ("/iris;rev=2/predict", "two/GET /predict"),
        ("/IRIS;REV=2/predict?a=1", "two/GET /predict"),
        ("/rain/v1;rev=2/predict", "rain/GET /predict"),
        ("/;rev=1/predict", "root/GET /predict"),
        ("/iris;rev=3/predict", str(NOT_FOUND)),
        ("/rain/v1/predict", str(NOT_FOUND)),
    ],
)
def test_a_path_may_ask_for_a_revision(gateway: Gateway, backend: Backend, path: str, found: str) -> None:
    version = {"version": "v1", "version_scheme": "Segment"}
    old = {"revision": "2", "is_current": False}
    apis = (
        api(backend.url, "one", "iris", "GET /predict"),
        replace(api(backend.url, "two", "iris", "GET /predict", **old), name="iris;rev=2", family="one"),
        api(backend.url, "rain", "rain", "GET /predict", **version, **old),
        api(backend.url, "root", "", "GET /predict"),
    )
    gateway.deploy(Service("contoso", apis=apis))
    assert at(gateway, backend, path) == found


def test_a_key_of_an_api_and_of_its_product_opens_every_revision(gateway: Gateway, backend: Backend) -> None:
    first = api(backend.url, "iris", "iris", "GET /predict", subscription_required=True)
    second = replace(first, name="iris;rev=2", family="iris", revision="2", is_current=False)
    revision = header("x-at", "@(context.Api.Id + context.Api.Revision + context.Api.IsCurrentRevision)")
    second = replace(second, policy=policy(inbound="<base />" + revision), operations=(
        replace(second.operations[0], policy=None),
    ))  # fmt: skip
    products = (Product("standard", api_names=frozenset({"iris"})),)
    subscriptions = (
        Subscription("api", "/apis/iris", primary_key="of-api"),
        Subscription("product", "/products/standard", primary_key="of-product"),
    )
    gateway.deploy(Service("contoso", apis=(first, second), products=products, subscriptions=subscriptions))
    for key in ("of-api", "of-product"):
        found = at(gateway, backend, "/iris;rev=2/predict", **{"Ocp-Apim-Subscription-Key": key})
        assert found == "iris2False"
    assert at(gateway, backend, "/iris;rev=2/predict").startswith("(401")
