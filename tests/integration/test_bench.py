"""`./dev bench` and `./dev bench-delivery`, with little of everything: that it works, not what it measures."""

import os
import subprocess
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[2]
_TABLES = (
    "## What dominates",
    "## `./dev local`, step by step",
    "## One stack",
    "## Many model stacks",
    "## Memory of one running stack",
    "## A prediction through the gateway",
)


_DELIVERY_TABLES = (
    "### Goals",
    "### Previews of all stacks, and of a pull request",
    "### `./dev up --all` from nothing",
    "### Memory of a delivery",
)


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What a quick run writes."""
    return _written("bench", tmp_path_factory.mktemp("bench"))


@pytest.fixture(scope="module")
def deliveries(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What a quick run on deliveries writes."""
    return _written("bench-delivery", tmp_path_factory.mktemp("deliveries"))


def _written(session: str, folder: Path) -> str:
    """Run it; its scratch copy goes into a folder of its own, so that what stays is seen."""
    (folder / "tmp").mkdir()
    file = folder / "benchmarks.md"
    done = subprocess.run(
        [_ROOT / "dev", session, "--quick", "--into", file],
        env={**os.environ, "TMPDIR": str(folder / "tmp")},
        capture_output=True,
        text=True,
        timeout=290,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == file.read_text()
    assert not list((folder / "tmp").iterdir())
    return done.stdout


def test_every_table_is_written_with_its_rows(page: str) -> None:
    for table in _TABLES:
        assert f"\n{table}\n" in page
    for row in (
        "Local Azure",
        "foundation",
        "iris-species",
        "2",
        "plugin",
        "trivial backend, through the gateway",
    ):
        assert f"\n| {row} | " in page


def test_the_page_of_a_quick_run_is_none_that_would_be_committed(page: str) -> None:
    assert "A quick run" in page


def test_deliveries_have_their_goals_and_tables(deliveries: str) -> None:
    for table in _DELIVERY_TABLES:
        assert f"\n{table}\n" in deliveries
    assert "4 times" in deliveries  # foundation, platform and two models
    assert "| `./dev up --all`: stacks that failed | 0 | 0 | met |" in deliveries
    assert "A quick run" in deliveries
