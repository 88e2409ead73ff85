"""What a killed update or a deletion left behind, met by the next deployment."""

import io
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest
from rich.console import Console

from delivery import engine, stacks
from delivery.errors import AlreadyExistsError, DeliveryError, NameReservedError
from delivery.listener import Reports
from laptop import healing
from laptop.layout import Layout
from laptop.ports import Ports, remember
from laptop.progress import Progress, Step
from shared import environments
from tests.support.replies import Replies

ROOT = Path(__file__).parents[3]
SUBSCRIPTION = f"/subscriptions/{environments.load('local', ROOT).azure.subscription_id}"
GROUP = f"{SUBSCRIPTION}/resourceGroups/rg"
SERVICES = f"{SUBSCRIPTION}/providers/Microsoft.ApiManagement/deletedservices"
VAULTS = f"{SUBSCRIPTION}/providers/Microsoft.KeyVault/deletedVaults"
KEPT = f"{SUBSCRIPTION}/providers/Microsoft.KeyVault/locations/westeurope/deletedVaults/kv"
RESERVED = NameReservedError("foundation/local needs a name that Azure keeps")


class Ended(NamedTuple):
    """What came of a deployment: the variables of the engine that succeeded, and what it told."""

    variables: Mapping[str, str]
    deployed: engine.Deployed


Deploy = Callable[..., Ended]


@pytest.fixture
def deploy(replies: Replies, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Deploy:
    """Deploy beside the server of the test, with an engine that raises the given errors in turn, then succeeds."""
    layout = Layout(tmp_path)
    (tmp_path / "environments").symlink_to(ROOT / "environments")
    remember(layout.run, Ports(int(replies.url.rpartition(":")[2])))

    def run(*errors: DeliveryError) -> Ended:
        left, used = list(errors), dict[str, str]()

        def up(target: engine.Target, _: Reports, *, refresh: bool) -> engine.Deployed:
            if left:
                raise left.pop(0)
            assert not refresh
            used.update(target.variables)
            return engine.Deployed(target.stack, {"created": 3}, {}, 0.0)

        monkeypatch.setattr(engine, "up", up)
        step = Step("foundation", Progress(Console(file=io.StringIO())))
        target = engine.Target(stacks.foundation("local"), tmp_path, {"PATH": "/bin"})
        return Ended(used, healing.deploy(target, layout, Reports(step.report, step.remark)))

    return run


def _vault_is_kept(replies: Replies) -> None:
    replies.answer(f"GET {SERVICES}", 200, {"value": []})
    replies.answer(f"GET {VAULTS}", 200, {"value": [{"id": KEPT}]})
    replies.answer(f"POST {KEPT}/purge", 202, {})


def _changes(replies: Replies) -> list[str]:
    return [request for request, _ in replies.got if not request.startswith("GET")]


def test_what_was_half_made_is_taken_over_and_told(
    replies: Replies, deploy: Deploy, capsys: pytest.CaptureFixture[str]
) -> None:
    half_made = AlreadyExistsError("half made", (GROUP, f"{GROUP}/providers/Microsoft.KeyVault/vaults/kv"))
    assert deploy(half_made).variables == {"PATH": "/bin", "LOCAL_AZURE_TAKE_OVER": "yes"}
    assert replies.got == []
    assert "taking over what a killed update left half made: rg, kv\n" in capsys.readouterr().err


def test_nothing_is_taken_over_without_need(deploy: Deploy) -> None:
    assert deploy().variables == {"PATH": "/bin"}


def test_a_name_that_is_needed_while_things_are_taken_over_is_purged_too(
    replies: Replies, deploy: Deploy
) -> None:
    _vault_is_kept(replies)
    ended = deploy(AlreadyExistsError("half made", (GROUP,)), RESERVED)
    assert "LOCAL_AZURE_TAKE_OVER" in ended.variables
    assert _changes(replies) == [f"POST {KEPT}/purge"]


def test_nothing_is_purged_before_its_name_is_needed(replies: Replies, deploy: Deploy) -> None:
    _vault_is_kept(replies)
    deploy()
    assert replies.got == []


def test_what_has_a_name_that_is_needed_is_purged_and_told(
    replies: Replies, deploy: Deploy, capsys: pytest.CaptureFixture[str]
) -> None:
    _vault_is_kept(replies)
    deploy(RESERVED)
    assert _changes(replies) == [f"POST {KEPT}/purge"]
    assert "purged what was deleted and still had its name: kv\n" in capsys.readouterr().err


def test_what_the_attempts_before_changed_is_counted_too(replies: Replies, deploy: Deploy) -> None:
    _vault_is_kept(replies)
    reserved = NameReservedError("foundation/local needs a name that Azure keeps")
    reserved.changes = {"created": 10, "updated": 1}
    assert str(deploy(reserved).deployed) == "13 created, 1 updated"


def test_a_name_that_nothing_here_has_is_told_and_not_tried_again(replies: Replies, deploy: Deploy) -> None:
    _vault_is_kept(replies)
    replies.answer(f"GET {VAULTS}", 200, {"value": []})
    with pytest.raises(NameReservedError, match="needs a name that Azure keeps"):
        deploy(RESERVED)
