"""Enums: a closed one refuses other values, an extensible one takes them and the log says so."""

import logging

import pytest

from local_azure.arm.json_values import JsonObject, find
from tests.unit.arm.local_arm import SERVICE, SERVICE_BODY, LocalArm

LOG = "local_azure.arm"


def test_an_unknown_value_of_an_extensible_enum_is_taken_with_a_warning(
    arm: LocalArm, caplog: pytest.LogCaptureFixture
) -> None:
    path = f"{SERVICE}/apis/iris"
    body: JsonObject = {"properties": {"path": "iris", "displayName": "Iris", "protocols": ["https", "h3"]}}
    with caplog.at_level(logging.WARNING, LOG):
        arm.put(path, body)
    assert find(arm.get(path), "properties", "protocols") == ["https", "h3"]
    (warning,) = caplog.messages
    assert warning == (
        "Microsoft.ApiManagement/service/apis: protocols[1] is 'h3', which is none of the known values "
        "http, https, ws, wss; it is taken all the same"
    )


def test_known_values_warn_nobody(arm: LocalArm, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, LOG):
        arm.put(SERVICE, SERVICE_BODY)
    assert caplog.messages == []


def test_a_body_that_is_refused_warns_nobody(arm: LocalArm, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, LOG):
        arm.refusal("PUT", f"{SERVICE}/apis/iris", {"properties": {"protocols": ["h3"]}})
    assert caplog.messages == []


def test_an_unknown_value_of_a_closed_enum_is_refused_with_those_that_are_known(arm: LocalArm) -> None:
    body: JsonObject = {"properties": {"displayName": "Standard", "state": "Retired"}}
    status, code, sentence = arm.refusal("PUT", f"{SERVICE}/products/standard", body)
    assert (status, code) == (400, "ValidationError")
    assert sentence.endswith("'state' is 'Retired'; it has to be one of notPublished, published.")
