"""What a person sees while stacks are worked on."""

import re
import threading
from io import StringIO

import pytest
from rich.console import Console

from delivery.records import Outcome
from delivery.running.board import Board
from tests.unit.delivery.running.making import IRIS, ROSE, ended


def plain(text: str) -> str:
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", text)


def test_without_a_terminal_each_stack_that_ends_is_a_line() -> None:
    out = StringIO()
    board = Board(Console(file=out, width=100), total=2)
    with board.shown():
        board.begin(IRIS)
        board.now(IRIS, "created backend")
        board.remark(IRIS, "waiting for the update that works on it")
        board.end(IRIS, ended(IRIS.stack, seconds=3.25), "2 created")
        board.begin(ROSE)
        board.end(ROSE, ended(ROSE.stack, Outcome.FAILED, seconds=1.0), "no [bold]such[/] model")
    assert out.getvalue().splitlines() == [
        "  model/iris.dev                     waiting for the update that works on it",
        "✓ model/iris.dev                        3.2 s  2 created",
        "✗ model/rose.dev                        1.0 s  no [bold]such[/] model",
    ]


def test_a_terminal_shows_what_each_stack_does_now_and_how_many_have_ended() -> None:
    out = StringIO()
    console = Console(file=out, width=60, force_terminal=True)
    board = Board(console, total=2)
    board.begin(IRIS)
    board.now(IRIS, "created a-resource-whose-name-is-longer-than-a-terminal-is-wide")
    console.print(board)
    shown = plain(out.getvalue()).splitlines()
    assert re.fullmatch(r"  model/iris\.dev +\d\.\d s  created a-re…", shown[0])
    assert shown[1] == "  0 of 2 stacks"


def test_a_line_is_printed_while_the_board_can_be_rendered() -> None:
    """Rich holds a lock of its own while it renders, and printing waits for that: ours must be free meanwhile."""
    rendered: list[bool] = []

    class Watching(Console):
        def print(self, *_: object, **__: object) -> None:
            thread = threading.Thread(target=lambda: list(self.render(board)), daemon=True)
            thread.start()
            thread.join(timeout=5)
            rendered.append(not thread.is_alive())

    board = Board(Watching(file=StringIO()), total=1)
    board.begin(IRIS)
    board.remark(IRIS, "takes its time")
    board.end(IRIS, ended(IRIS.stack), "1 to create")

    assert rendered == [True, True]


def test_without_a_terminal_what_takes_long_is_told_from_time_to_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("delivery.running.board._HEARTBEAT_SECONDS", 0.01)
    told = threading.Event()

    class Waiting(StringIO):
        def write(self, text: str) -> int:
            if "so far: created backend" in text:
                told.set()
            return super().write(text)

    board = Board(Console(file=Waiting(), width=100), total=1)
    with board.shown():
        board.begin(IRIS)
        board.now(IRIS, "created backend")
        assert told.wait(timeout=30)
