"""The unmodified engine, the provider plugin and the ARM server, with a small program of three resources."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, cast

import httpx
import pytest

from benchmarks.ports import free_block
from local_azure.metadata import load
from tests.support.serving import await_served, serve_command

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from pydantic import JsonValue

    JsonObject = dict[str, JsonValue]

_ROOT = Path(__file__).parents[2]
_SUBSCRIPTION = "00000000-0000-0000-0000-00000000cafe"
_GROUP = f"/subscriptions/{_SUBSCRIPTION}/resourceGroups/contoso-rg"
_PROJECT = """\
name: trial
runtime: python
config:
  azure-native:subscriptionId: 00000000-0000-0000-0000-00000000cafe
  trial:owner: platform
  trial:subnet: apim
"""
_PROGRAM = """\
import pulumi
from pulumi_azure_native import network, resources

config = pulumi.Config()
group = resources.ResourceGroup(
    "group", resource_group_name="contoso-rg", location="westeurope", tags={"owner": "platform"}
)
vnet = network.VirtualNetwork(
    "vnet",
    resource_group_name=group.name,
    tags={"owner": config.require("owner")},
    address_space=network.AddressSpaceArgs(address_prefixes=["10.0.0.0/16"]),
)
subnet = network.Subnet(
    "subnet",
    resource_group_name=group.name,
    virtual_network_name=vnet.name,
    subnet_name=config.require("subnet"),
    address_prefix="10.0.1.0/24",
)
pulumi.export("vnet", vnet.name)
pulumi.export("subnet", subnet.id)
"""


@dataclass(frozen=True)
class Trial:
    """A Pulumi project with one stack, and the ARM server it deploys to."""

    folder: Path
    arm_url: str
    variables: Mapping[str, str] = field(repr=False)

    def pulumi(self, *arguments: str, **changed: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["pulumi", *arguments, "--non-interactive", "--color=never"],
            cwd=self.folder,
            env={**self.variables, **changed},
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )

    def run(self, *arguments: str) -> str:
        """Run the CLI, which must succeed, and return what it prints."""
        done = self.pulumi(*arguments)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def state(self, logical_name: str) -> dict[str, JsonObject]:
        """Return inputs and outputs of a resource in the checkpoint."""
        deployment = json.loads(self.run("stack", "export"))["deployment"]
        found = next(item for item in deployment["resources"] if item["urn"].endswith(f"::{logical_name}"))
        return {"inputs": found["inputs"], "outputs": found["outputs"]}

    def arm(self, method: str, path: str, body: JsonObject | None = None) -> httpx.Response:
        version = "2024-03-01" if path == _GROUP else "2024-05-01"
        return httpx.request(
            method,
            f"{self.arm_url}{path}",
            params={"api-version": version},
            headers={"Authorization": "Bearer test"},
            json=body,
        )


@pytest.fixture(scope="module")
def trial(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trial]:
    if shutil.which("pulumi") is None:
        pytest.fail("There is no pulumi on PATH: `./dev test` provides one, and puts it there.")
    base = tmp_path_factory.mktemp("trial")
    port = free_block()
    server = subprocess.Popen(serve_command(port, base / "azure", "--faults"), cwd=_ROOT)
    try:
        url = f"http://127.0.0.1:{port}"
        await_served(url, lambda: server.poll() is not None)
        yield _project(base, url)
    finally:
        server.terminate()
        server.wait(timeout=30)


def _project(base: Path, url: str) -> Trial:
    folder = base / "project"
    folder.mkdir()
    (folder / "Pulumi.yaml").write_text(_PROJECT)
    (folder / "__main__.py").write_text(_PROGRAM)
    (base / "backend").mkdir()
    launcher = base / f"home/plugins/resource-azure-native-v{load().sdk_version}/pulumi-resource-azure-native"
    launcher.parent.mkdir(parents=True)
    launcher.write_text(
        f'#!/bin/sh\nexec env PYTHONPATH="{_ROOT}" "{sys.executable}" -m local_azure provider "$@"\n'
    )
    launcher.chmod(0o755)
    own = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PULUMI_", "ARM_", "AZURE_"))
    }
    variables = own | {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PULUMI_HOME": str(base / "home"),
        "PULUMI_BACKEND_URL": f"file://{base / 'backend'}",
        "PULUMI_CONFIG_PASSPHRASE": "contoso",
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        "LOCAL_AZURE_ARM": url,
    }
    trial = Trial(folder, url, variables)
    trial.run("stack", "init", "local")
    return trial


@pytest.fixture(scope="module")
def deployed(trial: Trial) -> Trial:
    trial.run("up", "--yes", "--skip-preview")
    return trial


def _up(trial: Trial, *settings: str) -> str:
    """Deploy with some settings changed, and return what the engine prints."""
    for setting in settings:
        trial.run("config", "set", *setting.split("="))
    return trial.run("up", "--yes", "--skip-preview")


def test_a_preview_shows_the_resources_and_creates_none(trial: Trial) -> None:
    preview = json.loads(trial.run("preview", "--json"))
    assert preview["changeSummary"] == {"create": 4}
    assert trial.arm("GET", _GROUP).status_code == 404


def test_a_resource_that_is_deployed_is_in_azure_and_in_the_state(deployed: Trial) -> None:
    subnet = json.loads(deployed.run("stack", "output", "--json"))["subnet"]
    assert (
        deployed.arm("GET", subnet).json()["properties"]["addressPrefix"]
        == deployed.state("subnet")["inputs"]["addressPrefix"]
    )
    outputs = deployed.state("group")["outputs"]
    assert (outputs["id"], outputs["name"], outputs["azureApiVersion"]) == (
        _GROUP,
        "contoso-rg",
        "2024-03-01",
    )


def test_a_resource_without_a_name_gets_a_random_one_and_its_groups_location(deployed: Trial) -> None:
    inputs = deployed.state("vnet")["inputs"]
    assert str(inputs["virtualNetworkName"]).startswith("vnet")
    assert len(str(inputs["virtualNetworkName"])) == len("vnet") + 8
    assert inputs["location"] == "westeurope"


def test_a_second_deployment_changes_nothing(deployed: Trial) -> None:
    assert "4 unchanged" in deployed.run("up", "--yes", "--skip-preview", "--expect-no-changes")


def test_a_changed_property_updates_the_network_in_place_and_keeps_its_subnets(deployed: Trial) -> None:
    subnet = cast("str", deployed.state("subnet")["outputs"]["id"])
    assert "1 updated" in _up(deployed, "owner=data")
    assert deployed.arm("GET", subnet.partition("/subnets/")[0]).json()["tags"] == {"owner": "data"}
    assert deployed.arm("GET", subnet).status_code == 200


def test_a_changed_name_replaces_the_resource(deployed: Trial) -> None:
    before = deployed.state("subnet")["outputs"]["id"]
    assert "1 replaced" in _up(deployed, "subnet=gateway")
    after = deployed.state("subnet")["outputs"]["id"]
    assert str(after).endswith("/subnets/gateway")
    assert deployed.arm("GET", cast("str", before)).status_code == 404
    assert deployed.arm("GET", cast("str", after)).status_code == 200


def test_a_refresh_finds_what_changed_behind_the_engines_back(deployed: Trial) -> None:
    drifted = deployed.arm("GET", _GROUP).json() | {"tags": {"owner": "nobody"}}
    assert deployed.arm("PUT", _GROUP, drifted).is_success
    assert deployed.arm("DELETE", cast("str", deployed.state("subnet")["outputs"]["id"])).is_success
    refreshed = deployed.run("refresh", "--yes", "--skip-preview")
    assert ("1 updated" in refreshed, "1 deleted" in refreshed) == (True, True)
    assert deployed.state("group")["inputs"]["tags"] == {"owner": "nobody"}
    mended = _up(deployed)
    assert ("1 updated" in mended, "1 created" in mended) == (True, True)
    assert deployed.arm("GET", _GROUP).json()["tags"] == {"owner": "platform"}


def test_a_resource_that_azure_refuses_is_told_as_the_official_provider_tells_it(trial: Trial) -> None:
    trial.run("stack", "init", "--no-select", "refused")
    trial.run("config", "set", "--stack", "refused", "azure-native:subscriptionId", "nonsense")
    refused = trial.pulumi("up", "--yes", "--skip-preview", "--stack", "refused")
    assert refused.returncode != 0
    assert 'Status=400 Code="InvalidSubscriptionId" Message="' in refused.stdout + refused.stderr


def test_a_local_azure_that_does_not_run_is_told_with_the_remedy(deployed: Trial) -> None:
    unused = f"http://127.0.0.1:{free_block()}"
    done = deployed.pulumi("refresh", "--yes", "--skip-preview", LOCAL_AZURE_ARM=unused)
    assert done.returncode != 0
    assert f"does not run at {unused}: start it with `./dev local`" in done.stdout + done.stderr


@contextmanager
def _faults(trial: Trial, *faults: JsonObject) -> Iterator[Callable[[], list[JsonValue]]]:
    """Let writes of the network go wrong, and give how many have, by fault."""
    rules = [{"method": "PUT", "path": "/virtualNetworks/[^/]+$", **fault} for fault in faults]
    httpx.put(f"{trial.arm_url}/faults", json={"rules": rules}).raise_for_status()
    yield lambda: [rule["hits"] for rule in httpx.get(f"{trial.arm_url}/faults").json()["rules"]]
    httpx.delete(f"{trial.arm_url}/faults").raise_for_status()


@pytest.mark.parametrize(
    "faults",
    [
        [
            {"count": 1, "cut": "before"},
            {"count": 1, "cut": "after"},
            {"count": 1, "answer": {"status": 503}},
        ],
        [
            {"count": 1, "answer": {"status": 429, "retry_after": 1}},
            {
                "count": 1,
                "answer": {"status": 409, "body": {"error": {"code": "AnotherOperationInProgress"}}},
            },
        ],
    ],
    ids=["unavailable", "busy"],
)
def test_what_the_official_provider_repeats_does_not_end_a_deployment(
    deployed: Trial, faults: list[JsonObject], request: pytest.FixtureRequest
) -> None:
    with _faults(deployed, *faults) as hits:
        assert "1 updated" in _up(deployed, f"owner={request.node.name}")
        assert hits() == [1] * len(faults)


_BUSY: JsonObject = {
    "code": "PessimisticConcurrencyConflict",
    "message": "Operation on the API is in progress",
}


@pytest.mark.parametrize(
    ("fault", "sentence", "tries"),
    [
        ({"cut": "before"}, "failed: Remote end closed connection without response.", 4),
        (
            {"answer": {"status": 409, "body": {"error": _BUSY}}},
            'Status=409 Code="PessimisticConcurrencyConflict" Message="Operation on the API is in progress"',
            1,
        ),
        (
            {"operation": {"code": "NoCapacity", "message": "The region is full."}},
            'Status=200 Code="NoCapacity" Message="The region is full."',
            1,
        ),
    ],
    ids=["cut", "conflict", "failed operation"],
)
def test_what_ends_a_deployment_is_told_and_the_next_one_goes_on(
    deployed: Trial, fault: JsonObject, sentence: str, tries: int
) -> None:
    deployed.run("config", "set", "owner", sentence)
    with _faults(deployed, fault) as hits:
        ended = deployed.pulumi("up", "--yes", "--skip-preview")
        assert hits() == [tries]
    assert ended.returncode != 0
    assert sentence in ended.stdout + ended.stderr
    assert "Traceback" not in ended.stdout + ended.stderr
    assert "1 updated" in _up(deployed)


def test_a_destroyed_stack_leaves_nothing_behind(trial: Trial) -> None:
    trial.run("up", "--yes", "--skip-preview")
    assert "4 deleted" in trial.run("destroy", "--yes", "--skip-preview")
    assert trial.arm("GET", _GROUP).status_code == 404
