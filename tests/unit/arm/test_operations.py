"""What is remembered of operations, and for how long."""

from datetime import UTC, datetime

from local_azure.arm.messages import Failure
from local_azure.arm.operations import Operations
from local_azure.arm.store import Entity

_BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
_ENTITY = Entity("/subscriptions/1/x", "Microsoft.X/x", {}, {}, "1", _BEGAN, _BEGAN)
_FAILURE = Failure("InternalServerError", "It failed.")


class _Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_the_newest_failures_are_told_and_older_ones_forgotten() -> None:
    clock = _Clock()
    operations = Operations(clock)
    names = [operations.begin(_ENTITY, "Updating", 1.0, _FAILURE) for _ in range(300)]
    clock.now = 2.0
    names.append(operations.begin(_ENTITY, "Updating", 3.0, None))
    told = [name for name in names if operations.find(name)]
    assert told == names[-101:]


def test_an_operation_that_goes_on_is_never_forgotten() -> None:
    operations = Operations(_Clock())
    names = [
        operations.begin(_ENTITY, "Updating", 1.0, _FAILURE if odd else None) for odd in [True, False] * 150
    ]
    assert all(operations.find(name) for name in names)
