"""Versions of one model beside each other: how calls tell them, and what consumers are told of one that ends."""

import json
from typing import Any

import pytest

from shared.environments import Transport
from shared.model import description
from shared.model.description import ModelDescription
from shared.model.endpoints import TRANSPORT
from shared.policies import (
    Base,
    Expression,
    RateLimitByKey,
    ReturnResponse,
    SetBody,
    SetHeader,
    SetStatus,
    parse,
)
from tests.unit.stacks import programs
from tests.unit.stacks.recording import Recording

_DEPRECATED = {"stage": "deprecated", "since": "2026-11-24", "sunset": "2027-05-31"}
_LINK = '</iris-species/v2>; rel="successor-version"'


def _described(versioning: object = "segment", **lifecycles: object) -> ModelDescription:
    """Return iris-species with these versions, by their lifecycle; a retired one is deployed nowhere."""
    found = description.load("iris-species", "dev").model_dump(by_alias=True, mode="json", exclude_unset=True)
    of_v1 = found["versions"]["v1"]
    versions = {
        name: {**of_v1, "lifecycle": lifecycle, **({"deployments": {}} if lifecycle == "retired" else {})}
        for name, lifecycle in lifecycles.items()
    }
    changed = {**found, "versioning": versioning, "versions": versions}
    return ModelDescription.model_validate(changed, context={TRANSPORT: Transport.LOOPBACK})


def _run(monkeypatch: pytest.MonkeyPatch, described: ModelDescription) -> Recording:
    monkeypatch.setattr(description, "load", lambda *_, **__: described)
    return programs.model()


@pytest.fixture
def ending(monkeypatch: pytest.MonkeyPatch) -> Recording:
    return _run(monkeypatch, _described(v1=_DEPRECATED, v2="active", v3="retired"))


def _of(recording: Recording, type_: str, version: str) -> list[dict[str, Any]]:
    name = f"iris-species-{version}-"
    return [
        dict(each.inputs)
        for each in recording.of_type(f"apimanagement:{type_}")
        if each.name.startswith(name)
    ]


@pytest.mark.parametrize(
    ("versioning", "scheme", "names"),
    [
        ("segment", "Segment", (None, None)),
        ({"header": "Api-Version"}, "Header", ("Api-Version", None)),
        ({"query": "api-version"}, "Query", (None, "api-version")),
    ],
)
def test_the_version_set_tells_versions_as_the_model_chose(
    monkeypatch: pytest.MonkeyPatch, versioning: object, scheme: str, names: tuple[str | None, str | None]
) -> None:
    inputs = _run(monkeypatch, _described(versioning, v1="active")).only("apimanagement:ApiVersionSet").inputs
    assert inputs["versioningScheme"] == scheme
    assert (inputs.get("versionHeaderName"), inputs.get("versionQueryName")) == names


@pytest.mark.parametrize(
    ("versioning", "path", "headers", "beside"),
    [
        ("segment", "/iris-species/v2/predict", {}, ""),
        ({"header": "Api-Version"}, "/iris-species/predict", {"Api-Version": "v2"}, " Api-Version: v2"),
        ({"query": "api-version"}, "/iris-species/predict?api-version=v2", {}, ""),
    ],
)
def test_the_outputs_say_how_to_call_each_version(
    monkeypatch: pytest.MonkeyPatch, versioning: object, path: str, headers: dict[str, str], beside: str
) -> None:
    exports = _run(monkeypatch, _described(versioning, v1="active", v2="active")).exports
    url = f"{exports['gateway_url']}{path}"
    assert exports["operation_urls"]["v2"]["predict"] == url
    assert exports["operations"]["v2"]["predict"] == f"POST {url}{beside}"
    assert exports["version_headers"]["v2"] == headers


def test_every_answer_of_a_deprecated_version_says_since_when_until_when_and_what_instead(
    ending: Recording,
) -> None:
    document = parse(_of(ending, "ApiPolicy", "v1")[0]["value"])
    told = (
        SetHeader("Deprecation", (Expression('"@1795478400"'),)),
        SetHeader("Sunset", ("Mon, 31 May 2027 23:59:59 GMT",)),
        SetHeader("Link", (_LINK,), "append"),
    )
    for section in (document.outbound, document.on_error):
        assert section is not None
        assert section[-3:] == told
        assert section[0] == Base()


def test_the_headers_of_a_deprecated_version_are_documented_with_each_answer(ending: Recording) -> None:
    for operation in _of(ending, "ApiOperation", "v1"):
        for response in operation["responses"]:
            headers = {header["name"]: header.get("values") for header in response["headers"]}
            assert headers["Deprecation"] == ["@1795478400"]
            assert headers["Sunset"] == ["Mon, 31 May 2027 23:59:59 GMT"]
            assert headers["Link"] == [_LINK]


def test_the_description_of_a_version_begins_with_its_end(ending: Recording) -> None:
    def first(version: str) -> str:
        text: str = _of(ending, "Api", version)[0]["description"]
        return text.splitlines()[0]

    assert first("v1") == "Deprecated since 24 November 2026, serves until 31 May 2027; use v2."
    assert first("v2").startswith("Tells the species of an iris")
    assert first("v3") == "Retired, answers 410; use v2."


def test_an_active_version_beside_them_says_nothing(ending: Recording) -> None:
    text = _of(ending, "ApiPolicy", "v2")[0]["value"]
    assert not any(word in text for word in ("Deprecation", "Sunset", "Link", "return-response"))


def test_a_retired_version_ends_every_call_behind_its_rate_limit(ending: Recording) -> None:
    *before, refusal = parse(_of(ending, "ApiPolicy", "v3")[0]["value"]).inbound or ()
    assert before[0] == Base()
    assert [each for each in before if isinstance(each, RateLimitByKey)]
    assert isinstance(refusal, ReturnResponse)
    assert refusal.status == SetStatus(410, "Gone")
    assert SetHeader("Link", (_LINK,), "append") in refusal.headers
    assert "x-correlation-id" in [header.name for header in refusal.headers]
    assert isinstance(refusal.body, SetBody)
    assert json.loads(str(refusal.body.text)) == {
        "statusCode": 410,
        "message": "Version v3 of iris-species is retired. Use version v2: /iris-species/v2",
    }


def test_a_retired_version_has_no_server_and_no_check_of_bodies_and_keeps_its_consumers(
    ending: Recording,
) -> None:
    assert _of(ending, "Backend", "v3") == []
    assert "serviceUrl" not in _of(ending, "Api", "v3")[0]
    assert _of(ending, "ApiOperationPolicy", "v3") == []
    assert [link["productId"] for link in _of(ending, "ProductApiLink", "v3")] == ["trial", "standard"]
    assert set(ending.exports["smoke_subscriptions"]) == {"v1", "v2", "v3"}
    assert set(ending.exports["endpoints"]) == {"v1", "v2"}


def test_a_retired_version_promises_410_and_what_comes_before_it(ending: Recording) -> None:
    for operation in _of(ending, "ApiOperation", "v3"):
        responses = {response["statusCode"]: response for response in operation["responses"]}
        assert set(responses) == {401, 403, 410, 429, 500}
        (body,) = responses[410]["representations"]
        assert "Use version v2" in body["examples"]["default"]["value"]["message"]


def test_a_version_retired_without_a_successor_points_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    recording = _run(monkeypatch, _described(v1="retired"))
    text = recording.only("apimanagement:ApiPolicy").inputs["value"]
    assert "Version v1 of iris-species is retired. It has no successor." in text
    assert "Link" not in text


@pytest.mark.parametrize(
    ("versioning", "told", "link"),
    [
        (
            {"header": "Api-Version"},
            "/iris-species, with the header Api-Version: v2",
            '</iris-species>; rel="successor-version"; title="Api-Version: v2"',
        ),
        (
            {"query": "api-version"},
            "/iris-species?api-version=v2",
            '</iris-species?api-version=v2>; rel="successor-version"',
        ),
    ],
)
def test_a_retired_version_says_how_its_successor_is_told(
    monkeypatch: pytest.MonkeyPatch, versioning: object, told: str, link: str
) -> None:
    recording = _run(monkeypatch, _described(versioning, v1="retired", v2="active"))
    refusal = (parse(_of(recording, "ApiPolicy", "v1")[0]["value"]).inbound or ())[-1]
    assert isinstance(refusal, ReturnResponse)
    assert isinstance(refusal.body, SetBody)
    assert json.loads(str(refusal.body.text))["message"].endswith(f"Use version v2: {told}")
    assert SetHeader("Link", (link,), "append") in refusal.headers
