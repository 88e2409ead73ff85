"""Destroying the layers, last to first, leaves nothing behind."""

import json

from tests.support.clone import Clone

_BACKWARDS = (
    ("model", "iris-species.local"),
    ("model", "diabetes-progression.local"),
    ("platform", "local"),
    ("foundation", "local"),
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
