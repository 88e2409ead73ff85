"""What `./dev local` prints while it works, on terminals of several kinds."""

import io
import re

import pytest
from rich.console import Console

from laptop.progress import Progress, Step

_CONTROLS = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def _printed(encoding: str, *, terminal: bool) -> list[str]:
    """Return the lines that stay of a step which reports, remarks something, goes on and ends."""
    file = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    progress = Progress(Console(file=file, force_terminal=terminal, width=60))
    with progress.step("foundation") as step:
        step.report("starting the engine")
        step.remark("purged what was deleted")
        step.report("created [vault]")
        step.result = "13 created"
    file.flush()
    assert isinstance(file.buffer, io.BytesIO)
    # A line that is drawn anew was erased by what comes after its last carriage return.
    shown = file.buffer.getvalue().decode(encoding)
    return [_CONTROLS.sub("", line).rpartition("\r")[2] for line in shown.split("\n")]


def test_a_remark_stays_on_a_terminal() -> None:
    assert "  foundation             purged what was deleted" in _printed("utf-8", terminal=True)


def test_without_a_terminal_a_remark_is_a_line_on_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    assert len(_printed("utf-8", terminal=False)) == 2  # the step's own line, ended
    assert capsys.readouterr().err == "  foundation             purged what was deleted\n"


def test_a_terminal_that_knows_ascii_alone_gets_nothing_else() -> None:
    assert _printed("ascii", terminal=True)[-2].startswith("- foundation")


def test_names_in_brackets_are_no_markup() -> None:
    file = io.StringIO()
    progress = Progress(Console(file=file, force_terminal=True, width=60))
    Step("foundation", progress).remark("removing [state]/local.json")
    assert "removing [state]/local.json" in file.getvalue()
