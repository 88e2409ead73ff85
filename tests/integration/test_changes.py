"""What the engine does with changes: an update, a replacement, drift."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from delivery.management import Management
from laptop import models
from tests.support.clone import Clone

_STACK = "iris-species.local"
_API_MANAGEMENT = "2024-05-01"


@pytest.fixture
def model_yaml(deployed: Clone) -> Iterator[Path]:
    """The model's description; restored, and deployed again, when the test ends."""
    path = deployed.root / "models" / "iris-species" / "model.yaml"
    before = path.read_text()
    yield path
    path.write_text(before)
    _up(deployed)


def _up(clone: Clone, *options: str) -> str:
    done = clone.pulumi("model", "up", "--yes", "--skip-preview", "-s", _STACK, *options)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _steps(clone: Clone, *options: str) -> dict[str, str]:
    """Return what a preview would do: logical name to operation."""
    done = clone.pulumi("model", "preview", "--json", "-s", _STACK, *options)
    assert done.returncode == 0, done.stdout + done.stderr
    steps: list[dict[str, Any]] = json.loads(done.stdout)["steps"]
    return {
        step["urn"].rsplit("::", 1)[-1]: step["op"] for step in steps if step["op"] not in {"same", "read"}
    }


def _keys(clone: Clone) -> str:
    outputs: dict[str, Any] = clone.outputs("model", _STACK)
    keys = clone.arm("POST", f"{outputs['smoke_subscriptions']['v1']}/listSecrets", _API_MANAGEMENT)
    return str(keys.json()["primaryKey"])


def _urn(clone: Clone, type_token: str) -> str:
    state = json.loads(clone.pulumi("model", "stack", "export", "-s", _STACK).stdout)
    (urn,) = (
        r["urn"]
        for r in state["deployment"]["resources"]
        if r["type"] == f"azure-native:apimanagement:{type_token}"
    )
    return str(urn)


def test_another_limit_updates_the_api_policy_alone(deployed: Clone, model_yaml: Path) -> None:
    model_yaml.write_text(model_yaml.read_text().replace("calls: 300", "calls: 200"))
    steps = _steps(deployed)
    assert list(steps.values()) == ["update"], steps
    assert "policy" in next(iter(steps))
    _up(deployed)
    assert _steps(deployed) == {}


def test_a_canary_behind_tokens_is_called_as_the_line_says(deployed: Clone, model_yaml: Path) -> None:
    """Two deployments with weights, and an API that takes tokens instead of keys: one update, called for real."""
    described = yaml.safe_load(model_yaml.read_text())
    application = "aaaaaaaa-0000-0000-0000-000000000001"
    described["access"] |= {
        "key": False,
        "entra": {"audiences": ["api://iris-species"], "client-applications": [application]},
    }
    local = described["environments"]["local"]["versions"]["v1"]["deployments"]
    local |= {"main": local["main"] | {"weight": 90}, "green": local["main"] | {"weight": 10}}
    model_yaml.write_text(yaml.safe_dump(described))
    steps = _steps(deployed)
    assert steps["iris-species-v1-green-backend"] == "create"
    assert steps["iris-species-v1-pool"] == "update"
    _up(deployed)
    assert _steps(deployed) == {}

    outputs: dict[str, Any] = deployed.outputs("model", _STACK)
    assert outputs["smoke_subscriptions"] == {}
    url = outputs["operation_urls"]["v1"]["predict"]
    refused = httpx.post(url, json={}, trust_env=False)
    assert (refused.status_code, refused.json()["message"]) == (401, "Azure AD JWT not present")
    (call,) = models.calls(deployed.root, "iris-species", "local", outputs, Management(deployed.arm_url))
    done = subprocess.run(["sh", "-c", call.curl()], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)["outputs"][0]["data"] == [0]


def test_a_replaced_subscription_has_another_key(deployed: Clone) -> None:
    before = _keys(deployed)
    _up(deployed, "--replace", _urn(deployed, "Subscription"))
    assert _keys(deployed) != before
    assert _steps(deployed) == {}


def test_refresh_finds_what_was_changed_by_hand_and_up_mends_it(deployed: Clone) -> None:
    outputs: dict[str, Any] = deployed.outputs("model", _STACK)
    api_id = outputs["api_ids"]["v1"]
    service = api_id.rsplit("/apis/", 1)[0]
    backends = deployed.arm("GET", f"{service}/backends", _API_MANAGEMENT).json()["value"]
    (backend,) = (each for each in backends if each["name"] == "iris-species-v1-main")
    original = backend["properties"]["url"]
    body = {"properties": backend["properties"] | {"url": "http://127.0.0.1:9"}}
    assert deployed.arm("PUT", backend["id"], _API_MANAGEMENT, body).is_success

    drift = deployed.pulumi(
        "model", "refresh", "--yes", "--skip-preview", "--expect-no-changes", "-s", _STACK
    )
    assert drift.returncode != 0
    _up(deployed, "--refresh")
    mended = deployed.arm("GET", backend["id"], _API_MANAGEMENT).json()
    assert mended["properties"]["url"] == original
