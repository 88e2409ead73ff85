"""How a command ends."""

from pathlib import Path

import pytest
from rich.console import Console

from delivery import command
from delivery.context import Context


def test_an_interrupt_is_no_traceback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("delivery.smoke.command.smoke", interrupted)
    context = Context(tmp_path, Console(), lambda _: {})
    assert command.main(["smoke", "--env", "dev"], context) == 130
    assert capsys.readouterr().err == "\nInterrupted.\n"
