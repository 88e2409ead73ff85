"""The short text at the end of a preview."""

from io import StringIO

from rich.console import Console

from delivery.records import DeliveryRecord
from delivery.report.terminal import print_changes
from tests.unit.delivery.report.making import change, policy, record, stack

_RATE = '<rate-limit calls="{}" renewal-period="60" />'


def _printed(*records: DeliveryRecord) -> list[str]:
    stream = StringIO()
    print_changes(records, Console(file=stream, width=200), ("dev", "prod"))
    return stream.getvalue().splitlines()


def _limited(environment: str, calls: int) -> DeliveryRecord:
    made = change("ApiPolicy", policy(_RATE.format(60)), policy(_RATE.format(calls)))
    gone = change("Subscription", {"sid": "smoke"}, None, name="iris-v1-smoke")
    return record(stack(made, gone, name=f"iris.{environment}"), environment=environment)


def test_changes_stand_below_their_model_and_deletions_at_the_end() -> None:
    assert _printed(_limited("dev", 600), _limited("prod", 600)) == [
        "iris in dev and prod",
        "  v1: rate limit for each subscription: 60 → 600 calls per minute",
        "  v1: subscription smoke: removed: its keys stop working",
        "! Deletes Subscription iris-v1-smoke of iris in dev and prod. Its keys stop working",
    ]


def test_what_differs_between_environments_names_them() -> None:
    assert _printed(_limited("dev", 600), _limited("prod", 90))[1:3] == [
        "  v1: rate limit for each subscription: 60 → 600 calls per minute (dev)",
        "  v1: rate limit for each subscription: 60 → 90 calls per minute (prod)",
    ]


def test_nothing_is_printed_of_nothing() -> None:
    assert _printed(record(stack())) == []


def test_a_terminal_obeys_nothing_that_people_wrote() -> None:
    text = "\x1b[2J[bold]a[/bold]\nb"
    (_, line) = _printed(
        record(
            stack(
                change(
                    "Api",
                    {"apiId": "iris-v1", "path": "p"},
                    {"apiId": "iris-v1", "path": "p", "description": text},
                )
            )
        )
    )
    assert line == "  v1: description: nothing → \\u001b[2J[bold]a[/bold] b"
