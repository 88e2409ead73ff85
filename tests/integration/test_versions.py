"""Versions of a deployed model, one deprecated, one active, one retired; and a model that tells them by header."""

from collections.abc import Iterator
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import httpx
import pytest
import yaml

from tests.support.clone import Clone

_API_MANAGEMENT = "2024-05-01"
_DEPRECATED = {"stage": "deprecated", "since": "2026-11-24", "sunset": "2027-05-31", "successor": "v2"}


def _up(clone: Clone, model: str) -> None:
    done = clone.pulumi("model", "up", "--yes", "--skip-preview", "-s", f"{model}.local")
    assert done.returncode == 0, done.stdout + done.stderr


def _changed(clone: Clone, model: str, change: dict[str, Any]) -> Iterator[Path]:
    """Deploy a model with other keys in its description; restore it, and deploy again, when the test ends."""
    path = clone.root / "models" / model / "model.yaml"
    before = path.read_text()
    path.write_text(yaml.safe_dump({**yaml.safe_load(before), **change}, sort_keys=False))
    try:
        _up(clone, model)
        yield path
    finally:
        path.write_text(before)
        _up(clone, model)


@pytest.fixture(scope="module")
def ending(deployed: Clone) -> Iterator[Clone]:
    """Iris-species with v1 deprecated, v2 active and v3 retired, which has no server."""
    described = yaml.safe_load((deployed.root / "models" / "iris-species" / "model.yaml").read_text())
    v1 = described["versions"]["v1"]
    local = described["environments"]["local"]["versions"]["v1"]
    change = {
        "versions": {"v1": {**v1, "lifecycle": _DEPRECATED}, "v2": v1, "v3": {**v1, "lifecycle": "retired"}},
        "environments": {"local": {"versions": {"v1": local, "v2": local}}},
    }
    for _ in _changed(deployed, "iris-species", change):
        yield deployed


@pytest.fixture(scope="module")
def by_header(deployed: Clone) -> Iterator[Clone]:
    """Diabetes-progression with versions that a header tells."""
    for _ in _changed(deployed, "diabetes-progression", {"versioning": {"header": "Api-Version"}}):
        yield deployed


def _get(clone: Clone, model: str, version: str, operation: str, **headers: str) -> httpx.Response:
    """Call an operation at the URL that the stack exports, with the key of the version's smoke subscription."""
    outputs: dict[str, Any] = clone.outputs("model", f"{model}.local")
    subscription = outputs["smoke_subscriptions"][version]
    key = clone.arm("POST", f"{subscription}/listSecrets", _API_MANAGEMENT).json()["primaryKey"]
    url = outputs["operation_urls"][version][operation]
    return httpx.get(url, headers={"Ocp-Apim-Subscription-Key": key, **headers}, timeout=30, trust_env=False)


def _smoke(clone: Clone, model: str) -> CompletedProcess[str]:
    return clone.python("-m", "laptop.delivering", "smoke", "--env", "local", "--model", model)


def test_a_deprecated_version_serves_and_says_that_it_ends(ending: Clone) -> None:
    answer = _get(ending, "iris-species", "v1", "metadata")
    assert answer.status_code == 200
    assert answer.headers["Deprecation"] == "@1795478400"
    assert answer.headers["Sunset"] == "Mon, 31 May 2027 23:59:59 GMT"
    assert answer.headers["Link"] == '</iris-species/v2>; rel="successor-version"'


def test_an_active_version_serves_beside_it(ending: Clone) -> None:
    answer = _get(ending, "iris-species", "v2", "metadata")
    assert answer.status_code == 200
    assert "Sunset" not in answer.headers


def test_a_retired_version_answers_410_and_has_no_backend(ending: Clone) -> None:
    answer = _get(ending, "iris-species", "v3", "ready")
    message = "Version v3 of iris-species is retired. Use version v2: /iris-species/v2"
    assert (answer.status_code, answer.json()) == (410, {"statusCode": 410, "message": message})
    service = ending.outputs("platform", "local")["service_id"]
    backends = ending.arm("GET", f"{service}/backends", _API_MANAGEMENT).json()["value"]
    assert [each["name"] for each in backends if "iris-species-v2" in each["name"]]
    assert not [each["name"] for each in backends if "iris-species-v3" in each["name"]]


def test_the_smoke_test_calls_all_three(ending: Clone) -> None:
    done = _smoke(ending, "iris-species")
    assert done.returncode == 0, done.stdout + done.stderr
    assert [line.split()[:4] for line in done.stdout.splitlines() if "iris-species v" in line] == [
        ["✓", "iris-species", "v1", "200"],
        ["✓", "iris-species", "v2", "200"],
        ["✓", "iris-species", "v3", "410"],
    ]


def test_a_header_tells_the_version(by_header: Clone) -> None:
    outputs: dict[str, Any] = by_header.outputs("model", "diabetes-progression.local")
    assert outputs["version_headers"] == {"v1": {"Api-Version": "v1"}}
    operation = next(iter(outputs["operation_urls"]["v1"]))
    assert "/v1" not in outputs["operation_urls"]["v1"][operation]
    assert _get(by_header, "diabetes-progression", "v1", operation).status_code == 404
    done = _smoke(by_header, "diabetes-progression")
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_tag_of_the_platform_is_linked(deployed: Clone) -> None:
    service = deployed.outputs("platform", "local")["service_id"]
    links = deployed.arm("GET", f"{service}/tags/tabular/apiLinks", _API_MANAGEMENT).json()["value"]
    assert "iris-species-v1" in {each["name"] for each in links}
