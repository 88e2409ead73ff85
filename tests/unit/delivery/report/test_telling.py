"""Operations, APIs, backends, products and the rest, in words."""

import pytest

from delivery.records import SECRET, UNKNOWN, Action, ResourceChange
from delivery.report.hidden import hidden
from delivery.report.telling.changes import tell
from delivery.report.words import plain
from tests.unit.delivery.report.making import Inputs, change, policy, stack, told

_PREDICT: Inputs = {"apiId": "iris-v1", "operationId": "predict", "method": "POST", "urlTemplate": "/predict"}
_API: Inputs = {
    "apiId": "iris-v1",
    "path": "iris",
    "apiVersion": "v1",
    "subscriptionRequired": True,
    "serviceUrl": "https://a.example",
}
_POOL = "/subscriptions/s/resourceGroups/g/providers/Microsoft.ApiManagement/service/a/backends/{}"


def _representation(schema: str, example: str = "a") -> Inputs:
    return {
        "contentType": "application/json",
        "schemaId": "components",
        "typeName": schema,
        "examples": {"default": {"value": example}},
    }


_BREAKING = "Breaking for consumers | v1: POST /predict"
_COMPATIBLE = "Compatible for consumers | v1: POST /predict"


def _rule(count: int, trip: str) -> Inputs:
    return {
        "name": "stop",
        "failureCondition": {
            "count": count,
            "interval": "PT1M",
            "statusCodeRanges": [{"min": 500, "max": 599}, {"min": 429, "max": 429}],
        },
        "tripDuration": trip,
        "acceptRetryAfter": True,
    }


@pytest.mark.parametrize(
    ("kind", "before", "after", "sentences"),
    [
        (
            "ApiOperation",
            None,
            _PREDICT,
            [f"{_COMPATIBLE}: the operation is new"],
        ),
        (
            "ApiOperation",
            _PREDICT,
            None,
            [f"{_BREAKING}: the operation is gone: calls get 404"],
        ),
        (
            "ApiOperation",
            _PREDICT,
            _PREDICT | {"method": "PUT"},
            [f"{_BREAKING}: the operation becomes PUT /predict: calls of the old address get 404"],
        ),
        (
            "ApiOperation",
            _PREDICT | {"templateParameters": [{"name": "id", "type": "string"}]},
            _PREDICT | {"templateParameters": [{"name": "id", "type": "integer", "required": True}]},
            [
                f"{_BREAKING}: the path parameter id no longer takes texts",
                f"{_COMPATIBLE}: the path parameter id now also takes whole numbers",
            ],
        ),
        (
            "ApiOperation",
            _PREDICT,
            _PREDICT | {"request": {"queryParameters": [{"name": "top", "required": True}]}},
            [f"{_BREAKING}: the query parameter top is new and required"],
        ),
        (
            "ApiOperation",
            _PREDICT | {"request": {"representations": [_representation("In")]}},
            _PREDICT | {"request": {"representations": [_representation("In2", "b")]}},
            [
                "Descriptions | v1: POST /predict, request as application/json, example: changed",
            ],
        ),
        (
            "ApiOperation",
            _PREDICT | {"responses": [{"statusCode": 200, "representations": [_representation("Out")]}]},
            _PREDICT | {"responses": [{"statusCode": 200}, {"statusCode": 429, "description": "too many"}]},
            [
                f"{_BREAKING}: the response 200 no longer comes as application/json",
                f"{_COMPATIBLE}: the response 429 is new",
            ],
        ),
        (
            "ApiOperation",
            _PREDICT,
            _PREDICT | {"policies": "x", "request": {"other": 1}},
            [
                "Operations | v1: POST /predict, policies: nothing → x",
                "Operations | v1: POST /predict, other: nothing → 1",
            ],
        ),
        (
            "Api",
            _API,
            _API | {"subscriptionRequired": False, "path": "m/iris"},
            [
                "Availability | v1: path on the gateway: iris → m/iris",
                "Authentication | v1: subscription key: required → not required: anybody may call",
                "Availability | v1: the old address /iris/v1: gets 404 from now on",
            ],
        ),
        ("Api", _API, _API | {"isCurrent": True}, ["Other | v1: isCurrent: nothing → true"]),
        (
            "Api",
            _API,
            None,
            ["Availability | v1: API at /iris/v1: removed with all its operations: calls get 404"],
        ),
        (
            "ProductApiLink",
            {"apiLinkId": "iris-v1", "productId": "trial"},
            None,
            [
                "Products | v1: product trial: no longer offers the API: its subscribers cannot call it any more"
            ],
        ),
        (
            "ProductApiLink",
            {"apiLinkId": "iris-v1", "productId": "trial"},
            {"apiLinkId": "iris-v1", "productId": "standard"},
            [
                "Products | v1: product trial: no longer offers the API: its subscribers cannot call it any more",
                "Products | v1: product standard: offers the API",
            ],
        ),
        (
            "Backend",
            {"backendId": "iris-v1", "url": "https://a.example", "tls": {"validateCertificateChain": True}},
            {"backendId": "iris-v1", "url": "https://b.example", "tls": {"validateCertificateChain": False}},
            [
                "Backends | v1: backend iris-v1, URL: https://a.example → https://b.example",
                "Backends | v1: backend iris-v1, chain of the server's certificate: checked → not checked",
            ],
        ),
        (
            "Backend",
            {
                "backendId": "iris-v1",
                "pool": {
                    "services": [
                        {"id": _POOL.format("blue"), "priority": 1, "weight": 3},
                        {"id": _POOL.format("green"), "priority": 1, "weight": 1},
                    ]
                },
            },
            {
                "backendId": "iris-v1",
                "pool": {
                    "services": [
                        {"id": _POOL.format("blue"), "priority": 1, "weight": 1},
                        {"id": _POOL.format("green"), "priority": 1, "weight": 1},
                        {"id": _POOL.format("spare"), "priority": 2},
                    ]
                },
            },
            [
                (
                    "Backends | v1: pool iris-v1, member blue: "
                    "priority 1, weight 3, 75% of the calls at its priority → "
                    "priority 1, weight 1, 50% of the calls at its priority"
                ),
                (
                    "Backends | v1: pool iris-v1, member green: "
                    "priority 1, weight 1, 25% of the calls at its priority → "
                    "priority 1, weight 1, 50% of the calls at its priority"
                ),
                "Backends | v1: pool iris-v1, member spare: added: priority 2",
            ],
        ),
        (
            "Backend",
            {
                "backendId": "iris-v1",
                "pool": {"services": [{"id": _POOL.format("iris-v1-main"), "weight": 100}]},
            },
            {
                "backendId": "iris-v1",
                "pool": {
                    "services": [
                        {"id": _POOL.format("iris-v1-main"), "weight": 90},
                        {"id": _POOL.format("iris-v1-green"), "weight": 10},
                    ]
                },
            },
            ["Backends | v1: pool iris-v1, shares of the calls: 100% main → 90% main, 10% green"],
        ),
        (
            "Backend",
            None,
            {
                "backendId": "iris-v1",
                "pool": {"services": [{"id": _POOL.format("iris-v1-main"), "weight": 100}]},
            },
            [
                "Backends | v1: pool iris-v1: added",
                "Backends | v1: pool iris-v1, shares of the calls: 100% main",
            ],
        ),
        (
            "Backend",
            {
                "backendId": "iris-v1",
                "pool": {"services": [{"id": _POOL.format("iris-v1-main"), "weight": 100}]},
            },
            None,
            ["Backends | v1: pool iris-v1: removed"],
        ),
        (
            "Backend",
            {"backendId": "iris-v1", "circuitBreaker": {"rules": [_rule(3, "PT1M30S")]}},
            {"backendId": "iris-v1", "circuitBreaker": {"rules": [_rule(5, "PT1H")]}},
            [
                (
                    "Backends | v1: backend iris-v1, circuit breaker stop: "
                    "opens for 1 minute 30 seconds after 3 failures in 1 minute of status 500 to 599 and 429, "
                    "acceptRetryAfter true → "
                    "opens for 1 hour after 5 failures in 1 minute of status 500 to 599 and 429, acceptRetryAfter true"
                )
            ],
        ),
        (
            "Backend",
            {"backendId": "iris-v1", "pool": {"services": []}, "circuitBreaker": {"rules": []}},
            {"backendId": "iris-v1", "pool": {"services": [], "affinity": 1}, "circuitBreaker": {"other": 2}},
            [
                "Backends | v1: backend iris-v1, circuitBreaker.other: nothing → 2",
                "Backends | v1: backend iris-v1, pool.affinity: nothing → 1",
            ],
        ),
        (
            "ApiVersionSet",
            {"versionSetId": "iris", "versioningScheme": "Segment"},
            {"versionSetId": "iris", "versioningScheme": "Header", "versionHeaderName": "x-v"},
            ["Availability | v1: what tells the version of a call: a segment of its path → the header x-v"],
        ),
        (
            "ApiVersionSet",
            {"versionSetId": "iris", "versioningScheme": "Query", "versionQueryName": "a"},
            {
                "versionSetId": "iris",
                "versioningScheme": "Query",
                "versionQueryName": "v",
                "displayName": "Iris",
            },
            [
                "Availability | v1: what tells the version of a call: the query parameter a → the query parameter v",
                "Descriptions | v1: name of the version set: nothing → Iris",
            ],
        ),
        (
            "TagApiLink",
            {"apiLinkId": "iris-v1", "tagId": "tabular"},
            None,
            ["Descriptions | v1: tag tabular: no longer finds the API"],
        ),
        (
            "TagApiLink",
            None,
            {"apiLinkId": "iris-v1", "tagId": "tabular"},
            ["Descriptions | v1: tag tabular: finds the API"],
        ),
        (
            "Tag",
            {"tagId": "text", "displayName": "text"},
            None,
            ["Descriptions | v1: tag text: removed: models that carry it lose it"],
        ),
        (
            "Product",
            {
                "productId": "trial",
                "approvalRequired": False,
                "subscriptionsLimit": 1,
                "displayName": "Trial",
            },
            {"productId": "trial", "approvalRequired": True, "displayName": "Trials"},
            [
                "Authentication | product trial: new subscriptions: need no approval → wait for an approval",
                "Limits | product trial: subscriptions of one user: at most 1 → no limit",
                "Descriptions | product trial: name: Trial → Trials",
            ],
        ),
        (
            "NamedValue",
            {"namedValueId": "a", "value": "1"},
            {"namedValueId": "a", "value": "2"},
            ["Policies | v1: named value a, value: 1 → 2"],
        ),
        (
            "Diagnostic",
            {"diagnosticId": "applicationinsights", "sampling": {"samplingType": "fixed", "percentage": 100}},
            {"diagnosticId": "applicationinsights", "sampling": {"samplingType": "fixed", "percentage": 5}},
            ["Telemetry | v1: traces to applicationinsights, share of calls that are traced: 100 → 5 %"],
        ),
        (
            "ApiManagementService",
            {"sku": {"name": "Developer", "capacity": 1}},
            {"sku": {"name": "Premium", "capacity": 2}},
            [
                "Service | v1: API Management service, tier: Developer → Premium",
                "Service | v1: API Management service, capacity: 1 → 2 units",
            ],
        ),
        (
            "ApiManagementService",
            None,
            {"sku": {"name": "Developer", "capacity": 1}},
            ["Service | v1: API Management service: added: tier Developer, 1 unit"],
        ),
        (
            "azure-native:network:Subnet",
            {"addressPrefix": "10.0.0.0/24"},
            {"addressPrefix": "10.0.0.0/23"},
            ["Other | v1: Subnet iris-v1-thing, addressPrefix: 10.0.0.0/24 → 10.0.0.0/23"],
        ),
    ],
)
def test_a_change_is_told_in_words(
    kind: str, before: Inputs | None, after: Inputs | None, sentences: list[str]
) -> None:
    assert told(kind, before, after) == sentences


def test_a_value_that_is_not_known_yet_says_so() -> None:
    before: Inputs = {"backendId": "iris-v1", "url": "https://a.example"}
    assert told("Backend", before, before | {"url": UNKNOWN}) == [
        "Backends | v1: backend iris-v1, URL: https://a.example → a value known after deployment"
    ]


def test_an_update_is_never_silent() -> None:
    same: Inputs = {"namedValueId": "a", "value": SECRET}
    made: ResourceChange = change("NamedValue", same, same).model_copy(update={"paths": ("value",)})
    assert [plain(each.what) for each in tell(stack(made), hidden(made))] == ["changed: value"]
    unnamed = made.model_copy(update={"paths": ()})
    assert [plain(each.what) for each in tell(stack(unnamed), hidden(unnamed))] == [
        "changed: properties that are not shown"
    ]


def test_the_version_comes_from_the_name_while_ids_are_unknown() -> None:
    assert told("ApiOperation", None, _PREDICT | {"apiId": UNKNOWN}, name="iris-v12-predict") == [
        "Compatible for consumers | v12: POST /predict: the operation is new"
    ]


def test_a_replacement_without_another_difference_tells_consumers_nothing() -> None:
    made = change("ApiOperation", _PREDICT, _PREDICT).model_copy(update={"action": Action.REPLACE})
    assert tell(stack(made), hidden(made)) == ()


def test_of_long_values_the_part_that_differs_is_shown() -> None:
    before: Inputs = {"apiId": "iris-v1", "path": "p", "description": "same " * 100 + "old end"}
    after = {**before, "description": "same " * 100 + "new end"}
    (sentence,) = told("Api", before, after)
    assert "old end → …" in sentence
    assert sentence.endswith("new end")
    assert len(sentence) < 200
    header = '<set-header name="x-a"><value>{}</value></set-header>'
    (sentence,) = told(
        "ApiPolicy",
        policy(header.format("same " * 100 + "old")),
        policy(header.format("same " * 100 + "new")),
    )
    assert "old → …" in sentence
    assert sentence.endswith("new")
