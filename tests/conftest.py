"""Options of the whole suite."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--kills", type=int, default=5, help="how many times test_interruptions kills something")
    parser.addoption("--kills-seed", type=int, default=1, help="the seed from which their moments are drawn")
