"""What is replaced or deleted, why, and what is lost with it."""

import pytest

from delivery.report.dangers import dangers_of
from delivery.report.words import plain
from tests.unit.delivery.report.making import Inputs, change, in_environment, replaced, stack

_API: Inputs = {"apiId": "iris-v1", "path": "iris", "apiVersion": "v1"}


def test_a_replacement_names_what_forces_it_and_what_is_lost() -> None:
    subscription = change("Subscription", {"sid": "a"}, {"sid": "b"}, name="iris-v1-smoke")
    stacks = [
        in_environment(stack(replaced(subscription, "sid", "scope")), name)
        for name in ("dev", "staging", "prod")
    ]
    (danger,) = dangers_of(stacks)
    assert plain(danger.what) == "Replaces Subscription iris-v1-smoke of iris"
    assert plain(danger.why) == ", because sid and scope cannot change in place"
    assert plain(danger.loss) == "Its keys stop working: who uses them has to fetch new ones"
    assert danger.environments == ("dev", "staging", "prod")


@pytest.mark.parametrize(
    ("kind", "inputs", "loss"),
    [
        ("Api", _API, "Calls to /iris/v1 fail"),
        ("ApiOperation", {"method": "GET", "urlTemplate": "/ready"}, "Calls to GET /ready fail"),
        ("Subscription", {}, "Its keys stop working"),
        ("Product", {}, "Its subscriptions go with it, and their keys stop working"),
        ("ApiManagementService", {}, "Every API, product, subscription and key goes with it"),
        ("ProductApiLink", {"productId": "trial"}, "Subscribers of trial cannot call the API"),
        ("azure-native:keyvault:Vault", {}, "Its secrets and keys go with it"),
        ("azure-native:operationalinsights:Workspace", {}, "Its logs are lost"),
        ("ApiSchema", {}, ""),
    ],
)
def test_a_deletion_tells_what_is_lost(kind: str, inputs: Inputs, loss: str) -> None:
    (danger,) = dangers_of([in_environment(stack(change(kind, inputs, None)), "dev")])
    assert plain(danger.loss) == loss
    assert plain(danger.why) == ""


def test_parts_go_with_their_api_and_the_worst_comes_first() -> None:
    operation = change("ApiOperation", {"apiId": "iris-v1", "operationId": "a"}, None, name="iris-v1-a")
    api = change("Api", _API, None, name="iris-v1-api")
    schema = change("ApiSchema", {"apiId": "iris-v2"}, None, name="iris-v2-schema")
    dangers = dangers_of([in_environment(stack(operation, schema, api), "dev")])
    assert [plain(danger.what) for danger in dangers] == [
        "Deletes Api iris-v1-api of iris, with 1 resource of it",
        "Deletes ApiSchema iris-v2-schema of iris",
    ]


def test_a_stack_that_is_destroyed_is_one_line_and_one_for_each_loss() -> None:
    gone = stack(
        change("Subscription", {"sid": "a"}, None, name="iris-v1-smoke"),
        change("ApiVersionSet", {}, None),
        destroys=True,
    )
    assert [plain(danger.what) for danger in dangers_of([in_environment(gone, "dev")])] == [
        "Destroys the whole stack of iris: 2 resources",
        "Deletes Subscription iris-v1-smoke of iris",
    ]


def test_creations_and_updates_are_no_danger() -> None:
    harmless = stack(change("Api", None, _API), change("Api", _API, _API))
    assert dangers_of([in_environment(harmless, "dev")]) == ()
