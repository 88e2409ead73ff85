"""Destroying the layers, last to first, leaves nothing behind but names, which the next `./dev local` frees."""

import json

from tests.support.clone import Clone

_BACKWARDS = (
    ("model", "iris-species.local"),
    ("model", "diabetes-progression.local"),
    ("platform", "local"),
    ("foundation", "local"),
)

_KEPT = (
    ("Microsoft.ApiManagement/deletedservices", "2024-05-01"),
    ("Microsoft.KeyVault/deletedVaults", "2024-11-01"),
)


def test_destroy_leaves_nothing_behind(deployed: Clone) -> None:
    group = deployed.outputs("foundation", "local")["resource_group_id"]
    assert deployed.arm("GET", f"{group}/resources", "2021-04-01").json()["value"]
    for project, stack in _BACKWARDS:
        done = deployed.pulumi(project, "destroy", "--yes", "--skip-preview", "-s", stack)
        assert done.returncode == 0, done.stdout + done.stderr
        state = json.loads(deployed.pulumi(project, "stack", "export", "-s", stack).stdout)
        left = [resource["type"] for resource in state["deployment"].get("resources", [])]
        assert [kind for kind in left if kind.startswith("azure-native:")] == []
    assert deployed.arm("GET", str(group), "2024-03-01").status_code == 404
    assert deployed.arm("GET", f"{group}/resources", "2021-04-01").status_code == 404


def test_after_that_everything_is_made_anew(deployed: Clone) -> None:
    made = deployed.up()
    foundation, platform = deployed.outputs("foundation", "local"), deployed.outputs("platform", "local")
    names = [
        str(resource_id).rpartition("/")[2]
        for resource_id in (platform["service_id"], foundation["vault_id"])
    ]
    assert f"purged what was deleted and still had its name: {', '.join(names)}\n" in made.stderr
    assert "Traceback" not in made.stdout + made.stderr
    subscription = str(foundation["resource_group_id"]).partition("/resourceGroups")[0]
    for collection, version in _KEPT:
        kept = deployed.arm("GET", f"{subscription}/providers/{collection}", version)
        assert kept.json()["value"] == []
    again = deployed.up()
    assert "purged" not in again.stdout + again.stderr
