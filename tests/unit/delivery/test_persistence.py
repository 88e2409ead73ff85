"""What is done after an attempt has failed: what is taken over, what is tried again, what is not."""

import threading
from typing import TYPE_CHECKING

import pytest
from pulumi import automation as auto
from pulumi.automation.errors import CommandError

from delivery import persistence, stacks, transient
from delivery.adoption import Creation, unfinished
from delivery.listener import Listener, Refusal, Reports
from delivery.persistence import Persistence

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import JsonValue

_STACK = stacks.model("iris", "dev")
_API = "urn:pulumi:iris.dev::model::own:Api$azure-native:apimanagement:Api::api"
_POOL = "urn:pulumi:iris.dev::model::own:Api$azure-native:apimanagement:Backend::pool"
_PARENT = "urn:pulumi:iris.dev::model::own:Api::parent"
_PROVIDER = "urn:pulumi:iris.dev::model::pulumi:providers:azure-native::default"
_ID = "/subscriptions/s/apis/api"
_EXISTS = f"cannot create already existing resource '{_ID}'"
_BUSY = 'Status=409 Code="PessimisticConcurrencyConflict" Message="Operation on the API is in progress"'
_ERROR = CommandError(auto.CommandResult(stdout="", stderr="update failed", code=1))


def creation(urn: str) -> Creation:
    return Creation(
        urn=urn,
        type=urn.split("$")[1].split("::", maxsplit=1)[0],
        parent=_PARENT,
        provider=f"{_PROVIDER}::id",
    )


class _Attempt:
    """An attempt that failed, and what the state says afterwards."""

    def __init__(self, *pending: str) -> None:
        self.told: list[str] = []
        self.waited: list[float] = []
        self.listener = Listener(Reports(lambda _: None, self.told.append))
        self.stop = threading.Event()
        self.listener.creating = {urn: creation(urn) for urn in (_API, _POOL)}
        self.persistence = Persistence(_STACK, self.listener, self.stop)
        self.deployment: Mapping[str, JsonValue] = {
            "pending_operations": [
                {"type": "creating", "resource": creation(urn).model_dump()} for urn in pending
            ]
        }

    def fails(self, **messages: str) -> list[str]:
        """Let the attempt fail with a message per resource; return the URNs of what is to be taken over."""
        urns = {"api": _API, "pool": _POOL, "stack": ""}
        self.listener.refusals[:] = [Refusal(text, urns[name]) for name, text in messages.items()]
        found = self.persistence.after(_ERROR, lambda: self.deployment)
        return [each.urn for each, _ in found]


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transient, "_FIRST_SECONDS", 0)


def test_what_a_killed_update_was_creating_is_taken_over() -> None:
    assert _Attempt(_API).fails(api=_EXISTS, stack="update failed") == [_API]


def test_what_was_there_before_is_not() -> None:
    with pytest.raises(CommandError):
        _Attempt(_POOL).fails(api=_EXISTS)


def test_what_this_update_was_creating_when_the_answer_was_lost_is_taken_over() -> None:
    attempt = _Attempt()
    assert attempt.fails(api="PUT /x failed: Remote end closed connection without response.") == []
    assert "trying again" in attempt.told[0]
    assert attempt.fails(api=_EXISTS) == [_API]


def test_what_azure_refused_to_create_is_not() -> None:
    attempt = _Attempt()
    with pytest.raises(CommandError):
        attempt.fails(api='Status=400 Code="ValidationError" Message="no"')
    with pytest.raises(CommandError):
        attempt.fails(api=_EXISTS)


def test_nothing_is_taken_over_twice() -> None:
    attempt = _Attempt(_API)
    assert attempt.fails(api=_EXISTS) == [_API]
    with pytest.raises(CommandError):
        attempt.fails(api=_EXISTS)


def test_a_failure_beside_it_that_passes_is_waited_for() -> None:
    attempt = _Attempt(_API)
    assert attempt.fails(api=_EXISTS, pool=_BUSY) == [_API]
    assert len(attempt.told) == 1
    assert attempt.told[0].startswith(f"{_BUSY}: trying again in ")


def test_a_failure_beside_it_that_does_not_pass_ends_the_update() -> None:
    attempt = _Attempt(_API)
    with pytest.raises(CommandError):
        attempt.fails(api=_EXISTS, pool="Status=400 Code=")
    assert attempt.told == []


def test_the_attempts_end_and_that_is_told() -> None:
    attempt = _Attempt()
    for _ in range(4):
        assert attempt.fails(api=_BUSY) == []
    with pytest.raises(CommandError):
        attempt.fails(api=_BUSY)
    assert attempt.told[-1] == f"gave up after 5 attempts in which Azure failed: {_BUSY}"


def test_nothing_is_tried_again_once_the_delivery_stops() -> None:
    attempt = _Attempt(_API)
    attempt.stop.set()
    with pytest.raises(CommandError):
        attempt.fails(api=_BUSY)
    with pytest.raises(CommandError):
        attempt.fails(api=_EXISTS)


def test_the_command_that_takes_a_resource_over_names_its_parent_and_provider() -> None:
    attempt = _Attempt()
    attempt.listener.refusals[:] = [Refusal(_EXISTS, _API), Refusal("update failed")]
    (command,) = persistence.commands(_STACK, attempt.listener)
    assert command == (
        f"pulumi import 'azure-native:apimanagement:Api' 'api' '{_ID}' -s iris.dev --parent 'parent={_PARENT}' "
        f"--provider 'provider={_PROVIDER}' --generate-code=false --protect=false --yes"
    )


def test_creations_are_lost_until_the_state_has_their_resources() -> None:
    pending: list[JsonValue] = [
        {"type": "creating", "resource": creation(_API).model_dump()},
        {"type": "creating", "resource": creation(_POOL).model_dump()},
        {"type": "updating", "resource": creation(_PARENT + "$x::y").model_dump()},
    ]
    left = unfinished({"pending_operations": pending, "resources": [{"urn": _POOL}]})
    assert [each.urn for each in left.lost] == [_API]
    assert unfinished({}).lost == ()
    assert unfinished({"pending_operations": None, "resources": None}).lost == ()
