"""What fails with one stack is told in the record, beside what became of the others."""

from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from delivery import engine
from delivery.context import Context
from delivery.engine import Deployed, Target
from delivery.listener import Reports
from delivery.records import DeliveryRecord, Operation, Outcome
from delivery.running import logs
from delivery.running.order import Order, carry_out
from tests.unit.delivery.running.making import FOUNDATION, PLATFORM

_CONTEXT = Context(Path(__file__).parents[4], Console(file=StringIO()), lambda _: {})


@pytest.fixture
def order(tmp_path: Path) -> Order:
    return Order("dev", Operation.DRIFT, (FOUNDATION, PLATFORM), tmp_path, limit=1, variables={})


def looked(order: Order, monkeypatch: pytest.MonkeyPatch, fault: Exception | None = None) -> DeliveryRecord:
    """Return the record of a look at both stacks; `fault` happens with the foundation."""

    def look(target: Target, _: Reports) -> Deployed:
        if fault and target.stack == FOUNDATION.stack:
            raise fault
        return Deployed(target.stack, {}, {}, 0.1)

    monkeypatch.setattr(engine, "drift", look)
    return carry_out(order, _CONTEXT)


def log_of(order: Order) -> Path:
    return logs.path(order.results, "dev", Operation.DRIFT, FOUNDATION.stack)


def test_a_log_that_cannot_be_written_fails_its_own_stack(
    order: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    log_of(order).mkdir(parents=True)
    failed, done = looked(order, monkeypatch).stacks
    assert (failed.outcome, done.outcome) == (Outcome.FAILED, Outcome.DONE)
    assert str(log_of(order)) in failed.error


def test_a_fault_of_this_program_is_told_and_leaves_the_record_of_the_others(
    order: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed, done = looked(order, monkeypatch, KeyError("urn")).stacks
    assert (failed.outcome, done.outcome) == (Outcome.FAILED, Outcome.DONE)
    assert failed.error.startswith("foundation/dev met a fault of this program: KeyError: 'urn'.")
    assert "Traceback" in log_of(order).read_text(encoding="utf-8")
