"""Changes by hand in the local Azure, and what `./dev drift` makes of them."""

import json
import re
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

from tests.support.clone import Clone

_API_MANAGEMENT = "2024-05-01"
_MODEL = "diabetes-progression"
_KEY = "a-key-that-somebody-set-by-hand"
_ADDED = {"title": "By hand", "credentials": {"header": {"x-key": [_KEY]}}}


def _deliver(clone: Clone, *arguments: str) -> CompletedProcess[str]:
    return clone.python("-m", "laptop.delivering", *arguments)


def _drift(clone: Clone) -> tuple[int, dict[str, Any], str]:
    """Return the exit code, the findings by resource as the record has them, and what was printed."""
    done = _deliver(clone, "drift", "--env", "local")
    record = json.loads((clone.root / ".delivery" / "drift" / "local.drift.json").read_text())
    changes = {
        change["urn"].rpartition("::")[2]: change for stack in record["stacks"] for change in stack["changes"]
    }
    return done.returncode, changes, done.stdout + done.stderr


def _state(clone: Clone) -> dict[Path, bytes]:
    folder = clone.root / ".local" / "state"
    return {file: file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()}


def test_changes_by_hand_are_found_told_and_brought_back(one_model: Clone) -> None:
    assert _drift(one_model)[:2] == (0, {})
    outputs: dict[str, Any] = one_model.outputs("model", f"{_MODEL}.local")
    api = str(outputs["api_ids"]["v1"])
    _by_hand(one_model, api, api.rpartition("/apis/")[0])
    one_model.commit("Deployed")
    before = _state(one_model)

    code, found, printed = _drift(one_model)

    assert code == 3, printed
    assert {name: change["action"] for name, change in found.items()} == {
        f"{_MODEL}-v1-policy": "update",
        f"{_MODEL}-v1-ready": "delete",
        f"{_MODEL}-v1-ready-policy": "delete",
        f"{_MODEL}-v1-main-backend": "update",
    }
    assert "added: diabetes-progression-v1-main-backend (Backend)" in printed
    assert 'title is "By hand"' in printed
    assert '+    <rate-limit-by-key calls="9000"' in printed
    assert _KEY not in "".join([printed, *_kept(one_model)])
    assert _state(one_model) == before, "looking for drift writes nothing and takes no lock"

    # A refresh brings what was set by hand into the state, where no program marks it as a secret.
    for command in ("refresh", "preview", "up"):
        done = _deliver(one_model, command, "--env", "local", "--model", _MODEL)
        assert done.returncode == 0, done.stdout + done.stderr
        assert _KEY not in "".join([done.stdout, done.stderr, *_kept(one_model)])
    assert _drift(one_model)[:2] == (0, {})
    assert one_model.arm("GET", f"{api}/operations/ready", _API_MANAGEMENT).is_success


def _kept(clone: Clone) -> list[str]:
    """Return what records and logs hold."""
    return [file.read_text() for file in (clone.root / ".delivery").rglob("*") if file.is_file()]


def _by_hand(clone: Clone, api: str, service: str) -> None:
    """Change a policy, write another one anew with another layout, delete an operation, add a property."""
    policy = clone.arm("GET", f"{api}/policies/policy", _API_MANAGEMENT).json()["properties"]
    limits = re.sub(r'calls="\d+"', 'calls="9000"', policy["value"])
    same = clone.arm("GET", f"{api}/operations/predict/policies/policy", _API_MANAGEMENT).json()["properties"]
    backend = clone.arm("GET", f"{service}/backends/{_MODEL}-v1-main", _API_MANAGEMENT).json()["properties"]
    changes: tuple[tuple[str, str, Any], ...] = (
        ("PUT", f"{api}/policies/policy", {"properties": {"value": limits, "format": policy["format"]}}),
        (
            "PUT",
            f"{api}/operations/predict/policies/policy",
            {"properties": {"value": same["value"].replace("\n", "\r\n\t"), "format": same["format"]}},
        ),
        ("DELETE", f"{api}/operations/ready", None),
        ("PUT", f"{service}/backends/{_MODEL}-v1-main", {"properties": {**backend, **_ADDED}}),
    )
    for method, path, body in changes:
        answer = clone.arm(method, path, _API_MANAGEMENT, body)
        assert answer.is_success, answer.text


def test_a_server_that_does_not_answer_is_a_failure_and_no_drift(one_model: Clone) -> None:
    one_model.laptop("down")
    done = _deliver(one_model, "drift", "--env", "local")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "could not be looked at" in done.stderr
    assert "drifted" not in done.stdout
