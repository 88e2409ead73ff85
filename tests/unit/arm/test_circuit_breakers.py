"""The circuit breaker of a backend, from its resource to what the gateway executes."""

import pytest

from local_azure.arm.gateway_configuration import GatewayConfiguration
from local_azure.arm.json_values import JsonObject
from local_azure.gateway.configuration import Backend, CircuitBreakerRule
from tests.unit.arm.local_arm import SERVICE, LocalArm

BACKEND = f"{SERVICE}/backends/iris"
CONDITION: JsonObject = {
    "count": 3,
    "interval": "PT1H",
    "statusCodeRanges": [{"min": 500, "max": 599}],
    "errorReasons": ["Timeout"],
}
RULE: JsonObject = {"name": "failing", "failureCondition": CONDITION, "tripDuration": "PT1M30S"}


def _body(*rules: JsonObject) -> JsonObject:
    breaker: JsonObject = {"rules": list(rules)}
    return {
        "properties": {
            "url": "https://a.contoso.example",
            "protocol": "http",
            "circuitBreaker": breaker,
        }
    }


def _rule(arm: LocalArm, body: JsonObject) -> CircuitBreakerRule | None:
    arm.put(BACKEND, body)
    (backend,) = GatewayConfiguration(arm.store).current()["apim-contoso"].service.backends
    assert isinstance(backend, Backend)
    return backend.circuit_breaker


def test_the_service_carries_the_rule_of_a_backend(arm: LocalArm) -> None:
    assert _rule(arm, _body(RULE | {"acceptRetryAfter": True})) == CircuitBreakerRule(
        3, 3600, 90, ((500, 599),), frozenset({"Timeout"}), accept_retry_after=True
    )
    assert _rule(arm, _body()) is None


@pytest.mark.parametrize(
    ("rules", "sentence"),
    [
        ((RULE, RULE), "Only one rule"),
        ((RULE | {"tripDuration": "90"},), "tripDuration is '90'"),
        ((RULE | {"failureCondition": CONDITION | {"interval": None}},), "failureCondition.interval is ''"),
        ((RULE | {"failureCondition": {"percentage": 50, "interval": "PT1M"}},), "failureCondition.count"),
        ((RULE | {"failureCondition": CONDITION | {"statusCodeRanges": [{"min": 500}]}},), "needs max"),
    ],
)
def test_a_rule_that_cannot_be_executed_is_refused(
    arm: LocalArm, rules: tuple[JsonObject, ...], sentence: str
) -> None:
    status, _, told = arm.refusal("PUT", BACKEND, _body(*rules))
    assert status == 400
    assert sentence in told
