"""The command line of `./dev local`."""

import sys

import pytest

from laptop.__main__ import INTERRUPTED, run
from laptop.command import main


class _InterruptedWhileLoading:
    """Finds modules; Ctrl-C comes while it looks for the first of the laptop's."""

    def find_spec(self, name: str, *_arguments: object) -> None:
        if name == "laptop.command":
            raise KeyboardInterrupt


def test_an_interrupt_while_it_loads_ends_it_without_a_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delitem(sys.modules, "laptop.command")
    monkeypatch.setattr(sys, "meta_path", [_InterruptedWhileLoading(), *sys.meta_path])
    assert run() == INTERRUPTED
    assert capsys.readouterr().err.startswith("\nInterrupted. `./dev local` goes on from here")


@pytest.mark.parametrize("arguments", [["upp"], ["--prot", "1"], ["up", "--port", "abc"]])
def test_a_wrong_command_line_exits_with_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == 2
    assert "usage: ./dev local" in capsys.readouterr().err


def test_a_wrong_variable_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MODEL_GATEWAY_PORT", "abc")
    assert main([]) == 1
    assert "MODEL_GATEWAY_PORT is 'abc': set it to the first of six free ports" in capsys.readouterr().err


def test_a_port_without_room_is_refused_before_anything_starts(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--port", "80"]) == 1
    assert "--port 80: six consecutive ports" in capsys.readouterr().err
