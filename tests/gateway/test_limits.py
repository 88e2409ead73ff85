"""`rate-limit`, `rate-limit-by-key` and `quota`, with a clock that tests move."""

from dataclasses import replace

import pytest

from local_azure.gateway.configuration import Product, Service, Subscription
from local_azure.gateway.counters import SWEEP, Counters
from local_azure.gateway.statements.limits import time_span
from tests.gateway.documents import KEY, PRODUCT_KEY, header, policy, service
from tests.gateway.servers import Backend, Clock, Gateway, error

PATH = "/species/v1/ready"


def limited(url: str, statement: str, **api: object) -> Service:
    return service(url, policy=policy(inbound="<base />" + statement), **api)


def call(gateway: Gateway, key: str = KEY, **headers: str) -> int:
    return gateway.get(PATH, ocp_apim_subscription_key=key, **headers).status_code


def test_rate_limit_slides(gateway: Gateway, backend: Backend) -> None:
    gateway.deploy(limited(backend.url, '<rate-limit calls="2" renewal-period="60" />'))
    assert call(gateway) == 200
    gateway.clock.now += 20
    assert call(gateway) == 200
    gateway.clock.now += 10
    refused = gateway.get(PATH, ocp_apim_subscription_key=KEY)
    assert error(refused) == (429, "Rate limit is exceeded. Try again in 30 seconds.")
    assert refused.headers["retry-after"] == "30"
    gateway.clock.now += 30
    assert [call(gateway), call(gateway)] == [200, 429]
    assert len(backend.received) == 3


def test_rate_limit_counts_each_subscription(gateway: Gateway, backend: Backend) -> None:
    gateway.deploy(limited(backend.url, '<rate-limit calls="1" renewal-period="60" />'))
    assert [call(gateway), call(gateway, PRODUCT_KEY), call(gateway)] == [200, 200, 429]


def test_rate_limit_counts_a_subscription_and_not_a_key(gateway: Gateway, backend: Backend) -> None:
    gateway.deploy(limited(backend.url, '<rate-limit calls="1" renewal-period="60" />'))
    assert [call(gateway), call(gateway, "second")] == [200, 429]


def test_rate_limit_does_nothing_without_a_subscription(gateway: Gateway, backend: Backend) -> None:
    statement = '<rate-limit calls="1" renewal-period="60" />'
    gateway.deploy(limited(backend.url, statement, subscription_required=False))
    assert [gateway.get(PATH).status_code for _ in range(3)] == [200, 200, 200]


def test_rate_limits_of_product_and_api_count_apart(gateway: Gateway, backend: Backend) -> None:
    deployed = limited(backend.url, '<rate-limit calls="3" renewal-period="60" />')
    tight = policy(inbound='<base /><rate-limit calls="2" renewal-period="60" />')
    product = Product("standard", api_names=frozenset({"species-v1"}), policy=tight)
    gateway.deploy(replace(deployed, products=(product,)))
    assert [call(gateway, PRODUCT_KEY) for _ in range(3)] == [200, 200, 429]


def test_a_changed_configuration_keeps_the_counters(gateway: Gateway, backend: Backend) -> None:
    gateway.deploy(limited(backend.url, '<rate-limit calls="1" renewal-period="60" />'))
    assert call(gateway) == 200
    gateway.deploy(
        limited(backend.url, '<rate-limit calls="1" renewal-period="60" />' + header("x-new", "1"))
    )
    assert call(gateway) == 429


def test_rate_limit_names_its_headers(gateway: Gateway, backend: Backend) -> None:
    statement = (
        '<rate-limit calls="2" renewal-period="60" retry-after-header-name="x-wait" '
        'remaining-calls-header-name="x-left" total-calls-header-name="x-total" '
        'remaining-calls-variable-name="left" />'
        + header("x-left", '@(context.Variables["left"].ToString())')
    )
    gateway.deploy(limited(backend.url, statement))
    response = gateway.get(PATH, ocp_apim_subscription_key=KEY)
    assert (response.headers["x-left"], response.headers["x-total"]) == ("1", "2")
    assert backend.last.values("x-left") == ["1"]
    call(gateway)
    refused = gateway.get(PATH, ocp_apim_subscription_key=KEY)
    assert (refused.headers["x-left"], refused.headers["x-wait"]) == ("0", "60")
    assert "retry-after" not in refused.headers


def test_rate_limit_by_key_counts_each_value(gateway: Gateway, backend: Backend) -> None:
    gateway.deploy(
        limited(
            backend.url,
            '<rate-limit-by-key calls="1" renewal-period="60" '
            'counter-key="@(context.Request.Headers.GetValueOrDefault("x-tenant", ""))" />',
        )
    )
    assert [call(gateway, x_tenant="a"), call(gateway, x_tenant="b"), call(gateway, x_tenant="a")] == [
        200,
        200,
        429,
    ]


def test_rate_limit_by_key_shares_a_counter_between_apis(gateway: Gateway, backend: Backend) -> None:
    statement = '<rate-limit-by-key calls="1" renewal-period="60" counter-key="@(context.Subscription.Id)" />'
    deployed = limited(backend.url, statement)
    second = replace(deployed.apis[0], name="species-v2", version="v2")
    every = Subscription("all", "/apis", primary_key="all")
    gateway.deploy(replace(deployed, apis=(deployed.apis[0], second), subscriptions=(every,)))
    assert gateway.get("/species/v1/ready", ocp_apim_subscription_key="all").status_code == 200
    assert gateway.get("/species/v2/ready", ocp_apim_subscription_key="all").status_code == 429


def test_rate_limit_by_key_counts_only_what_its_condition_names(gateway: Gateway, backend: Backend) -> None:
    statement = (
        '<rate-limit-by-key calls="1" renewal-period="60" counter-key="one" '
        'increment-condition="@(context.Response.StatusCode == 200)" />'
    )
    gateway.deploy(limited(backend.url, statement))
    backend.status = 404
    assert [call(gateway), call(gateway)] == [404, 404]
    backend.status = 200
    assert [call(gateway), call(gateway)] == [200, 429]


def test_rate_limit_by_key_increments_by_its_count(gateway: Gateway, backend: Backend) -> None:
    statement = '<rate-limit-by-key calls="4" renewal-period="60" counter-key="one" increment-count="2" />'
    gateway.deploy(limited(backend.url, statement))
    assert [call(gateway), call(gateway), call(gateway)] == [200, 200, 429]


def test_services_count_apart(gateway: Gateway, backend: Backend) -> None:
    statements = (
        '<rate-limit calls="1" renewal-period="60" />',
        '<rate-limit-by-key calls="1" renewal-period="60" counter-key="one" />',
    )
    for statement in statements:
        deployed = limited(backend.url, statement)
        gateway.deploy(deployed)
        gateway.deploy(replace(deployed, name="fabrikam"))
        hosts = ("contoso.azure-api.net", "fabrikam.azure-api.net", "contoso.azure-api.net")
        assert [call(gateway, host=host) for host in hosts] == [200, 200, 429]


def test_keys_that_callers_choose_are_forgotten() -> None:
    clock = Clock()
    counters = Counters(clock)
    for number in range(4 * SWEEP):
        counters.rate(str(number), 1, 60)
        counters.count_rate(str(number), 60)
        clock.now += 1
    assert len(counters._sliding) < 2 * SWEEP  # noqa: SLF001 - nothing else tells what is kept
    assert counters.rate(str(4 * SWEEP - 1), 1, 60).remaining == 0


def test_windows_of_one_counter_keep_to_their_own_period() -> None:
    clock = Clock()
    counters = Counters(clock)
    counters.count_rate("a", 300)
    clock.now += 100
    counters.count_rate("a", 60, 2)
    assert counters.rate("a", 4, 300).remaining == 1
    assert counters.rate("a", 4, 60).remaining == 2
    assert counters.rate("a", 3, 300).retry_after == 200


def with_quota(url: str, subscription: str, statement: str) -> Service:
    product = Product(
        "metered", api_names=frozenset({"species-v1"}), policy=policy(inbound="<base />" + statement)
    )
    subscriptions = (Subscription(subscription, "/products/metered", primary_key=KEY),)
    return replace(service(url), products=(product,), subscriptions=subscriptions)


def test_quota_is_a_fixed_window(gateway: Gateway, backend: Backend) -> None:
    gateway.deploy(with_quota(backend.url, "calls", '<quota calls="2" renewal-period="3600" />'))
    assert call(gateway) == 200
    gateway.clock.now += 3000
    assert call(gateway) == 200
    refused = gateway.get(PATH, ocp_apim_subscription_key=KEY)
    assert error(refused) == (403, "Out of call volume quota. Quota will be replenished in 00:10:00.")
    assert refused.headers["retry-after"] == "600"
    gateway.clock.now += 600
    assert [call(gateway) for _ in range(3)] == [200, 200, 403]


def test_quota_of_bandwidth_counts_request_and_response(gateway: Gateway, backend: Backend) -> None:
    gateway.deploy(with_quota(backend.url, "bandwidth", '<quota bandwidth="2" renewal-period="3600" />'))
    backend.body = b"x" * 1500
    assert [call(gateway), call(gateway)] == [200, 200]
    refused = gateway.get(PATH, ocp_apim_subscription_key=KEY)
    assert error(refused) == (403, "Out of bandwidth quota. Quota will be replenished in 01:00:00.")


def test_quota_that_never_renews() -> None:
    clock = Clock()
    counters = Counters(clock)
    counters.count_quota("a", calls=2)
    clock.now += 1e9
    assert counters.quota("a", 0) == (2, 0, 0)


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "00:00:00"), (3723, "01:02:03"), (20 * 86400 + 35935, "20.09:58:55")]
)
def test_time_span_is_dotnets(seconds: int, text: str) -> None:
    assert time_span(seconds) == text
