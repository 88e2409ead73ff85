"""Tables, and the page that a run writes."""

import platform
import socket
from datetime import date

import pytest

from benchmarks import machine, page, phases, stacks, table
from benchmarks.calls import Amount, Calls, Measured, Target
from benchmarks.growth import Fleet
from benchmarks.load import Request
from benchmarks.samples import Samples
from benchmarks.stacks import StackTimes


def _times(up: float, preview: float) -> StackTimes:
    return StackTimes(Samples.of([up]), Samples.of([up / 2]), Samples.of([preview]))


_MEASURED = {
    stacks.EMPTY: _times(1, 1),
    stacks.IMPORTING: _times(1.5, 1.5),
    "iris-species": _times(4, 2),
}


def test_a_table_is_markdown_with_figures_at_the_right() -> None:
    rendered = table.Table("Speed", "Medians.", ["What", "Time"], [["walking", "3.0 s"]]).markdown()
    assert rendered == "## Speed\n\nMedians.\n\n| What | Time |\n| --- | ---: |\n| walking | 3.0 s |\n"


@pytest.mark.parametrize(
    ("shown", "wanted"),
    [
        (table.seconds(12.34), "12.3 s"),
        (table.seconds(0.123), "0.12 s"),
        (table.milliseconds(0.00234), "2.3 ms"),
        (table.milliseconds(0.000234), "0.23 ms"),
        (table.times(1.5), "1.50 x"),
        (table.times(float("nan")), ""),
        (table.megabytes(139_400_000), "139 MB"),
    ],
)
def test_figures_are_written_with_their_unit(shown: str, wanted: str) -> None:
    assert shown == wanted


def test_each_stack_stands_against_the_empty_one() -> None:
    assert stacks.table(_MEASURED).rows[-1] == [
        "iris-species", "4.0 s", "4.00 x", "2.0 s", "4.00 x", "2.0 s", "2.00 x",
    ]  # fmt: skip


def test_a_fleet_is_told_by_its_sizes() -> None:
    fleet = Fleet([4, 2, 2, 8], {1: Samples.of([1]), 3: Samples.of([1]), 4: Samples.of([3])})
    assert fleet.table().rows == [
        ["1", "4.0 s", "4.0 s", "1.00 x", "1.0 s", "1.00 x"],
        ["3", "8.0 s", "2.0 s", "0.50 x", "1.0 s", "1.00 x"],
        ["4", "16.0 s", "8.0 s", "2.00 x", "3.0 s", "3.00 x"],
    ]


def test_what_dominates_is_told_in_shares_of_the_whole() -> None:
    told = page.dominating(_MEASURED, "iris-species")
    assert "takes 2.0 s. 50 % (1.0 s) of that is the floor" in told
    assert "25 % (0.50 s) is the import" in told
    assert "remaining 25 % (0.50 s)" in told


def test_the_page_names_day_and_machine_and_holds_every_table() -> None:
    rendered = page.render([stacks.table(_MEASURED)], ["Imports.", "Calls."], "2 cores", date(2026, 1, 2))
    assert "2026-01-02, 2 cores." in rendered
    assert "## What dominates\n\nImports.\n\nCalls.\n" in rendered
    assert "| iris-species | 4.0 s |" in rendered


def test_the_gateways_own_cost_is_what_it_adds_to_a_backend_that_takes_nothing() -> None:
    request = Request("http://127.0.0.1:1/", (), b"")
    direct = Target("directly", request)
    through = Target("through", request, direct)
    spent = {"gateway": [0.002], "model server": [0.0], "client": [0.0005]}
    calls = Calls(
        {direct: Measured([0.001, 0.001], [1000], spent), through: Measured([0.003, 0.005], [250], spent)},
        Amount(rounds=1, one_by_one=2, at_once=1),
    )
    assert calls.told().startswith("The gateway adds 3.0 ms to a call and takes 2.0 ms of CPU time")
    assert calls.table().rows == [
        ["directly", "1000", "", "1.0 ms, 1.0 ms", "", "2.0 ms", "0.00 ms", "0.50 ms"],
        ["through", "250", "0.25 x", "4.0 ms, 4.9 ms", "3.0 ms, 3.9 ms", "2.0 ms", "0.00 ms", "0.50 ms"],
    ]


def test_the_machine_is_described_without_saying_whose_it_is() -> None:
    described = machine.describe()
    assert platform.system() in described
    assert "GiB" in described
    assert socket.gethostname() not in described


def test_steps_are_read_as_dev_local_prints_them() -> None:
    printed = (
        "✓ Tool chain               0.0 s  Pulumi 3.259.0, built from tools/pulumi\n"
        "✓ iris-species            10.5 s  18 created\n"
        "- Prediction               0.1 s  iris-species v1 answered 200\n"
        "- Prediction               0.3 s  diabetes-progression v1 answered 200\n"
        "\nGateway  http://127.0.0.1:7501\n"
    )
    assert phases.parse(printed) == {"Tool chain": 0.0, "iris-species": 10.5, "Prediction": 0.4}


def test_a_step_that_is_not_in_every_run_has_no_median() -> None:
    collected = phases.collected([{"a": 1, "b": 2}, {"a": 3}])
    assert collected == {"a": Samples.of([1, 3])}
