"""What a person can get wrong: a sentence with a remedy, an exit code that is not 0, and nothing changed."""

import json
import shutil
import socket

from tests.support.clone import Clone


def _state(clone: Clone) -> dict[str, bytes]:
    """Return the checkpoints of all stacks, to compare before and after."""
    stacks = clone.root / ".local" / "state" / ".pulumi" / "stacks"
    return {str(path): path.read_bytes() for path in sorted(stacks.rglob("*.json"))}


def _resources(clone: Clone, project: str) -> list[str]:
    """Return the types of the resources in the project's stack `local`, without the stack itself."""
    state = json.loads(clone.pulumi(project, "stack", "export", "-s", "local").stdout)
    types = [str(resource["type"]) for resource in state["deployment"].get("resources", [])]
    return [kind for kind in types if not kind.startswith("pulumi:")]


def test_an_unknown_environment_is_refused_with_the_known_ones(clone: Clone) -> None:
    done = clone.laptop("env", "stagging")
    assert done.returncode == 1
    assert 'There is no environment "stagging". Did you mean `staging`?' in done.stderr
    assert done.stdout == ""


def test_an_unknown_model_is_refused_with_the_known_ones(clone: Clone) -> None:
    done = clone.laptop("up", "--model", "iris-specie")
    assert done.returncode == 1
    assert "Did you mean `iris-species`?" in done.stderr
    assert not (clone.root / ".local").exists()


def test_a_port_in_use_is_named(clone: Clone) -> None:
    with socket.create_server(("127.0.0.1", clone.port + 1)):
        done = clone.laptop("up")
    assert done.returncode == 1
    assert f"Port {clone.port + 1} (the gateway) is in use" in done.stderr
    assert "./dev local --port" in done.stderr
    assert not (clone.root / ".local" / "state").exists()


def test_a_stack_whose_upstream_was_never_deployed_is_refused(clone: Clone) -> None:
    clone.pulumi("platform", "stack", "init", "local")
    done = clone.pulumi("platform", "up", "--yes", "--skip-preview", "-s", "local")
    assert done.returncode != 0
    assert _resources(clone, "platform") == []
    assert "The stack local of the project foundation was never deployed." in done.stdout + done.stderr
    assert "Deploy it first: cd stacks/foundation && pulumi up -s local" in done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr


def test_a_misspelt_settings_key_is_named_with_its_file(clone: Clone) -> None:
    settings = clone.root / "stacks" / "foundation" / "Pulumi.local.yaml"
    before = settings.read_text()
    settings.write_text(before.replace("foundation:network", "foundation:netwrok"))
    clone.pulumi("foundation", "stack", "init", "local")
    try:
        done = clone.pulumi("foundation", "up", "--yes", "--skip-preview", "-s", "local")
    finally:
        settings.write_text(before)
    printed = done.stdout + done.stderr
    assert done.returncode != 0
    assert _resources(clone, "foundation") == []
    assert "Pulumi.local.yaml" in printed
    assert "foundation:netwrok" in printed
    assert "Did you mean" in printed
    assert "Traceback" not in printed


def test_a_wrong_passphrase_is_told_in_a_sentence(clone: Clone) -> None:
    settings = clone.root / "stacks" / "foundation" / "Pulumi.local.yaml"
    before = settings.read_text()
    state = _state(clone)
    # The salt of another passphrase: what the person has does not open the stack.
    settings.write_text(before.replace("encryptionsalt: v1:", "encryptionsalt: v1:AAAA"))
    try:
        done = clone.laptop("up")
    finally:
        settings.write_text(before)
    assert done.returncode == 1
    assert "The passphrase does not open the secrets of foundation/local" in done.stderr
    assert _state(clone) == state != {}


def test_a_model_server_that_does_not_start_shows_its_own_words(clone: Clone) -> None:
    state = _state(clone)
    settings = clone.root / "models" / "iris-species" / "server" / "model-settings.json"
    before = settings.read_text()
    settings.write_text(before.replace("mlserver_sklearn.SKLearnModel", "mlserver_sklearn.NoSuchModel"))
    try:
        done = clone.laptop("up")
    finally:
        settings.write_text(before)
        shutil.rmtree(clone.root / ".local" / "models", ignore_errors=True)
    assert done.returncode == 1
    assert "MLServer did not start." in done.stderr
    assert "NoSuchModel" in done.stderr
    assert _state(clone) == state
