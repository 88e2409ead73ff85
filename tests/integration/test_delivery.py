"""Deliveries with the real engine, to environments that local Azures play."""

from collections.abc import Iterator

import pytest

from delivery import records
from delivery.records import DeliveryRecord
from tests.support.azures import Company, founded


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    with founded(tmp_path_factory.mktemp("company"), ("dev",)) as begun:
        begun.deploy("dev")
        yield begun


def record(company: Company, operation: str) -> DeliveryRecord:
    found = records.read(company.root / ".delivery")
    return next(each for each in found if each.operation == operation)


def test_everything_is_deployed_and_tagged_with_the_commit(company: Company) -> None:
    assert [str(each.stack) for each in record(company, "up").stacks] == [
        "foundation/dev",
        "platform/dev",
        "model/diabetes-progression.dev",
        "model/iris-species.dev",
    ]
    tags = company.tags("model", "iris-species.dev", env="dev")
    assert tags["revision"] == company.git("rev-parse", "HEAD")
