"""Real previews and a real update, recorded with the local Azure, as whole documents that people have read."""

import re
from pathlib import Path

import pytest

from delivery import records
from delivery.report.render import report

_HERE = Path(__file__).parent
_ORDER = ("local", "dev", "staging", "prod")
_NAMES = sorted(folder.name for folder in (_HERE / "records").iterdir())


@pytest.mark.parametrize("name", _NAMES)
def test_the_report_reads_as_it_was_reviewed(name: str) -> None:
    made = report(records.read(_HERE / "records" / name), _ORDER)
    assert made.text == (_HERE / "golden" / f"{name}.md").read_text(encoding="utf-8")


def test_every_golden_document_has_its_records() -> None:
    assert sorted(file.stem for file in (_HERE / "golden").iterdir()) == _NAMES


@pytest.mark.parametrize("name", _NAMES)
def test_records_hold_nothing_of_the_machine_that_made_them(name: str) -> None:
    for file in (_HERE / "records" / name).iterdir():
        assert not re.search(r"/(?:tmp|home|root|work)/|127\.0\.0\.1", file.read_text(encoding="utf-8"))
