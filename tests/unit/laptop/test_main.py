"""The command line of `./dev local`."""

import pytest

from laptop.__main__ import main


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
    assert "MODEL_GATEWAY_PORT is 'abc': set it to the first of five free ports" in capsys.readouterr().err


def test_a_port_without_room_is_refused_before_anything_starts(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--port", "80"]) == 1
    assert "--port 80: five consecutive ports" in capsys.readouterr().err
